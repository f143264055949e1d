"""The names that are in scope at a place in a flow, and the values of expressions.

Names are found in one thread next to the Hub's event loop: it shares the interpreter with the loop, so a second one
would only slow the loop down. What people type is evaluated in a separate process, which may be ended at any time.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from functools import cache
from typing import Annotated, Any

import msgspec
from fastapi import Depends

from exekra.flow.expressions import FunctionEntry, function_entries
from exekra.flow.model import Flow, ValueType
from exekra.flow.reach import names_in_reach
from exekra.flow.trial import TOO_MUCH_WORK, Mode
from exekra.hub.core.errors import Invalid
from exekra.hub.core.hub import CurrentHub, Hub
from exekra.hub.design.language.evaluator import Request
from exekra.hub.design.language.schemas import FunctionAnswer
from exekra.sdk.catalogue import Catalogue

LONGEST_SECONDS = 5.0
"""How long one request to evaluate may take; the bounded work takes a fifth of a second."""

LARGEST_ANSWER_BYTES = 16 * 1024 * 1024
PASSED_VARIABLES = ("PATH", "PYTHONPATH", "SYSTEMROOT", "TZ")
"""The only variables of the Hub's environment that the process gets: it needs to find Python's modules, and nothing
else.
"""


class Language:
    """The services of the language for editors.

    Args:
        thread: Where names are found, one request after the other.
        evaluator: Where texts are evaluated.
    """

    def __init__(self, thread: ThreadPoolExecutor, evaluator: EvaluatorProcess) -> None:
        self._thread = thread
        self._evaluator = evaluator

    async def names(
        self, flow: Flow, catalogue: Catalogue, called: Mapping[str, Flow], node: str | None, field: str | None
    ) -> bytes:
        """The names in scope at a node's field as JSON, from `names_in_reach`.

        Raises:
            Invalid: There is no such node.
        """
        if node is not None and node not in flow.nodes:
            raise Invalid(f"The document has no node `{node}`.", code="no-node", where="body.node")

        def find() -> bytes:
            return msgspec.json.encode(names_in_reach(flow, catalogue, node, field=field, workflows=called.get))

        return await asyncio.get_running_loop().run_in_executor(self._thread, find)

    async def evaluate(
        self, texts: Sequence[tuple[str, Mode]], scope: Mapping[str, Any], types: Mapping[str, ValueType]
    ) -> bytes:
        """The result of each text as JSON, from `try_texts`."""
        request = msgspec.json.encode(Request(tuple(texts), dict(scope), dict(types)))
        answer = await self._evaluator.ask(request)
        return msgspec.json.encode([TOO_MUCH_WORK] * len(texts)) if answer is None else answer


class EvaluatorProcess:
    """The process of `evaluator.py`: started at the first request, and again after it was ended."""

    def __init__(self) -> None:
        self._process: asyncio.subprocess.Process | None = None
        self._asking = asyncio.Lock()

    async def ask(self, request: bytes) -> bytes | None:
        """The answer to one request, one at a time; None if the process took too long, or died twice."""
        async with self._asking:
            for _ in range(2):  # it may have died since the last request
                answered = False
                try:
                    async with asyncio.timeout(LONGEST_SECONDS):
                        line = await self._ask(request)
                    answered = line.endswith(b"\n")
                except TimeoutError:
                    return None
                except ConnectionError:
                    continue
                finally:
                    if not answered:  # also when the request was cancelled: the pending answer belongs to nobody
                        await self.close()
                if answered:
                    return line[:-1]
            return None

    async def _ask(self, request: bytes) -> bytes:
        process = await self._running()
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(request + b"\n")
        await process.stdin.drain()
        return await process.stdout.readline()

    async def _running(self) -> asyncio.subprocess.Process:
        if self._process is None or self._process.returncode is not None:
            passed = {name: os.environ[name] for name in PASSED_VARIABLES if name in os.environ}
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "exekra.hub.design.language.evaluator"),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                limit=LARGEST_ANSWER_BYTES,
                env=passed,
            )
        return self._process

    async def close(self) -> None:
        """End the process."""
        process, self._process = self._process, None
        if process is not None and process.returncode is None:
            process.kill()
            await process.wait()


@cache
def functions() -> tuple[FunctionAnswer, ...]:
    """Every function that expressions may call, by group."""
    return tuple(_answer(entry) for entry in function_entries())


def _answer(entry: FunctionEntry) -> FunctionAnswer:
    description, _, examples = entry.documentation.partition("Examples:")
    return FunctionAnswer(
        name=entry.name,
        signature=entry.signature,
        summary=entry.summary,
        description=" ".join(description.split()),
        group=entry.family,
        examples=[line.strip() for line in examples.splitlines() if line.strip()],
        returns=entry.signature.rpartition(" -> ")[2],
        aliases=list(entry.aliases),
    )


@asynccontextmanager
async def run(hub: Hub) -> AsyncIterator[None]:
    """Provide the language services while the Hub runs."""
    evaluator = EvaluatorProcess()
    with ThreadPoolExecutor(1, "language") as thread:
        hub.add(Language(thread, evaluator))
        try:
            yield
        finally:
            await evaluator.close()


async def current_language(hub: CurrentHub) -> Language:
    """The language services of the Hub that answers this request."""
    return hub.get(Language)


CurrentLanguage = Annotated[Language, Depends(current_language)]
