"""Sums and averages that are exact, and rounded once at the end: ten times 0.1 is 1."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal, localcontext
from fractions import Fraction

from exekra.kit.numbers import is_finite, is_nan

_EXACT = Context(prec=2_000, Emax=MAX_EMAX, Emin=MIN_EMIN, traps=[])


def exact_sum(values: Sequence[float | Decimal]) -> int | float | Decimal:
    """The sum; 0 of no values.

    It is a decimal where one of the values is, with floats as they are written; otherwise a float where one is. With
    infinity or NaN among the values, it is such a float.

    Raises:
        OverflowError: It is larger than a float can be.
    """
    kinds = set(map(type, values))
    if _has(kinds, Decimal):
        return _sum_of_decimals(values)
    if not _has(kinds, float):
        return sum(values)
    try:
        return math.fsum(values)
    except (OverflowError, ValueError):  # Too large on the way to the sum, or infinities of both signs.
        return _sum_not_finite(values) if not all(map(is_finite, values)) else float(sum(map(Fraction, values)))


def exact_average(values: Sequence[float | Decimal]) -> float | Decimal:
    """The mean of one value or more, of the type that their sum has; of whole numbers a float.

    Raises:
        OverflowError: It is larger than a float can be.
    """
    if _has(set(map(type, values)), Decimal) or not all(map(is_finite, values)):
        return exact_sum(values) / len(values)
    return float(sum(map(Fraction, values)) / len(values))


def _has(kinds: set[type], kind: type) -> bool:
    return any(issubclass(one, kind) for one in kinds)


def _sum_of_decimals(values: Sequence[float | Decimal]) -> float | Decimal:
    if not all(map(is_finite, values)):
        return _sum_not_finite(values)
    first, *others = (Decimal(repr(value)) if isinstance(value, float) else Decimal(value) for value in values)
    with localcontext(_EXACT):
        return sum(others, first)


def _sum_not_finite(values: Iterable[float | Decimal]) -> float:
    return sum(math.nan if is_nan(value) else float(value) for value in values if not is_finite(value))
