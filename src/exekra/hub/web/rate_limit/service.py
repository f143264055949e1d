"""How many requests a client may send: counted in the database, so that several Hubs share one count.

A Hub takes a tenth of a client's allowance at a time and spends it by itself. So nine of ten requests cost no round
trip, and a client of several Hubs is refused too early by at most that tenth for each Hub, and never too late.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network
from math import ceil

from exekra.hub.core.database import Database
from exekra.hub.core.errors import TooMany, Unavailable
from exekra.hub.core.hub import Hub
from exekra.hub.web.rate_limit import store
from exekra.kit.clock import Clock

MOST_KEYS = 10_000
"""The most clients whose share is kept in memory; beyond that, the least recently active ones are forgotten."""

CLEANING_SECONDS = 600.0


@dataclass(slots=True)
class _Share:
    """What this Hub took of a key's allowance, and until when the key is refused without another query."""

    left: int = 0
    good_until: datetime | None = None
    refused_until: datetime | None = None
    asking: asyncio.Lock = field(default_factory=asyncio.Lock)


class RateLimits:
    """Counts requests by key.

    Args:
        database: Where the Hubs share their counts.
        clock: The time.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._shares: OrderedDict[str, _Share] = OrderedDict()

    async def take(self, key: str, *, most: int, seconds: float = 60.0) -> None:
        """Count one request of a client that may send `most` in that many seconds.

        An unavailable database refuses nobody here: the request itself then fails.

        Raises:
            TooMany: The allowance is used up; the answer's `Retry-After` says when there is more.
        """
        share = self._share(key)
        async with share.asking:
            now = self._clock.now()
            if share.refused_until is not None and now < share.refused_until:
                raise _too_many(share.refused_until - now)
            share.refused_until = None
            if share.left and share.good_until is not None and now < share.good_until:
                share.left -= 1
                return
            try:
                await self._take_share(share, key, now, most, timedelta(seconds=seconds))
            except Unavailable:
                return
        if share.refused_until is not None:
            raise _too_many(share.refused_until - now)

    async def spend(self, key: str, amount: int, *, most: int, seconds: float) -> timedelta | None:
        """Take an amount at once from what a key may use in that many seconds, such as of kilobytes.

        Returns:
            None; or how long to wait until that much is left again, and nothing is taken.
        """
        now, window = self._clock.now(), timedelta(seconds=seconds)
        interval = window / most
        async with self._database.reading() as connection:
            if await store.take(connection, key, now, count=amount, interval=interval, window=window):
                return None
            spent_until = await store.spent_until(connection, key) or now
        return spent_until + interval * amount - window - now

    async def _take_share(self, share: _Share, key: str, now: datetime, most: int, window: timedelta) -> None:
        interval = window / most
        async with self._database.reading() as connection:
            for count in dict.fromkeys((max(most // 10, 1), 1)):
                if await store.take(connection, key, now, count=count, interval=interval, window=window):
                    share.left, share.good_until = count - 1, now + window
                    return
            spent_until = await store.spent_until(connection, key) or now
        share.left = 0
        share.refused_until = spent_until + interval - window

    def _share(self, key: str) -> _Share:
        share = self._shares.get(key)
        if share is None:
            share = self._shares[key] = _Share()
            if len(self._shares) > MOST_KEYS:
                self._shares.popitem(last=False)
        self._shares.move_to_end(key)
        return share

    async def clean(self) -> None:
        """Remove expired rows from the database."""
        async with self._database.transaction() as connection:
            await store.forget(connection, self._clock.now())


def network_of(address: str | None) -> str:
    """What counts as one client: an IPv4 address, or the /64 network that one IPv6 customer has."""
    try:
        parsed = ip_address(address or "")
    except ValueError:
        return "unknown"
    if isinstance(parsed, IPv6Address):
        return str(parsed.ipv4_mapped or ip_network((parsed, 64), strict=False))
    return str(parsed)


def _too_many(wait: timedelta) -> TooMany:
    seconds = max(1, ceil(wait.total_seconds()))
    return TooMany(
        f"Too many requests; try again in {seconds} {'second' if seconds == 1 else 'seconds'}.",
        hint="An administrator can raise EXEKRA_REQUESTS_PER_MINUTE.",
        headers={"Retry-After": str(seconds)},
    )


@asynccontextmanager
async def run(hub: Hub) -> AsyncIterator[None]:
    """Provide the rate limits while the Hub runs."""
    limits = RateLimits(hub.database, hub.clock)
    hub.add(limits)

    async with hub.supervisor.repeating("removing old rate limits", limits.clean, seconds=CLEANING_SECONDS):
        yield
