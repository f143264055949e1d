"""What a person's debugger and a running execution say to each other.

Commands travel from Studio over the Hub and the Runner into the engine; what the engine answers are events, stored
and streamed like all others (`flow/events.py`: `debug.paused` and the rest). Nodes are named as events name them: the
ids of the calling nodes stand in front (`call/read`).
"""

from __future__ import annotations

from typing import Any

import msgspec

MOST_BREAKPOINTS = 1_000
"""As many breakpoints as a debug session may have."""

LONGEST_CONDITION = 2_000
"""Characters of a breakpoint's condition."""


class Breakpoint(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Pause before `node`; with a `condition` (an expression without braces) only when it is true."""

    node: str
    condition: str | None = None


class StartAt(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Begin at `node` with these values instead of at the start; with `only` end when that node has ended.

    `scope` is plain JSON, or what a checkpoint kept. `node` stands in the outermost body; with `only` in any.
    """

    node: str
    scope: dict[str, Any]
    only: bool = False


DEBUGGER_GONE = "DebuggerGoneError"
"""The type of the failure with which a debug session is STOPPED that nobody watched any more."""


class DebugOptions(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How a debug session starts.

    `alive_seconds`: after this time without a command (`Alive` is one), the session counts as abandoned and the
    execution is stopped.
    """

    breakpoints: tuple[Breakpoint, ...] = ()
    pause_at_start: bool = False
    pause_on_failure: bool = True
    alive_seconds: float = 45.0


class DebugCommand(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="command"):
    """What all commands have."""


class SetBreakpoints(DebugCommand, frozen=True, kw_only=True, tag="set_breakpoints"):
    """These are all breakpoints from now on."""

    breakpoints: tuple[Breakpoint, ...]


class Pause(DebugCommand, frozen=True, kw_only=True, tag="pause"):
    """Pause before the next node."""


class Resume(DebugCommand, frozen=True, kw_only=True, tag="resume"):
    """Go on to the next breakpoint."""


class StepOver(DebugCommand, frozen=True, kw_only=True, tag="step_over"):
    """Run the node and pause before the one after it, in the same body; where the body ends, outside of it.

    In a loop the body ends after the last turn: after another one it is the first node of the next turn.
    """


class StepInto(DebugCommand, frozen=True, kw_only=True, tag="step_into"):
    """Pause before the very next node: the first of a loop's body, or of a called workflow."""


class StepOut(DebugCommand, frozen=True, kw_only=True, tag="step_out"):
    """Run to the end of the body (of all turns of a loop) or of the called workflow and pause after it."""


class SetVariable(DebugCommand, frozen=True, kw_only=True, tag="set_variable"):
    """Give a value of the paused scope another value, as JSON."""

    name: str
    value: Any


class Evaluate(DebugCommand, frozen=True, kw_only=True, tag="evaluate"):
    """Evaluate an expression (without braces) in the paused scope; `id` comes back with the answer."""

    id: str
    expression: str


class Alive(DebugCommand, frozen=True, kw_only=True, tag="alive"):
    """Somebody is still there."""


AnyDebugCommand = SetBreakpoints | Pause | Resume | StepOver | StepInto | StepOut | SetVariable | Evaluate | Alive
