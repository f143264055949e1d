"""Which activities workflows may use: those installed beside the Hub, and those that Runners reported.

So an activity that only some Runner has can be published without being installed on the Hub.
"""

from __future__ import annotations

import asyncio

import msgspec

from exekra.flow.control import CONTROL
from exekra.hub.core.database import Connection
from exekra.hub.design.workflows import store
from exekra.sdk.activity import activity_catalogue
from exekra.sdk.catalogue import Catalogue, CatalogueEntry


class KnownActivities:
    """The catalogue that publishing is checked against."""

    def __init__(self) -> None:
        self._installed: Catalogue | None = None
        self._reported: dict[str, tuple[CatalogueEntry, ...]] = {}
        self._all: Catalogue | None = None
        self._loading = asyncio.Lock()

    async def installed(self) -> Catalogue:
        """The activities that are installed beside the Hub."""
        async with self._loading:
            return await self._load_installed()

    async def _load_installed(self) -> Catalogue:
        if self._installed is None:
            self._installed = await asyncio.to_thread(activity_catalogue)  # imports every activity's module
        return self._installed

    async def catalogue(self, connection: Connection) -> Catalogue:
        """All known activities, without the control nodes. Where two differ under one id, the Hub's own counts."""
        async with self._loading:
            installed = await self._load_installed()
            rows = await store.reported_catalogues(connection, list(self._reported))
            for row in rows:
                self._reported[row["hash"]] = msgspec.convert(row["entries"], tuple[CatalogueEntry, ...])
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
