"""One node as it is run: its work with everything that every kind of node has around it.

That is counting and timing, telling, retry, timeout, the error port and `continue_on_error`. The work itself is an
act: it names the port by which the token leaves, or raises.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Mapping
from typing import Any

from exekra.engine.execution import Execution
from exekra.engine.failures import as_data, describe, details
from exekra.engine.observation import Tally
from exekra.engine.steps import END, Act, Next, NodeError, Port, Step, Token, WaitingAct
from exekra.flow.events import Failure
from exekra.flow.expressions.errors import ExpressionError
from exekra.flow.model import ERROR, Node, Retry
from exekra.sdk.errors import ExekraError, StoppedError, TimedOutError

Evaluate = Callable[[Mapping[str, Any]], Any]
"""From the scope to the value of a field."""


class Place:
    """One node of a flow, compiled.

    Attributes:
        id: The node's id.
        node: The node in the document.
        follows: The next step behind each port and each exit.
        inner: The figures of the nodes in its bodies, at any depth.
        fields: The fields that are evaluated when it runs, so that an error can name the one it comes from.
    """

    def __init__(
        self,
        execution: Execution,
        *,
        id: str,
        node: Node,
        workflow: str | None,
        tally: Tally,
        follows: Mapping[Port, Next],
        passing_port: str | None,
        empty: Mapping[str, None],
    ) -> None:
        self.execution = execution
        self.id = id
        self.node = node
        self.workflow = workflow
        self.tally = tally
        self.follows = follows
        self.passing_port = passing_port
        self.empty = empty
        self.inner: tuple[Tally, ...] = ()
        self.fields: dict[str, Evaluate] = {}

    def instant(self, act: Act, telling: Act) -> Step:
        """The step of an act that never waits. This is the engine's innermost path.

        `telling` is the same act, which also notes the values of the node's fields for the visits that are told.
        """
        if self.node.retry is not None:
            return self.waiting(_as_waiting(telling))
        tally, follows, clock = self.tally, self.follows, self.execution.clock

        def step(token: Token) -> Next:
            began = token.at
            if began >= tally.due:
                return told(token)
            try:
                port = act(token)
            except Exception as error:
                return self._fail(token, self._describe(error, token, began), began)
            now = clock()
            tally.count += 1
            tally.last = took = now - began
            tally.seconds += took
            tally.port = port
            token.at = now
            return follows[port]

        def told(token: Token) -> Next:
            began = token.at
            tally.entered(began)
            try:
                port = telling(token)
            except Exception as error:
                return self._fail(token, self._describe(error, token, began), began)
            self._leave(token, began, port)
            return follows[port]

        return step

    def waiting(self, act: WaitingAct) -> Step:
        """The step of an act that may wait."""

        async def step(token: Token) -> Next:
            began = token.at
            watched = began >= self.tally.due
            if watched:
                self.tally.entered(began)
            attempts = 0
            while True:
                try:
                    port = await self._attempt(token, act)
                except Exception as error:
                    failure = self._describe(error, token, began)
                except asyncio.CancelledError:
                    self._leave(token, began, ERROR, self._stopped())
                    raise
                else:
                    self._leave(token, began, port)
                    return self.follows[port]
                attempts += 1
                if not self._may_retry(failure, attempts):
                    return self._fail(token, failure, began)
                await self._wait_for_retry(failure, attempts, watched=watched)

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
                    f"`{self.id}` took longer than its limit of {limit:g} s. Raise its timeout, or find out what it "
                    "waits for."
                ) from None
        self.execution.raise_if_stopping(token)
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

    async def _wait_for_retry(self, failure: Failure, attempts: int, *, watched: bool) -> None:
        retry = self.node.retry
        assert retry is not None
        delay = retry_delay(retry, attempts, random.random())  # noqa: S311 - spreads load, guards nothing
        if watched:
            self.execution.observer.log(
                f"Attempt {attempts} of {retry.times + 1} failed: {failure.message} Trying again in {delay:.3g} s.",
                "warning",
                self.tally.node,
            )
        await asyncio.sleep(delay)

    def _describe(self, error: Exception, token: Token, began: float) -> Failure:
        execution = self.execution
        if execution.stopping and isinstance(error, StoppedError) and not token.cleaning:
            raise asyncio.CancelledError from None
        if isinstance(error, ExpressionError):
            self._name_field(error, token.scope)
        traceback = details(error) if began >= self.tally.due else None
        if traceback is not None:
            execution.observer.log(traceback, "debug", self.tally.node)
        failure = describe(error, node=self.id, do=self.node.do, workflow=self.workflow)
        return failure if isinstance(error, NodeError) else execution.masked(failure)

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
        port = (self.passing_port or ERROR) if goes_on else ERROR
        self.tally.failures += 1
        self._leave(token, began, port, failure)
        if follow is not None:
            token.scope["error"] = as_data(failure)
            return follow
        if goes_on:
            if self.empty:
                token.scope[self.id] = dict(self.empty)
            return self.follows[self.passing_port] if self.passing_port is not None else END
        raise NodeError(failure) from None

    def _leave(self, token: Token, began: float, port: Port, failure: Failure | None = None) -> None:
        tally, now = self.tally, self.execution.clock()
        tally.count += 1
        tally.last = now - began
        tally.seconds += tally.last
        tally.port = port
        token.at = now
        if began >= tally.due:
            for inner in self.inner:
                inner.summarise(now, token.scope)
            tally.left(now, token.scope, failure)

    def _stopped(self) -> Failure:
        return Failure(
            type=StoppedError.__name__,
            message=f"`{self.id}` was stopped before it ended.",
            node=self.id,
            workflow=self.workflow,
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
