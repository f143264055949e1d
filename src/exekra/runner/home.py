"""The Runner's own folder: one Runner at a time uses it, and what a crashed one left is cleared away."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import IO

from exekra.sdk.errors import SettingsError


class Home:
    """The folder with its parts, locked until `close`.

    Attributes:
        spool: Events that wait for the Hub.
        files: Files that executions keep and that wait for the Hub.
        documents: Cached workflow documents.
        temporary: A folder for each execution.

    Raises:
        SettingsError: It cannot be made, or another Runner uses it.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.spool = folder / "spool"
        self.files = folder / "kept-files"
        self.documents = folder / "documents"
        self.temporary = folder / "temporary"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._lock = _lock(folder / "lock")
            shutil.rmtree(self.temporary, ignore_errors=True)
            for part in (self.spool, self.files, self.documents, self.temporary):
                part.mkdir(mode=0o700, exist_ok=True)
        except BlockingIOError:
            raise SettingsError(
                f"Another Runner uses {folder}. Stop it, or give this one a folder of its own (EXEKRA_RUNNER_HOME)."
            ) from None
        except OSError as error:
            raise SettingsError(f"The Runner's folder {folder} cannot be used: {error.strerror}.") from None

    def close(self) -> None:
        """Let another Runner use it."""
        self._lock.close()


def _lock(path: Path) -> IO[str]:
    file = path.open("w")
    try:
        if sys.platform != "win32":
            import fcntl  # noqa: PLC0415 - not on Windows

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        else:
            import msvcrt  # noqa: PLC0415 - only on Windows

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    except PermissionError:
        file.close()
        raise BlockingIOError from None
    except OSError:
        file.close()
        raise
    return file
