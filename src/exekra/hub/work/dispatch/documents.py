"""Documents for Runners: read once, and kept in a bounded cache as the bytes to send."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from typing import Any, cast
from uuid import UUID

import msgspec

from exekra.flow.debugging import DebugOptions, StartAt
from exekra.hub.core.database import Database
from exekra.hub.design.workflows import executable_store, file_store
from exekra.hub.fleet.runners.connections import RunnerConnection
from exekra.hub.work.files import store as files_store
from exekra.hub.work.files.given import are_in as given_files_are_in
from exekra.hub.work.ledger.rows import Assignment
from exekra.protocol.messages import Assign, FileToFetch, WorkflowFile

REMEMBERED_BYTES = 64 * 1024 * 1024
REMEMBERED_VERSIONS = 10_000


class Documents:
    """Completes assignments with their documents."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._texts: OrderedDict[str, msgspec.Raw] = OrderedDict()
        self._size = 0
        self._alone: dict[UUID, str] = {}

    async def assign_message(self, row: Assignment, to: RunnerConnection) -> Assign:
        """The message for an assignment, with the documents that this connection has not been sent."""
        workflows, workflow_files = await self._workflows(row.version_id)
        unsent = set(workflows.values()) - to.sent_documents
        documents = await self.find(unsent)
        to.sent_documents.update(documents)
        return Assign(
            execution_id=str(row.execution_id),
            lease=row.lease,
            workflow=row.workflow,
            version=row.version,
            workflows=workflows,
            documents=documents,
            inputs=row.inputs,
            files=await self._files(row),
            workflow_files=workflow_files,
            timeout=row.timeout,
            start_at=msgspec.convert(row.start_at, StartAt | None),
            debug=msgspec.convert(row.debug, DebugOptions | None),
            checkpoint_each=row.interactive,
        )

    async def _files(self, row: Assignment) -> tuple[FileToFetch, ...]:
        if not given_files_are_in((row.inputs, row.start_at or {})):
            return ()
        async with self._database.reading() as connection:
            given = await files_store.given_to(connection, row.execution_id)
        return tuple(FileToFetch(id=str(one.id), name=one.name, size=one.size, sha256=one.sha256) for one in given)

    async def find(self, hashes: Iterable[str]) -> dict[str, dict[str, Any]]:
        """The documents with these content hashes; unknown ones are left out.

        The values are JSON that is already written, which the protocol's encoder passes on as it is.
        """
        found = {hash: text for hash in hashes if (text := await self._text(hash)) is not None}
        return cast(dict[str, dict[str, Any]], found)

    async def _workflows(self, version_id: UUID) -> tuple[dict[str, str], dict[str, tuple[WorkflowFile, ...]]]:
        """The content hashes of the documents, and the files that belong to them, by the keys of the calls."""
        alone = self._alone.get(version_id)
        if alone is not None:
            return {"": alone}, {}
        async with self._database.reading() as connection:
            rows = await executable_store.content_hashes(connection, version_id)
            files = {
                row.key: tuple(
                    WorkflowFile(path=file.path, size=file.size, sha256=file.sha256.hex())
                    for file in await file_store.of_set(connection, row.files_id)
                )
                for row in rows
                if row.files_id is not None
            }
        workflows = {row.key: row.content_hash for row in rows}
        own = next(row for row in rows if row.key == "")
        # A version never changes, but a new version of what it calls may be published.
        if not own.calls and not files:
            if len(self._alone) >= REMEMBERED_VERSIONS:
                self._alone.clear()
            self._alone[version_id] = own.content_hash
        return workflows, files

    async def _text(self, hash: str) -> msgspec.Raw | None:
        text = self._texts.get(hash)
        if text is not None:
            self._texts.move_to_end(hash)
            return text
        async with self._database.reading() as connection:
            text = await executable_store.document_text(connection, hash)
        if text is not None:
            self._texts[hash] = text
            self._size += len(memoryview(text))
            while self._size > REMEMBERED_BYTES and len(self._texts) > 1:
                _, old = self._texts.popitem(last=False)
                self._size -= len(memoryview(old))
        return text
