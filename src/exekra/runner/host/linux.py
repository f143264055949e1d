"""Linux: processes are forked from a zygote, which adopts what an execution leaves behind."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal

from exekra.runner.host.posix import Posix

_PR_SET_PDEATHSIG = 1


class Linux(Posix):
    """As `System`."""

    forks = True

    def out_of_memory_kills(self) -> int:
        """As in `System`."""
        with contextlib.suppress(OSError), open("/proc/vmstat") as file:
            for line in file:
                if line.startswith("oom_kill "):
                    return int(line.split()[1])
        return 0


def end_with_parent(parent: int) -> None:
    """Be killed when the parent with that process id ends; end immediately if it already has."""
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def adopted(children: set[int]) -> int:
    """How many processes this one adopted; `children` are those that it created itself."""
    try:
        with open(f"/proc/self/task/{os.getpid()}/children") as file:
            return len({int(pid) for pid in file.read().split()} - children)
    except FileNotFoundError:  # A kernel built without this list: the Runner must look for itself.
        return 1


def _prctl(option: int, value: int) -> None:
    ctypes.CDLL(None, use_errno=True).prctl(option, value, 0, 0, 0)
