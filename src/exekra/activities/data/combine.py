"""Put two tables together: side by side by what they share, or one below the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

from exekra.activities.column_names import free_names
from exekra.activities.data.shape import ColumnNames, Shaped
from exekra.activities.data.values import with_columns
from exekra.sdk.activity import activity
from exekra.sdk.context import Context
from exekra.sdk.errors import InputError
from exekra.sdk.table import Table
from exekra.sdk.types import ColumnOf

CATEGORY = "Data Tables"
ICON = "arrows-join"


@dataclass(frozen=True, slots=True)
class Joined:
    """The joined rows.

    Attributes:
        rows: The joined table.
        count: The number of its rows.
        unmatched: The rows of the first table that have no partner in the second.
        notes: What was doubtful: numbers that were to agree with texts, or no row with a partner.
    """

    rows: Table
    count: int
    unmatched: Table
    notes: list[str]


@activity(id="data.join", title="Join tables", blocking=True)
def join(
    context: Context,
    /,
    *,
    rows: Table,
    other: Table,
    on: ColumnNames,
    other_on: tuple[Annotated[str, ColumnOf("other")], ...] = (),
    keep: Literal["matching", "all"] = "matching",
) -> Joined:
    """Add to each row the columns of the rows of another table that agree with it, as VLOOKUP does.

    A row with several partners appears once with each. Null agrees with nothing, and no number with a text. A column
    of the other table whose name is taken gets a 2 behind it.

    Args:
        rows: The first table.
        other: The second table.
        on: The columns that must agree.
        other_on: Their names in the second table, where they differ.
        keep: Whether rows without a partner are left out, or kept with nulls.
    """
    import polars as pl

    from exekra.activities.data.keys import matching
    from exekra.activities.data.results import result_of

    theirs = other_on or on
    if len(theirs) != len(on):
        raise InputError(f"`on` names {len(on)} columns, but `other_on` {len(theirs)}. They go together one by one.")
    rows, other = with_columns(rows, on), with_columns(other, theirs)
    ours, their = rows.frame(), other.frame()
    other_keys = [other.position(name) for name in theirs]
    added = [number for number in range(len(other.columns)) if number not in other_keys]
    keys, partners = [], [pl.col(str(number)).alias(f"added {number}") for number in added]
    for place, (name, number) in enumerate(zip(on, other_keys, strict=True)):
        position = rows.position(name)
        pair = matching(ours.kinds[position], their.kinds[number], pl.col(str(position)), pl.col(str(number)))
        keys.append(pair[0].alias(f"key {place}"))
        partners.append(pair[1].alias(f"key {place}"))
    names = [f"key {place}" for place in range(len(on))]
    first, second = ours.lazy().with_columns(keys), their.lazy().select(partners)
    query = first.join(second, names, "inner" if keep == "matching" else "left", maintain_order="left_right")
    kinds = [*ours.kinds, *(their.kinds[number] for number in added)]
    joined = result_of(context, query.drop(names), kinds, ours, their)
    alone = first.join(second.select(names), names, "anti", maintain_order="left").drop(names)
    unmatched = result_of(context, alone, ours.kinds, ours, their)
    if rows and unmatched.length == len(rows):
        _note_no_partner(context, rows, other, on, theirs)
    columns = (*rows.columns, *free_names(rows.columns, [other.columns[number] for number in added]))
    return Joined(Table(columns, joined), joined.length, Table(rows.columns, unmatched), context.notes)


@activity(id="data.append", title="Append tables", blocking=True)
def append(*, rows: Table, other: Table) -> Shaped:
    """Add the rows of a second table below those of a first.

    Columns are matched by their names; where a table lacks one, its rows get null.

    Args:
        rows: The first table.
        other: The second table.
    """
    from exekra.sdk.table_frame import appended

    columns = (*rows.columns, *(name for name in other.columns if name not in rows.columns))
    frames = [
        table.frame().pick([table.columns.index(name) if name in table.columns else None for name in columns])
        for table in (rows, other)
    ]
    combined = Table(columns, appended(frames))
    return Shaped(combined, len(combined))


def _note_no_partner(context: Context, rows: Table, other: Table, on: Sequence[str], theirs: Sequence[str]) -> None:
    from exekra.activities.data.keys import may_agree

    for name, their_name in zip(on, theirs, strict=True):
        kind, their_kind = rows.frame().kinds[rows.position(name)], other.frame().kinds[other.position(their_name)]
        if "empty" not in (kind.name, their_kind.name) and not may_agree(kind, their_kind):
            context.warn(
                f"`{name}` holds {_held(kind.name)}, but `{their_name}` of the other table holds "
                f"{_held(their_kind.name)}, so no row has a partner. Convert Column makes one kind of them."
            )
            return
    ours = "The only row has no partner" if len(rows) == 1 else f"None of the {len(rows):,} rows has a partner"
    place = f"among the {len(other):,} rows of the other table"
    context.warn(f"{ours} {'in the only row of the other table' if len(other) == 1 else place}.")


def _held(kind: str) -> str:
    names = {"text": "texts", "boolean": "true or false", "time": "times", "duration": "durations"}
    return "dates" if kind in ("date", "moment") else names.get(kind, "numbers")
