"""What values an expression works on, and what they are called in messages."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from exekra.sdk.resources import Handle
from exekra.sdk.table import Table


def is_table(value: Any) -> bool:
    """Whether this is a table, which is read-only here."""
    return isinstance(value, Table)


def type_name(value: Any) -> str:
    """The type of a value in the language's words: text, number, list, ..."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, (int, float, Decimal)):
        return "number"
    for kind, name in _NAMES:
        if isinstance(value, kind):
            return name
    if isinstance(value, Handle):
        return f"{value.kind} that is {value.state}"
    return "table" if is_table(value) else type(value).__name__.lower()


_NAMES: tuple[tuple[type | tuple[type, ...], str], ...] = (
    (str, "text"),
    ((list, tuple, set, frozenset), "list"),
    (dict, "object"),
    (datetime, "datetime"),
    (date, "date"),
    (time, "time"),
    (timedelta, "duration"),
)


def describe(value: Any) -> str:
    """The type of a value for a sentence: `a text`, `an object`, `nothing (null)`."""
    name = type_name(value)
    if name == "null":
        return "nothing (null)"
    return f"an {name}" if name[0].lower() in "aeiou" else f"a {name}"
