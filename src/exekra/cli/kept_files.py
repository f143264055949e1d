"""Files that a workflow keeps when it runs without a Hub: copies in a folder next to it."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable
from pathlib import Path

from exekra.kit.copying import copy_file
from exekra.sdk.context import KeptFile
from exekra.sdk.errors import KeepFileError

FOLDER = "kept-files"


class FolderFileKeeper:
    """Puts copies into one folder, which is created for the first of them; a name that is taken gets a number."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()

    def keep(self, path: Path, name: str, *, node: str | None, move: bool, check: Callable[[], None]) -> KeptFile:
        """Copy the file.

        Raises:
            KeepFileError: It cannot be read, or the copy cannot be written; the message says which.
        """
        if path.is_dir():
            raise KeepFileError(f"{path} is a folder; only files can be kept. Pack it into a ZIP file first.")
        try:
            with self._lock:
                self._folder.mkdir(parents=True, exist_ok=True)
                place = next(place for place in self._places(name) if not place.exists())
                size = copy_file(path, place, check)
            if move:
                path.unlink()
        except OSError as error:
            raise KeepFileError(f"{path} cannot be kept in {self._folder}: {error.strerror or error}.") from error
        return KeptFile(name=place.name, size=size, place=place)

    def keep_output(self, path: Path, name: str, *, check: Callable[[], None]) -> KeptFile | None:
        """Leave the file where it is: the user who runs the workflow can access it there."""
        return None

    def _places(self, name: str) -> itertools.chain[Path]:
        plain = self._folder / name
        numbered = (plain.with_stem(f"{plain.stem} ({number})") for number in itertools.count(2))
        return itertools.chain([plain], numbered)
