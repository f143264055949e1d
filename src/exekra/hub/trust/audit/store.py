"""The audit log in PostgreSQL: rows are added and read; the database itself refuses everything else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from exekra.hub.core.actor import Actor
from exekra.hub.core.database import Connection
from exekra.hub.core.rows import Row
from exekra.kit.ids import first_id


async def insert(
    connection: Connection,
    *,
    id: UUID,
    actor: Actor,
    action: str,
    resource: str,
    resource_id: str | None,
    details: dict[str, Any] | None,
) -> None:
    """Add an entry; its time is that of the transaction."""
    await connection.execute(
        """
        INSERT INTO audit_log (id, actor_kind, actor_id, actor_name, ip, action, resource, resource_id, details)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        """,
        id,
        actor.kind,
        actor.id,
        actor.name,
        actor.ip,
        action,
        resource,
        resource_id,
        details,
    )


async def has_lately(
    connection: Connection, *, actor_id: UUID | None, action: str, resource: str, resource_id: str
) -> bool:
    """Whether there is such an entry from the last hour."""
    found: bool = await connection.fetchval(
        "SELECT EXISTS (SELECT FROM audit_log WHERE resource = $1 AND resource_id = $2 AND action = $3"
        " AND actor_id = $4 AND at > now() - interval '1 hour')",
        resource,
        resource_id,
        action,
        actor_id,
    )
    return found


NewEntry = tuple[UUID, Actor, str, str, str | None, dict[str, Any] | None]
"""Id, actor, action, resource, its id, details."""

_TYPES = ("uuid", "text", "uuid", "text", "text", "text", "text", "text", "jsonb")


PARAMETERS = len(_TYPES)


def insertion(*, first: int, condition: str = "true") -> str:
    """A statement that adds several entries, for a place where it is a part of a larger one.

    Args:
        first: The number of the first of its parameters, which are the `columns` of the entries.
        condition: Which of them are added; may refer to their `resource_id`.
    """
    arrays = ", ".join(f"${first + place}::{type}[]" for place, type in enumerate(_TYPES))
    return f"""
        INSERT INTO audit_log (id, actor_kind, actor_id, actor_name, ip, action, resource, resource_id, details)
        SELECT * FROM unnest({arrays})
            AS entry (id, actor_kind, actor_id, actor_name, ip, action, resource, resource_id, details)
        WHERE {condition}
        """


def columns(entries: Sequence[NewEntry]) -> list[list[Any]]:
    """The parameters of `insertion`."""
    return [
        [id for id, *_ in entries],
        [actor.kind for _, actor, *_ in entries],
        [actor.id for _, actor, *_ in entries],
        [actor.name for _, actor, *_ in entries],
        [actor.ip for _, actor, *_ in entries],
        [action for _, _, action, *_ in entries],
        [resource for _, _, _, resource, *_ in entries],
        [resource_id for *_, resource_id, _ in entries],
        [details for *_, details in entries],
    ]


_INSERT = insertion(first=1)


async def insert_all(connection: Connection, entries: Sequence[NewEntry]) -> None:
    """Add several entries."""
    await connection.execute(_INSERT, *columns(entries))


@dataclass(frozen=True, kw_only=True, slots=True)
class Filters:
    """Which entries to select; conditions that are None are left out.

    Attributes:
        text: Is part of the actor's name, the action, the resource, its id or the details, whatever its case.
        since: Only entries from this moment on.
        until: Only entries before this moment.
    """

    text: str | None = None
    actor_id: UUID | None = None
    action: str | None = None
    resource: str | None = None
    resource_id: str | None = None
    since: datetime | None = None
    until: datetime | None = None


_TEXT = "lower(concat_ws(' ', actor_name, action, resource, resource_id, ip, details::text))"
MOST_SEARCHED = 100_000
"""How many entries are searched for a text at a time: no index helps there, and a log may be of any length."""
_SLACK = timedelta(hours=1)
"""An entry's id is made a moment before its time is set: ids find the range in the index, and times decide exactly."""


