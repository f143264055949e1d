"""Puts the dashboard together, and notes every minute how much there is to do."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import Depends

from exekra.hub.core.database import Connection
from exekra.hub.core.hub import CurrentHub, Hub
from exekra.hub.core.periods import Bucket, Period
from exekra.hub.insight.dashboard import attention, store
from exekra.hub.insight.dashboard.counting import (
    MOST_MEASURED,
    Counts,
    PastCounts,
    busiest,
    counts,
    counts_by_workflow,
    success_rate,
)
from exekra.hub.insight.dashboard.rows import ExecutionUnderway, Load, RegisteredRunner, WaitingExecutions
from exekra.hub.insight.dashboard.schemas import (
    Attention,
    Counted,
    Dashboard,
    ExecutionFilter,
    LoadOverTime,
    OverTime,
    Queue,
    RunnerTotals,
    Totals,
    WaitingByPriority,
    WaitingGroup,
    WorkflowFigures,
    production_filter,
)
from exekra.hub.web.shared_answers import SharedAnswers
from exekra.hub.work.executions.service import Executions
from exekra.hub.work.ledger.states import FINAL, UNDERWAY, State

logger = logging.getLogger(__name__)

MOST_GROUPS = 10
"""How many groups of waiting executions get a reason."""
USUAL_OF = timedelta(days=30)
SAMPLES_KEPT = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class _Present:
    """What the dashboard shows about all workflows together."""

    over_time: list[Counts]
    before: Counts
    queue: Queue
    runners: RunnerTotals
    underway: int
    attention: list[Attention]


class Figures:
    """The dashboard of one Hub."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self.answers = SharedAnswers(hub.clock)
        self._past = PastCounts()

    async def dashboard(self, period: Period, bucket: Bucket, zone: ZoneInfo, *, most_workflows: int) -> bytes:
        """The dashboard as JSON, shared by all who request the same at about the same time."""
        bounds = period.buckets(bucket, zone)

        async def make() -> bytes:
            made = await self._make(period, bucket, bounds, most_workflows)
            return made.model_dump_json().encode()

        # A request up to now may get the answer that another one got a moment ago: the end is then not part of the key.
        ends_now = abs(period.until - self._hub.clock.now()) < timedelta(seconds=10)
        key = (period.since, None if ends_now else period.until, bucket, zone.key, most_workflows)
        return await self.answers.get(key, make, seconds=period.freshness)

    async def _make(self, period: Period, bucket: Bucket, bounds: list[Period], most_workflows: int) -> Dashboard:
        # Both halves count every execution of the period, so each has a connection of its own.
        present, (workflows, failures) = await asyncio.gather(
            self._present(period, bounds), self._by_workflow(period, most_workflows)
        )
        totals = {state: sum(column[state] for column in present.over_time) for state in State}
        return Dashboard(
            since=period.since,
            until=period.until,
            bucket=bucket,
            attention=attention.in_order([*failures, *present.attention]),
            running=Counted(count=present.underway, filter=ExecutionFilter(state=sorted(UNDERWAY))),
            totals=_totals(totals, period),
            before=_totals(present.before, period.before),
            runners=present.runners,
            over_time=[_column(part, column) for part, column in zip(bounds, present.over_time, strict=True)],
            workflows=workflows,
            queue=present.queue,
        )

    async def _present(self, period: Period, bounds: list[Period]) -> _Present:
        now = self._hub.clock.now()
        async with self._hub.database.reading() as connection:
            over_time = await self._past.of(connection, bounds, now)
            before = (await counts(connection, [period.before]))[0]
            queue = await self._queue(connection, period, bounds)
            runners = await store.runners(connection)
            underway = await store.underway(connection)
            usual = await _usual(connection, period, underway, now)
        found = [
            *attention.stuck(underway, usual, now),
            *attention.offline_runners(runners),
            *attention.waiting(queue.by_reason, now),
        ]
        return _Present(over_time, before, queue, _runners(runners), len(underway), found)

    async def _by_workflow(self, period: Period, most: int) -> tuple[list[WorkflowFigures], list[Attention]]:
        async with self._hub.database.reading() as connection:
            by_workflow = await counts_by_workflow(connection, [period])
            failures = await _failures(connection, period, by_workflow)
            return await busiest(connection, period, by_workflow, most=most), failures

    async def _queue(self, connection: Connection, period: Period, bounds: list[Period]) -> Queue:
        rows = await store.queue(connection)
        groups: dict[int, list[WaitingExecutions]] = {}
        priorities: dict[int, int] = {}
        for row in rows:
            groups.setdefault(row.requirement_id, []).append(row)
            priorities[row.priority] = priorities.get(row.priority, 0) + row.count
        largest = sorted(groups.values(), key=lambda group: -sum(row.count for row in group))[:MOST_GROUPS]
        loads = {row.place: row for row in await store.samples(connection, [b.since for b in bounds], period.until)}
        return Queue(
            depth=Counted(
                count=sum(priorities.values()),
                filter=ExecutionFilter(state=[State.QUEUED]),
            ),
            oldest_at=min((row.queued_at for row in rows), default=None),
            by_reason=[await self._waiting_group(connection, rows) for rows in largest],
            by_priority=[WaitingByPriority(priority=one, count=priorities[one]) for one in sorted(priorities)[::-1]],
            over_time=[_load(part, loads.get(place)) for place, part in enumerate(bounds)],
        )

    async def _waiting_group(self, connection: Connection, rows: Sequence[WaitingExecutions]) -> WaitingGroup:
        head = max(rows, key=lambda row: row.priority)
        reason = await self._hub.get(Executions).why_queued(connection, head.id, head.requirement_id)
        return WaitingGroup(
            code=reason.code,
            message=reason.message,
            count=sum(row.count for row in rows),
            oldest_at=min(row.queued_at for row in rows),
            execution_id=head.id,
        )

    @asynccontextmanager
    async def sampling(self) -> AsyncIterator[None]:
        """Note how much there is to do, for as long as the block lasts."""
        async with self._hub.supervisor.keeping("sampling the load", self._sample):
            yield

    async def _sample(self) -> None:
        while True:
            now = self._hub.clock.now()
            await asyncio.sleep(60 - now.timestamp() % 60)
            await self.sample()

    async def sample(self) -> None:
        """Note how much there is to do, and forget what is too old."""
        minute = self._hub.clock.now().replace(second=0, microsecond=0)
        async with self._hub.database.transaction() as connection:
            await store.add_sample(connection, minute)
            await store.forget_samples(connection, minute - SAMPLES_KEPT)


