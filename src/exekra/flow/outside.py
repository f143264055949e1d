"""What a value from outside becomes: JSON has no dates and no tables, so they come as texts and lists."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import time, timedelta
from typing import Any

import msgspec

from exekra.flow.model import ValueType
from exekra.kit.dates.reading import read_iso
from exekra.sdk.table import Table


def from_outside(value: Any, type: ValueType) -> Any:
    """The value as the declared type has it: a text in ISO form as a date, a list of objects as a table, a number as so
    many seconds of a duration.

    What needs no conversion, and what is of another kind, stays as it is.

    Raises:
        ValueError: A text or list that cannot be read as that type.
    """
    if type == "duration" and isinstance(value, int | float) and not isinstance(value, bool):
        return _seconds(value)
    read = _READ.get(type)
    if read is None or not isinstance(value, str | list):
        return value
    try:
        return read(value)
    except (TypeError, AttributeError) as error:
        raise ValueError(str(error)) from None


def _seconds(value: float) -> timedelta:
    try:
        return timedelta(seconds=value)
    except OverflowError as error:
        raise ValueError(str(error)) from None


def _read_duration(value: Any) -> Any:
    return msgspec.convert(value, timedelta)  # Its error is a ValueError.


_READ: Mapping[ValueType, Callable[[Any], Any]] = {
    "date": read_iso,
    "time": time.fromisoformat,
    "duration": _read_duration,
    "table": Table.from_records,
}
