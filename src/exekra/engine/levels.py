"""Where a debugged token stands: the nodes around it that run bodies or flows, and how long it stood still in them.

Without a debugger there are no levels: every token has the one `NOWHERE`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from exekra.engine.place import Place
    from exekra.engine.steps import Token


class Level:
    """One visit of a node by a token that is inside of it now.

    Attributes:
        outer: The level around; None for the execution itself.
        place: The node; None for the execution itself.
        token: The token that visits the node; those of a Parallel's branches and of a called flow are others.
        port: The body that runs.
        turn: How often a body was begun in this attempt.
        attempts: How often the node was tried in this visit.
        timer: The time limit of this attempt.
        lost: Seconds in which something inside stood still; they are no time of the node.
    """

    __slots__ = ("_since", "_standing", "_when", "attempts", "lost", "outer", "place", "port", "timer", "token", "turn")

    def __init__(self, outer: Level | None = None, place: Place | None = None, token: Token | None = None) -> None:
        self.outer = outer
        self.place = place
        self.token = token
        self.port = ""
        self.turn = 0
        self.attempts = 0
        self.timer: asyncio.Timeout | None = None
        self.lost = 0.0
        self._standing = 0
        self._since = 0.0
        self._when: float | None = None

    def up(self) -> Iterator[Level]:
        """This level and those around it, the innermost first."""
        level: Level | None = self
        while level is not None:
            yield level
            level = level.outer

    def halt(self, now: float) -> None:
        """Something inside stands still from now on: so do the time and the time limit, whatever else goes on."""
        self._standing += 1
        if self._standing > 1:
            return
        self._since, self._when = now, None
        if self.timer is not None and not self.timer.expired():
            self._when = self.timer.when()
            self.timer.reschedule(None)

    def go_on(self, now: float) -> None:
        """One thing that stood still goes on."""
        self._standing -= 1
        if self._standing:
            return
        self.lost += now - self._since
        if self.timer is not None and self._when is not None:
            self.timer.reschedule(self._when + now - self._since)


NOWHERE = Level()


def ancestors(token: Token) -> Iterator[Token]:
    """The tokens that wait for this one: of the Parallels and the calling flows around it."""
    return (level.token for level in token.level.up() if level.token is not None and level.token is not token)


def related(one: Token, other: Token) -> bool:
    """Whether they are the same token, or one waits for the other."""
    return one is other or one in ancestors(other) or other in ancestors(one)


@contextmanager
def standing_still(token: Token, clock: Callable[[], float]) -> Iterator[None]:
    """The time in this block is no time of the token, nor of the nodes around it."""
    levels = tuple(token.level.up())
    now = clock()
    for level in levels:
        level.halt(now)
    try:
        yield
    finally:
        token.at = clock()
        for level in levels:
            level.go_on(token.at)
