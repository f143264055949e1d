"""Which activities workflows may use: those installed with the Hub, and those that Runners reported.

So a workflow can be published with an activity that only some Runner has.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sys

import msgspec

from exekra.flow.control import CONTROL
from exekra.hub.core.database import Connection
from exekra.hub.core.errors import Unavailable
from exekra.hub.design.workflows import store
from exekra.sdk.catalogue import Catalogue, CatalogueEntry, Installed

DESCRIBING_SECONDS = 60.0
logger = logging.getLogger(__name__)


class KnownActivities:
    """The catalogue that workflows are checked against."""

    def __init__(self) -> None:
        self._installed: Catalogue | None = None
        self._reported: dict[str, tuple[CatalogueEntry, ...]] = {}
        self._all: Catalogue | None = None
        self._loading = asyncio.Lock()

    async def installed(self) -> Catalogue:
        """The activities that are installed with the Hub."""
        async with self._loading:
            return await self._load_installed()

    async def _load_installed(self) -> Catalogue:
        if self._installed is None:
            self._installed = Catalogue((await _installed()).entries)
        return self._installed

    async def catalogue(self, connection: Connection) -> Catalogue:
        """All known activities, without the control nodes. If two share an id, the Hub's own takes precedence."""
        async with self._loading:
            installed = await self._load_installed()
            rows = await store.reported_catalogues(connection, list(self._reported))
            for row in rows:
                self._reported[row.hash] = msgspec.convert(row.entries, tuple[CatalogueEntry, ...])
            if rows or self._all is None:
                entries: dict[str, CatalogueEntry] = {}
                for reported in self._reported.values():
                    entries.update((entry.id, entry) for entry in reported)
                entries.update(installed.entries)
                self._all = Catalogue(entries[id] for id in sorted(entries))
            return self._all

    async def entries(self, connection: Connection) -> list[CatalogueEntry]:
        """What a designer offers: the control nodes, then the activities by id."""
        catalogue = await self.catalogue(connection)
        return [*CONTROL.entries.values(), *catalogue.entries.values()]


_described: dict[str | None, Installed] = {}
"""The installed activities, by Python's search path: described once, however many Hubs a process runs."""


async def _installed() -> Installed:
    place = os.environ.get("PYTHONPATH")
    if place not in _described:
        _described[place] = await _describe_installed()
        for problem in _described[place].problems:
            logger.warning("%s", problem)
    return _described[place]


async def _describe_installed() -> Installed:
    """Describe the installed activities in a separate process: foreign packages are never imported here.

    Raises:
        Unavailable: That process failed; the Hub's log has the reason.
    """
    own = {name: value for name, value in os.environ.items() if not name.startswith("EXEKRA_")}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "exekra.sdk.describe"), stdout=asyncio.subprocess.PIPE, env=own
    )
    try:
        async with asyncio.timeout(DESCRIBING_SECONDS):
            text, _ = await process.communicate()
        return msgspec.json.decode(text, type=Installed)
    except (TimeoutError, msgspec.DecodeError):
        raise Unavailable(
            "The installed activities cannot be listed.",
            hint="The Hub's log says why: look for a package of activities that exits or blocks Python when imported.",
        ) from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
