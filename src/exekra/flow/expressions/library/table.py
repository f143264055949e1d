"""Functions on tables, and on lists of objects, which are tables in small."""

from __future__ import annotations

from typing import Any

from exekra.flow.expressions import comparisons
from exekra.flow.expressions.errors import ExpressionError, nearest
from exekra.flow.expressions.functions import Items, function
from exekra.flow.expressions.values import describe
from exekra.flow.expressions.work import Work
from exekra.sdk.table import Table


@function("table")
def columns(work: Work, table: Items) -> list[Any]:
    """List the names of a table's columns; of a list of objects, the fields of all of them.

    Examples:
        columns([{"sku": "A", "price": 2}]) == ["sku", "price"]
    """
    if isinstance(table, Table):
        return list(table.columns)
    names: dict[Any, None] = {}
    for row in work.items_of(table):
        names.update(dict.fromkeys(_record(work, row)))
    return list(names)


def _record(work: Work, row: Any) -> dict[str, Any]:
    if not isinstance(row, dict):
        raise ExpressionError(f"The rows must be objects, not {describe(row)}")
    work.spend(len(row))
    return row


@function("table")
def column(work: Work, table: Items, name: str) -> list[Any]:
    """List the values of one column; null where a row lacks it.

    Examples:
        sum(column([{"price": 2}, {"price": 3}], "price")) == 5
    """
    if isinstance(table, Table):
        if name not in table.columns:
            raise ExpressionError(f"The table has no column '{name}'{nearest(name, table.columns)}")
        work.make_items(len(table))
        return table.column(name)
    rows = work.items_of(table)
    made = []
    found = not rows
    for row in rows:
        if not isinstance(row, dict):
            raise ExpressionError(f"The rows must be objects, not {describe(row)}")
        found = found or name in row
        made.append(row.get(name))
    if not found:
        raise ExpressionError(f"No row has a column '{name}'{nearest(name, rows[0])}")
    return made


@function("table")
def rows(work: Work, table: Items) -> list[Any]:
    """List a table's rows as objects, for use with list functions.

    Examples:
        rows([{"a": 1}]) == [{"a": 1}]
    """
    work.check_items(len(table))
    return list(work.items_of(table))


@function("table")
def where(work: Work, table: Items, name: str, value: Any) -> list[Any]:
    """Keep the rows that have a value in a column. For other conditions: `[row for row in table if ...]`.

    Examples:
        where([{"c": "A", "n": 1}, {"c": "B", "n": 2}], "c", "B") == [{"c": "B", "n": 2}]
    """
    found = column(work, table, name)
    kept = [number for number, part in enumerate(found) if comparisons.equal(work, part, value)]
    listed = work.items_of(table)
    return [listed[number] for number in kept]


@function("table")
def lookup(work: Work, table: Items, name: str, value: Any, result: str, default: Any = None) -> Any:
    """Find the first row that has a value in one column and give its value in another, or the default.

    Examples:
        lookup([{"sku": "A", "price": 2}, {"sku": "B", "price": 5}], "sku", "B", "price") == 5
        lookup([{"sku": "A", "price": 2}], "sku", "Z", "price", 0) == 0
    """
    found = column(work, table, name)
    results = column(work, table, result)
    matching = (number for number, part in enumerate(found) if comparisons.equal(work, part, value))
    number = next(matching, None)
    return default if number is None else results[number]
