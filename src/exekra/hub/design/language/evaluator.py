"""The process in which the Hub evaluates what people type. It has no access to the database, to secrets or to other
requests.

It reads one request a line from standard input and writes one answer a line: JSON both ways. `service.py` starts it,
and ends it if an answer takes too long.
"""

from __future__ import annotations

import contextlib
import sys
from typing import Any

import msgspec

from exekra.flow.model import ValueType
from exekra.flow.trial import Mode, try_texts

MEMORY_BYTES = 1024**3
"""The limit of the process's address space: what needs more ends the process, not the Hub."""


class Request(msgspec.Struct, frozen=True):
    """Texts to evaluate in a scope, as `try_texts` takes them."""

    texts: tuple[tuple[str, Mode], ...]
    scope: dict[str, Any]
    types: dict[str, ValueType]


def main() -> None:
    """Answer until standard input ends."""
    _limit_memory()
    decode = msgspec.json.Decoder(Request).decode
    for line in sys.stdin.buffer:
        request = decode(line)
        sys.stdout.buffer.write(msgspec.json.encode(try_texts(request.texts, request.scope, request.types)) + b"\n")
        sys.stdout.buffer.flush()


def _limit_memory() -> None:
    with contextlib.suppress(ImportError, ValueError):  # Windows has no such limit
        import resource  # noqa: PLC0415 - as above

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))


if __name__ == "__main__":
    main()
