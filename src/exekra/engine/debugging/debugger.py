"""The debugger of one execution: where it pauses, and how it goes on.

It is compiled in: each node's step has another one around it, which asks whether to go on. An execution without a
debugger has none of this. All of it runs in the event loop's thread.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass
from types import CoroutineType
from typing import Any, Literal

from exekra.engine.debugging.breakpoints import Breakpoints
from exekra.engine.debugging.debug_place import DebugPlace
from exekra.engine.debugging.showing import shown_scope, stack
from exekra.engine.execution import Execution
from exekra.engine.levels import Level, ancestors, related, standing_still
from exekra.engine.steps import Exit, Next, NodeError, Step, Token, walk
from exekra.flow.debugging import DebugOptions
from exekra.flow.events import DebugPaused, DebugRefused, DebugResumed, Failure
from exekra.flow.model import Flow
from exekra.sdk.errors import ExekraError

Reason = Literal["start", "breakpoint", "step", "pause", "failure"]

MOST_TOLD = 1_000
"""So many visits of one step are told, whatever the sampling says; a step over a long loop is sampled after that."""


@dataclass(slots=True, eq=False)
class Paused:
    """A token that waits for the person who debugs."""

    token: Token
    place: DebugPlace
    over: asyncio.Future[None]


@dataclass(slots=True, eq=False)
class Stepping:
    """A step that is under way.

    Attributes:
        token: The token that moves, with those that wait for it and those that it waits for; all others stand still.
        levels: The step ends at the next node that stands in one of them; None at the very next node.
        left: How many more visits are told.
    """

    token: Token
    levels: frozenset[Level] | None
    left: int = MOST_TOLD


class Debugger:
    """Pauses tokens and lets them go.

    Attributes:
        root: The level of the execution itself.
        paused: The token that waits now.
    """

    def __init__(self, execution: Execution, flow: Flow, options: DebugOptions) -> None:
        self.execution = execution
        self.flow = flow
        self.root = Level()
        self.paused: Paused | None = None
        self.breakpoints = Breakpoints(flow, execution.workflows)
        self._options = options
        self._stepping: Stepping | None = None
        self._wanted: Reason | None = "start" if options.pause_at_start else None
        self._changed = asyncio.Event()
        self._watchful = options.pause_at_start
        self._failures: set[tuple[str | None, str | None, str]] = set()

    # Compiled around the nodes

    def around(self, place: DebugPlace, step: Step, *, nests: bool) -> Step:
        """The node's step with the debugger around it; `nests` where it runs bodies or a flow."""
        if nests:
            step = _nested(place, step)
        if self._options.pause_on_failure:
            step = self._guarded(place, step)
        return self._asking(place, step)

    def body(self, do: str, port: str, first: Next) -> Next:
        """The first step of a body, so that it is known where a token stands."""
        if not first:
            return first
        if do == "parallel":
            return self._branch(first)

        def begin(token: Token) -> Next:
            token.level.port = port
            token.level.turn += 1
            return first

        return begin

    def _asking(self, place: DebugPlace, step: Step) -> Step:
        node, conditions, execution = place.tally.node, self.breakpoints.conditions, self.execution

        def ask(token: Token) -> Next | Coroutine[Any, Any, Next]:
            if not self._watchful and node not in conditions:
                return step(token)
            if token.cleaning or execution.stopping:
                return step(token)
            if self._must_wait(token):
                return self._stop_before(place, step, token, None)
            reason = self._reason(place, token)
            return step(token) if reason is None else self._stop_before(place, step, token, reason)

        return ask

    async def _stop_before(self, place: DebugPlace, step: Step, token: Token, reason: Reason | None) -> Next:
        while self._must_wait(token):
            await self._wait(token)
            reason = None if self._must_wait(token) else self._reason(place, token)
        if reason is not None:
            place.tally.due = float("-inf")  # What a person looks at is told.
            await self._pause(place, token, reason)
        moved = step(token)
        return await moved if type(moved) is CoroutineType else moved  # type: ignore[return-value]  # As in `walk`.

    def _guarded(self, place: DebugPlace, step: Step) -> Step:
        def guarded(token: Token) -> Next | Coroutine[Any, Any, Next]:
            try:
                moved = step(token)
            except NodeError as error:
                return self._failed(place, token, error)
            return awaited(token, moved) if type(moved) is CoroutineType else moved

        async def awaited(token: Token, moved: Coroutine[Any, Any, Next]) -> Next:
            try:
                return await moved
            except NodeError as error:
                return await self._failed(place, token, error)

        return guarded

    async def _failed(self, place: DebugPlace, token: Token, error: NodeError) -> Next:
        """Pause after a failure that nothing in the flow takes, once, at the node where it happened."""
        failure = error.failure
        known = (failure.workflow, failure.node, failure.type)
        own = failure.node == place.id and failure.workflow == place.workflow
        new = own or known not in self._failures
        self._failures.add(known)
        if new and not self._is_taken(failure, token):
            while self._must_wait(token) and self._may_pause(token):
                await self._wait(token)
            if self._may_pause(token):
                await self._pause(place, token, "failure", failure)
        raise error

    def _is_taken(self, failure: Failure, token: Token) -> bool:
        return any(
            isinstance(level.place, DebugPlace) and level.place.takes(failure, level) for level in token.level.up()
        )

    def _branch(self, first: Next) -> Step:
        async def branch(token: Token) -> Exit:
            try:
                return await walk(first, token)
            finally:
                self._branch_ended(token)

        return branch

    def _branch_ended(self, branch: Token) -> None:
        """A step whose token is no more goes on with the token that waited for it."""
        stepping = self._stepping
        if stepping is None or (stepping.token is not branch and branch not in ancestors(stepping.token)):
            return
        level = branch.level
        assert level.token is not None
        assert level.outer is not None
        stepping.token = level.token
        if stepping.levels is not None:
            stepping.levels = frozenset(level.outer.up())
        self._tell_change()

    # Whether to pause

    def _may_pause(self, token: Token) -> bool:
        return not token.cleaning and not self.execution.stopping

    def _must_wait(self, token: Token) -> bool:
        """Whether another token is paused, or makes a step of its own."""
        if self.paused is not None:
            return True
        return self._stepping is not None and not related(token, self._stepping.token)

    def _reason(self, place: DebugPlace, token: Token) -> Reason | None:
        stepping = self._stepping
        if stepping is not None:
            if stepping.levels is None or token.level in stepping.levels:
                return "step"
            if stepping.left:
                stepping.left -= 1
                place.tally.due = float("-inf")
        if self._wanted is not None:
            return self._wanted
        node = place.tally.node
        try:
            return "breakpoint" if self.breakpoints.hit(node, token.scope) else None
        except ExekraError as error:
            self.refuse("set_breakpoints", f"The condition of the breakpoint at `{node}` has no value: {error.message}")
            return "breakpoint"

    async def _wait(self, token: Token) -> None:
        with standing_still(token, self.execution.clock):
            await self._changed.wait()

    async def _pause(self, place: DebugPlace, token: Token, reason: Reason, failure: Failure | None = None) -> None:
        observer = self.execution.observer
        paused = self.paused = Paused(token, place, asyncio.get_running_loop().create_future())
        self._stepping = self._wanted = None
        self._watchful = True
        observer.emit(
            DebugPaused(
                at=observer.now(),
                node=place.tally.node,
                reason=reason,
                scope=shown_scope(token.scope, observer),
                stack=stack(place, token),
                count=place.tally.count + (failure is None),
                failure=failure,
            )
        )
        try:
            with standing_still(token, self.execution.clock):
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
        self._go_on(Stepping(paused.token, frozenset(paused.token.level.up())))

    def step_into(self, paused: Paused) -> None:
        """Go on to the very next node."""
        self._go_on(Stepping(paused.token, None))

    def step_out(self, paused: Paused) -> None:
        """Go on to the next node of a body around this one."""
        outer = paused.token.level.outer
        self._go_on(Stepping(paused.token, frozenset(outer.up() if outer is not None else ())))

    def look(self) -> None:
        """Say what the tokens have to look out for, after the breakpoints changed."""
        self._watchful = not (self.paused is None and self._stepping is None and self._wanted is None)

    def refuse(self, command: str, message: str) -> None:
        """Tell that a command could not be carried out."""
        observer = self.execution.observer
        observer.emit(DebugRefused(at=observer.now(), command=command, message=observer.masker.text(message)))

    def _go_on(self, stepping: Stepping | None) -> None:
        """Let the paused token go; without a step all others too."""
        paused, self.paused = self.paused, None
        self._stepping, self._wanted = stepping, None
        self.look()
        if paused is not None:
            if not paused.over.done():
                paused.over.set_result(None)
            self.execution.observer.emit(DebugResumed(at=self.execution.observer.now()))
        self._tell_change()

    def _tell_change(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()


def _nested(place: DebugPlace, step: Step) -> Step:
    """The step of a node that runs bodies, with a level of its own."""

    async def nested(token: Token) -> Next:
        outer = token.level
        token.level = Level(outer, place, token)
        try:
            moved = step(token)
            return await moved if type(moved) is CoroutineType else moved  # type: ignore[return-value]  # As in `walk`.
        finally:
            token.level = outer

    return nested
