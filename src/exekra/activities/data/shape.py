"""Give a table another shape: other columns, another order, no duplicates."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, Literal

from annotated_types import MinLen

from exekra.activities.json_text import plain_text
from exekra.activities.ordering import identity, sort_key
from exekra.sdk.activity import activity
from exekra.sdk.errors import BusinessError, InputError
from exekra.sdk.table import Table, TableWriter
from exekra.sdk.types import Text, When

CATEGORY = "Data Tables"
ICON = "table"

ColumnNames = Annotated[tuple[str, ...], MinLen(1)]


class ConversionError(BusinessError):
    """A value of the table cannot be converted."""


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
class Records:
    """The rows as a list.

    Attributes:
        items: An object for each row.
        count: The number of rows.
    """

    items: list[dict[str, Any]]
    count: int


@activity(id="data.sort", title="Sort table", icon="sort-ascending", blocking=True)
def sort(*, rows: Table, by: ColumnNames, descending: tuple[str, ...] = ()) -> Shaped:
    """Sort the rows of a table; equal rows keep their order.

    Numbers come before dates, dates before texts; capital and small letters are the same; null is always last.

    Args:
        rows: The table.
        by: The columns to sort by, the most important first.
        descending: Those of them that go from large to small.
    """
    strangers = [name for name in descending if name not in by]
    if strangers:
        raise InputError(
            f"`descending` names {', '.join(strangers)}, by which the table is not sorted. Add it to `by`."
        )
    order = list(range(len(rows)))
    for name in reversed(by):
        keys = [sort_key(value) for value in rows.column(name)]
        filled = [number for number in order if keys[number] is not None]
        filled.sort(key=lambda number, keys=keys: keys[number], reverse=name in descending)  # type: ignore[misc]  # None is left out above.
        order = filled + [number for number in order if keys[number] is None]
    return _shaped(_rearranged(rows, order))


@activity(id="data.unique", title="Remove duplicate rows", blocking=True)
def unique(*, rows: Table, by: tuple[str, ...] = ()) -> Shaped:
    """Keep the first of all rows that are the same.

    Args:
        rows: The table.
        by: The columns that decide whether two rows are the same; empty compares whole rows.
    """
    positions = [rows.position(name) for name in by or rows.columns]
    seen: set[Any] = set()
    writer = TableWriter(rows.columns)
    for row in rows.rows():
        key = tuple(identity(row[position]) for position in positions)
        if key not in seen:
            seen.add(key)
            writer.append(row)
    return _shaped(writer.finish())


@activity(id="data.select_columns", title="Select columns", icon="columns", blocking=True)
def select_columns(
    *,
    rows: Table,
    columns: tuple[str, ...] = (),
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
    positions = [rows.position(name) for name in kept]
    writer = TableWriter([new_names.get(name, name) for name in kept])
    for chunk in rows.chunks():
        writer.extend_columns(tuple(chunk[position] for position in positions))
    return _shaped(writer.finish())


@activity(id="data.add_column", title="Add column", icon="table-plus", blocking=True)
def add_column(*, rows: Table, name: Annotated[str, MinLen(1)], values: Any = None) -> Shaped:
    """Add a column, or refill an existing one.

    Args:
        rows: The table.
        name: The name of the column.
        values: A list with a value for each row, or one value for all rows.
    """
    if isinstance(values, list | tuple) and len(values) != len(rows):
        raise InputError(f"`values` has {len(values)} items, but the table has {len(rows)} rows.")
    there = rows.columns.index(name) if name in rows.columns else None
    writer = TableWriter(rows.columns if there is not None else (*rows.columns, name))
    start = 0
    for chunk in rows.chunks():
        size = len(chunk[0])
        added = values[start : start + size] if isinstance(values, list | tuple) else [values] * size
        before, after = (chunk, ()) if there is None else (chunk[:there], chunk[there + 1 :])
        writer.extend_columns((*before, added, *after))
        start += size
    return _shaped(writer.finish())


@activity(id="data.convert_column", title="Convert column", raises=(ConversionError,), blocking=True)
def convert_column(
    *,
    rows: Table,
    column: Text,
    to: Literal["number", "text", "date", "boolean"],
    on_error: Literal["fail", "null", "keep"] = "fail",
    decimal: Annotated[Literal[".", ","], When(to="number")] = ".",
) -> Shaped:
    """Convert the values of a column; null stays null.

    Args:
        rows: The table.
        column: The column.
        to: What the values become. A date is read as 2026-01-31, with or without a time.
        on_error: What to do with a value that cannot be converted: raise an error, use null, or keep it.
        decimal: What separates the fraction in texts that become numbers.
    """
    position = rows.position(column)
    writer = TableWriter(rows.columns)
    start = 1
    for chunk in rows.chunks():
        converted = []
        for number, value in enumerate(chunk[position], start):
            try:
                converted.append(_converted(value, to, decimal))
            except (TypeError, ValueError):
                if on_error == "fail":
                    raise ConversionError(
                        f"Row {number}, column `{column}` holds {value!r:.60}, which cannot become a {to}. Correct "
                        "it, or choose another `on_error`."
                    ) from None
                converted.append(None if on_error == "null" else value)
        start += len(converted)
        writer.extend_columns((*chunk[:position], converted, *chunk[position + 1 :]))
    return _shaped(writer.finish())


@activity(id="data.to_table", title="List to table", blocking=True)
def to_table(*, items: list[dict[str, Any]]) -> Shaped:
    """Make a table out of a list of objects.

    Its columns are the objects' fields, in the order of first appearance; what an object lacks is null.

    Args:
        items: The objects.
    """
    return _shaped(Table.from_records(items))


@activity(id="data.to_list", title="Table to list", blocking=True)
def to_list(*, rows: Table) -> Records:
    """Make a list of objects out of a table.

    Args:
        rows: The table.
    """
    return Records(list(rows), len(rows))


def _shaped(table: Table) -> Shaped:
    return Shaped(table, len(table))


def _rearranged(rows: Table, order: Sequence[int]) -> Table:
    columns = [rows.column(name) for name in rows.columns]
    return Table.from_rows(rows.columns, ([values[number] for values in columns] for number in order))


def _converted(value: Any, to: str, decimal: str) -> Any:
    if value is None or value == "":
        return None
    match to:
        case "text":
            return plain_text(value)
        case "boolean":
            return _boolean(value)
        case "date":
            return _date(value)
    return _number(value, decimal)


def _number(value: Any, decimal: str) -> int | float:
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, int | float):
        return value
    if not isinstance(value, str):
        raise TypeError
    text = value.strip()
    if text.lstrip("+-").isdecimal():
        return int(text)
    if decimal == "," and "." in text:
        raise ValueError
    number = float(text.replace(decimal, "."))
    if not math.isfinite(number) or "_" in text:
        raise ValueError
    return number


def _boolean(value: Any) -> bool:
    known = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
    text = plain_text(value).strip().casefold()
    if text not in known:
        raise ValueError
    return known[text]


def _date(value: Any) -> date:
    if isinstance(value, date):
        return value
    if not isinstance(value, str):
        raise TypeError
    text = value.strip()
    return date.fromisoformat(text) if len(text) <= 10 else datetime.fromisoformat(text)
