"""How the token moves: the small types that every compiled node shares.

A compiled node is a step: a function that takes the token and gives the next step, an `Exit` where the body ends, or
a coroutine of one of the two where it has to wait. So a body of nodes that never wait runs without a coroutine.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from types import CoroutineType
from typing import Any, Literal, TypeAlias

from exekra.engine.tokens import Token
from exekra.flow.events import Failure


class Exit:
    """Why a body ended. False in a condition, so that `while step:` walks until one comes."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def __bool__(self) -> Literal[False]:
        return False

    def __repr__(self) -> str:
        return f"Exit({self.name})"


END = Exit("end")
"""No edge leaves the last node."""

BREAK = Exit("break")
CONTINUE = Exit("continue")
RETURN = Exit("return")

Step: TypeAlias = "Callable[[Token], Step | Exit | Coroutine[Any, Any, Step | Exit]]"
Next: TypeAlias = "Step | Exit"
Port: TypeAlias = "str | Exit"
Act: TypeAlias = "Callable[[Token], Port]"
"""A node's own work without waiting: gives the port, or the exit, by which the token leaves."""

WaitingAct: TypeAlias = "Callable[[Token], Coroutine[Any, Any, Port]]"
Evaluate: TypeAlias = "Callable[[Mapping[str, Any]], Any]"
"""From the scope to the value of a field."""


class NodeError(Exception):
    """A node failed and neither its retries, its error port nor `continue_on_error` took it: looks for a Try."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.message)
        self.failure = failure


async def walk(step: Next, token: Token) -> Exit:
    """Walk a body from its first step to its end. Loops write this out: a call made their turns a fifth slower.

    Raises:
        NodeError: A node of the body failed.
    """
    while step:
        moved = step(token)
        # The exact type is compared because this is the innermost loop.
        step = await moved if type(moved) is CoroutineType else moved  # type: ignore[assignment]  # Narrowed by hand.
    return step
