"""Which of two values comes first, and whether two are the same, for values of every kind."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from exekra.activities.json_text import shown
from exekra.kit.dates.moments import instant
from exekra.kit.numbers import is_nan
from exekra.kit.text_order import TextKey, TextOrder, UnknownLanguageError, text_key
from exekra.sdk.errors import InputError
from exekra.sdk.table import Table

_BY_CODE_POINT = text_key("code_point")


def sort_key(value: Any, text: Callable[[str], TextKey] = _BY_CODE_POINT) -> tuple[int, Any] | None:
    """What to sort by: numbers, then dates, times, durations, then texts; None for null.

    NaN is the largest number. A date counts as its midnight, a time without a zone as UTC. Texts are sorted by `text`,
    without it by code point and without regard to case.

    Raises:
        InputError: It is a list or an object that is nested too deeply.
    """
    match value:
        case None:
            return None
        case bool() | int() | float() | Decimal():
            return (0, math.inf if is_nan(value) else value)
        case datetime():
            return (1, value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC))
        case date():
            return (1, datetime(value.year, value.month, value.day, tzinfo=UTC))
        case time():
            return (2, value.isoformat())
        case timedelta():
            return (3, value)
        case str():
            return (4, text(value))
    try:
        return (5, str(value))
    except RecursionError:
        raise _too_deep() from None


def identity(value: Any) -> Any:
    """A key that is equal for equal values, lists and objects included; true is not 1.

    Raises:
        InputError: It is a list or an object that is nested too deeply.
    """
    try:
        return _identity(value)
    except RecursionError:
        raise _too_deep() from None


def _too_deep() -> InputError:
    return InputError("A list or an object is nested too deeply to be compared with others.")


def _identity(value: Any) -> Any:
    if isinstance(value, bool):
        return ("boolean", value)
    if isinstance(value, datetime):
        return instant(value)
    if is_nan(value):
        return ("number", "nan")
    if isinstance(value, Mapping):
        return ("object", frozenset((name, _identity(item)) for name, item in value.items()))
    if isinstance(value, list | tuple | Table):
        return ("list", tuple(_identity(item) for item in value))
    try:
        hash(value)
    except TypeError:
        return ("other", repr(value))
    return value


def field_of(path: str) -> Callable[[Any], Any]:
    """A function that takes the field `path` (`price`, `customer.name`) out of an object; an absent one is None.

    It raises InputError for anything but an object.
    """
    names = path.split(".")

    def take(item: Any) -> Any:
        value = item
        for name in names:
            if value is None:
                return None
            if not isinstance(value, Mapping):
                raise InputError(f"`{path}` needs objects, but the list holds {shown(value)}. Leave `by` empty.")
            value = value.get(name)
        return value

    return take


def text_sort_key(order: TextOrder, language: str) -> Callable[[str], TextKey]:
    """What texts are sorted by in an order.

    Raises:
        InputError: There is no alphabet of that language, or the order has none.
    """
    if language and order != "language":
        raise InputError("`language` needs the text order `language`. Choose it, or leave the language empty.")
    try:
        return text_key(order, language)
    except UnknownLanguageError as error:
        raise InputError(str(error)) from None
