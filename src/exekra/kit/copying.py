"""Copies of files that cost as little as the file system allows."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path

STEP_BYTES = 64 * 1024 * 1024
_NOT_HERE = {errno.EXDEV, errno.ENOSYS, errno.EINVAL, errno.EOPNOTSUPP, errno.EPERM, errno.EBADF}
"""The errors of a kernel that cannot copy by itself."""


def copy_file(source: Path, target: Path, check: Callable[[], None] = lambda: None) -> int:
    """Copy the bytes of a file and return their number. File systems that can share blocks do so.

    A hard link would be faster everywhere, but later writes to the source would change the copy too.

    Args:
        source: The file.
        target: The path of the copy; it must not exist.
        check: Called before each step; what it raises ends the copy.

    Raises:
        OSError: The source cannot be read or the target cannot be written; the target then does not exist.
    """
    try:
        with source.open("rb") as reading, target.open("xb") as writing:
            size = _copy_in_kernel(reading.fileno(), writing.fileno(), check)
            while True:
                check()
                part = reading.read(1024 * 1024)
                if not part:
                    return size
                writing.write(part)
                size += len(part)
    except FileExistsError:
        raise
    except BaseException:
        target.unlink(missing_ok=True)
        raise


def _copy_in_kernel(source: int, target: int, check: Callable[[], None]) -> int:
    """Copy what the kernel can copy by itself; both descriptors are then positioned after it."""
    if not hasattr(os, "copy_file_range"):
        return 0
    size = 0
    while True:
        check()
        try:
            count = os.copy_file_range(source, target, STEP_BYTES)
        except OSError as error:
            if error.errno in _NOT_HERE:
                return size
            raise
        if not count:
            return size
        size += count
