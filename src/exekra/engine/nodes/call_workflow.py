"""Call Workflow."""

from __future__ import annotations

from exekra.engine.nodes.context import NodeContext
from exekra.engine.steps import Port, Step
from exekra.engine.tokens import Token
from exekra.flow.calls import call_of
from exekra.flow.checks.calls import DEEPEST_CALLS
from exekra.flow.model import NEXT
from exekra.sdk.errors import ApplicationError, InputError


class CallDepthError(ApplicationError):
    """Workflows call one another too deeply."""

    retryable = False


def call_workflow(context: NodeContext) -> Step:
    """The step of a node that calls a workflow."""
    wanted = call_of(context.node)
    if wanted is None:
        raise InputError(
            "`workflow` must be the name of a workflow, and `version` must be empty or a whole number from 1."
        )
    inputs_of, statistics = context.field("inputs", {}), context.runner.statistics

    async def act(token: Token) -> Port:
        depth = token.frame.depth + 1
        if depth > DEEPEST_CALLS:
            raise CallDepthError(
                f"The workflow {wanted.name} was called at a depth of {depth}; the limit is {DEEPEST_CALLS}. "
                "Does it call itself without end?"
            )
        call = context.find_flow(wanted)
        inputs = inputs_of(token.scope)
        if statistics.reporting:
            statistics.note_inputs({"inputs": inputs})
        token.scope[context.id] = await call(inputs, token)
        return NEXT

    return context.runner.waiting(act)
