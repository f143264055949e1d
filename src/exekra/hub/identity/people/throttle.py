"""Slows down password guessing. All Hubs share the counts, which are kept in the database.

Attempts are counted for the pair of account and address, for the account, for the address, and in total. So neither
many addresses at one account, nor one address at many accounts, nor a flood of made-up names gets far. Limits that many
people share would let an attacker lock them out; so a browser in which somebody has signed in before carries a signed
cookie for that account, and is held to a count of its own and to no other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import ceil

from exekra.hub.core.database import Database
from exekra.hub.core.errors import TooMany
from exekra.hub.identity.people import store
from exekra.hub.web.rate_limit.service import RateLimits, network_of
from exekra.kit.clock import Clock

FORGOTTEN_AFTER = timedelta(minutes=15)
"""A count starts again after this long without an attempt."""

MOST_A_MINUTE = 240
"""All attempts from unknown browsers: with bcrypt's 12 rounds, they use less than one of the threads that check
passwords.
"""


@dataclass(frozen=True, slots=True)
class Count:
    """One thing that attempts are counted for.

    Attributes:
        key: What it is.
        free: The number of attempts without a wait; after that, the wait doubles from one second.
        longest: The longest wait.
    """

    key: str
    free: int
    longest: timedelta


class Throttle:
    """Counts attempts to authenticate.

    Args:
        database: Where the Hubs share their counts.
        limits: Counts them all together.
        clock: The time.
        what: The kind of attempt, such as `user`: each kind has its own counts.
    """

    def __init__(self, database: Database, limits: RateLimits, clock: Clock, what: str) -> None:
        self._database = database
        self._limits = limits
        self._clock = clock
        self._what = what

    async def attempt(self, account: str, address: str | None, *, known: str | None = None) -> None:
        """Count an attempt before its password is checked.

        Args:
            account: Who somebody claims to be.
            address: Where the request came from.
            known: The name of a browser that is known to belong to the account, if it is.

        Raises:
            TooMany: The attempt comes too early; it is not counted.
        """
        now = self._clock.now()
        async with self._database.transaction() as connection:
            for count in self._counts(account, address, known):
                failures, last_at = await store.count_attempt(
                    connection, count.key, now, free=count.free, longest=count.longest, forgotten_after=FORGOTTEN_AFTER
                )
                if failures is not None:
                    wait = min(timedelta(seconds=2 ** min(failures - count.free, 20)), count.longest)
                    raise _too_many(last_at + wait - now)
        if known is None:
            await self._limits.take(f"{self._what}:attempts", most=MOST_A_MINUTE)

    async def succeeded(self, account: str, address: str | None, *, known: str | None = None) -> None:
        """Take back an attempt that succeeded, and forget the failures of its pair or its browser."""
        *shared, own = self._counts(account, address, known)
        async with self._database.transaction() as connection:
            await store.forget_attempts(connection, forgotten=own.key, one_less=[count.key for count in shared])

    def _counts(self, account: str, address: str | None, known: str | None) -> Sequence[Count]:
        """In one order for all, so that two attempts never wait for each other's rows."""
        what, network = self._what, network_of(address)
        if known is not None:
            return (Count(f"{what}:browser:{known}", 5, FORGOTTEN_AFTER),)
        return (
            Count(f"{what}:account:{account}", 30, timedelta(minutes=1)),
            Count(f"{what}:address:{network}", 30, timedelta(minutes=1)),
            Count(f"{what}:pair:{network}:{account}", 5, FORGOTTEN_AFTER),
        )

    async def clean(self) -> None:
        """Remove expired counts from the database."""
        async with self._database.transaction() as connection:
            await store.clean_attempts(connection, before=self._clock.now() - FORGOTTEN_AFTER)


def _too_many(wait: timedelta) -> TooMany:
    seconds = max(1, ceil(wait.total_seconds()))
    return TooMany(
        f"Too many attempts to sign in; try again in {seconds} {'second' if seconds == 1 else 'seconds'}.",
        code="too-many-attempts",
        headers={"Retry-After": str(seconds)},
    )
