"""A scope as JSON that can be gone on with: what JSON has no form for stands under a key of its own.

A date is `{"$date": "2026-01-31"}`, a table `{"$table": {"columns": [...], "rows": [[...]]}}`; further there are
`$datetime`, `$time`, `$duration` and `$decimal`. A text with half a character in it stands under `$text`, escaped as in
JSON. Of an open resource only which one it was is kept, under `$resource`: what is read back is a handle that is lost.
An object of the workflow that has such a key stands under `$object`.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import msgspec

from exekra.kit.dates.durations import duration_text
from exekra.kit.text import well_formed
from exekra.sdk.errors import ExekraError, InputError
from exekra.sdk.resources import Handle
from exekra.sdk.table import Table

LARGEST_BYTES = 64 * 1024
"""A scope that is larger as JSON is not kept."""

DEEPEST = 50


def encode_scope(scope: Mapping[str, Any], largest: int = LARGEST_BYTES) -> dict[str, Any] | None:
    """A copy of the scope as JSON of at most `largest` bytes; None where it is larger, too deep or no data."""
    try:
        copy = _Copy(largest)
        copied = {name: copy.of(value, 1) for name, value in scope.items()}
    except Exception:  # Also of a class of an activity's own, whose methods fail: a checkpoint never harms.
        return None
    return copied if len(msgspec.json.encode(copied)) <= largest else None


def decode_value(value: Any, depth: int = 0) -> Any:
    """The value that was kept, a new one; plain JSON stays what it is.

    Raises:
        InputError: It is nested too deeply, or the value of a key such as `$date` is not one.
    """
    if depth > 4 * DEEPEST:
        raise InputError(f"The value has more than {4 * DEEPEST} nested levels. Make it flatter.")
    if isinstance(value, list):
        return [decode_value(item, depth + 1) for item in value]
    if not isinstance(value, Mapping):
        return value
    if len(value) == 1:
        ((key, inner),) = value.items()
        if key == "$object" and isinstance(inner, Mapping):
            return {name: decode_value(item, depth + 2) for name, item in inner.items()}
        if key in _READ:
            return _read(key, inner, depth)
    return {name: decode_value(item, depth + 1) for name, item in value.items()}


def _read(key: str, inner: Any, depth: int) -> Any:
    try:
        return _READ[key](decode_value(inner, depth + 1) if key == "$table" else inner)
    except (ValueError, TypeError, KeyError, ArithmeticError, ExekraError):
        raise InputError(f"The value of `{key}` is not valid. Write it as a checkpoint does.") from None


def _table(kept: Any) -> Table:
    return Table.from_rows([str(name) for name in kept["columns"]], kept["rows"])


def _lost(kept: Any) -> Handle:
    return Handle(str(kept["kind"]), opened_by=str(kept["opened_by"]), title=str(kept["title"]), state="lost")


def _text(read: Callable[[str], Any]) -> Callable[[Any], Any]:
    def strict(value: Any) -> Any:
        if not isinstance(value, str):
            raise TypeError
        return read(value)

    return strict


_READ: Mapping[str, Callable[[Any], Any]] = {
    "$date": _text(date.fromisoformat),
    "$datetime": _text(datetime.fromisoformat),
    "$time": _text(time.fromisoformat),
    "$duration": _text(lambda text: msgspec.convert(text, timedelta)),
    "$decimal": _text(Decimal),
    "$resource": _lost,
    "$text": _text(lambda text: json.loads(f'"{text}"')),
    "$table": _table,
}


def _escaped(text: str) -> str:
    return json.dumps(text)[1:-1]


class _NotStorableError(Exception):
    pass


class _Copy:
    """Copies data; stops as soon as it is clear that there is too much, or something else."""

    def __init__(self, largest: int) -> None:
        self._left = largest

    def of(self, value: Any, depth: int) -> Any:
        self._spend(2 + (len(value) if isinstance(value, str) else 0))
        if depth > DEEPEST:
            raise _NotStorableError
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, str):
            text = well_formed(value)
            return text if text == value else {"$text": _escaped(value)}
        if isinstance(value, float) and math.isfinite(value):
            return float(value)
        if isinstance(value, int) and abs(value) < 2**63:
            return int(value)
        if isinstance(value, list):
            return [self.of(item, depth + 1) for item in value]
        if isinstance(value, Mapping) and all(isinstance(key, str) and well_formed(key) == key for key in value):
            copied = {key: self.of(item, depth + 1) for key, item in value.items()}
            return {"$object": copied} if any(key.startswith("$") for key in copied) else copied
        if isinstance(value, Table):
            return {"$table": self._table(value, depth)}
        if isinstance(value, Handle):
            return {"$resource": {"kind": value.kind, "opened_by": value.opened_by, "title": well_formed(value.title)}}
        return self._scalar(value)

    def _table(self, table: Table, depth: int) -> dict[str, Any]:
        self._spend(len(table) * len(table.columns))
        rows = [[self.of(cell, depth + 3) for cell in row] for row in table.rows()]
        return {"columns": [self.of(name, depth + 2) for name in table.columns], "rows": rows}

    def _scalar(self, value: Any) -> dict[str, str]:
        self._spend(20)
        match value:
            case datetime():
                return {"$datetime": value.isoformat()}
            case date():
                return {"$date": value.isoformat()}
            case time():
                return {"$time": value.isoformat()}
            case timedelta():
                return {"$duration": duration_text(value)}
            case Decimal() if value.is_finite():
                return {"$decimal": str(value)}
        raise _NotStorableError

    def _spend(self, size: int) -> None:
        self._left -= size
        if self._left < 0:
            raise _NotStorableError


def resources_in(kept: Mapping[str, Any]) -> list[str]:
    """The names under which a kept scope has a resource at any depth, which cannot be restored when the scope is
    reused.
    """
    return sorted(name for name, value in kept.items() if _has_resource(value))


def _has_resource(value: Any) -> bool:
    waiting = [value]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            if value.keys() == {"$resource"}:
                return True
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value
    return False
