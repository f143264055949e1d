"""Files that are read, changed and replaced by one step at a time, whichever process it runs in."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import BaseFileLock, FileLock, Timeout

from exekra.activities.disk import FileAccessError, explained, make_folder
from exekra.sdk.context import Context

_LONGEST_WAIT_SECONDS = 300.0
_ASK_EVERY_SECONDS = 0.5


@contextmanager
def locked(context: Context, path: Path, *, wait: float = _LONGEST_WAIT_SECONDS) -> Iterator[None]:
    """Keep other steps that lock `path` waiting, until this one has changed it.

    The lock is a file beside it, which the system releases when the process ends, and which is gone afterwards. Other
    programs do not know of it.

    Args:
        context: The step, which waits as long as its time allows.
        path: The file to change; it need not exist.
        wait: The most seconds to wait.

    Raises:
        FileAccessError: Another step changes it all that time, or the folder cannot be written.
        StoppedError: The step was stopped, or its time is over.
    """
    make_folder(path.parent)
    name = path.with_name(f".{path.name[:200]}.lock")
    lock = FileLock(name)
    until = time.monotonic() + wait
    with explained(path):
        while not _acquired(lock, max(min(_ASK_EVERY_SECONDS, until - time.monotonic()), 0)):
            context.raise_if_stopped()
            if time.monotonic() >= until:
                raise FileAccessError(
                    f"{path} is being changed by another step, and this one waited {wait:g} seconds for it. Nothing "
                    "was written: run the step again, or let the steps follow each other."
                )
    try:
        yield
    finally:
        if os.name != "nt":  # There, an open file cannot be removed, and releasing the lock removes it.
            name.unlink(missing_ok=True)
        lock.release()


def _acquired(lock: BaseFileLock, seconds: float) -> bool:
    try:
        lock.acquire(timeout=seconds)
    except Timeout:
        return False
    return True
