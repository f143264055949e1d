"""What an execution is to do, and where the files are put that it was given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import msgspec

from exekra.flow.debugging import DebugOptions, StartAt
from exekra.flow.file_references import KEY, with_references
from exekra.kit.names import portable_file_name
from exekra.protocol.messages import FileToFetch, WorkflowFile
from exekra.runner.link.file_fetching import WantedFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """What is to be done. `workflows` are documents as JSON, by what they are called in `Assign`; so is the rest."""

    execution_id: str
    workflows: dict[str, bytes]
    inputs: dict[str, Any]
    timeout: float | None
    files: tuple[FileToFetch, ...] = ()
    workflow_files: dict[str, tuple[WorkflowFile, ...]] = field(default_factory=dict)
    workflow_folders: dict[str, Path] = field(default_factory=dict)
    start_at: StartAt | None = None
    debug: DebugOptions | None = None
    checkpoint_each: bool = False

    @property
    def file_bytes(self) -> int:
        """The bytes of all files that are put into its folder."""
        own = sum(file.size for files in self.workflow_files.values() for file in files)
        return own + sum(file.size for file in self.files)

    def paths(self, folder: Path) -> dict[str, Path]:
        """Where each of the files is put, by its id. A folder for each, because their names may be the same."""
        return {
            file.id: (folder / "inputs" / str(number) / portable_file_name(file.name)).absolute()
            for number, file in enumerate(self.files, 1)
        }

    def wanted_files(self, paths: Mapping[str, Path]) -> list[WantedFile]:
        """The files as they are fetched."""
        return [WantedFile(sha256=one.sha256, size=one.size, path=paths[one.id]) for one in self.files]

    def with_paths(self, paths: Mapping[str, Path]) -> Assignment:
        """The same with the files' paths where references to them stand in its values."""

        def path_of(file: Mapping[str, Any]) -> Any:
            path = paths.get(file[KEY])
            return file if path is None else str(path)

        start_at = self.start_at
        if start_at is not None:
            start_at = msgspec.structs.replace(start_at, scope=with_references(start_at.scope, path_of))
        return replace(self, inputs=with_references(self.inputs, path_of), start_at=start_at)
