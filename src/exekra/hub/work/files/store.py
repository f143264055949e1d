"""The files of executions, in PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

from exekra.hub.core.database import Connection
from exekra.hub.core.rows import Row

Kind = Literal["input", "kept", "output"]


class File(Row, frozen=True):
    """A file of an execution. `stored_at` is None while the Runner sends it."""

    id: UUID
    execution_id: UUID
    kind: Kind
    name: str
    node: str | None
    media_type: str
    size: int
    content_id: UUID
    kept_at: datetime
    stored_at: datetime | None


_COLUMNS = ", ".join(File.__struct_fields__)


class ListedFile(Row, frozen=True):
    """A file in a list; `sha256` in hexadecimal digits, None while the Runner sends it; `received` in bytes."""

    id: UUID
    kind: Kind
    name: str
    node: str | None
    media_type: str
    size: int
    kept_at: datetime
    sha256: str | None
    received: int


class OldFile(Row, frozen=True):
    """A file that may be old enough to be forgotten."""

    id: UUID
    execution_id: UUID
    kept_at: datetime


class GivenFile(Row, frozen=True):
    """A file that an execution was given; `sha256` in hexadecimal digits."""

    id: UUID
    name: str
    size: int
    sha256: str


class Source(Row, frozen=True):
    """A file that an execution can be given: an upload, or a file of another execution."""

    id: UUID
    name: str
    size: int
    is_complete: bool


async def insert(connection: Connection, file: File) -> None:
    """A new file."""
    await connection.execute(
        f"INSERT INTO execution_file ({_COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        file.id,
        file.execution_id,
        file.kind,
        file.name,
        file.node,
        file.media_type,
        file.size,
        file.content_id,
        file.kept_at,
        file.stored_at,
    )


async def get(connection: Connection, id: UUID) -> File | None:
    """One file."""
    row = await connection.fetchrow(f"SELECT {_COLUMNS} FROM execution_file WHERE id = $1", id)
    return File.one(row)


async def lock(connection: Connection, id: UUID) -> File | None:
    """One file, locked until the transaction ends."""
    row = await connection.fetchrow(f"SELECT {_COLUMNS} FROM execution_file WHERE id = $1 FOR UPDATE", id)
    return File.one(row)


async def total_size(connection: Connection, execution_id: UUID) -> int:
    """The bytes of all files that an execution kept, including those being sent. Concurrent callers wait."""
    await connection.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", f"files {execution_id}")
    total: int = await connection.fetchval(
        "SELECT coalesce(sum(size), 0)::bigint FROM execution_file WHERE execution_id = $1 AND kind <> 'input'",
        execution_id,
    )
    return total


async def of_execution(connection: Connection, execution_id: UUID, *, most: int) -> list[ListedFile]:
    """The files of an execution in the order in which they were kept, each with its content's hash."""
    rows = await connection.fetch(
        """
        SELECT f.id, f.kind, f.name, f.node, f.media_type, f.size, f.kept_at,
            CASE WHEN f.stored_at IS NOT NULL THEN encode(c.sha256, 'hex') END AS sha256, c.stored AS received
        FROM execution_file f JOIN content c ON c.id = f.content_id
        WHERE f.execution_id = $1 ORDER BY f.kept_at, f.id LIMIT $2
        """,
        execution_id,
        most,
    )
    return ListedFile.all(rows)


async def sources(connection: Connection, ids: Sequence[UUID], *, user_id: UUID | None) -> dict[UUID, Source]:
    """Those of the files that there are, by id: files of executions, and uploads of that user."""
    rows = await connection.fetch(
        """
        SELECT id, name, size, stored_at IS NOT NULL AS is_complete FROM execution_file WHERE id = ANY($1)
        UNION ALL SELECT id, name, size, true FROM uploaded_file WHERE id = ANY($1) AND created_by = $2
        """,
        ids,
        user_id,
    )
    return {source.id: source for source in Source.all(rows)}


async def give(connection: Connection, execution_id: UUID, given: Sequence[tuple[UUID, UUID]], *, at: datetime) -> int:
    """Make files of an execution, each (its new id, the source's id); how many of the sources are still there.

    The sources stay until the transaction ends, so that their contents are in use all the time.
    """
    own = {source: id for id, source in given}
    count = 0
    for table in ("execution_file", "uploaded_file"):
        rows = await connection.fetch(
            f"""
            INSERT INTO execution_file (id, execution_id, kind, name, media_type, size, content_id, kept_at, stored_at)
            SELECT w.own, $1, 'input', f.name, f.media_type, f.size, f.content_id, $2, $2
            FROM unnest($3::uuid[], $4::uuid[]) AS w (source, own) JOIN (
                SELECT id, name, media_type, size, content_id FROM {table} WHERE id = ANY($3) FOR KEY SHARE
            ) f ON f.id = w.source RETURNING id
            """,
            execution_id,
            at,
            list(own),
            list(own.values()),
        )
        count += len(rows)
    return count


