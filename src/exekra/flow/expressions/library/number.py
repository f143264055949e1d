"""Functions on numbers."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from exekra.flow.expressions import comparisons, operators
from exekra.flow.expressions.errors import ExpressionBoundError, ExpressionError, shorten
from exekra.flow.expressions.functions import Items, Number, function
from exekra.flow.expressions.values import describe
from exekra.flow.expressions.work import Work
from exekra.kit.numbers import DecimalSign, NumberRangeError, is_nan, read_number
from exekra.kit.sums import exact_average, exact_sum


@function("number")
def number(value: str | Number | bool, point: str = ".") -> Number:
    """Turn a text into a number.

    Thousands may be separated by commas, points (where they are not the decimal point), blanks or apostrophes.
    A number stays as it is, true is 1 and false 0. What is larger than a number can be, as 1e309, is an error.

    Examples:
        number("12") == 12
        number(" -1,234.50 ") == -1234.5
        number("−5") == -5
        number("1.234,50", ",") == 1234.5
    """
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, (int, float, Decimal)):
        return value
    try:
        reading = read_number(value, _decimal_sign(point))
    except NumberRangeError as error:
        raise ExpressionBoundError("number size", f"'{shorten(value, 40)}' cannot be read: {error}") from None
    if reading is None:
        raise ExpressionError(f"'{shorten(value, 40)}' is not a number; for a decimal comma write number(x, \",\")")
    return reading.value


@function("number")
def is_number(value: Any, point: str = ".") -> bool:
    """Whether a value is a number or a text that `number` can read.

    Examples:
        is_number("12.5")
        not is_number("twelve")
        not is_number(null)
    """
    if isinstance(value, str):
        try:
            return read_number(value, _decimal_sign(point)) is not None
        except NumberRangeError:
            return False
    return isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)


def _decimal_sign(point: str) -> DecimalSign:
    match point:
        case "." | ",":
            return point
    raise ExpressionError('The decimal point is "." or ","')


@function("number", name="round")
def round_number(number: Number, digits: int = 0) -> Number:
    """Round to a number of decimals, halves away from zero as in a spreadsheet; negative digits round tens, hundreds.

    Without digits the result is a whole number.

    Examples:
        round(2.5) == 3
        round(-2.675, 2) == -2.68
        round(1234, -2) == 1200
    """
    if not -300 <= digits <= 300:
        raise ExpressionError("round() takes -300 to 300 digits")
    exact = _exact("round", number)
    shifted = exact.scaleb(digits)
    if shifted.adjusted() < 27:
        exact = shifted.to_integral_value(ROUND_HALF_UP).scaleb(-digits)
    if digits <= 0 or isinstance(number, int):
        return int(exact)
    return exact if isinstance(number, Decimal) else float(exact)


@function("number")
def floor(number: Number) -> int:
    """Round down to a whole number.

    Examples:
        floor(-1.5) == -2
    """
    _exact("floor", number)
    return math.floor(number)


@function("number", aliases=("ceil",))
def ceiling(number: Number) -> int:
    """Round up to a whole number.

    Examples:
        ceiling(1.2) == 2
    """
    _exact("ceiling", number)
    return math.ceil(number)


def _exact(name: str, number: Number) -> Decimal:
    """The number with all its digits; refuses what has no whole part or too long a one."""
    exact = number if isinstance(number, Decimal) else Decimal(str(number))
    if not exact.is_finite():
        raise ExpressionError(f"{name}() needs a finite number")
    if exact.adjusted() > 3_000:
        raise ExpressionBoundError("number size", "The number has too many digits")
    return exact


@function("number", name="abs")
def absolute(number: Number) -> Number:
    """Give a number without its sign.

    Examples:
        abs(-3) == 3
    """
    return number.copy_abs() if isinstance(number, Decimal) else abs(number)


@function("number", name="min")
def smallest(work: Work, *values: Any) -> Any:
    """Give the smallest of several values, or of one list. Null and NaN in a list are left out.

    Examples:
        min(3, 1, 2) == 1
        min([2.5, null, 7]) == 2.5
    """
    return _extreme(work, "min", values, comparisons.less)


@function("number", name="max")
def largest(work: Work, *values: Any) -> Any:
    """Give the largest of several values, or of one list. Null and NaN in a list are left out.

    Examples:
        max(3, 1, 2) == 3
        max([date(2026, 1, 1), date(2025, 1, 1)]) == date(2026, 1, 1)
    """
    return _extreme(work, "max", values, comparisons.greater)


def _extreme(work: Work, name: str, values: tuple[Any, ...], is_better: Any) -> Any:
    items = values
    if len(values) == 1:
        if not isinstance(values[0], (list, tuple)):
            raise ExpressionError(f"{name}() needs a list or several values, not {describe(values[0])}")
        items = tuple(values[0])
    work.spend(1 + len(items) * 3)
    best = None
    for item in items:
        if item is not None and not is_nan(item) and (best is None or is_better(work, item, best)):
            best = item
    if best is None:
        raise ExpressionError(f"{name}() has nothing to choose from: the list is empty")
    return best


@function("number", name="sum")
def total(work: Work, items: Items) -> Any:
    """Add up a list of numbers or durations; null is left out, an empty list gives 0.

    Examples:
        sum([1, 2.5, null]) == 3.5
        sum([line.price * line.count for line in [{"price": 2, "count": 3}]]) == 6
    """
    work.spend(1 + len(items) * 3)
    present = [item for item in items if item is not None]
    if set(map(type, present)) <= _NUMBERS:
        return operators.check_number(exact_sum(present))
    result: Any = None
    for item in present:
        if isinstance(item, (str, list, tuple)):
            raise ExpressionError(f"sum() adds numbers, not {describe(item)}; use number(...) or join(...)")
        result = item if result is None else operators.add(work, result, item)
    return result


_NUMBERS = {int, float, Decimal}


@function("number")
def average(work: Work, items: Items) -> Any:
    """Give the average of a list of numbers; null is left out.

    Examples:
        average([1, 2, 6]) == 3
    """
    work.spend(1 + len(items) * 3)
    present = [item for item in items if item is not None]
    if not present:
        raise ExpressionError("average() has nothing to divide by: the list is empty")
    if set(map(type, present)) <= _NUMBERS:
        return operators.check_number(exact_average(present))
    return operators.divide(work, total(work, present), len(present))
