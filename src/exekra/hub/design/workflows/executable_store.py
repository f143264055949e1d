"""What running a workflow needs of its versions, in PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from exekra.hub.core.database import Connection, Record
from exekra.hub.design.workflows.models import VersionState


class FoundVersion(msgspec.Struct, frozen=True, kw_only=True):
    """A version that a request names.

    Attributes:
        activities: The activities that a Runner must be able to do.
        needs_files: Whether files belong to it, or to a workflow that it calls.
    """

    id: UUID
    number: int
    state: VersionState
    activities: list[str]
    needs_files: bool


class FoundWorkflow(msgspec.Struct, frozen=True, kw_only=True):
    """A workflow that a request names.

    Attributes:
        version: None if there is no such version, or none is published.
    """

    id: UUID
    name: str
    archived_at: datetime | None
    version: FoundVersion | None


class CallableDocument(msgspec.Struct, frozen=True, kw_only=True):
    """A document that an execution may need.

    Attributes:
        key: The key of the calls that get it; empty for the version that is run itself.
        calls: The keys of its own calls.
        files_id: The set of its files; None where it has none.
    """

    key: str
    content_hash: str
    calls: list[str]
    files_id: UUID | None


async def find_asked(
    connection: Connection, asked: Sequence[tuple[UUID | None, str, int | None]]
) -> dict[int, FoundWorkflow]:
    """The workflows that requests name, each with the version, by the request's place.

    Args:
        connection: The connection to read with.
        asked: The workflow's id, or None and its name; and the version's number, or None for the published one.
    """
    rows = await connection.fetch(
        "SELECT * FROM find_asked($1, $2, $3)",
        [id for id, _, _ in asked],
        [name for _, name, _ in asked],
        [number for _, _, number in asked],
    )
    return {row["place"] - 1: _found(row) for row in rows}


def _found(row: Record) -> FoundWorkflow:
    version = None
    if row["version_id"] is not None:
        version = FoundVersion(
            id=row["version_id"],
            number=row["number"],
            state=row["state"],
            activities=row["activities"],
            needs_files=row["needs_files"],
        )
    return FoundWorkflow(id=row["workflow_id"], name=row["name"], archived_at=row["archived_at"], version=version)


async def content_hashes(connection: Connection, version_id: UUID) -> list[CallableDocument]:
    """The document of the version itself, and of each that it may call."""
    rows = await connection.fetch(
        """
        SELECT '' AS key, content_hash, calls, files_id FROM workflow_version WHERE id = $1
        UNION ALL
        SELECT called.key, v.content_hash, v.calls, v.files_id
        FROM workflow_version own CROSS JOIN called_versions(own.calls) called
        JOIN workflow_version v ON v.id = called.version_id
        WHERE own.id = $1
        """,
        version_id,
    )
    return [CallableDocument(**row) for row in rows]


async def document_text(connection: Connection, content_hash: str) -> msgspec.Raw | None:
    """The document with that content, as JSON."""
    text: str | None = await connection.fetchval(
        "SELECT document::text FROM workflow_version WHERE content_hash = $1 LIMIT 1", content_hash
    )
    return None if text is None else msgspec.Raw(text.encode())


async def document(connection: Connection, version_id: UUID) -> dict[str, Any]:
    """A version's document."""
    found: dict[str, Any] = await connection.fetchval("SELECT document FROM workflow_version WHERE id = $1", version_id)
    return found


async def file_content(connection: Connection, version_id: UUID, sha256: bytes) -> UUID | None:
    """The content with that hash, where it is that of a file of the version, or of a workflow that this calls.

    Of a workflow that is called all versions count: another one may be published while a Runner fetches the files.
    """
    id: UUID | None = await connection.fetchval(
        """
        SELECT f.content_id FROM workflow_file f
        WHERE f.sha256 = $2 AND f.set_id IN (
            SELECT v.files_id FROM workflow_version v WHERE v.id = $1
            UNION ALL
            SELECT every.files_id
            FROM workflow_version own CROSS JOIN called_versions(own.calls) called
            JOIN workflow_version v ON v.id = called.version_id
            JOIN workflow_version every ON every.workflow_id = v.workflow_id
            WHERE own.id = $1)
        LIMIT 1
        """,
        version_id,
        sha256,
    )
    return id
