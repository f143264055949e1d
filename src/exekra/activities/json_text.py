"""Values as text and as JSON text, those too that JSON has no form for."""

from __future__ import annotations

import json
import math
import re
import secrets
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any

from exekra.kit.dates.durations import duration_text
from exekra.kit.number_text import number_text
from exekra.kit.text import quoted
from exekra.sdk.errors import InputError
from exekra.sdk.table import Table


def json_text(value: Any, indent: int | None = None, *, compact: bool = False) -> str:
    """The value as JSON: tables as lists of objects, dates as 2026-01-31, durations in seconds.

    Args:
        indent: Blanks for each level; None puts all on one line.
        compact: Without blanks between the parts of one line.

    Raises:
        InputError: A number is not finite or has thousands of digits, a value contains itself or is too deep.
    """
    try:
        separators = (",", ":") if compact else None
        text = json.dumps(
            value, ensure_ascii=False, indent=indent, separators=separators, default=_plain, allow_nan=False
        )
    except (ValueError, TypeError, RecursionError) as error:
        raise InputError(f"The value cannot be written as JSON: {_why(error)}.") from None
    return _DIGITS.sub(r"\1", text) if _DIGITS_MARK in text else text


def _why(error: Exception) -> str:
    """What the encoder says, in words for people."""
    said = str(error)
    if isinstance(error, RecursionError):
        return "it is nested too deeply"
    if "Circular" in said:
        return "it contains itself"
    if "digits" in said:
        return "a number in it has thousands of digits"
    if "Out of range" in said:
        return "a number in it is infinite, or is not a number (NaN)"
    return "the names of fields must be texts or numbers" if "keys" in said else said


_DIGITS_MARK = f"{secrets.token_hex(16)}:"
_DIGITS = re.compile(rf'"{re.escape(_DIGITS_MARK)}(-?[0-9.]+)"')
"""Digits that no float can hold, on their way through an encoder that has no form for them."""


def plain_text(value: Any) -> str:
    """The value as a text template writes it: 2.0 is 2, null empty, a date 2026-01-31, an hour PT1H, a list JSON."""
    match value:
        case str():
            return value
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case date() | time():
            return value.isoformat()
        case timedelta():
            return duration_text(value)
        case list() | tuple() | dict() | Table():
            return json_text(value, compact=True)
        case int() | float() | Decimal():
            return number_text(value)
    return str(value)


def shown(value: Any) -> str:
    """A value as a sentence shows it: a text in backticks and in part where it is long, a number as it is written."""
    match value:
        case str():
            return quoted(value)
        case None:
            return "null"
        case bool() | int() | float() | Decimal() | date() | time() | timedelta():
            text = plain_text(value)
            return text if len(text) <= _LONGEST_SHOWN else f"{text[: _LONGEST_SHOWN - 1]}…"
        case Table():
            return "a table"
        case list() | tuple():
            return "a list"
        case dict():
            return "an object"
    return f"a value of the type {type(value).__name__}"


_LONGEST_SHOWN = 60


def decimal_text(value: Decimal) -> str:
    """A finite decimal number with all of its digits; with an exponent only where it would be mostly zeros."""
    return f"{value:f}" if abs(value.adjusted()) <= _LONGEST_EXPONENT else str(value)


_LONGEST_EXPONENT = 400


def _plain(value: Any) -> Any:
    if isinstance(value, Table):
        return list(value)
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, Decimal):
        return _digits(value)
    raise TypeError(f"there is no form for {type(value).__name__}")


def _digits(value: Decimal) -> Any:
    """A decimal number as what the encoder writes with the same digits."""
    if not value.is_finite():
        return math.nan
    if Decimal(repr(float(value))) == value:
        return float(value)
    text = decimal_text(value)
    return text if "E" in text else _DIGITS_MARK + text
