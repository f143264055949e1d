"""How Runners reach the Hub: an open WebSocket, or polling where WebSockets are blocked. Both use the same messages."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from typing import Any

import msgspec
from fastapi import Request, Response, WebSocket
from starlette.websockets import WebSocketDisconnect

from exekra.hub.core.errors import Invalid, Unavailable
from exekra.hub.core.hub import CurrentHub
from exekra.hub.fleet.runners.connections import RunnerConnection
from exekra.hub.web.access import CurrentActor, SocketActor, slice_router
from exekra.hub.web.answers import error_answers
from exekra.hub.work.dispatch.runner_messages import RunnerMessages
from exekra.hub.work.dispatch.service import Dispatch
from exekra.protocol.frames import ProtocolError, decode_from_runner, encode
from exekra.protocol.messages import Goodbye, HubMessage, RunnerMessage

logger = logging.getLogger(__name__)

ANSWER_SECONDS = 0.5
"""How long a poll waits for the answers to the questions that it brought."""
router = slice_router("Runners at work")

(_FROM_RUNNER, _FROM_HUB), _SHAPES = msgspec.json.schema_components(
    (tuple[RunnerMessage, ...], tuple[HubMessage, ...]), ref_template="#/components/schemas/{name}"
)
_POLL_ANSWER: dict[int | str, dict[str, Any]] = {200: {"content": {"application/json": {"schema": _FROM_HUB}}}}
_POLL_BODY = {"content": {"application/json": {"schema": _FROM_RUNNER | {"$defs": _SHAPES}}}}


@router.websocket("/api/runner/connect")
async def connect(websocket: WebSocket, actor: SocketActor) -> None:
    """A Runner's open connection: each frame is a JSON array of messages."""
    assert actor.id is not None, "only Runners reach this route"
    dispatch = websocket.app.state.hub.get(Dispatch)
    await websocket.accept()
    connection = RunnerConnection(actor.id, actor.name, dispatch.hub.clock.now())
    reading = asyncio.create_task(_read(websocket, dispatch.runner_messages, connection), name="runner reading")
    try:
        while messages := await connection.wait():
            await websocket.send_bytes(encode(messages))
    except (WebSocketDisconnect, RuntimeError, OSError):
        pass  # the other side is gone; `finally` handles the rest
    finally:
        reading.cancel()
        with suppress(asyncio.CancelledError):
            await reading
        with suppress(Unavailable):
            await dispatch.runner_messages.leave(connection)
        with suppress(WebSocketDisconnect, RuntimeError, OSError):
            await websocket.close()


async def _read(websocket: WebSocket, runner_messages: RunnerMessages, connection: RunnerConnection) -> None:
    try:
        while True:
            received = await websocket.receive()
            if received["type"] == "websocket.disconnect":
                break
            binary = received.get("bytes")
            frame = received["text"] if binary is None else binary
            await runner_messages.take(connection, decode_from_runner(frame), size=len(frame))
    except ProtocolError as error:
        connection.close(Goodbye(reason=error.message))
    except Unavailable as error:
        connection.close(Goodbye(reason=error.message, retry_seconds=1.0))
    except Exception:
        logger.exception("A message of %s could not be handled", connection.runner_name)
        connection.close(
            Goodbye(reason="An internal error occurred in the Hub; its log has the details.", retry_seconds=5.0)
        )
    finally:
        connection.end()


@router.post(
    "/api/runner/poll",
    summary="Exchange messages without a WebSocket",
    responses=error_answers(401, 403, 422, 503) | _POLL_ANSWER,
    openapi_extra={"requestBody": _POLL_BODY},
)
async def poll(request: Request, hub: CurrentHub, actor: CurrentActor) -> Response:
    """The body is a JSON array of the Runner's messages, the answer a JSON array of the Hub's. The first poll sends
    Hello.
    """
    assert actor.id is not None, "only Runners reach this route"
    dispatch = hub.get(Dispatch)
    try:
        frame = await request.body() or b"[]"
        messages = decode_from_runner(frame)
    except ProtocolError as error:
        raise Invalid(error.message, code="protocol", where="body") from None
    connection = dispatch.polled(actor.id, actor.name)
    await dispatch.runner_messages.take(connection, messages, size=len(frame))
    dispatch.runner_messages.expect_hello(connection)
    await dispatch.ingest.flush()
    await dispatch.questions.settle(connection, ANSWER_SECONDS)
    return Response(encode(connection.take()), media_type="application/json")
