"""The files that belong to workflows: fetched once for each content, and laid beside each workflow of an execution."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from exekra.kit.copying import copy_file
from exekra.kit.relative_paths import relative_path_problem
from exekra.protocol.messages import WorkflowFile
from exekra.runner.link.file_fetching import FileFetchError, FileFetching, WantedFile, storing

Placed = tuple[WorkflowFile, Path]
"""A file, and where it is laid."""


class WorkflowFileCache:
    """Contents by hash, in a bounded folder. One that was damaged counts as missing.

    Args:
        fetching: Fetches those that are missing.
        folder: Where the contents are.
        limit: The most bytes of all contents together; the longest unused go first.
    """

    def __init__(self, fetching: FileFetching, folder: Path, limit: int) -> None:
        self._fetching = fetching
        self._folder = folder
        self._incoming = folder / "incoming"
        self._limit = limit

    async def lay_out(self, execution_id: str, lease: int, files: Sequence[Placed], *, unless: asyncio.Event) -> bool:
        """Put files where they belong, as copies that the execution may change. False when `unless` was set first.

        Raises:
            FileFetchError: The Hub does not have one, or it cannot be stored here; the message says which.
            DiskError: The disk of this machine is full or broken.
        """
        wanted = await asyncio.to_thread(self._missing, files)
        if not await self._fetching.fetch(execution_id, lease, wanted, unless=unless):
            return False
        await asyncio.to_thread(self._lay_out, wanted, files)
        return True

    def _missing(self, files: Sequence[Placed]) -> list[WantedFile]:
        with storing("The files of the workflow", self._folder):
            self._clear()
        each = {file.sha256: file for file, _ in files}
        return [
            WantedFile(sha256=sha256, size=file.size, path=self._incoming / sha256 / Path(file.path).name)
            for sha256, file in each.items()
            if not self._is_intact(sha256)
        ]

    def _clear(self) -> None:
        """Remove what an earlier Runner left, and what somebody put where contents belong."""
        if not self._folder.is_dir():
            self._folder.unlink(missing_ok=True)
            self._folder.mkdir(mode=0o700)
        for entry in self._folder.iterdir():
            if entry.is_dir():
                shutil.rmtree(entry)

    def _is_intact(self, sha256: str) -> bool:
        """Whether a content is there. It is read: executions of this machine could have written to it."""
        try:
            with (self._folder / sha256).open("rb") as content:
                return hashlib.file_digest(content, "sha256").hexdigest() == sha256
        except OSError:
            return False

    def _lay_out(self, fetched: Sequence[WantedFile], files: Sequence[Placed]) -> None:
        for file in fetched:
            with storing(f"The workflow's file {file.path.name}", self._folder):
                file.path.replace(self._folder / file.sha256)
        for wanted, path in files:
            with storing(f"The workflow's file {wanted.path}", path.parent):
                path.parent.mkdir(parents=True, exist_ok=True)
                copy_file(self._folder / wanted.sha256, path)
            with contextlib.suppress(OSError):
                os.utime(self._folder / wanted.sha256)
        shutil.rmtree(self._incoming, ignore_errors=True)
        with contextlib.suppress(OSError):
            self._make_room()

    def _make_room(self) -> None:
        contents = [(file.stat(), file) for file in self._folder.iterdir() if file.is_file()]
        total = sum(found.st_size for found, _ in contents)
        for found, file in sorted(contents, key=lambda pair: pair[0].st_mtime):
            if total <= self._limit:
                return
            file.unlink(missing_ok=True)
            total -= found.st_size


def placed(
    workflows: Mapping[str, bytes], files: Mapping[str, tuple[WorkflowFile, ...]], folder: Path
) -> tuple[dict[str, Path], list[Placed]]:
    """The folder of each workflow that has files, by its key, and where each of the files is laid.

    Two keys of the same workflow share a folder.

    Raises:
        FileFetchError: The Hub sent a path that leads elsewhere.
    """
    folders: dict[str, Path] = {}
    places: list[Placed] = []
    shared: dict[tuple[bytes, tuple[WorkflowFile, ...]], Path] = {}
    for key, own in files.items():
        same = (workflows[key], own)
        if own and same not in shared:
            place = shared[same] = (folder / "workflows" / str(len(shared) + 1)).absolute()
            for file in own:
                if (problem := relative_path_problem(file.path)) is not None:
                    raise FileFetchError(f"The Hub sent the path {file.path!r} for a file of a workflow: {problem}.")
                places.append((file, place / file.path))
        if own:
            folders[key] = shared[same]
    return folders, places
