"""The debugger of one execution: where it pauses, and how it continues.

It is compiled in: each node's step has another one around it, which asks whether to go on. An execution without a
debugger has none of this. All of it runs in the event loop's thread.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass
from types import CoroutineType
from typing import Any, Literal

from exekra.engine.debugging.breakpoints import Breakpoints
from exekra.engine.debugging.node_runner import DebugNodeRunner
from exekra.engine.debugging.showing import shown_scope, stack
from exekra.engine.observe.observer import Observer
from exekra.engine.scheduling import Scheduler
from exekra.engine.steps import Exit, Next, NodeError, Step, walk
from exekra.engine.tokens import NodeVisit, Token, related, standing_still, waiting_tokens
from exekra.flow.debugging import DebugOptions
from exekra.flow.events import DebugPaused, DebugRefused, DebugResumed, Failure
from exekra.flow.model import Flow
from exekra.sdk.errors import ExekraError

Reason = Literal["start", "breakpoint", "step", "pause", "failure"]

MOST_REPORTED = 1_000
"""How many visits of one step are reported in full; after that, a step over a long loop is sampled."""


@dataclass(slots=True, eq=False)
class Paused:
    """A token that waits for the person who debugs."""

    token: Token
    runner: DebugNodeRunner
    over: asyncio.Future[None]


@dataclass(slots=True, eq=False)
class Stepping:
    """A step that is under way.

    Attributes:
        token: The token that moves, with those that wait for it and those that it waits for; all others stand still.
        visits: The step ends at the next node that stands in one of them; None at the very next node.
        left: How many more visits are reported.
    """

    token: Token
    visits: frozenset[NodeVisit] | None
    left: int = MOST_REPORTED


class Debugger:
    """Pauses tokens and lets them go.

    Attributes:
        root: The visit of the execution itself.
        paused: The token that waits now.
    """

    def __init__(
        self,
        flow: Flow,
        workflows: Mapping[str, Flow],
        options: DebugOptions,
        *,
        scheduler: Scheduler,
        observer: Observer,
    ) -> None:
        self.root = NodeVisit()
        self.paused: Paused | None = None
        self.breakpoints = Breakpoints(flow, workflows)
        self._scheduler = scheduler
        self._observer = observer
        self._options = options
        self._stepping: Stepping | None = None
        self._wanted: Reason | None = "start" if options.pause_at_start else None
        self._changed = asyncio.Event()
        self._watchful = options.pause_at_start
        self._failures: set[tuple[str | None, str | None, str]] = set()

    # Compiled around the nodes

    def around(self, runner: DebugNodeRunner, step: Step, *, nests: bool) -> Step:
        """The node's step with the debugger around it; `nests` where it runs bodies or a flow."""
        if nests:
            step = _nested(runner, step)
        if self._options.pause_on_failure:
            step = self._guarded(runner, step)
        return self._asking(runner, step)

    def body(self, do: str, port: str, first: Next) -> Next:
        """The first step of a body, so that it is known where a token stands."""
        if not first:
            return first
        if do == "parallel":
            return self._branch(first)

        def begin(token: Token) -> Next:
            token.visit.port = port
            token.visit.turn += 1
            return first

        return begin

    def _asking(self, runner: DebugNodeRunner, step: Step) -> Step:
        node, conditions, scheduler = runner.location.label, self.breakpoints.conditions, self._scheduler

        def ask(token: Token) -> Next | Coroutine[Any, Any, Next]:
            if not self._watchful and node not in conditions:
                return step(token)
            if token.cleaning or scheduler.stopping:
                return step(token)
            if self._must_wait(token):
                return self._stop_before(runner, step, token, None)
            reason = self._reason(runner, token)
            return step(token) if reason is None else self._stop_before(runner, step, token, reason)

        return ask

    async def _stop_before(self, runner: DebugNodeRunner, step: Step, token: Token, reason: Reason | None) -> Next:
        while self._must_wait(token):
            await self._wait(token)
            reason = None if self._must_wait(token) else self._reason(runner, token)
        if reason is not None:
            runner.statistics.due = float("-inf")  # What a person looks at is reported.
            await self._pause(runner, token, reason)
        moved = step(token)
        return await moved if type(moved) is CoroutineType else moved  # type: ignore[return-value]  # As in `walk`.

    def _guarded(self, runner: DebugNodeRunner, step: Step) -> Step:
        def guarded(token: Token) -> Next | Coroutine[Any, Any, Next]:
            try:
                moved = step(token)
            except NodeError as error:
                return self._failed(runner, token, error)
            return awaited(token, moved) if type(moved) is CoroutineType else moved

        async def awaited(token: Token, moved: Coroutine[Any, Any, Next]) -> Next:
            try:
                return await moved
            except NodeError as error:
                return await self._failed(runner, token, error)

        return guarded

    async def _failed(self, runner: DebugNodeRunner, token: Token, error: NodeError) -> Next:
        """Pause after a failure that nothing in the flow takes, once, at the node where it happened."""
        failure = error.failure
        known = (failure.workflow, failure.node, failure.type)
        own = failure.node == runner.location.id and failure.workflow == runner.location.workflow
        new = own or known not in self._failures
        self._failures.add(known)
        if new and not self._is_taken(failure, token):
            while self._must_wait(token) and self._may_pause(token):
                await self._wait(token)
            if self._may_pause(token):
                await self._pause(runner, token, "failure", failure)
        raise error

    def _is_taken(self, failure: Failure, token: Token) -> bool:
        return any(visit.takes(failure, visit) for visit in token.visit.up())

    def _branch(self, first: Next) -> Step:
        async def branch(token: Token) -> Exit:
            try:
                return await walk(first, token)
            finally:
                self._branch_ended(token)

        return branch

    def _branch_ended(self, branch: Token) -> None:
        """A step whose token has ended continues with the token that waited for it."""
        stepping = self._stepping
        if stepping is None or (stepping.token is not branch and branch not in waiting_tokens(stepping.token)):
            return
        visit = branch.visit
        assert visit.token is not None
        assert visit.outer is not None
        stepping.token = visit.token
        if stepping.visits is not None:
            stepping.visits = frozenset(visit.outer.up())
        self._notify()

    # Whether to pause

    def _may_pause(self, token: Token) -> bool:
        return not token.cleaning and not self._scheduler.stopping

    def _must_wait(self, token: Token) -> bool:
        """Whether another token is paused, or makes a step of its own."""
        if self.paused is not None:
            return True
        return self._stepping is not None and not related(token, self._stepping.token)

    def _reason(self, runner: DebugNodeRunner, token: Token) -> Reason | None:
        stepping = self._stepping
        if stepping is not None:
            if stepping.visits is None or token.visit in stepping.visits:
                return "step"
            if stepping.left:
                stepping.left -= 1
                runner.statistics.due = float("-inf")
        if self._wanted is not None:
            return self._wanted
        node = runner.location.label
        try:
            return "breakpoint" if self.breakpoints.hit(node, token.scope) else None
        except ExekraError as error:
            self.refuse("set_breakpoints", f"The condition of the breakpoint at `{node}` has no value: {error.message}")
            return "breakpoint"

    async def _wait(self, token: Token) -> None:
        with standing_still(token, self._scheduler.clock):
            await self._changed.wait()

    async def _pause(
        self, runner: DebugNodeRunner, token: Token, reason: Reason, failure: Failure | None = None
    ) -> None:
        observer = self._observer
        paused = self.paused = Paused(token, runner, asyncio.get_running_loop().create_future())
        self._stepping = self._wanted = None
        self._watchful = True
        observer.emit(
            DebugPaused(
                at=observer.now(),
                node=runner.location.label,
                reason=reason,
                scope=shown_scope(token.scope, observer),
                stack=stack(runner.location, token),
                count=runner.statistics.count + (failure is None),
                failure=failure,
            )
        )
        try:
            with standing_still(token, self._scheduler.clock):
                await paused.over
        finally:
            if self.paused is paused:  # It was cancelled: the execution is being stopped, or another branch failed.
                self.resume()

    # What a person says

    def want_pause(self) -> None:
        """Pause before the next node, whichever token comes to one."""
        self._wanted = "pause"
        self._watchful = True

    def resume(self) -> None:
        """Go on to the next breakpoint."""
        self._go_on(None)

    def step_over(self, paused: Paused) -> None:
        """Go on to the next node of the same body, or of a body around it."""
        self._go_on(Stepping(paused.token, frozenset(paused.token.visit.up())))

    def step_into(self, paused: Paused) -> None:
        """Go on to the very next node."""
        self._go_on(Stepping(paused.token, None))

    def step_out(self, paused: Paused) -> None:
        """Go on to the next node of a body around this one."""
        outer = paused.token.visit.outer
        self._go_on(Stepping(paused.token, frozenset(outer.up() if outer is not None else ())))

    def look(self) -> None:
        """Say what the tokens have to look out for, after the breakpoints changed."""
        self._watchful = not (self.paused is None and self._stepping is None and self._wanted is None)

    def refuse(self, command: str, message: str) -> None:
        """Report that a command was refused."""
        observer = self._observer
        observer.emit(DebugRefused(at=observer.now(), command=command, message=observer.text(message)))

    def _go_on(self, stepping: Stepping | None) -> None:
        """Let the paused token go; without a step all others too."""
        paused, self.paused = self.paused, None
        self._stepping, self._wanted = stepping, None
        self.look()
        if paused is not None:
            if not paused.over.done():
                paused.over.set_result(None)
            self._observer.emit(DebugResumed(at=self._observer.now()))
        self._notify()

    def _notify(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()


def _nested(runner: DebugNodeRunner, step: Step) -> Step:
    """The step of a node that runs bodies, with a visit of its own."""

    async def nested(token: Token) -> Next:
        outer = token.visit
        token.visit = NodeVisit(outer, runner.location, token, runner.takes)
        try:
            moved = step(token)
            return await moved if type(moved) is CoroutineType else moved  # type: ignore[return-value]  # As in `walk`.
        finally:
            token.visit = outer

    return nested
