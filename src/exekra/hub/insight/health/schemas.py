"""The state of the system, as administrators see it."""

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
    """The state of PostgreSQL, and what it stores."""

    version: str = Field(examples=["18.0"])
    latency_ms: float = Field(description="How long a round trip took.")
    size_bytes: int
    connections_used: int = Field(description="Connections to the whole server, by all programs.")
    connections_most: int
    pool_used: int = Field(description="Of this Hub.")
    pool_most: int
    revision: str = Field(description="Of the schema.", examples=["0003"])
    newest_revision: str = Field(description="The revision that this version of Exekra requires.")
    embedded: bool = Field(description="Whether `exekra up` keeps this PostgreSQL in the data folder.")
    events: int | None = Field(description="Stored events of executions, as last estimated.")
    executions: int | None = Field(description="As last estimated.")
    tables: list[TableSize] = Field(description="The 12 largest.")


class Disk(BaseModel):
    """The disk that holds a folder of the Hub."""

    folder: str
    total_bytes: int
    free_bytes: int


class WorkState(BaseModel):
    """The work that is waiting and running, and the Runners for it."""

    queued: int
    underway: int = Field(description="ASSIGNED or RUNNING.")
    runners_online: int = Field(description="Connected and free.")
    runners_busy: int
    runners_offline: int


class HubProcess(BaseModel):
    """A Hub that uses this database."""

    id: UUID
    seen_at: datetime
    is_this: bool = Field(description="Whether it is the Hub that answers this request.")


class ClockState(BaseModel):
    """The clocks."""

    now: datetime
    time_zone: str = Field(description="Of the Hub's machine.", examples=["CEST"])
    utc_offset_minutes: int = Field(examples=[120])
    database_ahead_seconds: float = Field(
        description="How far the clock of PostgreSQL's machine is ahead of the Hub's."
    )


class AddressState(BaseModel):
    """How the Hub is reached."""

    listens_on: str = Field(examples=["0.0.0.0:4545"])
    https: bool = Field(description="Whether the Hub sees this request as coming over HTTPS.")
    secure_cookies: bool = Field(description="Whether session cookies are restricted to HTTPS (EXEKRA_SECURE_COOKIES).")


class WorkInBackground(BaseModel):
    """A background task of this Hub."""

    name: str = Field(examples=["assigning executions"])
    restarts: int = Field(description="How often it failed and was restarted.")
    failing: bool = Field(description="Whether it keeps failing.")
    error: str | None = Field(description="Its last error.", examples=["RuntimeError: a surprise"])
    failed_at: datetime | None = Field(description="When that was.")


class RunnerClock(BaseModel):
    """A Runner whose clock is off."""

    name: str
    behind_seconds: float = Field(description="Negative when it is ahead.", examples=[30.2])


class RetentionState(BaseModel):
    """When expired data was last removed, and how much; `/api/storage` has the details."""

    began_at: datetime | None = Field(description="Null before the first run.")
    ended_at: datetime | None = Field(description="Null during a run.")
    next_at: datetime
    removed_rows: int = Field(description="How many rows the last run removed; estimated for whole partitions.")
    problem: str | None = Field(description="What the last run could not remove, and why.")


class Recommendation(BaseModel):
    """Something that an administrator should do."""

    severity: Literal["error", "warning", "info"]
    text: str


class System(BaseModel):
    """The state of the system, for administrators."""

    version: str = Field(examples=["0.1.0"])
    python: str = Field(examples=["3.12.4"])
    platform: str = Field(examples=["Linux-6.8"])
    started_at: datetime
    uptime_seconds: float
    database: DatabaseState
    disk: Disk = Field(description="Of the data folder.")
    file_disk: Disk | None = Field(
        description="Of the folder of files; null when it is the same disk, or when files are in a bucket."
    )
    file_problem: str | None = Field(description="Why the file storage cannot be used; null while it can.")
    work: WorkState
    hubs: list[HubProcess]
    clock: ClockState
    address: AddressState
    retention: RetentionState
    runner_versions: list[str] = Field(description="The versions of the connected Runners.")
    runner_clocks: list[RunnerClock] = Field(
        description="The Runners connected to this Hub whose clocks are off by more than 2 seconds."
    )
    runner_problems: list[str] = Field(
        description="Why Runners that are connected cannot start executions, by their names."
    )
    background: list[WorkInBackground] = Field(description="The background tasks of this Hub, by name.")
    recommendations: list[Recommendation] = Field(description="Errors first; empty when everything is fine.")
