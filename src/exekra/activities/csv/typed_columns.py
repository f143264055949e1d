"""The rules of `types` for columns of the engine: the same types, values and notes, without a look at each text.

The first rows show what each column is likely to be; by that all rows are converted as they are read, once. Only
columns that turn out otherwise, or that the first rows leave open, are looked at more closely.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain

import polars as pl

from exekra.activities.csv.doubtful_columns import DoubtfulColumn, look_at_all
from exekra.activities.csv.likely_types import likely_type
from exekra.activities.csv.numbers import choose_forms
from exekra.activities.csv.quick import QuickRows
from exekra.activities.csv.types import ColumnTexts, Typed, TypeRules, decimal_of, remarks_of
from exekra.sdk.table import CHUNK_ROWS, Table
from exekra.sdk.table_frame import Frame, FrameWriter, stored
from exekra.sdk.table_kinds import NUMBER, TEXT, Kind

_Outcomes = Mapping[int, tuple[Kind, pl.Expr]]
"""How columns are stored, and their values out of their texts, by the columns' numbers."""


def text_columns(rows: QuickRows, names: Sequence[str]) -> Table:
    """The rows as a table of texts.

    Raises:
        NotOrdinaryError: The other reader is needed.
    """
    writer = FrameWriter()
    for part in rows.parts():
        writer.add(Frame([TEXT] * len(names), part.select(pl.all().fill_null("")), part.height))
    return Table(tuple(names), writer.finish())


def typed_columns(rows: QuickRows, names: Sequence[str], rules: TypeRules) -> Typed:
    """The rows as a table of numbers, booleans, dates and texts: see `typed_table`.

    Raises:
        NotOrdinaryError: The other reader is needed.
    """
    parts = rows.parts()
    first = _first_parts(parts)
    texts = _first_look(first, rules)
    found = {number: likely_type(known, rules, pl.col(str(number))) for number, known in enumerate(texts)}
    likely = {number: outcome for number, outcome in found.items() if outcome}
    frame, unlike = _converted(chain(first, parts), rules, likely, texts)
    if unlike:
        likely = {number: outcome for number, outcome in likely.items() if number not in unlike}
        frame, _ = _converted(rows.parts(), rules, likely, texts)
    doubtful = _doubtful(rows, frame, likely, texts)
    look_at_all(doubtful)
    choices = choose_forms([known.numbers for known in texts], rules.decimal, rules.thousands)
    for column in doubtful:
        if choices[column.number].said or choices[column.number].form is None:
            column.look_for_example()
    outcomes = {column.number: column.outcome(choices[column.number].form) for column in doubtful}
    if any(kind != TEXT for kind, _ in outcomes.values()):
        frame = _with(frame, outcomes, rows)
    return Typed(Table(tuple(names), frame), remarks_of(names, texts, choices), decimal_of(choices, rules))


def _first_parts(parts: Iterator[pl.DataFrame]) -> list[pl.DataFrame]:
    """As many of the parts as hold the first rows that are looked at."""
    first: list[pl.DataFrame] = []
    while sum(part.height for part in first) < CHUNK_ROWS and (part := next(parts, None)) is not None:
        first.append(part)
    return first


def _first_look(parts: Sequence[pl.DataFrame], rules: TypeRules) -> list[ColumnTexts]:
    """What the first rows show of each column."""
    texts = []
    for column in pl.concat(parts).head(CHUNK_ROWS):
        known = ColumnTexts()
        known.look([value or "" for value in column.to_list()], rules.nulls)
        texts.append(known)
    return texts


def _converted(
    parts: Iterable[pl.DataFrame], rules: TypeRules, likely: _Outcomes, texts: Sequence[ColumnTexts]
) -> tuple[Frame, set[int]]:
    """All rows, with the columns converted that are likely to be of a type; and those of them that are not.

    The others stay texts, null where they are empty or mean null. Counts in `texts` how many are not.
    """
    columns = [pl.col(str(number)) for number in range(len(texts))]
    filled = [
        pl.when(~(column.is_in([*rules.nulls, ""]) if rules.nulls else column == "")).then(column) for column in columns
    ]
    kinds = [likely[number][0] if number in likely else TEXT for number in range(len(texts))]
    values = [value.alias(str(number)) for number, (kind, value) in likely.items() if kind != TEXT]
    writer = FrameWriter()
    counts, unlike = [0] * len(texts), set()
    for part in parts:
        known = part.select(filled)
        converted = known.with_columns(values)
        for number, kind in enumerate(kinds):
            count = _count(known, number, TEXT)
            counts[number] += count
            if _count(converted, number, kind) != count:
                unlike.add(number)
        writer.add(Frame(kinds, converted, converted.height))
    for column_texts, count in zip(texts, counts, strict=True):
        column_texts.filled = count
    return writer.finish(), unlike


def _count(data: pl.DataFrame, number: int, kind: Kind) -> int:
    """How many values of a column are not null."""
    column = data.to_series(number)
    return (column.struct.field("number") if kind == NUMBER else column).count()


def _doubtful(rows: QuickRows, frame: Frame, likely: _Outcomes, texts: Sequence[ColumnTexts]) -> list[DoubtfulColumn]:
    """The columns that need a closer look."""
    doubtful = []
    for number, known in enumerate(texts):
        column = DoubtfulColumn(number, frame, known, rows.context.raise_if_stopped)
        if number not in likely:
            doubtful.append(column)
        elif likely[number][0] == TEXT and known.other_texts:
            column.count_other_texts()
            if known.other_texts and 5 * sum(known.other_texts.values()) <= known.filled:
                doubtful.append(column)  # Most are numbers, behind the first rows.
    return doubtful


def _with(frame: Frame, outcomes: _Outcomes, rows: QuickRows) -> Frame:
    """The columns, some of them with other values."""
    kinds = [outcomes[number][0] if number in outcomes else kind for number, kind in enumerate(frame.kinds)]
    query = frame.lazy().with_columns(values.alias(str(number)) for number, (_, values) in outcomes.items())
    return stored(query, kinds, on_disk=bool(frame.spills), check=rows.context.raise_if_stopped)
