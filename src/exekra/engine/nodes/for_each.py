"""For Each.

A loop whose body never waits runs at full speed and gives way to the event loop every few milliseconds, which is when
a stop or a time limit reaches it.
"""

from __future__ import annotations

from collections.abc import Iterable
from types import CoroutineType
from typing import Any

from exekra.engine.nodes.context import NodeContext
from exekra.engine.steps import BREAK, RETURN, Port, Step
from exekra.engine.tokens import Token
from exekra.flow.expressions.values import describe
from exekra.sdk.errors import InputError
from exekra.sdk.table import Table

DONE = "done"


def for_each(context: NodeContext) -> Step:
    """The step of a For Each."""
    scheduler, first, id = context.scheduler, context.body("body"), context.id
    items_of, statistics = context.field("items"), context.runner.statistics
    item_name, index_name = context.literal("item", "item"), context.literal("index")
    clock = scheduler.clock

    async def act(token: Token) -> Port:
        scope = token.scope
        count = 0
        try:
            items = items_of(scope)
            if statistics.reporting:
                statistics.note_inputs({"items": items})
            for item in _items(items):
                token.at = clock()
                if token.at >= scheduler.yield_at:
                    await scheduler.yield_control(token)
                scope[item_name] = item
                if index_name is not None:
                    scope[index_name] = count
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
        finally:
            scope.pop(item_name, None)
            if index_name is not None:
                scope.pop(index_name, None)

    return context.runner.waiting(act)


def _items(value: Any) -> Iterable[Any]:
    """What a For Each goes through. A list is taken as it is now: the body may add to it."""
    if isinstance(value, list | tuple):
        return tuple(value)
    if isinstance(value, Table):
        return value
    if isinstance(value, dict):
        return tuple({"key": key, "value": item} for key, item in value.items())
    raise InputError(f"`items` must be a list, a table or an object, but is {describe(value)}.")
