"""Where the events of an execution leave the engine: in order, from any thread, with secrets masked."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import msgspec

from exekra.engine.observe.masking import Masker
from exekra.flow.events import Event, Failure, Log
from exekra.flow.preview import LARGEST_BYTES, preview
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
                self._emit(event)

    def finish(self, event: Event) -> None:
        """Pass the last event on: what an abandoned thread says later is dropped."""
        with self._lock:
            self._closed = True
            self._emit(event)

    def log(self, message: str, level: LogLevel = "info", node: str | None = None) -> None:
        """Write a line of the execution's log; a very long one is cut."""
        text = self.masker.text(message)
        if len(text) > LONGEST_MESSAGE:
            text = f"{text[:LONGEST_MESSAGE]}… ({len(text) - LONGEST_MESSAGE:,} more characters)"
        self.emit(Log(at=self.now(), message=text, level=level, node=node))

    def preview(self, value: Any, largest: int = LARGEST_BYTES) -> Any:
        """The value made small, at most `largest` bytes as JSON, with secrets masked."""
        return preview(value, self.masker.text, self.masker.longest, largest)

    def masked(self, failure: Failure) -> Failure:
        """The failure with secrets masked in its message."""
        return msgspec.structs.replace(failure, message=self.masker.text(failure.message))
