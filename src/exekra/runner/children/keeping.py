"""Takes the files that an execution keeps: in the child, into the folder that the Runner sends them from."""

from __future__ import annotations

import errno
import threading
import time
import uuid
from collections.abc import Callable
from pathlib import Path

import msgspec

from exekra.kit.copying import copy_file
from exekra.runner.link.file_spool import CONTENT, MANIFEST, FileKind, FileSpace, Manifest
from exekra.sdk.context import KeptFile
from exekra.sdk.errors import KeepFileError

_FULL = {errno.ENOSPC, errno.EDQUOT}


class SpoolingFileKeeper:
    """Puts files where the Runner finds them.

    Args:
        space: Where to put files, and the limits.
        tell: Called when there is a new file.
    """

    def __init__(self, space: FileSpace, tell: Callable[[], None]) -> None:
        self._space = space
        self._tell = tell
        self._taken = 0
        self._lock = threading.Lock()

    def keep(self, path: Path, name: str, *, node: str | None, move: bool, check: Callable[[], None]) -> KeptFile:
        """Copy the file, or move it.

        Raises:
            KeepFileError: It cannot be read, is too large, or there is no space; the message says which.
        """
        return self._keep(path, name, kind="kept", node=node, move=move, check=check)

    def keep_output(self, path: Path, name: str, *, check: Callable[[], None]) -> KeptFile | None:
        """Copy an output.

        Raises:
            KeepFileError: As `keep`.
        """
        return self._keep(path, name, kind="output", node=None, move=False, check=check)

    def _keep(
        self, path: Path, name: str, *, kind: FileKind, node: str | None, move: bool, check: Callable[[], None]
    ) -> KeptFile:
        size = _size(path)
        self._take(path, size)
        content: Path | None = None
        try:
            folder = Path(self._space.folder)
            folder.mkdir(mode=0o700, exist_ok=True)
            id = str(uuid.uuid4())
            content = folder / f"{id}{CONTENT}"
            copied = _take_over(path, content, check) if move else copy_file(path, content, check)
            if copied > size:
                self._take(path, copied - size)
                size = copied
            manifest = Manifest(
                id=id,
                execution_id=self._space.execution_id,
                lease=self._space.lease,
                kind=kind,
                name=name,
                node=node,
                size=copied,
                kept_at=time.time(),
            )
            fresh = content.with_suffix(".new")
            fresh.write_bytes(msgspec.json.encode(manifest))
            fresh.rename(content.with_suffix(MANIFEST))
        except BaseException as error:
            with self._lock:
                self._taken -= size
            if content is not None:
                content.unlink(missing_ok=True)
                content.with_suffix(".new").unlink(missing_ok=True)
            if isinstance(error, OSError):
                raise _refusal(path, error, self._space.folder) from error
            raise
        self._tell()
        return KeptFile(name=name, size=copied, id=id)

    def _take(self, path: Path, size: int) -> None:
        space = self._space
        if size > space.largest_file:
            raise KeepFileError(
                f"{path} has {_mb(size)} and is too large to be kept: at most {_mb(space.largest_file)} are allowed. "
                "An administrator can raise EXEKRA_LARGEST_FILE_MB of the Hub."
            )
        with self._lock:
            after = self._taken + size
            if after > space.largest_files:
                raise KeepFileError(
                    f"{path} cannot be kept: the files of this execution would have {_mb(after)} in total, but "
                    f"at most {_mb(space.largest_files)} are allowed. "
                    "An administrator can raise EXEKRA_LARGEST_FILES_MB of the Hub."
                )
            if after > space.room:
                raise KeepFileError(
                    f"{path} cannot be kept: with its {_mb(size)}, more than EXEKRA_FILES_LIMIT_MB of the Runner would "
                    "wait for the Hub. Run it again once the Hub has received the other files."
                )
            self._taken = after


def _size(path: Path) -> int:
    if path.is_dir():
        raise KeepFileError(f"{path} is a folder; only files can be kept. Pack it into a ZIP file first.")
    if path.exists() and not path.is_file():
        raise KeepFileError(f"{path} is not a regular file and cannot be kept.")
    try:
        return path.stat().st_size
    except OSError as error:
        raise _refusal(path, error, "") from error


def _take_over(path: Path, content: Path, check: Callable[[], None]) -> int:
    """Move a file. If it is on another disk, or if others may still write to it, it is copied and then deleted."""
    if path.is_symlink() or path.stat().st_nlink > 1:
        size = copy_file(path, content, check)
        path.unlink()
        return size
    try:
        path.rename(content)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        size = copy_file(path, content, check)
        path.unlink()
        return size
    return content.stat().st_size


def _refusal(path: Path, error: OSError, folder: str) -> KeepFileError:
    if error.errno in _FULL:
        return KeepFileError(
            f"{path} cannot be kept: the disk of the Runner is full ({folder}). Free some space there."
        )
    if isinstance(error, FileNotFoundError):
        return KeepFileError(f"There is no file {path} to be kept.")
    return KeepFileError(f"{path} cannot be kept: {error.strerror or error}.")


def _mb(size: int) -> str:
    return f"{size / 1024 / 1024:,.1f} MB"
