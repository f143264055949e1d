"""What is reported of the nodes: exact counts and times for all visits, events for some of them.

The first visits of a node are reported one by one, later ones at growing intervals up to one a second, and the last
one of a loop again. So a million iterations cost neither the Runner nor the Hub, and a slow flow is reported whole.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

from exekra.engine.observe.observer import Observer
from exekra.engine.steps import Exit, Port
from exekra.flow.events import LONGEST_WARNING, WHOLE_VISITS, Failure, NodeEntered, NodeLeft, NodeTotal, NodeTotals
from exekra.flow.preview import size_of

SHORTEST_INTERVAL = 0.1
LONGEST_INTERVAL = 1.0
"""Seconds between two reported visits later on: each interval is 1.5 times the previous one."""

_counting = threading.Lock()  # Activities warn from threads of their own.


class NodeStatistics:
    """The figures of one node, and which of its visits are reported.

    Attributes:
        node: Its id; with the ids of the calling nodes in front (`call/read`) in a called workflow.
        count: How often it was left; also how often it failed for good.
        seconds: Their total time.
        failures: How often it failed for good.
        warnings: How many warnings it wrote into the log.
        warning: The last of them, shortened.
        last: The time of the last visit.
        port: The port or exit of the last visit.
        due: From this reading of the clock on the next visit is reported.
        reporting: Whether the present visit is reported.
    """

    __slots__ = (
        "_inputs",
        "_interval",
        "_last_reported",
        "_observer",
        "_result_name",
        "count",
        "due",
        "failures",
        "last",
        "node",
        "port",
        "reported_count",
        "reported_warnings",
        "reporting",
        "seconds",
        "warning",
        "warnings",
    )

    def __init__(self, observer: Observer, node: str, result_name: str | None) -> None:
        self.node = node
        self.count = 0
        self.seconds = 0.0
        self.failures = 0
        self.warnings = 0
        self.warning: str | None = None
        self.last = 0.0
        self.port: Port = ""
        self.due = float("-inf")
        self.reporting = False
        self.reported_count = 0
        self.reported_warnings = 0
        self._inputs: dict[str, Any] = {}
        self._last_reported = 0
        self._interval = SHORTEST_INTERVAL
        self._observer = observer
        self._result_name = result_name

    def entered(self, at: float) -> None:
        """Report that the token reached the node."""
        self.reporting = True
        self._inputs = {}
        self._observer.emit(NodeEntered(at=self._observer.time_of(at), node=self.node, count=self.count + 1))

    def note_inputs(self, values: Mapping[str, Any]) -> None:
        """Keep the values of the node's fields for the end of this visit, as a preview."""
        small = self._observer.preview({**self._inputs, **values})
        self._inputs = small if isinstance(small, dict) else {"…": small}

    def warned(self, message: str) -> None:
        """Count a warning. From any thread."""
        text = self._observer.text(message)
        short = text if len(text) <= LONGEST_WARNING else f"{text[: LONGEST_WARNING - 1]}…"
        with _counting:
            self.warnings += 1
            self.warning = short

    def left(self, at: float, scope: dict[str, Any], failure: Failure | None = None) -> None:
        """Report the last visit, which is counted already, and decide when to report the next one."""
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
        self.reporting = False
        self._inputs = {}
        self._last_reported = self.count
        if self.count >= WHOLE_VISITS:
            self.due = at + self._interval
            self._interval = min(self._interval * 1.5, LONGEST_INTERVAL)

    def report_last(self, at: float, scope: dict[str, Any]) -> None:
        """Report the last visit of a node in a loop, unless that is done."""
        if self._last_reported != self.count:
            self.left(at, scope)


class ExecutionStatistics:
    """The figures of all nodes of one execution."""

    def __init__(self, observer: Observer) -> None:
        self._observer = observer
        self._nodes: list[NodeStatistics] = []

    @property
    def visits(self) -> int:
        """The total number of nodes that ran, counting each visit."""
        return sum(node.count for node in self._nodes)

    def add(self, node: str, result_name: str | None) -> NodeStatistics:
        """The figures of one more node; its result stands in the scope under `result_name`."""
        statistics = NodeStatistics(self._observer, node, result_name)
        self._nodes.append(statistics)
        return statistics

    def emit_totals(self, *, all: bool = False) -> None:
        """Report the exact figures of the nodes that were visited since the last time; of all at the end."""
        changed = []
        for node in self._nodes:
            with _counting:
                warnings, warning = node.warnings, node.warning
            is_new = node.count != node.reported_count or warnings != node.reported_warnings
            if is_new or (all and (node.count or warnings)):
                node.reported_count, node.reported_warnings = node.count, warnings
                changed.append(NodeTotal(node.node, node.count, node.seconds, node.failures, warnings, warning))
        if changed:
            self._observer.emit(NodeTotals(at=self._observer.now(), totals=tuple(changed)))


def _size(result: Any) -> int | None:
    """The length of the first output that has one."""
    values = result.values() if isinstance(result, dict) else (result,)
    try:
        return next((size for size in map(size_of, values) if size is not None), None)
    except Exception:  # A class of an activity's own, whose `__len__` fails.
        return None
