"""The Runner's own folder: used by one Runner at a time, and cleared of what a crashed one left."""

from __future__ import annotations

import shutil
from pathlib import Path

from filelock import FileLock, Timeout

from exekra.sdk.errors import SettingsError


class Home:
    """The folder with its parts, locked until `close`.

    Attributes:
        spool: Events that are waiting for the Hub.
        files: Kept files that are waiting for the Hub.
        documents: Cached workflow documents.
        workflow_files: Cached contents of files that belong to workflows.
        temporary: A folder for each execution.

    Raises:
        SettingsError: It cannot be created, or another Runner uses it.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.spool = folder / "spool"
        self.files = folder / "kept-files"
        self.documents = folder / "documents"
        self.workflow_files = folder / "workflow-files"
        self.temporary = folder / "temporary"
        self._lock = FileLock(folder / "lock", blocking=False, fallback_to_soft=False)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._lock.acquire()
            shutil.rmtree(self.temporary, ignore_errors=True)
            for part in (self.spool, self.files, self.documents, self.workflow_files, self.temporary):
                part.mkdir(mode=0o700, exist_ok=True)
        except Timeout:
            raise SettingsError(
                f"Another Runner uses {folder}. Stop it, or give this one a folder of its own (EXEKRA_RUNNER_HOME)."
            ) from None
        except OSError as error:
            raise SettingsError(f"The Runner's folder {folder} cannot be used: {error.strerror}.") from None

    def close(self) -> None:
        """Release it for another Runner."""
        self._lock.release()
