"""Sum tables up: one row for each group, or one column for each kind."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

from exekra.activities.column_names import free_names
from exekra.activities.data.shape import ColumnNames, Shaped
from exekra.activities.json_text import plain_text
from exekra.activities.ordering import identity, sort_key
from exekra.sdk.activity import activity
from exekra.sdk.errors import BusinessError, InputError
from exekra.sdk.table import Table, TableWriter
from exekra.sdk.types import Text

CATEGORY = "Data Tables"
ICON = "sum"


class NotANumberError(BusinessError):
    """A value to be added up is not a number."""


@activity(id="data.group", title="Group table", raises=(NotANumberError,), blocking=True)
def group(*, rows: Table, by: tuple[str, ...] = (), compute: dict[str, dict[str, str]] | None = None) -> Shaped:
    """Sum up rows that agree in some columns: one row for each group, in the order of first appearance.

    `compute` names each new column, what to compute, and from which column:
    `{total: {sum: amount}, orders: {count: ""}, latest: {max: day}}`. There are sum, average, min, max, first, last,
    count (filled values; of no column: rows), count_unique, list and join. Null is left out everywhere.

    Args:
        rows: The table.
        by: The columns that make a group; empty makes one group of all rows.
        compute: The columns to compute.
    """
    keys = [rows.position(name) for name in by]
    wanted = [_computation(rows, name, what) for name, what in (compute or {}).items()]
    members: dict[Any, list[int]] = {}
    first_rows: dict[Any, tuple[Any, ...]] = {}
    for number, row in enumerate(rows.rows()):
        group_of = tuple(row[key] for key in keys)
        key = tuple(map(identity, group_of))
        members.setdefault(key, []).append(number)
        first_rows.setdefault(key, group_of)
    if not by:
        members.setdefault((), [])
        first_rows.setdefault((), ())
    values_of = {column: rows.column(column) for _, _, column in wanted if column}
    writer = TableWriter((*by, *(name for name, _, _ in wanted)))
    for key, numbers in members.items():
        computed = [_compute(function, column, values_of, numbers) for _, function, column in wanted]
        writer.append((*first_rows[key], *computed))
    table = writer.finish()
    return Shaped(table, len(table))


@activity(id="data.pivot", title="Pivot table", raises=(NotANumberError,), blocking=True)
def pivot(*, rows: Table, by: ColumnNames, columns: Text, values: Text, function: Text = "sum") -> Shaped:
    """Turn the values of one column into columns: months side by side, for example, with one row for each region.

    Args:
        rows: The table.
        by: The columns that stay: one row for each combination of their values.
        columns: The column whose values become columns, in their order.
        values: The column to compute.
        function: What to compute: sum, average, min, max, first, last, count, count_unique, list or join.
    """
    _check_function(function)
    keys = [rows.position(name) for name in by]
    kind_at, value_at = rows.position(columns), rows.position(values)
    kinds: dict[Any, Any] = {}
    cells: dict[Any, dict[Any, list[Any]]] = {}
    first_rows: dict[Any, tuple[Any, ...]] = {}
    for row in rows.rows():
        key = tuple(identity(row[position]) for position in keys)
        first_rows.setdefault(key, tuple(row[position] for position in keys))
        kind = identity(row[kind_at])
        kinds.setdefault(kind, row[kind_at])
        cells.setdefault(key, {}).setdefault(kind, []).append(row[value_at])
    ordered = sorted(kinds, key=lambda kind: (sort_key(kinds[kind]) is None, sort_key(kinds[kind]) or ()))
    names = free_names(by, [plain_text(kinds[kind]) or "empty" for kind in ordered])
    writer = TableWriter((*by, *names))
    for key, first in first_rows.items():
        found = cells[key]
        writer.append((*first, *(_apply(function, values, found[k]) if k in found else None for k in ordered)))
    table = writer.finish()
    return Shaped(table, len(table))


def _computation(rows: Table, name: str, what: Mapping[str, str]) -> tuple[str, str, str]:
    if len(what) != 1:
        raise InputError(f"`compute` of `{name}` needs one function and its column, such as {{sum: amount}}.")
    ((function, column),) = what.items()
    _check_function(function)
    if column:
        rows.position(column)
    elif function != "count":
        raise InputError(f"`compute` of `{name}` does not say which column the {function} is of.")
    return name, function, column


def _check_function(function: str) -> None:
    if function not in _FUNCTIONS:
        close = get_close_matches(function, _FUNCTIONS, n=1)
        suggestion = f" Did you mean `{close[0]}`?" if close else ""
        raise InputError(f"`{function}` cannot be computed.{suggestion} There are {', '.join(_FUNCTIONS)}.")


def _compute(function: str, column: str, values_of: Mapping[str, Sequence[Any]], numbers: Sequence[int]) -> Any:
    if not column:
        return len(numbers)
    values = values_of[column]
    return _apply(function, column, [values[number] for number in numbers])


def _apply(function: str, column: str, values: Sequence[Any]) -> Any:
    filled = [value for value in values if value is not None]
    if function in ("sum", "average"):
        for value in filled:
            if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
                raise NotANumberError(
                    f"Column `{column}` holds {value!r:.60}, which is not a number, so there is no {function}. "
                    "Filter such rows out, or use Convert Column."
                )
    return _FUNCTIONS[function](filled)


def _sum(values: Sequence[Any]) -> Any:
    if any(isinstance(value, float) for value in values):
        return math.fsum(values)
    return sum(values)


def _order(value: Any) -> Any:
    return sort_key(value) or ()


_FUNCTIONS: Mapping[str, Callable[[list[Any]], Any]] = {
    "sum": _sum,
    "average": lambda values: _sum(values) / len(values) if values else None,
    "min": lambda values: min(values, key=_order, default=None),
    "max": lambda values: max(values, key=_order, default=None),
    "first": lambda values: values[0] if values else None,
    "last": lambda values: values[-1] if values else None,
    "count": len,
    "count_unique": lambda values: len(set(map(identity, values))),
    "list": list,
    "join": lambda values: ", ".join(map(plain_text, values)),
}
