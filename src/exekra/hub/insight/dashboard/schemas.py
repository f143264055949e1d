"""What the dashboard answers. Beside each number stands the filter with which the list of executions shows the same."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, Field

from exekra.hub.core.periods import Bucket
from exekra.hub.work.ledger.states import State


class ExecutionFilter(BaseModel):
    """The parameters of `GET /api/executions` that list what was counted; those that are null are left out."""

    state: list[State] | None = None
    workflow_id: UUID | None = None
    runner_id: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None


class Counted(BaseModel):
    """A number and the way to the list behind it."""

    count: int
    filter: ExecutionFilter


AttentionKind = Literal["failed", "stuck", "runner-offline", "waiting-too-long", "no-runner"]


class Attention(BaseModel):
    """Something that a person should look at."""

    kind: AttentionKind
    severity: Literal["error", "warning", "info"] = Field(description="The list begins with errors.")
    title: str = Field(examples=["Price the orders failed 300 times"])
    detail: str = Field(examples=["FileNotFound: The file orders.xlsx does not exist."])
    count: int = Field(description="How many executions or Runners it is about.", examples=[300])
    since: datetime | None = Field(description="Since when it is so; of failures, when the latest one ended.")
    workflow_id: UUID | None = None
    execution_ids: list[UUID] = Field(default=[], description="Up to 20 of the executions, the newest first.")
    runner_ids: list[UUID] = Field(default=[], description="The Runners that it is about, up to 20.")
    filter: ExecutionFilter | None = Field(default=None, description="Lists exactly the counted executions.")


class Totals(BaseModel):
    """What became of the executions that were created in the period."""

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
    """The executions that were created in one bucket, by what became of them."""

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
    executions_before: int = Field(description="In the period of the same length before.")
    success_rate_before: float | None
    filter: ExecutionFilter


class WaitingGroup(BaseModel):
    """Executions that wait for the same."""

    code: str = Field(description="As `GET /api/executions/{id}/waiting` tells it.", examples=["all-busy"])
    message: str = Field(description="Of the one that goes first.")
    count: int
    oldest_at: datetime = Field(description="Since when the longest waiting one waits.")
    execution_id: UUID = Field(description="The one that goes first.")


class WaitingByPriority(BaseModel):
    """How many wait with a priority."""

    priority: int
    count: int


class LoadOverTime(BaseModel):
    """The most that there was to do in one bucket, of what was noted every minute; null where the Hub did not run."""

    begins: datetime
    queued: int | None
    underway: int | None
    runners_online: int | None = Field(description="Connected, busy or not.")
    runners_busy: int | None


class Queue(BaseModel):
    """What waits now."""

    depth: Counted
    oldest_at: datetime | None = Field(description="Since when the longest waiting one waits.")
    by_reason: list[WaitingGroup] = Field(description="The 10 largest groups that want the same of a Runner.")
    by_priority: list[WaitingByPriority]
    over_time: list[LoadOverTime]


class Dashboard(BaseModel):
    """How the platform does. An answer may be 2 seconds old; 10 where the period is longer than 3 days."""

    since: datetime = Field(description="As asked for, rounded down to 5 seconds.")
    until: datetime
    bucket: Bucket
    attention: list[Attention]
    running: Counted = Field(description="What Runners hold now: ASSIGNED or RUNNING.")
    totals: Totals
    before: Totals = Field(description="The same for the period of the same length before.")
    runners: RunnerTotals
    over_time: list[OverTime]
    workflows: list[WorkflowFigures] = Field(description="Those with the most executions in the period.")
    queue: Queue
