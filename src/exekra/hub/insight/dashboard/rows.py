"""The rows from which the dashboard is made."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from exekra.hub.core.rows import Row
from exekra.hub.work.ledger.states import Source, State


class PeriodCount(Row, frozen=True):
    """How many executions of a period, by its `place` from 0, are in a state."""

    place: int
    state: State
    count: int


class WorkflowPeriodCount(Row, frozen=True):
    """The same of one workflow."""

    workflow_id: UUID
    place: int
    state: State
    count: int


class Durations(Row, frozen=True):
    """How long completed executions of a workflow took: p50, p95 and p99, in seconds."""

    workflow_id: UUID
    seconds: list[float]


class NewestExecution(Row, frozen=True):
    """The newest execution of a workflow, and the workflow's name."""

    workflow_id: UUID
    name: str
    id: UUID
    state: State
    created_at: datetime
    finished_at: datetime | None


class LatestFailure(Row, frozen=True):
    """The newest failed execution of a workflow; `recovered` when one was completed since."""

    workflow_id: UUID
    name: str
    id: UUID
    finished_at: datetime
    failure: dict[str, Any] | None
    recovered: bool


class WaitingExecutions(Row, frozen=True):
    """How many executions with the same requirement and priority wait, and the one that goes first."""

    requirement_id: int
    priority: int
    count: int
    id: UUID
    queued_at: datetime


class ExecutionUnderway(Row, frozen=True):
    """An execution that a Runner holds; `runner_id` is None when that Runner was removed."""

    id: UUID
    workflow_id: UUID
    workflow_name: str
    state: State
    source: Source
    assigned_at: datetime
    started_at: datetime | None
    stop_requested_at: datetime | None
    runner_id: UUID | None
    runner_name: str | None
    online: bool | None


class RegisteredRunner(Row, frozen=True):
    """A Runner; `known` when it was ever connected."""

    id: UUID
    name: str
    state: str
    lost_at: datetime | None
    known: bool


class Load(Row, frozen=True):
    """The most that there was to do in a bucket, by its `place` from 0."""

    place: int
    queued: int
    underway: int
    runners_online: int
    runners_busy: int
