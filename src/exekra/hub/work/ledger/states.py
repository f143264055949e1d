"""The life of an execution: its states, and the permitted transitions.

The database refuses every other transition (trigger `execution_next_state`); a test compares the two tables.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class State(StrEnum):
    """The state of an execution."""

    QUEUED = "QUEUED"
    ASSIGNED = "ASSIGNED"
    RUNNING = "RUNNING"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"
    STOPPED = "STOPPED"


class Source(StrEnum):
    """What starts executions. Those from Studio are tries: figures and alerts leave them out."""

    MANUAL = "manual"
    SCHEDULE = "schedule"
    WEBHOOK = "webhook"
    STUDIO = "studio"


PRODUCTION = tuple(source for source in Source if source is not Source.STUDIO)
"""The sources of executions that count in figures."""


TRANSITIONS: Mapping[State, frozenset[State]] = {
    State.QUEUED: frozenset({State.ASSIGNED, State.FAILED, State.STOPPED}),
    # Back to QUEUED: the Runner declined the assignment, or was lost before it started.
    # Straight to COMPLETED: its Runner reported the beginning and the end together.
    State.ASSIGNED: frozenset({State.RUNNING, State.QUEUED, State.COMPLETED, State.FAILED, State.STOPPED}),
    State.RUNNING: frozenset({State.COMPLETED, State.FAILED, State.STOPPED}),
    State.COMPLETED: frozenset(),
    State.FAILED: frozenset(),
    State.STOPPED: frozenset(),
}
"""From each state, the states that may follow."""

FINAL = frozenset(state for state, following in TRANSITIONS.items() if not following)
"""The final states."""

UNDERWAY = frozenset({State.ASSIGNED, State.RUNNING})
"""The states in which a Runner holds the execution."""


def may_follow(state: State, following: State) -> bool:
    """Whether an execution may move from `state` to `following`."""
    return following in TRANSITIONS[state]
