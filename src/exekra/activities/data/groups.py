"""Group the rows of a table and compute something of each group, with whole columns where the engine can."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import islice

import polars as pl

from exekra.activities.data.computations import computed, not_a_number
from exekra.activities.data.keys import identity
from exekra.sdk.context import Context
from exekra.sdk.table import Table
from exekra.sdk.table_frame import Frame, collected
from exekra.sdk.table_kinds import INTEGER, TEXT, Kind, encode

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
    keys = [identity(frame.kinds[number], pl.col(str(number))).alias(f"key {number}") for number in by]
    firsts = [pl.col(str(number)).first().alias(f"first {number}") for number in by]
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
            .group_by([f"key {number}" for number in by], maintain_order=True)
            .agg([*firsts, *asked])
        )
    found = collected(query, check=context.raise_if_stopped)
    results = [(frame.kinds[number], found[f"first {number}"]) for number in by]
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
        case "sum" if kind == INTEGER:
            return column.cast(pl.Int128).sum(), _integers
        case "join" if kind == TEXT:
            return column.filter(filled).str.join(", "), _as_it_is(TEXT)
    return column.filter(filled).implode(), _by_value(kind, function, name)


def _as_it_is(kind: Kind) -> Finish:
    return lambda series: (kind, series)


def _integers(series: pl.Series) -> tuple[Kind, pl.Series]:
    """Sums of integers, which may have more than 64 bits."""
    return encode(series.to_list())


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
