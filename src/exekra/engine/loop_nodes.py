"""The loops: For Each, While and Do While.

A loop whose body never waits runs at full speed and lets the event loop have its turn every few milliseconds, which
is when a stop or a time limit reaches it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import CoroutineType
from typing import Any

from exekra.engine.leaf_nodes import not_a_condition
from exekra.engine.site import Builder, Site
from exekra.engine.steps import BREAK, RETURN, Port, Step, Token
from exekra.flow.expressions.values import describe
from exekra.sdk.errors import ApplicationError, InputError
from exekra.sdk.table import Table

DONE = "done"


class LoopLimitError(ApplicationError):
    """The loop reached its limit."""

    retryable = False


def _for_each(site: Site) -> Step:
    execution, first, id = site.execution, site.body("body"), site.id
    items_of, tally = site.field("items"), site.place.tally
    item_name, index_name = site.literal("item", "item"), site.literal("index")
    clock = execution.clock

    async def act(token: Token) -> Port:
        scope = token.scope
        count = 0
        try:
            items = items_of(scope)
            if tally.telling:
                tally.note({"items": items})
            for item in _items(items):
                token.at = clock()
                if token.at >= execution.breathe_at:
                    await execution.breathe(token)
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

    return site.place.waiting(act)


def _items(value: Any) -> Iterable[Any]:
    """What a For Each goes through. A list is taken as it is now: the body may add to it."""
    if isinstance(value, list | tuple):
        return tuple(value)
    if isinstance(value, Table):
        return value
    if isinstance(value, dict):
        return tuple({"key": key, "value": item} for key, item in value.items())
    raise InputError(f"`items` must be a list, a table or an object, but is {describe(value)}.")


def _conditional(*, ask_first: bool) -> Builder:
    def build(site: Site) -> Step:
        execution, first, id = site.execution, site.body("body"), site.id
        condition, limit_of = site.field("condition"), site.field("limit")
        clock = execution.clock

        async def act(token: Token) -> Port:
            scope = token.scope
            limit = _limit(limit_of(scope))
            count = 0
            while True:
                token.at = clock()
                if token.at >= execution.breathe_at:
                    await execution.breathe(token)
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

        return site.place.waiting(act)

    return build


def _limit(value: Any) -> int | None:
    if value is None or (isinstance(value, int) and not isinstance(value, bool) and value >= 1):
        return value
    raise InputError(f"`limit` must be a whole number from 1, but is {describe(value)}.")


LOOP_NODES: Mapping[str, Builder] = {
    "for_each": _for_each,
    "while": _conditional(ask_first=True),
    "do_while": _conditional(ask_first=False),
}
