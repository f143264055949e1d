"""The effect of a batch of events on one execution. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Self
from uuid import UUID

import msgspec

from exekra.flow.events import (
    AnyEvent,
    ExecutionFinished,
    ExecutionStarted,
    Failure,
    Log,
    Metric,
    NodeTotals,
)
from exekra.hub.work.ledger import node_totals
from exekra.hub.work.ledger.event_store import StoredEvent
from exekra.hub.work.ledger.node_totals import StoredTotals
from exekra.hub.work.ledger.rows import HeldExecution
from exekra.hub.work.ledger.states import FINAL, UNDERWAY, State
from exekra.hub.work.ledger.store import Change
from exekra.protocol.messages import Events

_encode = msgspec.json.Encoder().encode
_KINDS: Mapping[type[Any], str] = {kind: str(kind.__struct_config__.tag) for kind in AnyEvent.__args__}
LARGEST_SEQUENCE = 2**31 - 1
LONGEST_NODE = 500
"""How many characters of a node's id its events are indexed by: an index cannot contain longer ones."""


class Progress:
    """One execution while a batch is processed.

    Attributes:
        interactive: Whether somebody is probably watching it step by step.
        state: Its state after the events so far.
        last_sequence: The sequence of the last event that is stored, or will be.
        events: The new events, to be stored.
    """

    def __init__(self, row: HeldExecution, now: datetime) -> None:
        self.id: UUID = row.id
        self.lease: int = row.lease
        self.runner_id: UUID | None = row.runner_id
        self.interactive: bool = row.interactive
        self.state = row.state
        self.last_sequence: int = row.last_sequence
        self.events: list[StoredEvent] = []
        self._first_state = self.state
        self._assigned_at: datetime | None = row.assigned_at
        self._now = now
        self._started_at: datetime | None = None
        self._ended_at = now
        self._give_up = False
        self._failure: Failure | None = None
        self._finished: ExecutionFinished | None = None
        self._totals: StoredTotals = {}
        self._metrics: list[Metric] = []

    @classmethod
    def of(cls, row: HeldExecution, now: datetime) -> Self:
        """The execution as in its locked row."""
        return cls(row, now)

    @property
    def is_underway(self) -> bool:
        """Whether a Runner holds it."""
        return self.state in UNDERWAY

    @property
    def is_final(self) -> bool:
        """Whether it has ended."""
        return self.state in FINAL

    @property
    def has_new_state(self) -> bool:
        """Whether the batch changed its state."""
        return self.state is not self._first_state

    def add(self, message: Events, *, behind: float = 0.0) -> None:
        """Add the new events; those that are stored already or come after the end are skipped.

        Args:
            message: The events.
            behind: How many seconds the Runner's clock is behind the Hub's.
        """
        known = self.last_sequence + 1 - message.first
        for event in message.events[max(known, 0) :]:
            if not self.is_underway or self.last_sequence >= LARGEST_SEQUENCE:
                return
            self.last_sequence += 1
            at = self._moment(event.at + behind)
            level = event.level if isinstance(event, Log) else None
            body = _encode(msgspec.structs.replace(event, at=at.timestamp()) if behind else event).decode()
            self.events.append((self.id, self.last_sequence, at, _KINDS[type(event)], level, _node_of(event), body))
            self._apply(event, at)

    def _apply(self, event: AnyEvent, at: datetime) -> None:
        match event:
            case Metric():
                self._metrics.append(event)
            case NodeTotals():
                for total in event.totals:
                    self._totals[total.node] = node_totals.stored(total)
            case ExecutionStarted():
                self._begin(at)
            case ExecutionFinished():
                if event.state == "COMPLETED":
                    self._begin(at)
                self.state = State(event.state)
                self._ended_at = at
                self._finished = event
                self._failure = event.failure
            case _:
                pass

    def _begin(self, at: datetime) -> None:
        if self.state is State.ASSIGNED:
            self.state = State.RUNNING
            self._started_at = at

    def _moment(self, at: float) -> datetime:
        """The event's time, limited to between the assignment and now, because the estimate of a Runner's clock may be
        wrong.
        """
        if not math.isfinite(at) or not 0 <= at <= self._now.timestamp():
            return self._now
        moment = datetime.fromtimestamp(at, UTC)
        return max(moment, self._assigned_at) if self._assigned_at else moment

    def fail(self, type: str, reason: str) -> None:
        """End it on behalf of the Hub, and end its lease."""
        if self.is_underway:
            self.state = State.FAILED
            self._give_up = True
            self._failure = Failure(type=type, message=reason)

    def failed(self, type: str, reason: str) -> Change:
        """As `fail`, as a change."""
        self.fail(type, reason)
        return self.change()

    @property
    def changes(self) -> bool:
        """Whether there is anything to keep."""
        return bool(self.events) or self.has_new_state

    def change(self) -> Change:
        """The change that the batch makes to it."""
        finished = self._finished
        return Change(
            id=self.id,
            lease=self.lease,
            state=self.state,
            at=self._ended_at,
            began_at=self._started_at,
            last_sequence=self.last_sequence,
            give_up=self._give_up,
            failure=_encode(self._failure).decode() if self._failure else None,
            outputs=_encode(finished.outputs).decode() if finished and self.state is State.COMPLETED else None,
            node_totals=_encode(self._totals).decode() if self._totals else None,
            nodes=finished.nodes if finished else None,
            seconds=finished.seconds if finished else None,
            samples=len(self._metrics),
            cpu_sum=sum(metric.cpu_percent for metric in self._metrics),
            cpu_peak=max((metric.cpu_percent for metric in self._metrics), default=None),
            memory_sum=sum(metric.memory_mb for metric in self._metrics),
            memory_peak=max((metric.memory_mb for metric in self._metrics), default=None),
        )


def _node_of(event: AnyEvent) -> str | None:
    node: str | None = getattr(event, "node", None)
    return node if node is not None and len(node) <= LONGEST_NODE and "\0" not in node else None
