"""How workflows perform: CPU, memory, durations and success, over a stretch of time."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Query
from pydantic import AwareDatetime, BaseModel, Field

from exekra.hub.core.errors import Invalid
from exekra.hub.core.hub import CurrentHub
from exekra.hub.core.unit_of_work import Look
from exekra.hub.insight.analytics import runner_timeline, store, workflow_statistics
from exekra.hub.web.access import slice_router
from exekra.hub.web.answers import error_answers
from exekra.kit.ids import first_id

router = slice_router("Analytics")

LONGEST = timedelta(days=400)
MOST_HOURS = timedelta(days=31)
"""The longest period that is reported by the hour; longer ones are reported by the day."""


class PeriodFigures(BaseModel):
    """The outcomes of the executions that were created in one hour or day."""

    begins: datetime = Field(description="In UTC.")
    executions: int
    completed: int
    failed: int
    success_rate: float | None = Field(description="Completed / (completed + failed); null when none has ended.")


class ProcessPerformance(BaseModel):
    """The figures of one workflow. CPU is in percent of one core, memory in MB, durations are in seconds."""

    workflow_id: UUID
    workflow_name: str = Field(examples=["Price the orders"])
    executions: int
    completed: int
    failed: int
    stopped: int
    success_rate: float | None = Field(description="Completed / (completed + failed); null when none has ended.")
    cpu_average: float | None = Field(description="Over all samples.")
    cpu_peak: float | None
    memory_average: float | None
    memory_peak: float | None
    seconds_average: float | None = Field(description="Of completed executions; the percentiles too.")
    seconds_p50: float | None
    seconds_p95: float | None
    seconds_p99: float | None
    waited_average: float | None = Field(description="From the request to the assignment to a Runner.")
    periods: list[PeriodFigures]


class PerformanceAnswer(BaseModel):
    """The workflows that ran most."""

    since: datetime
    until: datetime
    items: list[ProcessPerformance]


@router.get(
    "/api/analytics/process-performance",
    summary="Compare the performance of workflows",
    responses=error_answers(401, 403, 422),
)
async def process_performance(
    hub: CurrentHub,
    connection: Look,
    since: Annotated[AwareDatetime | None, Query(description="Default: 7 days before `until`.")] = None,
    until: Annotated[AwareDatetime | None, Query(description="Default: now.")] = None,
    workflow_id: UUID | None = None,
    period: Literal["hour", "day"] = "day",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> PerformanceAnswer:
    """Counts, CPU, memory and durations of each workflow, over the executions that were created in that period: at most
    400 days (31 days by the hour). The busiest workflows come first.
    """
    end = until or hub.clock.now()
    try:
        begin = since or end - timedelta(days=7)
        length = end - begin
    except OverflowError:
        raise Invalid("That period is out of range.", where="query.until") from None
    if not timedelta(0) < length <= (MOST_HOURS if period == "hour" else LONGEST):
        raise Invalid(
            f"The time from `since` to `until` must be longer than zero and at most {LONGEST.days} days "
            f"({MOST_HOURS.days} by the hour).",
            where="query.since",
        )
    bounds = {"since": first_id(begin), "until": first_id(end)}
    rows = await store.by_workflow(connection, **bounds, workflow_id=workflow_id, limit=limit)
    ids = [row.workflow_id for row in rows]
    periods: dict[UUID, list[PeriodFigures]] = {id: [] for id in ids}
    for row in await store.by_period(connection, **bounds, workflow_ids=ids, period=period) if ids else ():
        periods[row.workflow_id].append(_period_figures(row))
    return PerformanceAnswer(since=begin, until=end, items=[_figures(row, periods[row.workflow_id]) for row in rows])


def _figures(row: store.WorkflowFigures, periods: list[PeriodFigures]) -> ProcessPerformance:
    values = row.as_dict()
    p50, p95, p99 = values.pop("seconds_percentiles") or (None, None, None)
    return ProcessPerformance(
        **values,
        success_rate=_success_rate(row),
        seconds_p50=p50,
        seconds_p95=p95,
        seconds_p99=p99,
        periods=periods,
    )


def _period_figures(row: store.PeriodFigures) -> PeriodFigures:
    return PeriodFigures(
        begins=row.begins,
        executions=row.executions,
        completed=row.completed,
        failed=row.failed,
        success_rate=_success_rate(row),
    )


def _success_rate(row: store.WorkflowFigures | store.PeriodFigures) -> float | None:
    ended = row.completed + row.failed
    return row.completed / ended if ended else None


router.routes.extend((*runner_timeline.router.routes, *workflow_statistics.router.routes))
