"""How far the clock of a Runner is off: its events are stored in the Hub's time, however wrong its clock is."""

from __future__ import annotations

import math
from collections import deque
from datetime import datetime

SAMPLES = 10
"""How many messages are compared: each shows the difference plus its travel time, so the quickest is the most accurate.
"""
TOLERANCE_SECONDS = 0.2
"""A smaller difference cannot be distinguished from the time that a message takes."""
JUMP_SECONDS = 2.0
"""A message that differs by more from the previous ones means that the clock was set."""
LARGE_SECONDS = 2.0
"""The smallest difference that people are told about."""


class ClockDifference:
    """Estimates from a Runner's messages how far its clock is behind the Hub's."""

    def __init__(self) -> None:
        self._samples: deque[float] = deque(maxlen=SAMPLES)

    def note(self, at: float | None, now: datetime) -> None:
        """Note a message that was sent at that time of the Runner's clock and arrived now; None if it does not say."""
        if at is None or not math.isfinite(at):
            return
        behind = now.timestamp() - at
        if self._samples and abs(behind - min(self._samples)) > JUMP_SECONDS:
            self._samples.clear()
        self._samples.append(behind)

    @property
    def behind_seconds(self) -> float:
        """How far the Runner's clock is behind; negative if it is ahead, 0 if the two agree or it is unknown."""
        behind = min(self._samples, default=0.0)
        return behind if abs(behind) >= TOLERANCE_SECONDS else 0.0

    @property
    def is_large(self) -> bool:
        """Whether people should be told about it."""
        return abs(self.behind_seconds) > LARGE_SECONDS


def in_words(behind_seconds: float) -> str:
    """Such as "30 s behind"."""
    return f"{abs(behind_seconds):.0f} s {'behind' if behind_seconds > 0 else 'ahead of'}"
