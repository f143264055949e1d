"""The contents, in PostgreSQL: one row for each, however many things refer to it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from exekra.hub.core.database import Connection
from exekra.hub.core.rows import Row


class Content(Row, frozen=True):
    """Bytes that are stored or being received.

    Attributes:
        sha256: None until it is complete.
        size: The number of bytes of the complete content.
        stored: The number of bytes stored so far.
        chunk_bytes: The size of each chunk but the last.
        chunks: The names of its objects, in order.
    """

    id: UUID
    sha256: bytes | None
    size: int
    stored: int
    chunk_bytes: int
    chunks: list[UUID]

    @property
    def folder(self) -> str:
        """Where its chunks are in the storage."""
        return f"{self.id.hex[-2:]}/{self.id}"

    def object_name(self, chunk: UUID) -> str:
        """Where a chunk is in the storage."""
        return f"{self.folder}/{chunk.hex}"


_COLUMNS = "id, sha256, size, stored, chunk_bytes, chunks"


async def insert(connection: Connection, id: UUID, *, size: int, chunk_bytes: int, now: datetime) -> None:
    """Add a content that is about to be received."""
    await connection.execute(
        "INSERT INTO content (id, size, chunk_bytes, touched_at) VALUES ($1, $2, $3, $4)", id, size, chunk_bytes, now
    )


async def get(connection: Connection, id: UUID) -> Content | None:
    """A content that is not removed."""
    row = await connection.fetchrow(f"SELECT {_COLUMNS} FROM content WHERE id = $1 AND NOT removed", id)
    return Content.one(row)


async def find(connection: Connection, sha256: bytes) -> Content | None:
    """The content with that hash. It cannot be removed during the transaction."""
    row = await connection.fetchrow(
        f"SELECT {_COLUMNS} FROM content WHERE sha256 = $1 AND NOT removed FOR KEY SHARE", sha256
    )
    return Content.one(row)


async def hold(connection: Connection, id: UUID) -> Content | None:
    """A content that is not removed. It stays for as long as the transaction lasts."""
    row = await connection.fetchrow(f"SELECT {_COLUMNS} FROM content WHERE id = $1 AND NOT removed FOR KEY SHARE", id)
    return Content.one(row)


async def touch(connection: Connection, id: UUID, *, now: datetime) -> None:
    """Somebody is going to use a content: it stays for a while, although nothing refers to it yet."""
    await connection.execute("UPDATE content SET touched_at = $2 WHERE id = $1", id, now)


async def append(connection: Connection, id: UUID, chunk: UUID, *, offset: int, length: int, now: datetime) -> bool:
    """Note that a chunk was stored; False if another one is stored there already, or the content no longer exists."""
    done = await connection.execute(
        "UPDATE content SET chunks = chunks || $2::uuid, stored = stored + $4, touched_at = $5"
        " WHERE id = $1 AND stored = $3 AND sha256 IS NULL AND NOT removed",
        id,
        chunk,
        offset,
        length,
        now,
    )
    return done == "UPDATE 1"


async def seal(connection: Connection, id: UUID, sha256: bytes) -> bool:
    """Note that it is complete; False if an equal content is stored already."""
    done = await connection.execute(
        "UPDATE content c SET sha256 = $2, size = stored WHERE id = $1 AND NOT EXISTS ("
        " SELECT FROM content other WHERE other.sha256 = $2 AND NOT other.removed)",
        id,
        sha256,
    )
    return done == "UPDATE 1"


async def set_removed(connection: Connection, id: UUID) -> None:
    """Note that nothing refers to it any more: its objects are then removed from the storage."""
    await connection.execute("UPDATE content SET removed = true WHERE id = $1", id)


async def remove_unused(connection: Connection, *, before: datetime, limit: int) -> None:
    """Mark as removed what nothing refers to and what has not been touched since then."""
    await connection.execute(
        """
        UPDATE content SET removed = true WHERE id IN (
            SELECT c.id FROM content c
            WHERE NOT c.removed AND c.touched_at < $1
              AND NOT EXISTS (SELECT FROM content_use u WHERE u.content_id = c.id)
            LIMIT $2 FOR UPDATE OF c SKIP LOCKED)
        """,
        before,
        limit,
    )


async def removed(connection: Connection, *, limit: int) -> Sequence[Content]:
    """What is marked as removed and still has objects in the storage."""
    rows = await connection.fetch(f"SELECT {_COLUMNS} FROM content WHERE removed ORDER BY id LIMIT $1", limit)
    return Content.all(rows)


async def used_bytes(connection: Connection) -> int:
    """The bytes of all contents in the storage."""
    total: int = await connection.fetchval("SELECT coalesce(sum(stored), 0)::bigint FROM content WHERE NOT removed")
    return total


async def forget(connection: Connection, id: UUID) -> None:
    """Remove the row of a content whose objects have been removed."""
    await connection.execute("DELETE FROM content WHERE id = $1 AND removed", id)
