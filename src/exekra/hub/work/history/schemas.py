"""Answers of the routes of what an execution reported."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, Field

from exekra.hub.work.executions.schemas import ExecutionFailure


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


class Visit(BaseModel):
    """One visit of a node, as far as it was reported."""

    sequence: int = Field(description="The sequence of its last event.")
    node: str
    state: Literal["running", "done", "failed", "stopped"] = Field(
        description="`stopped`: the node was still running when the execution, or the part around it, was ended."
    )
    count: int = Field(description="The number of the visit, from 1.")
    entered_at: datetime | None
    left_at: datetime | None
    seconds: float | None
    port: str | None = Field(description="The port that the token left by; `error` after a failure that was handled.")
    inputs: dict[str, Any] | None = Field(description="The values that its fields had, shortened.")
    preview: Any = Field(default=None, description="Its result, shortened.")
    size: int | None = Field(description="The length of the result, in items, rows or characters.")
    failure: ExecutionFailure | None


class NodeVisit(Visit):
    """The last reported visit of a node, and how often it was visited in total."""

    visits: int = Field(description="How often the node was left in total, whether reported or not.")
    failures: int
    warnings: int = Field(description="How many warnings it wrote into the log, in all visits.")
    warning: str | None = Field(description="The last of them, shortened.")
    total_seconds: float = Field(description="The total time of all visits.")


class Nodes(BaseModel):
    """The nodes of an execution that were visited."""

    items: list[NodeVisit]


class MetricSample(BaseModel):
    """What the processes of an execution used."""

    at: datetime
    cpu_percent: float = Field(description="Percent of one core.")
    memory_mb: float


class Metrics(BaseModel):
    """Samples in chronological order."""

    items: list[MetricSample]
