"""The files that executions keep, stored on disk until the Hub has them.

Each execution has a folder, `EXECUTION.LEASE`, into which its child puts a file as `ID.content` and, once that is
complete, its description as `ID.json`. A file with a description is ready to be sent; one without was not finished. So
a crash of the child or of the Runner loses no file that `keep_file` returned for.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import msgspec

from exekra.protocol.messages import FileLimits

_FOLDER = re.compile(r"[A-Za-z0-9-]{1,64}\.\d{1,18}")
CONTENT, MANIFEST = ".content", ".json"
FileKind = Literal["kept", "output"]
log = logging.getLogger(__name__)


class Manifest(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The description of a kept file. `kept_at` is in seconds since 1970."""

    id: str
    execution_id: str
    lease: int
    kind: FileKind = "kept"
    name: str
    node: str | None
    size: int
    kept_at: float


class FileSpace(msgspec.Struct, frozen=True, kw_only=True):
    """Where the child of an execution puts files, and the limits in bytes: of one file, of all files, and of this
    Runner's space.
    """

    folder: str
    execution_id: str
    lease: int
    largest_file: int
    largest_files: int
    room: int


@dataclass(frozen=True, slots=True)
class WaitingFile:
    """A file that is ready to be sent."""

    manifest: Manifest
    content: Path

    def remove(self) -> None:
        """Remove it, from disk too."""
        # The content is removed first: a manifest without content is cleaned up, but not the other way round.
        self.content.unlink(missing_ok=True)
        self.content.with_suffix(MANIFEST).unlink(missing_ok=True)


class FileSpool:
    """The kept files of all executions.

    Args:
        folder: Where they are stored.
        limit: The most bytes of all waiting files.

    Attributes:
        limits: What the Hub accepts; None while that is not known, or if it accepts none.
    """

    def __init__(self, folder: Path, limit: int) -> None:
        self.limits: FileLimits | None = None
        self._folder = folder
        self._limit = limit
        self._in_use: set[str] = set()
        self._news = asyncio.Event()

    def space(self, execution_id: str, lease: int) -> FileSpace | None:
        """Where an execution may put files; None if the Hub accepts none."""
        if self.limits is None:
            return None
        name = f"{execution_id}.{lease}"
        self._in_use.add(name)
        return FileSpace(
            folder=str(self._folder / name),
            execution_id=execution_id,
            lease=lease,
            largest_file=self.limits.largest_file_bytes,
            largest_files=self.limits.largest_files_bytes,
            room=max(0, self._limit - sum(file.stat().st_size for file in self._folder.glob(f"*/*{CONTENT}"))),
        )

    def tell(self) -> None:
        """Note that there may be new files."""
        self._news.set()

    async def news(self) -> None:
        """Wait until there may be new files."""
        await self._news.wait()
        self._news.clear()

    def waiting(self) -> list[WaitingFile]:
        """The files that are ready to be sent, in the order in which they were kept."""
        found = []
        for path in self._folder.glob(f"*/*{MANIFEST}"):
            try:
                manifest = msgspec.json.decode(path.read_bytes(), type=Manifest)
            except (OSError, msgspec.DecodeError) as error:
                log.warning("%s could not be read and was skipped: %s", path, error)
                continue
            found.append(WaitingFile(manifest, path.with_suffix(CONTENT)))
        return sorted(found, key=lambda file: file.manifest.kept_at)

    def recover(self) -> None:
        """Remove what an earlier Runner did not finish; the rest is sent."""
        for folder in self._folder.iterdir():
            if _FOLDER.fullmatch(folder.name) is not None and folder.is_dir():
                _clear(folder)

    def end(self, execution_id: str, lease: int) -> None:
        """The processes of an execution are gone: remove what they did not finish."""
        name = f"{execution_id}.{lease}"
        self._in_use.discard(name)
        if (folder := self._folder / name).is_dir():
            _clear(folder)
        self.tell()

    def forget(self, file: WaitingFile) -> None:
        """The Hub has the file, or will never accept it."""
        file.remove()
        folder = file.content.parent
        if folder.name not in self._in_use:
            with contextlib.suppress(OSError):  # There are other files.
                folder.rmdir()

    def drop(self, execution_id: str, lease: int) -> None:
        """Remove the files of an execution that the Hub revoked."""
        shutil.rmtree(self._folder / f"{execution_id}.{lease}", ignore_errors=True)


def _clear(folder: Path) -> None:
    for path in folder.iterdir():
        partner = path.with_suffix(CONTENT if path.suffix == MANIFEST else MANIFEST)
        if path.suffix not in {CONTENT, MANIFEST} or not partner.exists():
            path.unlink(missing_ok=True)
    with contextlib.suppress(OSError):  # There are waiting files.
        folder.rmdir()
