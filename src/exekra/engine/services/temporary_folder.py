"""A folder of one execution alone."""

from __future__ import annotations

import shutil
import tempfile
import threading
from pathlib import Path


class TemporaryFolder:
    """Created on first use; safe to use from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._path: Path | None = None

    def path(self) -> Path:
        """The folder."""
        with self._lock:
            if self._path is None:
                self._path = Path(tempfile.mkdtemp(prefix="exekra-"))
            return self._path

    def remove(self) -> None:
        """Delete it with all that is in it."""
        if self._path is not None:
            shutil.rmtree(self._path, ignore_errors=True)
