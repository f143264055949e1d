"""Numbers as the texts of a column write them: with a point or a comma, and with signs between the thousands."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from exekra.kit.numbers import BETWEEN_THOUSANDS, Thousands

Decimal = Literal["auto", ".", ","]

_GROUPS = {name: f"[{signs}]" for name, signs in BETWEEN_THOUSANDS.items()}

MOST_DIGITS = 17
"""Digits that a fraction may have: what has more would lose some, and stays text."""


@dataclass(frozen=True)
class NumberForm:
    """One way to write numbers.

    Attributes:
        decimal: What separates the fraction, "." or ",".
        thousands: What separates thousands, as in `Thousands`; "none" for nothing.
    """

    decimal: str
    thousands: str = "none"

    @cached_property
    def pattern(self) -> str:
        """A regular expression of all of a number.

        A code is not a number: 007, 12E12 and an integer of more than 18 digits do not fit. An exponent has a sign.
        """
        point = re.escape(self.decimal)
        large = rf"[1-9](?:{point}[0-9]+)?[eE][+-](?:[12][0-9]{{2}}|30[0-7])"
        plain = rf"(?:{large}|(?:0|[1-9][0-9]{{0,17}})(?:{point}[0-9]+)?(?:[eE][+-][0-9]{{1,2}})?|{point}[0-9]+)"
        if self.thousands == "none":
            return rf"-?{plain}"
        return rf"-?(?:{plain}|[1-9][0-9]{{0,2}}(?:{_GROUPS[self.thousands]}[0-9]{{3}}){{1,5}}(?:{point}[0-9]+)?)"

    @cached_property
    def _fits(self) -> re.Pattern[str]:
        return re.compile(self.pattern, re.ASCII)

    @property
    def between(self) -> str:
        """A regular expression of what stands between thousands."""
        return _GROUPS[self.thousands]

    def fits(self, text: str) -> bool:
        """Whether a text without blanks around it is a number in this form."""
        if not self._fits.fullmatch(text):
            return False
        return len(text) <= MOST_DIGITS or self.decimal not in text or _digits(text) <= MOST_DIGITS

    def value(self, text: str) -> int | float:
        """The number that a text which fits writes."""
        if self.thousands != "none":
            text = re.sub(_GROUPS[self.thousands], "", text)
        if self.decimal in text or "e" in text.lower():
            return float(text.replace(self.decimal, "."))
        return int(text)

    @property
    def said(self) -> str:
        """The form in words."""
        mark = {",": "comma", ".": "point"}[self.decimal]
        if self.thousands == "none":
            return f"a decimal {mark}"
        between = {"space": "a blank"}.get(self.thousands, f"`{self.thousands}`")
        return f"a decimal {mark} and {between} between thousands"


def _digits(text: str) -> int:
    """The digits that matter, without the zeros before the first and without the exponent."""
    mantissa = re.split("[eE]", text)[0]
    return len(re.sub("[^0-9]", "", mantissa).lstrip("0"))


POINT = NumberForm(".")
COMMA = NumberForm(",")
POINT_GROUPED = NumberForm(".", ",")
COMMA_GROUPED = NumberForm(",", ".")
_OTHER = tuple(NumberForm(decimal, group) for group in ("space", "'") for decimal in (".", ","))

ALL_FORMS = (POINT, COMMA, POINT_GROUPED, COMMA_GROUPED, *_OTHER)


def stated_forms(decimal: Decimal, thousands: Thousands) -> tuple[NumberForm, ...]:
    """The forms that numbers may have by what was stated, the simplest first."""
    decimals = (".", ",") if decimal == "auto" else (decimal,)
    return tuple(
        form
        for form in ALL_FORMS
        if form.decimal in decimals and (form.thousands == "none" or thousands in ("auto", form.thousands))
    )


@dataclass(frozen=True, slots=True)
class Choice:
    """The form of the numbers of a column.

    Attributes:
        form: The form; None where the column stays text.
        said: What to say about it, as the end of a sentence that begins with the column's values.
        is_doubtful: Whether the values may be read wrongly by it.
    """

    form: NumberForm | None
    said: str = ""
    is_doubtful: bool = False


@dataclass(frozen=True, slots=True)
class Numbers:
    """How a column can be read as numbers.

    Attributes:
        forms: The forms that all of its values fit.
        fraction: Whether a value has a fraction: without one, 12.345.678 may as well be a code.
    """

    forms: frozenset[NumberForm]
    fraction: bool

    @property
    def simplest(self) -> NumberForm:
        return next(form for form in ALL_FORMS if form in self.forms)

    @property
    def proves(self) -> str | None:
        """The decimal sign that the column can only have."""
        decimals = {form.decimal for form in self.forms}
        return decimals.pop() if len(decimals) == 1 and (self.fraction or POINT in self.forms) else None


FRACTION = (
    r"[.,](?:[0-9]{1,2}|[0-9]{4,}|[0-9]{3}[eE][+-][0-9]+)(?:[eE][+-][0-9]+)?$"
    r"|\.[0-9]{3},[0-9]+$|,[0-9]{3}\.[0-9]+$|^-?0?[.,][0-9]+$"
)
"""Where this is found in a number, its last point or comma cannot be one between thousands."""

_FRACTION = re.compile(FRACTION)


def has_fraction(text: str) -> bool:
    """Whether the last point or comma of a number cannot be one between thousands."""
    return _FRACTION.search(text) is not None


def choose_forms(columns: Sequence[Numbers], decimal: Decimal, thousands: Thousands) -> list[Choice]:
    """The form for each column.

    Where the decimal sign is not stated, it is the comma only if a column can have no other and none contradicts it;
    what may be two different numbers, or a code, stays text.
    """
    stated = frozenset(stated_forms(decimal, thousands))
    allowed = [Numbers(stated & column.forms, column.fraction) for column in columns]
    if decimal != "auto":
        return [_stated(column, thousands) for column in allowed]
    proofs = {column.proves for column in allowed if column.forms} - {None}
    return [_guessed(column, proofs, thousands) for column in allowed]


def _stated(column: Numbers, thousands: Thousands) -> Choice:
    if not column.forms:
        return Choice(None)
    form = column.simplest
    if form.thousands != "none" and not column.fraction and thousands == "auto":
        return Choice(form, f"were read as numbers with {form.said}, and may be codes", is_doubtful=True)
    return Choice(form)


def _guessed(column: Numbers, proofs: set[str | None], thousands: Thousands) -> Choice:
    if not column.forms:
        return Choice(None)
    form = column.simplest
    if {POINT, COMMA} <= column.forms:
        return Choice(POINT)  # Integers: no sign in them says anything.
    if form.thousands != "none" and not column.fraction and thousands == "auto":
        return Choice(None, f"look like numbers with {form.said}; they stay text")
    if column.proves == "," and proofs == {","}:
        return Choice(form, f"look like numbers with {form.said}, and were read so")
    if column.proves == ",":
        doubt = f"look like numbers with {form.said}, but other columns have a decimal point; they stay text"
        return Choice(None, doubt, is_doubtful=True)
    if form is POINT and (column.proves or proofs != {","}):
        return Choice(POINT)
    if column.proves == "." and "," not in proofs:
        return Choice(form, f"look like numbers with {form.said}, and were read so")
    return Choice(None, "may be two different numbers; they stay text")
