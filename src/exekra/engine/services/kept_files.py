"""Where the files go that activities keep."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from exekra.sdk.context import KeptFile
from exekra.sdk.errors import KeepFileError


class FileKeeper(Protocol):
    """Takes copies of files."""

    def keep(self, path: Path, name: str, *, node: str | None, move: bool, check: Callable[[], None]) -> KeptFile:
        """Take a copy of the file, or the file itself; `check` is called now and then and ends it by an exception.

        Raises:
            KeepFileError: It cannot be read, is too large, or there is no room; the message says which.
        """
        ...

    def keep_output(self, path: Path, name: str, *, check: Callable[[], None]) -> KeptFile | None:
        """Take a copy of a file that is an output of the workflow; None where the file itself is what people get.

        Raises:
            KeepFileError: As `keep`.
        """
        ...


class NoFileKeeper:
    """Says that there is nobody who could keep files."""

    def keep(self, path: Path, name: str, *, node: str | None, move: bool, check: Callable[[], None]) -> KeptFile:
        """Refuse."""
        raise KeepFileError(
            f"{name!r} cannot be kept: the Hub of this Runner is too old to take files. Upgrade the Hub, or write the "
            "file to a folder that others can read."
        )

    def keep_output(self, path: Path, name: str, *, check: Callable[[], None]) -> KeptFile | None:
        """Leave it where it is."""
        return None
