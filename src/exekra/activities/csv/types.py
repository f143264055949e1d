"""Recognises what the texts of a column mean: numbers, true and false, dates.

A column changes its type only where every filled field of it fits, so that no value is ever half understood.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from exekra.activities.csv.numbers import (
    ALL_FORMS,
    COMMA,
    POINT,
    Choice,
    Decimal,
    NumberForm,
    Numbers,
    choose_forms,
    has_fraction,
)
from exekra.kit.number_text import number_text
from exekra.kit.numbers import Thousands
from exekra.sdk.table import Table, TableWriter

BLANKS = " \t\r\n\N{NO-BREAK SPACE}"
"""What may stand around a value without a meaning."""

BOOLEANS = {"true": True, "false": False, "True": True, "False": False, "TRUE": True, "FALSE": False}
_YEAR = "(?:[0-9]{3}[1-9]|[0-9]{2}[1-9]0|[0-9][1-9]00|[1-9]000)"  # There is no year 0.
DATE = f"{_YEAR}-[0-9]{{2}}-[0-9]{{2}}"
DATE_TIME = rf"{DATE}[T ](?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:\.[0-9]{{1,6}})?)?"
OFFSET = "(?:Z|[+-][0-9]{2}:[0-9]{2})"
DOTTED = rf"(?:0?[1-9]|[12][0-9]|3[01])\.(?:0?[1-9]|1[0-2])\.{_YEAR}"
DOTTED_TIME = rf"{DOTTED},? (?:[01]?[0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:\.[0-9]{{1,6}})?)?"

_DOTTED_PARTS = re.compile(r"([0-9]+)\.([0-9]+)\.([0-9]{4})(?:,? ([0-9]+)(:.*))?")
_LIKE_DATE = re.compile(
    r"(?:(?:19|20)[0-9]{2}([./-])[0-9]{1,2}\1[0-9]{1,2}"
    r"|[0-3]?[0-9]([./-])[0-3]?[0-9]\2(?:19|20)[0-9]{2}"
    r"|[0-3]?[0-9]/[0-3]?[0-9]/[0-9]{2}|[0-3][0-9]\.[01][0-9]\.[0-9]{2})"
    r"(?:(?:,? |T)[0-9]{1,2}:[0-9]{2}.{0,40})?"
)
"""What a person takes for a date, in whatever form."""

_CURRENCY = "[€$£¥]|EUR|USD|GBP|CHF"
_AMOUNT = re.compile(rf"(?:{_CURRENCY})?[{BLANKS}]?[-−]?[0-9][0-9.,'’{BLANKS}]*[{BLANKS}]?(?:%|‰|{_CURRENCY})?-?")
_UNIT = re.compile(rf"[%‰−]|{_CURRENCY}|[.,][0-9]+-$|[0-9],[0-9]{{2}},[0-9]{{3}}(?:\.|$)")
"""What makes an amount of a number: a currency or a unit, a minus where no number has one, or lakhs."""

FEW = 5
"""A column that is one of numbers but for so few different texts is mentioned."""


@dataclass(frozen=True, slots=True)
class _Kind:
    """A type that texts may have, besides numbers: which ones fit, and their values."""

    name: Literal["boolean", "date", "moment", "zoned", "dotted", "dotted moment"]
    fits: Callable[[str], object]
    value: Callable[[str], Any]


def _in_calendar(pattern: str, value: Callable[[str], Any]) -> Callable[[str], bool]:
    """Whether a text has the pattern and names a day that exists, which only the calendar can tell."""
    shape = re.compile(pattern)

    def fits(text: str) -> bool:
        if not shape.fullmatch(text):
            return False
        try:
            value(text)
        except ValueError:
            return False
        return True

    return fits


def _dotted(text: str) -> str:
    """A date with dots, the day first, in the form of ISO 8601."""
    found = _DOTTED_PARTS.fullmatch(text)
    if found is None:
        raise ValueError
    day, month, year, hour, rest = found.groups()
    return f"{year}-{month:0>2}-{day:0>2}" + (f" {hour:0>2}{rest}" if hour else "")


def _dotted_date(text: str) -> date:
    return date.fromisoformat(_dotted(text))


def _dotted_moment(text: str) -> datetime:
    return datetime.fromisoformat(_dotted(text))


_OTHER_KINDS = (
    _Kind("boolean", BOOLEANS.__contains__, BOOLEANS.__getitem__),
    _Kind("date", _in_calendar(DATE, date.fromisoformat), date.fromisoformat),
    _Kind("moment", _in_calendar(DATE_TIME, datetime.fromisoformat), datetime.fromisoformat),
    _Kind("zoned", _in_calendar(DATE_TIME + OFFSET, datetime.fromisoformat), datetime.fromisoformat),
    _Kind("dotted", _in_calendar(DOTTED, _dotted_date), _dotted_date),
    _Kind("dotted moment", _in_calendar(DOTTED_TIME, _dotted_moment), _dotted_moment),
)


def _odd_amount(values: Sequence[str]) -> str | None:
    """The first that has a unit or a sign behind, where all are numbers otherwise; None where there is none such."""
    if not all(map(_AMOUNT.fullmatch, values)):
        return None
    if (unit := next(filter(_UNIT.search, values), None)) is not None:
        return unit
    # 1. and 2. alone are a ranking, 12- and 13- codes; beside plain numbers they are numbers.
    ends = next((value for value in values if value[-1] in ".-"), None)
    return ends if any(value[-1].isdecimal() for value in values) else None


def _lost_zero(values: Sequence[str]) -> str:
    """One like the version 1.10, preferably beside 1.1; empty where the zeros fill up to as many digits everywhere."""
    digits = {len(value) - value.rfind(".") for value in values if _DECIMALS.search(value)}
    if len(digits) < 2:
        return ""
    ending = [value for value in dict.fromkeys(values) if _ZERO_AT_END.search(value)]
    known = set(values)
    return next((value for value in ending if value.rstrip("0") in known), ending[0] if ending else "")


_DECIMALS = re.compile(r"^[0-9]+\.[0-9]+$")
_ZERO_AT_END = re.compile(r"^[0-9]+\.[0-9]*[1-9]0+$")


@dataclass(slots=True)
class ColumnTexts:
    """What is known of a column after a look at its texts.

    Attributes:
        forms: The forms of numbers that all of them fit.
        kinds: The other types that all of them fit.
        filled: How many are not empty.
        other_texts: Those that are numbers in no form, with how often they occur; None where they are too many.
        blanks: Whether blanks stand around some.
        are_amounts: Whether the first of them are numbers with a unit, a currency or a sign behind; None before a look.
        like_dates: One of the first of them, where most of those look like dates in whatever form.
        unlike_dates: One of the first of them that does not.
        fraction: Whether one has a fraction.
        is_to_the_second: Whether all are like 2026-01-31 10:20:30, where they are moments.
        has_integers: Whether one has no fraction, not even `.0`, where they are numbers.
        example: The longest of them, where they are numbers.
        lost_zero: One of the first of them that is like the version 1.10, where their number of digits varies.
        is_same_without: Whether 1.1 is among the first of them, too.
    """

    forms: list[NumberForm] = field(default_factory=lambda: list(ALL_FORMS))
    kinds: list[_Kind] = field(default_factory=lambda: list(_OTHER_KINDS))
    filled: int = 0
    other_texts: dict[str, int] | None = field(default_factory=dict)
    blanks: bool = False
    are_amounts: bool | None = None
    like_dates: str = ""
    unlike_dates: str = ""
    fraction: bool = False
    has_integers: bool = False
    is_to_the_second: bool = True
    example: str = ""
    lost_zero: str = ""
    is_same_without: bool = False

    @property
    def numbers(self) -> Numbers:
        """How the column can be read as numbers."""
        return Numbers(frozenset(self.forms) if self.filled else frozenset(), self.fraction)

    @property
    def is_open(self) -> bool:
        """Whether more texts can change what is known."""
        return bool(self.forms or self.kinds) or self.other_texts is not None

    def look(self, values: Sequence[str], nulls: frozenset[str]) -> None:
        """Look at some of the column's texts."""
        filled = [value for value in values if value and value not in nulls]
        self.filled += len(filled)
        if not filled or not self.is_open:
            return
        stripped = [value.strip(BLANKS) for value in filled]
        self.blanks = self.blanks or stripped != filled
        stripped = [value for value in stripped if value]
        is_first = self.are_amounts is None
        if is_first and stripped:
            odd = _odd_amount(stripped)
            self.are_amounts = odd is not None
            self.example = odd or stripped[0]
            self._look_for_dates(stripped)
        plain = {form.decimal for form in (POINT, COMMA) if form in self.forms and all(map(form.fits, stripped))}
        self.forms = [
            form
            for form in self.forms
            if form.decimal in plain or (form.thousands != "none" and all(map(form.fits, stripped)))
        ]
        self.kinds = [kind for kind in self.kinds if all(map(kind.fits, stripped))]
        if self.forms and stripped:
            self.example = max(self.example, *stripped, key=len)
            self.fraction = self.fraction or any(map(has_fraction, stripped))
            if is_first and self.fraction:
                self.lost_zero = _lost_zero(stripped)
                self.is_same_without = bool(self.lost_zero) and self.lost_zero.rstrip("0") in stripped
            self.has_integers = self.has_integers or any(value.lstrip("-").isdecimal() for value in stripped)
        elif self.kinds:
            self.is_to_the_second = self.is_to_the_second and all(
                len(value) == len("2026-01-31 10:20:30") and "T" not in value for value in stripped
            )
        elif self.other_texts is not None:
            self._count_other_texts(stripped)

    def _look_for_dates(self, values: Sequence[str]) -> None:
        dates = [value for value in values if _LIKE_DATE.fullmatch(value)]
        if len(dates) * 5 >= len(values) * 4:
            self.like_dates = next((value for value in dates if "/" in value), dates[0])
            self.unlike_dates = next((value for value in values if not _LIKE_DATE.fullmatch(value)), "")

    def _count_other_texts(self, values: Sequence[str]) -> None:
        for value, count in Counter(values).items():
            if self.other_texts is not None and not any(form.fits(value) for form in ALL_FORMS):
                self.other_texts[value] = self.other_texts.get(value, 0) + count
                if len(self.other_texts) > FEW:
                    self.other_texts = None


