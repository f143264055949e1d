"""Numbers: which are finite, and how texts write them, with a point or a comma and with signs between the thousands.

Whatever reads a number from a text does so by these rules: expressions, conversions and conditions. A CSV file is read
more strictly, because there a text such as 007 may be a code (`activities/csv/numbers.py`).
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Literal

from exekra.kit.text import without_blanks

DecimalSign = Literal[".", ","]
Thousands = Literal["auto", "none", ",", ".", "space", "'"]

BETWEEN_THOUSANDS: Mapping[str, str] = {
    ",": ",",
    ".": ".",
    "space": " \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{THIN SPACE}",
    "'": "'\N{RIGHT SINGLE QUOTATION MARK}",
}
"""The signs that may stand between thousands, by their name in `Thousands`."""

_LONGEST = 3_000
"""Characters of a number as text: reading more digits takes too long."""


def is_finite(number: float | Decimal) -> bool:
    """Whether it is neither infinite nor NaN; a decimal that signals is asked, too, without raising anything."""
    return number.is_finite() if isinstance(number, Decimal) else isinstance(number, int) or math.isfinite(number)


def is_nan(value: object) -> bool:
    """Whether a value is what is not a number (NaN), as a float or a decimal."""
    return value.is_nan() if isinstance(value, Decimal) else isinstance(value, float) and math.isnan(value)


class NumberRangeError(ValueError):
    """The text is a number, but a larger one than a number can be."""

    def __init__(self) -> None:
        super().__init__("it is larger than a number can be")


@dataclass(frozen=True, slots=True)
class NumberReading:
    """A number that was read.

    Attributes:
        value: The number; whole where it is written so.
        is_guess: Whether it would be another number if its sign between thousands were the decimal sign, as in 1,234.
    """

    value: int | float
    is_guess: bool = False


def read_number(text: str, decimal: DecimalSign = ".", thousands: Thousands = "auto") -> NumberReading | None:
    """The number that a text writes, with blanks around it; None where it is none.

    Only groups of three digits count as thousands, with one sign between all of them.

    Args:
        text: The text.
        decimal: What separates the fraction.
        thousands: What separates the thousands; `auto` accepts any sign but `decimal`.

    Raises:
        NumberRangeError: It is larger than a number can be, as 1e309 is.
    """
    written = without_blanks(text)
    if len(written) > _LONGEST:
        return None
    found = _pattern(decimal, thousands).fullmatch(written)
    if found is None:
        return None
    sign = found["between"]
    is_guess = thousands == "auto" and sign in (",", ".") and written.count(sign) == 1 and decimal not in written
    written = written.replace("\N{MINUS SIGN}", "-")
    if sign is not None:
        written = written.replace(sign, "")
    written = written.replace(decimal, ".")
    if written.lstrip("+-").isdecimal():
        return NumberReading(int(written), is_guess)
    value = float(written)
    if not math.isfinite(value):
        raise NumberRangeError
    return NumberReading(value, is_guess)


@cache
def _pattern(decimal: str, thousands: str) -> re.Pattern[str]:
    point = re.escape(decimal)
    signs = "".join(
        signs for name, signs in BETWEEN_THOUSANDS.items() if name != decimal and thousands in ("auto", name)
    )
    between = rf"[{signs}]" if signs else r"(?!)"
    # Zeros lead no thousands: 0,123 is a fraction with the other decimal sign.
    grouped = rf"[1-9]\d{{0,2}}(?P<between>{between})\d{{3}}(?:(?P=between)\d{{3}})*(?:{point}\d*)?"
    plain = rf"(?:\d+{point}?\d*|{point}\d+)(?:[eE][+-]?\d+)?"
    return re.compile(rf"[+\-\N{{MINUS SIGN}}]?(?:{grouped}|{plain})", re.ASCII)
