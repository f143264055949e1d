"""A Hub that serves on a real port, with simulated Runners connected to it by real WebSockets."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import socket
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from signed_in import PASSWORD, TestClock, sign_in

from exekra.hub.app import create_app
from exekra.hub.core.hub import Hub
from exekra.hub.core.settings import Settings
from exekra.hub.work.dispatch.service import Dispatch
from exekra.protocol.messages import Held
from exekra.protocol.versions import CAPABILITIES
from exekra.testing.patience import PATIENCE_SECONDS
from exekra.testing.simulated_runner import CarryOut, SimulatedRunner, authenticate, complete, entry

LIGHT: dict[str, Any] = {
    "format": "exekra.flow/1",
    "name": "Light",
    "inputs": {"number": {"type": "number", "default": 1}, "who": {"type": "text", "default": "world"}},
    "variables": {"total": {"type": "number", "default": 0}},
    "nodes": {"work": {"do": "set_variable", "with": {"variable": "total", "value": "{number + 1}"}}},
    "edges": ["start -> work"],
}
LOGGING: dict[str, Any] = {
    "format": "exekra.flow/1",
    "name": "Logging",
    "nodes": {"say": {"do": "general.log", "with": {"message": "Hello"}}},
    "edges": ["start -> say"],
}
ENTRIES = (entry("general.log"),)
_numbers = itertools.count(1)


@dataclass(kw_only=True)
class HubAtWork:
    """A serving Hub, and what tests do with it."""

    app: FastAPI
    url: str
    admin: httpx.AsyncClient
    clock: TestClock
    stack: contextlib.AsyncExitStack = field(repr=False)
    registered: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def hub(self) -> Hub:
        hub: Hub = self.app.state.hub
        return hub

    @property
    def dispatch(self) -> Dispatch:
        return self.hub.get(Dispatch)

    async def publish(self, document: dict[str, Any] = LIGHT) -> str:
        """Make and publish a workflow; its id."""
        made = await self.admin.post("/api/workflows", json={"name": document["name"], "document": document})
        assert made.status_code == 201, made.text
        id: str = made.json()["workflow"]["id"]
        published = await self.admin.post(f"/api/workflows/{id}/publish", json={})
        assert published.status_code == 200, published.text
        return id

    async def register(self, name: str | None = None, **more: Any) -> dict[str, Any]:
        """Register a Runner; with its secret."""
        answer = await self.admin.post("/api/runners", json={"name": name or f"Runner {next(_numbers)}"} | more)
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def connect(
        self,
        registered: dict[str, Any],
        *,
        carry_out: CarryOut | None = complete,
        entries: Sequence[Any] = ENTRIES,
        held: tuple[Held, ...] = (),
        clock_ahead: float = 0.0,
        token: str | None = None,
        capabilities: tuple[str, ...] = CAPABILITIES,
    ) -> SimulatedRunner:
        """Connect a registered Runner; it leaves when the test ends."""
        token = token or await authenticate(self.url, registered["machine_key"], registered["machine_secret"])
        runner = SimulatedRunner(
            hub_url=self.url,
            token=token,
            carry_out=carry_out,
            entries=entries,
            held=held,
            clock_ahead=clock_ahead,
            capabilities=capabilities,
        )
        await runner.connect()
        self.stack.push_async_callback(runner.leave)
        return runner

    async def runner(self, name: str | None = None, **more: Any) -> SimulatedRunner:
        """Register and connect a Runner; it carries out by itself unless `carry_out=None`."""
        connecting = {key: more.pop(key) for key in ("carry_out", "entries", "clock_ahead") if key in more}
        registered = await self.register(name, **more)
        runner = await self.connect(registered, **connecting)
        self.registered[runner.token] = registered
        return runner

    async def lose(self, runner: SimulatedRunner) -> None:
        """Let a Runner vanish, and wait until the Hub has noticed that its connection is gone."""
        count = len(self.dispatch.connections)

        async def noticed() -> bool:
            rows = await self.fetch("SELECT count(*) AS connected FROM runner WHERE connection_id IS NOT NULL")
            return len(self.dispatch.connections) < count and rows[0]["connected"] < count

        await runner.vanish()
        await eventually(noticed, "the Hub does not notice that the Runner is gone")

    def id_of(self, runner: SimulatedRunner) -> str:
        """The Runner's id."""
        id: str = self.registered[runner.token]["id"]
        return id

    async def runner_state(self, runner: SimulatedRunner) -> str:
        answer = await self.admin.get(f"/api/runners/{self.id_of(runner)}")
        state: str = answer.json()["state"]
        return state

    async def start(self, workflow: str = "Light", **more: Any) -> dict[str, Any]:
        """Request an execution."""
        answer = await self.admin.post("/api/executions", json={"workflow": workflow} | more)
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def get(self, id: str) -> dict[str, Any]:
        """One execution."""
        answer = await self.admin.get(f"/api/executions/{id}")
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def until(self, id: str, *states: str, seconds: float = PATIENCE_SECONDS) -> dict[str, Any]:
        """Wait until an execution is in one of these states."""
        found: dict[str, Any] = {}

        async def there() -> bool:
            found.update(await self.get(id))
            return found["state"] in states

        await eventually(there, f"{id} is not {states}", seconds=seconds)
        return found

    async def events(self, id: str) -> list[dict[str, Any]]:
        answer = await self.admin.get(f"/api/executions/{id}/events", params={"limit": 1000})
        items: list[dict[str, Any]] = answer.json()["items"]
        return items

    async def fetch(self, query: str, *values: Any) -> list[Any]:
        """Look into the database."""
        async with self.hub.database.reading() as connection:
            return await connection.fetch(query, *values)


