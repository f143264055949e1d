"""The partitions of `execution_event`: created before their week begins, dropped when nothing in them has to be kept
any more.

A week contains the events of the executions that were created in it. It is divided into three parts, because logs, kept
values and other events are kept for different times. Events without a week of their own are in the default partition;
those that are older than the partitions are in `execution_event_first`. These two are not divided: they are *mixed*.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from uuid import UUID

import asyncpg

from exekra.hub.core.database import Connection
from exekra.kit.ids import first_id

WEEK = timedelta(days=7)
AHEAD = 2
"""How many weeks are created before they begin."""

DEFAULT = "execution_event_default"
_DETACHED = ".detached"
_LOCK = 0x45786B50
"""Only one Hub at a time creates or drops partitions; the letters "ExkP"."""
_BOUND = re.compile(r"FROM \((?:'([0-9a-f-]+)'|MINVALUE)\) TO \('([0-9a-f-]+)'\)")


class Part(StrEnum):
    """What a week is divided into."""

    LOGS = "logs"
    VALUES = "values"
    EVENTS = "events"


_OF_PART = {
    Part.LOGS: "old.kind = 'log'",
    Part.VALUES: "old.kind = 'checkpoint'",
    Part.EVENTS: "old.kind NOT IN ('log', 'checkpoint')",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table that holds events.

    Attributes:
        name: Its name.
        part: What it contains; None if it contains all three.
        rows: As PostgreSQL last estimated.
        bytes: With its indexes.
        is_empty: Whether it has had no rows since it was created or emptied.
    """

    name: str
    part: Part | None
    rows: int
    bytes: int
    is_empty: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Partition:
    """The executions of a period, by their ids.

    Attributes:
        name: The partition's name.
        first: Its smallest id; None if it has no lower bound.
        end: The smallest id after it; None for the default partition.
        tables: The tables that it consists of.
    """

    name: str
    first: UUID | None
    end: UUID | None
    tables: Sequence[Table]

    @property
    def is_mixed(self) -> bool:
        """Whether it is one table, not divided."""
        return any(table.part is None for table in self.tables)


def monday_of(moment: datetime) -> datetime:
    """When the week of that moment began, in UTC."""
    day = moment.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return day - timedelta(days=day.weekday())


async def partitions(connection: Connection) -> list[Partition]:
    """All partitions, oldest first, the default one last."""
    rows = await connection.fetch(
        """
        SELECT top.relname AS partition, pg_get_expr(top.relpartbound, top.oid) AS bound, leaf.relname AS name,
            leaf.oid <> top.oid AS is_part, greatest(leaf.reltuples, 0)::bigint AS rows,
            coalesce(pg_relation_size(leaf.oid), 0) = 0 AS is_empty,
            coalesce(pg_total_relation_size(leaf.oid), 0) AS bytes
        FROM pg_inherits whole JOIN pg_class top ON top.oid = whole.inhrelid
        LEFT JOIN pg_inherits divided ON divided.inhparent = top.oid
        LEFT JOIN pg_class leaf ON leaf.oid = coalesce(divided.inhrelid, CASE WHEN top.relkind = 'r' THEN top.oid END)
        WHERE whole.inhparent = 'execution_event'::regclass
        ORDER BY 1, 3
        """
    )
    tables: dict[tuple[str, str], list[Table]] = {}
    for row in rows:
        found = tables.setdefault((row["partition"], row["bound"]), [])
        if row["name"] is not None:
            part = Part(row["name"].rpartition("_")[2]) if row["is_part"] else None
            found.append(
                Table(name=row["name"], part=part, rows=row["rows"], bytes=row["bytes"], is_empty=row["is_empty"])
            )
    made = []
    for (name, bound), its_tables in tables.items():
        match = _BOUND.search(bound)
        first, end = (match[1] and UUID(match[1]), UUID(match[2])) if match else (None, None)
        made.append(Partition(name=name, first=first or None, end=end, tables=its_tables))
    return sorted(made, key=lambda one: (one.end is None, one.end.int if one.end else 0))


