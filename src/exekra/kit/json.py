"""Fast and strict JSON: no NaN, no infinity, and limited in depth, whoever sent it."""

from __future__ import annotations

from typing import Any

import msgspec

DEEPEST = 64
"""How many containers may be nested in JSON that is read."""


def decode(text: bytes | str, *, deepest: int = DEEPEST) -> Any:
    """Read JSON text.

    Raises:
        ValueError: The text is not JSON, or more than `deepest` containers are nested.
    """
    try:
        value = msgspec.json.decode(text)
    except RecursionError:
        raise ValueError(f"The JSON text is nested deeper than {deepest} levels.") from None
    except (msgspec.DecodeError, UnicodeError) as error:
        raise ValueError(str(error)) from None
    check_depth(value, deepest=deepest)
    return value


def check_depth(value: Any, *, deepest: int = DEEPEST) -> None:
    """Raise ValueError when more than `deepest` containers are nested. It needs no stack itself."""
    level = [value] if isinstance(value, dict | list) else []
    depth = 0
    while level:
        depth += 1
        if depth > deepest:
            raise ValueError(f"The JSON text is nested deeper than {deepest} levels.")
        level = [
            child
            for container in level
            for child in (container.values() if isinstance(container, dict) else container)
            if isinstance(child, dict | list)
        ]


def encode(value: Any) -> bytes:
    """Write JSON text, as short as possible. NaN and infinity become null."""
    return msgspec.json.encode(value)


def canonical(value: Any) -> bytes:
    """Write JSON text that is the same for equal data: keys sorted, no spaces. Content hashes are computed from it."""
    return msgspec.json.encode(value, order="deterministic")


def trusted(text: bytes | str) -> Any:
    """Read JSON text that we wrote ourselves: no limits are checked."""
    return msgspec.json.decode(text)
