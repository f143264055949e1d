"""What can be computed of the values of a group, value by value: `groups` does the same with whole columns."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from exekra.activities.json_text import plain_text, shown
from exekra.activities.ordering import identity, sort_key
from exekra.kit.numbers import is_nan
from exekra.kit.sums import exact_average, exact_sum
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
    try:
        return FUNCTIONS[function](filled)
    except OverflowError:
        raise NotANumberError(
            f"The {function} of `{column}` is larger than a number can be. Filter out what is too large."
        ) from None


def not_a_number(function: str, column: str, value: Any) -> NotANumberError:
    """The error that says which value cannot be added up."""
    return NotANumberError(
        f"Column `{column}` holds {shown(value)}, which is not a number, so there is no {function}. "
        "Filter such rows out, or use Convert Column."
    )


def _order(value: Any) -> Any:
    return sort_key(value) or ()


def _ordered(values: list[Any]) -> list[Any]:
    """The values that have a place in an order: NaN only where there is nothing else."""
    return [value for value in values if not is_nan(value)] or values


FUNCTIONS: Mapping[str, Callable[[list[Any]], Any]] = {
    "sum": exact_sum,
    "average": lambda values: exact_average(values) if values else None,
    "min": lambda values: min(_ordered(values), key=_order, default=None),
    "max": lambda values: max(_ordered(values), key=_order, default=None),
    "first": lambda values: values[0] if values else None,
    "last": lambda values: values[-1] if values else None,
    "count": len,
    "count_unique": lambda values: len(set(map(identity, values))),
    "list": list,
    "join": lambda values: ", ".join(map(plain_text, values)),
}
