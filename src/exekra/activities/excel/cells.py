"""Values as a workbook stores them: what Excel has no kind for is written as the nearest that loses nothing."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from exekra.activities.json_text import json_text
from exekra.sdk.errors import InputError

LONGEST_TEXT = 32_767
"""Characters that one cell holds."""

_EXACT_DIGITS = 10**15
"""From here on Excel rounds whole numbers, so they are written as text."""

FIRST_DAY = datetime(1900, 1, 1)
"""Excel has no dates before, so they are written as text, such as 1850-01-01."""

_PLAIN = frozenset({type(None), bool, float, date, datetime})

HEADER_COLOUR = "#DDE6F0"
DATE_FORMAT = "yyyy-mm-dd"
DATE_TIME_FORMAT = "yyyy-mm-dd hh:mm:ss"
TIME_FORMAT = "hh:mm:ss"
DURATION_FORMAT = "[h]:mm:ss"


def number_format(kinds: set[type]) -> str | None:
    """How a column with these kinds of values is shown; None where Excel's general format will do."""
    present = kinds - {type(None)}
    if present == {date}:
        return DATE_FORMAT
    if present == {time}:
        return TIME_FORMAT
    if present == {timedelta}:
        return DURATION_FORMAT
    return None


def cell_values(column: str, values: Sequence[Any]) -> Sequence[Any]:
    """A column's values as they are written.

    Raises:
        InputError: A text is longer than a cell can hold; names the column.
    """
    kinds = set(map(type, values))
    if kinds <= _PLAIN and datetime not in kinds and date not in kinds and float not in kinds:
        return values
    if kinds == {date} and min(values) >= FIRST_DAY.date():
        return values
    if kinds == {str}:
        if max(map(len, values)) > LONGEST_TEXT:
            _check_length(column, max(values, key=len))
        return values
    return [cell_value(column, value) for value in values]


def cell_value(column: str, value: Any) -> Any:
    """One value as it is written: times and durations as a share of days, objects and lists as JSON text."""
    kind = type(value)
    if kind is str:
        return _check_length(column, value)
    if kind is int:
        return value if -_EXACT_DIGITS < value < _EXACT_DIGITS else str(value)
    if kind is float:
        return value if math.isfinite(value) else str(value)
    if kind is datetime:
        value = value.replace(tzinfo=None)
        return value if value >= FIRST_DAY else value.isoformat()
    if kind is date:
        return value if value >= FIRST_DAY.date() else value.isoformat()
    if kind is time:
        return (value.hour * 3600 + value.minute * 60 + value.second + value.microsecond / 1e6) / 86_400
    if kind is timedelta:
        return value.total_seconds() / 86_400
    if kind is Decimal:
        number = float(value)
        return number if math.isfinite(number) and abs(number) < _EXACT_DIGITS else str(value)
    if kind in (list, tuple, dict):
        return _check_length(column, json_text(value))
    if kind is bool or value is None:
        return value
    raise InputError(f"Column `{column}` holds a value of kind {kind.__name__}, which a workbook has no place for.")


def check_text(column: str, text: str) -> str:
    """Refuse a text that no file can hold; gives it back otherwise.

    Raises:
        InputError: It is longer than a cell can hold, or has half of a surrogate pair; names the column.
    """
    try:
        text.encode()
    except UnicodeEncodeError as error:
        shown = column[:80].encode("utf-8", "backslashreplace").decode()
        raise InputError(
            f"A text in column `{shown}` cannot be written: character {error.start + 1} is half of a surrogate pair, "
            "which no file can hold. Repair the text where it comes from."
        ) from None
    return _check_length(column, text)


def _check_length(column: str, text: str) -> str:
    if len(text) > LONGEST_TEXT:
        raise InputError(
            f"A text of {len(text):,} characters in column `{column[:80]}` does not fit: a cell holds "
            f"{LONGEST_TEXT:,}. Shorten it, or write a CSV file."
        )
    return text
