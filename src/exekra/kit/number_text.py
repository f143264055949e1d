"""Numbers as text, the same in expressions and in activities."""

from __future__ import annotations

from decimal import Decimal


def number_text(value: float | Decimal) -> str:
    """A number as people write it: no `.0` after a whole number, no exponent for what has at most 30 digits."""
    if isinstance(value, int):
        return str(int(value))
    text = str(value) if isinstance(value, Decimal) else repr(value)
    if isinstance(value, float):
        if "e" not in text:
            return text.removesuffix(".0")
        value = Decimal(text)
    # Beyond this the plain form would be mostly zeros, and without a bound.
    return f"{value:f}" if value.is_finite() and -30 < value.adjusted() < 30 else text
