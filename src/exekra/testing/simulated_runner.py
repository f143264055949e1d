"""A Runner that runs nothing, but speaks the real protocol over a real WebSocket.

For tests and benches of a Hub. By default, it completes whatever it is assigned, with a few log lines. A test may take
over and send anything, disconnect abruptly, or stay silent.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self, TypeVar

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from exekra.flow.events import AnyEvent, ExecutionFinished, ExecutionStarted, Log, NodeEntered, NodeLeft
from exekra.protocol.frames import decode_from_hub, encode
from exekra.protocol.messages import (
    Assign,
    Events,
    Heartbeat,
    Held,
    Hello,
    HubMessage,
    ReportCatalogue,
    RunnerMessage,
    Welcome,
    WorkFailure,
)
from exekra.protocol.versions import CAPABILITIES, OLDEST_PROTOCOL, PROTOCOL_VERSION
from exekra.sdk.catalogue import CatalogueEntry
from exekra.testing.patience import PATIENCE_SECONDS

Wanted = TypeVar("Wanted")
CarryOut = Callable[[Assign], Sequence[AnyEvent]]


def entry(id: str, *, lacks: tuple[str, ...] = ()) -> CatalogueEntry:
    """The catalogue's entry of an activity without inputs; `lacks` is what the Runner's machine lacks for it."""
    return CatalogueEntry(id=id, title=id, summary=id, category=id.partition(".")[0], needs=lacks, lacks=lacks)


def complete(assignment: Assign, *, lines: int = 2) -> Sequence[AnyEvent]:
    """All events of a light execution: one node, a few log lines."""
    now = time.time()
    return (
        ExecutionStarted(at=now),
        NodeEntered(at=now, node="work"),
        *(Log(at=now, message=f"Line {number} of {assignment.workflow}", node="work") for number in range(lines)),
        NodeLeft(at=now, node="work", port="next", seconds=0.001),
        ExecutionFinished(at=now, state="COMPLETED", outputs={"total": 3}, seconds=0.001, nodes=1),
    )


async def authenticate(hub_url: str, machine_key: str, machine_secret: str) -> str:
    """The token of a registered Runner.

    Raises:
        httpx.HTTPStatusError: The Hub refused.
    """
    async with httpx.AsyncClient(base_url=hub_url, trust_env=False, timeout=PATIENCE_SECONDS) as client:
        body = {"machine_key": machine_key, "machine_secret": machine_secret}
        answer = await client.post("/api/runner/authenticate", json=body)
        answer.raise_for_status()
        token: str = answer.json()["token"]
        return token


@dataclass(kw_only=True)
class SimulatedRunner:
    """One Runner; used as `async with SimulatedRunner(...) as runner`.

    Args:
        hub_url: Such as `http://127.0.0.1:4545`.
        token: From `authenticate`.
        entries: The activities that it reports.
        carry_out: The events with which it answers an assignment; None if the test sends them itself.
        held: What it reports to hold when it connects.
        protocol: The oldest version of the protocol that it claims to speak.
        newest: The newest one.
        capabilities: The capabilities that it reports.
        clock_ahead: By how many seconds its clock is ahead.
        heard: Called with each message after it was answered, instead of adding it to `received`: for long runs.

    Attributes:
        received: Everything that the Hub sent, in order.
        welcome: The Hub's answer to Hello.
    """

    hub_url: str
    token: str = field(repr=False)
    entries: Sequence[CatalogueEntry] = ()
    carry_out: CarryOut | None = complete
    held: tuple[Held, ...] = ()
    protocol: int = OLDEST_PROTOCOL
    newest: int = PROTOCOL_VERSION
    capabilities: tuple[str, ...] = CAPABILITIES
    clock_ahead: float = 0.0
    heard: Callable[[HubMessage], None] | None = None
    catalogue_hash: str = ""
    received: list[HubMessage] = field(default_factory=list)
    closed: bool = False
    _socket: ClientConnection = field(init=False, repr=False)
    _reading: asyncio.Task[None] = field(init=False, repr=False)
    _news: asyncio.Condition = field(default_factory=asyncio.Condition, repr=False)
    _looked_at: int = 0
    _welcomed: bool = False

    async def __aenter__(self) -> Self:
        await self.connect()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.leave()

    async def connect(self) -> None:
        """Open the connection, send Hello, and report the catalogue if the Hub asks for it."""
        self._socket = await connect(
            self.hub_url.replace("http", "ws", 1) + "/api/runner/connect",
            additional_headers={"Authorization": f"Bearer {self.token}"},
            compression=None,
            max_size=None,
            proxy=None,
        )
        self.catalogue_hash = self.catalogue_hash or "hash of " + " ".join(
            sorted(" -".join((one.id, *one.lacks)) for one in self.entries)
        )
        self._reading = asyncio.create_task(self._read())
        await self.send(
            Hello(
                protocol=self.protocol,
                newest=self.newest,
                capabilities=self.capabilities,
                version="0",
                platform="simulated",
                host="nowhere",
                catalogue_hash=self.catalogue_hash,
                held=self.held,
                at=time.time() + self.clock_ahead,
            )
        )
        await self.expect(Welcome)

    async def leave(self) -> None:
        """Close the connection cleanly."""
        self._reading.cancel()
        with suppress(asyncio.CancelledError):
            await self._reading
        await self._socket.close()

    async def vanish(self) -> None:
        """Drop the connection abruptly, as a machine that loses power does."""
        self._reading.cancel()
        with suppress(asyncio.CancelledError):
            await self._reading
        self._socket.transport.abort()

    async def send(self, *messages: RunnerMessage) -> None:
        """Send one frame."""
        await self._socket.send(encode(messages))

    async def heartbeat(self, *held: Held, problem: str | None = None, failures: tuple[WorkFailure, ...] = ()) -> None:
        """Send a heartbeat."""
        await self.send(
            Heartbeat(
                cpu_percent=5.0,
                memory_percent=10.0,
                memory_used_mb=512.0,
                disk_percent=20.0,
                held=held,
                at=time.time() + self.clock_ahead,
                problem=problem,
                failures=failures,
            )
        )

    async def report(self, assignment: Assign, *events: AnyEvent, first: int = 1) -> None:
        """Send events of an execution."""
        await self.send(
            Events(execution_id=assignment.execution_id, lease=assignment.lease, first=first, events=events)
        )

    async def expect(self, kind: type[Wanted], *, seconds: float = PATIENCE_SECONDS) -> Wanted:
        """The next message of that kind after those that `expect` has returned; others are skipped.

        Raises:
            TimeoutError: None came.
        """
        async with asyncio.timeout(seconds), self._news:
            while True:
                for place in range(self._looked_at, len(self.received)):
                    message = self.received[place]
                    if isinstance(message, kind):
                        self._looked_at = place + 1
                        return message
                if self.closed:
                    raise ConnectionError(f"The Hub closed the connection before {kind.__name__} came.")
                await self._news.wait()

    async def _read(self) -> None:
        try:
            async for frame in self._socket:
                messages = decode_from_hub(frame)
                await self._answer(messages)
                if self.heard is not None and self._welcomed:
                    for message in messages:
                        self.heard(message)
                    continue
                self._welcomed = True
                async with self._news:
                    self.received.extend(messages)
                    self._news.notify_all()
        except ConnectionClosed:
            pass
        self.closed = True
        async with self._news:
            self._news.notify_all()

    async def _answer(self, messages: Sequence[HubMessage]) -> None:
        answers: list[RunnerMessage] = []
        for message in messages:
            if isinstance(message, Welcome) and message.send_catalogue:
                answers.append(ReportCatalogue(catalogue_hash=self.catalogue_hash, entries=tuple(self.entries)))
            elif isinstance(message, Assign) and self.carry_out is not None:
                events = tuple(self.carry_out(message))
                answers.append(Events(execution_id=message.execution_id, lease=message.lease, first=1, events=events))
        if answers:
            await self.send(*answers)
