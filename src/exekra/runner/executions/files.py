"""The files that an execution needs, put where it finds them before it begins."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

from exekra.runner.children.pool import ChildError
from exekra.runner.executions.assignment import Assignment
from exekra.runner.executions.space import check_space
from exekra.runner.executions.workflow_files import WorkflowFileCache, placed
from exekra.runner.link.file_fetching import DiskError, FileFetching
from exekra.sdk.errors import TimedOutError


class ExecutionFiles:
    """Fetches the files that executions were given, and lays out those that belong to their workflows."""

    def __init__(self, fetching: FileFetching, workflow_files: WorkflowFileCache) -> None:
        self._fetching = fetching
        self._workflow_files = workflow_files

    @property
    def problem(self) -> str | None:
        """Why a file that is being fetched does not arrive, as a sentence; None if nothing is wrong."""
        return self._fetching.problem

    def late(self, limit: float) -> TimedOutError:
        """The error of an execution whose files did not arrive within its time limit, in seconds."""
        why = self.problem or "They did not all arrive in that time."
        return TimedOutError(
            f"The execution took longer than its limit of {limit:g} s while its files were fetched. {why}"
        )

    def end(self) -> None:
        """Nothing is fetched any more, for whatever reason."""
        self._fetching.problem = None

    async def provide(
        self, assignment: Assignment, lease: int, folder: Path, *, unless: asyncio.Event
    ) -> Assignment | None:
        """The assignment with the paths of its files, which are in `folder` then. None when `unless` was set first.

        Raises:
            FileFetchError: One cannot be had; the message says which.
            ChildError: The disk of this machine is full or broken.
        """
        id, paths = assignment.execution_id, assignment.paths(folder)
        folders, places = placed(assignment.workflows, assignment.workflow_files, folder)
        check_space(folder, assignment.file_bytes)
        try:
            if not await self._fetching.fetch(id, lease, assignment.wanted_files(paths), unless=unless):
                return None
            if not await self._workflow_files.lay_out(id, lease, places, unless=unless):
                return None
        except DiskError as error:
            raise ChildError(error.message) from error
        return replace(assignment.with_paths(paths), workflow_folders=folders)
