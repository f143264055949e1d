"""How two neighbouring versions find out what both understand.

Each side sends its capabilities in its Hello or Welcome. A message that was added after protocol 1 requires a
capability, and is never sent to a side that lacks it: `REQUIRED` says which. Unknown messages are skipped
(`frames.py`). So the number of the protocol only changes when the rules themselves do.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from enum import StrEnum
from typing import TypeVar

from exekra.protocol.messages import Answer, Ask, EndAsk, Message

PROTOCOL_VERSION = 2
"""The version that this side speaks."""
OLDEST_PROTOCOL = 1
"""The oldest version that this side still understands."""


class Capability(StrEnum):
    """Something that one side can do and that its neighbour of another version may lack."""

    ASK = "ask"
    """Executions can ask the Hub, and get an answer."""
    FILES = "files"
    """Executions need files, which the Runner fetches before they begin. Only a Runner with this is assigned them."""


CAPABILITIES: tuple[str, ...] = tuple(Capability)
"""What this version can do, on both sides."""

REQUIRED: dict[type[Message], Capability] = {
    Ask: Capability.ASK,
    EndAsk: Capability.ASK,
    Answer: Capability.ASK,
}
"""The capability that the receiver of a message must have; those of protocol 1 need none."""

AnyMessage = TypeVar("AnyMessage", bound=Message)


def agreed_version(oldest: int, newest: int) -> int | None:
    """The newest version that both this side and one that speaks `oldest` to `newest` understand; None if there is
    none.
    """
    agreed = min(max(oldest, newest), PROTOCOL_VERSION)
    return agreed if agreed >= max(oldest, OLDEST_PROTOCOL) else None


def understood(messages: Sequence[AnyMessage], capabilities: Collection[str]) -> list[AnyMessage]:
    """The messages that a receiver with these capabilities understands."""
    return [message for message in messages if (need := REQUIRED.get(type(message))) is None or need in capabilities]
