"""What can be computed of the values of a group, value by value: `groups` does the same with whole columns."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from exekra.activities.data.values import shown
from exekra.activities.json_text import plain_text
from exekra.activities.ordering import identity, sort_key
from exekra.sdk.errors import BusinessError


class NotANumberError(BusinessError):
    """A value to be added up is not a number."""


def computed(function: str, column: str, values: Sequence[Any]) -> Any:
    """The function of the values, those that are None left out.

    Args:
        function: One of `FUNCTIONS`.
        column: The name of the column, for errors.
        values: The values of one group.

    Raises:
        NotANumberError: A value to be added up is not a number.
    """
    filled = [value for value in values if value is not None]
    if function in ("sum", "average"):
        for value in filled:
            if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
                raise not_a_number(function, column, value)
    result = FUNCTIONS[function](filled)
    is_endless = function in ("sum", "average") and isinstance(result, float) and not math.isfinite(result)
    if is_endless and all(map(math.isfinite, filled)):
        raise NotANumberError(
            f"The {function} of `{column}` is larger than a number can be. Filter out what is too large."
        )
    return result


def not_a_number(function: str, column: str, value: Any) -> NotANumberError:
    """The error that says which value cannot be added up."""
    return NotANumberError(
        f"Column `{column}` holds {shown(value)}, which is not a number, so there is no {function}. "
        "Filter such rows out, or use Convert Column."
    )


def exact_sum(values: Sequence[Any]) -> Any:
    """The sum, rounded once at the end: ten times 0.1 is 1. A float where one of the values is."""
    if not any(isinstance(value, float) for value in values):
        return sum(values)
    try:
        return math.fsum(values)
    except (OverflowError, ValueError):  # Beyond what a float holds, or infinities of both signs.
        return sum(map(float, values))


def average(values: Sequence[Any]) -> Any:
    """The mean; None of no values."""
    if not values:
        return None
    if not any(isinstance(value, float) for value in values):
        return sum(values) / len(values)
    try:
        return float(sum(map(Fraction, values)) / len(values))
    except (OverflowError, ValueError):  # Infinities.
        return sum(map(float, values)) / len(values)


def _order(value: Any) -> Any:
    return sort_key(value) or ()


FUNCTIONS: Mapping[str, Callable[[list[Any]], Any]] = {
    "sum": exact_sum,
    "average": average,
    "min": lambda values: min(values, key=_order, default=None),
    "max": lambda values: max(values, key=_order, default=None),
    "first": lambda values: values[0] if values else None,
    "last": lambda values: values[-1] if values else None,
    "count": len,
    "count_unique": lambda values: len(set(map(identity, values))),
    "list": list,
    "join": lambda values: ", ".join(map(plain_text, values)),
}
