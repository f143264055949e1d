"""Turns requests into QUEUED rows: checked, and with an audit entry, in one transaction that many requests share."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg
from cachetools import LRUCache, TTLCache

from exekra.flow.debugging import DebugOptions, StartAt
from exekra.flow.document import parse_document
from exekra.flow.model import Parameter
from exekra.hub.core.actor import Actor, Role
from exekra.hub.core.database import LOST, Connection
from exekra.hub.core.errors import Conflict, Forbidden, HubError, Invalid, NotFound
from exekra.hub.core.hub import Hub
from exekra.hub.design.workflows import executable_store
from exekra.hub.design.workflows.executable_store import FoundVersion, FoundWorkflow
from exekra.hub.fleet.runners import requirement_store
from exekra.hub.fleet.runners import store as runners
from exekra.hub.trust.audit import service as audit
from exekra.hub.work.dispatch.service import Dispatch
from exekra.hub.work.executions.batches import Batches
from exekra.hub.work.executions.inputs import find_problems
from exekra.hub.work.executions.schemas import LARGEST_INPUTS_BYTES, LARGEST_SCOPE_BYTES, ExecutionRequest
from exekra.hub.work.files import given as given_files
from exekra.hub.work.files.given import GivenFiles
from exekra.hub.work.ledger import store as ledger
from exekra.hub.work.ledger.states import Source
from exekra.hub.work.ledger.store import NewExecution
from exekra.hub.work.restarts.service import Restarts
from exekra.kit import json
from exekra.kit.ids import new_id
from exekra.protocol.versions import Capability

LARGEST_BATCH = 100
REMEMBERED_BYTES = 16 * 1024 * 1024
"""The size of the cache of declared inputs, in bytes of JSON."""
LEAST_BYTES = 1_000
"""The bytes that each cached entry takes at least."""
REMEMBERED_REQUIREMENTS = 10_000
REMEMBERED_SECONDS = 3600.0
"""How long a requirement is known to be in use: one that has not been used for a day may be removed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """How an execution starts, if not at the beginning and by itself.

    Attributes:
        debug: The options of a debug session.
        start_at: Where it starts instead, and with which values.
        execution_id: The execution that the values were taken from.
    """

    debug: DebugOptions | None = None
    start_at: StartAt | None = None
    execution_id: UUID | None = None


PLAIN = Beginning()


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """A request, who makes it, and how its execution starts."""

    request: ExecutionRequest
    actor: Actor
    source: Source = Source.MANUAL
    beginning: Beginning = PLAIN


