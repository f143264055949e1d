"""Answers that are the same for all who request them at about the same time: made once for any number of browsers."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass
from datetime import datetime, timedelta

from exekra.kit.clock import Clock

MOST_KEPT = 200
"""The most answers that are kept."""
MOST_BYTES = 64 * 1024 * 1024
"""The most bytes of all kept answers, without the one that is being made."""


@dataclass(frozen=True, slots=True)
class _Kept:
    expires_at: datetime
    made: asyncio.Task[bytes]

    @property
    def size(self) -> int:
        """The bytes of the answer, as far as it is made."""
        well = self.made.done() and not self.made.cancelled() and self.made.exception() is None
        return len(self.made.result()) if well else 0


class SharedAnswers:
    """Keeps answers for a short time.

    Args:
        clock: Says when an answer has expired.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._kept: dict[Hashable, _Kept] = {}

    async def get(self, key: Hashable, make: Callable[[], Awaitable[bytes]], *, seconds: float = 2.0) -> bytes:
        """The answer under that key; requests that come while it is being made wait for the same one.

        Args:
            key: Everything that the answer depends on.
            make: Makes the answer. It may outlive the first request, so it must not use anything of that request. What
                it raises reaches all who wait, and is not kept.
            seconds: How old the answer may be.
        """
        now = self._clock.now()
        kept = self._kept.get(key)
        if kept is None or kept.expires_at <= now or (kept.made.done() and kept.made.exception() is not None):
            self._forget(now)
            kept = _Kept(now + timedelta(seconds=seconds), asyncio.ensure_future(make()))
            self._kept[key] = kept
        return await asyncio.shield(kept.made)

    def _forget(self, now: datetime) -> None:
        for key in [key for key, kept in self._kept.items() if kept.expires_at <= now]:
            del self._kept[key]
        size = sum(kept.size for kept in self._kept.values())
        while len(self._kept) >= MOST_KEPT or size > MOST_BYTES:
            size -= self._kept.pop(next(iter(self._kept))).size
