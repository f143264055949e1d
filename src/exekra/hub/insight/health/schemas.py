"""What administrators are told of the system."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, Field


class TableSize(BaseModel):
    """A table with its indexes."""

    name: str = Field(examples=["execution_event"])
    bytes: int
    rows: int | None = Field(description="As PostgreSQL last estimated; null when it never did.")


class DatabaseState(BaseModel):
    """PostgreSQL, and what it keeps."""

    version: str = Field(examples=["18.0"])
    latency_ms: float = Field(description="How long a question and its answer took.")
    size_bytes: int
    connections_used: int = Field(description="Of the whole server, by all programs.")
    connections_most: int
    pool_used: int = Field(description="Of this Hub.")
    pool_most: int
    revision: str = Field(description="Of the schema.", examples=["0003"])
    newest_revision: str = Field(description="What this version of Exekra needs.")
    embedded: bool = Field(description="Whether `exekra up` keeps this PostgreSQL in the data folder.")
    events: int | None = Field(description="Events of executions that are stored, as last estimated.")
    executions: int | None = Field(description="As last estimated.")
    tables: list[TableSize] = Field(description="The 12 largest.")


class Disk(BaseModel):
    """The disk that holds the Hub's data folder."""

    folder: str
    total_bytes: int
    free_bytes: int


class WorkState(BaseModel):
    """What there is to do, and who does it."""

    queued: int
    underway: int = Field(description="ASSIGNED or RUNNING.")
    runners_online: int = Field(description="Connected and free.")
    runners_busy: int
    runners_offline: int


class HubProcess(BaseModel):
    """A Hub that works on this database."""

    id: UUID
    seen_at: datetime
    is_this: bool = Field(description="Whether it is the one that answers.")


class ClockState(BaseModel):
    """The clocks."""

    now: datetime
    time_zone: str = Field(description="Of the Hub's machine.", examples=["CEST"])
    utc_offset_minutes: int = Field(examples=[120])
    database_ahead_seconds: float = Field(description="How much the clock of PostgreSQL's machine is ahead.")


class AddressState(BaseModel):
    """How the Hub is reached."""

    listens_on: str = Field(examples=["0.0.0.0:4545"])
    https: bool = Field(description="Whether this very request came by HTTPS, as the Hub sees it.")
    secure_cookies: bool = Field(description="Whether sessions are kept to HTTPS (EXEKRA_SECURE_COOKIES).")


class WorkInBackground(BaseModel):
    """Something that this Hub does all the time."""

    name: str = Field(examples=["assigning executions"])
    restarts: int = Field(description="How often it failed and was begun again.")
    failing: bool = Field(description="Whether it keeps failing.")
    error: str | None = Field(description="Its last error.", examples=["RuntimeError: a surprise"])
    failed_at: datetime | None = Field(description="When that was.")


class RunnerClock(BaseModel):
    """A Runner whose clock is off."""

    name: str
    behind_seconds: float = Field(description="Negative when it is ahead.", examples=[30.2])


class RetentionState(BaseModel):
    """When what is kept no longer was removed, and what that was; `/api/storage` has more of it."""

    began_at: datetime | None = Field(description="Null before the first run.")
    ended_at: datetime | None = Field(description="Null while a run goes on.")
    next_at: datetime
    removed_rows: int = Field(description="By the last run, as far as it was estimated.")
    problem: str | None = Field(description="What the last run could not do.")


class Recommendation(BaseModel):
    """Something that an administrator should do."""

    severity: Literal["error", "warning", "info"]
    text: str


class System(BaseModel):
    """How the system does, for administrators."""

    version: str = Field(examples=["0.1.0"])
    python: str = Field(examples=["3.12.4"])
    platform: str = Field(examples=["Linux-6.8"])
    started_at: datetime
    uptime_seconds: float
    database: DatabaseState
    disk: Disk
    work: WorkState
    hubs: list[HubProcess]
    clock: ClockState
    address: AddressState
    retention: RetentionState
    runner_versions: list[str] = Field(description="Of the Runners that are connected.")
    runner_clocks: list[RunnerClock] = Field(
        description="Of the Runners connected to this Hub, those whose clock is off by more than 2 seconds."
    )
    runner_problems: list[str] = Field(description="Why Runners that are connected can begin nothing, by their names.")
    background: list[WorkInBackground] = Field(description="What this Hub does all the time, by name.")
    recommendations: list[Recommendation] = Field(description="Errors first; empty when all is well.")