async def eventually(condition: Callable[[], Any], message: str, *, seconds: float = PATIENCE_SECONDS) -> None:
    """Wait until an asynchronous condition holds."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + seconds
    while not await condition():
        assert loop.time() < deadline, message
        await asyncio.sleep(0.01)


@asynccontextmanager
async def serve(settings: Settings, clock: TestClock, *, first: bool = True) -> AsyncIterator[HubAtWork]:
    """A Hub on a free port; `first` makes its administrator."""
    app = create_app(settings, clock=clock)
    # As the product does: otherwise every answer would wait for the acknowledgement of its first half.
    with socket.socket(proto=socket.IPPROTO_TCP) as listening:
        listening.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        configuration = uvicorn.Config(
            app, lifespan="off", log_config=None, access_log=False, ws="websockets-sansio", timeout_graceful_shutdown=1
        )
        server = uvicorn.Server(configuration)
        server.capture_signals = contextlib.nullcontext  # type: ignore[method-assign, assignment] # pytest handles signals
        async with contextlib.AsyncExitStack() as stack:
            await stack.enter_async_context(app.router.lifespan_context(app))
            task = asyncio.create_task(server.serve(sockets=[listening]))

            async def end() -> None:
                server.should_exit = True
                await task

            stack.push_async_callback(end)
            client = await stack.enter_async_context(
                httpx.AsyncClient(base_url=url, trust_env=False, timeout=PATIENCE_SECONDS)
            )
            await eventually(_ready(server), "the server does not start")
            if first:
                account = {"email": "admin@example.org", "name": "Admin", "password": PASSWORD}
                assert (await client.post("/api/bootstrap", json=account)).status_code == 201
            client.headers["Authorization"] = f"Bearer {await sign_in(client, 'admin@example.org')}"
            inner = await stack.enter_async_context(contextlib.AsyncExitStack())
            yield HubAtWork(app=app, url=url, admin=client, clock=clock, stack=inner)


def _ready(server: uvicorn.Server) -> Callable[[], Any]:
    async def ready() -> bool:
        return server.started

    return ready


@pytest.fixture
async def work(settings: Settings, clock: TestClock) -> AsyncIterator[HubAtWork]:
    """A serving Hub whose sweeps happen when the test says so."""
    async with serve(replace(settings, sweep_seconds=3600.0), clock) as at_work:
        yield at_work


def as_uuid(text: str) -> UUID:
    return UUID(text)
