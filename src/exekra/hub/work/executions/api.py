"""The routes of executions: start, list, stop, debug and run them again."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated
from uuid import UUID

import msgspec
from fastapi import Query, Request, Response

from exekra.hub.core.actor import Actor
from exekra.hub.core.database import Connection
from exekra.hub.core.hub import CurrentHub
from exekra.hub.core.unit_of_work import Look
from exekra.hub.web.access import CurrentActor, slice_router
from exekra.hub.web.answers import error_answers
from exekra.hub.web.direct import Direct
from exekra.hub.web.paging import Cursor, Limit, Page, cut, read_cursor, write_cursor
from exekra.hub.work.executions.beginning import no_execution
from exekra.hub.work.executions.debugging import Commands, read_commands
from exekra.hub.work.executions.filters import WantedExecutions
from exekra.hub.work.executions.schemas import (
    LARGEST_INTEGER,
    AgainRequest,
    Counts,
    ExecutionDetail,
    ExecutionRequest,
    ExecutionSummary,
    NodeFigures,
    NodeId,
    Scope,
    Waiting,
)
from exekra.hub.work.executions.service import CurrentExecutions, Executions, Started
from exekra.hub.work.ledger import node_totals, summary_store
from exekra.hub.work.ledger.states import FINAL, State
from exekra.hub.work.ledger.store import NewExecution
from exekra.kit import json

router = slice_router("Executions")
ORDER = "executions"
MOST_COUNTED = 10_000
(_COMMANDS,), _SHAPES = msgspec.json.schema_components((Commands,), ref_template="#/components/schemas/{name}")
_COMMANDS = _COMMANDS | {"$defs": _SHAPES}


@router.post(
    "/api/executions",
    summary="Start an execution",
    status_code=201,
    response_model=ExecutionSummary,
    responses=error_answers(401, 403, 404, 409, 413, 422, 503),
)
async def start_execution(executions: CurrentExecutions, actor: CurrentActor, body: ExecutionRequest) -> Response:
    """Queues an execution of a workflow, or starts an interactive one immediately on the chosen Runner.

    While an execution with the same `unique_key` is unfinished, another one is refused with 409; `problems` then names
    the execution that holds the key.
    """
    return await _start(executions, actor, body)


async def _start(executions: Executions, actor: Actor, body: ExecutionRequest) -> Response:
    return _json(_begun(await executions.start(body, actor), actor), 201)


DIRECT = Direct("/api/executions", ExecutionRequest, lambda hub, actor, body: _start(hub.get(Executions), actor, body))


@router.get(
    "/api/executions",
    summary="List executions, newest first",
    response_model=Page[ExecutionSummary],
    responses=error_answers(401, 403, 422),
)
async def list_executions(
    connection: Look,
    wanted: WantedExecutions,
    limit: Limit = 50,
    cursor: Cursor = None,
    state: Annotated[list[State] | None, Query(description="One or more states.")] = None,
) -> Response:
    """An execution must match all given filters."""
    after = read_cursor(cursor, ORDER, tuple[UUID])
    bounds = await wanted.bounds(connection)
    before = [*(after or ()), *([] if bounds.before is None else [bounds.before])]
    rows = await summary_store.page(
        connection,
        replace(bounds, before=min(before, default=None)),
        limit=limit + 1,
        states=sorted(set(state or ())),
    )
    rows, next_cursor = cut(rows, limit, lambda row: write_cursor(ORDER, (row.id,)))
    return _json({"items": rows, "next_cursor": next_cursor})


@router.get(
    "/api/executions/counts",
    summary="Count executions by state",
    response_model=Counts,
    responses=error_answers(401, 403, 422),
)
async def count_executions(connection: Look, wanted: WantedExecutions) -> Response:
    """Takes the filters of the list. Counts all waiting and running executions, but at most 10,000 that have ended."""
    rows = await summary_store.counts(connection, await wanted.bounds(connection), most=MOST_COUNTED)
    return _json({"items": [_state_count(row.state, row.count) for row in rows]})


@router.get(
    "/api/executions/{execution_id}",
    summary="Get an execution",
    response_model=ExecutionDetail,
    responses=error_answers(401, 403, 404, 422),
)
async def get_execution(connection: Look, executions: CurrentExecutions, execution_id: UUID) -> Response:
    """Includes its inputs, outputs and figures and, while it waits, the reason."""
    return await _answer(connection, executions, execution_id)


@router.get(
    "/api/executions/{execution_id}/waiting",
    summary="Get the reason why an execution is waiting",
    responses=error_answers(401, 403, 404, 422),
)
async def get_waiting(connection: Look, executions: CurrentExecutions, execution_id: UUID) -> Waiting | None:
    """Null once it has started."""
    row = await summary_store.get(connection, execution_id)
    if row is None:
        raise no_execution()
    return await executions.waiting(connection, row)


@router.post(
    "/api/executions/{execution_id}/stop",
    summary="Stop an execution",
    status_code=202,
    response_model=ExecutionDetail,
    responses=error_answers(401, 403, 404, 409, 422),
)
async def stop_execution(
    hub: CurrentHub, executions: CurrentExecutions, actor: CurrentActor, execution_id: UUID
) -> Response:
    """A waiting execution is STOPPED immediately. A running one is asked to end, then its processes are killed; if its
    Runner is gone, the Hub ends it itself. So it always reaches a final state.
    """
    async with hub.database.transaction() as connection:
        stopped = await executions.stop(connection, execution_id, actor)
        answer = await _answer(connection, executions, execution_id, status=202)
    executions.tell_stopped(stopped)
    return answer


@router.post(
    "/api/executions/{execution_id}/again",
    summary="Run an execution again",
    status_code=201,
    response_model=ExecutionSummary,
    responses=error_answers(401, 403, 404, 409, 422),
)
async def start_again(
    executions: CurrentExecutions, actor: CurrentActor, execution_id: UUID, body: AgainRequest | None = None
) -> Response:
    """Creates an execution with the same inputs, of the currently published version or another one; from the start, or
    from a node with the values that the execution had there.
    """
    return _json(_begun(await executions.start_again(execution_id, actor, body or AgainRequest()), actor), 201)


@router.post(
    "/api/executions/{execution_id}/debug",
    summary="Send commands to a debug session",
    status_code=202,
    response_class=Response,
    responses=error_answers(401, 403, 404, 409, 422, 503),
    openapi_extra={"requestBody": {"content": {"application/json": {"schema": _COMMANDS}}, "required": True}},
)
async def debug_execution(
    request: Request, executions: CurrentExecutions, actor: CurrentActor, execution_id: UUID
) -> Response:
    """Commands are carried out in order; the execution's events report their effects (`debug.paused`, ...).

    Only for the user who started the session, or an ADMIN. If nobody reads the execution's stream and no command comes
    for a while, the execution is stopped; the command `alive` keeps it running.
    """
    await executions.debugging.command(execution_id, read_commands(await request.json()), actor)
    return Response(status_code=202)


@router.get(
    "/api/executions/{execution_id}/scope",
    summary="Get the values with which a node could start",
    response_model=Scope,
    responses=error_answers(401, 403, 404, 422),
)
async def get_scope(
    connection: Look,
    executions: CurrentExecutions,
    execution_id: UUID,
    node: NodeId,
    version: Annotated[
        int | None,
        Query(ge=1, le=LARGEST_INTEGER, description="The version that the node is in; default: the execution's."),
    ] = None,
) -> Response:
    """The values that the execution kept before the node, or those that can be reconstructed from its inputs and
    events.
    """
    found = await executions.scope(connection, execution_id, node, version)
    return _json({name: getattr(found, name) for name in Scope.model_fields})


async def _answer(connection: Connection, executions: Executions, id: UUID, *, status: int = 200) -> Response:
    row = await summary_store.get(connection, id)
    if row is None:
        raise no_execution()
    figures = [
        {name: getattr(total, name) for name in NodeFigures.model_fields}
        for total in node_totals.read(row.node_totals).values()
    ]
    waiting = await executions.waiting(connection, row)
    has_ended_early = row.state in (State.FAILED, State.STOPPED)
    began = {"node": row.started_from_node, "execution_id": row.started_from_execution}
    known = {
        **row.as_dict(),
        "node_figures": figures,
        "waiting": waiting.model_dump() if waiting else None,
        "restartable_from": await executions.restarts.restartable_from(connection, row) if has_ended_early else None,
        "started_from": began if began["node"] is not None else None,
    }
    return _json({name: known[name] for name in ExecutionDetail.model_fields}, status)


def _begun(started: Started, actor: Actor) -> dict[str, object]:
    """What `store.page` would return for an execution that has just started, without another query."""
    execution = started.execution
    answer: dict[str, object] = dict.fromkeys(ExecutionSummary.model_fields)
    answer |= {name: getattr(execution, name) for name in _SHARED}
    answer |= {
        "state": State.QUEUED if started.assigned is None else State.ASSIGNED,
        "queued_at": execution.created_at,
        "created_by_name": actor.name if execution.created_by else None,
        "stop_requested_at": None,
        "stop_requested_by": None,
        "stop_requested_by_name": None,
        "debug": execution.debug is not None,
        "warnings": 0,
    }
    if started.assigned is not None:
        answer |= {"runner_id": started.assigned.runner_id, "runner_name": started.runner_name}
        answer["assigned_at"] = execution.created_at
    return answer


_SHARED = [name for name in ExecutionSummary.model_fields if name in NewExecution.__slots__]


def _state_count(state: State, count: int) -> dict[str, object]:
    more = state in FINAL and count > MOST_COUNTED
    return {"state": state, "count": MOST_COUNTED if more else count, "more": more}


def _json(value: object, status: int = 200) -> Response:
    """Rows are encoded as they are: they come from our own tables, and a model would cost ten times as much as the
    query.
    """
    return Response(json.encode(value), status, media_type="application/json")
