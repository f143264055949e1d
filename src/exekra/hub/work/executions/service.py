"""What users do with executions: start, stop, run again, and ask why one is waiting."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Annotated
from uuid import UUID

import msgspec
from fastapi import Depends

from exekra.hub.core.actor import Actor
from exekra.hub.core.database import Connection
from exekra.hub.core.errors import Conflict
from exekra.hub.core.hub import CurrentHub, Hub
from exekra.hub.design.workflows.service import Workflows
from exekra.hub.fleet.runners import requirement_store
from exekra.hub.fleet.runners import store as runners
from exekra.hub.trust.audit.service import record
from exekra.hub.work.dispatch.service import Dispatch
from exekra.hub.work.executions.beginning import again_beginning, asked_beginning, no_execution, scope_of
from exekra.hub.work.executions.checking import refuse_errors
from exekra.hub.work.executions.debugging import DebugSessions
from exekra.hub.work.executions.intake import PLAIN, Asked, Beginning, Intake
from exekra.hub.work.executions.schemas import AgainRequest, ExecutionRequest, Waiting
from exekra.hub.work.executions.waiting import (
    HOPELESS,
    MOST_COUNTED,
    Facts,
    why_assigned,
    why_not_free,
    why_not_now,
    why_queued,
)
from exekra.hub.work.files import given as given_files
from exekra.hub.work.files.given import GivenFiles
from exekra.hub.work.ledger import store as ledger
from exekra.hub.work.ledger import summary_store
from exekra.hub.work.ledger.broadcast import Broadcast
from exekra.hub.work.ledger.rows import Assignment, HeldExecution
from exekra.hub.work.ledger.states import FINAL, UNDERWAY, Source, State
from exekra.hub.work.ledger.store import Change, NewExecution
from exekra.hub.work.ledger.summary_store import ExecutionDetailRow
from exekra.hub.work.restarts.service import Found, Restarts


@dataclass(frozen=True, kw_only=True, slots=True)
class Started:
    """An execution that was requested; `assigned` is the assignment of an interactive one, to that Runner."""

    execution: NewExecution
    assigned: Assignment | None = None
    runner_name: str | None = None


class Executions:
    """Executions, as users see them.

    Attributes:
        restarts: Knows where executions can be restarted.
        debugging: Controls debug sessions.
        intake: Takes requests.
    """

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._dispatch = hub.get(Dispatch)
        self._broadcast = hub.get(Broadcast)
        self.restarts = Restarts()
        self.debugging = DebugSessions(hub, self._dispatch.debug_commands)
        self.intake = Intake(hub, self._dispatch, self.restarts)

    async def start(self, request: ExecutionRequest, actor: Actor, *, source: Source = Source.MANUAL) -> Started:
        """Queue an execution, or start an interactive one immediately.

        Raises:
            HubError: As `Intake.submit`; Conflict when no Runner is free for an interactive run, or values for a start
                in the middle are missing.
        """
        beginning = PLAIN
        if request.debug is not None or request.start_at is not None:
            async with self._hub.database.reading() as connection:
                beginning = await asked_beginning(connection, self.restarts, self._hub.settings, request, actor)
        return await self._start(request, actor, beginning, source=Source.STUDIO if request.studio else source)

    async def _checked(self, request: ExecutionRequest, actor: Actor) -> None:
        """Refuse a draft with errors. A request without a version runs the published one, which has been checked."""
        if request.version is None or request.allow_errors:
            return
        async with self._hub.database.reading() as connection:
            await refuse_errors(connection, self._hub.get(Workflows), self.restarts, request, actor)

    async def _start(
        self, request: ExecutionRequest, actor: Actor, beginning: Beginning, *, source: Source = Source.MANUAL
    ) -> Started:
        await self._checked(request, actor)
        scope = {} if beginning.start_at is None else beginning.start_at.scope
        values = {"body.inputs": request.inputs, "body.start_at.scope": scope}
        if not request.interactive and not given_files.are_in(values.values()):
            execution = await self.intake.submit(request, actor, source=source, beginning=beginning)
            return Started(execution=execution)
        row, runner = None, None
        async with self._hub.database.reading() as connection:
            files = await GivenFiles.find(connection, self._hub.settings, actor, values)
            asked = _with_files(Asked(request=request, actor=actor, source=source, beginning=beginning), files)
            execution = await self.intake.prepare(connection, asked)
            async with connection.transaction():
                await self.intake.make(connection, execution, actor, files)
                if request.interactive:
                    row = await self._assign_now(connection, execution)
                    runner = await runners.state_of(connection, row.runner_id)
        if row is None:
            await self._dispatch.queued([execution.id], [])
            return Started(execution=execution)
        self._broadcast.announce(set(), {execution.id: State.ASSIGNED})
        await self._dispatch.deliver([row])
        return Started(execution=execution, assigned=row, runner_name=runner.name if runner else None)

    async def _assign_now(self, connection: Connection, execution: NewExecution) -> Assignment:
        """Assign an interactive run to its Runner, or to the best one."""
        requirement = await requirement_store.get(connection, execution.requirement_id)
        pinned = requirement.runner_id
        row = await self._dispatch.assign_at_once(connection, execution.id, execution.requirement_id, pinned)
        if row is None and pinned is not None:
            runner = await runners.state_of(connection, pinned)
            raise _refused(why_not_free(requirement, runner, self._hub.clock.now()))
        if row is None:
            facts = await self._facts(connection, execution.requirement_id, ahead=None)
            raise _refused(why_not_now(facts, self._hub.clock.now()))
        return row

    async def stop(self, connection: Connection, id: UUID, actor: Actor) -> HeldExecution:
        """End an execution: a QUEUED one immediately, one that a Runner holds as soon as the Runner or the Hub ends it.

        Returns:
            What `tell_stopped` needs, once the transaction is committed.

        Raises:
            NotFound: There is no such execution.
            Conflict: It has ended already.
        """
        now = self._hub.clock.now()
        rows = await ledger.lock(connection, [id])
        if not rows:
            raise no_execution()
        row = rows[0]
        state = row.state
        if state in FINAL:
            raise Conflict(f"The execution has already ended: {state}.", code="already-ended")
        await ledger.request_stop(connection, id, now, actor.id if actor.kind == "user" else None)
        if state is State.QUEUED:
            change = Change(id=id, lease=row.lease, state=State.STOPPED, at=now, give_up=True)
            await ledger.move(connection, [change])
        await record(connection, actor, "execution.stop", "execution", id, {"workflow": row.workflow_name})
        return row

    def tell_stopped(self, row: HeldExecution) -> None:
        """Send a committed stop to the Runner, or notify those who watch."""
        if row.state in UNDERWAY and row.runner_id is not None:
            self._dispatch.stop(row.runner_id, row.id, row.lease)
        else:
            self._broadcast.announce(set(), {row.id: State.STOPPED})

    async def start_again(self, id: UUID, actor: Actor, again: AgainRequest) -> Started:
        """Queue an execution of the same workflow with the same inputs: as it is published now, from the start, unless
        `again` says otherwise.

        Raises:
            HubError: As `start`; NotFound when there is no such execution; Conflict when it cannot start at the
                requested place.
        """
        async with self._hub.database.reading() as connection:
            row = await summary_store.get(connection, id)
            if row is None:
                raise no_execution()
            beginning = await again_beginning(connection, self.restarts, row, again)
        request = ExecutionRequest(
            workflow=str(row.workflow_id),
            version=again.version,
            inputs=row.inputs,
            priority=row.priority,
            runner=None if row.pinned_runner_id is None else str(row.pinned_runner_id),
            runner_type=row.runner_type,
            labels=row.labels,
            timeout=row.timeout,
            unique_key=row.unique_key,
            allow_errors=again.allow_errors,
        )
        return await self._start(request, actor, beginning)

    async def scope(self, connection: Connection, id: UUID, node: str, version: int | None) -> Found:
        """The values with which `node` could start, from what an execution reported.

        Raises:
            NotFound: There is no such execution, or its workflow has no such version or node.
        """
        return await scope_of(connection, self.restarts, id, node, version)

    async def waiting(self, connection: Connection, row: ExecutionDetailRow) -> Waiting | None:
        """Why an execution has not started; None once it has."""
        if row.state is State.ASSIGNED and row.assigned_at is not None:
            runner = await runners.state_of(connection, row.runner_id)
            fetching_at = await ledger.fetching_at(connection, row.id)
            return why_assigned(row.assigned_at, runner, self._hub.clock.now(), fetching_at=fetching_at)
        if row.state is State.QUEUED:
            return await self.why_queued(connection, row.id, row.requirement_id)
        return None

    async def why_queued(self, connection: Connection, id: UUID, requirement_id: int) -> Waiting:
        """Why a QUEUED execution waits."""
        ahead = await ledger.count_ahead(connection, id, most=MOST_COUNTED + 1)
        return why_queued(await self._facts(connection, requirement_id, ahead=ahead), self._hub.clock.now())

    async def _facts(self, connection: Connection, requirement_id: int, *, ahead: int | None) -> Facts:
        return Facts(
            requirement=await requirement_store.get(connection, requirement_id),
            runners=await requirement_store.fitting(connection, requirement_id),
            ahead=ahead,
            missing_activities=await requirement_store.missing_activities(connection, requirement_id),
            lacking=await requirement_store.lacking(connection, requirement_id),
        )


@asynccontextmanager
async def run(hub: Hub) -> AsyncIterator[None]:
    """Accept requests while the Hub runs."""
    executions = Executions(hub)
    hub.add(executions)
    async with executions.intake.batches.running(hub.supervisor):
        yield


async def _current_executions(hub: CurrentHub) -> Executions:
    return hub.get(Executions)


CurrentExecutions = Annotated[Executions, Depends(_current_executions)]


def _with_files(asked: Asked, files: GivenFiles) -> Asked:
    """The request, with the execution's own files."""
    beginning, start_at = asked.beginning, asked.beginning.start_at
    if start_at is not None:
        start_at = msgspec.structs.replace(start_at, scope=files.within(start_at.scope))
        beginning = replace(beginning, start_at=start_at)
    request = asked.request.model_copy(update={"inputs": files.within(asked.request.inputs)})
    return replace(asked, request=request, beginning=beginning)


def _refused(reason: Waiting) -> Conflict:
    """The error for an interactive run that cannot start immediately."""
    hint = "Try again when one is free, or start the execution through the queue, not interactively."
    return Conflict(
        reason.message, code=reason.code, where="body.runner", hint=None if reason.code in HOPELESS else hint
    )
