"""Ends everything that an `exekra run` started, even processes that left its session: as on a Runner.

Started as a program, with a mark as its argument, it ends the processes with that mark. That is how those of a killed
run are ended.
"""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from types import TracebackType
from typing import Any

from exekra.kit.processes import MARK, adopt_orphans

_WATCH = 'read -r done || exec "$@"'
"""Waits until its input says that everything is done. If the input closes without a word, it becomes the program."""


class Containment:
    """A context manager: marks what this process starts, and at its end ends all of it."""

    def __init__(self) -> None:
        self._mark = secrets.token_hex(8)
        self._before: set[int] = set()
        self._mark_before: str | None = None
        self._watcher: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Containment:
        self._before = _children() or set()
        if os.name == "posix":
            self._watcher = subprocess.Popen(
                ["/bin/sh", "-c", _WATCH, "sh", sys.executable, "-P", "-m", __name__, self._mark],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd="/",
                start_new_session=True,
            )
        self._mark_before = os.environ.get(MARK)
        os.environ[MARK] = self._mark
        if sys.platform == "linux":
            adopt_orphans()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.end()
        os.environ.pop(MARK)
        if self._mark_before is not None:
            os.environ[MARK] = self._mark_before

    def end(self) -> None:
        """End everything that was started since it was entered."""
        spared = self._before | ({self._watcher.pid} if self._watcher is not None else set())
        children = _children()
        if children is None or children - spared:
            _end_all(self._mark, spared)
        if self._watcher is not None:
            self._watcher.communicate(b"done\n")
            self._watcher = None


def _children() -> set[int] | None:
    """The processes that this one started or adopted; None if the system does not say."""
    try:
        found: set[int] = set()
        for thread in os.listdir("/proc/self/task"):
            with open(f"/proc/self/task/{thread}/children") as file:
                found.update(int(pid) for pid in file.read().split())
    except OSError:
        return None
    return found


def _end_all(mark: str, spared: set[int]) -> None:
    from exekra.runner.host.processes import descendants, end_all, marked  # noqa: PLC0415 - seldom needed, and slow

    known = {pid: set(descendants(pid)) for pid in spared}

    def find() -> dict[int, Any]:
        found = descendants(os.getpid()) | marked(mark)
        for pid in spared:
            for process in (pid, *known[pid]):
                found.pop(process, None)
        return found

    if not end_all(find):
        print("Some processes that the workflow started could not be ended.", file=sys.stderr)


if __name__ == "__main__":
    _end_all(sys.argv[1], {os.getpid()})
