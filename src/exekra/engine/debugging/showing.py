"""What a paused execution shows: the values in reach, small enough to be sent, and where the token stands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from exekra.engine.observe.observer import Observer
from exekra.engine.tokens import NodeLocation, Token
from exekra.flow.control import LOOPS
from exekra.flow.events import StackFrame
from exekra.flow.preview import kind_of

LARGEST_VALUE = 16 * 1024
"""Bytes of one value as it is shown."""

LARGEST_SCOPE = 200 * 1024
"""Bytes of all values of a scope as they are shown."""

_ROOM_FOR_KIND = 100
"""Bytes kept for each name that is still to come."""

DEEPEST_STACK = 100
"""How many of the innermost frames are shown."""


def shown_value(value: Any, observer: Observer) -> Any:
    """The value as a debugger shows it, with secrets masked."""
    return observer.preview(value, LARGEST_VALUE)


def shown_scope(scope: Mapping[str, Any], observer: Observer) -> dict[str, Any]:
    """Every name with its value; where there are too many with its kind alone, and in the end how many more."""
    shown: dict[str, Any] = {}
    left = LARGEST_SCOPE
    for name, value in scope.items():
        room = left - _ROOM_FOR_KIND * (len(scope) - len(shown))
        small = shown_value(value, observer) if room > 0 else kind_of(value)
        size = _size(name, small)
        if size > room:
            small = kind_of(value)
            size = _size(name, small)
        if size > left - _ROOM_FOR_KIND:
            shown["…"] = f"{len(scope) - len(shown)} more"
            break
        shown[name] = small
        left -= size
    return shown


def stack(location: NodeLocation, token: Token) -> tuple[StackFrame, ...]:
    """The node, and the nodes around it, the outermost first."""
    frames: list[StackFrame] = []
    standing: NodeLocation | None = location
    for visit in token.visit.up():
        around = visit.location
        assert standing is not None
        turn = visit.turn if around is not None and around.do in LOOPS else None
        frames.append(StackFrame(node=standing.label, workflow=standing.workflow, turn=turn))
        standing = around
        if len(frames) == DEEPEST_STACK:
            break
    return tuple(reversed(frames))


def _size(name: str, shown: Any) -> int:
    return len(name.encode()) + len(msgspec.json.encode(shown)) + 4
