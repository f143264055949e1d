"""Workflows and their versions in PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from exekra.hub.core.database import Connection, Record
from exekra.hub.core.rows import Row
from exekra.hub.design.workflows.models import StoredVersion, Version, Workflow

WORKFLOW = """
    w.id, w.name, w.description, w.tags, w.latest_number, w.published_version_id, p.number AS published_number,
    w.created_by, w.created_at, w.updated_at, w.archived_at
    FROM workflow w LEFT JOIN workflow_version p ON p.id = w.published_version_id
"""
"""The columns of a `Workflow` and the tables that they come from."""
_VERSION = """
    v.id, v.workflow_id, v.number, v.state, v.content_hash, v.activities, v.calls, v.note, v.release_notes, v.working,
    v.created_by, u.email AS author, u.name AS author_name, v.created_at, v.published_at,
    v.files_id, coalesce(f.file_count, 0) AS file_count,
    (
        SELECT encode(sha256(convert_to(string_agg(
            encode(o.sha256, 'hex') || '  ' || o.path || E'\n', '' ORDER BY o.path COLLATE "C"
        ), 'UTF8')), 'hex')
        FROM workflow_file o WHERE o.set_id = v.files_id
    ) AS files_hash
"""
_VERSIONS = """
    FROM workflow_version v LEFT JOIN reporting_user u ON u.id = v.created_by
    LEFT JOIN workflow_file_set f ON f.id = v.files_id
