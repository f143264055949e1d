"""What the routes of storage take and give."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from exekra.hub.upkeep.retention.models import MOST_DAYS, Kind

Days = Annotated[int, Field(ge=1, le=MOST_DAYS, strict=True)] | None


class RetentionTimes(BaseModel):
    """How many days each kind is kept after its execution has ended; null: for ever."""

    model_config = ConfigDict(extra="forbid")

    executions: Days = Field(description="An execution with its inputs, outputs and figures.", examples=[365])
    logs: Days = Field(description="The lines of its log.", examples=[90])
    events: Days = Field(description="What its nodes did.", examples=[90])
    values: Days = Field(description="The values from which another execution can begin in its middle.", examples=[30])
    files: Days = Field(description="Files that it was given or kept.", examples=[90])


class StoredKind(BaseModel):
    """What is stored of a kind."""

    kind: Kind
    rows: int = Field(description="As PostgreSQL last estimated.")
    bytes: int = Field(description="With indexes.")
    oldest: datetime | None = Field(description="When the oldest came about; null when there is none.")


class RemovedOfKind(BaseModel):
    """What a run removed of a kind."""

    kind: Kind
    rows: int = Field(description="Of what is removed a partition at a time, as last estimated.")
    bytes: int = Field(description="What the disk gained at once; the room of single rows is used again.")


class RetentionRun(BaseModel):
    """The last run, and the next."""

    running: bool
    began_at: datetime | None
    ended_at: datetime | None = Field(description="Null before the first run, and while one goes on.")
    next_at: datetime
    removed: list[RemovedOfKind]
    held_back: int = Field(description="Partitions whose time is over, and that wait for an execution in them to end.")
    problem: str | None = Field(description="What the last run could not do.")


class Storage(BaseModel):
    """What is stored, for how long, and what was removed last."""

    times: RetentionTimes
    kinds: list[StoredKind]
    database_bytes: int
    run: RetentionRun
