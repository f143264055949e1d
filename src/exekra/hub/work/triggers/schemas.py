"""Requests and answers of the routes of triggers."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from exekra.hub.web.texts import Label, PlainText
from exekra.hub.work.executions.schemas import LONGEST_TIMEOUT
from exekra.hub.work.triggers.store import FiringState, Misfire, Overlap, TriggerKind

Cron = Annotated[
    PlainText,
    Field(
        min_length=1,
        max_length=200,
        description="Minute, hour, day of the month, month, day of the week; or `@hourly`, `@daily`, `@weekly`, "
        "`@monthly`, `@yearly`.",
        examples=["0 9 * * MON-FRI"],
    ),
]
TimeZone = Annotated[PlainText, Field(max_length=100, examples=["Europe/Berlin"])]


class Timing(BaseModel):
    """When a schedule fires."""

    model_config = ConfigDict(extra="forbid")

    cron: Cron
    time_zone: TimeZone = "UTC"
    starts_at: AwareDatetime | None = Field(default=None, description="Nothing is due before; default: now.")
    ends_at: AwareDatetime | None = Field(default=None, description="Nothing is due after; default: no end.")


class Preview(BaseModel):
    """A schedule in words, and the next times at which it fires."""

    words: str = Field(examples=["At 09:00 on Monday through Friday"])
    next: list[datetime] = Field(description="The next five times, in UTC; fewer where it ends.")


class ScheduleSettings(Timing):
    """When a schedule fires, and what else it does."""

    misfire: Misfire = Field(
        default=Misfire.ONCE,
        description="What to do with times at which no Hub was running: `skip` them, run `once` for all of them, or "
        "run for `all` of them.",
    )


class WebhookSettings(BaseModel):
    """How a webhook takes calls."""

    model_config = ConfigDict(extra="forbid")

    body_input: Annotated[PlainText, Field(min_length=1, max_length=200)] | None = Field(
        default=None,
        description="The input that takes the whole body; default: each field of the body is the input of that name.",
    )
    signed: bool = Field(default=False, description="Whether calls must be signed with the webhook's secret.")


class TriggerDraft(BaseModel):
    """A trigger as a person defines it: with either `schedule` or `webhook`."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "name": "Orders, weekdays at nine",
                    "workflow": "Orders",
                    "schedule": {"cron": "0 9 * * MON-FRI", "time_zone": "Europe/Berlin"},
                }
            ]
        },
    )

    name: Annotated[PlainText, Field(min_length=1, max_length=200)]
    workflow: Annotated[PlainText, Field(min_length=1, max_length=200, description="The workflow's id or name.")]
    enabled: bool = True
    schedule: ScheduleSettings | None = None
    webhook: WebhookSettings | None = None
    overlap: Overlap = Field(
        default=Overlap.ALLOW,
        description="While its last execution has not ended: `allow` another one, or `skip` this time and say so.",
    )
    inputs: dict[str, Any] = Field(default={}, description="Values for the workflow's inputs.")
    priority: int = Field(default=50, ge=0, le=100, description="The priority of its executions.")
    runner: Annotated[PlainText, Field(min_length=1, max_length=200)] | None = Field(
        default=None, description="Restrict its executions to this Runner: its id or name."
    )
    runner_type: Literal["ATTENDED", "UNATTENDED"] | None = Field(
        default=None, description="Restrict its executions to Runners of this type."
    )
    labels: list[Label] = Field(
        default=[], max_length=20, description="Restrict its executions to Runners with all of these labels."
    )
    timeout: float | None = Field(
        default=None, ge=0.001, le=LONGEST_TIMEOUT, description="Seconds after which an execution is ended."
    )


class Firing(BaseModel):
    """What came of one time at which a trigger was due, or of one call."""

    id: UUID
    due_at: datetime = Field(description="When it was due; for a webhook, when the call came.")
    fired_at: datetime
    state: FiringState = Field(
        description="`started` an execution; `skipped`, because the last one had not ended; `missed`, because no Hub "
        "was running; `refused`, because the execution could not be started."
    )
    execution_id: UUID | None
    execution_state: str | None = Field(
        description="The state of the execution now; null when it is not kept any more."
    )
    message: str | None


class Trigger(BaseModel):
    """A trigger."""

    id: UUID
    name: str
    kind: TriggerKind
    enabled: bool
    workflow_id: UUID
    workflow_name: str
    problem: str | None = Field(
        description="Why it cannot start anything now, such as a workflow that is archived or not published."
    )
    schedule: ScheduleSettings | None
    words: str | None = Field(description="The schedule in words.")
    webhook: WebhookSettings | None
    overlap: Overlap
    inputs: dict[str, Any]
    priority: int
    runner: str | None
    runner_type: Literal["ATTENDED", "UNATTENDED"] | None
    labels: list[str]
    timeout: float | None
    next_fire_at: datetime | None
    last: Firing | None = Field(description="What came of it last.")
    created_at: datetime
    changed_at: datetime


class WebhookSecret(BaseModel):
    """The secret with which calls are signed."""

    secret: str


class Called(BaseModel):
    """What came of a call."""

    execution_id: UUID | None = Field(description="The execution that was started; null if this one was skipped.")
    state: FiringState
    message: str | None = None
