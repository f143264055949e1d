"""Executions as the statements of the stores return them: typed, so that a renamed column is noticed immediately."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from exekra.hub.core.rows import Row
from exekra.hub.work.ledger.states import State


class Assignment(Row, frozen=True):
    """An execution that was assigned to a Runner.

    Attributes:
        stops: Whether it has already been asked to stop.
    """

    execution_id: UUID
    lease: int
    runner_id: UUID
    workflow: str
    version_id: UUID
    version: int
    inputs: dict[str, Any]
    timeout: float | None
    interactive: bool
    debug: dict[str, Any] | None
    start_at: dict[str, Any] | None
    stops: bool = False


class HeldExecution(Row, frozen=True):
    """An execution with everything that a change to it depends on.

    Attributes:
        last_sequence: The sequence of the last event that is stored.
        given_up: How often an assignment of it was revoked because its Runner was lost.
        runner_name: Its Runner's name; None if the statement does not select it, or the Runner was removed.
    """

    id: UUID
    state: State
    lease: int
    last_sequence: int
    runner_id: UUID | None
    assigned_at: datetime | None
    stop_requested_at: datetime | None
    workflow_name: str
    interactive: bool
    given_up: int
    runner_name: str | None = None


HELD_COLUMNS = ", ".join(f"e.{name}" for name in HeldExecution.__struct_fields__ if name != "runner_name")
"""What a statement selects from `execution e`."""


class DebugSession(Row, frozen=True):
    """What controlling an execution depends on.

    Attributes:
        debug: Whether it is a debug session.
        connected: Whether its Runner is connected to a Hub.
    """

    id: UUID
    state: State
    lease: int
    runner_id: UUID | None
    created_by: UUID | None
    workflow_name: str
    debug: bool
    runner_name: str | None
    connected: bool


class EndOfExecution(Row, frozen=True):
    """The state of an execution and what it ended with; `stopped_by` is the name of the user who stopped it."""

    id: UUID
    state: State
    runner_id: UUID | None
    started_at: datetime | None
    finished_at: datetime | None
    failure: dict[str, Any] | None
    stopped_by: str | None


class Holder(Row, frozen=True):
    """Which Runner has, or had last, an execution, which was made at that time."""

    runner_id: UUID | None
    lease: int
    created_at: datetime
