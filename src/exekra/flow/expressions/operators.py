"""The operators that expressions are compiled to: Python's own, with bounds and with messages for people.

Those that compare are in `comparisons`.

Numbers take the first branch of each: an expression in a loop is evaluated millions of times. Each raises
`ExpressionError` where the types do not fit and `ExpressionBoundError` where a bound is reached; the compiled
expression adds the place.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from exekra.flow.expressions.conversion import field_name
from exekra.flow.expressions.errors import ExpressionBoundError, ExpressionError, nearest, shorten
from exekra.flow.expressions.values import describe, is_table, type_name
from exekra.flow.expressions.work import Work
from exekra.kit.dates import DateRangeError, moments
from exekra.kit.numbers import is_finite, is_nan

MAX_BITS = 10_000
"""Bits of a whole number, about 3,000 digits."""

_HUGE = 1 << MAX_BITS
_MINUS_HUGE = -_HUGE
_NUMBER_TYPES = frozenset({int, float})
_COMPUTABLE = (int, float, Decimal, date, time, timedelta)
_LISTS = (list, tuple)

_DATE_FIELDS = {
    date: ("year", "month", "day"),
    datetime: ("year", "month", "day", "hour", "minute", "second"),
    time: ("hour", "minute", "second"),
}


def check_number(value: Any) -> Any:
    """Return a computed value, refusing a number that is not finite or has more than `MAX_BITS` bits."""
    if isinstance(value, int):
        if not _MINUS_HUGE < value < _HUGE:
            raise ExpressionBoundError("number size", f"The number would have more than {MAX_BITS:,} bits")
    elif is_nan(value):
        raise ExpressionError("This calculation has no result: it is not a number (NaN)")
    elif isinstance(value, (float, Decimal)) and not is_finite(value):
        raise ExpressionBoundError("number size", "The number would be too large")
    return value


def mismatch(verb: str, left: Any, right: Any) -> ExpressionError:
    """The error where two values do not go together, with what to do."""
    advice = ""
    names = {type_name(left), type_name(right)}
    if "null" in names:
        advice = "; use default(value, ...) to choose a value for null"
    elif names == {"text", "number"}:
        advice = "; use text(...) to join or number(...) to calculate"
    elif names & {"date", "datetime"} and "number" in names:
        advice = "; use date_add(date, days=...)"
    elif names & {"date", "datetime"} and "text" in names:
        advice = "; use date(...) or datetime(...) to read the text"
    elif names == {"date", "datetime"}:
        advice = "; use date(...) or datetime(...) to make them alike"
    elif names <= {"datetime", "time"}:
        advice = ": one has a time zone and the other has none"
    return ExpressionError(f"Cannot {verb} {describe(left)} and {describe(right)}{advice}")


def _moved(verb: str, operation: Callable[[Any, Any], Any], left: Any, right: Any) -> Any:
    """A date or moment that is added to or subtracted from: time passes, whatever the clocks on the wall show."""
    duration = left if isinstance(left, timedelta) else right
    moment = right if isinstance(left, timedelta) else left
    if isinstance(moment, datetime) and moment.tzinfo is not None:
        if isinstance(duration, timedelta) and verb in ("add", "subtract"):
            return moments.later(moment, duration if verb == "add" else -duration)
        if isinstance(duration, datetime) and duration.tzinfo is not None and verb == "subtract":
            return moments.elapsed(right, left)
    return operation(left, right)


def _computed(verb: str, operation: Callable[[Any, Any], Any], left: Any, right: Any) -> Any:
    if not isinstance(left, _COMPUTABLE) or not isinstance(right, _COMPUTABLE):
        raise mismatch(verb, left, right)
    try:
        if isinstance(left, date) or isinstance(right, date):
            return _moved(verb, operation, left, right)
        return check_number(operation(*exact(left, right)))
    except TypeError:
        raise mismatch(verb, left, right) from None
    except DateRangeError:
        raise ExpressionBoundError("date range", "The date would be outside the years 1 to 9999") from None
    except ZeroDivisionError:
        raise ExpressionError("Division by zero; check the divisor first: `a / b if b else 0`") from None
    except OverflowError:
        if isinstance(left, date) or isinstance(right, date):
            raise ExpressionBoundError("date range", "The date would be outside the years 1 to 9999") from None
        raise ExpressionBoundError("number size", "The number would be too large") from None


def exact(left: Any, right: Any) -> tuple[Any, Any]:
    """Both as decimals where one is: 0.1 is the decimal that is written so, not the nearest binary number.

    A decimal that is not a number (NaN) becomes a float that is none: some signal, and none has an order.
    """
    if is_nan(left) or is_nan(right):
        return _quiet(left), _quiet(right)
    if isinstance(left, Decimal) and isinstance(right, float):
        return left, Decimal(repr(right))
    if isinstance(right, Decimal) and isinstance(left, float):
        return Decimal(repr(left)), right
    return left, right


def _quiet(value: Any) -> Any:
    return math.nan if is_nan(value) else float(value) if isinstance(value, Decimal) else value


def add(work: Work, left: Any, right: Any) -> Any:
    """Left + right: numbers, texts, lists, a date and a duration."""
    if type(left) in _NUMBER_TYPES and type(right) in _NUMBER_TYPES:
        added = left + right
        # What is not finite less itself is NaN, and true. A whole number grows by one bit at most: it needs no check.
        return check_number(added) if added - added else added
    if isinstance(left, str) and isinstance(right, str):
        work.make_text(len(left) + len(right))
        return left + right
    if isinstance(left, _LISTS) and isinstance(right, _LISTS):
        work.make_items(len(left) + len(right))
        return [*left, *right]
    return _computed("add", operator.add, left, right)


def subtract(work: Work, left: Any, right: Any) -> Any:
    """Left - right: numbers, dates and durations."""
    if type(left) in _NUMBER_TYPES and type(right) in _NUMBER_TYPES:
        difference = left - right
        return check_number(difference) if difference - difference else difference
    return _computed("subtract", operator.sub, left, right)


def multiply(work: Work, left: Any, right: Any) -> Any:
    """Left * right: numbers, a duration and a number, a text or list and how often to repeat it."""
    if type(left) in _NUMBER_TYPES and type(right) in _NUMBER_TYPES:
        product = left * right
        if type(product) is float:
            return check_number(product) if product - product else product
        return product if _MINUS_HUGE < product < _HUGE else check_number(product)
    if isinstance(left, int) and isinstance(right, (str, *_LISTS)):
        left, right = right, left
    if isinstance(right, int) and isinstance(left, str):
        work.make_text(len(left) * max(right, 0))
        return left * right
    if isinstance(right, int) and isinstance(left, _LISTS):
        work.make_items(len(left) * max(right, 0))
        return [*left] * right
    return _computed("multiply", operator.mul, left, right)


def divide(work: Work, left: Any, right: Any) -> Any:
    """Left / right: numbers and durations."""
    return _computed("divide", operator.truediv, left, right)


def floor_divide(work: Work, left: Any, right: Any) -> Any:
    """Left // right: numbers and durations, rounded down."""
    return _computed("divide", operator.floordiv, left, right)


