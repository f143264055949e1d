"""Writes the rows of an ordinary large table by the engine for tables: the bytes that Python writes, but quicker."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING

from exekra.sdk.context import Context
from exekra.sdk.table import CHUNK_ROWS, Table

if TYPE_CHECKING:
    import polars as pl

    from exekra.sdk.table_kinds import Kind

LEAST_ROWS = CHUNK_ROWS
"""Up to here, starting the engine takes longer than writing in Python."""

_PART_ROWS = 1 << 17
"""How many rows are written between two looks at a stop."""

_IN_VALUES = "-+.: "
"""Signs of numbers and dates, which get no quotes here: as separators they are left to Python."""


def write_quickly(target: IO[bytes], rows: Table, mark: str, line_end: str, decimal: str, context: Context) -> bool:
    """Write the rows in UTF-8 with quotes where needed, and say whether it was done; otherwise Python has to.

    Raises:
        ApplicationError: The disk is full, or the engine failed.
    """
    if len(rows) <= LEAST_ROWS or len(rows.columns) < 2 or len(mark.encode()) > 1 or mark in _IN_VALUES:
        return False
    import polars as pl

    from exekra.sdk.table_frame import collected, engine_errors

    frame = rows.frame()
    fields, odd = [], []
    for number, kind in enumerate(frame.kinds):
        column = pl.col(str(number))
        field = _field(column, kind, decimal)
        if field is None:
            return False
        fields.append(field.alias(str(number)))
        if kind.name in ("float", "number"):
            odd.append(_is_odd(kind.comparable(column)).any())
    if odd and collected(frame.lazy().select(pl.any_horizontal(odd)), check=context.raise_if_stopped).item():
        return False
    for part in frame.parts(_PART_ROWS):
        context.raise_if_stopped()
        with engine_errors():
            part.select(fields).write_csv(
                target,
                include_header=False,
                separator=mark,
                line_terminator=line_end,
                quote_style="necessary",
                null_value="",
            )
    return True


def _field(column: pl.Expr, kind: Kind, decimal: str) -> pl.Expr | None:
    """A column as the engine writes it, with quotes where they are needed; None where the engine cannot."""
    import polars as pl

    match kind.name:
        case "empty" | "integer" | "boolean" | "date":
            return column
        case "text":
            return pl.when(column != "").then(column)  # The engine writes quotes for an empty text, but none for null.
        case "float":
            return column if decimal == "." else _with_decimal(column.cast(pl.String), decimal)
        case "number":
            number, whole = column.struct.field("number"), column.struct.field("whole")
            fraction = _with_decimal(number.cast(pl.String), decimal)
            return pl.when(whole).then(number.cast(pl.Int64).cast(pl.String)).otherwise(fraction)
        case "moment" if kind.zone is None:
            micro = column.dt.microsecond() != 0
            seconds = column.dt.to_string("%Y-%m-%d %H:%M:%S")
            return pl.when(micro).then(column.dt.to_string("%Y-%m-%d %H:%M:%S%.6f")).otherwise(seconds)
    return None


def _with_decimal(text: pl.Expr, decimal: str) -> pl.Expr:
    return text if decimal == "." else text.str.replace(".", decimal, literal=True)


def _is_odd(number: pl.Expr) -> pl.Expr:
    """Numbers that Python and the engine write in unlike ways: without an end, with an exponent."""
    size = number.abs()
    return ~number.is_finite() | ((size < 1e-4) & (size != 0)) | (size >= 1e16)
