"""A small Hub for tests: real sockets, the real protocol, everything in memory, and switches for what may go wrong."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from exekra.flow.events import Event, ExecutionFinished, Log
from exekra.protocol.frames import decode_from_runner, encode
from exekra.protocol.messages import (
    Acknowledge,
    Assign,
    Decline,
    Documents,
    Events,
    Goodbye,
    Heartbeat,
    Hello,
    HubMessage,
    Refused,
    ReportCatalogue,
    RequestDocuments,
    RunnerMessage,
    Stop,
    Welcome,
)
from exekra.testing.patience import PATIENCE_SECONDS

SECRET = "5" * 64
CHUNK = 100_000
"""Bytes in a part of a content."""


@dataclass
class Stored:
    """What the Hub knows of an execution."""

    lease: int
    events: list[Event] = field(default_factory=list)
    frames: int = 0

    @property
    def finished(self) -> ExecutionFinished | None:
        last = self.events[-1] if self.events else None
        return last if isinstance(last, ExecutionFinished) else None

    @property
    def log(self) -> list[str]:
        return [event.message for event in self.events if isinstance(event, Log)]


class HubDouble:
    """Listens on one port, also after a restart."""

    def __init__(self) -> None:
        self.secret = SECRET
        self.websockets = True
        self.refusal = 426
        self.silent = False
        self.acknowledging = True
        self.answer_requests = True
        self.executions: dict[str, Stored] = {}
        self.documents: dict[str, dict[str, Any]] = {}
        self.contents: dict[str, bytes] = {}
        self.faults: list[str] = []
        """What goes wrong with the next parts of contents: `away`, `broken`, `damaged`, `held`, `refused`."""
        self.offsets: list[int] = []
        self.hellos: list[Hello] = []
        self.catalogue: ReportCatalogue | None = None
        self.heartbeats: list[Heartbeat] = []
        self.declined: list[Decline] = []
        self.requested: list[RequestDocuments] = []
        self.duplicates = 0
        self.authentications: list[int] = []
        self.polls = 0
        self.connections = 0
        self._port = 0
        self._server: uvicorn.Server | None = None
        self._serving: asyncio.Task[None] | None = None
        self._mailbox: list[HubMessage] = []
        self._socket: WebSocket | None = None
        self._changed = asyncio.Condition()
        self._stopping = asyncio.Event()
        self._greeted = False

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    async def start(self) -> None:
        self._stopping.clear()
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", self._port))
        self._port = listener.getsockname()[1]
        app = Starlette(
            routes=[
                Route("/api/runner/authenticate", self._authenticate, methods=["POST"]),
                Route("/api/runner/poll", self._poll, methods=["POST"]),
                Route("/api/runner/executions/{id}/contents/{sha256}", self._content),
                WebSocketRoute("/api/runner/connect", self._connect),
            ]
        )
        config = uvicorn.Config(app, log_level="critical", lifespan="off", ws="websockets-sansio")
        config.timeout_graceful_shutdown = 1
        self._server = uvicorn.Server(config)
        self._server.capture_signals = contextlib.nullcontext  # type: ignore[method-assign, assignment]  # signals are pytest's
        self._serving = asyncio.create_task(self._server.serve(sockets=[listener]))
        while not self._server.started:  # noqa: ASYNC110 - uvicorn rings no bell
            await asyncio.sleep(0.005)

    async def stop(self) -> None:
        """Vanish, with all connections."""
        self._stopping.set()
        if self._server is not None and self._serving is not None:
            self._server.should_exit = self._server.force_exit = True
            await self._serving
            for server in self._server.servers:
                server.close()
        self._server = self._socket = None
        self._greeted = False

    async def until(self, condition: Any, seconds: float = PATIENCE_SECONDS) -> None:
        """Wait until that is so; it is looked at whenever something arrived."""
        async with asyncio.timeout(seconds), self._changed:
            await self._changed.wait_for(condition)

    async def send(self, *messages: HubMessage) -> None:
        """Send to the Runner, at once or with its next poll."""
        if self._socket is not None:
            await self._socket.send_bytes(encode(messages))
        else:
            self._mailbox.extend(messages)

    async def assign(
        self,
        id: str,
        document: dict[str, Any],
        *,
        lease: int = 1,
        known: bool = False,
        workflows: dict[str, str] | None = None,
        send: dict[str, dict[str, Any]] | None = None,
        **more: Any,
    ) -> Stored:
        """Assign an execution of this flow; with `known` its document is not sent along."""
        hash = hashlib.sha256(msgspec.json.encode(document)).hexdigest()
        self.documents[hash] = document
        stored = self.executions[id] = Stored(lease=lease)
        await self.send(
            Assign(
                execution_id=id,
                lease=lease,
                workflow=document["name"],
                version=1,
                workflows=workflows or {"": hash},
                documents=send or ({} if known else {hash: document}),
                **more,
            )
        )
        return stored

    async def run(self, id: str, document: dict[str, Any], **more: Any) -> Stored:
        """Assign an execution and wait for its end."""
        stored = await self.assign(id, document, **more)
        await self.until(lambda: stored.finished)
        return stored

    async def stop_execution(self, id: str, grace: float = 10.0) -> None:
        await self.send(Stop(execution_id=id, lease=self.executions[id].lease, grace=grace))

    async def goodbye(self, reason: str) -> None:
        """Send the Runner away for good."""
        await self.send(Goodbye(reason=reason))

    async def _authenticate(self, request: Request) -> Response:
        proof = await request.json()
        right = proof == {"machine_key": "FC-TEST", "machine_secret": self.secret}
        self.authentications.append(201 if right else 401)
        await self._tell()
        if not right:
            return JSONResponse({"error": {"code": "wrong"}}, 401)
        ends = datetime.now(UTC) + timedelta(hours=24)
        return JSONResponse({"token": f"token-of-{self.secret}", "expires_at": ends.isoformat()}, 201)

    def _may(self, request: Request | WebSocket) -> bool:
        return request.headers.get("authorization") == f"Bearer token-of-{self.secret}"

    async def _connect(self, socket: WebSocket) -> None:
        if not self.websockets:
            await socket.send_denial_response(Response(status_code=self.refusal))
            return
        if not self._may(socket):
            await socket.send_denial_response(Response(status_code=401))
            return
        await socket.accept()
        self._socket = socket
        self.connections += 1
        try:
            while True:
                message = await socket.receive()
                if message["type"] == "websocket.disconnect":
                    break
                answers = self._receive(message.get("text") or message["bytes"])
                if answers:
                    await socket.send_bytes(encode(answers))
                await self._tell()
        except (WebSocketDisconnect, RuntimeError):
            pass
        finally:
            if self._socket is socket:
                self._socket = None

    async def _content(self, request: Request) -> Response:
        if not self._may(request):
            return Response(status_code=401)
        content, offset = self.contents[request.path_params["sha256"]], int(request.query_params["offset"])
        part = content[offset : (offset // CHUNK + 1) * CHUNK]
        fault = self.faults.pop(0) if self.faults else ""
        self.offsets.append(offset)
        await self._tell()
        if fault == "away":
            return JSONResponse({"error": {"code": "unavailable", "message": "The database is away."}}, 503)
        if fault == "refused":
            message = "The execution has no such file any more."
            return JSONResponse({"error": {"code": "content-unknown", "message": message}}, 404)
        if fault == "damaged":
            part = bytes(reversed(part))
        if fault not in {"broken", "held"}:
            return Response(part)

        async def some_of_it() -> AsyncIterator[bytes]:
            yield part[: len(part) // 2]
            if fault == "broken":
                raise ConnectionError
            await self._stopping.wait()
            raise ConnectionError

        return StreamingResponse(some_of_it(), headers={"Content-Length": str(len(part))})

    async def _poll(self, request: Request) -> Response:
        if not self._may(request):
            return Response(status_code=401)
        self.polls += 1
        if not self._greeted and b'"hello"' not in await request.body():
            goodbye = Goodbye(reason="The first message must be Hello.", retry_seconds=0.0)
            return Response(encode([goodbye]), media_type="application/json")
        self._greeted = True
        answers = [*self._receive(await request.body()), *self._mailbox]
        self._mailbox.clear()
        await self._tell()
        return Response(encode(answers), media_type="application/json")

    def _receive(self, frame: bytes | str) -> list[HubMessage]:
        if self.silent:
            return []
        return [answer for message in decode_from_runner(frame) for answer in self._answers(message)]

    def _answers(self, message: RunnerMessage) -> list[HubMessage]:
        match message:
            case Hello():
                self.hellos.append(message)
                return [
                    Welcome(
                        runner_id="1",
                        runner_name="Test",
                        poll_seconds=0.3,
                        heartbeat_seconds=1.0,
                        send_catalogue=self.catalogue is None,
                    ),
                    *(self._said_of(held.execution_id, held.lease) for held in message.held),
                ]
            case ReportCatalogue():
                self.catalogue = message
            case Heartbeat():
                self.heartbeats.append(message)
            case Decline():
                self.declined.append(message)
            case RequestDocuments():
                self.requested.append(message)
                if not self.answer_requests:
                    return []
                return [
                    Documents(
                        execution_id=message.execution_id,
                        lease=message.lease,
                        documents={hash: self.documents[hash] for hash in message.hashes},
                    )
                ]
            case Events():
                return self._store(message)
        return []

    def _is_lease(self, id: str, lease: int) -> bool:
        return id in self.executions and self.executions[id].lease == lease

    def _said_of(self, id: str, lease: int) -> HubMessage:
        if not self._is_lease(id, lease):
            return Refused(execution_id=id, lease=lease, reason="over")
        return Acknowledge(execution_id=id, lease=lease, sequence=len(self.executions[id].events))

    def _store(self, message: Events) -> list[HubMessage]:
        id, lease = message.execution_id, message.lease
        if not self._is_lease(id, lease):
            return [self._said_of(id, lease)]
        stored = self.executions[id]
        known = len(stored.events)
        assert message.first <= known + 1, "a gap"
        fresh = message.events[known + 1 - message.first :]
        self.duplicates += len(message.events) - len(fresh)
        stored.events.extend(fresh)
        stored.frames += 1
        if not self.acknowledging:
            return []
        return [self._said_of(id, lease)]

    async def _tell(self) -> None:
        async with self._changed:
            self._changed.notify_all()


def flow(*steps: tuple[str, str, dict[str, Any]], name: str = "test") -> dict[str, Any]:
    """A flow with these nodes (id, activity, inputs) in a row."""
    return {
        "format": "exekra.flow/1",
        "name": name,
        "nodes": {id: {"do": do, "with": inputs} for id, do, inputs in steps},
        "edges": [" -> ".join(["start", *(id for id, _, _ in steps)])],
    }
