"""What PostgreSQL reports about itself, and what it stores."""

from __future__ import annotations

from datetime import datetime

from exekra.hub.core.database import Connection
from exekra.hub.core.rows import Row


class Server(Row, frozen=True):
    """PostgreSQL and this database.

    Attributes:
        durable: It keeps what it confirmed when its machine fails.
        vacuums: It cleans its tables by itself.
    """

    version: str
    size_bytes: int
    connections_used: int
    connections_most: int
    revision: str
    now: datetime
    durable: bool
    vacuums: bool


class Table(Row, frozen=True):
    """A table with its indexes; `rows` as last estimated, None when never."""

    name: str
    bytes: int
    rows: int | None


class Work(Row, frozen=True):
    """What waits, what runs, and the Runners by state; versions and problems of those that are connected."""

    queued: int
    underway: int
    online: int
    busy: int
    offline: int
    versions: list[str] | None
    problems: list[str] | None


class LastRetention(Row, frozen=True):
    """The last run that removed expired data."""

    began_at: datetime | None
    ended_at: datetime | None
    next_at: datetime
    problem: str | None
    rows: int


async def server(connection: Connection) -> Server:
    """The server and this database. Any role may read these."""
    row = await connection.fetchrow(
        """
        SELECT current_setting('server_version') AS version, pg_database_size(current_database()) AS size_bytes,
            (SELECT sum(numbackends)::integer FROM pg_stat_database) AS connections_used,
            current_setting('max_connections')::integer AS connections_most,
            (SELECT version_num FROM alembic_version) AS revision, clock_timestamp() AS now,
            current_setting('fsync') = 'on' AND current_setting('synchronous_commit') <> 'off' AS durable,
            current_setting('autovacuum') = 'on' AS vacuums
        """
    )
    assert row is not None, "a query without a table has a row"
    return Server.one(row)


async def tables(connection: Connection, *, most: int) -> list[Table]:
    """The largest tables with their indexes. A table in partitions is one."""
    rows = await connection.fetch(
        """
        SELECT whole.relname AS name, sum(pg_total_relation_size(c.oid))::bigint AS bytes,
            sum(c.reltuples) FILTER (WHERE c.reltuples >= 0)::bigint AS rows
        FROM pg_class c JOIN pg_class whole ON whole.oid = coalesce(pg_partition_root(c.oid), c.oid)
        WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r'
        GROUP BY whole.relname ORDER BY 2 DESC, 1 LIMIT $1
        """,
        most,
    )
    return Table.all(rows)


async def work(connection: Connection) -> Work:
    """What waits, what runs, and the Runners by state."""
    row = await connection.fetchrow(
        """
        SELECT (SELECT count(*) FROM reporting_execution WHERE state = 'QUEUED') AS queued,
            (SELECT count(*) FROM reporting_execution WHERE state IN ('ASSIGNED', 'RUNNING')) AS underway,
            count(*) FILTER (WHERE state = 'ONLINE') AS online, count(*) FILTER (WHERE state = 'BUSY') AS busy,
            count(*) FILTER (WHERE state = 'OFFLINE') AS offline,
            array_agg(DISTINCT version) FILTER (WHERE version IS NOT NULL AND online) AS versions,
            array_agg(name || ': ' || problem ORDER BY name) FILTER (WHERE problem IS NOT NULL AND online) AS problems
        FROM reporting_runner
        """
    )
    assert row is not None, "counting gives a row"
    return Work.one(row)


async def retention(connection: Connection) -> LastRetention:
    """The last run that removed expired data."""
    row = await connection.fetchrow(
        """
        SELECT began_at, ended_at, next_at, problem,
            (SELECT coalesce(sum((kind.value ->> 'rows')::bigint), 0) FROM jsonb_each(removed) kind)::bigint AS rows
        FROM reporting_retention
        """
    )
    assert row is not None, "the view has one row"
    return LastRetention.one(row)


async def answer(connection: Connection) -> None:
    """Run a trivial query, to see how long a round trip takes."""
    await connection.fetchval("SELECT 1")