async def make_ahead(connection: Connection, now: datetime) -> list[str]:
    """Create the partitions of this week and of those that begin soon; returns the names of new ones.

    Args:
        connection: A transaction.
        now: The time by which ids are generated.
    """
    there = await partitions(connection)
    this_week = monday_of(now)
    missing = [
        monday
        for monday in (this_week + WEEK * number for number in range(AHEAD + 1))
        if not any(
            one.end is not None and (one.first is None or one.first <= first_id(monday)) and first_id(monday) < one.end
            for one in there
        )
    ]
    if not missing:
        return []
    await connection.execute("SET LOCAL lock_timeout = '2s'")
    await connection.execute("SELECT pg_advisory_xact_lock($1)", _LOCK)
    names = {one.name for one in await partitions(connection)}
    return [name for monday in missing if (name := _name(monday)) not in names and await make_week(connection, monday)]


def _name(monday: datetime) -> str:
    return f"execution_event_{monday:%Y%m%d}"


async def make_week(connection: Connection, monday: datetime) -> bool:
    """Create a week, in the caller's transaction. Events that arrived before it existed are moved out of the default
    partition.
    """
    name, first, end = _name(monday), first_id(monday), first_id(monday + WEEK)
    kept = "WITH (autovacuum_vacuum_insert_scale_factor = 0.1)"
    await connection.execute(
        f"""
        CREATE TABLE {name} (LIKE execution_event) PARTITION BY LIST (kind);
        CREATE TABLE {name}_logs PARTITION OF {name} (PRIMARY KEY (execution_id, sequence))
            FOR VALUES IN ('log') {kept};
        CREATE TABLE {name}_values PARTITION OF {name} (PRIMARY KEY (execution_id, sequence))
            FOR VALUES IN ('checkpoint') {kept};
        CREATE TABLE {name}_events PARTITION OF {name} (PRIMARY KEY (execution_id, sequence)) DEFAULT {kept};
        CREATE INDEX {name}_visit ON {name}_events (execution_id, node, sequence)
            WHERE kind IN ('node.entered', 'node.left');
        CREATE INDEX {name}_metric ON {name}_events (execution_id, sequence) WHERE kind = 'metric';
        LOCK TABLE {DEFAULT} IN ACCESS EXCLUSIVE MODE;
        WITH astray AS (
            DELETE FROM {DEFAULT} WHERE execution_id >= '{first}' AND execution_id < '{end}' RETURNING *
        )
        INSERT INTO {name} (execution_id, sequence, at, kind, level, node, body)
        SELECT execution_id, sequence, at, kind, level, node, body FROM astray;
        ALTER TABLE execution_event ATTACH PARTITION {name} FOR VALUES FROM ('{first}') TO ('{end}');
        """
    )
    return True


async def detach(connection: Connection, partition: Partition) -> None:
    """Take a partition away, in the caller's transaction; `drop_detached` removes it.

    Raises:
        asyncpg.LockNotAvailableError: Somebody uses `execution_event` for long, such as a backup; try again later.
            Nobody has to wait behind this for longer than a moment.
    """
    # While this lasts nobody can store an event: so it does not wait for the disk, nor remove any file. Should a crash
    # undo it, the next run does it again.
    await connection.execute(
        f"""
        SET LOCAL lock_timeout = '100ms';
        SET LOCAL synchronous_commit = off;
        ALTER TABLE execution_event DETACH PARTITION "{partition.name}";
        ALTER TABLE "{partition.name}" RENAME TO "{partition.name}{_DETACHED}";
        """
    )


