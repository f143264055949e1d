"""The resources of one execution: the shared ones, and those that activities opened. All are closed at its end."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

from exekra.engine.services.context import WriteLog
from exekra.flow.expressions.values import describe
from exekra.sdk.context import Context
from exekra.sdk.errors import ApplicationError, ExekraError, InputError
from exekra.sdk.resources import Handle, Resource

CLOSING_SECONDS = 10.0
"""How long a resource may take to close."""


class ResourceClosedError(ApplicationError):
    """The resource was closed, or is one of another execution."""

    retryable = False


class _Open:
    """A resource that an activity opened."""

    __slots__ = ("closed_by", "handle", "in_use", "resource")

    def __init__(self, resource: Resource, handle: Handle) -> None:
        self.resource = resource
        self.handle = handle
        self.in_use = asyncio.Lock()
        self.closed_by = ""


class Resources:
    """Belongs to the event loop's thread."""

    def __init__(self, context: Callable[[], Context], write_log: WriteLog) -> None:
        self._context = context
        self._write_log = write_log
        self._shared: dict[type[Resource], Resource] = {}
        self._opened: dict[Handle, _Open] = {}
        self._counts: Counter[str] = Counter()
        self._in_order: list[Resource] = []
        self._opening = asyncio.Lock()

    async def lend(self, kind: type[Resource]) -> Resource:
        """The execution's shared resource of that kind, opened at its first use."""
        shared = self._shared.get(kind)
        if shared is not None:
            return shared
        async with self._opening:
            if kind not in self._shared:
                shared = self._shared[kind] = await kind.open(self._context())
                self._in_order.append(shared)
            return self._shared[kind]

    def keep(self, result: Mapping[str, Any], node: str) -> dict[str, Any]:
        """What an activity at `node` returned, with a handle in place of each resource; they are open from now on."""
        return {
            name: self._handle(value, node) if isinstance(value, Resource) else value for name, value in result.items()
        }

    @asynccontextmanager
    async def use(
        self, values: Mapping[str, Any], takes: Mapping[str, type[Resource]]
    ) -> AsyncIterator[dict[str, Any]]:
        """An activity's inputs with resources in place of their handles, each for this activity alone.

        Args:
            values: The inputs as the workflow gives them.
            takes: Those that take a resource, and its kind.

        Raises:
            InputError: A value is not a handle of that kind.
            ResourceClosedError: It was closed, or is one of another execution.
        """
        found = {
            name: self._find(values[name], kind, name) for name, kind in takes.items() if values.get(name) is not None
        }
        async with AsyncExitStack() as stack:
            # In one order for all, so that two activities never wait for each other.
            for opened in sorted(set(found.values()), key=lambda one: (one.handle.kind, one.handle.number)):
                await stack.enter_async_context(opened.in_use)
            for name, opened in found.items():
                _check_open(opened, name)  # It may have been closed while it was waited for.
            yield {**values, **{name: opened.resource for name, opened in found.items()}}

    async def close_one(self, handle: Handle, node: str) -> None:
        """Close what an activity at `node` is done with.

        Raises:
            ApplicationError: It took too long; what else the resource's own `close` raises.
        """
        opened = self._opened[handle]
        opened.closed_by, handle.state = node, "closed"
        self._in_order.remove(opened.resource)
        try:
            async with asyncio.timeout(CLOSING_SECONDS):
                await opened.resource.close()
        except TimeoutError:
            raise ApplicationError(f"The {handle.kind} took longer than {CLOSING_SECONDS:g} s to close.") from None

    async def close(self) -> None:
        """Close what is open, the last first; an error is logged and does not keep the others open."""
        for resource in reversed(self._in_order):
            try:
                async with asyncio.timeout(CLOSING_SECONDS):
                    await resource.close()
            except Exception as error:
                said = error.message if isinstance(error, ExekraError) else f"{type(error).__name__}: {error}"
                self._write_log(f"{type(resource).__name__} could not be closed: {said}", "warning", None)
        self._in_order.clear()
        self._shared.clear()
        for opened in self._opened.values():
            opened.handle.state = "closed"

    def _handle(self, resource: Resource, node: str) -> Handle:
        known = next((one for one in self._opened.values() if one.resource is resource), None)
        if known is not None:
            return known.handle
        kind = type(resource).__name__
        self._counts[kind] += 1
        handle = Handle(kind, number=self._counts[kind], opened_by=node, title=_title(resource))
        self._opened[handle] = _Open(resource, handle)
        self._in_order.append(resource)
        return handle

    def _find(self, value: Any, kind: type[Resource], field: str) -> _Open:
        wanted = f"a {kind.__name__}" if kind is not Resource else "a resource"
        if not isinstance(value, Handle):
            raise InputError(
                f"`{field}` must be {wanted} that a node before opened, such as `{{open.result}}`, but is "
                f"{describe(value)}."
            )
        opened = self._opened.get(value)
        if opened is None:
            raise ResourceClosedError(
                f"`{field}` is a {value.kind} that is not open in this execution: it was opened by `{value.opened_by}` "
                "in the one that this one continues. Start at that node, or open another one."
            )
        _check_open(opened, field)
        if not isinstance(opened.resource, kind):
            raise InputError(f"`{field}` must be {wanted}, but is {describe(value)}.")
        return opened


def _check_open(opened: _Open, field: str) -> None:
    handle = opened.handle
    if handle.state != "open":
        raise ResourceClosedError(
            f"`{field}` is a {handle.kind} that is closed: `{handle.opened_by}` opened it, and `{opened.closed_by}` "
            "closed it. Open another one, or close it later."
        )


def _title(resource: Resource) -> str:
    try:
        return str(resource.title())
    except Exception:  # A resource without a title is as good as one with it.
        return ""
