"""While and Do While."""

from __future__ import annotations

from types import CoroutineType
from typing import Any

from exekra.engine.nodes.context import Builder, NodeContext
from exekra.engine.nodes.leaf import not_a_condition
from exekra.engine.steps import BREAK, RETURN, Port, Step
from exekra.engine.tokens import Token
from exekra.flow.expressions.values import describe
from exekra.sdk.errors import ApplicationError, InputError

DONE = "done"


class LoopLimitError(ApplicationError):
    """The loop reached its limit."""

    retryable = False


def _conditional(*, ask_first: bool) -> Builder:
    def build(context: NodeContext) -> Step:
        scheduler, first, id = context.scheduler, context.body("body"), context.id
        condition, limit_of = context.field("condition"), context.field("limit")
        clock = scheduler.clock

        async def act(token: Token) -> Port:
            scope = token.scope
            limit = _limit(limit_of(scope))
            count = 0
            while True:
                token.at = clock()
                if token.at >= scheduler.yield_at:
                    await scheduler.yield_control(token)
                if ask_first or count:
                    going_on = condition(scope)
                    if going_on is False:
                        break
                    if going_on is not True:
                        raise not_a_condition(going_on)
                    if limit is not None and count >= limit:
                        raise LoopLimitError(
                            f"`{id}` ran its body {count} times, which is its limit, and its condition is still true."
                        )
                count += 1
                step = first
                while step:
                    moved = step(token)
                    step = await moved if type(moved) is CoroutineType else moved  # type: ignore[assignment]  # As in `walk`.
                if step is BREAK:
                    break
                if step is RETURN:
                    return RETURN
            scope[id] = {"count": count}
            return DONE

        return context.runner.waiting(act)

    return build


def _limit(value: Any) -> int | None:
    if value is None or (isinstance(value, int) and not isinstance(value, bool) and value >= 1):
        return value
    raise InputError(f"`limit` must be a whole number from 1, but is {describe(value)}.")


WHILE = _conditional(ask_first=True)
DO_WHILE = _conditional(ask_first=False)