def remainder(work: Work, left: Any, right: Any) -> Any:
    """Left % right: what division leaves. Never text formatting."""
    return _computed("take the remainder of", operator.mod, left, right)


def power(work: Work, left: Any, right: Any) -> Any:
    """Left ** right for numbers; the size is checked before it is computed."""
    if not isinstance(left, (int, float, Decimal)) or not isinstance(right, (int, float, Decimal)):
        raise mismatch("raise to a power", left, right)
    if isinstance(left, int) and isinstance(right, int):
        # The bits of the result are between the product and half of it.
        too_large = abs(left) > 1 and left.bit_length() * right > MAX_BITS * 2
    else:
        too_large = isinstance(left, Decimal) and not -MAX_BITS < right < MAX_BITS
    if too_large:
        raise ExpressionBoundError("number size", f"The number would have more than {MAX_BITS:,} bits")
    result = _computed("raise to a power", operator.pow, left, right)
    if isinstance(result, complex):
        raise ExpressionError("A negative number has no such root")
    return result


def negative(value: Any) -> Any:
    """-value: numbers and durations."""
    if not isinstance(value, (int, float, Decimal, timedelta)):
        raise ExpressionError(f"Cannot take the negative of {describe(value)}")
    return value.copy_negate() if isinstance(value, Decimal) else -value  # The sign of Python rounds a decimal.


def positive(value: Any) -> Any:
    """+value: numbers and durations."""
    if not isinstance(value, (int, float, Decimal, timedelta)):
        raise ExpressionError(f"Cannot put a plus before {describe(value)}")
    return value if isinstance(value, Decimal) else +value


