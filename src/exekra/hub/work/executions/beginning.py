"""How a request starts an execution other than normally: as a debug session, or in the middle, with the values for
that.
"""

from __future__ import annotations

from uuid import UUID

from exekra.flow.debugging import Breakpoint, DebugOptions, StartAt
from exekra.hub.core.actor import Actor, Role
from exekra.hub.core.database import Connection
from exekra.hub.core.errors import Conflict, Forbidden, Invalid, NotFound
from exekra.hub.core.settings import Settings
from exekra.hub.design.workflows import executable_store
from exekra.hub.work.executions.intake import PLAIN, Beginning, reference
from exekra.hub.work.executions.schemas import AgainRequest, DebugRequest, ExecutionRequest, StartRequest
from exekra.hub.work.ledger import checkpoint_store
from exekra.hub.work.ledger.summary_store import ExecutionDetailRow
from exekra.hub.work.restarts.service import Found, Restarts, no_values


async def asked_beginning(
    connection: Connection, restarts: Restarts, settings: Settings, request: ExecutionRequest, actor: Actor
) -> Beginning:
    """How a request with `debug` or `start_at` starts its execution.

    Raises:
        Forbidden: That needs the role DEVELOPER.
        Invalid: A debug session was requested that is not interactive.
        NotFound: There is no such execution to take values from.
        Conflict: Not all values are known.
    """
    if actor.role is None or not actor.role.includes(Role.DEVELOPER):
        what = "Debugging" if request.debug is not None else "Starting in the middle"
        raise Forbidden(f"{what} requires the role DEVELOPER.")
    if request.debug is not None and not request.interactive:
        raise Invalid(
            "A debug session must be an interactive run.", where="body.interactive", hint='Send "interactive": true.'
        )
    start_at = None if request.start_at is None else await _start_at(connection, restarts, request, request.start_at)
    return Beginning(
        debug=None if request.debug is None else _options(request.debug, settings.debug_gone_seconds),
        start_at=start_at,
        execution_id=None if request.start_at is None else request.start_at.execution_id,
    )


def _options(debug: DebugRequest, alive_seconds: float) -> DebugOptions:
    return DebugOptions(
        breakpoints=tuple(Breakpoint(node=one.node, condition=one.condition) for one in debug.breakpoints),
        pause_at_start=debug.pause_at_start,
        pause_on_failure=debug.pause_on_failure,
        alive_seconds=alive_seconds,
    )


async def _start_at(
    connection: Connection, restarts: Restarts, request: ExecutionRequest, wanted: StartRequest
) -> StartAt:
    if wanted.scope is not None or wanted.execution_id is None:
        return StartAt(node=wanted.node, scope=wanted.scope or {}, only=wanted.only)
    execution = await checkpoint_store.beginning(connection, wanted.execution_id)
    if execution is None:
        raise NotFound("There is no such execution to take values from.", where="body.start_at.execution_id")
    # The workflow may have been edited since then: its new nodes are not in the version that ran.
    asked = await executable_store.find_asked(connection, [reference(request)])
    version_id = asked[0].version.id if asked and asked[0].version else None
    found = await restarts.find(connection, execution, wanted.node, version_id=version_id)
    if found.missing:
        raise Conflict(
            f"Some values for {wanted.node!r} are not known completely: {', '.join(found.missing[:10])}.",
            code="values-missing",
            where="body.start_at.execution_id",
            hint="GET /api/executions/{execution_id}/scope returns those that are known; add the others and send all "
            "of them as scope.",
        )
    return StartAt(node=wanted.node, scope=found.scope, only=wanted.only)


async def again_beginning(
    connection: Connection, restarts: Restarts, execution: ExecutionDetailRow, again: AgainRequest
) -> Beginning:
    """Where an execution that is run again starts: at the beginning, or at a node with its own values.

    Raises:
        Conflict: No exact values for that node were kept.
    """
    node = again.from_node
    if again.from_failed:
        node = await restarts.restartable_from(connection, execution)
        if node is None:
            raise Conflict(
                "The execution kept no values from which it could continue.",
                code="no-checkpoint",
                where="body.from_failed",
                hint="Run it from the start.",
            )
    if node is None:
        return PLAIN
    found = await scope_of(connection, restarts, execution.id, node, again.version)
    if not found.exact:
        raise no_values(node, found)
    return Beginning(start_at=StartAt(node=node, scope=found.scope), execution_id=execution.id)


async def scope_of(connection: Connection, restarts: Restarts, id: UUID, node: str, version: int | None) -> Found:
    """The values with which `node`, of that version or the execution's own, could start.

    Raises:
        NotFound: There is no such execution, version or node.
    """
    execution = await checkpoint_store.beginning(connection, id)
    if execution is None:
        raise no_execution()
    version_id = execution.version_id
    if version is not None:
        asked = await executable_store.find_asked(connection, [(execution.workflow_id, "", version)])
        if not asked or asked[0].version is None:
            raise NotFound(f"The workflow has no version {version}.", where="version")
        version_id = asked[0].version.id
    graph = await restarts.graph(connection, version_id)
    if node not in graph.flow.nodes:
        raise NotFound(graph.why_not(node, only=True), where="node")
    return await restarts.find(connection, execution, node, version_id=version_id)


def no_execution() -> NotFound:
    """There is no such execution."""
    return NotFound("There is no such execution.", hint="GET /api/executions lists them.")
