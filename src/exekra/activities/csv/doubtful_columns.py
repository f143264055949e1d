"""Looks closer at columns whose first texts do not show what they are: asks the engine about all of their texts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timezone
from typing import Any

import polars as pl

from exekra.activities.csv.dates_of_columns import (
    dates,
    dotted_dates,
    dotted_moments,
    moments,
    without_offset,
)
from exekra.activities.csv.likely_types import WHOLE
from exekra.activities.csv.numbers import ALL_FORMS, COMMA, FRACTION, MOST_DIGITS, POINT, NumberForm
from exekra.activities.csv.types import (
    BLANKS,
    BOOLEANS,
    DATE,
    DATE_TIME,
    DOTTED,
    DOTTED_TIME,
    FEW,
    OFFSET,
    ColumnTexts,
)
from exekra.sdk import table_kinds
from exekra.sdk.table_frame import Check, Frame, collected
from exekra.sdk.table_kinds import (
    BOOLEAN,
    EMPTY,
    FLOAT,
    INTEGER,
    LARGEST_EXACT,
    MIXED,
    MOMENT,
    NUMBER,
    TEXT,
    Kind,
)
from exekra.sdk.table_values import encoded

_BLANK_AROUND = rf"^[{BLANKS}]|[{BLANKS}]$"


class DoubtfulColumn:
    """A column of texts, null where they are empty or mean null.

    Args:
        number: The column's number in the frame.
        frame: The columns.
        texts: What is known of its texts; completed by `look_at_all`.
        check: Raises where the work should not continue.
    """

    def __init__(self, number: int, frame: Frame, texts: ColumnTexts, check: Check) -> None:
        self.number = number
        self.texts = texts
        self._frame = frame
        self._check = check

    @property
    def value(self) -> pl.Expr:
        """The texts without blanks around them, null where nothing is left."""
        column = pl.col(str(self.number))
        if not self.texts.blanks:
            return column
        stripped = column.str.strip_chars(BLANKS)
        return pl.when(stripped != "").then(stripped)

    def fits(self, form: NumberForm) -> pl.Expr:
        """Whether each text is a number in this form."""
        value = self.value
        # The digits are counted where there may be too many, which is hardly ever.
        is_long = (value.str.len_bytes() > MOST_DIGITS) & value.str.contains(form.decimal, literal=True)
        mantissa = pl.when(is_long).then(value).str.replace("[eE].*$", "")
        digits = mantissa.str.replace_all("[^0-9]", "").str.strip_chars_start("0").str.len_bytes()
        return value.str.contains(f"^(?:{form.pattern})$") & ~(digits > MOST_DIGITS).fill_null(value=False)

    def is_of(self, kind: str) -> pl.Expr:
        """Whether each text is of one of the other types."""
        value = self.value
        match kind:
            case "boolean":
                return value.is_in(list(BOOLEANS))
            case "date":
                return _exists(value.str.contains(f"^{DATE}$"), dates(value))
            case "moment":
                return _exists(value.str.contains(f"^{DATE_TIME}$"), moments(value))
            case "dotted":
                return _exists(value.str.contains(f"^{DOTTED}$"), dotted_dates(value))
            case "dotted moment":
                return _exists(value.str.contains(f"^{DOTTED_TIME}$"), dotted_moments(value))
        return _exists(value.str.contains(f"^{DATE_TIME}{OFFSET}$"), moments(without_offset(value)))

    def ask(self, *expressions: pl.Expr) -> tuple[Any, ...]:
        """The answers to questions about all of the texts."""
        query = self._frame.lazy().select(expressions)
        return collected(query, check=self._check, streaming=bool(self._frame.spills)).row(0)

    def count_other_texts(self) -> None:
        """Count the texts that are numbers in no form, where they are few."""
        column = pl.col(str(self.number))
        # Columns repeat their texts: each is looked at once, so these are collected before they are looked at.
        counted = self._frame.lazy().group_by(column, maintain_order=True).agg(pl.len().alias("count"))
        different = collected(counted, check=self._check, streaming=bool(self._frame.spills)).lazy()
        known = pl.any_horizontal(self.fits(form) for form in ALL_FORMS)
        others = different.filter(~known).select(self.value.alias("text"), "count")
        counts: dict[str, int] = {}
        for text, count in collected(others, check=self._check).iter_rows():
            counts[text] = counts.get(text, 0) + count
            if len(counts) > FEW:
                self.texts.other_texts = None
                return
        self.texts.other_texts = counts

    def look_for_example(self) -> None:
        """Find the longest text, where the column may be one of numbers."""
        if self.texts.forms and self.texts.filled:
            lengths = self.value.str.len_chars()
            (self.texts.example,) = self.ask(self.value.filter(lengths == lengths.max()).first())

    def outcome(self, form: NumberForm | None) -> tuple[Kind, pl.Expr]:
        """How the column is stored, and its values."""
        if not self.texts.filled:
            return EMPTY, pl.when(self.value.is_not_null()).then(True)
        if form:
            return self._numbers(form)
        if not self.texts.kinds:
            return TEXT, pl.col(str(self.number))
        kind = self.texts.kinds[0]
        match kind.name:
            case "boolean":
                return BOOLEAN, self.value.str.to_lowercase() == "true"
            case "date":
                return table_kinds.DATE, dates(self.value)
            case "moment":
                return MOMENT, moments(self.value)
            case "dotted":
                return table_kinds.DATE, dotted_dates(self.value)
            case "dotted moment":
                return MOMENT, dotted_moments(self.value)
        (offsets,) = self.ask(self.value.str.extract(f"({OFFSET})$").drop_nulls().unique().implode())
        zones = {datetime.fromisoformat(f"2026-01-31T00:00{offset}").tzinfo for offset in offsets}
        zone = zones.pop()
        if zones or not isinstance(zone, timezone):
            return MIXED, self._by_python(kind.value)
        return Kind("moment", zone), moments(without_offset(self.value))

    def _numbers(self, form: NumberForm) -> tuple[Kind, pl.Expr]:
        value = self.value
        if form.thousands != "none":
            value = value.str.replace_all(form.between, "")
        has_point = value.str.contains(f"[{form.decimal}eE]")
        any_point, all_point = self.ask(has_point.any().alias("any"), has_point.all().alias("all"))
        if not any_point:
            return INTEGER, value.cast(pl.Int64)
        if form.decimal != ".":
            value = value.str.replace(form.decimal, ".", literal=True)
        number = value.cast(pl.Float64)
        if all_point:
            return FLOAT, number
        whole = pl.when(~has_point).then(value)
        (most,) = self.ask(whole.cast(pl.Int64).abs().max())
        if most > LARGEST_EXACT:
            return MIXED, self._by_python(form.value)
        return NUMBER, pl.struct(number=number, whole=~has_point)

    def _by_python(self, value_of: Callable[[str], Any]) -> pl.Expr:
        return self.value.map_batches(
            lambda series: pl.Series(
                series.name, [None if text is None else encoded(value_of(text)) for text in series.to_list()], pl.Binary
            ),
            return_dtype=pl.Binary(),
        )


def look_at_all(columns: Sequence[DoubtfulColumn]) -> None:
    """Ask the engine what a look at the first rows left open; the simplest question first."""
    filled = [column for column in columns if column.texts.filled]
    around = _answers(filled, lambda column: {"": pl.col(str(column.number)).str.contains(_BLANK_AROUND).any()})
    for column in filled:
        column.texts.blanks = bool(around[column.number, ""])
    others = _answers(filled, lambda column: {kind.name: column.is_of(kind.name).all() for kind in column.texts.kinds})
    whole = _answers(
        filled,
        lambda column: (
            {"": column.value.str.contains(WHOLE).all()} if {POINT, COMMA} <= set(column.texts.forms) else {}
        ),
    )
    for column in filled:
        column.texts.kinds = [kind for kind in column.texts.kinds if others[column.number, kind.name]]
    open_forms = [column for column in filled if column.texts.forms and not whole.get((column.number, ""), False)]
    plain = _answers(
        open_forms,
        lambda column: {form.decimal: column.fits(form).all() for form in (POINT, COMMA) if form in column.texts.forms},
    )

    def grouped(column: DoubtfulColumn) -> dict[str, pl.Expr]:
        asked = {
            f"{form.decimal}{form.thousands}": column.fits(form).all()
            for form in column.texts.forms
            if form.thousands != "none" and not plain.get((column.number, form.decimal), False)
        }
        return asked | {"fraction": column.value.str.contains(FRACTION).any()}

    answers = _answers(open_forms, grouped)
    for column in open_forms:
        column.texts.fraction = bool(answers[column.number, "fraction"])
        column.texts.forms = [
            form
            for form in column.texts.forms
            if plain.get((column.number, form.decimal), False)
            or answers.get((column.number, f"{form.decimal}{form.thousands}"), False)
        ]
    for column in filled:
        if not column.texts.forms and not column.texts.kinds and column.texts.other_texts is not None:
            column.count_other_texts()


def _answers(
    columns: Sequence[DoubtfulColumn], questions: Callable[[DoubtfulColumn], Mapping[str, pl.Expr]]
) -> dict[tuple[int, str], Any]:
    """The answers to questions about several columns, found in one go: by the column's number and the question."""
    asked = {(column.number, name): question for column in columns for name, question in questions(column).items()}
    if not asked:
        return {}
    found = columns[0].ask(*(question.alias(str(number)) for number, question in enumerate(asked.values())))
    return dict(zip(asked, found, strict=True))


def _exists(shape: pl.Expr, moment: pl.Expr) -> pl.Expr:
    """Whether a text has the shape of a date and is one that exists; null where it is null."""
    return pl.when(shape).then(moment.is_not_null()).otherwise(shape)