def field(value: Any, name: str, base: str) -> Any:
    """`base.name`: a field of an object, a part of a date, the columns of a table."""
    if type(value) is dict:
        try:
            return value[name]
        except KeyError:
            pass
    if isinstance(value, dict):
        if name in value:
            return value[name]
        keys = [str(key) for key in list(value)[:1_000]]
        known = nearest(name, keys) or (f"; it has {shorten(', '.join(keys), 80)}" if keys else "; it has no fields")
        known += f'; where it may be missing, write get({shorten(base)}, "{shorten(name)}")'
        raise ExpressionError(f"`{shorten(base)}` has no field '{name}'{known}")
    if value is None:
        raise ExpressionError(
            f"`{shorten(base)}` is empty (null), so it has no field '{name}'; "
            f"check it first: `{shorten(base)}.{name} if {shorten(base)} else ...`"
        )
    if name in _DATE_FIELDS.get(type(value), ()):
        return getattr(value, name)
    if name == "columns" and is_table(value):
        return list(value.columns)
    advice = ""
    if isinstance(value, (list, tuple)) or is_table(value):
        advice = f"; take one of its items: `{shorten(base)}[0].{name}`"
    raise ExpressionError(f"`{shorten(base)}` is {describe(value)}, so it has no field '{name}'{advice}")


def item(value: Any, key: Any, base: str) -> Any:
    """`base[key]`: an item of a list or text by its number from 0 (negative: from the end), of an object by its key."""
    if isinstance(value, dict):
        return field(value, field_name(key), base)
    if isinstance(value, (list, tuple, str)) or is_table(value):
        if isinstance(key, float) and key.is_integer():
            key = int(key)
        if not isinstance(key, int):
            raise ExpressionError(
                f"`{shorten(base)}` is {describe(value)}: its items have numbers, not {describe(key)}"
            )
        try:
            return value[key]
        except IndexError:
            raise ExpressionError(
                f"`{shorten(base)}` has {len(value)} items, so there is no item {shorten(str(key), 20)}; the first is 0"
            ) from None
    if value is None:
        raise ExpressionError(f"`{shorten(base)}` is empty (null), so it has no items")
    raise ExpressionError(f"`{shorten(base)}` is {describe(value)}, so it has no items")


def part_of(work: Work, value: Any, start: Any, stop: Any, step: Any) -> Any:
    """`value[start:stop:step]` of a list, a text or a table."""
    if not isinstance(value, (list, tuple, str)) and not is_table(value):
        raise ExpressionError(f"Only a list, a text or a table can be cut with [:], not {describe(value)}")
    for bound in (start, stop, step):
        if bound is not None and not isinstance(bound, int):
            raise ExpressionError(f"The numbers in [:] must be whole, not {describe(bound)}")
    if step == 0:
        raise ExpressionError("The step in [::] must not be 0")
    cut = slice(start, stop, step)
    length = len(range(*cut.indices(len(value))))
    if isinstance(value, str):
        work.make_text(length)
        return value[cut]
    work.make_items(length)
    return list(value[cut]) if isinstance(value, tuple) else value[cut]


def make_object(pairs: Iterable[tuple[Any, Any]]) -> dict[str, Any]:
    """An object of names and values; of the same name twice the last counts.

    Raises:
        ExpressionError: A name is a list or an object, or two different values would be one name.
    """
    made: dict[str, Any] = {}
    others: dict[str, Any] = {}
    for key, value in pairs:
        name = field_name(key)
        if name in made and type_name(key) != type_name(others.get(name, name)):
            raise ExpressionError(
                f"{describe(key).capitalize()} and {describe(others.get(name, name))} would both be the field "
                f"'{shorten(name, 40)}'; make their names differ"
            )
        if key is not name:
            others[name] = key
        made[name] = value
    return made


def each(work: Work, value: Any, units: int) -> Any:
    """What a comprehension walks over, its work counted beforehand: `units` for each item.

    Lists, texts (characters), objects (keys) and tables (rows).
    """
    if isinstance(value, (list, tuple, str, dict, set, frozenset)) or is_table(value):
        # Rows of a table are made when they are walked over.
        work.spend(len(value) * (units + 2 * len(value.columns) if is_table(value) else units))
        return value
    advice = "; use default(value, [])" if value is None else ""
    raise ExpressionError(
        f"A comprehension goes through a list, an object or a table, not through {describe(value)}{advice}"
    )
