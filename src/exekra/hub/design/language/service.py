"""What the language offers at a place of a flow, and what expressions give: thought out beside the Hub's loop.

One thread does all of it. It shares the interpreter with the loop, so a second one would only take more from it; what
one request may cost is bounded.
"""

from __future__ import annotations

import asyncio
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
from exekra.flow.trial import Mode, try_texts
from exekra.hub.core.errors import Invalid
from exekra.hub.core.hub import CurrentHub, Hub
from exekra.hub.design.language.schemas import FunctionAnswer
from exekra.sdk.catalogue import Catalogue


class Language:
    """The services of the language for editors.

    Args:
        thread: Where the work is done, one request after the other.
    """

    def __init__(self, thread: ThreadPoolExecutor) -> None:
        self._thread = thread

    async def names(
        self, flow: Flow, catalogue: Catalogue, called: Mapping[str, Flow], node: str | None, field: str | None
    ) -> bytes:
        """The names in reach at a node's field as JSON, from `names_in_reach`.

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
        """What becomes of each text as JSON, from `try_texts`."""

        def evaluate() -> bytes:
            return msgspec.json.encode(try_texts(texts, scope, types))

        return await asyncio.get_running_loop().run_in_executor(self._thread, evaluate)


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
    """Let the language be known to the Hub while it runs."""
    with ThreadPoolExecutor(1, "language") as thread:
        hub.add(Language(thread))
        yield


async def current_language(hub: CurrentHub) -> Language:
    """The language services of the Hub that answers this request."""
    return hub.get(Language)


CurrentLanguage = Annotated[Language, Depends(current_language)]
