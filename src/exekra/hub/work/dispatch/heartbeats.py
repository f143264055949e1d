"""Heartbeats are collected and written together: a thousand Runners cost one statement a second."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from uuid import UUID

from exekra.hub.core.hub import Hub
from exekra.hub.fleet.runners import store as runners
from exekra.hub.fleet.runners.connections import Condition, RunnerConnection
from exekra.hub.work.dispatch.dispatcher import Dispatcher
from exekra.hub.work.dispatch.reconcile import reconcile
from exekra.hub.work.ledger import held_store
from exekra.hub.work.ledger.broadcast import Broadcast
from exekra.hub.work.ledger.rows import Assignment, HeldExecution
from exekra.hub.work.ledger.states import State
from exekra.kit import json
from exekra.protocol.messages import Heartbeat, WorkFailure

logger = logging.getLogger(__name__)

WRITE_SECONDS = 1.0

UNANSWERED = timedelta(seconds=10)
"""An assignment that a Runner does not hold this long after it was made is sent again."""

MOST_FAILURES = 50

Latest = dict[UUID, tuple[RunnerConnection, Heartbeat, datetime]]


class Heartbeats:
    """Collects heartbeats and writes them."""

    def __init__(self, hub: Hub, dispatcher: Dispatcher, broadcast: Broadcast) -> None:
        self._hub = hub
        self._broadcast = broadcast
        self._dispatcher = dispatcher
        self._latest: Latest = {}
        self._without: dict[tuple[UUID, UUID], int] = {}

    def note(self, connection: RunnerConnection, heartbeat: Heartbeat) -> None:
        """Keep a heartbeat; a later one of the same Runner replaces it."""
        self._latest[connection.runner_id] = (connection, heartbeat, self._hub.clock.now())

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Write heartbeats for the duration of the block."""
        async with self._hub.supervisor.repeating("writing heartbeats", self.write, seconds=WRITE_SECONDS):
            yield

    async def write(self) -> None:
        """Write the collected heartbeats, and compare what the Runners hold with what they should hold."""
        if not self._latest:
            return
        latest, self._latest = self._latest, {}
        try:
            await self._write(latest)
        except BaseException:
            self._latest = latest | self._latest
            raise

    async def _write(self, latest: Latest) -> None:
        rows = [
            (id, at, one.cpu_percent, one.memory_percent, one.memory_used_mb, one.disk_percent)
            for id, (_, one, at) in latest.items()
        ]
        async with self._hub.database.transaction() as connection:
            await runners.store_heartbeats(connection, rows)
            await runners.mark_online(connection, list(latest))
            changed = {
                id: (one.problem, one.failures)
                for id, (runner, one, _) in latest.items()
                if runner.condition != (one.problem, one.failures)
            }
            if changed:
                await runners.set_conditions(connection, [_condition(id, *changed[id]) for id in changed])
            underway: dict[UUID | None, list[HeldExecution]] = {}
            for row in await held_store.underway(connection, list(latest)):
                underway.setdefault(row.runner_id, []).append(row)
            failed: list[UUID] = []
            missing: list[tuple[RunnerConnection, list[Assignment]]] = []
            for id, (runner, heartbeat, at) in latest.items():
                expected = [
                    row
                    for row in underway.get(id, ())
                    if row.assigned_at is not None and row.assigned_at < at - UNANSWERED
                ]
                if expected or heartbeat.held:
                    found = await reconcile(
                        connection,
                        runner,
                        heartbeat.held,
                        expected,
                        at,
                        came_back=self._missed_twice(id, heartbeat, expected),
                    )
                    failed += found.failed
                    missing.append((runner, found.missing))
        self._note_conditions(latest, changed)
        for runner, assignments in missing:
            await self._dispatcher.send_again(runner, assignments)
        self._broadcast.announce(set(), dict.fromkeys(failed, State.FAILED))

    def _note_conditions(self, latest: Latest, changed: Mapping[UUID, Condition]) -> None:
        """What the Runners say of themselves is stored: a Runner that recovered may be given work."""
        recovered = False
        for id, condition in changed.items():
            runner = latest[id][0]
            (before, _), (problem, _) = runner.condition, condition
            if problem is not None and before is None:
                logger.warning("%s cannot start executions: %s", runner.runner_name, problem)
            recovered = recovered or (before is not None and problem is None)
            runner.condition = condition
        if recovered:
            self._dispatcher.ring()

    def _missed_twice(self, runner_id: UUID, heartbeat: Heartbeat, expected: list[HeldExecution]) -> bool:
        """Whether what the Runner should hold is missing in a second heartbeat in a row: a single one may have crossed
        an event.
        """
        holds = {one.execution_id for one in heartbeat.held}
        missing = {row.id for row in expected if str(row.id) not in holds}
        before = {key: count for key, count in self._without.items() if key[0] == runner_id}
        for key in before:
            del self._without[key]
        counts = {(runner_id, id): before.get((runner_id, id), 0) + 1 for id in missing}
        self._without.update(counts)
        return any(count >= 2 for count in counts.values())


def _condition(id: UUID, problem: str | None, failures: tuple[WorkFailure, ...]) -> tuple[UUID, str | None, str]:
    """As it is stored: without what PostgreSQL cannot hold, and no longer than anybody needs."""
    text = json.encode(failures[:MOST_FAILURES]).decode().replace("\\u0000", "")
    return id, None if problem is None else problem.replace("\0", "")[:500], text