async def drop_detached(connection: Connection) -> None:
    """Drop what was detached, in the caller's transaction.

    Raises:
        asyncpg.LockNotAvailableError: Somebody reads it.
    """
    rows = await connection.fetch(
        "SELECT relname FROM pg_class WHERE relname LIKE $1 AND relkind IN ('p', 'r') AND NOT relispartition"
        " AND pg_table_is_visible(oid)",
        f"execution\\_event\\_%{_DETACHED}",
    )
    await connection.execute("SET LOCAL lock_timeout = '100ms'")
    for row in rows:
        await connection.execute(f'DROP TABLE "{row["relname"]}"')


async def empty(connection: Connection, table: Table) -> None:
    """Remove all rows of a part of a week in one step, in the caller's transaction.

    Raises:
        asyncpg.LockNotAvailableError: It is being read.
    """
    await connection.execute("SET LOCAL lock_timeout = '100ms'")
    await connection.execute(f'TRUNCATE TABLE "{table.name}"')


async def count(connection: Connection, table: Table) -> int:
    """How many rows a table has: estimated, because counting would read all of it; counted if there is no estimate."""
    if table.rows:
        return table.rows
    rows: int = await connection.fetchval(f'SELECT count(*) FROM "{table.name}"')
    return rows


async def forget_mixed_values(connection: Connection, *, table: str, before: datetime, most: int) -> int:
    """Remove kept values of executions that ended before that moment, up to a limit; returns how many there were.

    Args:
        connection: A transaction.
        table: A mixed partition.
        before: The moment.
        most: The most to remove.
    """
    # The position of a row (ctid) identifies it within one table only, so this never uses `execution_event` itself.
    done = await connection.execute(
        f"""
        DELETE FROM "{table}" WHERE ctid = ANY(ARRAY(
            SELECT kept.ctid FROM "{table}" kept LEFT JOIN execution e ON e.id = kept.execution_id
            WHERE kept.kind = 'checkpoint' AND kept.at < $1 AND (e.id IS NULL OR e.finished_at < $1)
            ORDER BY kept.at LIMIT $2 FOR UPDATE OF kept SKIP LOCKED
        ))
        """,
        before,
        most,
    )
    return int(done.rsplit(maxsplit=1)[-1])


async def forget_orphans(connection: Connection, *, after: UUID, last: UUID) -> None:
    """Remove what the default partition holds of executions that are gone. That of a week goes with the week.

    Args:
        connection: A transaction.
        after: Only of executions with greater ids.
        last: Only of executions with ids up to this one.
    """
    await connection.execute(
        f"""
        DELETE FROM {DEFAULT} orphan WHERE execution_id > $1 AND execution_id <= $2
            AND NOT EXISTS (SELECT FROM execution e WHERE e.id = orphan.execution_id)
        """,
        after,
        last,
    )


async def oldest(connection: Connection, table: Table) -> datetime | None:
    """When the first event of a table happened, approximately: that of the execution with the smallest id.

    None where the table is empty, or was dropped after it was listed.
    """
    first = f'SELECT at FROM "{table.name}" ORDER BY execution_id LIMIT 1'
    try:
        async with connection.transaction():  # the caller's goes on if the table is gone
            at: datetime | None = await connection.fetchval(first)
    except asyncpg.UndefinedTableError:
        return None
    return at


async def forget_default(connection: Connection, *, part: Part, before: datetime, most: int) -> int:
    """Remove rows from the default partition whose executions ended before that moment or no longer exist, up to a
    limit.

    Args:
        connection: A transaction.
        part: Logs or other events.
        before: The moment.
        most: The most to remove.
    """
    done = await connection.execute(
        f"""
        DELETE FROM {DEFAULT} WHERE ctid = ANY(ARRAY(
            SELECT old.ctid FROM {DEFAULT} old LEFT JOIN execution e ON e.id = old.execution_id
            WHERE old.at < $1 AND {_OF_PART[part]} AND (e.id IS NULL OR e.finished_at < $1)
            LIMIT $2 FOR UPDATE OF old SKIP LOCKED
        ))
        """,
        before,
        most,
    )
    return int(done.rsplit(maxsplit=1)[-1])