async def _failures(
    connection: Connection, period: Period, by_workflow: Mapping[UUID, Sequence[Counts]]
) -> list[Attention]:
    failed = {id: counts[0][State.FAILED] for id, counts in by_workflow.items() if counts[0][State.FAILED]}
    rows = await store.latest_failures(connection, *period.ids, list(failed)) if failed else []
    return attention.failures(rows, failed, period.since, period.until)


async def _usual(
    connection: Connection, period: Period, underway: Sequence[ExecutionUnderway], now: datetime
) -> dict[UUID, float]:
    """In how many seconds 95 of 100 executions complete, for workflows with a long-running execution."""
    ids = list({row.workflow_id for row in underway if attention.may_run_too_long(row, now)})
    lately = Period(period.until - USUAL_OF, period.until)
    rows = await store.durations(connection, *lately.ids, ids, most=MOST_MEASURED) if ids else []
    return {row.workflow_id: row.seconds[1] for row in rows}


def _totals(counts: Counts, period: Period) -> Totals:
    def counted(state: State) -> Counted:
        return Counted(
            count=counts[state], filter=production_filter(state=state, since=period.since, until=period.until)
        )

    return Totals(
        executions=sum(counts.values()),
        completed=counted(State.COMPLETED),
        failed=counted(State.FAILED),
        stopped=counted(State.STOPPED),
        success_rate=success_rate(counts),
    )


def _column(part: Period, counts: Counts) -> OverTime:
    return OverTime(
        begins=part.since,
        ends=part.until,
        completed=counts[State.COMPLETED],
        failed=counts[State.FAILED],
        stopped=counts[State.STOPPED],
        unfinished=sum(count for state, count in counts.items() if state not in FINAL),
    )


def _load(part: Period, noted: Load | None) -> LoadOverTime:
    if noted is None:
        return LoadOverTime(begins=part.since, queued=None, underway=None, runners_online=None, runners_busy=None)
    return LoadOverTime(
        begins=part.since,
        queued=noted.queued,
        underway=noted.underway,
        runners_online=noted.runners_online,
        runners_busy=noted.runners_busy,
    )


def _runners(rows: Sequence[RegisteredRunner]) -> RunnerTotals:
    states = Counter(row.state for row in rows)
    return RunnerTotals(online=states["ONLINE"], busy=states["BUSY"], offline=states["OFFLINE"])


@asynccontextmanager
async def run(hub: Hub) -> AsyncIterator[None]:
    """Keep the figures for as long as the Hub runs."""
    figures = Figures(hub)
    hub.add(figures)
    async with figures.sampling():
        yield


async def _current_figures(hub: CurrentHub) -> Figures:
    return hub.get(Figures)


CurrentFigures = Annotated[Figures, Depends(_current_figures)]
