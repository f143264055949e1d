"""Removes expired data: whole partitions where it can, rows in small batches where it must.

Only one of several Hubs does so at a time. Data of an execution that has not ended is never touched.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from uuid import UUID

import asyncpg

from exekra.hub.core.actor import Actor
from exekra.hub.core.database import Connection
from exekra.hub.core.errors import HubError, Invalid
from exekra.hub.core.hub import Hub
from exekra.hub.design.workflows import store as workflows
from exekra.hub.fleet.runners import requirement_store as requirements
from exekra.hub.trust.audit.service import record
from exekra.hub.upkeep.retention import store
from exekra.hub.upkeep.retention.models import PARTS, Kind, Times
from exekra.hub.work.files import store as files_store
from exekra.hub.work.ledger import partition_store as partitions
from exekra.hub.work.ledger import removal_store as removal
from exekra.hub.work.ledger.partition_store import Part, Partition, Table
from exekra.kit.ids import first_id, new_id

logger = logging.getLogger(__name__)

PAUSE = timedelta(hours=1)
"""The time from the end of one run to the start of the next."""
PAUSE_AFTER_FAILURE = timedelta(minutes=5)
CLAIMED = timedelta(minutes=5)
"""A Hub that has not renewed the claim on its run for this long is considered dead."""
ROWS_AT_ONCE = 2_000
EXECUTIONS_AT_ONCE = 5_000
"""More than of other rows, because none of them leaves PostgreSQL."""
VALUES_AT_ONCE = 500
"""Each may have 64 kB."""
ATTEMPTS = 20
"""How often to try to lock a partition that is in use, before it is left for the next run."""
REST = 1 / 3
"""How long to pause after a batch, as a fraction of the time it took, so that others get their turn."""
WORKING_COPIES_KEPT = timedelta(days=7)
WORKING_COPIES_AT_ONCE = 100

REQUIREMENT_SLACK = timedelta(days=1)
"""A requirement may have been used later than is stored, because Hubs cache it for an hour."""
_LAST_ID = UUID(int=2**128 - 1)


@dataclass(slots=True)
class Removed:
    """How much a run removed of one kind: `bytes` is the disk space freed immediately; that of single rows is only
    reused.
    """

    rows: int = 0
    bytes: int = 0


@dataclass(slots=True)
class Outcome:
    """The result of a run."""

    removed: dict[Kind, Removed] = field(default_factory=lambda: {kind: Removed() for kind in Kind})
    held_back: set[str] = field(default_factory=set)
    busy: set[str] = field(default_factory=set)

    @property
    def problem(self) -> str | None:
        """What could not be removed, and why."""
        if not self.busy:
            return None
        return f"In use, so left for the next run: {', '.join(sorted(self.busy))}."


class Retention:
    """Knows how long each kind of data is kept, and removes the rest."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._ends: dict[str, datetime] = {}
        self._claimed_at = 0.0
        self._run_id = new_id()
        self.wanted = asyncio.Event()

    async def change(self, connection: Connection, actor: Actor, times: Times) -> None:
        """Change how long each kind is kept from now on.

        Raises:
            Invalid: Something would be kept longer than the execution that it belongs to.
        """
        if (kind := times.too_long()) is not None:
            raise Invalid(
                f"{kind.capitalize()} cannot be kept longer than the executions that they belong to.",
                where=f"body.{kind}",
                hint="Keep executions at least as long.",
            )
        before = await store.times(connection, lock=True)
        changed = {str(kind): days for kind, days in times.days.items() if days != before.days[kind]}
        if changed:
            await store.set_times(connection, times)
            was = {kind: before.days[Kind(kind)] for kind in changed}
            await record(connection, actor, "retention.change", "retention", None, {"before": was, "after": changed})

    async def run_soon(self, actor: Actor) -> None:
        """Start a run immediately, unless one is in progress."""
        async with self._hub.database.transaction() as connection:
            await store.run_soon(connection, self._hub.clock.now())
            await record(connection, actor, "retention.run", "retention")
        self.wanted.set()

    async def run_if_due(self) -> Outcome | None:
        """Remove expired data, if a run is due and no other Hub is doing it; None otherwise."""
        now = self._hub.clock.now()
        self._run_id = run_id = new_id()
        async with self._hub.database.transaction() as connection:
            if not await store.claim(connection, run_id, now=now, until=now + CLAIMED):
                return None
            times = await store.times(connection)
        self._claimed_at = time.monotonic()
        outcome = Outcome()
        problem: str | None = "It was interrupted."
        pause = PAUSE_AFTER_FAILURE
        try:
            await self.make_partitions()
            await self._remove(times, now, outcome)
            problem, pause = outcome.problem, PAUSE
        finally:
            ended = self._hub.clock.now()
            async with self._hub.database.transaction() as connection:
                await store.end_run(
                    connection,
                    run_id,
                    at=ended,
                    next_at=ended + pause,
                    removed={kind: asdict(removed) for kind, removed in outcome.removed.items()},
                    held_back=len(outcome.held_back),
                    problem=problem,
                )
        return outcome

    async def make_partitions(self) -> None:
        """Create the partitions that will be needed soon. Nothing is lost without one: its events go to the default
        partition.
        """
        # Ids are generated with the machine's clock.
        async with self._hub.database.transaction() as connection:
            made = await partitions.make_ahead(connection, datetime.now(UTC))
        if made:
            logger.debug("Created partitions: %s", ", ".join(made))

    async def _remove(self, times: Times, now: datetime, outcome: Outcome) -> None:
        await self._locked("a detached partition", outcome, partitions.drop_detached, ())  # left by a crash
        async with self._hub.database.reading() as connection:
            found = await partitions.partitions(connection)
        for partition in found:
            if partition.end is None:
                await self._thin_default(partition, times, now, outcome)
            elif not await self._drop(partition, times, now, outcome):
                await self._thin(partition, times, now, outcome)
        await self._remove_files(times, now, outcome)
        await self._remove_executions(times, now, outcome)
        await self._remove_requirements(now)
        remove = partial(
            workflows.remove_working_copies, before=now - WORKING_COPIES_KEPT, limit=WORKING_COPIES_AT_ONCE
        )
        await self._in_batches(remove, WORKING_COPIES_AT_ONCE)

    async def _drop(self, partition: Partition, times: Times, now: datetime, outcome: Outcome) -> bool:
        """Drop a completely expired partition; returns whether it is gone."""
        cutoff = times.cutoff_of_all(now)
        if cutoff is None or not await self._is_over(partition, cutoff, outcome):
            return False
        detach = partial(partitions.detach, partition=partition)
        if not await self._locked(partition.name, outcome, detach, partition.tables):
            return False
        await self._locked(partition.name, outcome, partitions.drop_detached, ())
        return True

    async def _thin(self, partition: Partition, times: Times, now: datetime, outcome: Outcome) -> None:
        """Empty the expired parts of a partition that is still needed."""
        for table in partition.tables:
            if table.part is None:
                await self._thin_values(table.name, times, now, outcome)
            elif not table.is_empty:
                cutoff = times.cutoff(PARTS[table.part], now)
                if cutoff is not None and await self._is_over(partition, cutoff, outcome):
                    await self._empty(table, outcome)

    async def _empty(self, table: Table, outcome: Outcome) -> None:
        await self._locked(table.name, outcome, lambda it: partitions.empty(it, table), [table])

    async def _thin_default(self, partition: Partition, times: Times, now: datetime, outcome: Outcome) -> None:
        await self._thin_values(partition.name, times, now, outcome)
        for part in (Part.LOGS, Part.EVENTS):
            cutoff = times.cutoff(PARTS[part], now)
            if cutoff is not None:
                remove = partial(partitions.forget_default, part=part, before=cutoff, most=ROWS_AT_ONCE)
                outcome.removed[PARTS[part]].rows += await self._in_batches(remove, ROWS_AT_ONCE)

    async def _thin_values(self, table: str, times: Times, now: datetime, outcome: Outcome) -> None:
        cutoff = times.cutoff(Kind.VALUES, now)
        if cutoff is None:
            return
        remove = partial(partitions.forget_mixed_values, table=table, before=cutoff, most=VALUES_AT_ONCE)
        outcome.removed[Kind.VALUES].rows += await self._in_batches(remove, VALUES_AT_ONCE)

    async def _remove_files(self, times: Times, now: datetime, outcome: Outcome) -> None:
        """Remove files; contents that are no longer used leave the file storage within the next hours."""
        cutoff = times.cutoff(Kind.FILES, now)
        if cutoff is None:
            return
        after = (removal.LONG_AGO, UUID(int=0))

        async def remove(connection: Connection) -> int:
            nonlocal after
            rows = await files_store.kept_before(connection, cutoff, after=after, most=ROWS_AT_ONCE)
            if rows:
                after = (rows[-1].kept_at, rows[-1].id)
                ended = await removal.ended(connection, [row.execution_id for row in rows], cutoff)
                old = [row.id for row in rows if row.execution_id in ended]
                outcome.removed[Kind.FILES].rows += await files_store.forget(connection, old)
            return len(rows)

        await self._in_batches(remove, ROWS_AT_ONCE)

    async def _remove_executions(self, times: Times, now: datetime, outcome: Outcome) -> None:
        """Remove executions whose events are gone with their partition, or are in the default one."""
        cutoff = times.cutoff(Kind.EXECUTIONS, now)
        if cutoff is None:
            return
        async with self._hub.database.reading() as connection:
            left = await partitions.partitions(connection)
        firsts = [one.first or UUID(int=0) for one in left if one.end is not None]
        bound = min([first_id(cutoff), *firsts], default=_LAST_ID)
        after = UUID(int=0)

        async def remove(connection: Connection) -> int:
            nonlocal after
            last = await removal.last_of(connection, after=after, before=bound, most=EXECUTIONS_AT_ONCE)
            if last is None:
                return 0
            count = await removal.remove(connection, after=after, last=last, ended_before=cutoff)
            await partitions.forget_orphans(connection, after=after, last=last)
            if owners := await files_store.owners(connection, after=after, last=last):
                orphaned = await removal.gone(connection, owners)
                outcome.removed[Kind.FILES].rows += await files_store.forget_of(connection, orphaned)
            outcome.removed[Kind.EXECUTIONS].rows += count
            after = last
            return EXECUTIONS_AT_ONCE

        await self._in_batches(remove, EXECUTIONS_AT_ONCE)

    async def _remove_requirements(self, now: datetime) -> None:
        """Remove requirements that no execution has any more."""
        async with self._hub.database.transaction() as connection:
            oldest = await removal.oldest(connection)
            await requirements.remove(connection, used_before=min(oldest or now, now) - REQUIREMENT_SLACK)

    async def _is_over(self, partition: Partition, cutoff: datetime, outcome: Outcome) -> bool:
        """Whether all executions of a partition ended before that moment."""
        if partition.end is None or partition.end > first_id(cutoff):
            return False
        ended = self._ends.get(partition.name)
        if ended is None:
            async with self._hub.database.reading() as connection:
                ended = await removal.last_end(connection, partition.first, partition.end)
            if ended is None:
                outcome.held_back.add(partition.name)
                return False
            self._ends[partition.name] = ended  # it stays so: no execution is created in the past
        if ended >= cutoff:
            outcome.held_back.add(partition.name)
            return False
        return True

    async def _locked(
        self, name: str, outcome: Outcome, work: Callable[[Connection], Awaitable[None]], tables: Sequence[Table]
    ) -> bool:
        """Do something that needs a lock that others might wait for: tried often, and each time only for a moment."""
        async with self._hub.database.reading() as connection:
            rows = {table.name: await partitions.count(connection, table) for table in tables}
        for _ in range(ATTEMPTS):
            try:
                async with self._hub.database.transaction() as connection:
                    await work(connection)
            except (asyncpg.LockNotAvailableError, asyncpg.DeadlockDetectedError):
                await asyncio.sleep(0.25)
                continue
            for table in tables:
                kind = Kind.EVENTS if table.part is None else PARTS[table.part]
                outcome.removed[kind].rows += rows[table.name]
                outcome.removed[kind].bytes += table.bytes
            await self._keep_claim()
            return True
        outcome.busy.add(name)
        return False

    async def _in_batches(self, remove: Callable[[Connection], Awaitable[int]], most: int) -> int:
        """Remove until nothing is left, pausing after each batch; returns the total."""
        total, count = 0, most
        while count >= most:
            began = time.monotonic()
            async with self._hub.database.transaction() as connection:
                count = await remove(connection)
            total += count
            await self._keep_claim()
            if count:
                await asyncio.sleep((time.monotonic() - began) * REST)
        return total

    async def _keep_claim(self) -> None:
        """Renew the claim of this Hub on the run now and then."""
        if time.monotonic() - self._claimed_at < CLAIMED.total_seconds() / 10:
            return
        self._claimed_at = time.monotonic()
        async with self._hub.database.transaction() as connection:
            until = self._hub.clock.now() + CLAIMED
            if not await store.keep_claim(connection, self._run_id, until):
                raise HubError("Another Hub has taken over this run.")
