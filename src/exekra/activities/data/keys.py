"""Columns to sort by, and columns to tell by which rows are the same.

Columns of one kind are what they are; for mixed ones, keys are made value by value.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import msgspec
import polars as pl

from exekra.activities.data.conditions import moment
from exekra.activities.ordering import sort_key
from exekra.kit.numbers import is_finite, is_nan
from exekra.kit.text_order import TextKey
from exekra.sdk.table_kinds import DATE, FLOAT, INTEGER, MIXED, NUMBER, TEXT, Kind

_FAMILIES = {"integer": "number", "float": "number", "number": "number", "date": "moment"}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def identity(kind: Kind, column: pl.Expr) -> pl.Expr:
    """What is equal where values of the column are the same; null for None."""
    if kind == MIXED:
        return by_value(kind, column, _canonical, pl.Binary())
    return kind.comparable(column)


def matching(kind: Kind, other: Kind, column: pl.Expr, other_column: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    """What is equal where values of two columns agree; null where they agree with nothing."""
    if MIXED in (kind, other):
        return by_value(kind, column, _canonical, pl.Binary()), by_value(other, other_column, _canonical, pl.Binary())
    if not may_agree(kind, other):
        nothing = pl.lit(None, dtype=pl.String())
        return nothing, nothing
    pair = (kind.comparable(column), other.comparable(other_column))
    if DATE in (kind, other) and kind != other:
        return pair[0].cast(pl.Datetime("us")), pair[1].cast(pl.Datetime("us"))
    if INTEGER in (kind, other) and kind != other:
        return _whole(kind, pair[0]), _whole(other, pair[1])
    if kind in (FLOAT, NUMBER):
        return pair[0].fill_nan(None), pair[1].fill_nan(None)
    return pair


def may_agree(kind: Kind, other: Kind) -> bool:
    """Whether values of two kinds can be the same at all, as numbers and texts cannot."""
    names = (_FAMILIES.get(kind.name, kind.name), _FAMILIES.get(other.name, other.name))
    return names[0] == names[1] or "mixed" in names


def order(kind: Kind, column: pl.Expr, text: Callable[[str], TextKey] | None = None) -> pl.Expr:
    """What to sort by; null for None. Texts are sorted by `text`, without it by code point whatever their case."""
    if kind == MIXED:
        return column.map_batches(partial(_ranks, text=text), return_dtype=pl.Int64())
    if kind == TEXT:
        ranks = _text_ranks if text is None else partial(_ranks_by, text)
        return column.map_batches(ranks, return_dtype=pl.UInt32())
    return kind.comparable(column)


def row_order(keys: pl.DataFrame, descending: Sequence[bool]) -> pl.Series | None:
    """Where each row comes from when the rows are sorted by several columns, null last; equal rows keep their order.

    The engine takes several times as long to compare rows by several columns as to sort numbers. So the ranks in each
    column, and the place of the row, become one number. None where 63 bits do not hold it.

    Args:
        keys: The columns to sort by, the most important first.
        descending: For each, whether it goes from large to small.
    """
    size = keys.height
    room = (2**63 - 1) // max(size, 1)
    packed = pl.repeat(0, size, dtype=pl.Int64, eager=True)
    for column, is_descending in zip(keys, descending, strict=True):
        ranks = column.rank("dense").cast(pl.Int64)  # From 1 on; null for null.
        count = int(ranks.max() or 0)  # type: ignore[arg-type]  # It is a whole number.
        room //= count + 1
        if not room:
            return None
        packed = packed * (count + 1) + (count - ranks if is_descending else ranks - 1).fill_null(count)
    return (packed * size + pl.int_range(size, eager=True)).sort() % size


def folded(column: pl.Expr) -> pl.Expr:
    """Texts without regard to capital and small letters, exactly as `str.casefold` has them."""
    return column.map_batches(_folded, return_dtype=pl.String(), is_elementwise=True)


def by_value(kind: Kind, column: pl.Expr, function: Callable[[Any], Any], dtype: pl.DataType) -> pl.Expr:
    """A function of each value, None included."""
    return column.map_batches(
        lambda series: pl.Series(series.name, [function(value) for value in kind.decode(series)], dtype=dtype),
        return_dtype=dtype,
        is_elementwise=True,
    )


def _whole(kind: Kind, column: pl.Expr) -> pl.Expr:
    if kind == INTEGER:
        return column
    fits = (column == column.floor()) & (column >= -(2.0**63)) & (column < 2.0**63)
    return pl.when(fits).then(column).cast(pl.Int64)


def _folded(series: pl.Series) -> pl.Series:
    if (series.str.len_bytes() == series.str.len_chars()).all():
        return series.str.to_lowercase()
    return pl.Series(series.name, [text and text.casefold() for text in series.to_list()], dtype=pl.String)


def _text_ranks(series: pl.Series) -> pl.Series:
    """The place of each text among the different ones: columns repeat their texts, and numbers are quicker to sort."""
    texts = pl.DataFrame({"text": series.drop_nulls().unique()}).with_columns(folded=folded(pl.col("text")))
    by = ["folded"] if texts["folded"].n_unique() == texts.height else ["folded", "text"]
    ranked = texts.sort(by).select("text").with_row_index("rank")
    return pl.DataFrame({"text": series}).join(ranked, on="text", how="left", maintain_order="left")["rank"]


def _ranks_by(text: Callable[[str], TextKey], series: pl.Series) -> pl.Series:
    different = sorted(series.drop_nulls().unique().to_list(), key=text)
    ranked = pl.DataFrame({"text": pl.Series(different, dtype=pl.String)}).with_row_index("rank")
    return pl.DataFrame({"text": series}).join(ranked, on="text", how="left", maintain_order="left")["rank"]


def _ranks(series: pl.Series, text: Callable[[str], TextKey] | None = None) -> pl.Series:
    key_of = sort_key if text is None else partial(sort_key, text=text)
    keys = [key_of(value) for value in MIXED.decode(series)]
    ranks: dict[int, int] = {}
    rank, latest = -1, None
    filled = [number for number, key in enumerate(keys) if key is not None]
    for number in sorted(filled, key=keys.__getitem__):  # type: ignore[arg-type]  # None is left out above.
        if keys[number] != latest:
            rank, latest = rank + 1, keys[number]
        ranks[number] = rank
    return pl.Series(series.name, [ranks.get(number) for number in range(len(keys))], dtype=pl.Int64)


def _canonical(value: Any) -> bytes | None:
    """Bytes that are equal for equal values, lists and objects included; true is not 1, a date is its midnight."""
    return None if value is None else msgspec.msgpack.encode(_canonical_form(value))


def _canonical_form(value: Any) -> Any:
    match value:
        case None | bool():
            return value
        case str():
            return value if value.isascii() else value.encode("utf-8", "surrogatepass")
        case bytes():
            return ("bytes", value)
        case int() | float() | Decimal():
            return ("number", _number_form(value))
        case date():
            return ("moment", str(_microseconds(moment(value))))
        case time():
            return ("time", value.isoformat())
        case timedelta():
            return ("duration", str(value))
        case dict():
            return ("object", [(str(name), _canonical_form(value[name])) for name in sorted(value, key=str)])
    return ("list", [_canonical_form(item) for item in value])


def _number_form(value: float | Decimal) -> str:
    if isinstance(value, int):
        return hex(value)
    if not is_finite(value):
        return "nan" if is_nan(value) else str(float(value))
    above, below = value.as_integer_ratio()
    return hex(above) if below == 1 else f"{above:x}/{below:x}"


def _microseconds(value: datetime) -> int:
    return (value - _EPOCH) // timedelta(microseconds=1)
