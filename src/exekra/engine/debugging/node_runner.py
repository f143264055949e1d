"""A node as it is run under a debugger: it knows where its tokens stand, and time that stood still is not its own."""

from __future__ import annotations

import asyncio

from exekra.engine.nodes.runner import NodeRunner
from exekra.engine.steps import Port, WaitingAct
from exekra.engine.tokens import NodeVisit, Token
from exekra.flow.events import Failure
from exekra.flow.model import ERROR, Flow


class DebugNodeRunner(NodeRunner):
    """Runs one node of a flow that is debugged.

    Attributes:
        flow: The flow in which it stands.
        catches: For a Try: whether its `catch` has a body.
    """

    flow: Flow
    catches = False

    def takes(self, failure: Failure, visit: NodeVisit) -> bool:
        """Whether a failure inside of this visit of the node goes no further than the node."""
        if self.catches and visit.port == "try":
            types = self.node.inputs.get("errors") or ()
            if not types or failure.type in types:
                return True
        return self._may_retry(failure, visit.attempts) or ERROR in self.follows or self.node.continue_on_error

    async def _attempt(self, token: Token, act: WaitingAct) -> Port:
        visit = token.visit
        if visit.location is self.location:
            visit.attempts += 1
            visit.turn = 0
        return await super()._attempt(token, act)

    def _time_limit(self, token: Token, seconds: float) -> asyncio.Timeout:
        limit = super()._time_limit(token, seconds)
        if token.visit.location is self.location:
            token.visit.timer = limit
        return limit

    def _leave(self, token: Token, began: float, port: Port, failure: Failure | None = None) -> None:
        lost = token.visit.lost if token.visit.location is self.location else 0.0
        super()._leave(token, began + lost, port, failure)
