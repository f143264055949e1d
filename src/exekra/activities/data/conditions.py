"""What it means that a value meets a condition: the rules that a filter applies, value by value.

`column_conditions` says the same about whole columns of one kind; this is what it falls back on.
"""

from __future__ import annotations

import operator as operators
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Literal, get_args

from exekra.activities.json_text import plain_text, shown
from exekra.kit.numbers import NumberRangeError, is_nan, read_number
from exekra.kit.patterns import PatternError, compile_pattern
from exekra.sdk.errors import InputError

Operator = Literal[
    "equals",
    "not_equals",
    "greater",
    "greater_or_equal",
    "less",
    "less_or_equal",
    "contains",
    "starts_with",
    "ends_with",
    "matches",
    "is_one_of",
    "is_empty",
    "is_not_empty",
]
COMPARING = tuple(operator for operator in get_args(Operator) if operator not in ("is_empty", "is_not_empty"))
"""The operators that need a value."""

ORDERS: Mapping[str, Callable[[Any, Any], Any]] = {
    "greater": operators.gt,
    "greater_or_equal": operators.ge,
    "less": operators.lt,
    "less_or_equal": operators.le,
}

Family = Literal["none", "boolean", "number", "text", "moment", "time", "duration", "other"]


def condition(operator: Operator, wanted: Any, ignore_case: bool = False) -> Callable[[Any], bool]:
    """A test of one value.

    Raises:
        InputError: What is wanted does not go with the operator.
    """
    if operator == "is_empty":
        return lambda value: value is None or value == ""
    if operator == "is_not_empty":
        return lambda value: value is not None and value != ""
    if operator == "is_one_of":
        tests = [condition("equals", each, ignore_case) for each in wanted_list(wanted)]
        return lambda value: any(test(value) for test in tests)
    if operator in ("contains", "starts_with", "ends_with", "matches"):
        return _text_condition(operator, wanted, ignore_case)
    if operator == "not_equals":
        equals = condition("equals", wanted, ignore_case)
        return lambda value: not equals(value)
    return _comparison(operator, wanted, ignore_case)


def wanted_list(wanted: Any) -> list[Any] | tuple[Any, ...]:
    """What is_one_of compares with.

    Raises:
        InputError: It is not a list.
    """
    if not isinstance(wanted, list | tuple):
        raise InputError(f"is_one_of compares with a list, but the value is {shown(wanted)}.")
    return wanted


def _comparison(operator: str, wanted: Any, ignore_case: bool) -> Callable[[Any], bool]:
    compare: Callable[[Any, Any], Any] = ORDERS.get(operator, operators.eq)
    forms = forms_of(wanted, ignore_case)
    only_equality = operator == "equals"

    def test(value: Any) -> bool:
        family = family_of(value)
        if family not in forms or is_nan(value):
            return only_equality and family in ("none", "other") and value == wanted
        form = forms[family]
        if family == "moment":
            value = moment(value)
        elif family == "text" and ignore_case:
            value = value.casefold()
        elif isinstance(value, float) and isinstance(form, Decimal):
            form = float(form)
        elif isinstance(value, Decimal) and isinstance(form, float):
            value = float(value)
        try:
            return bool(compare(value, form))
        except (TypeError, ArithmeticError):  # A time with a zone and one without; a decimal that signals.
            return False

    return test


def family_of(value: Any) -> Family:
    """Which values can be compared with which."""
    match value:
        case None:
            return "none"
        case bool():
            return "boolean"
        case int() | float() | Decimal():
            return "number"
        case str():
            return "text"
        case date():
            return "moment"
        case time():
            return "time"
        case timedelta():
            return "duration"
    return "other"


def forms_of(wanted: Any, ignore_case: bool) -> dict[Family, Any]:
    """What is wanted, for each family of values that it can be compared with."""
    return dict(_forms(wanted, ignore_case))


def _forms(wanted: Any, ignore_case: bool) -> Iterator[tuple[Family, Any]]:
    family = family_of(wanted)
    if family not in ("none", "other") and not is_nan(wanted):
        folded = wanted.casefold() if family == "text" and ignore_case else wanted
        yield family, moment(folded) if family == "moment" else folded
    if isinstance(wanted, str):
        with suppress(NumberRangeError):
            if reading := read_number(wanted, thousands="none"):
                yield "number", reading.value
        with suppress(ValueError):
            yield "moment", moment(datetime.fromisoformat(wanted))
        with suppress(ValueError):
            yield "time", time.fromisoformat(wanted)
        if wanted.casefold() in ("true", "false"):
            yield "boolean", wanted.casefold() == "true"


def moment(value: date) -> datetime:
    """A date as its midnight, a time without a zone as UTC: so all can be compared."""
    if not isinstance(value, datetime):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    return value if value.tzinfo else value.replace(tzinfo=UTC)


def _text_condition(operator: str, wanted: Any, ignore_case: bool) -> Callable[[Any], bool]:
    part = wanted_text(operator, wanted)
    if operator == "matches":
        try:
            pattern = compile_pattern(part, ignore_case=ignore_case)
        except PatternError as error:
            raise InputError(str(error)) from None
        return lambda value: value is not None and pattern.search(plain_text(value)) is not None
    part = part.casefold() if ignore_case else part
    look: Callable[[str, str], bool]
    look = {"contains": str.__contains__, "starts_with": str.startswith, "ends_with": str.endswith}[operator]

    def test(value: Any) -> bool:
        if value is None:
            return False
        text = plain_text(value)
        return look(text.casefold() if ignore_case else text, part)

    return test


def wanted_text(operator: str, wanted: Any) -> str:
    """The text that is looked for.

    Raises:
        InputError: There is none.
    """
    if wanted is None:
        raise InputError(f"{operator} needs a `value` to look for.")
    return plain_text(wanted)
