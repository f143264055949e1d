"""Messages as bytes, and back: a frame is a JSON array of messages.

What a newer version added is skipped, so that neighbouring versions work together: fields silently, whole messages and
a debugger's commands with a line in this side's log, once for each kind. An event of an unknown kind becomes a line in
the execution's log, because the numbering of events must have no gaps.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from typing import Any, Generic, TypeVar

import msgspec

from exekra.flow.debugging import AnyDebugCommand
from exekra.flow.events import AnyEvent, Log
from exekra.protocol.messages import Debug, Events, HubMessage, RunnerMessage
from exekra.sdk.errors import ApplicationError

LARGEST_FRAME_BYTES = 32 * 1024 * 1024
"""Both sides refuse a larger frame."""
REMEMBERED_KINDS = 100
LONGEST_UNKNOWN_EVENT = 2_000
"""How many characters of an unknown event are kept."""
logger = logging.getLogger(__name__)

AnyMessage = TypeVar("AnyMessage")


class ProtocolError(ApplicationError):
    """The other side sent something that this side does not understand."""

    retryable = False


class _Kind(msgspec.Struct):
    type: str


class _EventKind(msgspec.Struct):
    event: str
    at: float


class _CommandKind(msgspec.Struct):
    command: str


class _RawEvents(msgspec.Struct, tag_field="type", tag="events"):
    execution_id: str
    lease: int
    first: int
    events: tuple[msgspec.Raw, ...]


class _RawDebug(msgspec.Struct, tag_field="type", tag="debug"):
    execution_id: str
    lease: int
    commands: tuple[msgspec.Raw, ...]


def _tags(union: Any) -> frozenset[str]:
    return frozenset(str(kind.__struct_config__.tag) for kind in union.__args__)


_EVENTS, _COMMANDS = _tags(AnyEvent), _tags(AnyDebugCommand)
_encoder = msgspec.json.Encoder()
_raw_items = msgspec.json.Decoder(tuple[msgspec.Raw, ...])


class _Decoder(Generic[AnyMessage]):
    """Reads the frames of one side."""

    def __init__(self, union: Any, sender: str) -> None:
        self._sender = sender
        self._known = _tags(RunnerMessage | HubMessage)  # A message that only this side sends is known, and an error.
        self._frame = msgspec.json.Decoder(tuple[union, ...])
        self._message = msgspec.json.Decoder(union)
        self._logged: set[str] = set()

    def decode(self, frame: bytes | str) -> tuple[AnyMessage, ...]:
        try:
            return self._decode(frame)
        except (msgspec.DecodeError, RecursionError) as error:
            raise ProtocolError(f"A frame from the {self._sender} cannot be read: {error}.") from None

    def _decode(self, frame: bytes | str) -> tuple[AnyMessage, ...]:
        try:
            messages: tuple[AnyMessage, ...] = self._frame.decode(frame)
        except msgspec.ValidationError:
            return tuple(self._known_messages(frame))
        return messages

    def _known_messages(self, frame: bytes | str) -> Iterator[AnyMessage]:
        for raw in _raw_items.decode(frame):
            kind = msgspec.json.decode(raw, type=_Kind).type
            if kind not in self._known:
                self._skip(f"message {kind}")
            elif kind == "events":
                yield self._events(msgspec.json.decode(raw, type=_RawEvents))
            elif kind == "debug":
                yield self._debug(msgspec.json.decode(raw, type=_RawDebug))
            else:
                yield self._message.decode(raw)

    def _events(self, raw: _RawEvents) -> Any:
        events: list[AnyEvent] = []
        for item in raw.events:
            kind = msgspec.json.decode(item, type=_EventKind)
            if kind.event in _EVENTS:
                events.append(msgspec.json.decode(item, type=AnyEvent))
            else:
                self._skip(f"event {kind.event}")
                text = bytes(item).decode(errors="replace")[:LONGEST_UNKNOWN_EVENT]
                message = f"The Runner reported an event that this version of the Hub does not understand: {text}"
                events.append(Log(at=kind.at, level="debug", message=message))
        return Events(execution_id=raw.execution_id, lease=raw.lease, first=raw.first, events=tuple(events))

    def _debug(self, raw: _RawDebug) -> Any:
        commands: list[AnyDebugCommand] = []
        for item in raw.commands:
            kind = msgspec.json.decode(item, type=_CommandKind).command
            if kind in _COMMANDS:
                commands.append(msgspec.json.decode(item, type=AnyDebugCommand))
            else:
                self._skip(f"command {kind}")
        return Debug(execution_id=raw.execution_id, lease=raw.lease, commands=tuple(commands))

    def _skip(self, what: str) -> None:
        if what not in self._logged and len(self._logged) < REMEMBERED_KINDS:
            self._logged.add(what)
            logger.warning("Skipped the %s: the %s has a newer version of Exekra than this side.", what, self._sender)


_from_runner: _Decoder[RunnerMessage] = _Decoder(RunnerMessage, "Runner")
_from_hub: _Decoder[HubMessage] = _Decoder(HubMessage, "Hub")


def encode(messages: Sequence[RunnerMessage | HubMessage]) -> bytes:
    """Encode one frame with these messages, in order."""
    return _encoder.encode(messages)


def decode_from_runner(frame: bytes | str) -> tuple[RunnerMessage, ...]:
    """The messages in a frame that a Runner sent, without those that only a newer version knows.

    Raises:
        ProtocolError: The frame is not a list of messages, or a known message is not valid; the error says where.
    """
    return _from_runner.decode(frame)


def decode_from_hub(frame: bytes | str) -> tuple[HubMessage, ...]:
    """The messages in a frame that the Hub sent, without those that only a newer version knows.

    Raises:
        ProtocolError: As above.
    """
    return _from_hub.decode(frame)
