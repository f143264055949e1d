"""What an execution reports while it runs. The engine emits these, the Runner carries them, the Hub stores them.

An event has no number of its own: its sequence within the execution is its place in the stream, from 1. Times are
seconds since 1970 (UTC); durations are seconds.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

WHOLE_VISITS = 5
"""Each of the first visits of a node is reported; of later ones only some are."""
LONGEST_WARNING = 300
"""Characters of the warning that stands among a node's figures; the log has it whole."""

EndState = Literal["COMPLETED", "FAILED", "STOPPED"]


class Failure(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An error as data: what a Catch sees as `error`, and what a failed execution shows."""

    type: str
    message: str
    kind: Literal["business", "application"] = "application"
    retryable: bool = False
    node: str | None = None
    workflow: str | None = None
    """The called workflow in which the node stands; None for the execution's own."""


class Event(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="event"):
    """What all events have."""

    at: float


class ExecutionStarted(Event, frozen=True, kw_only=True, tag="execution.started"):
    """The child process began with the flow."""


class NodeEntered(Event, frozen=True, kw_only=True, tag="node.entered"):
    """The token reached a node; `count` says for which time. Sampled in loops."""

    node: str
    count: int = 1


class NodeLeft(Event, frozen=True, kw_only=True, tag="node.left"):
    """The token left a node by `port`. Sampled in loops.

    `preview` is the result, shortened; `size` is its length in items or characters where it has one. `inputs` are the
    values that its fields had, shortened too.
    """

    node: str
    port: str
    seconds: float
    count: int = 1
    preview: Any = None
    size: int | None = None
    failure: Failure | None = None
    inputs: dict[str, Any] | None = None


class NodeTotal(msgspec.Struct, frozen=True, array_like=True):
    """Exact figures of one node since the execution began. Neighbours of another version may lack the last ones.

    `warnings` is the number of warnings that it wrote into the log, `warning` the last one, shortened.
    """

    node: str
    count: int
    seconds: float
    failures: int = 0
    warnings: int = 0
    warning: str | None = None


class NodeTotals(Event, frozen=True, kw_only=True, tag="node.totals"):
    """Exact counts and times of nodes, sent about once a second and at the end."""

    totals: tuple[NodeTotal, ...]


class Log(Event, frozen=True, kw_only=True, tag="log"):
    """A line of the execution's log."""

    message: str
    level: Literal["debug", "info", "warning", "error"] = "info"
    node: str | None = None


class VariableChanged(Event, frozen=True, kw_only=True, tag="variable.changed"):
    """The person who debugs gave a value another one."""

    name: str
    preview: Any = None


class StackFrame(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One workflow or body in which a paused token stands; `node` is where in it, `turn` the loop's turn from 1."""

    node: str
    workflow: str | None = None
    turn: int | None = None


class DebugPaused(Event, frozen=True, kw_only=True, tag="debug.paused"):
    """The execution waits before `node`, or after its failure. `scope` holds previews of all names in reach."""

    node: str
    reason: Literal["start", "breakpoint", "step", "pause", "failure"]
    scope: dict[str, Any]
    stack: tuple[StackFrame, ...] = ()
    count: int = 1
    failure: Failure | None = None


class DebugResumed(Event, frozen=True, kw_only=True, tag="debug.resumed"):
    """The execution continues."""


class DebugEvaluated(Event, frozen=True, kw_only=True, tag="debug.evaluated"):
    """The answer to Evaluate: a preview of the value, or the error in words."""

    id: str
    value: Any = None
    error: str | None = None


class DebugRefused(Event, frozen=True, kw_only=True, tag="debug.refused"):
    """A command was refused, with the reason."""

    command: str
    message: str


class Checkpoint(Event, frozen=True, kw_only=True, tag="checkpoint"):
    """The scope after a node of the outermost body: the execution can be run again from `node`'s successor.

    Left out where the scope cannot be stored within its bound. What JSON has no form for, such as dates and tables,
    stands under keys of its own (`flow/serialization.py`).
    """

    node: str
    port: str
    scope: dict[str, Any]


class Metric(Event, frozen=True, kw_only=True, tag="metric"):
    """The execution's process tree: CPU in percent of one core, memory in MB. Sampled by the Runner every 5 s."""

    cpu_percent: float
    memory_mb: float


class ExecutionFinished(Event, frozen=True, kw_only=True, tag="execution.finished"):
    """The last event. `nodes` is the total number of nodes that ran."""

    state: EndState
    outputs: dict[str, Any] = {}
    failure: Failure | None = None
    seconds: float = 0.0
    nodes: int = 0


AnyEvent = (
    ExecutionStarted
    | NodeEntered
    | NodeLeft
    | NodeTotals
    | Log
    | VariableChanged
    | DebugPaused
    | DebugResumed
    | DebugEvaluated
    | DebugRefused
    | Checkpoint
    | Metric
    | ExecutionFinished
)
