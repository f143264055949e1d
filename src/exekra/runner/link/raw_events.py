"""Events for the Hub, as the bytes that the child encoded: the Runner does not read them."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from exekra.flow.events import Event
from exekra.protocol.messages import Message


class RawEvents(Message, frozen=True, kw_only=True, tag="events"):
    """The message `Events` with its events still encoded."""

    execution_id: str
    lease: int
    first: int
    events: msgspec.Raw


def array_of(events: Sequence[Event]) -> bytes:
    """The events as a JSON array."""
    return msgspec.json.encode(events)


def joined(arrays: Sequence[bytes]) -> bytes:
    """One JSON array with the items of all arrays, none of which is empty."""
    return arrays[0] if len(arrays) == 1 else b"[" + b",".join(array[1:-1] for array in arrays) + b"]"
