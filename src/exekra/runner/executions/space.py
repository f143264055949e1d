"""The folders of executions, and the space that the machine has left for their files."""

from __future__ import annotations

import shutil
from pathlib import Path

from exekra.runner.children.pool import ChildError
from exekra.runner.link.file_fetching import FileFetchError

LEAST_FREE_BYTES = 100 * 1024 * 1024
"""A disk on which less is free counts as full. On any other, files that do not fit are too large for this machine."""


def make_folders(*folders: Path) -> None:
    """Make what an execution needs.

    Raises:
        ChildError: The disk is full, or somebody else's.
    """
    try:
        for folder in folders:
            folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ChildError(
            f"The Runner cannot make the folders of executions: {error.strerror} ({error.filename})."
        ) from error


def check_space(folder: Path, needed: int) -> None:
    """Find out before they are fetched whether an execution's files fit.

    Args:
        folder: Where they are put.
        needed: Their bytes.

    Raises:
        ChildError: The disk is full: another machine may take the execution.
        FileFetchError: It is not, and yet they do not fit.
    """
    free = shutil.disk_usage(folder).free
    check_not_full(folder, needed)
    if free < needed:
        raise FileFetchError(
            f"The execution's files have {needed:,} bytes, and the Runner has {free:,} bytes free for them ({folder})."
        )


def check_not_full(folder: Path, needed: int) -> None:
    """Find out whether there is space again for an execution whose files have that many bytes.

    Raises:
        ChildError: The disk is full.
    """
    free = shutil.disk_usage(folder).free
    if free < min(needed, LEAST_FREE_BYTES):
        raise ChildError(
            f"The disk of the Runner is full: {free:,} bytes are free for files of {needed:,} bytes ({folder})."
        )
