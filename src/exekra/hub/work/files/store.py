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
    """One file, kept from others until the transaction ends."""
    row = await connection.fetchrow(f"SELECT {_COLUMNS} FROM execution_file WHERE id = $1 FOR UPDATE", id)
    return File.one(row)


async def total_size(connection: Connection, execution_id: UUID) -> int:
    """The bytes of all files that an execution kept, those on their way included. Others that ask wait."""
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


async def set_content(connection: Connection, id: UUID, content_id: UUID, *, stored_at: datetime | None) -> None:
    """The content of a file is another one, or is there whole now."""
    await connection.execute(
        "UPDATE execution_file SET content_id = $2, stored_at = $3 WHERE id = $1", id, content_id, stored_at
    )


async def kept_before(
    connection: Connection, before: datetime, *, after: tuple[datetime, UUID], most: int
) -> list[OldFile]:
    """Up to so many files that were kept before a moment, the oldest first, from after that one on."""
    rows = await connection.fetch(
        "SELECT id, execution_id, kept_at FROM execution_file"
        " WHERE kept_at < $1 AND (kept_at, id) > ($2, $3) ORDER BY kept_at, id LIMIT $4",
        before,
        *after,
        most,
    )
    return OldFile.all(rows)


async def forget(connection: Connection, ids: Sequence[UUID]) -> int:
    """Forget these files; gives how many there were."""
    done = await connection.execute("DELETE FROM execution_file WHERE id = ANY($1)", ids)
    return int(done.rpartition(" ")[2])


async def owners(connection: Connection, *, after: UUID, last: UUID) -> list[UUID]:
    """The executions that have files, of those with ids greater than `after` and up to `last`."""
    rows = await connection.fetch(
        "SELECT DISTINCT execution_id FROM execution_file WHERE execution_id > $1 AND execution_id <= $2", after, last
    )
    return [row["execution_id"] for row in rows]


async def forget_of(connection: Connection, execution_ids: Sequence[UUID]) -> int:
    """Forget all files of these executions; gives how many there were."""
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
