"""The routes of executions: start, list, watch and stop them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Header, Query, Response
from fastapi.responses import StreamingResponse
from pydantic import AwareDatetime

from exekra.hub.core.access import CurrentActor, slice_router
from exekra.hub.core.actor import Actor
from exekra.hub.core.answers import error_answers
from exekra.hub.core.database import Connection, Record
from exekra.hub.core.hub import CurrentHub
from exekra.hub.core.paging import Cursor, Limit, Page, cut, read_cursor, write_cursor
from exekra.hub.core.texts import PlainText
from exekra.hub.core.unit_of_work import Look
from exekra.hub.executions import store
from exekra.hub.executions.schemas import (
    LARGEST_INTEGER,
    ExecutionDetail,
    ExecutionRequest,
    ExecutionSummary,
    LogLine,
    StoredEvent,
    Waiting,
)
from exekra.hub.executions.service import CurrentExecutions, Executions, Started, no_execution
from exekra.hub.executions.states import State
from exekra.hub.executions.store import NewExecution
from exekra.hub.executions.stream import stream_all, stream_one
from exekra.kit import json
from exekra.kit.ids import first_id

router = slice_router("Executions")
ORDER = "executions"
EVENTS_ORDER = "events"
EVENT_STREAM: dict[int | str, dict[str, Any]] = {
    200: {"description": "Live events", "content": {"text/event-stream": {"schema": {"type": "string"}}}}
}


@router.post(
    "/api/executions",
    summary="Start an execution",
    status_code=201,
    response_model=ExecutionSummary,
    responses=error_answers(401, 403, 404, 409, 413, 422, 503),
)
async def start_execution(executions: CurrentExecutions, actor: CurrentActor, body: ExecutionRequest) -> Response:
    """Queues an execution of a workflow, or begins an interactive one at once on the chosen Runner.

    While an execution with the same `unique_key` is not finished, another one is refused with 409; its `problems`
    name the one that holds the key.
    """
    return _json(_begun(await executions.start(body, actor), actor), 201)


@router.get(
    "/api/executions",
    summary="List executions, the newest first",
    response_model=Page[ExecutionSummary],
    responses=error_answers(401, 403, 422),
)
async def list_executions(
    connection: Look,
    limit: Limit = 50,
    cursor: Cursor = None,
    state: Annotated[list[State] | None, Query(description="One or several.")] = None,
    workflow_id: UUID | None = None,
    runner_id: UUID | None = None,
    text: Annotated[
        PlainText | None, Query(min_length=1, max_length=200, description="Part of the workflow's name.")
    ] = None,
    since: Annotated[AwareDatetime | None, Query(description="Created not before this moment.")] = None,
    until: Annotated[AwareDatetime | None, Query(description="Created before this moment.")] = None,
) -> Response:
    """All filters that are given must fit."""
    after = read_cursor(cursor, ORDER, tuple[UUID])
    bounds = [*(after or ()), *([] if until is None else [first_id(until)])]
    workflow_ids = None if workflow_id is None else [workflow_id]
    if text is not None:
        named = await store.workflows_named_like(connection, text)
        workflow_ids = named if workflow_ids is None else [id for id in named if id in workflow_ids]
    rows = await store.page(
        connection,
        limit=limit + 1,
        before=min(bounds, default=None),
        since=None if since is None else first_id(since),
        states=sorted(set(state or ())),
        workflow_ids=workflow_ids,
        runner_id=runner_id,
    )
    rows, next_cursor = cut(rows, limit, lambda row: write_cursor(ORDER, (row["id"],)))
    return _json({"items": [dict(row) for row in rows], "next_cursor": next_cursor})


@router.get(
    "/api/executions/stream",
    summary="Watch the states of all executions",
    response_class=StreamingResponse,
    responses=EVENT_STREAM | error_answers(401, 403),
)
async def watch_executions(executions: CurrentExecutions) -> StreamingResponse:
    """Server-sent events: `state` with `{"id", "state"}` of each execution that changed, and `missed` when there were
    too many at once: then read the list again."""
    return _event_stream(stream_all(executions.broadcast))


@router.get(
    "/api/executions/{execution_id}",
    summary="Get an execution",
    response_model=ExecutionDetail,
    responses=error_answers(401, 403, 404, 422),
)
async def get_execution(connection: Look, executions: CurrentExecutions, execution_id: UUID) -> Response:
    """With its inputs, outputs and figures, and, while it waits, the reason."""
    return await _answer(connection, executions, execution_id)


@router.get(
    "/api/executions/{execution_id}/waiting",
    summary="Ask why an execution has not begun",
    responses=error_answers(401, 403, 404, 422),
)
async def get_waiting(connection: Look, executions: CurrentExecutions, execution_id: UUID) -> Waiting | None:
    """Null when it has."""
    row = await store.get(connection, execution_id)
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
    """A waiting one is STOPPED at once. A running one is asked to end, then its processes are killed; where its Runner
    is gone, the Hub ends it itself, so a final state is always reached."""
    await executions.stop(execution_id, actor)
    async with hub.database.reading() as connection:
        return await _answer(connection, executions, execution_id, status=202)


@router.post(
    "/api/executions/{execution_id}/again",
    summary="Run an execution again",
    status_code=201,
    response_model=ExecutionSummary,
    responses=error_answers(401, 403, 404, 409, 422),
)
async def start_again(executions: CurrentExecutions, actor: CurrentActor, execution_id: UUID) -> Response:
    """A new execution with the same inputs, of the workflow as it is published now."""
    return _json(_begun(await executions.start_again(execution_id, actor), actor), 201)


@router.get(
    "/api/executions/{execution_id}/logs",
    summary="Read an execution's log",
    response_model=Page[LogLine],
    responses=error_answers(401, 403, 404, 422),
)
async def list_logs(
    connection: Look,
    execution_id: UUID,
    limit: Annotated[int, Query(ge=1, le=1000)] = 200,
    cursor: Cursor = None,
    level: Annotated[list[Literal["debug", "info", "warning", "error"]] | None, Query()] = None,
) -> Response:
    """In the order of writing."""
    rows, next_cursor = await _events(connection, execution_id, limit, cursor, ("log",), level or ())
    lines = [
        {
            "sequence": row["sequence"],
            "at": row["at"],
            "level": row["level"],
            "message": row["body"]["message"],
            "node": row["body"].get("node"),
        }
        for row in rows
    ]
    return _json({"items": lines, "next_cursor": next_cursor})


@router.get(
    "/api/executions/{execution_id}/events",
    summary="Read an execution's events",
    response_model=Page[StoredEvent],
    responses=error_answers(401, 403, 404, 422),
)
async def list_events(
    connection: Look,
    execution_id: UUID,
    limit: Annotated[int, Query(ge=1, le=1000)] = 200,
    cursor: Cursor = None,
    kind: Annotated[list[Annotated[PlainText, Query(max_length=50)]] | None, Query(max_length=20)] = None,
) -> Response:
    """Everything that the Runner reported, in order; `kind` such as `node.left`."""
    rows, next_cursor = await _events(connection, execution_id, limit, cursor, kind or (), ())
    return _json({"items": [_event(row) for row in rows], "next_cursor": next_cursor})


@router.get(
    "/api/executions/{execution_id}/stream",
    summary="Watch an execution",
    response_class=StreamingResponse,
    responses=EVENT_STREAM | error_answers(401, 403, 404, 422),
)
async def watch_execution(
    hub: CurrentHub,
    executions: CurrentExecutions,
    execution_id: UUID,
    last_event_id: Annotated[PlainText | None, Query(max_length=20, description="As the header Last-Event-ID.")] = None,
    last_event_id_header: Annotated[str | None, Header(alias="Last-Event-ID", max_length=20)] = None,
) -> StreamingResponse:
    """Server-sent events: first what is stored, then live, each with its sequence as its id; `state` when the state
    changes. The stream ends after the final state. After a break, `Last-Event-ID` goes on where it ended."""
    async with hub.database.reading() as connection:
        if await store.state_of(connection, execution_id) is None:
            raise no_execution()
    given = last_event_id_header or last_event_id or "0"
    after = int(given) if given.isdecimal() and len(given) <= 10 else 0
    return _event_stream(stream_one(hub.database, executions.broadcast, execution_id, after=after))


async def _events(
    connection: Connection, id: UUID, limit: int, cursor: str | None, kinds: Sequence[str], levels: Sequence[str]
) -> tuple[Sequence[Record], str | None]:
    after = read_cursor(cursor, EVENTS_ORDER, tuple[int])
    if await store.state_of(connection, id) is None:
        raise no_execution()
    sequence = min(max(after[0], 0), LARGEST_INTEGER) if after else 0
    rows = await store.events(connection, id, after=sequence, limit=limit + 1, kinds=kinds, levels=levels)
    return cut(rows, limit, lambda row: write_cursor(EVENTS_ORDER, (row["sequence"],)))


async def _answer(connection: Connection, executions: Executions, id: UUID, *, status: int = 200) -> Response:
    row = await store.get(connection, id)
    if row is None:
        raise no_execution()
    figures = [
        {"node": node, "count": count, "seconds": seconds, "failures": failures}
        for node, (count, seconds, failures) in (row["node_totals"] or {}).items()
    ]
    waiting = await executions.waiting(connection, row)
    known = {**row, "node_figures": figures, "waiting": waiting.model_dump() if waiting else None}
    return _json({name: known[name] for name in ExecutionDetail.model_fields}, status)


def _begun(started: Started, actor: Actor) -> dict[str, object]:
    """What `store.page` would say of an execution that has just begun, without asking the database again."""
    execution = started.execution
    answer: dict[str, object] = dict.fromkeys(ExecutionSummary.model_fields)
    answer |= {name: getattr(execution, name) for name in _SHARED}
    answer |= {
        "state": State.QUEUED if started.assigned is None else State.ASSIGNED,
        "queued_at": execution.created_at,
        "created_by_name": actor.name if execution.created_by else None,
        "stop_requested_at": None,
    }
    if started.assigned is not None:
        answer |= {"runner_id": started.assigned["assigned_runner"], "runner_name": started.runner_name}
        answer["assigned_at"] = execution.created_at
    return answer


_SHARED = [name for name in ExecutionSummary.model_fields if name in NewExecution.__slots__]


def _event(row: Record) -> dict[str, object]:
    return {"sequence": row["sequence"], "at": row["at"], "kind": row["kind"], "event": row["body"]}


def _json(value: object, status: int = 200) -> Response:
    """Rows are written as they are: they come from our own tables, and a model would cost ten times the query."""
    return Response(json.encode(value), status, media_type="application/json")


def _event_stream(lines: AsyncIterator[bytes]) -> StreamingResponse:
    # Proxies keep what they get back until there is more of it, unless they are told.
    return StreamingResponse(lines, media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})
