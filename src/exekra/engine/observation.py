"""What is told of the nodes: exact counts and times for all visits, events for some of them.

The first visits of a node are told one by one, later ones at growing intervals up to one a second, and the last one
of a loop again. So a million iterations cost neither the Runner nor the Hub, and a slow flow is told whole.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

from exekra.engine.secrets import Masker
from exekra.engine.steps import Exit, Port
from exekra.flow.events import WHOLE_VISITS, Event, Failure, Log, NodeEntered, NodeLeft, NodeTotal, NodeTotals
from exekra.flow.preview import LARGEST_BYTES, preview, size_of
from exekra.sdk.context import LogLevel

SHORTEST_INTERVAL = 0.1
LONGEST_INTERVAL = 1.0
"""Seconds between two visits that are told later on: each interval is half as long again as the one before."""

LONGEST_MESSAGE = 10_000
"""Characters of one log line."""


class Observer:
    """Passes events on in order, from whichever thread they come, with secrets masked."""

    def __init__(self, emit: Callable[[Event], None], masker: Masker, clock: Callable[[], float]) -> None:
        self.masker = masker
        self.clock = clock
        self.tallies: list[Tally] = []
        self._emit = emit
        self._lock = threading.Lock()
        self._closed = False
        # Times of events run with the same clock as durations do, so that they never go back.
        self._epoch = time.time() - clock()

    def time_of(self, reading: float) -> float:
        """The clock's reading as seconds since 1970."""
        return self._epoch + reading

    def now(self) -> float:
        """Seconds since 1970."""
        return self._epoch + self.clock()

    def emit(self, event: Event) -> None:
        """Pass an event on; after the last one nothing is."""
        with self._lock:
            if not self._closed:
                self._emit(event)

    def finish(self, event: Event) -> None:
        """Pass the last event on: what an abandoned thread says later is dropped."""
        with self._lock:
            self._closed = True
            self._emit(event)

    def log(self, message: str, level: LogLevel = "info", node: str | None = None) -> None:
        """Write a line of the execution's log; a very long one is cut."""
        text = self.masker.text(message)
        if len(text) > LONGEST_MESSAGE:
            text = f"{text[:LONGEST_MESSAGE]}… ({len(text) - LONGEST_MESSAGE:,} more characters)"
        self.emit(Log(at=self.now(), message=text, level=level, node=node))

    def preview(self, value: Any, largest: int = LARGEST_BYTES) -> Any:
        """The value made small, at most `largest` bytes as JSON, with secrets masked."""
        return preview(value, self.masker.text, self.masker.longest, largest)

    def tally(self, node: str, result_name: str | None) -> Tally:
        """The figures of one more node."""
        tally = Tally(self, node, result_name)
        self.tallies.append(tally)
        return tally

    def totals(self, *, all: bool = False) -> None:
        """Tell the exact figures of the nodes that were visited since the last time; of all at the end."""
        changed = []
        for tally in self.tallies:
            if tally.count != tally.told_count or (all and tally.count):
                tally.told_count = tally.count
                changed.append(NodeTotal(tally.node, tally.count, tally.seconds, tally.failures))
        if changed:
            self.emit(NodeTotals(at=self.now(), totals=tuple(changed)))


class Tally:
    """The figures of one node.

    Attributes:
        node: Its id; with the ids of the calling nodes in front (`call/read`) in a called workflow.
        count: How often it was left; also how often it failed for good.
        seconds: Their time in all.
        failures: How often it failed for good.
        last: The time of the last visit.
        port: The port or exit of the last visit.
        due: From this reading of the clock on the next visit is told.
        telling: Whether the visit that goes on is told.
    """

    __slots__ = (
        "_inputs",
        "_interval",
        "_observer",
        "_result_name",
        "_shown_count",
        "count",
        "due",
        "failures",
        "last",
        "node",
        "port",
        "seconds",
        "telling",
        "told_count",
    )

    def __init__(self, observer: Observer, node: str, result_name: str | None) -> None:
        self.node = node
        self.count = 0
        self.seconds = 0.0
        self.failures = 0
        self.last = 0.0
        self.port: Port = ""
        self.due = float("-inf")
        self.telling = False
        self.told_count = 0
        self._inputs: dict[str, Any] = {}
        self._shown_count = 0
        self._interval = SHORTEST_INTERVAL
        self._observer = observer
        self._result_name = result_name

    def entered(self, at: float) -> None:
        """Tell that the token reached the node."""
        self.telling = True
        self._inputs = {}
        self._observer.emit(NodeEntered(at=self._observer.time_of(at), node=self.node, count=self.count + 1))

    def note(self, values: Mapping[str, Any]) -> None:
        """Keep the values of the node's fields for the end of this visit, as a preview."""
        small = self._observer.preview({**self._inputs, **values})
        self._inputs = small if isinstance(small, dict) else {"…": small}

    def left(self, at: float, scope: dict[str, Any], failure: Failure | None = None) -> None:
        """Tell of the last visit, which is counted already, and decide when to tell the next one."""
        observer = self._observer
        result = scope.get(self._result_name) if self._result_name is not None and failure is None else None
        observer.emit(
            NodeLeft(
                at=observer.time_of(at),
                node=self.node,
                port=self.port.name if isinstance(self.port, Exit) else self.port,
                seconds=self.last,
                count=self.count,
                preview=None if result is None else observer.preview(result),
                size=_size(result),
                failure=failure,
                inputs=self._inputs or None,
            )
        )
        self.telling = False
        self._inputs = {}
        self._shown_count = self.count
        if self.count >= WHOLE_VISITS:
            self.due = at + self._interval
            self._interval = min(self._interval * 1.5, LONGEST_INTERVAL)

    def summarise(self, at: float, scope: dict[str, Any]) -> None:
        """Tell of the last visit of a loop's node, unless that is done."""
        if self._shown_count != self.count:
            self.left(at, scope)


def _size(result: Any) -> int | None:
    """The length of the first output that has one."""
    values = result.values() if isinstance(result, dict) else (result,)
    return next((size for size in map(size_of, values) if size is not None), None)
