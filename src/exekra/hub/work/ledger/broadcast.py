"""Notifies watchers that there is something new about an execution in the database, from which they then read it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from uuid import UUID

import msgspec

from exekra.hub.core.bus import Bus, Message
from exekra.hub.work.ledger.states import State

MOST_PENDING = 1_000
"""The most changes that a watcher of all executions may leave unread; beyond that, it is told that it missed some."""

MOST_IN_MESSAGE = 100
"""The most executions in one message to other Hubs."""

_NONE: set[UUID] = set()


class Watch:
    """A watcher of one execution: `changed` is set when there is something new to read."""

    def __init__(self) -> None:
        self.changed = asyncio.Event()


class WatchAll:
    """A watcher of the states of all executions; only the latest state of each is kept."""

    def __init__(self) -> None:
        self.changed = asyncio.Event()
        self._pending: dict[UUID, State] = {}
        self._missed = False

    def note(self, states: Mapping[UUID, State]) -> None:
        """Keep new states until they are taken."""
        self._pending.update(states)
        if len(self._pending) > MOST_PENDING:
            self._pending.clear()
            self._missed = True
        self.changed.set()

    def take(self) -> tuple[Mapping[UUID, State], bool]:
        """What is new, and whether something was missed: then the list must be read again."""
        taken, missed = self._pending, self._missed
        self._pending, self._missed = {}, False
        self.changed.clear()
        return taken, missed


class Changed(Message, frozen=True):
    """Executions have new states, or new events that somebody is probably watching.

    Attributes:
        states: New states by execution.
        live: Executions with new events.
    """

    kind = "executions.changed"

    states: Mapping[str, State] = msgspec.field(default_factory=dict)
    live: tuple[str, ...] = ()


class Broadcast:
    """The watchers in this Hub process; those at other Hubs are notified over the bus."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._watches: dict[UUID, set[Watch]] = {}
        self._all: set[WatchAll] = set()
        self._states_for_others: dict[str, State] = {}
        self._live_for_others: set[str] = set()
        bus.subscribe(Changed, self._hear)

    def announce(self, ids: set[UUID], states: Mapping[UUID, State], live: set[UUID] = _NONE) -> None:
        """Announce committed new events (`ids`) or new states of executions.

        `live` are those of `ids` that somebody is probably watching step by step: other Hubs are notified of them
        immediately.
        """
        self._wake(ids)
        if states:
            self._note(states)
        if (states or live) and self._bus.has_listeners:
            self._states_for_others.update((str(id), state) for id, state in states.items())
            self._live_for_others.update(map(str, live))
            self._bus.offer(self._collect)

    def _collect(self) -> Iterator[Changed]:
        states, self._states_for_others = list(self._states_for_others.items()), {}
        live, self._live_for_others = list(self._live_for_others), set()
        for place in range(0, len(states), MOST_IN_MESSAGE):
            yield Changed(states=dict(states[place : place + MOST_IN_MESSAGE]))
        for place in range(0, len(live), MOST_IN_MESSAGE):
            yield Changed(live=tuple(live[place : place + MOST_IN_MESSAGE]))

    def _hear(self, changed: Changed) -> None:
        """Handle an announcement by another Hub."""
        self._wake(map(UUID, changed.live))
        self._note({UUID(id): state for id, state in changed.states.items()})

    def _note(self, states: Mapping[UUID, State]) -> None:
        self._wake(states)
        for watcher in self._all:
            watcher.note(states)

    def _wake(self, ids: Iterable[UUID]) -> None:
        if self._watches:
            for id in ids:
                for watch in self._watches.get(id, ()):
                    watch.changed.set()

    @contextmanager
    def watch(self, id: UUID) -> Iterator[Watch]:
        """Watch one execution."""
        watch = Watch()
        self._watches.setdefault(id, set()).add(watch)
        try:
            yield watch
        finally:
            watches = self._watches[id]
            watches.discard(watch)
            if not watches:
                del self._watches[id]

    @contextmanager
    def watch_all(self) -> Iterator[WatchAll]:
        """Watch the states of all executions."""
        watcher = WatchAll()
        self._all.add(watcher)
        try:
            yield watcher
        finally:
            self._all.discard(watcher)
