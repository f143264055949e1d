"""Files that are read, changed and replaced by one step at a time, whichever process it runs in."""

from __future__ import annotations

import errno
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import lock_descriptor, unlock_descriptor

from exekra.activities.disk import FileAccessError, explained, make_folder
from exekra.sdk.context import Context

_LONGEST_WAIT_SECONDS = 300.0
_ASK_EVERY_SECONDS = 0.02
_WITHOUT_LOCKS = {errno.ENOSYS, errno.ENOLCK, errno.EOPNOTSUPP}
"""What a file system says that has no locks, as some network drives: there, steps go on without one."""


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
    until = time.monotonic() + wait
    with explained(path):
        while (lock := _acquired(name)) is None:
            context.raise_if_stopped()
            if time.monotonic() >= until:
                raise FileAccessError(
                    f"{path} is being changed by another step, and this one waited {wait:g} seconds for it. Nothing "
                    "was written: run the step again, or let the steps follow each other."
                )
            time.sleep(_ASK_EVERY_SECONDS)
    try:
        yield
    finally:
        if os.name != "nt":
            name.unlink(missing_ok=True)
        with suppress(OSError):
            unlock_descriptor(lock)
        os.close(lock)
        if os.name == "nt":  # There, a file that is open cannot be removed; that of a step that waits stays.
            with suppress(OSError):
                name.unlink()


def _acquired(name: Path) -> int | None:
    """The open, locked file of that name; None while another step has it."""
    file = os.open(name, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        # Whoever had it before removed its file: a lock on that one keeps nobody waiting.
        if lock_descriptor(file, blocking=False) and os.path.samestat(os.fstat(file), name.stat()):
            return file
    except FileNotFoundError:
        pass
    except OSError as error:
        if error.errno in _WITHOUT_LOCKS:
            return file
        os.close(file)
        raise
    os.close(file)
    return None
