"""What a column becomes if all of its texts are as the first ones: converted in one go, by a strict test.

A text that is not as expected becomes null: by these, the caller sees that the column needs a closer look.
"""

from __future__ import annotations

import polars as pl

from exekra.activities.csv.dates_of_columns import dates, dotted_dates, dotted_moments, moments, seconds
from exekra.activities.csv.numbers import COMMA, MOST_DIGITS, POINT, NumberForm
from exekra.activities.csv.types import (
    BOOLEANS,
    DATE,
    DATE_TIME,
    DOTTED,
    DOTTED_TIME,
    ColumnTexts,
    TypeRules,
)
from exekra.sdk import table_kinds
from exekra.sdk.table_kinds import BOOLEAN, FLOAT, INTEGER, MOMENT, NUMBER, TEXT, Kind

WHOLE = "^-?(?:0|[1-9][0-9]{0,17})$"
"""A whole number."""

_FRACTION = r"^-?(?:(?:0|[1-9][0-9]*)\.[0-9]+(?:[eE][+-][0-9]{1,2})?|\.[0-9]+)$"

_WHOLE_DIGITS = 15
"""As many digits of a whole number a float holds, whatever they are."""


def likely_type(texts: ColumnTexts, rules: TypeRules, value: pl.Expr) -> tuple[Kind, pl.Expr] | None:
    """How a column is stored, and its values; None where that cannot be said by its first texts.

    Args:
        texts: What is known of the first texts.
        rules: How texts may be understood.
        value: The column, with null for what is empty or means null.
    """
    if not texts.filled or texts.blanks or texts.are_amounts:
        return None
    if texts.forms:
        return _number(texts, rules, value)
    if texts.kinds:
        return _other(texts, value)
    if texts.like_dates:
        return None
    return (TEXT, value) if texts.other_texts is None or sum(texts.other_texts.values()) == texts.filled else None


def _number(texts: ColumnTexts, rules: TypeRules, value: pl.Expr) -> tuple[Kind, pl.Expr] | None:
    forms: set[NumberForm] = set(texts.forms)
    if {POINT, COMMA} <= forms:
        return INTEGER, pl.when(value.str.contains(WHOLE)).then(value.cast(pl.Int64, strict=False))
    may_be_comma = rules.decimal == "," or any(form.decimal == "," for form in forms)
    if POINT not in forms or not texts.fraction or may_be_comma:
        return None
    number = value.cast(pl.Float64, strict=False)
    length = value.str.len_bytes()
    if not texts.has_integers:
        return FLOAT, pl.when((length <= MOST_DIGITS) & value.str.contains(_FRACTION)).then(number)
    is_whole = ~value.str.contains("[.eE]")
    is_short = pl.when(is_whole).then(length <= _WHOLE_DIGITS).otherwise(length <= MOST_DIGITS)
    is_exact = is_short & value.str.contains(f"^{POINT.pattern}$")
    return NUMBER, pl.struct(number=pl.when(is_exact).then(number), whole=pl.when(is_exact).then(is_whole))


def _other(texts: ColumnTexts, value: pl.Expr) -> tuple[Kind, pl.Expr] | None:
    match texts.kinds[0].name:
        case "boolean":
            meanings = [[text for text, meaning in BOOLEANS.items() if meaning is wanted] for wanted in (True, False)]
            is_true, is_false = (value.is_in(texts_of_one) for texts_of_one in meanings)
            return BOOLEAN, pl.when(is_true | is_false).then(is_true)
        case "date":
            return table_kinds.DATE, pl.when(value.str.contains(f"^{DATE}$")).then(dates(value))
        case "dotted":
            return table_kinds.DATE, pl.when(value.str.contains(f"^{DOTTED}$")).then(dotted_dates(value))
        case "dotted moment":
            return MOMENT, pl.when(value.str.contains(f"^{DOTTED_TIME}$")).then(dotted_moments(value))
        case "moment" if texts.is_to_the_second:
            shape = value.str.contains(f"^{DATE} (?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]$")
            return MOMENT, pl.when(shape).then(seconds(value))
        case "moment":
            return MOMENT, pl.when(value.str.contains(f"^{DATE_TIME}$")).then(moments(value))
    return None
