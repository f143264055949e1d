"""Slows down whoever guesses passwords: per account and address, in this process's memory."""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime, timedelta

from exekra.hub.core.errors import TooMany
from exekra.kit.clock import Clock

FREE_ATTEMPTS = 5
LONGEST_WAIT = timedelta(minutes=15)
REMEMBERED = 10_000
"""Pairs of account and address that are remembered; beyond, the ones that were quiet longest are forgotten."""


class Throttle:
    """Counts attempts that have not succeeded: five are free, then the wait doubles from 1 second to 15 minutes."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._attempts: OrderedDict[tuple[str, str], tuple[int, datetime]] = OrderedDict()

    def attempt(self, account: str, address: str) -> None:
        """Count an attempt, before its password is checked.

        Raises:
            TooMany: It comes too early; such attempts are not counted.
        """
        now = self._clock.now()
        count, last = self._attempts.get((account, address), (0, now))
        if count and now - last > LONGEST_WAIT:
            count = 0
        if count >= FREE_ATTEMPTS:
            wait = min(timedelta(seconds=2 ** min(count - FREE_ATTEMPTS, 20)), LONGEST_WAIT)
            left = (last + wait - now).total_seconds()
            if left > 0:
                raise TooMany(
                    f"Too many attempts to sign in; try again in {left:.0f} seconds.",
                    code="too-many-attempts",
                    headers={"Retry-After": str(max(1, round(left)))},
                )
        self._attempts[account, address] = (count + 1, now)
        self._attempts.move_to_end((account, address))
        if len(self._attempts) > REMEMBERED:
            self._attempts.popitem(last=False)

    def succeeded(self, account: str, address: str) -> None:
        """Forget the attempts of a pair that signed in."""
        self._attempts.pop((account, address), None)
