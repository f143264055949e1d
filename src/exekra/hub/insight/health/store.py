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
    """The largest tables with their indexes: `name`, `bytes`, `rows` as last estimated (null when never)."""
    return await connection.fetch(
        """
        SELECT c.relname AS name, pg_total_relation_size(c.oid) AS bytes,
            CASE WHEN c.reltuples >= 0 THEN c.reltuples::bigint END AS rows
        FROM pg_class c WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r'
        ORDER BY 2 DESC, 1 LIMIT $1
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


async def answer(connection: Connection) -> None:
    """Ask something that costs nothing, to see how long an answer takes."""
    await connection.fetchval("SELECT 1")
