"""The declared types of inputs, variables and outputs: what fits, and what a value from outside becomes.

From outside a value comes as JSON, which has no dates: text in ISO form becomes the date, time or duration that is
declared, a list of objects becomes a table. Within a flow nothing is converted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from exekra.flow.expressions.values import describe
from exekra.flow.model import ValueType
from exekra.flow.outside import from_outside
from exekra.flow.preview import LONGEST_NUMBER, plain_scalar
from exekra.kit.text import well_formed
from exekra.sdk.errors import InputError
from exekra.sdk.table import Table

_CLASSES: Mapping[ValueType, tuple[type, ...]] = {
    "text": (str,),
    "number": (int, float, Decimal),
    "boolean": (bool,),
    "date": (date, datetime),
    "time": (time,),
    "duration": (timedelta,),
    "list": (list, tuple),
    "object": (dict,),
    "table": (Table,),
    "file": (str,),
    "credential": (str,),
    "any": (str, int, float, Decimal, bool, date, datetime, time, timedelta, list, tuple, dict, Table),
}


def check(value: Any, type: ValueType, what: str) -> Any:
    """The value, when it is of the declared type or null.

    Raises:
        InputError: It is not; `what` names it in the message.
    """
    if value is None or type == "any" or (isinstance(value, _CLASSES[type]) and not _is_truth(value, type)):
        return value
    raise InputError(f"{what} must be {_called(type)}, but is {describe(value)}.")


def quick_classes(type: ValueType) -> frozenset[type]:
    """The exact classes whose values a variable of that type may take as they are, with no further look."""
    return frozenset({None.__class__, *_CLASSES[type]} - {list, tuple})


def own(type: ValueType, what: str) -> Callable[[Any], Any]:
    """A function that checks a value and makes it a variable's own: Add to List changes lists, so they are copied."""

    def accept(value: Any) -> Any:
        checked = check(value, type, what)
        return list(checked) if isinstance(checked, list | tuple) else checked

    return accept


def arrive(value: Any, type: ValueType, what: str) -> Any:
    """A value from outside as the declared type has it; null stays null.

    Raises:
        InputError: It does not fit; `what` names it in the message.
    """
    try:
        read = from_outside(value, type)
    except ValueError:
        raise InputError(f"{what} must be {_called(type)}; this cannot be read as one.") from None
    return check(read, type, what)


def plain(value: Any) -> Any:
    """The value as JSON-like data, whole: dates as ISO text, a table as a list of objects, half a character as U+FFFD.

    Raises:
        InputError: It holds something that is not data, or is nested too deeply.
    """
    try:
        return _plain(value)
    except RecursionError:
        raise InputError("it is nested too deeply.") from None


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return well_formed(value)
    if isinstance(value, Mapping):
        return {well_formed(str(key)): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | Table):
        return [_plain(item) for item in value]
    if isinstance(value, int | float | Decimal | date | time | timedelta):
        if isinstance(value, int) and value.bit_length() > LONGEST_NUMBER:
            raise InputError(f"it holds a number with more than {LONGEST_NUMBER:,} bits.")
        return plain_scalar(value)
    raise InputError(f"{describe(value)} is not data.")


def _is_truth(value: Any, type: ValueType) -> bool:
    return type == "number" and isinstance(value, bool)


def _called(type: ValueType) -> str:
    return {
        "date": "a date (such as 2026-01-31)",
        "time": "a time (such as 14:30)",
        "duration": "a duration (such as PT1H30M)",
        "object": "an object",
        "file": "the path of a file (a text)",
        "credential": "the name of a credential (a text)",
    }.get(type, f"a {type}")
