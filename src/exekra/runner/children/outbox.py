"""The child's outgoing events: collected for some milliseconds, then written as one frame.

The first events after a quiet period are sent within a millisecond; under load, a frame is sent every 20 ms. A Runner
that does not read makes the execution wait instead of filling the memory.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from typing import Any

import msgspec
import psutil

from exekra.flow.events import Event, ExecutionFinished, Failure, Log, Metric
from exekra.kit.text import well_formed
from exekra.runner.children.channel import Kind, frame

SHORTEST_WAIT = 0.001
LONGEST_WAIT = 0.02
MOST_WAITING = 2_000
"""The most events that may wait to be written before the execution has to wait."""
LARGEST_FRAME = 256 * 1024
LARGEST_EVENT = 8 * 1024 * 1024
"""The most bytes of one encoded event: larger outputs are not sent to the Hub."""
METRIC_SECONDS = 5.0
"""An execution that ends before the Runner's first sample is measured here, once, at its end."""


class Outbox:
    """Takes events from any thread, in order, and writes them as frames.

    Args:
        write: Writes one frame; may block.
    """

    def __init__(self, write: Callable[[bytes], None]) -> None:
        self._write = write
        self._events: list[Event] = []
        self._state = threading.Condition()
        self._writing = threading.Lock()
        self._closed = False
        self._began = time.monotonic()
        self._used = _cpu_seconds()
        self._process = psutil.Process()
        self._process.memory_info()
        self._writer = threading.Thread(target=self._work, daemon=True, name="events")
        self._writer.start()

    def begin(self) -> None:
        """The execution starts: measure from here."""
        self._began = time.monotonic()
        self._used = _cpu_seconds()

    def put(self, event: Event) -> None:
        """Add one event; blocks while too many are waiting."""
        if isinstance(event, ExecutionFinished):
            self._measure()
        with self._state:
            while len(self._events) >= MOST_WAITING:
                self._state.wait()
            self._events.append(event)
            if len(self._events) == 1:
                self._state.notify_all()

    def write(self, data: bytes) -> None:
        """Write a frame of another kind, between two frames of events; blocks while the Runner does not read."""
        with self._writing:
            self._write(data)

    def fail(self, type: str, message: str) -> None:
        """Report that the execution failed although the engine did not."""
        failure = Failure(type=type, message=message)
        self.put(ExecutionFinished(at=time.time(), state="FAILED", failure=failure))

    def close(self) -> None:
        """Write what is waiting."""
        with self._state:
            self._closed = True
            self._state.notify_all()
        self._flush()

    def _work(self) -> None:
        wait = SHORTEST_WAIT
        written = 0.0
        while True:
            with self._state:
                while not self._events:
                    self._state.wait()
                quiet = time.monotonic() - written > LONGEST_WAIT
                wait = SHORTEST_WAIT if quiet else min(wait * 2, LONGEST_WAIT)
                self._state.wait_for(lambda: self._closed, wait)
            self._flush()
            written = time.monotonic()

    def _flush(self) -> None:
        with self._writing:
            with self._state:
                events, self._events = self._events, []
                self._state.notify_all()
            try:
                for data in frames(events):
                    self._write(data)
            except OSError:
                return  # The Runner is gone, and this process ends with it.

    def _measure(self) -> None:
        seconds = time.monotonic() - self._began
        if seconds >= METRIC_SECONDS:
            return
        cpu = _cpu_seconds() - self._used
        memory = self._process.memory_info().rss
        self.put(
            Metric(
                at=time.time(),
                cpu_percent=round(100 * cpu / max(seconds, 0.001), 1),
                memory_mb=round(memory / 1e6, 1),
            )
        )


def _cpu_seconds() -> float:
    """The CPU time of this process and of those that it waited for."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def frames(events: list[Event]) -> list[bytes]:
    """The events as frames, none much larger than `LARGEST_FRAME` unless one event alone is."""
    ready: list[bytes] = []
    parts: list[bytes] = []
    size = 0
    kind = Kind.EVENTS
    for event in events:
        part = _encode(event)
        if parts and size + len(part) > LARGEST_FRAME:
            ready.append(_frame(kind, parts))
            parts, size = [], 0
        if isinstance(event, ExecutionFinished):
            kind = Kind.FINISHED
        parts.append(part)
        size += len(part)
    if parts:
        ready.append(_frame(kind, parts))
    return ready


def _frame(kind: Kind, parts: list[bytes]) -> bytes:
    return frame(kind, b"[" + b",".join(parts) + b"]", len(parts))


def _encode(event: Event) -> bytes:
    try:
        part = msgspec.json.encode(event)
    except Exception:  # The engine only emits what can be encoded. Whatever else comes, reporting must continue.
        part = _encode_repaired(event)
    if len(part) <= LARGEST_EVENT:
        return part
    limit = f"{len(part) / 1e6:.0f} MB, but at most {LARGEST_EVENT / 1e6:.0f} MB can be sent to the Hub"
    return msgspec.json.encode(_instead(event, "OutputsTooLarge", f"it has {limit}"))


def _encode_repaired(event: Event) -> bytes:
    """The event with texts that UTF-8 can represent; a substitute if it does not consist of data."""
    try:
        return msgspec.json.encode(_well_formed(msgspec.to_builtins(event)))
    except Exception as error:
        reason = f"it cannot be written as JSON ({type(error).__name__})"
        return msgspec.json.encode(_instead(event, "OutputNotData", well_formed(reason)))


def _well_formed(value: Any) -> Any:
    if isinstance(value, str):
        return well_formed(value)
    if isinstance(value, dict):
        return {_well_formed(key): _well_formed(item) for key, item in value.items()}
    return [_well_formed(item) for item in value] if isinstance(value, list | tuple) else value


def _instead(event: Event, type: str, reason: str) -> Event:
    """What is reported instead of an event that cannot be sent, with the reason."""
    if isinstance(event, ExecutionFinished):
        message = f"The outputs of the workflow cannot be sent: {reason}. Write them to a file and return its path."
        failure = Failure(type=type, message=message)
        return ExecutionFinished(at=event.at, state="FAILED", failure=failure, seconds=event.seconds, nodes=event.nodes)
    return Log(at=event.at, level="warning", message=f"An event was left out: {reason}.")