@dataclass(frozen=True, slots=True)
class TypeRules:
    """How texts may be understood.

    Attributes:
        decimal: The decimal sign, or `auto`.
        thousands: What separates thousands, or `auto`.
        nulls: Texts that mean null, besides the empty one.
    """

    decimal: Decimal = "auto"
    thousands: Thousands = "auto"
    nulls: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Remark:
    """What a person may want to know of a column.

    Attributes:
        text: A sentence about its values.
        is_doubtful: Whether values may be wrong, or are not as the others.
    """

    text: str
    is_doubtful: bool = False


@dataclass(frozen=True, slots=True)
class Typed:
    """A table whose texts were understood.

    Attributes:
        table: The table.
        remarks: What to say about columns, by their names.
        decimal: The decimal sign of its numbers.
    """

    table: Table
    remarks: Mapping[str, Remark]
    decimal: Literal[".", ","]


def decimal_of(choices: Sequence[Choice], rules: TypeRules) -> Literal[".", ","]:
    """The decimal sign of a file: the stated one, or that of the numbers that were found."""
    if rules.decimal != "auto":
        return rules.decimal
    return "," if any(choice.form and choice.form.decimal == "," for choice in choices) else "."


def typed_table(table: Table, rules: TypeRules) -> Typed:
    """The table with its columns of texts turned into numbers, booleans and dates.

    Empty texts, and those that mean null, become None.
    """
    columns = [ColumnTexts() for _ in table.columns]
    for chunk in table.chunks():
        for column, values in zip(columns, chunk, strict=True):
            column.look(values, rules.nulls)
    choices = choose_forms([column.numbers for column in columns], rules.decimal, rules.thousands)
    converters = [_converter(column, choice) for column, choice in zip(columns, choices, strict=True)]
    writer = TableWriter(table.columns)
    for chunk in table.chunks():
        writer.extend_columns(
            tuple(
                _convert(values, convert, column.blanks, rules.nulls)
                for convert, column, values in zip(converters, columns, chunk, strict=True)
            )
        )
    return Typed(writer.finish(), remarks_of(table.columns, columns, choices), decimal_of(choices, rules))


