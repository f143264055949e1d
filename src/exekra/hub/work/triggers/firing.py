"""Starts what schedules are due for, and what is asked of a trigger.

An execution and the next time of its schedule are written in one transaction, so that neither a restart nor another Hub
loses or doubles one.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice, takewhile
from typing import Annotated, Any
from uuid import UUID

import asyncpg
from fastapi import Depends

from exekra.hub.core.actor import Actor
from exekra.hub.core.database import LOST, Connection
from exekra.hub.core.errors import Conflict, HubError, NotFound
from exekra.hub.core.hub import CurrentHub, Hub
from exekra.hub.work.dispatch.service import Dispatch
from exekra.hub.work.executions.intake import Asked
from exekra.hub.work.executions.schemas import ExecutionRequest
from exekra.hub.work.executions.service import Executions
from exekra.hub.work.files.given import GivenFiles
from exekra.hub.work.ledger.states import Source
from exekra.hub.work.ledger.store import NewExecution
from exekra.hub.work.triggers import store
from exekra.hub.work.triggers.schedule import Schedule
from exekra.hub.work.triggers.store import FiringState, Misfire, Overlap, TriggerRow
from exekra.kit.ids import new_id

logger = logging.getLogger(__name__)

LOOK_SECONDS = 1.0
"""How often to look for schedules that are due."""
PUNCTUAL = timedelta(minutes=1)
"""A time that is fired within this is on time; after it, it was missed."""
AT_ONCE = 50
MOST_MISSED = 1_000
"""How many missed times are counted."""
FIRINGS_KEPT = timedelta(days=90)
FORGET_SECONDS = 3600.0


@dataclass(frozen=True, slots=True)
class Firing:
    """What is to be done for one trigger, or was done."""

    state: FiringState
    due_at: datetime
    message: str | None = None
    execution_id: UUID | None = None


class Firings:
    """Fires triggers."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._intake = hub.get(Executions).intake
        self._dispatch = hub.get(Dispatch)

    async def fire(
        self, row: TriggerRow, actor: Actor, inputs: dict[str, Any], *, source: Source, key: str | None = None
    ) -> Firing:
        """Start an execution for a trigger now, whatever its schedule says.

        Args:
            row: The trigger.
            actor: Who wants it.
            inputs: Values beside those of the trigger, which they replace.
            source: `manual` or `webhook`.
            key: A call with the same key gets the same outcome, and starts nothing.

        Raises:
            HubError: The execution cannot be started.
        """
        now = self._hub.clock.now()
        async with self._hub.database.reading() as connection:
            if key is not None and (known := await store.firing_of_key(connection, row.id, key)) is not None:
                return Firing(known.state, known.due_at, known.message, known.execution_id)
            execution = await self._prepare(connection, row, actor, {**row.inputs, **inputs}, source)
            try:
                async with connection.transaction():
                    firing = await self._make(connection, row, execution, actor, now)
                    noted = await self._note(connection, row, firing, now, key)
                    if not noted:  # The same call came twice at the same moment, and the other one was quicker.
                        raise Conflict(
                            "A call with this key is being carried out.", code="duplicate-call", hint="Try again."
                        )
            except asyncpg.ForeignKeyViolationError:
                raise NotFound("The trigger was removed just now.") from None
        await self._started(firing)
        return firing

    async def fire_due(self) -> None:
        """Start what is due."""
        while True:
            now = self._hub.clock.now()
            async with self._hub.database.reading() as connection:
                rows = await store.due(connection, now, AT_ONCE)
            if not any([await self._fire_alone(row, now) for row in rows]):
                return

    async def _fire_alone(self, row: TriggerRow, now: datetime) -> bool:
        """As `_fire_due`, but a schedule that cannot be fired does not stop the others; it is tried again."""
        try:
            return await self._fire_due(row, now)
        except LOST:
            raise
        except Exception:
            logger.exception("The trigger %s could not be fired.", row.id)
            return False

    async def _fire_due(self, row: TriggerRow, now: datetime) -> bool:
        """Start what one schedule is due for, and set its next time; False where another Hub does."""
        assert row.cron is not None
        schedule = Schedule(row.cron, row.time_zone, row.starts_at, row.ends_at)
        actor = Actor(kind="system", name=f"Trigger {row.name}")
        execution: NewExecution | None = None
        firings: list[Firing] = []
        async with self._hub.database.reading() as connection:
            try:
                wanted, missed, next_at = _plan(row, schedule, now)
                if missed is not None:
                    firings.append(missed)
                if wanted is not None:
                    execution = await self._prepare(connection, row, actor, row.inputs, Source.SCHEDULE)
            except HubError as error:
                wanted, next_at = None, _next_or_none(schedule, now)
                firings.append(Firing(FiringState.REFUSED, row.next_fire_at or now, error.message))
            async with connection.transaction():
                if not await store.claim(connection, row.id, row.next_fire_at):
                    return False
                if wanted is not None and execution is not None:
                    firings.append(await self._make(connection, row, execution, actor, wanted))
                due_at = None if row.next_fire_at is None or row.next_fire_at > now else wanted or row.next_fire_at
                await store.update(connection, row.id, next_fire_at=next_at, last_due_at=due_at)
                for firing in firings:
                    await self._note(connection, row, firing, now)
        for firing in firings:
            await self._started(firing)
        return True

    async def _prepare(
        self, connection: Connection, row: TriggerRow, actor: Actor, inputs: dict[str, Any], source: Source
    ) -> NewExecution:
        request = ExecutionRequest(
            workflow=str(row.workflow_id),
            inputs=inputs,
            unique_key=f"trigger {row.id}" if row.overlap is Overlap.SKIP else None,
            **row.options,
        )
        return await self._intake.prepare(connection, Asked(request=request, actor=actor, source=source))

    async def _make(
        self, connection: Connection, row: TriggerRow, execution: NewExecution, actor: Actor, due_at: datetime
    ) -> Firing:
        try:
            await self._intake.make(connection, execution, actor, GivenFiles({}))
        except Conflict as error:
            if error.code != "duplicate-execution":
                raise
            return Firing(FiringState.SKIPPED, due_at, "The last execution of this trigger had not ended.")
        return Firing(FiringState.STARTED, due_at, None, execution.id)

    async def _note(
        self, connection: Connection, row: TriggerRow, firing: Firing, now: datetime, key: str | None = None
    ) -> bool:
        return await store.add_firing(
            connection,
            id=new_id(),
            trigger_id=row.id,
            due_at=firing.due_at,
            fired_at=now,
            state=firing.state,
            execution_id=firing.execution_id,
            message=firing.message,
            key=key,
        )

    async def _started(self, firing: Firing) -> None:
        if firing.execution_id is not None:
            await self._dispatch.queued([firing.execution_id], [])

    async def forget(self) -> None:
        """Remove what came of triggers long ago."""
        async with self._hub.database.transaction() as connection:
            await store.remove_firings(connection, self._hub.clock.now() - FIRINGS_KEPT)


