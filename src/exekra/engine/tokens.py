"""What walks through a flow: the token, the call that it belongs to, and under a debugger the nodes around it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from exekra.flow.events import Failure


@dataclass(frozen=True, slots=True, eq=False)
class NodeLocation:
    """Which node it is.

    Attributes:
        id: Its id in the document.
        label: Its name in events: the ids of the calling nodes stand in front (`call/read`) in a called workflow.
        do: What it does: the id of an activity, or the kind of a control node.
        workflow: The called workflow in which it stands; None for the execution's own.
    """

    id: str
    label: str
    do: str
    workflow: str | None


class CallFrame:
    """One call of a flow.

    Attributes:
        depth: 0 for the execution's own flow, 1 for a flow that it calls, and so on.
        returned: What a Return node gave; None while none did.
    """

    __slots__ = ("depth", "returned")

    def __init__(self, depth: int = 0) -> None:
        self.depth = depth
        self.returned: dict[str, Any] | None = None


class NodeVisit:
    """One visit of a node that runs bodies or a flow, by a token that is inside of it now. Only under a debugger.

    Attributes:
        outer: The visit around; None for the execution itself.
        location: The node; None for the execution itself.
        token: The token that visits the node; those of a Parallel's branches and of a called flow are others.
        takes: Whether a failure inside of this visit goes no further than its node.
        port: The body that runs.
        turn: How often a body was started in this attempt.
        attempts: How often the node was tried in this visit.
        timer: The time limit of this attempt.
        lost: Seconds in which something inside stood still; they do not count as time of the node.
    """

    __slots__ = (
        "_halted",
        "_since",
        "_when",
        "attempts",
        "location",
        "lost",
        "outer",
        "port",
        "takes",
        "timer",
        "token",
        "turn",
    )

    def __init__(
        self,
        outer: NodeVisit | None = None,
        location: NodeLocation | None = None,
        token: Token | None = None,
        takes: Callable[[Failure, NodeVisit], bool] = lambda failure, visit: False,
    ) -> None:
        self.outer = outer
        self.location = location
        self.token = token
        self.takes = takes
        self.port = ""
        self.turn = 0
        self.attempts = 0
        self.timer: asyncio.Timeout | None = None
        self.lost = 0.0
        self._halted = 0
        self._since = 0.0
        self._when: float | None = None

    def up(self) -> Iterator[NodeVisit]:
        """This visit and those around it, the innermost first."""
        visit: NodeVisit | None = self
        while visit is not None:
            yield visit
            visit = visit.outer

    def halt(self, now: float) -> None:
        """Something inside is paused from now on: so are the time and the time limit, whatever else continues."""
        self._halted += 1
        if self._halted > 1:
            return
        self._since, self._when = now, None
        if self.timer is not None and not self.timer.expired():
            self._when = self.timer.when()
            self.timer.reschedule(None)

    def go_on(self, now: float) -> None:
        """One thing that was paused continues."""
        self._halted -= 1
        if self._halted:
            return
        self.lost += now - self._since
        if self.timer is not None and self._when is not None:
            self.timer.reschedule(self._when + now - self._since)


NO_VISIT = NodeVisit()
"""Where every token is that nobody debugs."""


class Token:
    """What walks through a flow. Each branch of a Parallel has one of its own.

    Attributes:
        scope: The values by name.
        at: The clock's reading when the last node was left: the next node's beginning.
        frame: The call of the flow to which it belongs.
        cleaning: Whether it walks a `finally` body although the execution is being stopped.
        visit: The innermost node around it, under a debugger.
    """

    __slots__ = ("at", "cleaning", "frame", "scope", "visit")

    def __init__(
        self,
        scope: dict[str, Any],
        at: float,
        frame: CallFrame,
        *,
        cleaning: bool = False,
        visit: NodeVisit = NO_VISIT,
    ) -> None:
        self.scope = scope
        self.at = at
        self.frame = frame
        self.cleaning = cleaning
        self.visit = visit


def waiting_tokens(token: Token) -> Iterator[Token]:
    """The tokens that wait for this one: of the Parallels and the calling flows around it."""
    return (visit.token for visit in token.visit.up() if visit.token is not None and visit.token is not token)


def related(one: Token, other: Token) -> bool:
    """Whether they are the same token, or one waits for the other."""
    return one is other or one in waiting_tokens(other) or other in waiting_tokens(one)


@contextmanager
def standing_still(token: Token, clock: Callable[[], float]) -> Iterator[None]:
    """The time in this block counts neither for the token nor for the nodes around it."""
    visits = tuple(token.visit.up())
    now = clock()
    for visit in visits:
        visit.halt(now)
    try:
        yield
    finally:
        token.at = clock()
        for visit in visits:
            visit.go_on(token.at)
