"""What the Hubs on one database tell each other: new work, new states, and what concerns a Runner of another one.

These are bells by PostgreSQL's NOTIFY. One that is lost costs time and nothing else: polls, heartbeats and sweeps find
the same in the tables. A Hub that is alone sends none.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from exekra.hub.core.errors import Unavailable
from exekra.hub.core.hub import Hub
from exekra.hub.work.dispatch import store
from exekra.hub.work.executions.states import State
from exekra.kit.background import in_background

logger = logging.getLogger(__name__)

CHANNEL = "exekra_hubs"
PRESENCE_SECONDS = 2.0
SILENT_SECONDS = 15.0
GATHER_SECONDS = 0.05
"""States are gathered for so long, so that a busy Hub sends a few notifications a second."""

STATES_IN_NOTE = 100
"""PostgreSQL passes on less than 8,000 bytes."""


class Note(msgspec.Struct, kw_only=True, omit_defaults=True):
    """One notification.

    Attributes:
        hub: Who sends it.
        work: There may be something to assign.
        states: New states by execution.
        assigned: Executions that were given to a Runner of another Hub.
        stop: Runner, execution and lease.
        gone: A Runner whose connection is to be closed, and why.
        live: Executions that have new events, which somebody is likely to watch step by step.
        debug: A Runner for which commands were left.
    """

    hub: str
    work: bool = False
    states: dict[str, State] = {}
    assigned: tuple[str, ...] = ()
    stop: tuple[str, str, int] | None = None
    gone: tuple[str, str] | None = None
    live: tuple[str, ...] = ()
    debug: str | None = None


class Peers:
    """The other Hubs.

    Args:
        hub: The Hub.
        hub_id: This process.
        heard: Called with each note of another Hub; None when notes may have been missed.
    """

    def __init__(self, hub: Hub, hub_id: UUID, heard: Callable[[Note | None], None]) -> None:
        self._hub = hub
        self._hub_id = hub_id
        self._heard = heard
        self._others = 0
        self._work = False
        self._states: dict[str, State] = {}
        self._live: set[str] = set()
        self._notes: list[Note] = []
        self._something = asyncio.Event()

    def ring(self) -> None:
        """There is work that another Hub's Runners may take."""
        if self._others:
            self._work = True
            self._something.set()

    @property
    def are_there(self) -> bool:
        """Whether there is any."""
        return bool(self._others)

    def announce(self, states: Mapping[UUID, State], live: set[UUID]) -> None:
        """Executions have new states, or new events that somebody is likely to watch."""
        if self._others and (states or live):
            self._states.update((str(id), state) for id, state in states.items())
            self._live.update(map(str, live))
            self._something.set()

    def tell(self, **what: Any) -> None:
        """Send a note, whoever is there."""
        self._notes.append(Note(hub=str(self._hub_id), **what))
        self._something.set()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Speak and listen for as long as the block lasts."""
        async with self._hub.database.listen(CHANNEL, self._hear):
            await self._look_around()
            try:
                async with (
                    in_background(self._present(), "presence"),
                    in_background(self._speak(), "notes to other Hubs"),
                ):
                    yield
            finally:
                with suppress(Unavailable, asyncpg.PostgresError):
                    async with self._hub.database.transaction() as connection:
                        await store.end_presence(connection, self._hub_id)

    def _hear(self, payload: str) -> None:
        if not payload:
            self._heard(None)
            return
        try:
            note = msgspec.json.decode(payload, type=Note)
        except msgspec.DecodeError:
            logger.warning("Another Hub sent what this version does not understand")
            return
        if note.hub != str(self._hub_id):
            self._heard(note)

    async def _present(self) -> None:
        while True:
            await asyncio.sleep(PRESENCE_SECONDS)
            try:
                await self._look_around()
            except (Unavailable, asyncpg.PostgresError) as error:
                logger.warning("Other Hubs cannot be seen: %s", error)

    async def _look_around(self) -> None:
        now = self._hub.clock.now()
        async with self._hub.database.transaction() as connection:
            silent_before = now - timedelta(seconds=SILENT_SECONDS)
            self._others = await store.note_presence(connection, self._hub_id, now, silent_before=silent_before)

    async def _speak(self) -> None:
        while True:
            await self._something.wait()
            self._something.clear()
            payloads = [msgspec.json.encode(note).decode() for note in self._gather()]
            try:
                async with self._hub.database.reading() as connection:
                    await store.notify(connection, CHANNEL, payloads)
            except (Unavailable, asyncpg.PostgresError) as error:
                logger.warning("Other Hubs could not be told: %s", error)
            await asyncio.sleep(GATHER_SECONDS)

    def _gather(self) -> Sequence[Note]:
        hub = str(self._hub_id)
        notes, self._notes = self._notes, []
        states, self._states = list(self._states.items()), {}
        live, self._live = list(self._live), set()
        work, self._work = self._work, False
        if work:
            notes.append(Note(hub=hub, work=True))
        for place in range(0, len(states), STATES_IN_NOTE):
            notes.append(Note(hub=hub, states=dict(states[place : place + STATES_IN_NOTE])))
        for place in range(0, len(live), STATES_IN_NOTE):
            notes.append(Note(hub=hub, live=tuple(live[place : place + STATES_IN_NOTE])))
        return notes