def _plan(row: TriggerRow, schedule: Schedule, now: datetime) -> tuple[datetime | None, Firing | None, datetime | None]:
    """For which time to start an execution, which times were missed, and when the schedule is due next."""
    due = row.next_fire_at
    if due is None or due > now:  # The clock was put back: what it has fired for has not come yet.
        return None, None, schedule.next_after(now)
    if row.misfire is Misfire.ALL:
        return due, None, schedule.next_after(due)
    times = [due, *islice(takewhile(lambda time: time <= now, schedule.after(due)), MOST_MISSED)]
    last = times[-1]
    fires = row.misfire is Misfire.ONCE or now - last <= PUNCTUAL
    missed = times[:-1] if fires else times
    told = None
    if missed:
        count = f"{len(missed):,}{'+' if len(times) > MOST_MISSED else ''}"
        what = f"{count} times were missed, since {_shown(missed[0])}" if len(missed) > 1 else "This time was missed"
        told = Firing(FiringState.MISSED, missed[-1], f"{what}: no Hub was running.")
    return (last if fires else None), told, schedule.next_after(now)


def _next_or_none(schedule: Schedule, now: datetime) -> datetime | None:
    try:
        return schedule.next_after(now)
    except Exception:  # A time zone or an expression that this version cannot read any more.
        logger.exception("A schedule cannot be read: %s in %s", schedule.cron, schedule.time_zone)
        return None


def _shown(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"


@asynccontextmanager
async def run(hub: Hub) -> AsyncIterator[None]:
    """Fire schedules while the Hub runs."""
    firings = Firings(hub)
    hub.add(firings)
    async with (
        hub.supervisor.repeating("firing schedules", firings.fire_due, seconds=LOOK_SECONDS),
        hub.supervisor.repeating("forgetting old firings", firings.forget, seconds=FORGET_SECONDS),
    ):
        yield


async def _firings(hub: CurrentHub) -> Firings:
    return hub.get(Firings)


CurrentFirings = Annotated[Firings, Depends(_firings)]