class Intake:
    """Takes requests for executions.

    Args:
        hub: The Hub.
        dispatch: Assigns them.
        restarts: Knows where a version can start.
    """

    def __init__(self, hub: Hub, dispatch: Dispatch, restarts: Restarts) -> None:
        self._hub = hub
        self._restarts = restarts
        self._dispatch = dispatch
        self._inputs: LRUCache[UUID, tuple[int, dict[str, Parameter]]] = LRUCache(
            REMEMBERED_BYTES, getsizeof=lambda sized: sized[0]
        )
        self._requirements: TTLCache[str, int] = TTLCache(
            REMEMBERED_REQUIREMENTS, REMEMBERED_SECONDS, timer=lambda: hub.clock.now().timestamp()
        )
        self.batches: Batches[Asked, NewExecution] = Batches(
            self._write, largest=LARGEST_BATCH, name="queuing executions"
        )

    async def submit(
        self, request: ExecutionRequest, actor: Actor, *, source: Source = Source.MANUAL, beginning: Beginning = PLAIN
    ) -> NewExecution:
        """Queue an execution; returns once it is committed.

        Raises:
            NotFound: The workflow, its version or the Runner does not exist.
            Invalid: The inputs do not match what the workflow declares or are too large, or it cannot start at that
                node.
            Conflict: Nothing is published, the workflow is archived, or the unique key is in use.
            Forbidden: A draft was requested by a user who may not edit workflows.
        """
        return await self.batches.submit(Asked(request=request, actor=actor, source=source, beginning=beginning))

    async def _write(self, batch: Sequence[Asked]) -> Sequence[NewExecution | Exception]:
        outcomes: list[NewExecution | Exception] = []
        # Each statement is a transaction: the requirements that are inserted on the way are committed immediately, so
        # that
        # what is cached of them is in the database, whatever happens to the batch.
        async with self._hub.database.reading() as connection:
            found = await executable_store.find_asked(connection, [reference(asked.request) for asked in batch])
            for place, asked in enumerate(batch):
                try:
                    outcomes.append(await self._prepare(connection, asked, found.get(place)))
                except HubError as error:
                    outcomes.append(error)
            rows = [outcome for outcome in outcomes if isinstance(outcome, NewExecution)]
            if not rows:
                return outcomes
            entries = [
                _start_entry(asked.actor, outcome)
                for asked, outcome in zip(batch, outcomes, strict=True)
                if isinstance(outcome, NewExecution)
            ]
            made, assigned = await self._dispatch.dispatcher.enqueue(connection, rows, entries)
            for place, outcome in enumerate(outcomes):
                if isinstance(outcome, NewExecution) and outcome.id not in made:
                    outcomes[place] = await _duplicate(connection, outcome)
        if made:
            await self._dispatch.queued(list(made), assigned)
        return outcomes

    async def prepare(self, connection: Connection, asked: Asked) -> NewExecution:
        """Check one request as `submit` does; the caller then calls `make`.

        Args:
            connection: Outside of a transaction, as in `_write`.
            asked: The request, and who makes it.

        Raises:
            HubError: As `submit`, but for a unique key that is in use.
        """
        found = await executable_store.find_asked(connection, [reference(asked.request)])
        return await self._prepare(connection, asked, found.get(0))

    async def make(self, connection: Connection, execution: NewExecution, actor: Actor, files: GivenFiles) -> None:
        """Make one execution and its files in a transaction of the caller's, without ringing.

        Raises:
            Conflict: Its unique key is in use, or a file was removed just now.
        """
        if not await ledger.insert(connection, [execution]):
            raise await _duplicate(connection, execution)
        await files.give(connection, execution.id, execution.created_at)
        await audit.record_all(connection, [_start_entry(actor, execution, files.names)])

    async def _prepare(self, connection: Connection, asked: Asked, found: FoundWorkflow | None) -> NewExecution:
        """Check a request against the version that was found for it."""
        request, start_at, debug = asked.request, asked.beginning.start_at, asked.beginning.debug
        workflow, version = usable(request, asked.actor, found)
        inputs = await self._inputs_of(connection, version.id)
        kept: dict[str, object] = {}
        if start_at is not None:
            await self._check_start(connection, version.id, start_at)
            kept = {name: start_at.scope[name] for name in inputs.keys() & start_at.scope.keys()}
        takes_files = given_files.are_in([request.inputs, {} if start_at is None else start_at.scope])
        if problems := find_problems(inputs, given_files.paths_for(request.inputs), given_files.paths_for(kept)):
            name, message = problems[0]
            raise Invalid(
                message,
                code="inputs-invalid",
                where=f"body.inputs.{name}",
                problems=[{"where": f"body.inputs.{name}", "message": text} for name, text in problems],
            )
        return NewExecution(
            id=new_id(),
            workflow_id=workflow.id,
            workflow_name=workflow.name,
            version_id=version.id,
            version=version.number,
            priority=request.priority,
            requirement_id=await self._requirement(
                connection,
                request,
                tuple(sorted(version.activities)),
                (Capability.FILES,) if takes_files or version.needs_files else (),
            ),
            interactive=request.interactive,
            source=asked.source,
            unique_key=request.unique_key,
            timeout=request.timeout,
            created_by=asked.actor.id if asked.actor.kind == "user" else None,
            created_at=self._hub.clock.now(),
            inputs=_inputs_text(request),
            debug=None if debug is None else json.encode(debug).decode(),
            start_at=None if start_at is None else _start_text(start_at),
            started_from_execution=asked.beginning.execution_id,
            started_from_node=None if start_at is None else start_at.node,
        )

    async def _check_start(self, connection: Connection, version_id: UUID, start_at: StartAt) -> None:
        graph = await self._restarts.graph(connection, version_id)
        if (reason := graph.why_not(start_at.node, only=start_at.only)) is not None:
            raise Invalid(reason, code="start-impossible", where="body.start_at.node")

    async def _inputs_of(self, connection: Connection, version_id: UUID) -> dict[str, Parameter]:
        """The inputs that a version declares: they never change, unlike what its calls require."""
        known = self._inputs.get(version_id)
        if known is not None:
            return known[1]
        document = await executable_store.document(connection, version_id)
        inputs = dict(parse_document(document).inputs)
        size = len(json.encode(document.get("inputs", {}))) + LEAST_BYTES
        self._inputs[version_id] = (min(size, REMEMBERED_BYTES), inputs)
        return inputs

    async def _requirement(
        self,
        connection: Connection,
        request: ExecutionRequest,
        activities: tuple[str, ...],
        capabilities: tuple[str, ...],
    ) -> int:
        runner_id = None
        if request.runner is not None:
            runner_id = await runners.find_by_name(connection, as_id(request.runner), request.runner)
            if runner_id is None:
                raise NotFound(f"There is no Runner {request.runner!r}.", where="body.runner")
        labels = sorted(set(request.labels))
        what = [request.runner_type, labels, activities, runner_id]
        if capabilities:  # Without any, the keys of earlier versions stay the same.
            what.append(capabilities)
        key = hashlib.sha256(json.canonical(what)).hexdigest()
        id: int | None = self._requirements.get(key)
        if id is None:
            id = await requirement_store.find_or_make(
                connection,
                key=key,
                runner_type=request.runner_type,
                labels=labels,
                activities=activities,
                capabilities=capabilities,
                runner_id=runner_id,
                now=self._hub.clock.now(),
            )
            self._requirements[key] = id
        return id


