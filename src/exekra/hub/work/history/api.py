"""The routes of what executions reported: logs, events, nodes and figures, afterwards and live."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Depends, Header, Query, Response
from fastapi.responses import StreamingResponse

from exekra.hub.core.database import Connection
from exekra.hub.core.hub import CurrentHub
from exekra.hub.core.unit_of_work import Look
from exekra.hub.web.access import CurrentActor, slice_router
from exekra.hub.web.answers import error_answers
from exekra.hub.web.paging import Cursor, Limit, Page, cut, read_cursor, write_cursor
from exekra.hub.web.texts import PlainText
from exekra.hub.work.executions.beginning import no_execution
from exekra.hub.work.executions.schemas import LARGEST_INTEGER, NodeId
from exekra.hub.work.executions.service import CurrentExecutions
from exekra.hub.work.history import logs
from exekra.hub.work.history.schemas import LogLine, Metrics, Nodes, StoredEvent, Visit
from exekra.hub.work.history.stream import AllStates, stream_all, stream_one
from exekra.hub.work.history.visits import visit_of, with_totals
from exekra.hub.work.ledger import event_store, node_totals
from exekra.hub.work.ledger.broadcast import Broadcast
from exekra.hub.work.ledger.event_store import Extent, LogFilter
from exekra.kit import json

router = slice_router("Executions")
EVENTS_ORDER = "events"
VISITS_ORDER = "visits"
MOST_SAMPLES = 500
EVENT_STREAM: dict[int | str, dict[str, Any]] = {
    200: {"description": "Live events", "content": {"text/event-stream": {"schema": {"type": "string"}}}}
}
TEXT: dict[int | str, dict[str, Any]] = {
    200: {"description": "The log", "content": {"text/plain": {"schema": {"type": "string"}}}}
}
EventsLimit = Annotated[int, Query(ge=1, le=1000)]
Level = Literal["debug", "info", "warning", "error"]


async def _log_filter(
    level: Annotated[list[Level] | None, Query(description="One or more levels.")] = None,
    text: Annotated[
        PlainText | None, Query(min_length=1, max_length=200, description="Part of the line, whatever its case.")
    ] = None,
    node: Annotated[NodeId | None, Query(description="Only lines that this node wrote.")] = None,
) -> LogFilter:
    return LogFilter(levels=level or (), text=text, node=node)


WantedLines = Annotated[LogFilter, Depends(_log_filter)]


@router.get(
    "/api/executions/stream",
    summary="Watch the states of all executions",
    response_class=StreamingResponse,
    responses=EVENT_STREAM | error_answers(401, 403),
)
async def watch_executions(hub: CurrentHub) -> StreamingResponse:
    """Server-sent events: `state` with the list entry of an execution that changed, and `missed` when there were too
    many changes at the same time: then read the list again.
    """
    return _event_stream(stream_all(hub.get(AllStates)))


@router.get(
    "/api/executions/{execution_id}/stream",
    summary="Watch an execution",
    response_class=StreamingResponse,
    responses=EVENT_STREAM | error_answers(401, 403, 404, 422),
)
async def watch_execution(
    hub: CurrentHub,
    executions: CurrentExecutions,
    actor: CurrentActor,
    execution_id: UUID,
    last_event_id: Annotated[
        PlainText | None, Query(max_length=20, description="Same as the header Last-Event-ID.")
    ] = None,
    last_event_id_header: Annotated[str | None, Header(alias="Last-Event-ID", max_length=20)] = None,
) -> StreamingResponse:
    """Server-sent events: first the stored ones, then live ones, each with its sequence as its id; `state` when the
    state changes. The stream ends after the final state. After an interruption, `Last-Event-ID` continues where it
    stopped. Checkpoints come without their values. A debug session stays alive while the user who started it reads its
    stream.
    """
    async with hub.database.reading() as connection:
        row = await _extent(connection, execution_id)
    given = last_event_id_header or last_event_id or "0"
    after = int(given) if given.isdecimal() and len(given) <= 10 else 0
    lines = stream_one(hub.database, hub.get(Broadcast), execution_id, after=after)
    if row.debug:
        lines = executions.debugging.alive_during(execution_id, actor, lines)
    return _event_stream(lines)


@router.get(
    "/api/executions/{execution_id}/logs",
    summary="Read an execution's log",
    response_model=Page[LogLine],
    responses=error_answers(401, 403, 404, 422),
)
async def list_logs(
    connection: Look,
    execution_id: UUID,
    wanted: WantedLines,
    limit: EventsLimit = 200,
    cursor: Cursor = None,
    order: Annotated[Literal["oldest", "newest"], Query(description="Which lines come first.")] = "oldest",
) -> Response:
    """In the order of writing, or from the end. Each request searches a part of a long log: a page may contain fewer
    lines than requested, even none, and still have a `next_cursor`.
    """
    row = await _extent(connection, execution_id)
    newest_first = order == "newest"
    last = row.last_sequence
    given = read_cursor(cursor, f"logs {order}", tuple[int])
    position = min(max(given[0], 0), LARGEST_INTEGER) if given else (last if newest_first else 1)
    rows, following = await logs.read_page(
        connection,
        execution_id,
        position=position,
        last=last,
        newest_first=newest_first,
        limit=limit,
        wanted=wanted,
    )
    next_cursor = None if following is None else write_cursor(f"logs {order}", (following,))
    return _json({"items": [_log_line(row) for row in rows], "next_cursor": next_cursor})


@router.get(
    "/api/executions/{execution_id}/logs/export",
    summary="Download an execution's log",
    response_class=StreamingResponse,
    responses=TEXT | error_answers(401, 403, 404, 422),
)
async def export_logs(hub: CurrentHub, execution_id: UUID, wanted: WantedLines) -> StreamingResponse:
    """All current lines as text: time, level, node and message."""
    async with hub.database.reading() as connection:
        row = await _extent(connection, execution_id)
    return StreamingResponse(
        logs.export(hub.database, execution_id, last=row.last_sequence, wanted=wanted),
        media_type="text/plain; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{execution_id}.log"'},
    )


@router.get(
    "/api/executions/{execution_id}/events",
    summary="Read an execution's events",
    response_model=Page[StoredEvent],
    responses=error_answers(401, 403, 404, 422),
)
async def list_events(
    connection: Look,
    execution_id: UUID,
    limit: EventsLimit = 200,
    cursor: Cursor = None,
    kind: Annotated[list[Annotated[PlainText, Query(max_length=50)]] | None, Query(max_length=20)] = None,
) -> Response:
    """Everything that the Runner reported, in order, with a `kind` such as `node.left`."""
    await _extent(connection, execution_id)
    after = read_cursor(cursor, EVENTS_ORDER, tuple[int])
    sequence = min(max(after[0], 0), LARGEST_INTEGER) if after else 0
    rows = await event_store.events(connection, execution_id, after=sequence, limit=limit + 1, kinds=kind or ())
    rows, next_cursor = cut(rows, limit, lambda row: write_cursor(EVENTS_ORDER, (row.sequence,)))
    return _json({"items": rows, "next_cursor": next_cursor})


@router.get(
    "/api/executions/{execution_id}/nodes",
    summary="List the last visit of each node",
    response_model=Nodes,
    responses=error_answers(401, 403, 404, 422),
)
async def list_nodes(connection: Look, execution_id: UUID) -> Response:
    """The last reported visit of each node, in the order in which the visits ended, and how often the node was visited
    in total.
    """
    row = await _extent(connection, execution_id)
    totals = node_totals.read(row.node_totals)
    visits = [visit_of(one, row.state) for one in await event_store.last_visits(connection, execution_id)]
    visits.sort(key=lambda visit: visit["sequence"])
    return _json({"items": [with_totals(visit, totals) for visit in visits]})


@router.get(
    "/api/executions/{execution_id}/visits",
    summary="List the visits of a node",
    response_model=Page[Visit],
    responses=error_answers(401, 403, 404, 422),
)
async def list_visits(
    connection: Look, execution_id: UUID, node: NodeId, limit: Limit = 50, cursor: Cursor = None
) -> Response:
    """The reported visits, newest first: in a loop, not every visit is reported."""
    row = await _extent(connection, execution_id)
    given = read_cursor(cursor, VISITS_ORDER, tuple[int])
    before = min(max(given[0], 0), LARGEST_INTEGER) if given else LARGEST_INTEGER
    rows = await event_store.visits(connection, execution_id, node, before=before, limit=limit + 1)
    rows, next_cursor = cut(rows, limit, lambda row: write_cursor(VISITS_ORDER, (row.left_sequence,)))
    visits = [visit_of(one, row.state) for one in rows]
    if given is None:
        last = await event_store.last_visit(connection, execution_id, node)
        if last is not None and (last.entered_sequence or 0) > (last.left_sequence or 0):
            visits.insert(0, visit_of(last, row.state))
    return _json({"items": visits, "next_cursor": next_cursor})


@router.get(
    "/api/executions/{execution_id}/metrics",
    summary="List the resources that an execution used",
    response_model=Metrics,
    responses=error_answers(401, 403, 404, 422),
)
async def list_metrics(connection: Look, execution_id: UUID) -> Response:
    """CPU and memory of its processes; for a long execution at most 500 samples, each the peak of its time."""
    await _extent(connection, execution_id)
    rows = await event_store.metrics(connection, execution_id, most=MOST_SAMPLES)
    return _json({"items": rows})


async def _extent(connection: Connection, id: UUID) -> Extent:
    row = await event_store.extent(connection, id)
    if row is None:
        raise no_execution()
    return row


def _log_line(row: event_store.LogLine) -> dict[str, object]:
    body = row.body
    return {
        "sequence": row.sequence,
        "at": row.at,
        "level": row.level,
        "message": body["message"],
        "node": body.get("node"),
    }


def _json(value: object) -> Response:
    """Rows are encoded as they are: they come from our own tables, and a model would cost ten times as much as the
    query.
    """
    return Response(json.encode(value), media_type="application/json")


def _event_stream(lines: AsyncIterator[bytes]) -> StreamingResponse:
    # Proxies buffer small responses unless they are told not to.
    return StreamingResponse(lines, media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})
