"""The files that an execution needs, put where it finds them before it begins."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

from exekra.runner.executions.assignment import Assignment
from exekra.runner.executions.workflow_files import WorkflowFileCache, placed
from exekra.runner.link.file_fetching import FileFetching


class ExecutionFiles:
    """Fetches the files that executions were given, and lays out those that belong to their workflows."""

    def __init__(self, fetching: FileFetching, workflow_files: WorkflowFileCache) -> None:
        self._fetching = fetching
        self._workflow_files = workflow_files

    async def provide(
        self, assignment: Assignment, lease: int, folder: Path, *, unless: asyncio.Event
    ) -> Assignment | None:
        """The assignment with the paths of its files, which are in `folder` then. None when `unless` was set first.

        Raises:
            FileFetchError: One cannot be had; the message says which.
        """
        id, paths = assignment.execution_id, assignment.paths(folder)
        folders, places = placed(assignment.workflows, assignment.workflow_files, folder)
        if not await self._fetching.fetch(id, lease, assignment.wanted_files(paths), unless=unless):
            return None
        if not await self._workflow_files.lay_out(id, lease, places, unless=unless):
            return None
        return replace(assignment.with_paths(paths), workflow_folders=folders)