class AuditEntry(Row, frozen=True):
    """An entry of the log."""

    at: datetime
    actor_kind: str
    actor_id: UUID | None
    actor_name: str
    ip: str | None
    action: str
    resource: str
    resource_id: str | None
    details: dict[str, Any] | None
    id: UUID


class AuditPosition(Row, frozen=True):
    """How far a search has come."""

    id: UUID
    at: datetime


_COLUMNS = ", ".join(AuditEntry.__struct_fields__)


async def page(
    connection: Connection, *, after: UUID | None, limit: int, filters: Filters, down_to: UUID | None = None
) -> list[AuditEntry]:
    """Matching entries, newest first, starting after the one with that id and ending with `down_to`."""
    conditions, values = _conditions(after, filters)
    for condition, value in (
        ("id >= ${}", down_to),
        (f"strpos({_TEXT}, lower(${{}})) > 0", filters.text or None),
    ):
        if value is not None:
            values.append(value)
            conditions.append(condition.format(len(values)))
    rows = await connection.fetch(
        f"SELECT {_COLUMNS} FROM audit_log WHERE {' AND '.join(conditions)} ORDER BY id DESC LIMIT {limit:d}",
        *values,
    )
    return AuditEntry.all(rows)


async def furthest(connection: Connection, *, after: UUID | None, filters: Filters) -> AuditPosition | None:
    """The last entry that one search for a text looks at; None where it looks at all that are left."""
    conditions, values = _conditions(after, filters)
    row = await connection.fetchrow(
        f"""
        SELECT id, at FROM audit_log WHERE id = (
            SELECT id FROM audit_log WHERE {" AND ".join(conditions)} ORDER BY id DESC
            OFFSET {MOST_SEARCHED - 1:d} LIMIT 1
        )
        """,
        *values,
    )
    return AuditPosition.one(row)


def _conditions(after: UUID | None, filters: Filters) -> tuple[list[str], list[Any]]:
    """All conditions except the text, and their values."""
    conditions, values = ["true"], list[Any]()
    for condition, value in (
        ("id < ${}", after),
        ("actor_id = ${}", filters.actor_id),
        ("action = ${}", filters.action),
        ("resource = ${}", filters.resource),
        ("resource_id = ${}", filters.resource_id),
        ("at >= ${}", filters.since),
        ("id >= ${}", _first_id(filters.since, -_SLACK)),
        ("at < ${}", filters.until),
        ("id < ${}", _first_id(filters.until, _SLACK)),
    ):
        if value is not None:
            values.append(value)
            conditions.append(condition.format(len(values)))
    return conditions, values


def _first_id(moment: datetime | None, later: timedelta) -> UUID | None:
    try:
        return None if moment is None else first_id(moment + later)
    except OverflowError:  # the first or the last possible day: no bound is needed
        return None


async def names(connection: Connection, ids: Sequence[UUID]) -> dict[str, str]:
    """The current names of the things with these ids, by id as text; those that no longer exist are missing."""
    rows = await connection.fetch(
        """
        SELECT id::text, name FROM reporting_workflow WHERE id = ANY($1)
        UNION ALL SELECT id::text, name FROM reporting_runner WHERE id = ANY($1)
        UNION ALL SELECT id::text, email FROM reporting_user WHERE id = ANY($1)
        UNION ALL SELECT id::text, workflow_name FROM reporting_execution WHERE id = ANY($1)
        """,
        ids,
    )
    return {row["id"]: row["name"] for row in rows}


async def actions(connection: Connection) -> list[str]:
    """Every action in the log, by name: one step in the index for each, however long the log is."""
    rows = await connection.fetch(
        """
        WITH RECURSIVE known AS (
            (SELECT action FROM audit_log ORDER BY action LIMIT 1)
            UNION ALL
            SELECT (SELECT action FROM audit_log WHERE action > known.action ORDER BY action LIMIT 1)
            FROM known WHERE known.action IS NOT NULL
        )
        SELECT action FROM known WHERE action IS NOT NULL
        """
    )
    return [row["action"] for row in rows]
