"""The table `rate_limit`: until when the allowance of a key is used up, shared by all Hubs on one database.

It is the generic cell rate algorithm (GCRA, ITU-T I.371): one timestamp is the whole state of a key. The table is
UNLOGGED: it costs no write-ahead log, and after a crash of PostgreSQL every client starts with a full allowance.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from exekra.hub.core.database import Connection


async def take(
    connection: Connection, key: str, now: datetime, *, count: int, interval: timedelta, window: timedelta
) -> bool:
    """Take `count` requests from a key's allowance, which grows back by one each `interval`, up to a whole `window`."""
    taken: bool | None = await connection.fetchval(
        """
        INSERT INTO rate_limit AS r (key, spent_until) VALUES ($1, $2::timestamptz + $3::interval)
        ON CONFLICT (key) DO UPDATE SET spent_until = greatest(r.spent_until, $2) + $3
        WHERE greatest(r.spent_until, $2) + $3 <= $2 + $4::interval
        RETURNING true
        """,
        key,
        now,
        interval * count,
        window,
    )
    return taken is not None


async def spent_until(connection: Connection, key: str) -> datetime | None:
    """The moment at which the key has its whole allowance again; None if it has it now."""
    found: datetime | None = await connection.fetchval("SELECT spent_until FROM rate_limit WHERE key = $1", key)
    return found


async def forget(connection: Connection, before: datetime) -> None:
    """Remove the keys that had their whole allowance back before that moment."""
    await connection.execute("DELETE FROM rate_limit WHERE spent_until < $1", before)
