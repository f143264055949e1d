"""What PostgreSQL tells of itself, and what it keeps."""

from __future__ import annotations

from exekra.hub.core.database import Connection, Record


async def server(connection: Connection) -> Record:
    """The server and this database. Any role may ask for these."""
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
    return row


async def tables(connection: Connection, *, most: int) -> list[Record]:
    """The largest tables with their indexes: `name`, `bytes`, `rows` as last estimated (null when never).

    A table in partitions is one.
    """
    return await connection.fetch(
        """
        SELECT whole.relname AS name, sum(pg_total_relation_size(c.oid))::bigint AS bytes,
            sum(c.reltuples) FILTER (WHERE c.reltuples >= 0)::bigint AS rows
        FROM pg_class c JOIN pg_class whole ON whole.oid = coalesce(pg_partition_root(c.oid), c.oid)
        WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r'
        GROUP BY whole.relname ORDER BY 2 DESC, 1 LIMIT $1
        """,
        most,
    )


async def work(connection: Connection) -> Record:
    """What waits, what runs, and the Runners by state."""
    row = await connection.fetchrow(
        """
        SELECT (SELECT count(*) FROM execution WHERE state = 'QUEUED') AS queued,
            (SELECT count(*) FROM execution WHERE state IN ('ASSIGNED', 'RUNNING')) AS underway,
            count(*) FILTER (WHERE state = 'ONLINE') AS online, count(*) FILTER (WHERE state = 'BUSY') AS busy,
            count(*) FILTER (WHERE state = 'OFFLINE') AS offline,
            array_agg(DISTINCT version) FILTER (WHERE version IS NOT NULL AND online) AS versions
        FROM runner
        """
    )
    assert row is not None, "counting gives a row"
    return row


async def hubs(connection: Connection) -> list[Record]:
    """The Hubs that work on this database: `id`, `seen_at`."""
    return await connection.fetch("SELECT id, seen_at FROM hub_process ORDER BY id")


async def retention(connection: Connection) -> Record:
    """The last run that removed what is kept no longer."""
    row = await connection.fetchrow(
        """
        SELECT began_at, ended_at, next_at, problem,
            (SELECT coalesce(sum((kind.value ->> 'rows')::bigint), 0) FROM jsonb_each(removed) kind)::bigint AS rows
        FROM reporting_retention
        """
    )
    assert row is not None, "the view has one row"
    return row


async def answer(connection: Connection) -> None:
    """Ask something that costs nothing, to see how long an answer takes."""
    await connection.fetchval("SELECT 1")
