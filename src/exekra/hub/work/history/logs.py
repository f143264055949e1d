"""Reads a log from either end, in windows: however long the log is, each query reads a bounded part of it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from uuid import UUID

from exekra.hub.core.database import Connection, Database
from exekra.hub.work.ledger import event_store
from exekra.hub.work.ledger.event_store import LogFilter, LogLine

SEARCHED = 50_000
"""The most events that one request searches."""
LINES_AT_ONCE = 1_000
"""How many lines of a download are written at a time: the Hub serves other requests in between."""


async def read_page(
    connection: Connection, id: UUID, *, position: int, last: int, newest_first: bool, limit: int, wanted: LogFilter
) -> tuple[Sequence[LogLine], int | None]:
    """One page of a log, and the position at which the next one begins; None at the end.

    Args:
        connection: The connection to read with.
        id: The execution.
        position: The sequence of the first event that may be on the page.
        last: The sequence of the execution's last event.
        newest_first: Read towards the beginning.
        limit: The most lines.
        wanted: Which lines to return.
    """
    first = max(1, position - SEARCHED + 1) if newest_first else max(1, position)
    until = min(last, position) if newest_first else min(last, first + SEARCHED - 1)
    rows = await event_store.log_lines(
        connection, id, first=first, last=until, newest_first=newest_first, limit=limit + 1, wanted=wanted
    )
    if len(rows) > limit:
        return rows[:limit], rows[limit].sequence
    if newest_first:
        return rows, first - 1 if first > 1 else None
    return rows, until + 1 if until < last else None


async def export(database: Database, id: UUID, *, last: int, wanted: LogFilter) -> AsyncIterator[bytes]:
    """All lines up to the event `last` as text, a part at a time."""
    position: int | None = 1
    while position is not None:
        async with database.reading() as connection:
            rows, position = await read_page(
                connection,
                id,
                position=position,
                last=last,
                newest_first=False,
                limit=LINES_AT_ONCE,
                wanted=wanted,
            )
        yield "".join(map(_line, rows)).encode()


def _line(row: LogLine) -> str:
    moment = row.at.isoformat(timespec="milliseconds")
    node = f" [{row.body['node']}]" if row.body.get("node") else ""
    message = row.body["message"].replace("\n", "\n    ")
    return f"{moment} {row.level.upper():7}{node} {message}\n"
