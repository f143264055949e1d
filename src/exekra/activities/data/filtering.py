"""Choose rows by conditions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Annotated, Any, Literal, NotRequired

from pydantic import WithJsonSchema
from typing_extensions import TypedDict  # pydantic needs this one before Python 3.12.

from exekra.activities.data.conditions import COMPARING, ORDERS, Family, Operator, family_of, forms_of, wanted_list
from exekra.activities.data.shape import ColumnName
from exekra.activities.data.values import with_columns
from exekra.activities.json_text import shown
from exekra.kit.patterns import PatternError
from exekra.sdk.activity import activity
from exekra.sdk.context import Context
from exekra.sdk.errors import InputError
from exekra.sdk.table import Table
from exekra.sdk.types import When

if TYPE_CHECKING:
    from exekra.sdk.table_frame import Frame

CATEGORY = "Data Tables"
ICON = "filter"


Wanted = Annotated[Any, WithJsonSchema({"x-text-counts": True})]
"""A value to compare with. A text counts as the number or the date that it stands for, so Studio leaves it a text."""


class Condition(TypedDict):
    """One more condition: a column, an operator and a value."""

    column: ColumnName
    operator: NotRequired[Operator]
    value: NotRequired[Wanted]


@dataclass(frozen=True, slots=True)
class Filtered:
    """The rows in two parts.

    Attributes:
        rows: The rows that meet the conditions.
        others: The rows that do not.
        count: The number of rows that meet them.
        notes: What was doubtful: a comparison that cannot be meant, such as of texts with a number, or no row kept.
    """

    rows: Table
    others: Table
    count: int
    notes: list[str]


@activity(id="data.filter", title="Filter table", blocking=True)
def filter(
    context: Context,
    /,
    *,
    rows: Table,
    column: ColumnName,
    operator: Operator = "equals",
    value: Annotated[Wanted, When(operator=COMPARING)] = None,
    more: tuple[Condition, ...] = (),
    match: Literal["all", "any"] = "all",
    ignore_case: bool = False,
) -> Filtered:
    """Split rows by a condition: those that meet it, and the others.

    A text such as 5 or 2026-01-31 is compared as a number or a date where the column holds numbers or dates. What
    cannot be compared, such as a text with a number, does not meet the condition, and `notes` says so.

    Args:
        rows: The table.
        column: The column to look at.
        operator: How to compare.
        value: What to compare with; a list for is_one_of, a regular expression for matches, nothing for is_empty.
        more: Further conditions, each with column, operator (equals, if left out) and value.
        match: Whether all conditions must be met, or one is enough.
        ignore_case: Whether capital and small letters count as the same.
    """
    import polars as pl

    from exekra.activities.data.column_conditions import families, met
    from exekra.activities.data.results import result_of
    from exekra.sdk.table_frame import collected

    rows = with_columns(rows, [column, *(each["column"] for each in more)])
    conditions: list[tuple[str, Operator, Any]] = [(column, operator, value)]
    conditions += [(each["column"], each.get("operator", "equals"), each.get("value")) for each in more]
    frame = rows.frame()
    tests = []
    for name, how, wanted in conditions:
        number = rows.position(name)
        tests.append(met(frame.kinds[number], pl.col(str(number)), how, wanted, ignore_case))
    combined = pl.all_horizontal(tests) if match == "all" else pl.any_horizontal(tests)
    judged = frame.lazy().with_columns(combined.alias("met"))
    try:
        if not frame.spills:
            judged = collected(judged, check=context.raise_if_stopped).lazy()
        kept, others = (
            Table(rows.columns, result_of(context, judged.filter(chosen).drop("met"), frame.kinds, frame))
            for chosen in (pl.col("met"), ~pl.col("met"))
        )
    except PatternError as error:  # It takes too long; the engine adds a paragraph about its own expression.
        raise InputError(str(error).partition("\n\n")[0]) from None
    for name, how, wanted in conditions:
        if how in ORDERS or how in ("equals", "not_equals", "is_one_of"):
            _note_incomparable(context, name, how, wanted, families(frame, rows.position(name)))
            _note_days(context, frame, rows.position(name), name, how, wanted)
    if rows and not kept and not context.notes:
        none = "The only row does not meet" if len(rows) == 1 else f"None of the {len(rows):,} rows meets"
        context.note(f"{none} the condition.")
    return Filtered(kept, others, len(kept), context.notes)


def _note_days(context: Context, frame: Frame, number: int, column: str, operator: Operator, wanted: Any) -> None:
    """Say that a day is its midnight, where that leaves out times of this very day that may be meant."""
    import polars as pl

    from exekra.sdk.table_frame import collected

    kind = frame.kinds[number]
    days = [day for each in (wanted if isinstance(wanted, list | tuple) else (wanted,)) if (day := _day(each))]
    if kind.name != "moment" or not days or operator in ("less", "greater_or_equal"):
        return
    moment = kind.comparable(pl.col(str(number)))
    later = moment.dt.date().is_in(days) & (moment.dt.time() != time())
    count = collected(frame.lazy().select(later.sum())).item()
    if count:
        context.warn(
            f"{count:,} {'row has a time' if count == 1 else 'rows have times'} of {days[0]} in `{column}`, and a day "
            f"alone is its midnight, so {operator} does not take the whole day. Compare with the next day by less, or "
            "from this day on by greater_or_equal."
        )


def _day(value: Any) -> date | None:
    """The day that a value is, without a time; None where it is none."""
    if isinstance(value, str):
        try:
            return date.fromisoformat(value.strip())
        except ValueError:
            return None
    return value if isinstance(value, date) and not isinstance(value, datetime) else None


def _listed(wanted: Any) -> str:
    return ", ".join(map(shown, wanted)) if isinstance(wanted, list | tuple) else shown(wanted)


_NAMES: dict[Family, str] = {
    "boolean": "true or false",
    "number": "numbers",
    "text": "texts",
    "moment": "dates",
    "time": "times",
    "duration": "durations",
    "other": "lists or objects",
}


def _note_incomparable(
    context: Context, column: str, operator: Operator, wanted: Any, families: dict[Family, int]
) -> None:
    """Say that values cannot be compared with what is wanted, unless that may well be meant.

    It may where the column has values of both kinds and only equality matters: to look for `n/a` among numbers.
    """
    listed: Sequence[Any] = wanted_list(wanted) if operator == "is_one_of" else (wanted,)
    comparable = {family for each in listed for family in forms_of(each, False)}
    if not comparable:
        return
    strange = {family: count for family, count in families.items() if family not in comparable}
    if not strange or (operator not in ORDERS and len(strange) < len(families)):
        return
    count = sum(strange.values())
    held = " and ".join(_NAMES[family] for family in strange)
    shown = " and ".join(dict.fromkeys(_NAMES[family_of(each)] for each in listed if each is not None))
    result = "do not meet the condition" if operator in ORDERS else "are never equal"
    context.warn(
        f"{count:,} {'row has' if count == 1 else 'rows have'} {held} in `{column}`, which cannot be compared with "
        f"{shown} ({_listed(wanted)}): they {result}. Convert Column makes one kind of them."
    )
