"""Ends what is stuck: executions of lost Runners, those that no Runner can take, and those that do not stop when asked.

Every second, it looks for lost Runners and for executions that should have stopped; every minute (`sweep_seconds`) for
the rest, Runners first. Several Hubs may sweep at the same time.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from uuid import UUID

from exekra.flow.events import Failure
from exekra.hub.core.database import Connection
from exekra.hub.core.hub import Hub
from exekra.hub.fleet.runners import store as runners
from exekra.hub.fleet.runners.connections import Connections
from exekra.hub.work.dispatch import answer_store
from exekra.hub.work.dispatch.runner_messages import RunnerMessages
from exekra.hub.work.ledger import held_store
from exekra.hub.work.ledger import store as ledger
from exekra.hub.work.ledger.broadcast import Broadcast
from exekra.hub.work.ledger.rows import HeldExecution
from exekra.hub.work.ledger.states import UNDERWAY, State
from exekra.hub.work.ledger.store import Change
from exekra.kit import json
from exekra.protocol.messages import Goodbye, Refused

logger = logging.getLogger(__name__)

LOOK_SECONDS = 1.0
REST_AFTER_NO_BEGINNING = timedelta(minutes=1)
"""A Runner that did not start its assignment gets no other for this long: other Runners come first."""
MISSED_POLLS = 4
"""A polling Runner is gone when it has not polled for this many intervals."""


class Sweep:
    """Looks for executions that are stuck.

    Args:
        hub: The Hub; its settings say after how long something is stuck.
        connections: The connected Runners, which are notified.
        runner_messages: Handles the departure of Runners that no longer poll.
        broadcast: Is notified of new states.
        ring: Called when a Runner became free or an execution was queued again.
    """

    def __init__(
        self,
        hub: Hub,
        *,
        connections: Connections,
        runner_messages: RunnerMessages,
        broadcast: Broadcast,
        ring: Callable[[], None],
    ) -> None:
        self._hub = hub
        self._connections = connections
        self._runner_messages = runner_messages
        self._broadcast = broadcast
        self._ring = ring

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Sweep for the duration of the block."""
        supervisor, seconds = self._hub.supervisor, self._hub.settings.sweep_seconds
        async with (
            supervisor.repeating("looking for lost Runners", self.look, seconds=min(LOOK_SECONDS, seconds)),
            supervisor.repeating("ending what is stuck", self.sweep, seconds=seconds),
        ):
            yield

    async def look(self) -> None:
        """Find Runners that are gone, and executions that should have stopped and have not."""
        await self._leave_silent_polls()
        now = self._hub.clock.now()
        settings = self._hub.settings
        async with self._hub.database.transaction() as connection:
            offline = await runners.mark_offline(
                connection,
                at=now,
                lost_before=now - timedelta(seconds=settings.reconnect_seconds),
                silent_before=now - timedelta(seconds=settings.offline_seconds),
            )
        if offline:
            logger.warning("Runners that went OFFLINE: %d", len(offline))
        await self._end_disobedient(now - timedelta(seconds=settings.stop_seconds))
        await self._take_back_unbegun()

    async def sweep(self) -> None:
        """Revoke what lost Runners hold, and fail what no Runner can take."""
        now = self._hub.clock.now()
        settings = self._hub.settings
        await self._give_up_lost(now - timedelta(seconds=settings.lost_runner_seconds))
        await self._fail_hopeless(now - timedelta(seconds=settings.no_runner_seconds))
        await self._forget_answers()

    async def _leave_silent_polls(self) -> None:
        patience = timedelta(seconds=self._hub.settings.poll_seconds * MISSED_POLLS)
        for connection in self._connections.all():
            if connection.polled and connection.seen_at < self._hub.clock.now() - patience:
                connection.close(Goodbye(reason="The Runner has not polled for a while.", retry_seconds=0.0))
                await self._runner_messages.leave(connection)

    async def _end_disobedient(self, requested_before: datetime) -> None:
        async with self._hub.database.transaction() as connection:
            found = await held_store.stopping(connection, requested_before=requested_before)
            rows = await ledger.lock(connection, found) if found else []
            rows = [row for row in rows if row.state in {State.ASSIGNED, State.RUNNING}]
            await self._move(connection, rows, lambda _: (State.STOPPED, None))
        self._tell(rows, {row.id: State.STOPPED for row in rows}, "The execution was stopped.")

    async def _take_back_unbegun(self) -> None:
        """Revoke what a healthy Runner has not started. One that has just connected may have started it."""
        seconds = self._hub.settings.begin_seconds
        before = self._hub.clock.now() - timedelta(seconds=seconds)
        steady = [one.runner_id for one in self._connections.all() if one.greeted and one.connected_at < before]
        if not steady:
            return
        async with self._hub.database.transaction() as connection:
            rows = await held_store.unbegun(connection, steady, seconds=seconds)
            again = [row.id for row in rows if _may_begin_again(row)]
            await held_store.note_given_up(connection, again)
            await self._move(connection, rows, self._after_no_beginning)
            until = self._hub.clock.now() + REST_AFTER_NO_BEGINNING
            for runner_id in {row.runner_id for row in rows if row.runner_id is not None}:
                await runners.rest(connection, runner_id, until)
        self._tell(rows, {row.id: self._after_no_beginning(row)[0] for row in rows}, "It was not started in time.")

    def _after_no_beginning(self, row: HeldExecution) -> tuple[State, Failure | None]:
        if _may_begin_again(row):
            return State.QUEUED, None
        message = (
            f"{row.runner_name!r} is connected but did not start the execution within "
            f"{self._hub.settings.begin_seconds:g} "
            "seconds, and an earlier assignment had to be revoked too. Check the Runner's log, and restart it."
        )
        return State.FAILED, Failure(type="RunnerStuck", message=message)

    async def _give_up_lost(self, before: datetime) -> None:
        while True:
            async with self._hub.database.transaction() as connection:
                rows = await held_store.lost(connection, before=before)
                again = [row.id for row in rows if _may_begin_again(row)]
                await held_store.note_given_up(connection, again)
                await self._move(connection, rows, _after_loss)
            self._tell(rows, {row.id: _after_loss(row)[0] for row in rows}, "Its Runner was OFFLINE for too long.")
            if not rows:
                return

    async def _fail_hopeless(self, since: datetime) -> None:
        message = (
            f"No Runner that can take the execution was available for {self._hub.settings.no_runner_seconds:g} seconds."
        )
        failure = Failure(type="NoRunner", message=message)
        while True:
            async with self._hub.database.transaction() as connection:
                rows = await held_store.hopeless(connection, since=since)
                await self._move(connection, rows, lambda _: (State.FAILED, failure))
            self._tell((), {row.id: State.FAILED for row in rows}, message)
            if not rows:
                return

    async def _forget_answers(self) -> None:
        """Remove answers of executions that no longer run under the lease with which they asked."""
        async with self._hub.database.transaction() as connection:
            asking = await answer_store.asking_executions(connection)
            rows = await held_store.find(connection, [id for id, _ in asking]) if asking else []
            running = {(row.id, row.lease) for row in rows if row.state in UNDERWAY}
            for id, lease in asking:
                if (id, lease) not in running:
                    await answer_store.forget_answers(connection, id, lease)

    async def _move(
        self,
        connection: Connection,
        rows: Sequence[HeldExecution],
        what: Callable[[HeldExecution], tuple[State, Failure | None]],
    ) -> None:
        now = self._hub.clock.now()
        changes = []
        for row in rows:
            state, failure = what(row)
            text = json.encode(failure).decode() if failure else None
            changes.append(Change(id=row.id, lease=row.lease, state=state, at=now, give_up=True, failure=text))
        await ledger.move(connection, changes)

    def _tell(self, held: Sequence[HeldExecution], states: dict[UUID, State], reason: str) -> None:
        if not states:
            return
        logger.warning("Executions ended or queued again: %d. %s", len(states), reason)
        for row in held:
            runner = self._connections.get(row.runner_id) if row.runner_id else None
            if runner is not None:
                runner.send(Refused(execution_id=str(row.id), lease=row.lease, reason=reason))
        self._broadcast.announce(set(), states)
        self._ring()


def _may_begin_again(row: HeldExecution) -> bool:
    """Whether it had not started, and was never revoked before."""
    return row.state == State.ASSIGNED and row.given_up == 0 and row.stop_requested_at is None


def _after_loss(row: HeldExecution) -> tuple[State, Failure | None]:
    if _may_begin_again(row):
        return State.QUEUED, None
    if row.stop_requested_at is not None:
        return State.STOPPED, None
    runner = repr(row.runner_name) if row.runner_name else "Its Runner, which was removed,"
    did = "while it ran" if row.state == State.RUNNING else "before it started, for the second time"
    return State.FAILED, Failure(type="RunnerLost", message=f"{runner} went OFFLINE {did}.")
