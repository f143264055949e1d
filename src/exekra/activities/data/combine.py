"""Put two tables together: side by side by what they share, or one below the other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from exekra.activities.column_names import free_names
from exekra.activities.data.shape import ColumnNames, Shaped
from exekra.activities.ordering import identity
from exekra.sdk.activity import activity
from exekra.sdk.errors import InputError
from exekra.sdk.table import Row, Table, TableWriter

CATEGORY = "Data Tables"
ICON = "arrows-join"


@dataclass(frozen=True, slots=True)
class Joined:
    """The joined rows.

    Attributes:
        rows: The joined table.
        count: The number of its rows.
        unmatched: The rows of the first table that have no partner in the second.
    """

    rows: Table
    count: int
    unmatched: Table


@activity(id="data.join", title="Join tables", blocking=True)
def join(
    *,
    rows: Table,
    other: Table,
    on: ColumnNames,
    other_on: tuple[str, ...] = (),
    keep: Literal["matching", "all"] = "matching",
) -> Joined:
    """Add to each row the columns of the rows of another table that agree with it, as VLOOKUP does.

    A row with several partners appears once with each. Null agrees with nothing. A column of the other table whose
    name is taken gets a 2 behind it.

    Args:
        rows: The first table.
        other: The second table.
        on: The columns that must agree.
        other_on: Their names in the second table, where they differ.
        keep: Whether rows without a partner are left out, or kept with nulls.
    """
    theirs = other_on or on
    if len(theirs) != len(on):
        raise InputError(f"`on` names {len(on)} columns, but `other_on` {len(theirs)}. They go together one by one.")
    keys = [rows.position(name) for name in on]
    other_keys = [other.position(name) for name in theirs]
    added = [number for number in range(len(other.columns)) if number not in other_keys]
    partners: dict[Any, list[Row]] = defaultdict(list)
    for row in other.rows():
        key = _key(row, other_keys)
        if key is not None:
            partners[key].append(tuple(row[number] for number in added))
    joined = TableWriter((*rows.columns, *free_names(rows.columns, [other.columns[number] for number in added])))
    unmatched = TableWriter(rows.columns)
    nothing = [(None,) * len(added)]
    for row in rows.rows():
        key = _key(row, keys)
        found = partners.get(key) if key is not None else None
        if found is None:
            unmatched.append(row)
        for extra in found or (nothing if keep == "all" else ()):
            joined.append(row + extra)
    table = joined.finish()
    return Joined(table, len(table), unmatched.finish())


@activity(id="data.append", title="Append tables", blocking=True)
def append(*, rows: Table, other: Table) -> Shaped:
    """Put the rows of a second table below those of a first.

    Columns are matched by their names; where a table lacks one, its rows get null.

    Args:
        rows: The first table.
        other: The second table.
    """
    columns = (*rows.columns, *(name for name in other.columns if name not in rows.columns))
    writer = TableWriter(columns)
    for table in (rows, other):
        places = [table.columns.index(name) if name in table.columns else None for name in columns]
        for chunk in table.chunks():
            empty = [None] * len(chunk[0])
            writer.extend_columns(tuple(empty if place is None else chunk[place] for place in places))
    combined = writer.finish()
    return Shaped(combined, len(combined))


def _key(row: Row, positions: Sequence[int]) -> Any:
    """What rows are compared by; None where a part is missing."""
    values = [row[position] for position in positions]
    return None if None in values else tuple(identity(value) for value in values)
