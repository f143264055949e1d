"""Sum tables up: one row for each group, or one column for each kind."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

from exekra.activities.column_names import free_names
from exekra.activities.data.computations import FUNCTIONS, NotANumberError
from exekra.activities.data.shape import ColumnName, ColumnNames, Shaped
from exekra.activities.data.values import with_columns
from exekra.activities.json_text import plain_text
from exekra.activities.ordering import identity, sort_key
from exekra.sdk.activity import activity
from exekra.sdk.context import Context
from exekra.sdk.errors import InputError
from exekra.sdk.table import Table, TableWriter
from exekra.sdk.types import Text

CATEGORY = "Data Tables"
ICON = "sum"


@activity(id="data.group", title="Group table", raises=(NotANumberError,), blocking=True)
def group(
    context: Context,
    /,
    *,
    rows: Table,
    by: tuple[ColumnName, ...] = (),
    compute: dict[str, dict[str, ColumnName]] | None = None,
) -> Shaped:
    """Sum up rows that agree in some columns: one row for each group, in the order of first appearance.

    `compute` names each new column, what to compute, and from which column:
    `{total: {sum: amount}, orders: {count: ""}, latest: {max: day}}`. There are sum, average, min, max, first, last,
    count (filled values; of no column: rows), count_unique, list and join. Null is left out everywhere.

    Args:
        rows: The table.
        by: The columns that make a group; empty makes one group of all rows.
        compute: The columns to compute.
    """
    from exekra.activities.data.groups import grouped

    by = tuple(dict.fromkeys(by))
    used = [column for what in (compute or {}).values() for column in what.values() if column]
    rows = with_columns(rows, [*by, *used])
    keys = [rows.position(name) for name in by]
    wanted = [_computation(rows, name, what) for name, what in (compute or {}).items()]
    table = Table((*by, *(name for name, _, _ in wanted)), grouped(context, rows, keys, [each[1:] for each in wanted]))
    return Shaped(table, len(table))


@activity(id="data.pivot", title="Pivot table", raises=(NotANumberError,), blocking=True)
def pivot(
    context: Context,
    /,
    *,
    rows: Table,
    by: ColumnNames,
    columns: ColumnName,
    values: ColumnName,
    function: Text = "sum",
) -> Shaped:
    """Turn the values of one column into columns: months side by side, for example, with one row for each region.

    Args:
        rows: The table.
        by: The columns that stay: one row for each combination of their values.
        columns: The column whose values become columns, in their order.
        values: The column to compute.
        function: What to compute: sum, average, min, max, first, last, count, count_unique, list or join.
    """
    _check_function(function)
    from exekra.activities.data.groups import grouped

    by = tuple(dict.fromkeys(by))
    rows = with_columns(rows, [*by, columns, values])
    keys = [rows.position(name) for name in by]
    # One row for each cell of the result, first; then the cells of a row are put side by side.
    cells = grouped(context, rows, [*keys, rows.position(columns)], [(function, values)])
    kinds: dict[Any, Any] = {}
    found: dict[Any, dict[Any, Any]] = {}
    first_rows: dict[Any, tuple[Any, ...]] = {}
    for *group_of, kind, value in Table(tuple(map(str, range(len(cells.kinds)))), cells).rows():
        key = tuple(map(identity, group_of))
        first_rows.setdefault(key, tuple(group_of))
        kinds.setdefault(identity(kind), kind)
        found.setdefault(key, {})[identity(kind)] = value
    ordered = sorted(kinds, key=lambda kind: (sort_key(kinds[kind]) is None, sort_key(kinds[kind]) or ()))
    names = free_names(by, [plain_text(kinds[kind]) or "empty" for kind in ordered])
    writer = TableWriter((*by, *names))
    for key, first in first_rows.items():
        writer.append((*first, *(found[key].get(kind) for kind in ordered)))
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
    if function not in FUNCTIONS:
        close = get_close_matches(function, FUNCTIONS, n=1)
        suggestion = f" Did you mean `{close[0]}`?" if close else ""
        raise InputError(f"`{function}` cannot be computed.{suggestion} There are {', '.join(FUNCTIONS)}.")
