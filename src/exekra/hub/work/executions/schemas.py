"""Requests and answers of the routes of executions."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from exekra.flow.debugging import LONGEST_CONDITION, MOST_BREAKPOINTS
from exekra.hub.web.texts import Label, PlainText
from exekra.hub.work.ledger.states import State

LARGEST_INPUTS_BYTES = 1_000_000
LARGEST_SCOPE_BYTES = 1_000_000
LONGEST_TIMEOUT = 30 * 24 * 3600.0
LARGEST_INTEGER = 2**31 - 1


NodeId = Annotated[PlainText, Field(min_length=1, max_length=500)]
"""The id of a node; the ids of calling nodes are prefixed (`call/read`)."""


class BreakpointAt(BaseModel):
    """Pause before a node."""

    model_config = ConfigDict(extra="forbid")

    node: NodeId
    condition: Annotated[str, Field(max_length=LONGEST_CONDITION)] | None = Field(
        default=None, description="An expression without braces; pause only when it is true.", examples=["item > 3"]
    )


class DebugRequest(BaseModel):
    """How a debug session starts."""

    model_config = ConfigDict(extra="forbid")

    breakpoints: list[BreakpointAt] = Field(default=[], max_length=MOST_BREAKPOINTS)
    pause_at_start: bool = False
    pause_on_failure: bool = Field(default=True, description="Pause when a failure would end the execution.")


class StartRequest(BaseModel):
    """Where to start instead of at the beginning."""

    model_config = ConfigDict(extra="forbid")

    node: NodeId
    scope: dict[str, Any] | None = Field(
        default=None, description="Values by name, at most 1 MB as JSON; inputs and defaults fill in the rest."
    )
    execution_id: UUID | None = Field(
        default=None, description="If there is no `scope`: use the values that this execution had before the node."
    )
    only: bool = Field(default=False, description="End when that node has ended; the node may then be inside a body.")


class ExecutionRequest(BaseModel):
    """What to run, with which inputs, and where."""

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
        description="The number of a version; default: the published one. A draft requires the role DEVELOPER.",
    )
    inputs: dict[str, Any] = Field(default={}, description="Values for the workflow's inputs; at most 1 MB as JSON.")
    priority: int = Field(default=50, ge=0, le=100, description="The highest goes first; equal ones in order of age.")
    runner: Annotated[PlainText, Field(min_length=1, max_length=200)] | None = Field(
        default=None, description="Restrict the execution to this Runner: its id or name."
    )
    interactive: bool = Field(
        default=False,
        description="Run immediately, bypassing the queue, on `runner` or, if omitted, on the best free one; refused "
        "with the reason if none is free.",
    )
    runner_type: Literal["ATTENDED", "UNATTENDED"] | None = Field(
        default=None, description="Restrict the execution to Runners of this type."
    )
    labels: list[Label] = Field(
        default=[], max_length=20, description="Restrict the execution to Runners with all of these labels."
    )
    timeout: float | None = Field(
        default=None,
        ge=0.001,
        le=LONGEST_TIMEOUT,
        description="Seconds after which the execution is ended; default: no limit.",
    )
    unique_key: Annotated[PlainText, Field(min_length=1, max_length=200)] | None = Field(
        default=None,
        description="While an execution of the workflow with this key is unfinished, another one is refused (409).",
        examples=["invoice-2026-0815"],
    )
    debug: DebugRequest | None = Field(
        default=None, description="Make an interactive run a debug session; requires the role DEVELOPER."
    )
    start_at: StartRequest | None = Field(default=None, description="Start in the middle; requires the role DEVELOPER.")
    studio: bool = Field(default=False, description="It is a run from Studio: figures, health and alerts leave it out.")
    allow_errors: bool = Field(
        default=False,
        description="Run a draft although the check finds errors in it; the execution fails when it reaches one.",
    )


class AgainRequest(BaseModel):
    """What should be different when an execution is run again."""

    model_config = ConfigDict(extra="forbid")

    version: int | None = Field(
        default=None, ge=1, le=LARGEST_INTEGER, description="The number of a version; default: the published one."
    )
    from_node: NodeId | None = Field(
        default=None, description="Start at this node with the values that the execution had before it."
    )
    from_failed: bool = Field(default=False, description="Start where the execution ended: at `restartable_from`.")
    allow_errors: bool = Field(
        default=False,
        description="Run a draft although the check finds errors in it; the execution fails when it reaches one.",
    )


class ExecutionFailure(BaseModel):
    """Why an execution failed."""

    type: str = Field(examples=["FileNotFound"])
    message: str = Field(examples=["The file orders.xlsx does not exist."])
    kind: str = Field(default="application", description="`business` or `application`.")
    retryable: bool = False
    node: str | None = Field(default=None, description="The node that failed.", examples=["read"])
    workflow: str | None = Field(default=None, description="The called workflow that the node is in.")


class ExecutionSummary(BaseModel):
    """An execution in a list."""

    id: UUID
    workflow_id: UUID
    workflow_name: str = Field(examples=["Price the orders"])
    version: int
    state: State
    priority: int
    source: str = Field(
        description="What started it: `manual`, `schedule`, `webhook` or `studio`.", examples=["manual"]
    )
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
    stop_requested_by: UUID | None
    stop_requested_by_name: str | None = Field(description="The name of the user who stopped it.")
    seconds: float | None = Field(description="How long the workflow ran.")
    nodes: int | None = Field(description="The total number of nodes that ran.")
    failure: ExecutionFailure | None
    cpu_average: float | None = Field(description="Percent of one core.")
    cpu_peak: float | None
    memory_average: float | None = Field(description="MB.")
    memory_peak: float | None
    debug: bool = Field(description="Whether it is a debug session.")
    warnings: int = Field(description="How many warnings its nodes wrote into the log.")


class NodeFigures(BaseModel):
    """The totals of one node."""

    node: str
    count: int
    seconds: float
    failures: int
    warnings: int = Field(description="How many warnings it wrote into the log.")
    warning: str | None = Field(description="The last of them, shortened.")


class Waiting(BaseModel):
    """Why an execution has not started."""

    code: str = Field(examples=["all-busy"])
    message: str = Field(examples=["All 3 Runners that can take it are busy; 2 executions are ahead of it."])
    ahead: int | None = Field(
        default=None, description="How many waiting executions are ahead of it; counted up to 1,000."
    )


class StartedFrom(BaseModel):
    """Where an execution started, if not at the beginning."""

    node: str
    execution_id: UUID | None = Field(description="The execution that its values were taken from.")


class ExecutionDetail(ExecutionSummary):
    """One execution with everything that is known about it."""

    timeout: float | None
    runner_type: str | None
    labels: list[str]
    pinned_runner_id: UUID | None
    inputs: dict[str, Any]
    outputs: dict[str, Any] | None
    node_figures: list[NodeFigures]
    last_sequence: int = Field(description="How many events are stored.")
    waiting: Waiting | None = Field(description="While it is QUEUED or ASSIGNED.")
    restartable_from: str | None = Field(
        description="If it failed or was stopped: the node from which it can continue with its own values."
    )
    started_from: StartedFrom | None


class Scope(BaseModel):
    """The values with which a node could start."""

    scope: dict[str, Any]
    exact: bool = Field(
        description="Whether these are the values that the execution had; otherwise they are reconstructed."
    )
    missing: list[str] = Field(
        description="Names whose value is not known completely, or was a resource that is no longer open."
    )
    taken_after: str | None = Field(description="The node after which the values were kept.")


class StateCount(BaseModel):
    """How many executions are in a state."""

    state: State
    count: int
    more: bool = Field(description="Whether there are more: at most 10,000 that have ended are counted.")


class Counts(BaseModel):
    """How many executions there are, by state."""

    items: list[StateCount]