def _converter(column: ColumnTexts, choice: Choice) -> Callable[[str], Any] | None:
    if not column.filled:
        return None
    if choice.form:
        return choice.form.value
    return column.kinds[0].value if column.kinds else None


def _convert(
    values: Sequence[str], convert: Callable[[str], Any] | None, blanks: bool, nulls: frozenset[str]
) -> Sequence[Any]:
    if convert is None:
        if "" not in values and nulls.isdisjoint(values):
            return values
        return [None if not value or value in nulls else value for value in values]
    if blanks:
        values = ["" if value in nulls else value.strip(BLANKS) for value in values]
    return [convert(value) if value and value not in nulls else None for value in values]


def remarks_of(names: Sequence[str], columns: Sequence[ColumnTexts], choices: Sequence[Choice]) -> Mapping[str, Remark]:
    """What to say about the types of columns, by their names; nothing in the ordinary case."""
    found = (_remark(column, choice) for column, choice in zip(columns, choices, strict=True))
    return {name: remark for name, remark in zip(names, found, strict=True) if remark}


def _remark(column: ColumnTexts, choice: Choice) -> Remark | None:
    count = column.filled
    if choice.said:
        example = f"{count:,} of {count:,} values, such as `{column.example}`,"
        return Remark(f"{example} {choice.said}. State `decimal` and `thousands` to be sure.", choice.is_doubtful)
    if choice.form == POINT and column.lost_zero:
        number = number_text(choice.form.value(column.lost_zero))
        return Remark(
            f"values such as `{column.lost_zero}` lose the zero at their end as numbers ({number}). If they are "
            "versions or codes, read the file with the `types` text.",
            column.is_same_without,
        )
    if choice.form or column.kinds or not count:
        return None
    if column.are_amounts and not column.forms:
        return Remark(f"values such as `{column.example}` look like numbers with a unit or a sign, and stay text.")
    if column.like_dates:
        return _remark_on_dates(column)
    if column.other_texts is None:
        return None
    if column.forms:
        form = column.numbers.simplest
        return Remark(
            f"{count:,} of {count:,} values, such as `{column.example}`, look like numbers with {form.said}, "
            "which is not what was stated. They stay text.",
            is_doubtful=True,
        )
    strange = sum(column.other_texts.values())
    if not strange:
        return Remark("its numbers are written in different forms, so all stay text.", is_doubtful=True)
    if strange * 5 > count or any(text.isdecimal() for text in column.other_texts):
        return None  # Texts of digits, such as 007, are codes, and so are their neighbours.
    listed = ", ".join(f"`{text[:20]}`" for text in list(column.other_texts)[:3])
    return Remark(
        f"{count - strange:,} of {count:,} values look like numbers, but not {listed}, so all stay text. "
        "Texts that mean nothing can be named in `nulls`.",
        is_doubtful=True,
    )


def _remark_on_dates(column: ColumnTexts) -> Remark:
    said = f"values such as `{column.like_dates[:40]}` look like dates"
    if column.unlike_dates:
        return Remark(
            f"{said}, but not `{column.unlike_dates[:20]}`, so all stay text. Texts that mean nothing can be named in "
            "`nulls`.",
            is_doubtful=True,
        )
    if "/" in column.like_dates:
        return Remark(
            f"{said} in which the day or the month may come first, so all stay text. Convert column reads them by a "
            "pattern such as %d/%m/%Y or %m/%d/%Y, and so does Parse date."
        )
    return Remark(
        f"{said}, but not all are in one of the forms that are recognised, so all stay text. Convert column and Parse "
        "date read more forms, and any by a pattern."
    )
