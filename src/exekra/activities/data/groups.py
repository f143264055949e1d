"""Group the rows of a table and compute something of each group, with whole columns where the engine can."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Sequence
from itertools import islice
from typing import Any

import polars as pl

from exekra.activities.data.computations import computed, not_a_number
from exekra.activities.data.keys import identity
from exekra.sdk.context import Context
from exekra.sdk.table import Table
from exekra.sdk.table_frame import Frame, collected
from exekra.sdk.table_kinds import FLOAT, INTEGER, NUMBER, TEXT, Kind, encode

Computation = tuple[str, str]
"""A function and the name of its column, which is empty where rows are counted."""

Finish = Callable[[pl.Series], tuple[Kind, pl.Series]]
"""Makes a column of the result out of what the engine computed."""

_BY_ENGINE = ("integer", "float", "date", "moment", "time", "duration", "boolean")


def grouped(context: Context, rows: Table, by: Sequence[int], wanted: Sequence[Computation]) -> Frame:
    """One row for each group, in the order of first appearance: the values of the columns `by`, and what is computed.

    Raises:
        NotANumberError: A value to be added up is not a number.
    """
    frame = rows.frame()
    # By their places, because a column may be named twice.
    keys = [identity(frame.kinds[number], pl.col(str(number))).alias(f"key {at}") for at, number in enumerate(by)]
    firsts = [pl.col(str(number)).first().alias(f"first {at}") for at, number in enumerate(by)]
    asked, finishes = [], []
    for place, (function, column) in enumerate(wanted):
        number = rows.position(column) if column else None
        expression, finish = _computation(rows, frame, function, column, number)
        asked.append(expression.alias(f"computed {place}"))
        finishes.append(finish)
    if not by:
        query = frame.lazy().select(asked or [pl.len()])
    else:
        query = (
            frame.lazy()
            .with_columns(keys)
            .group_by([f"key {at}" for at in range(len(by))], maintain_order=True)
            .agg([*firsts, *asked])
        )
    found = collected(query, check=context.raise_if_stopped)
    results = [(frame.kinds[number], found[f"first {at}"]) for at, number in enumerate(by)]
    results += [finish(found[f"computed {place}"]) for place, finish in enumerate(finishes)]
    series = [column.alias(str(number)) for number, (_, column) in enumerate(results)]
    return Frame([kind for kind, _ in results], pl.DataFrame(series), found.height if results else 0)


def _computation(rows: Table, frame: Frame, function: str, name: str, number: int | None) -> tuple[pl.Expr, Finish]:
    if number is None:
        return pl.len().cast(pl.Int64), _as_it_is(INTEGER)
    kind, column = frame.kinds[number], pl.col(str(number))
    filled = kind.comparable(column).is_not_null()
    match function:
        case "count":
            return filled.sum().cast(pl.Int64), _as_it_is(INTEGER)
        case "count_unique":
            return identity(kind, column).drop_nulls().n_unique().cast(pl.Int64), _as_it_is(INTEGER)
        case "first" | "last":
            chosen = column.filter(filled)
            return chosen.first() if function == "first" else chosen.last(), _as_it_is(kind)
        case "min" | "max" if kind.name in _BY_ENGINE:
            return column.min() if function == "min" else column.max(), _as_it_is(kind)
        case "sum" | "average" if kind.name not in ("integer", "float", "number", "mixed", "empty"):
            _refuse(frame, function, name, number)
        case "sum" | "average" if kind == INTEGER:
            return pl.struct(total=column.cast(pl.Int128).sum(), count=column.count()), _finished(function, 0)
        case "sum" | "average" if kind in (FLOAT, NUMBER):
            number_column = kind.comparable(column)
            shift = _shift(frame, number_column)
            if shift is not None:
                total = (number_column * 2.0**shift).cast(pl.Int128).sum()
                fractions = ~column.struct.field("whole") if kind == NUMBER else number_column.is_not_null()
                found = pl.struct(total=total, count=number_column.count(), fractions=fractions.sum())
                return found, _finished(function, shift)
        case "join" if kind == TEXT:
            return column.filter(filled).str.join(", "), _as_it_is(TEXT)
    return column.filter(filled).implode(), _by_value(kind, function, name)


def _as_it_is(kind: Kind) -> Finish:
    return lambda series: (kind, series)


def _shift(frame: Frame, column: pl.Expr) -> int | None:
    """By which power of two to multiply fractions so that all are whole and their sum has less than 127 bits.

    None if no power of two fits: with infinities, or when very large and very small numbers are mixed. Whole numbers
    add up exactly and quickly; fractions would be rounded at each step, so that ten times 0.1 would not be 1.
    """
    size = column.abs()
    finite, least, most, count = collected(
        frame.lazy().select(
            column.is_finite().all().alias("finite"),
            size.filter(size > 0).min().alias("least"),
            size.max().alias("most"),
            pl.len().alias("count"),
        )
    ).row(0)
    if not finite or least is None:
        return 0 if finite else None
    shift = max(0, 53 - math.frexp(least)[1])
    fits = math.frexp(most)[1] + shift + count.bit_length() < 127
    return shift if fits and shift < sys.float_info.max_exp else None


def _finished(function: str, shift: int) -> Finish:
    """Turn exact totals into what they are: whole numbers where all that was added was whole."""

    def result(found: dict[str, int]) -> Any:
        total, count = found["total"], found["count"]
        if function == "average":
            return total / ((1 << shift) * count) if count else None
        return total / (1 << shift) if found.get("fractions") else total >> shift

    return lambda series: encode([result(found) for found in series.to_list()])


def _by_value(kind: Kind, function: str, name: str) -> Finish:
    """Compute in Python, from the list of values of each group."""

    def finish(groups: pl.Series) -> tuple[Kind, pl.Series]:
        lengths = groups.list.len().to_list()
        values = iter(kind.decode(groups.filter(groups.list.len() > 0).explode(empty_as_null=True)))
        return encode([computed(function, name, list(islice(values, length))) for length in lengths])

    return finish


def _refuse(frame: Frame, function: str, name: str, number: int) -> None:
    kind, column = frame.kinds[number], pl.col(str(number))
    first = collected(frame.lazy().select(column.filter(kind.comparable(column).is_not_null()).first())).to_series()
    if first.null_count() == 0 and len(first):
        raise not_a_number(function, name, kind.decode(first)[0])
