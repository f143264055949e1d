"""What the routes of Runners take and give."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr

from exekra.hub.core.texts import Label, PlainText


class RunnerType(StrEnum):
    """ATTENDED Runners work beside a person, UNATTENDED ones alone."""

    ATTENDED = "ATTENDED"
    UNATTENDED = "UNATTENDED"


class RunnerState(StrEnum):
    """ONLINE is free; BUSY holds an execution; OFFLINE is not connected."""

    ONLINE = "ONLINE"
    BUSY = "BUSY"
    OFFLINE = "OFFLINE"


def _stripped(text: str) -> str:
    if not text.strip():
        raise ValueError("a name may not be empty")
    return text.strip()


RunnerName = Annotated[
    PlainText, AfterValidator(_stripped), Field(min_length=1, max_length=100, examples=["Accounting 1"])
]
Labels = Annotated[list[Label], Field(max_length=50, description="What the Runner can be chosen by.")]


class NewRunner(BaseModel):
    """A Runner to be registered."""

    model_config = ConfigDict(extra="forbid")

    name: RunnerName
    type: RunnerType = RunnerType.UNATTENDED
    labels: Labels = []


class RunnerChange(BaseModel):
    """What shall change; the rest stays."""

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
    cpu_percent: float | None = Field(description="Of the whole machine, as all figures here.")
    memory_percent: float | None
    memory_used_mb: float | None
    disk_percent: float | None
    created_at: datetime
    updated_at: datetime


class RegisteredRunner(RunnerAnswer):
    """A Runner with its secret, which is shown this once."""

    machine_secret: str = Field(description="64 hexadecimal characters. The Hub keeps only a hash of it.")


class MachineSignIn(BaseModel):
    """How a Runner proves who it is."""

    model_config = ConfigDict(extra="forbid")

    machine_key: Annotated[PlainText, Field(min_length=1, max_length=100)]
    machine_secret: Annotated[SecretStr, Field(min_length=1, max_length=200)]


class MachineToken(BaseModel):
    """What a Runner connects with."""

    token: str
    expires_at: datetime
    runner_id: UUID
    runner_name: str
