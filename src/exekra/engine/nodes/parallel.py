"""Parallel: its branches walk side by side, each with a token and a scope of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from exekra.engine.nodes.context import NodeContext
from exekra.engine.steps import END, Exit, Next, NodeError, Port, Step, walk
from exekra.engine.tokens import Token
from exekra.flow.expressions.values import describe
from exekra.sdk.errors import InputError

DONE = "done"


def parallel(context: NodeContext) -> Step:
    """The step of a Parallel."""
    branches = tuple(zip(context.bodies.get("branch", ()), context.names_set.get("branch", ()), strict=True))
    stop_others = context.literal("on_error", "stop") != "wait"
    at_once_of = context.field("at_once")
    clock = context.scheduler.clock

    async def act(token: Token) -> Port:
        at_once = asyncio.Semaphore(_whole_number(at_once_of(token.scope)) or max(1, len(branches)))

        async def run(first: Next, branch: Token) -> Exit:
            async with at_once:
                branch.at = clock()
                return await walk(first, branch)

        tokens = [
            Token(
                _scope_of_branch(token.scope, names),
                token.at,
                token.frame,
                cleaning=token.cleaning,
                visit=token.visit,
            )
            for _, names in branches
        ]
        tasks = [asyncio.create_task(run(first, own)) for (first, _), own in zip(branches, tokens, strict=True)]
        try:
            ended = await _join(tasks, stop_others=stop_others)
        finally:
            await _end_all(tasks)
            for (_, names), own in zip(branches, tokens, strict=True):
                token.scope.update({name: own.scope[name] for name in names if name in own.scope})
        return DONE if ended is END else ended

    return context.runner.waiting(act)


def _scope_of_branch(scope: Mapping[str, Any], names: frozenset[str]) -> dict[str, Any]:
    """A scope of a branch's own. The lists that it sets are copied, because Add to List changes them."""
    own = dict(scope)
    own.update({name: list(own[name]) for name in names if isinstance(own.get(name), list)})
    return own


async def _join(tasks: Sequence[asyncio.Task[Exit]], *, stop_others: bool) -> Exit:
    """Wait for the branches. Break, Continue or Return in one of them ends the wait, and so may a failure.

    Raises:
        NodeError: The first failure of a branch.
    """
    waiting = set(tasks)
    failed: BaseException | None = None
    while waiting:
        done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        for task in (task for task in tasks if task in done):
            if task.cancelled():
                raise asyncio.CancelledError
            error = task.exception()
            if error is None and task.result() is not END:
                return task.result()
            if error is not None and (stop_others or not isinstance(error, NodeError)):
                raise error
            failed = failed or error
    if failed is not None:
        raise failed
    return END


async def _end_all(tasks: Sequence[asyncio.Task[Exit]]) -> None:
    """Cancel the branches that still run, and wait for their `finally` bodies."""
    running = [task for task in tasks if not task.done()]
    for task in running:
        task.cancel()
    if running:
        await asyncio.wait(running)
    for task in tasks:
        if task.done() and not task.cancelled():
            task.exception()  # Seen: only the first failure is reported.


def _whole_number(value: Any) -> int | None:
    if value is None or (isinstance(value, int) and not isinstance(value, bool) and value >= 1):
        return value
    raise InputError(f"`at_once` must be a whole number from 1, but is {describe(value)}.")
