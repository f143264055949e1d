"""Give a table another shape: other columns, another order, no duplicates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal, NotRequired

from annotated_types import MinLen
from typing_extensions import TypedDict  # pydantic needs this one before Python 3.12.

from exekra.activities.data.values import ConversionError, DateReader, NumberReader, with_columns
from exekra.activities.ordering import text_sort_key
from exekra.kit.dates.reading import patterns_to_choose
from exekra.kit.numbers import DecimalSign, Thousands
from exekra.kit.text_order import TextOrder
from exekra.sdk.activity import activity
from exekra.sdk.context import Context
from exekra.sdk.errors import InputError
from exekra.sdk.table import Table
from exekra.sdk.types import ColumnOf, Text, When

CATEGORY = "Data Tables"
ICON = "table"

ColumnName = Annotated[str, ColumnOf("rows")]
ColumnNames = Annotated[tuple[ColumnName, ...], MinLen(1)]


class SortKey(TypedDict):
    """A column to sort by, and whether its large values come first."""

    column: ColumnName
    descending: NotRequired[bool]


@dataclass(frozen=True, slots=True)
class Shaped:
    """The new table.

    Attributes:
        rows: The table.
        count: The number of rows.
    """

    rows: Table
    count: int


@dataclass(frozen=True, slots=True)
class Converted:
    """The new table.

    Attributes:
        rows: The table.
        count: The number of rows.
        notes: What was doubtful, such as 1,234 that may be a fraction.
    """

    rows: Table
    count: int
    notes: list[str]


@dataclass(frozen=True, slots=True)
class Records:
    """The rows as a list.

    Attributes:
        items: An object for each row.
        count: The number of rows.
    """

    items: list[dict[str, Any]]
    count: int


@activity(id="data.sort", title="Sort table", icon="sort-ascending", blocking=True)
def sort(
    context: Context,
    /,
    *,
    rows: Table,
    by: Annotated[tuple[SortKey, ...], MinLen(1)],
    text_order: TextOrder = "code_point",
    language: Annotated[str, When(text_order="language")] = "",
) -> Shaped:
    """Sort the rows of a table; equal rows keep their order.

    Numbers come before dates, dates before texts; capital and small letters are the same; null is always last.

    Args:
        rows: The table.
        by: The columns to sort by, the most important first, each with `column`, and with `descending` to sort it
            from large to small.
        text_order: How texts are sorted: by the codes of their characters; natural, with numbers in them by their size
            (Invoice 2 before Invoice 10); or by a language's alphabet, with numbers by their size too.
        language: Whose alphabet, such as de, sv or pl; empty takes accented letters beside those without.
    """
    import polars as pl

    from exekra.activities.data.keys import order, row_order
    from exekra.activities.data.results import result_of
    from exekra.sdk.table_frame import collected

    text = text_sort_key(text_order, language)
    positions = [rows.position(key["column"]) for key in by]
    frame = rows.frame()
    quick = None if text_order == "code_point" else text
    keys = [
        order(frame.kinds[number], pl.col(str(number)), quick).alias(f"key {place}")
        for place, number in enumerate(positions)
    ]
    directions = [key.get("descending", False) for key in by]
    places = None
    if len(by) > 1 and not frame.spills:
        places = row_order(collected(frame.lazy().select(keys), check=context.raise_if_stopped), directions)
    if places is None:
        query = frame.lazy().sort(keys, descending=directions, nulls_last=True, maintain_order=True)
    else:
        query = frame.lazy().select(pl.all().gather(places))
    return _shaped(Table(rows.columns, result_of(context, query, frame.kinds, frame)))


@activity(id="data.unique", title="Remove duplicate rows", blocking=True)
def unique(context: Context, /, *, rows: Table, by: tuple[ColumnName, ...] = ()) -> Shaped:
    """Keep the first of all rows that are the same.

    Args:
        rows: The table.
        by: The columns that decide whether two rows are the same; empty compares whole rows.
    """
    import polars as pl

    from exekra.activities.data.keys import identity
    from exekra.activities.data.results import result_of

    positions = list(dict.fromkeys(rows.position(name) for name in by or rows.columns))
    frame = rows.frame()
    if not positions:
        return _shaped(rows)
    keys = [identity(frame.kinds[number], pl.col(str(number))).alias(f"key {number}") for number in positions]
    names = [f"key {number}" for number in positions]
    query = frame.lazy().with_columns(keys).unique(names, keep="first", maintain_order=True).drop(names)
    return _shaped(Table(rows.columns, result_of(context, query, frame.kinds, frame)))


@activity(id="data.select_columns", title="Select columns", icon="columns", blocking=True)
def select_columns(
    *,
    rows: Table,
    columns: tuple[ColumnName, ...] = (),
    rename: dict[str, str] | None = None,
    exclude: bool = False,
) -> Shaped:
    """Keep, order and rename columns.

    Args:
        rows: The table.
        columns: The columns to keep, in their new order; empty keeps all.
        rename: New names by the old ones.
        exclude: Whether `columns` are those to leave out instead.
    """
    for name in columns:
        rows.position(name)
    kept = tuple(name for name in rows.columns if name not in columns) if exclude else columns or rows.columns
    new_names = rename or {}
    for name in new_names:
        rows.position(name)
    names = tuple(new_names.get(name, name) for name in kept)
    return _shaped(Table(names, rows.frame().pick([rows.position(name) for name in kept])))


@activity(id="data.add_column", title="Add column", icon="table-plus", blocking=True)
def add_column(context: Context, /, *, rows: Table, name: Annotated[str, MinLen(1)], values: Any = None) -> Shaped:
    """Add or overwrite a column.

    Args:
        rows: The table.
        name: The name of the column.
        values: A list with a value for each row, or one value for all rows.
    """
    import polars as pl

    from exekra.activities.data.results import result_of
    from exekra.sdk.table_frame import frame_of

    listed = isinstance(values, list | tuple)
    if listed and len(values) != len(rows):
        raise InputError(f"`values` has {len(values)} items, but the table has {len(rows)} rows.")
    frame = rows.frame()
    added = frame_of((values if listed else [values],), (name,))
    number = rows.columns.index(name) if name in rows.columns else len(rows.columns)
    kinds = [*frame.kinds[:number], *added.kinds, *frame.kinds[number + 1 :]]
    column = added.series(0).alias(str(number))
    if listed:
        query = pl.concat([frame.lazy().drop(str(number), strict=False), column.to_frame().lazy()], how="horizontal")
    else:
        query = frame.lazy().with_columns(pl.lit(column.first(), dtype=column.dtype).alias(str(number)))
    query = query.select(str(position) for position in range(len(kinds)))
    names = rows.columns if number < len(rows.columns) else (*rows.columns, name)
    return _shaped(Table(names, result_of(context, query, kinds, frame)))


@activity(id="data.convert_column", title="Convert column", raises=(ConversionError,), blocking=True)
def convert_column(
    context: Context,
    /,
    *,
    rows: Table,
    column: ColumnName,
    to: Literal["number", "text", "date", "boolean"],
    on_error: Literal["fail", "null", "keep"] = "fail",
    decimal: Annotated[DecimalSign, When(to="number")] = ".",
    thousands: Annotated[Thousands, When(to="number")] = "auto",
    pattern: Annotated[Text, When(to="date")] = "",
) -> Converted:
    """Convert the values of a column; null stays null.

    Args:
        rows: The table.
        column: The column.
        to: What the values become. A date is read in all the forms of Parse Date, with or without a time.
        on_error: What to do with a value that cannot be converted: raise an error, use null, or keep it.
        decimal: What separates the fraction in texts that become numbers.
        thousands: What separates the thousands in them, as in 1,234,567; `auto` accepts any sign but `decimal`.
        pattern: How dates are written, such as %m/%d/%Y; empty recognises the usual forms, the day first.
    """
    from exekra.activities.data.conversions import converted

    rows = with_columns(rows, [column])
    position = rows.position(column)
    reader = NumberReader(decimal, thousands)
    dates = DateReader(pattern)
    frame = converted(context, rows.frame(), position, column, to, on_error, reader, dates)
    if dates.doubtful:
        count, verb = ("1 value", "is") if dates.doubtful == 1 else (f"{dates.doubtful:,} values", "are")
        context.warn(
            f"{count} of `{column}`, such as `{dates.example}`, {verb} taken with the day first. Set `pattern` to "
            f"{patterns_to_choose(dates.example)}."
        )
    if reader.doubtful:
        sign = "comma" if decimal == "." else "point"
        count, verb = ("1 value", "was") if reader.doubtful == 1 else (f"{reader.doubtful:,} values", "were")
        context.warn(
            f"{count} of `{column}`, such as `{reader.example}`, {verb} read with a {sign} between thousands. State "
            f"`thousands` to be sure, or `decimal` if it is a decimal {sign}."
        )
    table = Table(rows.columns, frame)
    return Converted(table, len(table), context.notes)


@activity(id="data.to_table", title="List to table", blocking=True)
def to_table(*, items: list[dict[str, Any]]) -> Shaped:
    """Convert a list of objects to a table.

    Its columns are the objects' fields, in the order of first appearance; what an object lacks is null.

    Args:
        items: The objects.
    """
    return _shaped(Table.from_records(items))


@activity(id="data.to_list", title="Table to list", blocking=True)
def to_list(*, rows: Table) -> Records:
    """Convert a table to a list of objects.

    Args:
        rows: The table.
    """
    return Records(list(rows), len(rows))


def _shaped(table: Table) -> Shaped:
    return Shaped(table, len(table))
