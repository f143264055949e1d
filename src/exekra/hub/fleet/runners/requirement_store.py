"""What executions require of a Runner, and which Runners meet it, in PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from exekra.hub.core.database import Connection
from exekra.hub.core.rows import Row


class Requirement(Row, frozen=True):
    """What executions ask of a Runner."""

    runner_type: str | None
    labels: list[str]
    capabilities: list[str]
    runner_id: UUID | None


class FittingRunner(Row, frozen=True):
    """A Runner, and how far it fits; `known` when it was ever connected."""

    name: str
    state: str
    labels: list[str]
    resting_until: datetime | None
    connection_id: UUID | None
    lost_at: datetime | None
    problem: str | None
    known: bool
    pin_fits: bool
    type_fits: bool
    labels_fit: bool
    capabilities_fit: bool
    activities_fit: bool


class LackingRunner(Row, frozen=True):
    """What the machine of the Runner of that name lacks for an activity."""

    runner: str
    activity: str
    lacks: list[str]


async def find_or_make(
    connection: Connection,
    *,
    key: str,
    runner_type: str | None,
    labels: Sequence[str],
    activities: Sequence[str],
    capabilities: Sequence[str],
    runner_id: UUID | None,
    now: datetime,
) -> int:
    """The id of the requirement with that key, which is created if necessary. Its time of use is updated."""
    found: int = await connection.fetchval(
        """
        INSERT INTO requirement (key, runner_type, labels, activities, capabilities, runner_id, used_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT (key) DO UPDATE SET used_at = greatest(requirement.used_at, excluded.used_at)
        RETURNING id
        """,
        key,
        runner_type,
        list(labels),
        list(activities),
        list(capabilities),
        runner_id,
        now,
    )
    return found


async def remove(connection: Connection, *, used_before: datetime) -> int:
    """Remove the requirements that were last used before that moment; returns how many there were."""
    done = await connection.execute("DELETE FROM requirement WHERE used_at < $1", used_before)
    return int(done.rsplit(maxsplit=1)[-1])


async def get(connection: Connection, id: int) -> Requirement:
    """What executions with that requirement require of a Runner."""
    row = await connection.fetchrow(
        "SELECT runner_type, labels, capabilities, runner_id FROM requirement WHERE id = $1", id
    )
    assert row is not None, "a requirement outlasts its executions"
    return Requirement.one(row)


async def fitting(connection: Connection, requirement_id: int) -> list[FittingRunner]:
    """All Runners, and how far each is suitable; the suitable ones first."""
    rows = await connection.fetch(
        """
        SELECT r.name, r.state, r.labels, r.resting_until, r.connection_id, r.lost_at, r.problem,
            r.catalogue_hash IS NOT NULL AS known, f.pin_fits, f.type_fits, f.labels_fit, f.capabilities_fit,
            f.activities_fit
        FROM fitting f JOIN runner r ON r.id = f.runner_id
        WHERE f.requirement_id = $1 ORDER BY f.fits DESC, r.name LIMIT 2000
        """,
        requirement_id,
    )
    return FittingRunner.all(rows)


async def missing_activities(connection: Connection, requirement_id: int) -> list[str]:
    """Activities of a requirement that no otherwise suitable Runner can do."""
    rows = await connection.fetch(
        """
        SELECT wanted.activity FROM requirement q CROSS JOIN unnest(q.activities) AS wanted (activity)
        WHERE q.id = $1 AND NOT EXISTS (
            SELECT FROM fitting f JOIN runner r ON r.id = f.runner_id
            JOIN runner_catalogue c ON c.hash = r.catalogue_hash
            WHERE f.requirement_id = q.id AND f.pin_fits AND f.type_fits AND f.labels_fit
              AND wanted.activity = ANY(c.activities)
        ) ORDER BY 1
        """,
        requirement_id,
    )
    return [row["activity"] for row in rows]


async def lacking(connection: Connection, requirement_id: int) -> list[LackingRunner]:
    """Activities of a requirement that an otherwise suitable Runner has but cannot do."""
    rows = await connection.fetch(
        """
        SELECT r.name AS runner, entry ->> 'id' AS activity,
            ARRAY(SELECT json_array_elements_text(entry -> 'lacks')) AS lacks
        FROM requirement q JOIN fitting f ON f.requirement_id = q.id JOIN runner r ON r.id = f.runner_id
        JOIN runner_catalogue c ON c.hash = r.catalogue_hash CROSS JOIN json_array_elements(c.entries) AS entry
        WHERE q.id = $1 AND f.pin_fits AND f.type_fits AND f.labels_fit AND NOT f.activities_fit
          AND json_array_length(coalesce(entry -> 'lacks', '[]')) > 0
          AND (entry ->> 'id' = ANY(q.activities)
               OR EXISTS (SELECT FROM json_array_elements_text(coalesce(entry -> 'aliases', '[]')) AS alias (name)
                          WHERE alias.name = ANY(q.activities)))
        ORDER BY 1, 2 LIMIT 200
        """,
        requirement_id,
    )
    return LackingRunner.all(rows)
