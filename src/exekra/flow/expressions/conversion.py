"""How any value becomes text: in a template, in `text(...)` and in `json(...)`."""

from __future__ import annotations

import json
import math
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any

from exekra.flow.expressions.errors import ExpressionError
from exekra.flow.expressions.values import describe, is_table
from exekra.flow.expressions.work import Work
from exekra.kit.dates.durations import duration_text
from exekra.kit.number_text import number_text


def to_text(work: Work, value: Any) -> str:
    """A value as text: numbers plain, dates in ISO 8601, `true`/`false`, null empty, lists and objects as JSON.

    Raises:
        ExpressionError: The value is of no type that has a text form.
    """
    text = _scalar_text(value)
    return to_json(work, value) if text is None else text


def field_name(value: Any) -> str:
    """The name of an object's field that a value stands for: its text.

    Raises:
        ExpressionError: A list, an object or a table cannot be a name.
    """
    name = _scalar_text(value)
    if name is None:
        raise ExpressionError(f"The keys of an object are texts or numbers, not {describe(value)}")
    return name


def _scalar_text(value: Any) -> str | None:
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float, Decimal)):
        return number_text(value)
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, timedelta):
        return duration_text(value)
    return None


def to_json(work: Work, value: Any, *, indent: int | None = None) -> str:
    """A value as JSON, compact unless indented. Dates and durations become ISO 8601 texts, tables lists of objects.

    Raises:
        ExpressionBoundError: Too deep, or longer than a text may be.
        ExpressionError: It holds something that JSON cannot hold.
    """
    units = work.read_value(value)
    # Five characters a unit; escapes may make six characters of one, so the bound holds before and after.
    work.make_text(units * 2)
    separators = (", ", ": ") if indent else (",", ":")
    try:
        written = json.dumps(
            value, ensure_ascii=False, allow_nan=False, default=_plain, separators=separators, indent=indent
        )
    except ValueError:
        raise ExpressionError("This cannot be written as JSON: it holds a number that is not finite") from None
    except TypeError:
        raise ExpressionError("This cannot be written as JSON: the names of fields must be texts or numbers") from None
    work.make_text(len(written))
    return written


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        number = float(value)
        if not math.isfinite(number):
            raise ValueError("not finite")
        return number
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, timedelta):
        return duration_text(value)
    if isinstance(value, (set, frozenset)) or is_table(value):
        return list(value)
    raise ExpressionError(f"{describe(value).capitalize()} has no text form")
