"""The route of one workflow's figures: the outcomes of its executions, how long they took, and in which nodes."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import AwareDatetime, BaseModel, Field

from exekra.hub.core.hub import CurrentHub
from exekra.hub.core.periods import Bucket, Period, id_bounds, time_zone_of
from exekra.hub.core.unit_of_work import Look
from exekra.hub.design.workflows import service as workflows
from exekra.hub.insight.analytics import store
from exekra.hub.insight.dashboard import store as figures
from exekra.hub.insight.dashboard.counting import MOST_MEASURED, counts_by_workflow, success_rate
from exekra.hub.insight.dashboard.schemas import ExecutionFilter, production_filter
from exekra.hub.web.access import slice_router
from exekra.hub.web.answers import error_answers
from exekra.hub.work.ledger.states import FINAL, State

router = slice_router("Analytics")

MEASURED_IN_BUCKET = 50
MEASURED_FOR_NODES = 200


class WorkflowBucket(BaseModel):
    """The executions that were created in one bucket, by outcome."""

    begins: datetime
    ends: datetime
    completed: int
    failed: int
    stopped: int
    unfinished: int
    seconds_p50: float | None = Field(description="Of the newest 50 completed executions of the bucket.")
    seconds_p95: float | None


class NodeStatistics(BaseModel):
    """The time that one node took, in the newest 200 completed and the newest 200 failed executions."""

    node: str = Field(examples=["read"])
    count: int = Field(description="How often it ran.")
    seconds: float = Field(description="The total over these executions.")
    seconds_average: float = Field(description="Each time.")
    share: float | None = Field(
        description="The share of the total time of these executions, from 0 to 1. A loop's share includes the nodes "
        "in it."
    )
    failures: int


class FailureReason(BaseModel):
    """Why executions failed, among the newest 200 failed ones."""

    type: str | None = Field(examples=["FileNotFound"])
    node: str | None
    message: str | None = Field(description="Of the latest one.")
    count: int
    execution_id: UUID = Field(description="The latest one.")
    latest_at: datetime | None


class WorkflowStatistics(BaseModel):
    """One workflow in the period. All durations are in seconds."""

    since: datetime
    until: datetime
    bucket: Bucket
    executions: int
    completed: int
    failed: int
    stopped: int
    success_rate: float | None = Field(description="Completed / (completed + failed); null when none has ended.")
    seconds_p50: float | None = Field(description="Of the newest 500 completed executions of the period.")
    seconds_p95: float | None
    seconds_p99: float | None
    filter: ExecutionFilter = Field(description="Lists the executions that are counted.")
    over_time: list[WorkflowBucket]
    measured: int = Field(description="How many executions the figures of the nodes are based on.")
    nodes: list[NodeStatistics] = Field(description="Slowest first, at most 100.")
    failures: list[FailureReason] = Field(description="Most frequent first, at most 20.")


@router.get(
    "/api/workflows/{workflow_id}/statistics",
    summary="Get the statistics of a workflow",
    responses=error_answers(401, 403, 404, 422),
)
async def get_workflow_statistics(
    hub: CurrentHub,
    connection: Look,
    workflow_id: UUID,
    since: Annotated[AwareDatetime | None, Query(description="Default: 30 days before `until`.")] = None,
    until: Annotated[AwareDatetime | None, Query(description="Default: now.")] = None,
    bucket: Annotated[Bucket | None, Query(description="Default: depends on the length of the period.")] = None,
    time_zone: Annotated[
        str, Query(max_length=100, description="The time zone that days begin in, as an IANA name.")
    ] = "UTC",
) -> WorkflowStatistics:
    """The outcomes of the executions that were created in the period, how long they took, which nodes are slow, and why
    executions failed.
    """
    period = Period.of(since, until, hub.clock.now(), usual=timedelta(days=30))
    bucket = bucket or period.bucket()
    parts = period.buckets(bucket, time_zone_of(time_zone))
    await workflows.get(connection, workflow_id)
    nothing = [dict.fromkeys(State, 0)] * len(parts)
    columns = (await counts_by_workflow(connection, parts, [workflow_id])).get(workflow_id, [*nothing])
    totals = {state: sum(column[state] for column in columns) for state in State}
    whole = await figures.durations(connection, *period.ids, [workflow_id], most=MOST_MEASURED)
    p50, p95, p99 = whole[0].seconds if whole else (None, None, None)
    durations = {
        row.place: row.seconds
        for row in await store.durations_by_period(connection, workflow_id, *id_bounds(parts), most=MEASURED_IN_BUCKET)
    }
    nodes = await store.slowest_nodes(connection, workflow_id, *period.ids, most=MEASURED_FOR_NODES)
    reasons = await store.failure_reasons(connection, workflow_id, *period.ids, most=MEASURED_FOR_NODES)
    return WorkflowStatistics(
        since=period.since,
        until=period.until,
        bucket=bucket,
        executions=sum(totals.values()),
        completed=totals[State.COMPLETED],
        failed=totals[State.FAILED],
        stopped=totals[State.STOPPED],
        success_rate=success_rate(totals),
        seconds_p50=p50,
        seconds_p95=p95,
        seconds_p99=p99,
        filter=production_filter(workflow_id=workflow_id, since=period.since, until=period.until),
        over_time=[
            WorkflowBucket(
                begins=part.since,
                ends=part.until,
                completed=column[State.COMPLETED],
                failed=column[State.FAILED],
                stopped=column[State.STOPPED],
                unfinished=sum(count for state, count in column.items() if state not in FINAL),
                seconds_p50=durations.get(place, (None, None))[0],
                seconds_p95=durations.get(place, (None, None))[1],
            )
            for place, (part, column) in enumerate(zip(parts, columns, strict=True))
        ],
        measured=nodes[0].measured if nodes else 0,
        nodes=[
            NodeStatistics(
                node=row.node,
                count=row.count,
                seconds=row.seconds,
                seconds_average=row.seconds / max(row.count, 1),
                share=row.seconds / row.whole if row.whole else None,
                failures=row.failures,
            )
            for row in nodes
        ],
        failures=[FailureReason(**row.as_dict()) for row in reasons],
    )
