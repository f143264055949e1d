"""One node as it is run: its work with everything that every kind of node has around it.

That is counting and timing, reporting, retry, timeout, the error port and `continue_on_error`. The work itself is an
act: it names the port by which the token leaves, or raises.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Mapping
from typing import Any

from exekra.engine.failures import as_data, describe, details
from exekra.engine.observe.observer import Observer
from exekra.engine.observe.statistics import NodeStatistics
from exekra.engine.scheduling import Scheduler
from exekra.engine.steps import END, Act, Evaluate, Next, NodeError, Port, Step, WaitingAct
from exekra.engine.tokens import NodeLocation, Token
from exekra.flow.events import Failure
from exekra.flow.expressions.errors import ExpressionError
from exekra.flow.model import ERROR, Node, Retry
from exekra.sdk.errors import ApplicationError, ExekraError, StoppedError, TimedOutError


class NodeRunner:
    """Runs one node of a flow.

    Attributes:
        node: The node in the document.
        follows: The next step behind each port and each exit.
        inner: The figures of the nodes in its bodies, at any depth.
        fields: The fields that are evaluated when it runs, so that an error can name the one it comes from.
    """

    def __init__(
        self,
        location: NodeLocation,
        node: Node,
        *,
        scheduler: Scheduler,
        observer: Observer,
        statistics: NodeStatistics,
        follows: Mapping[Port, Next],
        passing_port: str | None,
        empty: Mapping[str, None],
    ) -> None:
        self.location = location
        self.node = node
        self.statistics = statistics
        self.follows = follows
        self.inner: tuple[NodeStatistics, ...] = ()
        self.fields: dict[str, Evaluate] = {}
        self._scheduler = scheduler
        self._observer = observer
        self._passing_port = passing_port
        self._empty = empty

    def instant(self, act: Act, noting: Act) -> Step:
        """The step of an act that never waits. This is the engine's innermost path.

        `noting` is the same act, which also notes the values of the node's fields for the visits that are reported.
        """
        if self.node.retry is not None:
            return self.waiting(_as_waiting(noting))
        statistics, follows, clock = self.statistics, self.follows, self._scheduler.clock

        def step(token: Token) -> Next:
            began = token.at
            if began >= statistics.due:
                return reported(token)
            try:
                port = act(token)
            except Exception as error:
                return self._fail(token, self._describe(error, token, began), began)
            now = clock()
            statistics.count += 1
            statistics.last = took = now - began
            statistics.seconds += took
            statistics.port = port
            token.at = now
            return follows[port]

        def reported(token: Token) -> Next:
            began = token.at
            statistics.entered(began)
            try:
                port = noting(token)
            except Exception as error:
                return self._fail(token, self._describe(error, token, began), began)
            self._leave(token, began, port)
            return follows[port]

        return step

    def waiting(self, act: WaitingAct) -> Step:
        """The step of an act that may wait."""

        async def step(token: Token) -> Next:
            began = token.at
            watched = began >= self.statistics.due
            if watched:
                self.statistics.entered(began)
            attempts = 0
            while True:
                try:
                    port = await self._attempt(token, act)
                except Exception as error:
                    failure = self._describe(error, token, began)
                    asked = error.retry_after or 0.0 if isinstance(error, ApplicationError) else 0.0
                except asyncio.CancelledError:
                    self._leave(token, began, ERROR, self._stopped())
                    raise
                else:
                    self._leave(token, began, port)
                    return self.follows[port]
                attempts += 1
                if not self._may_retry(failure, attempts) or self._must_wait_too_long(asked):
                    return self._fail(token, failure, began)
                await self._wait_for_retry(failure, attempts, asked, watched=watched)

        return step

    async def _attempt(self, token: Token, act: WaitingAct) -> Port:
        """One attempt, with the node's time limit."""
        limit = self.node.timeout
        if limit is None:
            port = await act(token)
        else:
            try:
                async with self._time_limit(token, limit) as timer:
                    port = await act(token)
            except TimeoutError:
                if not timer.expired():
                    raise
                raise TimedOutError(
                    f"`{self.location.id}` took longer than its limit of {limit:g} s. Raise its timeout, or find out "
                    "what it waits for."
                ) from None
        self._scheduler.raise_if_stopping(token)
        return port

    def _time_limit(self, token: Token, seconds: float) -> asyncio.Timeout:
        return asyncio.timeout(seconds)

    def _may_retry(self, failure: Failure, attempts: int) -> bool:
        retry = self.node.retry
        return (
            retry is not None
            and attempts <= retry.times
            and failure.retryable
            and (not retry.errors or failure.type in retry.errors)
        )

    def _must_wait_too_long(self, asked: float) -> bool:
        """Whether the other side wants more seconds to pass than the longest wait, so that no retry can help."""
        retry = self.node.retry
        if retry is None or asked <= retry.longest:
            return False
        self._observer.log(
            f"Not tried again: the server asks to wait {asked:,.0f} s, and the longest wait of this step's retry is "
            f"{retry.longest:g} s.",
            "warning",
            self.location.label,
        )
        return True

    async def _wait_for_retry(self, failure: Failure, attempts: int, asked: float, *, watched: bool) -> None:
        retry = self.node.retry
        assert retry is not None
        delay = max(asked, retry_delay(retry, attempts, random.random()))  # noqa: S311 - spreads load, guards nothing
        if watched:
            self._observer.log(
                f"Attempt {attempts} of {retry.times + 1} failed: {failure.message} Trying again in {delay:.3g} s.",
                "warning",
                self.location.label,
            )
        await asyncio.sleep(delay)

    def _describe(self, error: Exception, token: Token, began: float) -> Failure:
        if self._scheduler.stopping and isinstance(error, StoppedError) and not token.cleaning:
            raise asyncio.CancelledError from None
        if isinstance(error, ExpressionError):
            self._name_field(error, token.scope)
        traceback = details(error) if began >= self.statistics.due else None
        if traceback is not None:
            self._observer.log(traceback, "debug", self.location.label)
        failure = describe(error, self.location)
        return failure if isinstance(error, NodeError) else self._observer.masked(failure)

    def _name_field(self, error: ExpressionError, scope: Mapping[str, Any]) -> None:
        """Put the field's name before the message. Found by evaluating again, so that what works costs nothing."""
        for name, evaluate in self.fields.items():
            try:
                evaluate(scope)
            except ExekraError:
                error.args = (f"`{name}`: {error.message}",)
                return

    def _fail(self, token: Token, failure: Failure, began: float) -> Next:
        """Leave after a failure that is final: by the error port, with an empty result, or to the nearest Try."""
        follow = self.follows.get(ERROR)
        goes_on = follow is None and self.node.continue_on_error
        port = (self._passing_port or ERROR) if goes_on else ERROR
        self.statistics.failures += 1
        self._leave(token, began, port, failure)
        if follow is not None:
            token.scope["error"] = as_data(failure)
            return follow
        if goes_on:
            if self._empty:
                token.scope[self.location.id] = dict(self._empty)
            return self.follows[self._passing_port] if self._passing_port is not None else END
        raise NodeError(failure) from None

    def _leave(self, token: Token, began: float, port: Port, failure: Failure | None = None) -> None:
        statistics, now = self.statistics, self._scheduler.clock()
        statistics.count += 1
        statistics.last = now - began
        statistics.seconds += statistics.last
        statistics.port = port
        token.at = now
        if began >= statistics.due:
            for inner in self.inner:
                inner.report_last(now, token.scope)
            statistics.left(now, token.scope, failure)

    def _stopped(self) -> Failure:
        return Failure(
            type=StoppedError.__name__,
            message=f"`{self.location.id}` was stopped before it ended.",
            node=self.location.id,
            workflow=self.location.workflow,
        )


def retry_delay(retry: Retry, attempt: int, chance: float) -> float:
    """Seconds to wait after the failed attempt number `attempt` (1, 2, ...); `chance` is a random number in [0, 1)."""
    try:
        delay = min(retry.delay * retry.backoff ** (attempt - 1), retry.longest)
    except OverflowError:
        delay = retry.longest
    return max(0.0, delay * (1 + retry.jitter * (2 * chance - 1)))


def _as_waiting(act: Act) -> WaitingAct:
    async def waiting(token: Token) -> Port:
        return act(token)

    return waiting
