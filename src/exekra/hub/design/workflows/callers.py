"""Calls use names: removing a name breaks the published workflows that call it."""

from __future__ import annotations

from exekra.hub.core.database import Connection
from exekra.hub.core.errors import Conflict
from exekra.hub.design.workflows import caller_store

MOST_NAMED = 5


async def refuse_to_break(connection: Connection, name: str) -> None:
    """Refuse to remove a workflow's name while published workflows call it.

    Raises:
        Conflict: They do (code `has-callers`); `problems` has each of them.
    """
    callers = [row for row in await caller_store.callers(connection, name) if row.published]
    if not callers:
        return
    names = [repr(row.name) for row in callers]
    listed = ", ".join(names[:MOST_NAMED])
    if len(names) > MOST_NAMED:
        listed += f" and {len(names) - MOST_NAMED} more"
    raise Conflict(
        f"{listed} {'calls' if len(names) == 1 else 'call'} {name!r} by name and would fail.",
        code="has-callers",
        where="path.workflow_id",
        hint="Change and publish what calls it first, or repeat the request with ?break_callers=true.",
        problems=[{"message": f"{row.name!r} calls it.", "where": str(row.id)} for row in callers],
    )
