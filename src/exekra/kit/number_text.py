"""Numbers as text, the same in expressions and in activities."""

from __future__ import annotations

from decimal import Decimal


def number_text(value: float | Decimal) -> str:
    """A number as people write it: no `.0` after a whole number, no exponent where 15 digits are enough."""
    if isinstance(value, int):
        return str(int(value))
    if isinstance(value, Decimal):
        # Beyond this the plain form would be mostly zeros, and without a bound.
        return f"{value:f}" if value.is_finite() and -30 < value.adjusted() < 30 else str(value)
    if value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return repr(value)
