"""Resources that live as long as the execution."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from exekra.engine.services.context import WriteLog
from exekra.sdk.context import Context, Resource
from exekra.sdk.errors import ExekraError

CLOSING_SECONDS = 10.0
"""How long a resource may take to close."""


class Resources:
    """Opens each kind of resource at its first use, and closes all in reverse order."""

    def __init__(self, context: Callable[[], Context], write_log: WriteLog) -> None:
        self._context = context
        self._write_log = write_log
        self._opened: dict[type[Resource], Resource] = {}
        self._opening = asyncio.Lock()

    async def lend(self, kind: type[Resource]) -> Resource:
        """The execution's resource of that kind."""
        opened = self._opened.get(kind)
        if opened is not None:
            return opened
        async with self._opening:
            if kind not in self._opened:
                self._opened[kind] = await kind.open(self._context())
            return self._opened[kind]

    async def close(self) -> None:
        """Close what was opened, the last first; an error is logged and does not keep the others open."""
        for kind, resource in reversed(self._opened.items()):
            try:
                async with asyncio.timeout(CLOSING_SECONDS):
                    await resource.close()
            except Exception as error:
                said = error.message if isinstance(error, ExekraError) else f"{type(error).__name__}: {error}"
                self._write_log(f"{kind.__name__} could not be closed: {said}", "warning", None)
        self._opened.clear()
