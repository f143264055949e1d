"""The operators of expressions that compare: what cannot be meant is an error rather than false."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from exekra.flow.expressions.conversion import field_name
from exekra.flow.expressions.errors import ExpressionError
from exekra.flow.expressions.operators import exact, mismatch
from exekra.flow.expressions.values import describe, is_table
from exekra.flow.expressions.work import Work
from exekra.kit.dates import moments
from exekra.kit.numbers import is_nan

_SCALAR_TYPES = frozenset({int, float, bool, type(None), Decimal, date, datetime, time, timedelta})
_LONG_TEXT = 1_000
"""Texts up to this length are compared without counting."""


def _count_comparison(work: Work, left: Any, right: Any) -> None:
    if isinstance(left, str):
        if len(left) > _LONG_TEXT:
            work.read_text(min(len(left), len(right)) if isinstance(right, str) else 0)
    elif type(right) not in _SCALAR_TYPES and not isinstance(right, str):
        # Comparing reads no more than either side; the left one is counted.
        work.read_value(left)


def _comparable(verb: str, left: Any, right: Any) -> tuple[Any, Any]:
    """Two values of kinds that need a look, as two that compare as they are meant.

    Moments compare as such, decimals with what is written. What cannot be meant is an error rather than false: a text
    that is a number with a number, a moment with a zone with one that has none, a date with a moment.
    """
    if isinstance(left, datetime) and isinstance(right, datetime):
        if (left.tzinfo is None) != (right.tzinfo is None):
            raise mismatch(verb, left, right)
        return moments.instant(left), moments.instant(right)
    if isinstance(left, date) and isinstance(right, date) and type(left) is not type(right):
        raise mismatch(verb, left, right)
    if isinstance(left, str) != isinstance(right, str):
        text, other = (left, right) if isinstance(left, str) else (right, left)
        if isinstance(other, (int, float, Decimal)) and not isinstance(other, bool) and _NUMBER.fullmatch(text):
            raise mismatch(verb, left, right)
    return exact(left, right)


_NUMBER = re.compile(r"\s{0,9}[+-]?\d{1,30}(?:[.,]\d{1,30})*\s{0,9}", re.ASCII)
_TO_LOOK_AT = frozenset({datetime, date, Decimal, str})


def _comparison(verb: str, operation: Callable[[Any, Any], Any]) -> Callable[[Work, Any, Any], Any]:
    is_order = operation not in (operator.eq, operator.ne)

    def compare(work: Work, left: Any, right: Any) -> Any:
        if type(left) not in _SCALAR_TYPES:
            _count_comparison(work, left, right)
        kind, other = type(left), type(right)
        if (kind is not other or kind is datetime) and (kind in _TO_LOOK_AT or other in _TO_LOOK_AT):
            left, right = _comparable(verb, left, right)
        try:
            result = operation(left, right)
        except TypeError:
            raise mismatch(verb, left, right) from None
        if is_order and not result and (is_nan(left) or is_nan(right)):
            raise ExpressionError("This comparison has no result: one side is not a number (NaN)")
        return result

    return compare


equal = _comparison("compare", operator.eq)
not_equal = _comparison("compare", operator.ne)
less = _comparison("compare", operator.lt)
less_or_equal = _comparison("compare", operator.le)
greater = _comparison("compare", operator.gt)
greater_or_equal = _comparison("compare", operator.ge)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)


def _refuse_twin(part: Any, twins: Iterable[Any]) -> bool:
    """False, unless what was looked for stands there as the other of text and number, which cannot be meant."""
    wanted = field_name(part).strip()
    for twin in twins:
        if wanted == field_name(twin).strip():
            raise mismatch("compare", part, twin)
    return False


def is_in(work: Work, part: Any, whole: Any) -> bool:
    """Whether a text holds a text, a list an item, an object a key."""
    if isinstance(whole, str):
        if not isinstance(part, str):
            raise ExpressionError(f"A text can contain only a text, not {describe(part)}; use text(...)")
        work.read_text(len(whole))
        return part in whole
    if isinstance(whole, dict):
        return field_name(part) in whole
    if isinstance(whole, (list, tuple, set, frozenset)):
        work.spend(1 + len(whole) * (1 if type(part) in _SCALAR_TYPES else work.read_value(part)))
        if part in whole:
            return True
        if _is_number(part):
            return _refuse_twin(part, (item for item in whole if type(item) is str and _NUMBER.fullmatch(item)))
        if type(part) is str and _NUMBER.fullmatch(part):
            return _refuse_twin(part, filter(_is_number, whole))
        return False
    advice = "; use column(table, name) to look through a column" if is_table(whole) else ""
    raise ExpressionError(f"`in` looks into a text, a list or an object, not into {describe(whole)}{advice}")


def is_not_in(work: Work, part: Any, whole: Any) -> bool:
    """The opposite of `is_in`."""
    return not is_in(work, part, whole)


def chain(work: Work, first: Any, *steps: tuple[Callable[[Work, Any, Any], Any], Callable[[], Any]]) -> Any:
    """A chain of comparisons, `a < b < c`: each operand once, and none after the first that is false."""
    result: Any = True
    for compare, operand in steps:
        right = operand()
        result = compare(work, first, right)
        if not result:
            return result
        first = right
    return result
