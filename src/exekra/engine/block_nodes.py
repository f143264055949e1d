"""Try, Parallel and Call Workflow: nodes that run bodies or flows once."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from exekra.engine.failures import after, as_data
from exekra.engine.site import Builder, Site
from exekra.engine.steps import END, Exit, Next, NodeError, Port, Step, Token, walk
from exekra.flow.calls import call_of
from exekra.flow.checks.calls import DEEPEST_CALLS
from exekra.flow.expressions.values import describe
from exekra.flow.model import NEXT
from exekra.sdk.errors import ApplicationError, InputError

DONE = "done"
FINALLY_SECONDS = 10.0
"""How long a `finally` body may take while the execution is being stopped or a time limit around it is over."""

_ABSENT = object()


class CallDepthError(ApplicationError):
    """Workflows call one another too deeply."""

    retryable = False


def _try(site: Site) -> Step:
    first, catch, last = site.body("try"), site.body("catch"), site.body("finally")
    types = frozenset(site.literal("errors", ()))
    catches = "catch" in site.bodies  # Without a `catch` body an error goes on after `finally`.

    async def handled(token: Token) -> Exit:
        try:
            return await walk(first, token)
        except NodeError as error:
            failure = error.failure
            if not catches or (types and failure.type not in types):
                raise
        scope = token.scope
        before = scope.get("error", _ABSENT)
        scope["error"] = as_data(failure)
        try:
            return await walk(catch, token)
        except NodeError as second:
            raise NodeError(after(second.failure, failure)) from None
        finally:
            if before is _ABSENT:
                scope.pop("error", None)
            else:
                scope["error"] = before

    async def act(token: Token) -> Port:
        try:
            ended = await handled(token)
        except NodeError as error:
            try:
                await walk(last, token)
            except NodeError as second:
                raise NodeError(after(second.failure, error.failure)) from None
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
            site.execution.observer.log(
                f"The `finally` body of `{site.id}` took longer than {FINALLY_SECONDS:g} s while stopping; it was cut.",
                "warning",
                site.place.tally.node,
            )
        except NodeError as error:
            site.execution.observer.log(
                f"The `finally` body of `{site.id}` failed while stopping: {error.failure.message}",
                "warning",
                site.place.tally.node,
            )
        finally:
            token.cleaning = was_cleaning

    return site.place.waiting(act)


def _parallel(site: Site) -> Step:
    branches = tuple(zip(site.bodies.get("branch", ()), site.names_set.get("branch", ()), strict=True))
    stop_others = site.literal("on_error", "stop") != "wait"
    at_once_of = site.field("at_once")
    clock = site.execution.clock

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
                level=token.level,
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

    return site.place.waiting(act)


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
            task.exception()  # Seen: only the first failure is told.


def _whole_number(value: Any) -> int | None:
    if value is None or (isinstance(value, int) and not isinstance(value, bool) and value >= 1):
        return value
    raise InputError(f"`at_once` must be a whole number from 1, but is {describe(value)}.")


def _call_workflow(site: Site) -> Step:
    wanted = call_of(site.node)
    if wanted is None:
        raise InputError(
            "`workflow` must be the name of a workflow, and `version` must be empty or a whole number from 1."
        )
    inputs_of, tally = site.field("inputs", {}), site.place.tally

    async def act(token: Token) -> Port:
        depth = token.frame.depth + 1
        if depth > DEEPEST_CALLS:
            raise CallDepthError(
                f"The workflow {wanted.name} was called at a depth of {depth}; {DEEPEST_CALLS} is the most. "
                "Does it call itself without an end?"
            )
        call = site.find_flow(wanted)
        inputs = inputs_of(token.scope)
        if tally.telling:
            tally.note({"inputs": inputs})
        token.scope[site.id] = await call(inputs, token)
        return NEXT

    return site.place.waiting(act)


BLOCK_NODES: Mapping[str, Builder] = {"try": _try, "parallel": _parallel, "call_workflow": _call_workflow}
