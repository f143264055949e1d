"""What a value from outside becomes: JSON has no dates and no tables, so they come as texts and lists."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

import msgspec

from exekra.flow.model import ValueType
from exekra.sdk.table import Table


def from_outside(value: Any, type: ValueType) -> Any:
    """The value as the declared type has it: a text in ISO form as a date, a list of objects as a table.

    What needs no conversion, and what is of another kind, stays as it is.

    Raises:
        ValueError: A text or list that cannot be read as that type.
    """
    read = _READ.get(type)
    if read is None or not isinstance(value, str | list):
        return value
    try:
        return read(value)
    except (TypeError, AttributeError) as error:
        raise ValueError(str(error)) from None


def _read_date(value: Any) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError:
        return datetime.fromisoformat(value)


def _read_duration(value: Any) -> Any:
    return msgspec.convert(value, timedelta)  # Its error is a ValueError.


_READ: Mapping[ValueType, Callable[[Any], Any]] = {
    "date": _read_date,
    "time": time.fromisoformat,
    "duration": _read_duration,
    "table": Table.from_records,
}
