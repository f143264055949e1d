"""How the nodes of one execution share their thread: its clock, when a loop gives way, and the wish to stop."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from exekra.engine.tokens import Token

SLICE_SECONDS = 0.01
"""A loop whose body never waits yields after this time, so a stop may go unnoticed for that long."""


class Scheduler:
    """Belongs to the event loop's thread.

    Attributes:
        clock: Gives seconds from an arbitrary beginning; it never goes back.
        yield_at: The clock's reading at which the next loop calls `yield_control`.
        stopping: Whether the execution is being stopped.
    """

    def __init__(self, clock: Callable[[], float] = time.perf_counter) -> None:
        self.clock = clock
        self.yield_at = clock() + SLICE_SECONDS
        self.stopping = False

    async def yield_control(self, token: Token) -> None:
        """Give everything else in the process its turn.

        Raises:
            asyncio.CancelledError: The execution is being stopped, or the time of a node around is over.
        """
        await asyncio.sleep(0)
        self.raise_if_stopping(token)
        token.at = self.clock()
        self.yield_at = token.at + SLICE_SECONDS

    def raise_if_stopping(self, token: Token) -> None:
        """Raise CancelledError when the execution is being stopped, whatever an activity made of its cancellation."""
        if self.stopping and not token.cleaning:
            raise asyncio.CancelledError
