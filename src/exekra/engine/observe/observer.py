"""Where the events of an execution leave the engine: in order, from any thread, with secrets masked.

Whatever goes wrong here changes nothing of what the execution does: its nodes, `catch` and `finally` continue.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable
from typing import Any

import msgspec

from exekra.engine.observe.masking import Masker
from exekra.flow.events import Event, Failure, Log
from exekra.flow.preview import LARGEST_BYTES, preview
from exekra.kit.text import well_formed
from exekra.sdk.context import LogLevel

LONGEST_MESSAGE = 10_000
"""Characters of one log line."""


class Observer:
    """Passes events on in order, from whichever thread they come, with secrets masked."""

    def __init__(self, emit: Callable[[Event], None], masker: Masker, clock: Callable[[], float]) -> None:
        self.masker = masker
        self.clock = clock
        self._emit = emit
        self._lock = threading.Lock()
        self._closed = False
        # Times of events run with the same clock as durations do, so that they never go back.
        self._epoch = time.time() - clock()

    def time_of(self, reading: float) -> float:
        """The clock's reading as seconds since 1970."""
        return self._epoch + reading

    def now(self) -> float:
        """Seconds since 1970."""
        return self._epoch + self.clock()

    def emit(self, event: Event) -> None:
        """Pass an event on; after the last one nothing is."""
        with self._lock:
            if not self._closed:
                self._pass_on(event)

    def finish(self, event: Event) -> None:
        """Pass the last event on: what an abandoned thread says later is dropped."""
        with self._lock:
            self._closed = True
            self._pass_on(event)

    def text(self, text: str) -> str:
        """The text as it may be reported: secrets masked, and such that UTF-8 can hold it."""
        return well_formed(self.masker.text(text))

    def log(self, message: str, level: LogLevel = "info", node: str | None = None) -> None:
        """Write a line of the execution's log; a very long one is cut."""
        text = self.text(message)
        if len(text) > LONGEST_MESSAGE:
            text = f"{text[:LONGEST_MESSAGE]}… ({len(text) - LONGEST_MESSAGE:,} more characters)"
        self.emit(Log(at=self.now(), message=text, level=level, node=node))

    def preview(self, value: Any, largest: int = LARGEST_BYTES) -> Any:
        """The value made small, at most `largest` bytes as JSON, with secrets masked."""
        try:
            return preview(value, self.masker.text, self.masker.longest, largest)
        except Exception:  # What an activity gives may be of a class of its own, whose methods fail.
            return f"<{well_formed(type(value).__name__)}>"

    def masked(self, failure: Failure) -> Failure:
        """The failure with secrets masked in its message."""
        return msgspec.structs.replace(failure, message=self.text(failure.message))

    def _pass_on(self, event: Event) -> None:
        with contextlib.suppress(Exception):
            self._emit(event)
