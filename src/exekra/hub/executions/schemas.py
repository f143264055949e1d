"""What the routes of executions take and give."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from exekra.hub.core.texts import Label, PlainText
from exekra.hub.executions.states import State

LARGEST_INPUTS_BYTES = 1_000_000
LONGEST_TIMEOUT = 30 * 24 * 3600.0
LARGEST_INTEGER = 2**31 - 1


class ExecutionRequest(BaseModel):
    """What shall run, with what, and where."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"workflow": "Price the orders", "inputs": {"file": "orders.xlsx"}, "priority": 60}]
        },
    )

    workflow: Annotated[PlainText, Field(min_length=1, max_length=200, description="The workflow's id or name.")]
    version: int | None = Field(
        default=None,
        ge=1,
        le=LARGEST_INTEGER,
        description="A version's number; without it the published one. A draft needs the role DEVELOPER.",
    )
    inputs: dict[str, Any] = Field(default={}, description="Values for the workflow's inputs; at most 1 MB as JSON.")
    priority: int = Field(default=50, ge=0, le=100, description="The highest goes first; equal ones by age.")
    runner: Annotated[PlainText, Field(min_length=1, max_length=200)] | None = Field(
        default=None, description="Only this Runner may take it: its id or name."
    )
    interactive: bool = Field(
        default=False,
        description="Run at once on `runner`, past the queue; refused with the reason when it is not free.",
    )
    runner_type: Literal["ATTENDED", "UNATTENDED"] | None = Field(
        default=None, description="Only Runners of this type may take it."
    )
    labels: list[Label] = Field(default=[], max_length=20, description="Only Runners with all of these may take it.")
    timeout: float | None = Field(
        default=None, ge=0.001, le=LONGEST_TIMEOUT, description="Seconds after which it is ended; without it no limit."
    )
    unique_key: Annotated[PlainText, Field(min_length=1, max_length=200)] | None = Field(
        default=None,
        description="While an execution of the workflow with this key is not finished, another one is refused (409).",
        examples=["invoice-2026-0815"],
    )


class ExecutionFailure(BaseModel):
    """Why an execution failed."""

    type: str = Field(examples=["FileNotFound"])
    message: str = Field(examples=["The file orders.xlsx does not exist."])
    kind: str = Field(default="application", description="`business` or `application`.")
    retryable: bool = False
    node: str | None = Field(default=None, description="The node that failed.", examples=["read"])
    workflow: str | None = Field(default=None, description="The called workflow in which the node stands.")


class ExecutionSummary(BaseModel):
    """An execution in a list."""

    id: UUID
    workflow_id: UUID
    workflow_name: str = Field(examples=["Price the orders"])
    version: int
    state: State
    priority: int
    source: str = Field(description="What asked for it: `manual`, `schedule` or `webhook`.", examples=["manual"])
    interactive: bool
    unique_key: str | None
    runner_id: UUID | None
    runner_name: str | None
    created_by: UUID | None
    created_by_name: str | None = Field(description="The user's e-mail address.")
    created_at: datetime
    queued_at: datetime
    assigned_at: datetime | None
    started_at: datetime | None
    finished_at: datetime | None
    stop_requested_at: datetime | None
    seconds: float | None = Field(description="How long the workflow ran.")
    nodes: int | None = Field(description="How many nodes ran in all.")
    failure: ExecutionFailure | None
    cpu_average: float | None = Field(description="Percent of one core.")
    cpu_peak: float | None
    memory_average: float | None = Field(description="MB.")
    memory_peak: float | None


class NodeFigures(BaseModel):
    """What one node did in all."""

    node: str
    count: int
    seconds: float
    failures: int


class Waiting(BaseModel):
    """Why an execution has not begun."""

    code: str = Field(examples=["all-busy"])
    message: str = Field(examples=["All 3 Runners that can take it are busy; 2 executions are ahead of it."])
    ahead: int | None = Field(default=None, description="How many waiting executions go first; counted up to 1,000.")


class ExecutionDetail(ExecutionSummary):
    """One execution with all that is known of it."""

    timeout: float | None
    runner_type: str | None
    labels: list[str]
    pinned_runner_id: UUID | None
    inputs: dict[str, Any]
    outputs: dict[str, Any] | None
    node_figures: list[NodeFigures]
    last_sequence: int = Field(description="How many events are stored.")
    waiting: Waiting | None = Field(description="While it is QUEUED or ASSIGNED.")


class StoredEvent(BaseModel):
    """One event of an execution, as the Runner reported it."""

    sequence: int
    at: datetime
    kind: str = Field(examples=["node.left"])
    event: dict[str, Any]


class LogLine(BaseModel):
    """A line of an execution's log."""

    sequence: int
    at: datetime
    level: str = Field(examples=["info"])
    message: str
    node: str | None
