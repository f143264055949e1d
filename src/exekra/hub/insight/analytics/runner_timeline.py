"""The route of the Runners' timeline."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import Query, Response
from pydantic import AwareDatetime, BaseModel, Field

from exekra.hub.core.database import Connection
from exekra.hub.core.errors import Invalid
from exekra.hub.core.hub import CurrentHub
from exekra.hub.core.periods import Period
from exekra.hub.fleet.runners import store as runners
from exekra.hub.fleet.runners.schemas import RunnerState
from exekra.hub.insight.analytics import store
from exekra.hub.insight.dashboard.service import CurrentFigures
from exekra.hub.web.access import slice_router
from exekra.hub.web.answers import error_answers
from exekra.hub.web.paging import Cursor, Limit, cut, read_cursor, write_cursor
from exekra.hub.work.ledger.states import FINAL, UNDERWAY
from exekra.kit import json
from exekra.kit.ids import first_id

router = slice_router("Analytics")
ORDER = "runner-timeline"

LONGEST = timedelta(days=31)
LOOK_BACK = timedelta(days=1)
MOST_READ, LEAST_READ = 40_000, 100
"""The most executions of each state in one answer, and of one Runner."""
MOST_SEGMENTS, LEAST_SEGMENTS, MOST_SEGMENTS_IN_ALL = 500, 60, 6_000
"""The most segments of one Runner, and in one answer: a page that shows many Runners has no room for more."""


class Segment(BaseModel):
    """A Runner held an execution, or several shortly after one another."""

    execution_id: UUID = Field(description="One of them if the segment covers several.")
    workflow_name: str = Field(description="Empty if the segment covers executions of several workflows.")
    state: str = Field(
        description="The state of the execution; MIXED if the segment covers several with different outcomes."
    )
    begins: datetime
    ends: datetime
    executions: int = Field(description="How many executions the segment covers.")
    busy_seconds: float


class Absence(BaseModel):
    """A period in which a Runner was OFFLINE."""

    begins: datetime
    ends: datetime | None = Field(description="Null while it lasts.")


class RunnerLine(BaseModel):
    """One Runner in the period."""

    runner_id: UUID
    name: str = Field(examples=["Accounting 1"])
    state: RunnerState
    last_heartbeat_at: datetime | None
    told_since: datetime = Field(
        description="Segments and utilisation start here: later than `since` if there are too many."
    )
    utilisation: float | None = Field(
        description="Percentage of the time since `told_since` in which the Runner held an execution."
    )
    segments: list[Segment] = Field(description="Oldest first, at most 501; fewer if there are many Runners.")
    absences: list[Absence] = Field(description="The periods in which it was OFFLINE, recorded for 31 days.")


class RunnerTimeline(BaseModel):
    """What the Runners did, and when."""

    since: datetime
    until: datetime
    items: list[RunnerLine]
    next_cursor: str | None


@router.get(
    "/api/analytics/runner-timeline",
    summary="Get the timeline of the Runners",
    response_model=RunnerTimeline,
    responses=error_answers(401, 403, 422),
)
async def get_runner_timeline(
    hub: CurrentHub,
    figures: CurrentFigures,
    since: Annotated[AwareDatetime | None, Query(description="Default: 24 hours before `until`.")] = None,
    until: Annotated[AwareDatetime | None, Query(description="Default: now.")] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
    runner_id: UUID | None = None,
) -> Response:
    """Runners by name, with the executions that they held in at most 31 days. Executions that were created more than a
    day before `since` and have ended are left out. An answer may be 5 seconds old.
    """
    now = hub.clock.now()
    period = Period.of(since, until, now, usual=timedelta(hours=24))
    if period.until - period.since > LONGEST:
        raise Invalid(f"The period must be at most {LONGEST.days} days.", where="query.since")
    after = read_cursor(cursor, ORDER, tuple[str, UUID])

    async def make() -> bytes:
        async with hub.database.reading() as connection:
            found = await _read_runners(connection, after, limit + 1, runner_id)
            found, next_cursor = cut(found, limit, lambda row: write_cursor(ORDER, (row.name.lower(), row.id)))
            lines = await _lines(connection, found, period, now)
        answer = {"since": period.since, "until": period.until, "items": lines, "next_cursor": next_cursor}
        return json.encode(answer)

    key = (ORDER, period.since, until, limit, after, runner_id)
    return Response(await figures.answers.get(key, make, seconds=5.0), media_type="application/json")


async def _read_runners(
    connection: Connection, after: tuple[str, UUID] | None, limit: int, runner_id: UUID | None
) -> list[runners.Runner]:
    if runner_id is not None:
        one = await runners.get(connection, runner_id)
        return [] if one is None else [one]
    nothing = dict.fromkeys(("state", "type", "label", "text"))
    return await runners.page(connection, after=after, limit=limit, **nothing)


async def _lines(
    connection: Connection, found: Sequence[runners.Runner], period: Period, now: datetime
) -> list[dict[str, object]]:
    ids = [row.id for row in found]
    until = min(period.until, now)
    segments = max(LEAST_SEGMENTS, min(MOST_SEGMENTS, MOST_SEGMENTS_IN_ALL // max(len(ids), 1)))
    # An unfinished execution may be older than any bound.
    bounds = dict.fromkeys(FINAL, first_id(period.since - LOOK_BACK)) | dict.fromkeys(UNDERWAY, UUID(int=0))
    rows = await store.held(
        connection,
        ids,
        states=[*bounds],
        lows=[*bounds.values()],
        high=first_id(period.until),
        since=period.since,
        until=until,
        cell=(period.until - period.since).total_seconds() / segments,
        most=max(LEAST_READ, MOST_READ // max(len(ids), 1)),
    )
    held: dict[UUID, list[store.HeldStretch]] = {id: [] for id in ids}
    for row in rows:
        held[row.runner_id].append(row)
    absences: dict[UUID, list[store.Absence]] = {id: [] for id in ids}
    for absence in await store.absences(connection, ids, period.since, period.until):
        absences[absence.runner_id].append(absence)
    return [_line(row, held[row.id], absences[row.id], period.since, until) for row in found]


def _line(
    runner: runners.Runner,
    held: Sequence[store.HeldStretch],
    absences: Sequence[store.Absence],
    since: datetime,
    until: datetime,
) -> dict[str, object]:
    """One Runner as `RunnerLine` describes it."""
    told_since = (held[0].told_since if held else None) or since
    length = (until - told_since).total_seconds()
    busy = sum(row.busy_seconds for row in held)
    return {
        "runner_id": runner.id,
        "name": runner.name,
        "state": runner.state,
        "last_heartbeat_at": runner.last_heartbeat_at,
        "told_since": told_since,
        "utilisation": min(100.0, round(100 * busy / length, 2)) if length > 0 else None,
        "segments": [{name: getattr(row, name) for name in Segment.model_fields} for row in held],
        "absences": [{"begins": row.began_at, "ends": row.ended_at} for row in absences],
    }
