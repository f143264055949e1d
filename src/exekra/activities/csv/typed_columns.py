"""The rules of `types` for columns of the engine: the same types, values and notes, without a look at each text."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timezone
from typing import Any

import polars as pl

from exekra.activities.csv.dates_of_columns import dates, exists, moments, seconds, without_dots, without_offset
from exekra.activities.csv.numbers import ALL_FORMS, COMMA, FRACTION, MOST_DIGITS, POINT, NumberForm, choose_forms
from exekra.activities.csv.quick import QuickRows
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
    Typed,
    TypeRules,
    decimal_of,
    notes_of,
)
from exekra.sdk.context import Context
from exekra.sdk.table import CHUNK_ROWS, Table
from exekra.sdk.table_frame import collected, stored
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

_INTEGER = "^-?(?:0|[1-9][0-9]{0,17})$"

_EXACT_DIGITS = 15
"""As many digits a float holds, whatever they are."""

_BLANK_AROUND = rf"^[{BLANKS}]|[{BLANKS}]$"


def text_columns(rows: QuickRows, names: Sequence[str], skip_empty_rows: bool, context: Context) -> Table:
    """The rows as a table of texts."""
    lazy = _without_empty_rows(rows, len(names)) if skip_empty_rows else rows.lazy
    query = lazy.select(pl.col(str(number)).fill_null("") for number in range(len(names)))
    kinds = [TEXT] * len(names)
    return Table(tuple(names), stored(query, kinds, on_disk=rows.is_large, check=context.raise_if_stopped))


def typed_columns(
    rows: QuickRows, names: Sequence[str], rules: TypeRules, skip_empty_rows: bool, context: Context
) -> Typed:
    """The rows as a table of numbers, booleans, dates and texts: see `typed_table`."""
    lazy = _without_empty_rows(rows, len(names)) if skip_empty_rows else rows.lazy
    columns = [_Column(number, lazy, rules.nulls, rows.is_large, context) for number in range(len(names))]
    first = collected(lazy.select(column.filled for column in columns).head(CHUNK_ROWS))
    for column, series in zip(columns, first.get_columns(), strict=True):
        column.texts.look([value or "" for value in series.to_list()], rules.nulls)
    if table := _as_the_first(rows, names, columns, rules, lazy, context):
        return Typed(table, [], ".")
    _look_at_all(columns)
    texts = [column.texts for column in columns]
    choices = choose_forms([known.numbers for known in texts], rules.decimal, rules.thousands)
    for column, choice in zip(columns, choices, strict=True):
        if choice.doubt or choice.form is None:
            column.look_for_example()
    outcomes = [column.outcome(choice.form) for column, choice in zip(columns, choices, strict=True)]
    table = _stored(rows, names, lazy, outcomes, context)
    return Typed(table, notes_of(names, texts, choices), decimal_of(choices, rules))


def _stored(
    rows: QuickRows,
    names: Sequence[str],
    lazy: pl.LazyFrame,
    outcomes: Sequence[tuple[Kind, pl.Expr]],
    context: Context,
) -> Table:
    query = lazy.select(expression.alias(str(number)) for number, (_, expression) in enumerate(outcomes))
    kinds = [kind for kind, _ in outcomes]
    return Table(tuple(names), stored(query, kinds, on_disk=rows.is_large, check=context.raise_if_stopped))


def _as_the_first(
    rows: QuickRows,
    names: Sequence[str],
    columns: Sequence[_Column],
    rules: TypeRules,
    lazy: pl.LazyFrame,
    context: Context,
) -> Table | None:
    """The table, where all rows are as the first ones promise and nothing is doubtful, in one go; otherwise None."""
    if rules.nulls or rules.decimal == ",":
        return None
    promised = [column.promise() for column in columns]
    outcomes = [outcome for outcome in promised if outcome]
    if len(outcomes) < len(columns):
        return None
    table = _stored(rows, names, lazy, outcomes, context)
    for column in columns:
        if column.texts.strangers and not column.texts.forms and not column.texts.kinds:
            column.count_strangers()
            strange = column.texts.strangers
            if strange and 5 * sum(strange.values()) <= rows.filled[column.number]:
                return None  # Most are numbers, behind the first rows.
    counts = table.frame().lazy().select(_held(number, kind) for number, (kind, _) in enumerate(outcomes))
    held = collected(counts, check=context.raise_if_stopped, streaming=rows.is_large)
    return table if held.row(0) == rows.filled else None


def _held(number: int, kind: Kind) -> pl.Expr:
    column = pl.col(str(number))
    return (column.struct.field("number") if kind == NUMBER else column).count().alias(str(number))


def _without_empty_rows(rows: QuickRows, width: int) -> pl.LazyFrame:
    """The rows that hold something."""
    holds = [pl.col(str(number)).str.contains(f"[^{BLANKS}]").fill_null(value=False) for number in range(width)]
    return rows.lazy.filter(pl.any_horizontal(holds)) if rows.may_be_empty else rows.lazy


class _Column:
    """One column: what is known of its texts, and how to ask the engine for more."""

    def __init__(
        self, number: int, lazy: pl.LazyFrame, nulls: frozenset[str], is_large: bool, context: Context
    ) -> None:
        self.number = number
        self.texts = ColumnTexts()
        self._lazy = lazy
        self._is_large = is_large
        self._check = context.raise_if_stopped
        column = pl.col(str(number))
        empty = column.is_in([*nulls, ""]) if nulls else column == ""
        self.filled = pl.when(~empty).then(column).alias(str(number))
        """The texts, null where they are empty or mean null."""

    @property
    def value(self) -> pl.Expr:
        """The texts without blanks around them, null where nothing is left."""
        if not self.texts.blanks:
            return self.filled
        stripped = self.filled.str.strip_chars(BLANKS)
        return pl.when(stripped != "").then(stripped)

    def promise(self) -> tuple[Kind, pl.Expr] | None:
        """What the column is if all of it is as its first texts; a text that is not becomes null. None in doubt."""
        texts, value = self.texts, self.filled
        if not texts.filled or texts.blanks or texts.are_amounts:
            return None
        if texts.forms:
            return self._promised_number()
        if not texts.kinds:
            if texts.like_dates:
                return None
            return (TEXT, value) if texts.strangers is None or sum(texts.strangers.values()) == texts.filled else None
        kind = texts.kinds[0].name
        match kind:
            case "boolean":
                return BOOLEAN, pl.when(value.is_in(list(BOOLEANS))).then(value.str.to_lowercase() == "true")
            case "date":
                return Kind("date"), pl.when(self.is_of(kind)).then(dates(value))
            case "dotted":
                return Kind("date"), pl.when(self.is_of(kind)).then(dates(without_dots(value)))
            case "dotted moment":
                return MOMENT, pl.when(self.is_of(kind)).then(moments(without_dots(value)))
            case "moment" if texts.is_to_the_second:
                shape = value.str.contains(f"^{DATE} [0-2][0-9]:[0-5][0-9]:[0-5][0-9]$")
                return MOMENT, pl.when(exists(shape, seconds(value))).then(seconds(value))
            case "moment":
                return MOMENT, pl.when(self.is_of(kind)).then(moments(value))
        return None

    def _promised_number(self) -> tuple[Kind, pl.Expr] | None:
        forms, value = set(self.texts.forms), self.filled
        if {POINT, COMMA} <= forms:
            return INTEGER, pl.when(value.str.contains(_INTEGER)).then(value.cast(pl.Int64, strict=False))
        if POINT not in forms or not self.texts.fraction or any(form.decimal == "," for form in forms):
            return None
        number = value.cast(pl.Float64, strict=False)
        exact = value.str.contains(f"^{POINT.pattern}$") & (value.str.len_bytes() <= _EXACT_DIGITS)
        if not self.texts.has_integers:
            return FLOAT, pl.when(exact & value.str.contains(".", literal=True)).then(number)
        whole = ~value.str.contains("[.eE]")
        return NUMBER, pl.struct(number=pl.when(exact).then(number), whole=pl.when(exact).then(whole))

    def fits(self, form: NumberForm) -> pl.Expr:
        """Whether each text is a number in this form."""
        value = self.value
        fits = value.str.contains(f"^(?:{form.pattern})$")
        digits = (
            value.str.replace("[eE].*$", "").str.replace_all("[^0-9]", "").str.strip_chars_start("0").str.len_bytes()
        )
        long = (value.str.len_bytes() > MOST_DIGITS) & value.str.contains(form.decimal, literal=True)
        return fits & ~(long & (digits > MOST_DIGITS))

    def is_of(self, kind: str) -> pl.Expr:
        """Whether each text is of one of the other types."""
        value = self.value
        match kind:
            case "boolean":
                return value.is_in(list(BOOLEANS))
            case "date":
                return exists(value.str.contains(f"^{DATE}$"), dates(value))
            case "moment":
                return exists(value.str.contains(f"^{DATE_TIME}$"), moments(value))
            case "dotted":
                return exists(value.str.contains(f"^{DOTTED}$"), dates(without_dots(value)))
            case "dotted moment":
                return exists(value.str.contains(f"^{DOTTED_TIME}$"), moments(without_dots(value)))
        return exists(value.str.contains(f"^{DATE_TIME}{OFFSET}$"), moments(without_offset(value)))

    def ask(self, *expressions: pl.Expr) -> tuple[Any, ...]:
        return collected(self._lazy.select(expressions), check=self._check, streaming=self._is_large).row(0)

    def count_strangers(self) -> None:
        """Count the texts that are numbers in no form, where they are few."""
        column = pl.col(str(self.number))
        # Columns repeat their texts: each is looked at once, so these are collected before they are looked at.
        counted = self._lazy.group_by(column, maintain_order=True).agg(pl.len().alias("count"))
        different = collected(counted, check=self._check, streaming=self._is_large).lazy()
        known = pl.any_horizontal(self.fits(form) for form in ALL_FORMS)
        strange = different.filter(~known).select(self.value.alias("text"), "count")
        counts: dict[str, int] = {}
        for text, count in collected(strange, check=self._check).iter_rows():
            counts[text] = counts.get(text, 0) + count
            if len(counts) > FEW:
                self.texts.strangers = None
                return
        self.texts.strangers = counts

    def look_for_example(self) -> None:
        """Find the longest text, where the column may be one of numbers."""
        if self.texts.forms and self.texts.filled:
            lengths = self.value.str.len_chars()
            (self.texts.example,) = self.ask(self.value.filter(lengths == lengths.max()).first())

    def outcome(self, form: NumberForm | None) -> tuple[Kind, pl.Expr]:
        """How the column is stored, and its values."""
        if not self.texts.filled:
            return EMPTY, pl.when(self.filled.is_not_null()).then(True)
        if form:
            return self._numbers(form)
        if not self.texts.kinds:
            return TEXT, self.filled
        kind = self.texts.kinds[0]
        match kind.name:
            case "boolean":
                return BOOLEAN, self.value.str.to_lowercase() == "true"
            case "date":
                return Kind("date"), dates(self.value)
            case "moment":
                return MOMENT, moments(self.value)
            case "dotted":
                return Kind("date"), dates(without_dots(self.value))
            case "dotted moment":
                return MOMENT, moments(without_dots(self.value))
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


def _look_at_all(columns: Sequence[_Column]) -> None:
    """Ask the engine what a look at the first rows left open; the simplest question first."""
    counts = _answers(
        columns,
        lambda column: {"filled": column.filled.count(), "blanks": column.filled.str.contains(_BLANK_AROUND).any()},
    )
    for column in columns:
        column.texts.filled = counts[column.number, "filled"]
        column.texts.blanks = bool(counts[column.number, "blanks"])
    filled = [column for column in columns if column.texts.filled]
    others = _answers(filled, lambda column: {kind.name: column.is_of(kind.name).all() for kind in column.texts.kinds})
    whole = _answers(
        filled,
        lambda column: (
            {"": column.value.str.contains(_INTEGER).all()} if {POINT, COMMA} <= set(column.texts.forms) else {}
        ),
    )
    for column in filled:
        column.texts.kinds = [kind for kind in column.texts.kinds if others[column.number, kind.name]]
    open_forms = [column for column in filled if column.texts.forms and not whole.get((column.number, ""), False)]
    plain = _answers(
        open_forms,
        lambda column: {form.decimal: column.fits(form).all() for form in (POINT, COMMA) if form in column.texts.forms},
    )

    def grouped(column: _Column) -> dict[str, pl.Expr]:
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
        if not column.texts.forms and not column.texts.kinds and column.texts.strangers is not None:
            column.count_strangers()


def _answers(
    columns: Sequence[_Column], questions: Callable[[_Column], Mapping[str, pl.Expr]]
) -> dict[tuple[int, str], Any]:
    """The answers to questions about several columns, found in one go: by the column's number and the question."""
    asked = {(column.number, name): question for column in columns for name, question in questions(column).items()}
    if not asked:
        return {}
    found = columns[0].ask(*(question.alias(str(number)) for number, question in enumerate(asked.values())))
    return dict(zip(asked, found, strict=True))
