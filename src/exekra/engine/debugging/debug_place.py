"""A node as it is run under a debugger: it knows where its tokens stand, and time that stood still is not its own."""

from __future__ import annotations

import asyncio

from exekra.engine.levels import Level
from exekra.engine.place import Place
from exekra.engine.steps import Port, Token, WaitingAct
from exekra.flow.events import Failure
from exekra.flow.model import ERROR, Flow


class DebugPlace(Place):
    """One node of a flow, compiled for debugging.

    Attributes:
        flow: The flow in which it stands.
        catches: For a Try: whether its `catch` has a body.
    """

    flow: Flow
    catches = False

    def takes(self, failure: Failure, level: Level) -> bool:
        """Whether a failure inside of this visit of the node goes no further than the node."""
        if self.catches and level.port == "try":
            types = self.node.inputs.get("errors") or ()
            if not types or failure.type in types:
                return True
        return self._may_retry(failure, level.attempts) or ERROR in self.follows or self.node.continue_on_error

    async def _attempt(self, token: Token, act: WaitingAct) -> Port:
        level = token.level
        if level.place is self:
            level.attempts += 1
            level.turn = 0
        return await super()._attempt(token, act)

    def _time_limit(self, token: Token, seconds: float) -> asyncio.Timeout:
        limit = super()._time_limit(token, seconds)
        if token.level.place is self:
            token.level.timer = limit
        return limit

    def _leave(self, token: Token, began: float, port: Port, failure: Failure | None = None) -> None:
        lost = token.level.lost if token.level.place is self else 0.0
        super()._leave(token, began + lost, port, failure)
