"""Try, with its `catch` and `finally` bodies."""

from __future__ import annotations

import asyncio

from exekra.engine.failures import after, as_data, describe
from exekra.engine.nodes.context import NodeContext
from exekra.engine.steps import END, Exit, Next, NodeError, Port, Step, walk
from exekra.engine.tokens import Token

DONE = "done"
FINALLY_SECONDS = 10.0
"""How long a `finally` body may take while the execution is being stopped or a time limit around it is over."""

_ABSENT = object()


def try_catch(context: NodeContext) -> Step:
    """The step of a Try."""
    first, catch, last = context.body("try"), context.body("catch"), context.body("finally")
    types = frozenset(context.literal("errors", ()))
    location = context.runner.location
    catches = "catch" in context.bodies  # Without a `catch` body, an error continues after `finally`.

    async def handled(token: Token) -> Exit:
        try:
            return await walk(first, token)
        # A NodeError is what nodes raise. Whatever else comes is a defect, and is caught like one.
        except Exception as error:
            failure = describe(error, location)
            if not catches or (types and failure.type not in types):
                raise
        scope = token.scope
        before = scope.get("error", _ABSENT)
        scope["error"] = as_data(failure)
        try:
            return await walk(catch, token)
        except Exception as second:
            raise NodeError(after(describe(second, location), failure)) from None
        finally:
            if before is _ABSENT:
                scope.pop("error", None)
            else:
                scope["error"] = before

    async def act(token: Token) -> Port:
        try:
            ended = await handled(token)
        except Exception as error:
            try:
                await walk(last, token)
            except Exception as second:
                raise NodeError(after(describe(second, location), describe(error, location))) from None
            raise
        except asyncio.CancelledError:
            await _clean_up(last, token)
            raise
        # Break, Continue and Return of the `finally` body win, as they do in programming languages.
        last_ended = await walk(last, token)
        ended = ended if last_ended is END else last_ended
        return DONE if ended is END else ended

    async def _clean_up(last: Next, token: Token) -> None:
        was_cleaning, token.cleaning = token.cleaning, True
        try:
            async with asyncio.timeout(FINALLY_SECONDS):
                await walk(last, token)
        except TimeoutError:
            context.observer.log(
                f"The `finally` body of `{context.id}` took longer than {FINALLY_SECONDS:g} s while stopping; it was "
                "cut off.",
                "warning",
                location.label,
            )
        except Exception as error:
            context.observer.log(
                f"The `finally` body of `{context.id}` failed while stopping: {describe(error, location).message}",
                "warning",
                location.label,
            )
        finally:
            token.cleaning = was_cleaning

    return context.runner.waiting(act)
