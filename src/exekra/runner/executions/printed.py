"""What an execution's processes print, as lines of its log: limited in length and in total."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence

from exekra.flow.events import Event, Log
from exekra.sdk.context import LogLevel

LONGEST_LINE = 16 * 1024
"""The most bytes of a line; a longer one is split."""
MOST_BYTES = 1024 * 1024
"""What is printed beyond this is left out."""


async def relay_printed(stream: asyncio.StreamReader, add: Callable[[Sequence[Event]], None]) -> None:
    """Pass each printed line to `add` as a Log event, until the stream ends. Everything is read, so that no process
    blocks.
    """
    rest = b""
    room = MOST_BYTES
    while chunk := await stream.read(64 * 1024):
        if room <= 0:
            continue
        room -= len(chunk)
        *lines, rest = (rest + chunk).split(b"\n")
        while len(rest) > LONGEST_LINE:
            lines.append(rest[:LONGEST_LINE])
            rest = rest[LONGEST_LINE:]
        events = [event for line in lines for event in _logs(line)]
        if room <= 0:
            events.append(
                _log(f"The execution printed more than {MOST_BYTES // 1024} kB: the rest is left out.", "warning")
            )
            rest = b""
        if events:
            add(events)
    if events := _logs(rest):
        add(events)


def _logs(line: bytes) -> list[Event]:
    text = line.rstrip().decode(errors="replace")
    parts = [text[start : start + LONGEST_LINE] for start in range(0, len(text), LONGEST_LINE)]
    return [_log(part, "info") for part in parts]


def _log(message: str, level: LogLevel) -> Log:
    return Log(at=time.time(), message=message, level=level)
