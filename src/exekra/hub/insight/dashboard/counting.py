"""Executions counted by state, period and workflow, and the workflows that ran most."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from exekra.hub.core.database import Connection
from exekra.hub.core.periods import Period, id_bounds
from exekra.hub.insight.dashboard import store
from exekra.hub.insight.dashboard.rows import NewestExecution
from exekra.hub.insight.dashboard.schemas import LastExecution, WorkflowFigures, production_filter
from exekra.hub.work.ledger.states import FINAL, State

MOST_MEASURED = 500
"""How many executions the percentiles of a workflow are based on."""
TREND_PARTS = 12
MOST_REMEMBERED = 5_000
SETTLED = timedelta(minutes=10)
"""After this long, nothing is committed with an id of that period any more, even if the clocks of Hubs differ."""

Counts = Mapping[State, int]


class PastCounts:
    """The results of `counts`, cached for periods that are long over: ended executions never change.

    A period that others request too, such as a full hour or day, is counted once.
    """

    def __init__(self) -> None:
        self._known: dict[Period, Counts] = {}

    async def of(self, connection: Connection, periods: Sequence[Period], now: datetime) -> list[Counts]:
        """How many executions of each period are in which state."""
        unknown = [period for period in periods if period not in self._known]
        found = dict(zip(unknown, await counts(connection, unknown), strict=True))
        every = [found.get(period) or self._known[period] for period in periods]
        if len(self._known) > MOST_REMEMBERED:
            self._known.clear()
        for period, one in found.items():
            if period.until < now - SETTLED and all(one[state] == 0 for state in State if state not in FINAL):
                self._known[period] = one
        return every


async def counts(connection: Connection, periods: Sequence[Period]) -> list[Counts]:
    """How many executions of each period are in which state."""
    found = [dict.fromkeys(State, 0) for _ in periods]
    for row in await store.counts(connection, *id_bounds(periods), list(State)):
        found[row.place][row.state] = row.count
    return [*found]


async def counts_by_workflow(
    connection: Connection, periods: Sequence[Period], workflow_ids: Sequence[UUID] | None = None
) -> dict[UUID, list[Counts]]:
    """The same for each workflow that has executions in one of the periods, or for those only."""
    found: dict[UUID, list[dict[State, int]]] = {}
    for row in await store.counts_by_workflow(connection, *id_bounds(periods), list(State), workflow_ids):
        by_period = found.setdefault(row.workflow_id, [dict.fromkeys(State, 0) for _ in periods])
        by_period[row.place][row.state] = row.count
    return {id: [*by_period] for id, by_period in found.items()}


def success_rate(of: Counts) -> float | None:
    """Completed / (completed + failed); None when none has ended."""
    ended = of[State.COMPLETED] + of[State.FAILED]
    return of[State.COMPLETED] / ended if ended else None


async def busiest(
    connection: Connection, period: Period, by_workflow: Mapping[UUID, Sequence[Counts]], *, most: int
) -> list[WorkflowFigures]:
    """The workflows with the most executions in the period that these counts are of."""
    ids = sorted(by_workflow, key=lambda one: (-sum(by_workflow[one][0].values()), one))[:most]
    if not ids:
        return []
    parts = await counts_by_workflow(connection, [period.before, *period.parts(TREND_PARTS)], ids)
    nothing: list[Counts] = [dict.fromkeys(State, 0)] * (1 + TREND_PARTS)
    seconds = {
        row.workflow_id: row.seconds for row in await store.durations(connection, *period.ids, ids, most=MOST_MEASURED)
    }
    newest = {row.workflow_id: row for row in await store.latest(connection, ids, list(State))}
    return [
        _figures(newest[id], by_workflow[id][0], parts.get(id, nothing), seconds.get(id), period)
        for id in ids
        if id in newest
    ]


def _figures(
    newest: NewestExecution,
    now: Counts,
    parts: Sequence[Counts],
    seconds: Sequence[float | None] | None,
    period: Period,
) -> WorkflowFigures:
    before, *trend = parts
    p50, p95, p99 = seconds or (None, None, None)
    return WorkflowFigures(
        id=newest.workflow_id,
        name=newest.name,
        executions=sum(now.values()),
        completed=now[State.COMPLETED],
        failed=now[State.FAILED],
        stopped=now[State.STOPPED],
        success_rate=success_rate(now),
        seconds_p50=p50,
        seconds_p95=p95,
        seconds_p99=p99,
        last=LastExecution.model_validate(newest, from_attributes=True),
        trend=[sum(part.values()) for part in trend],
        executions_before=sum(before.values()),
        success_rate_before=success_rate(before),
        filter=production_filter(workflow_id=newest.workflow_id, since=period.since, until=period.until),
    )
