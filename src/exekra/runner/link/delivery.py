"""Delivers spooled events to the Hub: in order, and again after a lost connection, until they are acknowledged."""

from __future__ import annotations

import asyncio
from typing import Never

import msgspec

from exekra.protocol.messages import Acknowledge, Held
from exekra.runner.link.connection import Link
from exekra.runner.link.raw_events import RawEvents, joined
from exekra.runner.link.spool import Spool

LARGEST_MESSAGE = 512 * 1024
"""The most bytes of events in one message, unless a single batch has more."""
WINDOW = 4 * 1024 * 1024
"""The most bytes of one execution that have been sent to the Hub and not acknowledged."""


class Delivery:
    """The spools of all executions that the Runner holds."""

    def __init__(self) -> None:
        self.spools: dict[str, Spool] = {}
        self._news = asyncio.Event()
        self._done = asyncio.Event()
        self._sent: dict[str, int] = {}

    def add(self, spool: Spool) -> None:
        """Start delivering this spool."""
        self.spools[spool.about.execution_id] = spool
        self.tell()

    async def all_delivered(self) -> None:
        """Wait until the Hub has stored every event of every execution."""
        while self.spools:
            self._done.clear()
            await self._done.wait()

    def close(self) -> None:
        """Close the files of the spools; what is on disk is delivered after the next start."""
        for spool in self.spools.values():
            spool.close()

    def drop(self, execution_id: str) -> None:
        """Forget an execution and its events."""
        if spool := self.spools.pop(execution_id, None):
            spool.remove()
        self._sent.pop(execution_id, None)
        self._done.set()

    def tell(self) -> None:
        """Note that there are new events, or room for more."""
        self._news.set()

    def held(self) -> tuple[Held, ...]:
        """The executions that the Runner holds, in the form that the Hub expects."""
        return tuple(Held(execution_id=id, lease=spool.about.lease) for id, spool in self.spools.items())

    def acknowledge(self, message: Acknowledge) -> None:
        """Note that the Hub stored events; an execution whose end is stored is forgotten."""
        spool = self.spools.get(message.execution_id)
        if spool is None or spool.about.lease != message.lease:
            return
        if message.sequence > spool.last:
            spool.skip_to(message.sequence)
        spool.acknowledge(message.sequence)
        if spool.delivered:
            self.drop(message.execution_id)
        self.tell()

    async def over(self, link: Link) -> Never:
        """Send what is not acknowledged, and then whatever comes, over this connection.

        Raises:
            LinkLostError: The connection is gone.
        """
        self._sent = {id: spool.acknowledged for id, spool in self.spools.items()}
        while True:
            self._news.clear()
            messages = [message for spool in list(self.spools.values()) if (message := self._next(spool))]
            if messages:
                await link.send(msgspec.json.encode(messages))
            else:
                await self._news.wait()

    def _next(self, spool: Spool) -> RawEvents | None:
        sent = self._sent.get(spool.about.execution_id, spool.acknowledged)
        arrays: list[bytes] = []
        size = on_the_way = 0
        first = last = 0
        for batch in spool.waiting():
            if batch.last <= sent:
                on_the_way += batch.length
                continue
            if arrays and (size + batch.length > LARGEST_MESSAGE):
                break
            if on_the_way and on_the_way + size + batch.length > WINDOW:
                break
            first = first or batch.first
            last = batch.last
            size += batch.length
            arrays.append(spool.payload(batch))
        if not arrays:
            return None
        self._sent[spool.about.execution_id] = last
        return RawEvents(
            execution_id=spool.about.execution_id,
            lease=spool.about.lease,
            first=first,
            events=msgspec.Raw(joined(arrays)),
        )
