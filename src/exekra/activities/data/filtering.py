"""Choose rows by conditions."""

from __future__ import annotations

import operator as operators
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import compress
from typing import Annotated, Any, Literal, NotRequired, get_args

from typing_extensions import TypedDict  # pydantic needs this one before Python 3.12.

from exekra.kit.patterns import PatternError, compile_pattern
from exekra.sdk.activity import activity
from exekra.sdk.errors import InputError
from exekra.sdk.table import Table, TableWriter
from exekra.sdk.types import Text, When

CATEGORY = "Data Tables"
ICON = "filter"

Operator = Literal[
    "equals",
    "not_equals",
    "greater",
    "greater_or_equal",
    "less",
    "less_or_equal",
    "contains",
    "starts_with",
    "ends_with",
    "matches",
    "is_one_of",
    "is_empty",
    "is_not_empty",
]
_COMPARING = tuple(operator for operator in get_args(Operator) if operator not in ("is_empty", "is_not_empty"))


class Condition(TypedDict):
    """One more condition: a column, an operator and a value."""

    column: str
    operator: NotRequired[Operator]
    value: NotRequired[Any]


@dataclass(frozen=True, slots=True)
class Filtered:
    """The rows in two parts.

    Attributes:
        rows: The rows that meet the conditions.
        others: The rows that do not.
        count: The number of rows that meet them.
    """

    rows: Table
    others: Table
    count: int


@activity(id="data.filter", title="Filter table", blocking=True)
def filter(
    *,
    rows: Table,
    column: Text,
    operator: Operator = "equals",
    value: Annotated[Any, When(operator=_COMPARING)] = None,
    more: tuple[Condition, ...] = (),
    match: Literal["all", "any"] = "all",
    ignore_case: bool = False,
) -> Filtered:
    """Keep the rows that meet a condition, and give the others apart.

    A text such as 5 or 2026-01-31 is compared as a number or a date where the column holds numbers or dates. What
    cannot be compared, such as a text with a number, does not meet the condition.

    Args:
        rows: The table.
        column: The column to look at.
        operator: How to compare.
        value: What to compare with; a list for is_one_of, a regular expression for matches, nothing for is_empty.
        more: Further conditions, each with column, operator (equals, if left out) and value.
        match: Whether all conditions must be met, or one is enough.
        ignore_case: Whether capital and small letters count as the same.
    """
    conditions = [(column, operator, value)]
    conditions += [(each["column"], each.get("operator", "equals"), each.get("value")) for each in more]
    tests = [(rows.position(name), condition(kind, wanted, ignore_case)) for name, kind, wanted in conditions]
    kept, others = TableWriter(rows.columns), TableWriter(rows.columns)
    combine = all if match == "all" else any
    for columns in rows.chunks():
        verdicts = [[test(value) for value in columns[position]] for position, test in tests]
        verdict = verdicts[0] if len(verdicts) == 1 else [combine(each) for each in zip(*verdicts, strict=True)]
        _put(kept, columns, verdict)
        _put(others, columns, [not met for met in verdict])
    table = kept.finish()
    return Filtered(table, others.finish(), len(table))


def condition(operator: Operator, wanted: Any, ignore_case: bool = False) -> Callable[[Any], bool]:
    """A test of one value.

    Raises:
        InputError: What is wanted does not go with the operator.
    """
    if operator == "is_empty":
        return lambda value: value is None or value == ""
    if operator == "is_not_empty":
        return lambda value: value is not None and value != ""
    if operator == "is_one_of":
        if not isinstance(wanted, list | tuple):
            raise InputError(f"is_one_of compares with a list, but the value is {wanted!r:.60}.")
        tests = [condition("equals", each, ignore_case) for each in wanted]
        return lambda value: any(test(value) for test in tests)
    if operator in ("contains", "starts_with", "ends_with", "matches"):
        return _text_condition(operator, wanted, ignore_case)
    if operator == "not_equals":
        equals = condition("equals", wanted, ignore_case)
        return lambda value: not equals(value)
    return _comparison(operator, wanted, ignore_case)


_COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "equals": operators.eq,
    "greater": operators.gt,
    "greater_or_equal": operators.ge,
    "less": operators.lt,
    "less_or_equal": operators.le,
}


def _comparison(operator: str, wanted: Any, ignore_case: bool) -> Callable[[Any], bool]:
    compare = _COMPARE[operator]
    forms = dict(_forms(wanted, ignore_case))
    only_equality = operator == "equals"

    def test(value: Any) -> bool:
        family = _family(value)
        if family not in forms:
            return only_equality and family in ("none", "other") and value == wanted
        if family == "moment":
            value = _moment(value)
        elif family == "text" and ignore_case:
            value = value.casefold()
        return bool(compare(value, forms[family]))

    return test


def _family(value: Any) -> str:
    """Which values can be compared with which."""
    match value:
        case None:
            return "none"
        case bool():
            return "boolean"
        case int() | float() | Decimal():
            return "number"
        case str():
            return "text"
        case date():
            return "moment"
        case time():
            return "time"
        case timedelta():
            return "duration"
    return "other"


def _forms(wanted: Any, ignore_case: bool) -> Iterator[tuple[str, Any]]:
    """What is wanted, for each family of values that it can be compared with."""
    family = _family(wanted)
    if family not in ("none", "other"):
        folded = wanted.casefold() if family == "text" and ignore_case else wanted
        yield family, _moment(folded) if family == "moment" else folded
    if isinstance(wanted, str):
        with suppress(ValueError):
            yield "number", float(wanted) if not wanted.strip().lstrip("-").isdecimal() else int(wanted)
        with suppress(ValueError):
            yield "moment", _moment(datetime.fromisoformat(wanted))
        if wanted.casefold() in ("true", "false"):
            yield "boolean", wanted.casefold() == "true"


def _moment(value: date) -> datetime:
    """A date as its midnight, a time without a zone as UTC: so all can be compared."""
    if not isinstance(value, datetime):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    return value if value.tzinfo else value.replace(tzinfo=UTC)


def _text_condition(operator: str, wanted: Any, ignore_case: bool) -> Callable[[Any], bool]:
    if wanted is None:
        raise InputError(f"{operator} needs a `value` to look for.")
    part = str(wanted)
    if operator == "matches":
        try:
            pattern = compile_pattern(part, ignore_case=ignore_case)
        except PatternError as error:
            raise InputError(str(error)) from None
        return lambda value: value is not None and pattern.search(str(value)) is not None
    part = part.casefold() if ignore_case else part
    look: Callable[[str, str], bool]
    look = {"contains": str.__contains__, "starts_with": str.startswith, "ends_with": str.endswith}[operator]

    def test(value: Any) -> bool:
        if value is None:
            return False
        text = str(value)
        return look(text.casefold() if ignore_case else text, part)

    return test


def _put(writer: TableWriter, columns: Sequence[Sequence[Any]], chosen: Sequence[bool]) -> None:
    if any(chosen):
        writer.extend_columns(tuple(list(compress(values, chosen)) for values in columns))
