"""Column kinds: how the values of a column are stored by the engine, so that values and types come back exactly.

A kind follows from the exact types of all values of a column; nothing is inferred by the engine, which would round
large numbers and make texts of what it does not know. What no kind fits, such as numbers and texts in one column, is
`mixed`: each value as bytes of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from typing import Any, Literal

import polars as pl

from exekra.sdk.table_values import decoded, encoded

KindName = Literal[
    "empty", "text", "integer", "float", "number", "boolean", "date", "moment", "time", "duration", "mixed"
]

LARGEST_EXACT = 2**53
"""Up to here a float holds every whole number."""

_LONGEST_DURATION_DAYS = 106_000_000  # What microseconds in 64 bits hold, rounded down.


@dataclass(frozen=True, slots=True)
class Kind:
    """How a column is stored.

    Attributes:
        name: `empty` holds nothing but None; `number` whole numbers and fractions; `moment` a date with a time.
        zone: The offset of all moments of the column; None where they have none. They are stored as the local time.
    """

    name: KindName
    zone: timezone | None = None

    @property
    def dtype(self) -> pl.DataType:
        """The column type of the engine."""
        return _TYPES[self.name]

    def comparable(self, column: pl.Expr) -> pl.Expr:
        """What compares as the column's values do: numbers as floats where there are fractions, moments in UTC.

        Null where the value is None. Of `mixed` columns there is no such thing.
        """
        if self.name == "number":
            return column.struct.field("number")
        return column - self.zone.utcoffset(None) if self.zone else column

    def decode(self, series: pl.Series) -> list[Any]:
        """The column's values."""
        if self.name == "number":
            numbers, whole = series.struct.field("number").to_list(), series.struct.field("whole").to_list()
            return [int(number) if is_whole else number for number, is_whole in zip(numbers, whole, strict=True)]
        values = series.to_list()
        if self.name == "mixed":
            return [decoded(value) for value in values]
        if self.zone:
            return [None if value is None else value.replace(tzinfo=self.zone) for value in values]
        return values


EMPTY, TEXT, INTEGER, FLOAT, NUMBER = Kind("empty"), Kind("text"), Kind("integer"), Kind("float"), Kind("number")
BOOLEAN, DATE, MOMENT, TIME, DURATION = Kind("boolean"), Kind("date"), Kind("moment"), Kind("time"), Kind("duration")
MIXED = Kind("mixed")

_TYPES: Mapping[KindName, pl.DataType] = {
    "empty": pl.Boolean(),
    "text": pl.String(),
    "integer": pl.Int64(),
    "float": pl.Float64(),
    # `whole` says which numbers came as whole ones and leave as such: 2 is not 2.0.
    "number": pl.Struct({"number": pl.Float64(), "whole": pl.Boolean()}),
    "boolean": pl.Boolean(),
    "date": pl.Date(),
    "moment": pl.Datetime("us"),
    "time": pl.Time(),
    "duration": pl.Duration("us"),
    "mixed": pl.Binary(),
}

_KIND_OF_TYPES: Mapping[frozenset[type], Kind] = {
    frozenset(): EMPTY,
    frozenset({str}): TEXT,
    frozenset({int}): INTEGER,
    frozenset({float}): FLOAT,
    frozenset({int, float}): NUMBER,
    frozenset({bool}): BOOLEAN,
    frozenset({date}): DATE,
    frozenset({datetime}): MOMENT,
    frozenset({time}): TIME,
    frozenset({timedelta}): DURATION,
}


def encode(values: Sequence[Any]) -> tuple[Kind, pl.Series]:
    """The kind that holds all the values exactly, and the values in it.

    Raises:
        InputError: A value is not data.
    """
    kind = _fitting(values)
    try:
        return kind, _series(kind, values)
    except (TypeError, OverflowError, UnicodeEncodeError):  # A number of more than 64 bits, half a character.
        return MIXED, _series(MIXED, values)


def _fitting(values: Sequence[Any]) -> Kind:
    kind = _KIND_OF_TYPES.get(frozenset(map(type, values)) - {type(None)}, MIXED)
    match kind.name:
        case "number":
            whole = (value for value in values if type(value) is int)
            return kind if all(-LARGEST_EXACT <= value <= LARGEST_EXACT for value in whole) else MIXED
        case "moment":
            zones = {value.tzinfo for value in values if value is not None}
            zone = next(iter(zones))
            if len(zones) > 1 or not isinstance(zone, timezone | None):
                return MIXED
            return Kind("moment", zone)
        case "time":
            return kind if all(value is None or value.tzinfo is None for value in values) else MIXED
        case "duration":
            fits = all(value is None or abs(value.days) < _LONGEST_DURATION_DAYS for value in values)
            return kind if fits else MIXED
    return kind


def _series(kind: Kind, values: Sequence[Any]) -> pl.Series:
    if kind.name == "mixed":
        values = [encoded(value) for value in values]
    elif kind.name == "number":
        number = pl.Series("number", [None if value is None else float(value) for value in values], dtype=pl.Float64)
        whole = pl.Series("whole", [None if value is None else type(value) is int for value in values], pl.Boolean)
        return pl.DataFrame([number, whole]).to_struct()
    elif kind.zone:
        values = [None if value is None else value.replace(tzinfo=None) for value in values]
    return pl.Series(values, dtype=kind.dtype, strict=True)


def common_kind(kinds: Sequence[Kind], exact: Callable[[], bool]) -> Kind:
    """The kind that holds the values of columns of these kinds.

    Args:
        kinds: The kinds.
        exact: Whether all whole numbers among them are at most `LARGEST_EXACT`; asked only where it matters.
    """
    filled = {kind for kind in kinds if kind != EMPTY}
    if len(filled) <= 1:
        return next(iter(filled), EMPTY)
    if filled <= {INTEGER, FLOAT, NUMBER} and exact():
        return NUMBER
    return MIXED


def widened(column: pl.Expr, kind: Kind, wider: Kind) -> pl.Expr:
    """The column as one of a kind that `common_kind` found."""
    if kind == wider:
        return column
    if kind == EMPTY:
        return pl.when(column).then(None).otherwise(pl.lit(None, dtype=wider.dtype))  # A literal alone is one row.
    if wider == NUMBER:
        return pl.struct(number=column.cast(pl.Float64), whole=pl.when(column.is_not_null()).then(kind == INTEGER))
    return column.map_batches(
        lambda series: pl.Series(series.name, [encoded(value) for value in kind.decode(series)], dtype=pl.Binary),
        return_dtype=pl.Binary(),
    )
