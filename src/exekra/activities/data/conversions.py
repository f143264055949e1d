"""Convert a column: all at once where every value of it is written in the usual way, else value by value."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

import polars as pl

from exekra.activities.data.results import result_of
from exekra.activities.data.values import ConversionError, DateReader, NumberReader, Target, converted_value
from exekra.activities.json_text import shown
from exekra.sdk.context import Context
from exekra.sdk.table_frame import Frame, collected, frame_of
from exekra.sdk.table_kinds import BOOLEAN, DATE, EMPTY, FLOAT, INTEGER, LARGEST_EXACT, NUMBER, TEXT, Kind

OnError = Literal["fail", "null", "keep"]


def converted(
    context: Context,
    frame: Frame,
    number: int,
    name: str,
    to: Target,
    on_error: OnError,
    reader: NumberReader,
    dates: DateReader,
) -> Frame:
    """The frame with one column converted.

    Raises:
        ConversionError: A value cannot be converted, and `on_error` is `fail`.
    """
    kinds = list(frame.kinds)
    whole = _whole_column(frame, number, to, reader.decimal)
    if whole is not None:
        kinds[number], expression = whole
        return result_of(context, frame.lazy().with_columns(expression.alias(str(number))), kinds, frame)
    values = list(_each(frame, number, name, to, on_error, reader, dates))
    added = frame_of((values,), (name,))
    kinds[number] = added.kinds[0]
    rest = frame.lazy().drop(str(number))
    together = pl.concat([rest, added.series(0).alias(str(number)).to_frame().lazy()], how="horizontal")
    query = together.select(str(position) for position in range(len(kinds)))
    return result_of(context, query, kinds, frame)


def _whole_column(frame: Frame, number: int, to: Target, decimal: str) -> tuple[Kind, pl.Expr] | None:
    """The kind and values of the converted column; None where they must be looked at one by one."""
    kind, column = frame.kinds[number], pl.col(str(number))
    if kind == EMPTY or (to, kind) in _UNCHANGED:
        return kind, column
    if (to, kind) == ("number", BOOLEAN):
        return INTEGER, column.cast(pl.Int64)
    if (to, kind) == ("text", INTEGER):
        return TEXT, column.cast(pl.String)
    if (to, kind) == ("text", TEXT):
        return TEXT, pl.when(column != "").then(column)
    if (to, kind) == ("number", TEXT):
        return _numbers(frame, column, decimal)
    return None


_UNCHANGED = {("number", INTEGER), ("number", FLOAT), ("number", NUMBER), ("date", DATE), ("boolean", BOOLEAN)}


def _numbers(frame: Frame, column: pl.Expr, decimal: str) -> tuple[Kind, pl.Expr] | None:
    text = column.str.strip_chars(" \t")
    filled = column != ""
    whole = text.str.contains(r"\A[+-]?[0-9]{1,15}\z")
    fraction = text.str.contains(rf"\A[+-]?[0-9]{{1,200}}\{decimal}?[0-9]*([eE][+-]?[0-9]{{1,2}})?\z")
    count, wholes, numbers = collected(
        frame.lazy().select(
            filled.sum().alias("filled"),
            (filled & whole).sum().alias("whole"),
            (filled & (whole | (fraction & ~text.str.contains(r"\A[+-]?[0-9]+\z")))).sum().alias("numbers"),
        )
    ).row(0)
    if numbers != count:
        return None
    if wholes == count:
        return INTEGER, pl.when(filled).then(text).cast(pl.Int64)
    value = pl.when(filled).then(text.str.replace(decimal, ".", literal=True)).cast(pl.Float64)
    if not wholes:
        return FLOAT, value
    assert LARGEST_EXACT > 10**15
    return NUMBER, pl.struct(number=value, whole=pl.when(filled).then(whole))


def _each(
    frame: Frame, number: int, name: str, to: Target, on_error: OnError, reader: NumberReader, dates: DateReader
) -> Iterator[Any]:
    row = 0
    for (values,) in frame.pick([number]).chunks():
        for value in values:
            row += 1
            try:
                yield converted_value(value, to, reader, dates)
            except (TypeError, ValueError, OverflowError) as error:
                if on_error == "fail":
                    reason = (
                        f": {str(error).removesuffix('.')}." if isinstance(error, ValueError) and str(error) else "."
                    )
                    raise ConversionError(
                        f"Row {row}, column `{name}` holds {shown(value)}, which cannot become a {to}{reason} Correct "
                        "it, or choose another `on_error`."
                    ) from None
                yield None if on_error == "null" else value
