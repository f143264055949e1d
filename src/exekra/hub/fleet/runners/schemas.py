"""Requests and answers of the routes of Runners."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr

from exekra.hub.web.texts import Label, PlainText


class RunnerType(StrEnum):
    """ATTENDED Runners work alongside a person, UNATTENDED ones on their own."""

    ATTENDED = "ATTENDED"
    UNATTENDED = "UNATTENDED"


class RunnerState(StrEnum):
    """ONLINE is free; BUSY holds an execution; OFFLINE is not connected."""

    ONLINE = "ONLINE"
    BUSY = "BUSY"
    OFFLINE = "OFFLINE"


def _stripped(text: str) -> str:
    if not text.strip():
        raise ValueError("a name must not be empty")
    return text.strip()


RunnerName = Annotated[
    PlainText, AfterValidator(_stripped), Field(min_length=1, max_length=100, examples=["Accounting 1"])
]
Labels = Annotated[list[Label], Field(max_length=50, description="Labels by which the Runner can be selected.")]


class NewRunner(BaseModel):
    """A Runner to register."""

    model_config = ConfigDict(extra="forbid")

    name: RunnerName
    type: RunnerType = RunnerType.UNATTENDED
    labels: Labels = []


class RunnerChange(BaseModel):
    """What to change; everything else stays as it is."""

    model_config = ConfigDict(extra="forbid")

    name: RunnerName | None = None
    type: RunnerType | None = None
    labels: Labels | None = None


class RunnerAnswer(BaseModel):
    """A Runner."""

    id: UUID
    name: str = Field(examples=["Accounting 1"])
    type: RunnerType
    labels: list[str]
    state: RunnerState
    machine_key: str = Field(examples=["FC-7K2M9QXW4HTB"])
    execution_id: UUID | None = Field(description="The execution that it holds.")
    version: str | None
    platform: str | None
    host: str | None
    last_heartbeat_at: datetime | None
    cpu_percent: float | None = Field(description="Of the whole machine, like all figures here.")
    memory_percent: float | None
    memory_used_mb: float | None
    disk_percent: float | None
    problem: str | None = Field(
        description="Why it can begin no execution now: it is assigned none.",
        examples=["The Runner's machine refuses another process: Cannot allocate memory."],
    )
    created_at: datetime
    updated_at: datetime


class RunnerFailure(BaseModel):
    """Something that a Runner does all the time, and that has failed since it was started."""

    name: str = Field(examples=["delivering files"])
    restarts: int = Field(description="How often it was restarted.")
    failing: bool = Field(description="Whether it keeps failing.")
    error: str = Field(description="The kind of its last error; the Runner's log has all of it.")
    failed_at: datetime = Field(description="When that was, by the Runner's clock.")


class RunnerExecution(BaseModel):
    """An execution that was assigned to a Runner."""

    id: UUID
    workflow_id: UUID
    workflow_name: str = Field(examples=["Price the orders"])
    state: str = Field(examples=["COMPLETED"])
    created_at: datetime
    assigned_at: datetime | None
    started_at: datetime | None
    finished_at: datetime | None


class CatalogueDifferences(BaseModel):
    """How the activities of a Runner differ from those that are installed with the Hub."""

    lacks: list[str] = Field(
        description="Activities that the Hub knows and the Runner does not have.", examples=[["excel.read_range"]]
    )
    more: list[str] = Field(description="Activities that the Runner has and that are not installed with the Hub.")


class RunnerDetail(RunnerAnswer):
    """A Runner with its current and past executions."""

    lost_at: datetime | None = Field(description="When it lost its connection; null while it is connected.")
    failures: list[RunnerFailure] = Field(description="Empty as long as nothing failed since it was started.")
    execution: RunnerExecution | None = Field(description="The execution that it holds.")
    executions: list[RunnerExecution] = Field(description="Its 10 newest executions, including the one that it holds.")
    catalogue: CatalogueDifferences | None = Field(description="Null for a Runner that has never been connected.")


class MetricPoint(BaseModel):
    """The metrics of a Runner's machine, over the heartbeats that one point represents."""

    at: datetime
    cpu_percent: float = Field(description="The average; of the whole machine, like all figures here.")
    cpu_peak: float
    memory_percent: float
    memory_used_mb: float
    disk_percent: float


class RunnerMetrics(BaseModel):
    """The heartbeats of a Runner, which are kept for 24 hours."""

    since: datetime
    until: datetime
    point_seconds: float = Field(description="How many seconds one point represents.")
    points: list[MetricPoint] = Field(description="Oldest first; about 300 at most.")


class RegisteredRunner(RunnerAnswer):
    """A Runner with its secret, which is only shown this once."""

    machine_secret: str = Field(description="64 hexadecimal characters. The Hub keeps only a hash of it.")
    command: str = Field(
        description="The command to run once on the Runner's machine: it asks for the secret and stores it.",
        examples=["exekra runner --hub-url https://hub.example.org:4545 --machine-key FC-7K2M9QXW4HTB --remember"],
    )
    start_command: str = Field(description="The command that starts the Runner after that.", examples=["exekra runner"])


class MachineSignIn(BaseModel):
    """The credentials of a Runner."""

    model_config = ConfigDict(extra="forbid")

    machine_key: Annotated[PlainText, Field(min_length=1, max_length=100)]
    machine_secret: Annotated[SecretStr, Field(min_length=1, max_length=200)]


class MachineToken(BaseModel):
    """The token with which a Runner connects."""

    token: str
    expires_at: datetime
    runner_id: UUID
    runner_name: str
