"""Tells whoever watches that something about an execution is in the database now. What it is, they read there."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from uuid import UUID

from exekra.hub.work.executions.states import State

MOST_PENDING = 1_000
"""Changes that a watcher of all executions may leave unread; beyond, it is told that it missed some."""


_NONE: set[UUID] = set()


class Watch:
    """One who watches one execution: `changed` is set when there is something new to read."""

    def __init__(self) -> None:
        self.changed = asyncio.Event()


class WatchAll:
    """One who watches the states of all executions; only the latest state of each is kept."""

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
        """What is new, and whether something was missed: then the list is to be read again."""
        taken, missed = self._pending, self._missed
        self._pending, self._missed = {}, False
        self.changed.clear()
        return taken, missed


class Broadcast:
    """Who watches what in this Hub process.

    Attributes:
        pass_on: Called with new states, and with the live executions that have new events, for those who watch at
            other Hubs.
    """

    def __init__(self) -> None:
        self.pass_on: Callable[[Mapping[UUID, State], set[UUID]], None] = lambda _states, _live: None
        self._watches: dict[UUID, set[Watch]] = {}
        self._all: set[WatchAll] = set()

    def announce(self, ids: set[UUID], states: Mapping[UUID, State], live: set[UUID] = _NONE) -> None:
        """Executions have new events (`ids`) or new states, committed.

        `live` are those of `ids` that somebody is likely to watch step by step: other Hubs hear of them at once.
        """
        self._wake(ids)
        if states:
            self.hear(states)
        if states or live:
            self.pass_on(states, live)

    def hear(self, states: Mapping[UUID, State], live: Iterable[UUID] = ()) -> None:
        """Executions have new states or new events, as another Hub says."""
        self._wake(live)
        self._wake(states)
        if states:
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