def _start_entry(actor: Actor, execution: NewExecution, files: Sequence[str] = ()) -> audit.Entry:
    details: dict[str, Any] = {
        "workflow": execution.workflow_name,
        "version": execution.version,
        "source": execution.source,
    }
    if files:
        details["files"] = list(files)
    if execution.started_from_node is not None:
        details["from_node"] = execution.started_from_node
    action = "execution.start" if execution.debug is None else "execution.debug"
    return audit.Entry(actor, action, "execution", execution.id, details)


def reference(request: ExecutionRequest) -> tuple[UUID | None, str, int | None]:
    """The workflow and the version that a request names, in the form that the store looks for."""
    return as_id(request.workflow), request.workflow, request.version


def as_id(text: str) -> UUID | None:
    """The id in a text; None if it is a name."""
    try:
        return UUID(text)
    except ValueError:
        return None


def usable(request: ExecutionRequest, actor: Actor, found: FoundWorkflow | None) -> tuple[FoundWorkflow, FoundVersion]:
    """The workflow and the version that were found, checked to be something that this actor may run.

    Raises:
        NotFound: There is none.
        Conflict: Nothing is published, or the workflow is archived.
        Forbidden: It is a draft, and the actor may not edit workflows.
    """
    if found is None:
        raise NotFound(f"There is no workflow {request.workflow!r}.", where="body.workflow")
    if found.archived_at is not None:
        raise Conflict(f"The workflow {found.name!r} is archived.", code="workflow-archived", where="body.workflow")
    version = found.version
    if version is None:
        if request.version is not None:
            raise NotFound(f"{found.name!r} has no version {request.version}.", where="body.version")
        raise Conflict(
            f"{found.name!r} has no published version.",
            code="not-published",
            where="body.workflow",
            hint="Publish it first, or give the version number of a draft.",
        )
    if version.state == "draft" and not (actor.role is not None and actor.role.includes(Role.DEVELOPER)):
        raise Forbidden(f"Version {version.number} is a draft: running it requires the role DEVELOPER.")
    return found, version


def _inputs_text(request: ExecutionRequest) -> str:
    text = _as_json(request.inputs, "inputs", "body.inputs")
    if len(text) > LARGEST_INPUTS_BYTES:
        raise Invalid(
            f"The inputs have {len(text):,} bytes; at most {LARGEST_INPUTS_BYTES:,} are allowed.",
            code="inputs-too-large",
            where="body.inputs",
            hint="Put large data into a file that the Runner can read, and pass its path.",
        )
    return text.decode()


def _as_json(value: object, what: str, where: str) -> bytes:
    try:
        return json.encode(value)
    except (OverflowError, ValueError, TypeError) as error:
        raise Invalid(f"The {what} cannot be stored as JSON: {error}.", where=where) from None


def _start_text(start_at: StartAt) -> str:
    text = _as_json(start_at, "start values", "body.start_at.scope")
    if len(text) > LARGEST_SCOPE_BYTES:
        raise Invalid(
            f"The start values have {len(text):,} bytes; at most {LARGEST_SCOPE_BYTES:,} are allowed.",
            code="scope-too-large",
            where="body.start_at.scope",
            hint="Start at a node before the one that creates the large value.",
        )
    return text.decode()


async def _duplicate(connection: Connection, execution: NewExecution) -> Conflict:
    assert execution.unique_key is not None
    try:
        holder = await ledger.holder_of_key(connection, execution.workflow_id, execution.unique_key)
    except (*LOST, asyncpg.PostgresError, asyncpg.InterfaceError):
        holder = None  # the others in its batch are committed, and must not fail because of this one
    return Conflict(
        f"An execution of {execution.workflow_name!r} with the key {execution.unique_key!r} is not finished yet.",
        code="duplicate-execution",
        where="body.unique_key",
        hint=f"Wait until the execution {holder} has finished, or stop it." if holder else None,
        problems=[{"message": "The execution that holds the key.", "where": str(holder)}] if holder else [],
    )