"""


class CalledDocument(Row, frozen=True):
    """The document of a version that calls with that key get."""

    key: str
    document: dict[str, Any]


class PublishedCaller(Row, frozen=True):
    """A published version that makes a call."""

    workflow_id: UUID
    number: int


class ReportedCatalogue(Row, frozen=True):
    """A catalogue that Runners reported."""

    hash: str
    entries: list[dict[str, Any]]


def _version(row: Record) -> Version:
    return Version(**row)


async def insert(
    connection: Connection,
    *,
    id: UUID,
    name: str,
    description: str,
    tags: Sequence[str],
    created_by: UUID | None,
) -> bool:
    """Add a workflow without a version; False if its name is taken."""
    try:
        async with connection.transaction():
            await connection.execute(
                "INSERT INTO workflow (id, name, description, tags, created_by) VALUES ($1, $2, $3, $4, $5)",
                id,
                name,
                description,
                tags,
                created_by,
            )
    except asyncpg.UniqueViolationError:
        return False
    return True


async def find(connection: Connection, id: UUID) -> Workflow | None:
    """The workflow with that id."""
    row = await connection.fetchrow(f"SELECT {WORKFLOW} WHERE w.id = $1", id)
    return None if row is None else Workflow(**row)


async def find_all(connection: Connection, ids: Sequence[UUID]) -> list[Workflow]:
    """The workflows with these ids."""
    rows = await connection.fetch(f"SELECT {WORKFLOW} WHERE w.id = ANY($1::uuid[])", list(ids))
    return [Workflow(**row) for row in rows]


async def find_by_name(connection: Connection, name: str) -> Workflow | None:
    """The workflow with that name that is not archived."""
    row = await connection.fetchrow(f"SELECT {WORKFLOW} WHERE w.name = $1 AND w.archived_at IS NULL", name)
    return None if row is None else Workflow(**row)


async def lock(connection: Connection, id: UUID) -> Workflow | None:
    """The workflow with that id, locked until this transaction ends."""
    await connection.execute("SELECT FROM workflow WHERE id = $1 FOR UPDATE", id)
    return await find(connection, id)


async def update(
    connection: Connection,
    id: UUID,
    *,
    name: str | None = None,
    description: str | None = None,
    tags: Sequence[str] | None = None,
    archived: bool | None = None,
) -> bool:
    """Change what is not None; False when the name is taken."""
    try:
        async with connection.transaction():
            await connection.execute(
                """
                UPDATE workflow SET name = coalesce($2, name), description = coalesce($3, description),
                    tags = coalesce($4, tags), updated_at = now(),
                    archived_at = CASE $5::boolean WHEN true THEN coalesce(archived_at, now()) WHEN false THEN NULL
                        ELSE archived_at END
                WHERE id = $1
                """,
                id,
                name,
                description,
                tags,
                archived,
            )
    except asyncpg.UniqueViolationError:
        return False
    return True


async def delete(connection: Connection, id: UUID) -> bool:
    """Remove a workflow and its versions; False when there are executions of it."""
    try:
        async with connection.transaction():
            await connection.execute("DELETE FROM workflow WHERE id = $1", id)
    except asyncpg.ForeignKeyViolationError:
        return False
    return True


async def insert_version(
    connection: Connection,
    *,
    id: UUID,
    workflow_id: UUID,
    document: dict[str, Any],
    content_hash: str,
    activities: Sequence[str],
    calls: Sequence[str],
    note: str,
    created_by: UUID | None,
    files_id: UUID | None,
    working: bool,
) -> int:
    """Add a draft with the next number to a workflow that is locked, or created in this transaction; returns the
    number.
    """
    number: int = await connection.fetchval(
        """
        UPDATE workflow SET latest_number = latest_number + 1, updated_at = now()
        WHERE id = $1 RETURNING latest_number
        """,
        workflow_id,
    )
    await connection.execute(
        """
        INSERT INTO workflow_version
            (id, workflow_id, number, document, content_hash, activities, calls, note, created_by, files_id, working)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
        """,
        id,
        workflow_id,
        number,
        document,
        content_hash,
        activities,
        calls,
        note,
        created_by,
        files_id,
        working,
    )
    return number


async def keep(connection: Connection, workflow_id: UUID, number: int, note: str) -> None:
    """Make a working copy a version like others."""
    await connection.execute(
        "UPDATE workflow_version SET working = false, note = $3 WHERE workflow_id = $1 AND number = $2",
        workflow_id,
        number,
        note,
    )


async def remove_working_copies(connection: Connection, *, before: datetime, limit: int) -> int:
    """Remove working copies that were saved before that moment, are not the newest version, and have no executions."""
    done = await connection.execute(
        """
        DELETE FROM workflow_version WHERE id IN (
            SELECT v.id FROM workflow_version v JOIN workflow w ON w.id = v.workflow_id
            WHERE v.working AND v.created_at < $1 AND v.number < w.latest_number AND NOT EXISTS (
                SELECT FROM reporting_execution e WHERE e.workflow_id = v.workflow_id AND e.version = v.number)
            ORDER BY v.created_at LIMIT $2
        )
        """,
        before,
        limit,
    )
    return int(done.rpartition(" ")[2])


async def find_version(connection: Connection, workflow_id: UUID, number: int) -> Version | None:
    """That version of the workflow, without its document."""
    row = await connection.fetchrow(
        f"SELECT {_VERSION} {_VERSIONS} WHERE v.workflow_id = $1 AND v.number = $2", workflow_id, number
    )
    return None if row is None else _version(row)


async def load_version(connection: Connection, workflow_id: UUID, number: int) -> StoredVersion | None:
    """That version of the workflow, with its document."""
    row = await connection.fetchrow(
        f"SELECT {_VERSION}, v.document {_VERSIONS} WHERE v.workflow_id = $1 AND v.number = $2", workflow_id, number
    )
    if row is None:
        return None
    values = dict(row)
    return StoredVersion(document=values.pop("document"), version=_version(values))


async def versions(
    connection: Connection, workflow_id: UUID, *, before: int | None, limit: int, working: bool
) -> list[Version]:
    """Versions of the workflow, newest first, without their documents; working copies only if they are wanted."""
    rows = await connection.fetch(
        f"""
        SELECT {_VERSION} {_VERSIONS} WHERE v.workflow_id = $1 AND v.number < coalesce($2::integer, 2147483647)
            AND ($3 OR NOT v.working)
        ORDER BY v.number DESC LIMIT {limit:d}
        """,
        workflow_id,
        before,
        working,
    )
    return [_version(row) for row in rows]


async def publish(
    connection: Connection,
    workflow_id: UUID,
    number: int,
    *,
    activities: Sequence[str],
    by: UUID | None,
    release_notes: str,
) -> None:
    """Make that version the published one, and the previous one superseded."""
    await connection.execute(
        "UPDATE workflow_version SET state = 'superseded' WHERE workflow_id = $1 AND state = 'published'", workflow_id
    )
    await connection.execute(
        """
        WITH published AS (
            UPDATE workflow_version
            SET state = 'published', published_at = now(), published_by = $3, activities = $4, release_notes = $5,
                working = false
            WHERE workflow_id = $1 AND number = $2 RETURNING id
        )
        UPDATE workflow SET published_version_id = published.id, updated_at = now()
        FROM published WHERE workflow.id = $1
        """,
        workflow_id,
        number,
        by,
        activities,
        release_notes,
    )


async def called_documents(connection: Connection, keys: Sequence[str]) -> list[CalledDocument]:
    """The versions that calls with these keys get, and of all that these call in turn."""
    rows = await connection.fetch(
        """
        SELECT called.key, v.document
        FROM called_versions($1) called JOIN workflow_version v ON v.id = called.version_id
        """,
        keys,
    )
    return CalledDocument.all(rows)


async def published_numbers(connection: Connection, names: Sequence[str]) -> dict[str, list[int]]:
    """The versions of those workflows that were ever published, by name."""
    rows = await connection.fetch(
        """
        SELECT w.name, array_agg(v.number ORDER BY v.number) AS numbers
        FROM workflow w JOIN workflow_version v ON v.workflow_id = w.id
        WHERE w.name = ANY($1::text[]) AND w.archived_at IS NULL AND v.state <> 'draft'
        GROUP BY w.name
        """,
        names,
    )
    return {row["name"]: row["numbers"] for row in rows}


async def published_callers(connection: Connection, key: str) -> list[PublishedCaller]:
    """The published versions that make a call with that key, directly or not."""
    rows = await connection.fetch(
        """
        SELECT v.workflow_id, v.number
        FROM workflow w JOIN workflow_version v ON v.id = w.published_version_id
        WHERE v.calls <> '{}' AND EXISTS (SELECT FROM called_versions(v.calls) called WHERE called.key = $1)
        """,
        key,
    )
    return PublishedCaller.all(rows)


async def set_activities(connection: Connection, workflow_id: UUID, number: int, activities: Sequence[str]) -> None:
    """Store which activities a version uses, including those of the workflows that it calls."""
    await connection.execute(
        "UPDATE workflow_version SET activities = $3 WHERE workflow_id = $1 AND number = $2",
        workflow_id,
        number,
        activities,
    )


async def reported_catalogues(connection: Connection, known: Sequence[str]) -> list[ReportedCatalogue]:
    """The catalogues that Runners reported, except those with the known hashes."""
    rows = await connection.fetch("SELECT hash, entries FROM runner_catalogue WHERE NOT hash = ANY($1::text[])", known)
    return ReportedCatalogue.all(rows)


async def ids_named_like(connection: Connection, text: str) -> list[UUID]:
    """Workflows whose name contains the text, ignoring case; at most 200, most recently used first."""
    rows = await connection.fetch(
        "SELECT id FROM workflow WHERE strpos(lower(name), lower($1)) > 0 ORDER BY updated_at DESC LIMIT 200", text
    )
    return [row["id"] for row in rows]


async def ids_tagged(connection: Connection, tag: str) -> list[UUID]:
    """Workflows that have the tag; at most 1,000, most recently used first."""
    rows = await connection.fetch(
        "SELECT id FROM workflow WHERE tags @> ARRAY[$1] ORDER BY updated_at DESC LIMIT 1000", tag
    )
    return [row["id"] for row in rows]
