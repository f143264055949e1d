"""A relay between a real Runner and a real Hub that writes down every frame, and may cut the way or add to it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
from typing import Any

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from exekra.testing.patience import PATIENCE_SECONDS

Frame = dict[str, Any]
"""`from` ("runner" or "hub"), `by` ("websocket" or "poll"), `connection` (a number), `messages`."""


class Relay:
    """Listens on a port of its own and passes everything on to the Hub at `hub_url`."""

    def __init__(self, hub_url: str) -> None:
        self.hub_url = hub_url
        self.frames: list[Frame] = []
        self.url = ""
        self._connections = 0
        self._runner: WebSocket | None = None
        self._hub: ClientConnection | None = None

    async def start(self) -> None:
        listener = socket.socket()
        listener.bind(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        app = Starlette(
            routes=[
                WebSocketRoute("/api/runner/connect", self._connect),
                Route("/api/runner/{path}", self._post, methods=["POST"]),
            ]
        )
        config = uvicorn.Config(app, log_level="critical", lifespan="off", ws="websockets-sansio")
        config.timeout_graceful_shutdown = 1
        self._server = uvicorn.Server(config)
        self._server.capture_signals = contextlib.nullcontext  # type: ignore[method-assign, assignment]  # signals are the caller's
        self._serving = asyncio.create_task(self._server.serve(sockets=[listener]))

    async def stop(self) -> None:
        self._server.should_exit = self._server.force_exit = True
        await self._serving

    async def cut(self) -> None:
        """Break the open WebSocket."""
        assert self._hub is not None
        self._hub.transport.abort()

    async def tell_runner(self, *messages: dict[str, Any]) -> None:
        """Send what the Hub did not say; it is written down as if it had."""
        assert self._runner is not None
        self._note("hub", "websocket", json.dumps(messages))
        await self._runner.send_text(json.dumps(messages))

    def _note(self, side: str, by: str, frame: str | bytes) -> None:
        messages = json.loads(frame)
        if messages:
            self.frames.append({"from": side, "by": by, "connection": self._connections, "messages": messages})

    async def _connect(self, runner: WebSocket) -> None:
        await runner.accept()
        self._connections += 1
        self._runner = runner
        headers = {"Authorization": runner.headers["authorization"]}
        url = self.hub_url.replace("http", "ws", 1) + "/api/runner/connect"
        async with connect(url, additional_headers=headers, max_size=None, proxy=None) as hub:
            self._hub = hub
            answers = asyncio.create_task(self._pass_answers_on(hub, runner))
            with contextlib.suppress(WebSocketDisconnect, ConnectionClosed):
                while True:
                    frame = await runner.receive_text()
                    self._note("runner", "websocket", frame)
                    await hub.send(frame)
            answers.cancel()
            await asyncio.gather(answers, return_exceptions=True)

    async def _pass_answers_on(self, hub: ClientConnection, runner: WebSocket) -> None:
        with contextlib.suppress(ConnectionClosed):
            async for frame in hub:
                self._note("hub", "websocket", frame)
                await runner.send_bytes(frame if isinstance(frame, bytes) else frame.encode())
        await runner.close()

    async def _post(self, request: Request) -> Response:
        body = await request.body()
        headers = {name: value for name, value in request.headers.items() if name in {"authorization", "content-type"}}
        polls = request.url.path.endswith("/poll")
        if polls:
            self._note("runner", "poll", body)
        async with httpx.AsyncClient(base_url=self.hub_url, trust_env=False, timeout=PATIENCE_SECONDS) as client:
            answer = await client.post(request.url.path, content=body, headers=headers)
        if polls:
            self._note("hub", "poll", answer.content)
        return Response(answer.content, answer.status_code, media_type="application/json")
