"""Work that must keep running while a program runs, and must not die silently.

A piece of work has a name. When it raises, it is restarted after a growing pause, and its state can be seen: how often
it was restarted, its last error, and whether it keeps failing.
"""

from __future__ import annotations

import asyncio
import logging
import math
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from tenacity import AsyncRetrying, RetryCallState, retry_if_exception, wait_random_exponential

FAILURES_IN_A_ROW = 3
"""After this many restarts, the work counts as failing."""
STEADY_SECONDS = 10.0
"""Work that ran for this long has recovered from earlier failures."""
Waits = Callable[[RetryCallState], float]
"""How many seconds to pause after a failed attempt; the wait strategies of tenacity fit."""
PAUSES: Waits = wait_random_exponential(multiplier=0.2, min=0.1, max=30)
"""Growing, randomised pauses, so that many retries do not come at the same time."""
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkState:
    """The state of a piece of work.

    Attributes:
        name: What it is, for people.
        restarts: How often it was restarted since the program started.
        failing: Whether it keeps failing.
        error: The last error: its type and its message; None if there was none.
        error_type: The type alone, which cannot contain a secret.
        failed_at: When the last error happened, in UTC.
    """

    name: str
    restarts: int
    failing: bool
    error: str | None
    error_type: str | None
    failed_at: datetime | None


class _Work:
    """The record of one piece of work."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.restarts = 0
        self.in_a_row = 0
        self.steady_at = math.inf
        self.error: str | None = None
        self.error_type: str | None = None
        self.failed_at: datetime | None = None

    @property
    def is_steady(self) -> bool:
        """Whether it has run for long enough to have recovered."""
        return time.monotonic() >= self.steady_at

    def state(self) -> WorkState:
        return WorkState(
            name=self.name,
            restarts=self.restarts,
            failing=self.in_a_row >= FAILURES_IN_A_ROW and not self.is_steady,
            error=self.error,
            error_type=self.error_type,
            failed_at=self.failed_at,
        )


class Supervisor:
    """Keeps work running.

    Args:
        expected: Errors that are not defects, such as an unavailable database: they are logged without a traceback, and
            only once in a row.
        waits: The pauses before work is restarted.
    """

    def __init__(self, expected: tuple[type[BaseException], ...] = (), *, waits: Waits = PAUSES) -> None:
        self._expected = expected
        self._waits = waits
        self._works: dict[str, _Work] = {}

    def states(self) -> list[WorkState]:
        """The state of all work by name, including work that has ended."""
        return [self._works[name].state() for name in sorted(self._works)]

    async def keep(
        self,
        name: str,
        work: Callable[[], Awaitable[None]],
        *,
        ends: tuple[type[BaseException], ...] = (),
        waits: Waits | None = None,
    ) -> None:
        """Run `work` until it returns; restart it whenever it raises.

        Args:
            name: For people. Pieces of work with the same name are counted together.
            work: Started from the beginning each time, so it must find out by itself what to do.
            ends: Errors that are passed on to the caller instead.
            waits: Pauses to use instead of the default ones.
        """
        known = self._works.setdefault(name, _Work(name))

        async def attempt() -> None:
            known.steady_at = time.monotonic() + STEADY_SECONDS
            await work()

        try:  # Most work never fails, and is begun for each execution: it does without a retry.
            await attempt()
        except ends:
            raise
        except Exception as error:
            first: Exception | None = error
        else:
            return

        async def again() -> None:
            nonlocal first
            if first is not None:
                failed, first = first, None
                raise failed
            await attempt()

        await self._retrying(known, waits or self._waits, ends)(again)

    async def attempt(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        """Run `work` once; an error is recorded and not raised."""
        known = self._works.setdefault(name, _Work(name))
        try:
            await work()
        except Exception as error:
            self._note(known, error)
        else:
            known.in_a_row = 0

    async def repeat(self, name: str, work: Callable[[], Awaitable[None]], *, seconds: float) -> None:
        """Run `work` every `seconds` without end, starting after the first pause; a round that raises is tried again.

        Args:
            name: For people.
            work: One round.
            seconds: The pause between two rounds; pauses before a retry are never longer.
        """
        known = self._works.setdefault(name, _Work(name))

        async def attempt() -> None:
            await work()

        retrying = self._retrying(known, lambda state: min(self._waits(state), seconds))
        while True:
            await asyncio.sleep(seconds)
            await retrying(attempt)
            known.in_a_row = 0

    @asynccontextmanager
    async def keeping(self, name: str, work: Callable[[], Awaitable[None]]) -> AsyncIterator[None]:
        """Run `keep` for the duration of the block."""
        async with _meanwhile(self.keep(name, work), name):
            yield

    @asynccontextmanager
    async def repeating(self, name: str, work: Callable[[], Awaitable[None]], *, seconds: float) -> AsyncIterator[None]:
        """Run `repeat` for the duration of the block."""
        async with _meanwhile(self.repeat(name, work, seconds=seconds), name):
            yield

    def _retrying(self, work: _Work, waits: Waits, ends: tuple[type[BaseException], ...] = ()) -> AsyncRetrying:
        def pause(state: RetryCallState) -> float:
            if work.is_steady:
                work.in_a_row = 0
                state.attempt_number = 1
            work.steady_at = math.inf
            return waits(state)

        def note(state: RetryCallState) -> None:
            assert state.outcome is not None, "an attempt came before the pause"
            self._note(work, state.outcome.exception())
            work.restarts += 1

        return AsyncRetrying(
            retry=retry_if_exception(lambda error: isinstance(error, Exception) and not isinstance(error, ends)),
            wait=pause,
            before_sleep=note,
            reraise=True,
        )

    def _note(self, work: _Work, error: BaseException | None) -> None:
        kind = type(error).__name__
        again = work.in_a_row > 0 and work.error_type == kind
        work.in_a_row += 1
        work.error, work.error_type = f"{kind}: {error}".removesuffix(": "), kind
        work.failed_at = datetime.now(UTC)
        if not isinstance(error, self._expected):
            # The traceback is only logged once while the same error repeats.
            logger.error("Failed and will be retried: %s: %s", work.name, work.error, exc_info=None if again else error)
        elif not again:
            logger.warning("Waiting until it can continue: %s: %s", work.name, error)


@asynccontextmanager
async def _meanwhile(work: Coroutine[Any, Any, None], name: str) -> AsyncIterator[None]:
    task = asyncio.create_task(work, name=name)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait({task})