async def given_to(connection: Connection, execution_id: UUID) -> list[GivenFile]:
    """The files that an execution was given."""
    return GivenFile.all(
        await connection.fetch(
            "SELECT f.id, f.name, f.size, encode(c.sha256, 'hex') AS sha256"
            " FROM execution_file f JOIN content c ON c.id = f.content_id"
            " WHERE f.execution_id = $1 AND f.kind = 'input' ORDER BY f.id",
            execution_id,
        )
    )


async def lock_uploads(connection: Connection, user_id: UUID) -> None:
    """Keep that user's other uploads from being added until the transaction ends."""
    await connection.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", f"uploads {user_id}")


async def uploaded_bytes(connection: Connection, user_id: UUID) -> int:
    """The bytes of all uploads of that user."""
    total: int = await connection.fetchval(
        "SELECT coalesce(sum(size), 0)::bigint FROM uploaded_file WHERE created_by = $1", user_id
    )
    return total


async def insert_upload(
    connection: Connection,
    id: UUID,
    *,
    name: str,
    media_type: str,
    size: int,
    content_id: UUID,
    created_by: UUID,
    now: datetime,
) -> None:
    """A file that was uploaded."""
    await connection.execute(
        "INSERT INTO uploaded_file (id, name, media_type, size, content_id, created_by, created_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7)",
        id,
        name,
        media_type,
        size,
        content_id,
        created_by,
        now,
    )


async def forget_uploads(connection: Connection, *, before: datetime) -> None:
    """Forget what was uploaded before that moment."""
    await connection.execute("DELETE FROM uploaded_file WHERE created_at < $1", before)


async def fetchable(connection: Connection, execution_id: UUID, sha256: bytes) -> UUID | None:
    """The content with that hash, where the Runner of that execution may fetch it."""
    id: UUID | None = await connection.fetchval(
        "SELECT c.id FROM execution_content e JOIN content c ON c.id = e.content_id"
        " WHERE e.execution_id = $1 AND c.sha256 = $2 AND NOT c.removed LIMIT 1",
        execution_id,
        sha256,
    )
    return id


async def set_content(connection: Connection, id: UUID, content_id: UUID, *, stored_at: datetime | None) -> None:
    """Set the content of a file, or note that it is complete."""
    await connection.execute(
        "UPDATE execution_file SET content_id = $2, stored_at = $3 WHERE id = $1", id, content_id, stored_at
    )


async def kept_before(
    connection: Connection, before: datetime, *, after: tuple[datetime, UUID], most: int
) -> list[OldFile]:
    """Files that were kept before a moment, oldest first, after a given one and up to a limit."""
    rows = await connection.fetch(
        "SELECT id, execution_id, kept_at FROM execution_file"
        " WHERE kept_at < $1 AND (kept_at, id) > ($2, $3) ORDER BY kept_at, id LIMIT $4",
        before,
        *after,
        most,
    )
    return OldFile.all(rows)


async def forget(connection: Connection, ids: Sequence[UUID]) -> int:
    """Remove these files; returns how many there were."""
    done = await connection.execute("DELETE FROM execution_file WHERE id = ANY($1)", ids)
    return int(done.rpartition(" ")[2])


async def owners(connection: Connection, *, after: UUID, last: UUID) -> list[UUID]:
    """The executions that have files, of those with ids greater than `after` and up to `last`."""
    rows = await connection.fetch(
        "SELECT DISTINCT execution_id FROM execution_file WHERE execution_id > $1 AND execution_id <= $2", after, last
    )
    return [row["execution_id"] for row in rows]


async def forget_of(connection: Connection, execution_ids: Sequence[UUID]) -> int:
    """Remove all files of these executions; returns how many there were."""
    done = await connection.execute("DELETE FROM execution_file WHERE execution_id = ANY($1)", execution_ids)
    return int(done.rpartition(" ")[2])


async def used(connection: Connection) -> tuple[int, datetime | None]:
    """How many files executions have, as last estimated, and when the oldest was kept."""
    row = await connection.fetchrow(
        "SELECT greatest(reltuples, 0)::bigint AS rows, (SELECT min(kept_at) FROM execution_file) AS oldest"
        " FROM pg_class WHERE oid = 'execution_file'::regclass"
    )
    assert row is not None, "the table is there"
    return row["rows"], row["oldest"]
