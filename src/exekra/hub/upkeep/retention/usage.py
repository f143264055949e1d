"""How much is stored of each kind: gathered from the slices that own it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from exekra.hub.contents import store as contents_store
from exekra.hub.core.database import Connection
from exekra.hub.upkeep.retention.models import PARTS, Kind
from exekra.hub.work.files import store as files_store
from exekra.hub.work.ledger import partition_store as partitions
from exekra.hub.work.ledger import removal_store as removal


@dataclass(slots=True)
class Used:
    """Rows as last estimated, bytes with indexes, and when the oldest was created."""

    rows: int = 0
    bytes: int = 0
    oldest: datetime | None = None


async def usage(connection: Connection, *, workflow_files: int) -> dict[Kind, Used]:
    """How much is stored of what executions leave behind. A partition that is not divided counts as events.

    Args:
        connection: Where to look.
        workflow_files: The bytes of files that belong to workflows, which are in the same storage as the executions'.
    """
    used = {kind: Used() for kind in Kind}
    whole = used[Kind.EXECUTIONS]
    whole.rows, whole.bytes = await removal.used(connection)
    whole.oldest = await removal.oldest(connection)
    files = used[Kind.FILES]
    files.rows, files.oldest = await files_store.used(connection)
    files.bytes = max(0, await contents_store.used_bytes(connection) - workflow_files)
    for partition in await partitions.partitions(connection):
        for table in partition.tables:
            kind = Kind.EVENTS if table.part is None else PARTS[table.part]
            used[kind].rows += table.rows
            used[kind].bytes += table.bytes
            if not table.is_empty and (at := await partitions.oldest(connection, table)) is not None:
                used[kind].oldest = min(used[kind].oldest or at, at)
    return used
