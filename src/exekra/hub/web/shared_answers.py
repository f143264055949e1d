"""Answers that are the same for all who ask at about the same time: made once, however many browsers are open."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass
from datetime import datetime, timedelta

from exekra.kit.clock import Clock

MOST_KEPT = 200
"""Answers that are kept at the same time."""
MOST_BYTES = 64 * 1024 * 1024
"""What they may have together, the one being made aside."""


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
    """Keeps answers for a moment.

    Args:
        clock: Says when the moment is over.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._kept: dict[Hashable, _Kept] = {}

    async def get(self, key: Hashable, make: Callable[[], Awaitable[bytes]], *, seconds: float = 2.0) -> bytes:
        """The answer under that key; those who ask while it is being made wait for the same one.

        Args:
            key: All that the answer depends on.
            make: Makes it. It outlives the request that asked first, so it must borrow nothing from it. What it
                raises reaches all who wait, and is not kept.
            seconds: How old it may be.
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
