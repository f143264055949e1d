"""Messages between the Hubs on one database.

They are mere bells: a lost one only costs time, because polls, heartbeats and sweeps find the same in the tables. `Bus`
is what slices use; a `Transport` carries its messages.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, ClassVar, Protocol, TypeVar

import msgspec

from exekra.hub.core.database import Database
from exekra.hub.core.hub import Hub
from exekra.hub.core.presence import Presence
from exekra.kit.supervision import Supervisor

logger = logging.getLogger(__name__)

CHANNEL = "exekra_bus"
GATHER_SECONDS = 0.05
"""How long offered messages are collected, so that a busy Hub sends only a few messages a second."""


class Message(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A message of one Hub to the others: less than 7,000 bytes as JSON.

    Attributes:
        kind: Identifies the class in transit; no two classes share one.
    """

    kind: ClassVar[str]


SomeMessage = TypeVar("SomeMessage", bound=Message)
Collect = Callable[[], Iterable[Message]]


class _Envelope(msgspec.Struct, frozen=True):
    hub: str
    kind: str
    body: msgspec.Raw


class Transport(Protocol):
    """Carries texts from Hub to Hub."""

    async def publish(self, payloads: Sequence[str]) -> None:
        """Send these to all Hubs; it does not matter whether this one receives them too.

        Raises:
            Unavailable: They cannot be sent now.
        """

    def listening(self, received: Callable[[str], None]) -> AbstractAsyncContextManager[None]:
        """Call `received` with incoming texts for the duration of the block; an empty text: some may be lost."""


class Bus:
    """Sends messages to the other Hubs, and passes incoming ones to subscribers.

    Args:
        presence: Knows whether there are other Hubs to send to.
        transport: Carries the messages.
        supervisor: Keeps the transport running.
    """

    def __init__(self, presence: Presence, transport: Transport, supervisor: Supervisor) -> None:
        self._presence = presence
        self._transport = transport
        self._supervisor = supervisor
        self._subscriptions: dict[str, tuple[type[Message], Callable[[Any], None]]] = {}
        self._after_gaps: list[Callable[[], None]] = []
        self._messages: list[Message] = []
        self._offers: dict[Collect, None] = {}
        self._something = asyncio.Event()

    @property
    def has_listeners(self) -> bool:
        """Whether there are other Hubs."""
        return self._presence.others > 0

    def subscribe(self, kind: type[SomeMessage], handler: Callable[[SomeMessage], None]) -> None:
        """Call `handler` with each message of that class from another Hub."""
        self._subscriptions[kind.kind] = (kind, handler)

    def after_gaps(self, handler: Callable[[], None]) -> None:
        """Call `handler` whenever messages may have been missed."""
        self._after_gaps.append(handler)

    def send(self, message: Message) -> None:
        """Send a message soon."""
        self._messages.append(message)
        self._something.set()

    def offer(self, collect: Collect) -> None:
        """Soon send what `collect` then returns, so that many changes become few messages. Does nothing without other
        Hubs.
        """
        if self.has_listeners:
            self._offers[collect] = None
            self._something.set()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Carry messages for the duration of the block."""
        async with (
            self._transport.listening(self._receive),
            self._supervisor.keeping("sending messages to other Hubs", self._send_what_waits),
        ):
            yield

    def _receive(self, payload: str) -> None:
        if not payload:
            for after_gap in self._after_gaps:
                after_gap()
            return
        try:
            envelope = msgspec.json.decode(payload, type=_Envelope)
            if envelope.hub == str(self._presence.hub_id) or envelope.kind not in self._subscriptions:
                return
            kind, handler = self._subscriptions[envelope.kind]
            message = msgspec.json.decode(envelope.body, type=kind)
        except msgspec.DecodeError:
            logger.warning("Another Hub sent a message that this version does not understand")
            return
        handler(message)

    async def _send_what_waits(self) -> None:
        while True:
            await self._something.wait()
            self._something.clear()
            await self._transport.publish([self._wrap(message) for message in self._take()])
            await asyncio.sleep(GATHER_SECONDS)

    def _take(self) -> list[Message]:
        messages, self._messages = self._messages, []
        offers, self._offers = self._offers, {}
        return messages + [message for collect in offers for message in collect()]

    def _wrap(self, message: Message) -> str:
        body = msgspec.Raw(msgspec.json.encode(message))
        envelope = _Envelope(hub=str(self._presence.hub_id), kind=message.kind, body=body)
        return msgspec.json.encode(envelope).decode()


class PostgresTransport:
    """PostgreSQL's NOTIFY, which takes less than 8,000 bytes at a time."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def listening(self, received: Callable[[str], None]) -> AbstractAsyncContextManager[None]:
        """Listen."""
        return self._database.listen(CHANNEL, received)

    async def publish(self, payloads: Sequence[str]) -> None:
        """Notify."""
        async with self._database.reading() as connection:
            await connection.execute(
                "SELECT pg_notify($1, payload) FROM unnest($2::text[]) AS payload", CHANNEL, payloads
            )


@asynccontextmanager
async def run(hub: Hub) -> AsyncIterator[None]:
    """Register with the other Hubs on this database while the Hub runs."""
    presence = Presence(hub.database, hub.clock, hub.supervisor)
    bus = Bus(presence, PostgresTransport(hub.database), hub.supervisor)
    hub.add(presence)
    hub.add(bus)
    async with bus.running(), presence.running():
        yield
