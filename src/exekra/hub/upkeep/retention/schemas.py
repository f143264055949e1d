"""Requests and answers of the routes of storage."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from exekra.hub.upkeep.retention.models import MOST_DAYS, Kind

Days = Annotated[int, Field(ge=1, le=MOST_DAYS, strict=True)] | None


class RetentionTimes(BaseModel):
    """How many days each kind is kept after its execution has ended; null means for ever."""

    model_config = ConfigDict(extra="forbid")

    executions: Days = Field(description="An execution with its inputs, outputs and figures.", examples=[365])
    logs: Days = Field(description="The lines of its log.", examples=[90])
    events: Days = Field(description="The events of its nodes.", examples=[90])
    values: Days = Field(description="The values from which another execution can start in the middle.", examples=[30])
    files: Days = Field(description="Files that it was given or kept.", examples=[90])


class StoredKind(BaseModel):
    """How much is stored of one kind."""

    kind: Kind
    rows: int = Field(description="The number of rows that PostgreSQL last estimated.")
    bytes: int = Field(description="With indexes.")
    oldest: datetime | None = Field(description="When the oldest one was created; null if there are none.")


class RemovedOfKind(BaseModel):
    """How much a run removed of one kind."""

    kind: Kind
    rows: int = Field(description="The number of rows; an estimate for what is removed a partition at a time.")
    bytes: int = Field(description="How much disk space was freed immediately; that of single rows is only reused.")


class RetentionRun(BaseModel):
    """The last run, and the next."""

    running: bool
    began_at: datetime | None
    ended_at: datetime | None = Field(description="Null before the first run and during a run.")
    next_at: datetime
    removed: list[RemovedOfKind]
    held_back: int = Field(description="Expired partitions that are waiting for an execution in them to end.")
    problem: str | None = Field(description="What the last run could not remove, and why.")


class Storage(BaseModel):
    """What is stored, for how long, and what was removed last."""

    times: RetentionTimes
    kinds: list[StoredKind]
    workflow_files_bytes: int = Field(description="Files that belong to workflows; they are kept with their versions.")
    database_bytes: int
    run: RetentionRun
