"""The answer of the dashboard. Next to each number is the filter with which the list of executions shows the same."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, Field

from exekra.hub.core.periods import Bucket
from exekra.hub.work.ledger.states import PRODUCTION, Source, State


class ExecutionFilter(BaseModel):
    """The parameters of `GET /api/executions` that list what was counted; those that are null are left out."""

    state: list[State] | None = None
    workflow_id: UUID | None = None
    runner_id: UUID | None = None
    source: list[Source] | None = None
    since: datetime | None = None
    until: datetime | None = None


def production_filter(
    *, since: datetime, until: datetime, state: State | None = None, workflow_id: UUID | None = None
) -> ExecutionFilter:
    """Lists the executions of a period that figures count: all but runs from Studio."""
    return ExecutionFilter(
        state=None if state is None else [state],
        workflow_id=workflow_id,
        source=list(PRODUCTION),
        since=since,
        until=until,
    )


class Counted(BaseModel):
    """A number, and the filter that lists what was counted."""

    count: int
    filter: ExecutionFilter


AttentionKind = Literal["failed", "stuck", "runner-offline", "waiting-too-long", "no-runner"]


class Attention(BaseModel):
    """Something that needs a person's attention."""

    kind: AttentionKind
    severity: Literal["error", "warning", "info"] = Field(description="Errors come first.")
    title: str = Field(examples=["Price the orders failed 300 times"])
    detail: str = Field(examples=["FileNotFound: The file orders.xlsx does not exist."])
    count: int = Field(description="How many executions or Runners are affected.", examples=[300])
    since: datetime | None = Field(description="When it began; for failures, when the latest one ended.")
    workflow_id: UUID | None = None
    execution_ids: list[UUID] = Field(default=[], description="Up to 20 of the executions, newest first.")
    runner_ids: list[UUID] = Field(default=[], description="Up to 20 of the affected Runners.")
    filter: ExecutionFilter | None = Field(default=None, description="Lists exactly the counted executions.")


class Totals(BaseModel):
    """The outcomes of the executions that were created in the period, except runs from Studio."""

    executions: int
    completed: Counted
    failed: Counted
    stopped: Counted
    success_rate: float | None = Field(description="Completed / (completed + failed); null when none has ended.")


class RunnerTotals(BaseModel):
    """The Runners now."""

    online: int = Field(description="Connected and free.")
    busy: int
    offline: int


class OverTime(BaseModel):
    """The executions that were created in one bucket, by outcome."""

    begins: datetime
    ends: datetime
    completed: int
    failed: int
    stopped: int
    unfinished: int = Field(description="QUEUED, ASSIGNED or RUNNING now.")


class LastExecution(BaseModel):
    """The newest execution of a workflow."""

    id: UUID
    state: State
    created_at: datetime
    finished_at: datetime | None


class WorkflowFigures(BaseModel):
    """One workflow in the period."""

    id: UUID
    name: str = Field(examples=["Price the orders"])
    executions: int
    completed: int
    failed: int
    stopped: int
    success_rate: float | None = Field(description="Completed / (completed + failed); null when none has ended.")
    seconds_p50: float | None = Field(description="Of the newest 500 completed executions of the period.")
    seconds_p95: float | None
    seconds_p99: float | None
    last: LastExecution
    trend: list[int] = Field(description="The executions in each twelfth of the period.")
    executions_before: int = Field(description="In the preceding period of the same length.")
    success_rate_before: float | None
    filter: ExecutionFilter


class WaitingGroup(BaseModel):
    """Executions that are waiting for the same thing."""

    code: str = Field(description="As in `GET /api/executions/{id}/waiting`.", examples=["all-busy"])
    message: str = Field(description="That of the execution that is next in line.")
    count: int
    oldest_at: datetime = Field(description="When the longest wait began.")
    execution_id: UUID = Field(description="The execution that is next in line.")


class WaitingByPriority(BaseModel):
    """How many executions of one priority are waiting."""

    priority: int
    count: int


class LoadOverTime(BaseModel):
    """The peak load in one bucket, sampled every minute; null while no Hub was running."""

    begins: datetime
    queued: int | None
    underway: int | None
    runners_online: int | None = Field(description="Connected, busy or not.")
    runners_busy: int | None


class Queue(BaseModel):
    """The executions that are waiting now."""

    depth: Counted
    oldest_at: datetime | None = Field(description="When the longest wait began.")
    by_reason: list[WaitingGroup] = Field(description="The 10 largest groups with the same requirements for a Runner.")
    by_priority: list[WaitingByPriority]
    over_time: list[LoadOverTime]


class Dashboard(BaseModel):
    """The state of the platform. An answer may be 2 seconds old, or 10 if the period is longer than 3 days."""

    since: datetime = Field(description="As requested, rounded down to 5 seconds.")
    until: datetime
    bucket: Bucket
    attention: list[Attention]
    running: Counted = Field(description="What Runners hold now: ASSIGNED or RUNNING.")
    totals: Totals
    before: Totals = Field(description="The totals of the preceding period of the same length.")
    runners: RunnerTotals
    over_time: list[OverTime]
    workflows: list[WorkflowFigures] = Field(description="Those with the most executions in the period.")
    queue: Queue
