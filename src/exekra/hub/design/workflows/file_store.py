"""The files of workflows, in PostgreSQL: sets that never change, which versions share."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from exekra.hub.core.database import Connection
from exekra.hub.core.rows import Row
from exekra.kit.ids import new_id


class WorkflowFile(Row, frozen=True):
    """A file that belongs to a version.

    Attributes:
        path: Relative to the folder of the workflow, with `/` between the parts.
        size: Bytes.
        sha256: The hash of its content.
    """

    path: str
    size: int
    sha256: bytes
    content_id: UUID


async def add_set(connection: Connection, workflow_id: UUID, files: Sequence[WorkflowFile]) -> UUID | None:
    """Make the set of these files for versions of the workflow; None for no files.

    The caller holds the contents, so that none of them is removed meanwhile.
    """
    if not files:
        return None
    id = new_id()
    await connection.execute(
        "INSERT INTO workflow_file_set (id, workflow_id, file_count, total_size) VALUES ($1, $2, $3, $4)",
        id,
        workflow_id,
        len(files),
        sum(file.size for file in files),
    )
    await connection.executemany(
        "INSERT INTO workflow_file (set_id, path, size, sha256, content_id) VALUES ($1, $2, $3, $4, $5)",
        [(id, file.path, file.size, file.sha256, file.content_id) for file in files],
    )
    return id


async def of_set(connection: Connection, set_id: UUID | None) -> list[WorkflowFile]:
    """The files of a set, by path."""
    if set_id is None:
        return []
    rows = await connection.fetch(
        'SELECT path, size, sha256, content_id FROM workflow_file WHERE set_id = $1 ORDER BY path COLLATE "C"', set_id
    )
    return WorkflowFile.all(rows)


async def used_bytes(connection: Connection) -> int:
    """The bytes of the contents that belong to workflows; one that several files share counts once."""
    total: int = await connection.fetchval(
        "SELECT coalesce(sum(size), 0)::bigint FROM (SELECT DISTINCT content_id, size FROM workflow_file) once"
    )
    return total
