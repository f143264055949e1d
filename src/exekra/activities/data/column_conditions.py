"""Conditions on whole columns: the rules of `conditions`, as queries of the engine."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import polars as pl

from exekra.activities.data.conditions import (
    ORDERS,
    Family,
    Operator,
    condition,
    family_of,
    forms_of,
    wanted_list,
    wanted_text,
)
from exekra.activities.data.keys import by_value, folded
from exekra.kit.patterns import compile_pattern
from exekra.sdk.table_frame import Frame, collected
from exekra.sdk.table_kinds import BOOLEAN, DATE, EMPTY, INTEGER, LARGEST_EXACT, MIXED, TEXT, Kind

_FAMILIES: Mapping[str, Family] = {
    "empty": "none",
    "text": "text",
    "integer": "number",
    "float": "number",
    "number": "number",
    "boolean": "boolean",
    "date": "moment",
    "moment": "moment",
    "time": "time",
    "duration": "duration",
}
_SMALLEST, _LARGEST = -(2**63), 2**63 - 1


def met(kind: Kind, column: pl.Expr, operator: Operator, wanted: Any, ignore_case: bool) -> pl.Expr:
    """Whether each value meets a condition: true or false, never null.

    Raises:
        InputError: What is wanted does not go with the operator.
    """
    match operator:
        case "not_equals":
            return ~met(kind, column, "equals", wanted, ignore_case)
        case "is_not_empty":
            return ~met(kind, column, "is_empty", wanted, ignore_case)
    test = condition(operator, wanted, ignore_case)  # Refuses what makes no sense, of whatever kind the column is.
    if kind == MIXED:
        return by_value(kind, column, test, pl.Boolean())
    if kind == EMPTY:
        return pl.lit(test(None))
    match operator:
        case "is_empty":
            missing = kind.comparable(column).is_null()
            return missing | (column == "").fill_null(False) if kind == TEXT else missing
        case "equals":
            return _is_one_of(kind, column, [wanted], ignore_case)
        case "is_one_of":
            return _is_one_of(kind, column, wanted_list(wanted), ignore_case)
        case "contains" | "starts_with" | "ends_with" if kind == TEXT:
            return _has_text(folded(column) if ignore_case else column, operator, wanted, ignore_case)
        case "matches" if kind == TEXT:
            pattern = compile_pattern(wanted_text(operator, wanted), ignore_case=ignore_case)
            return column.map_batches(
                lambda series: pl.Series(series.name, pattern.found_in(series), dtype=pl.Boolean),
                return_dtype=pl.Boolean(),
                is_elementwise=True,
            )
        case "greater" | "greater_or_equal" | "less" | "less_or_equal":
            return _ordered(kind, column, operator, wanted, ignore_case)
    return by_value(kind, column, test, pl.Boolean())


def _has_text(column: pl.Expr, operator: str, wanted: Any, ignore_case: bool) -> pl.Expr:
    part = wanted_text(operator, wanted)
    if _is_broken(part):
        return pl.lit(False)
    part = part.casefold() if ignore_case else part
    match operator:
        case "contains":
            found = column.str.contains(part, literal=True)
        case "starts_with":
            found = column.str.starts_with(part)
        case _:
            found = column.str.ends_with(part)
    return found.fill_null(False)


def _is_broken(text: str) -> bool:
    """Whether a text has half a character in it, which no column of texts holds."""
    return any("\ud800" <= character <= "\udfff" for character in text)


def _is_one_of(kind: Kind, column: pl.Expr, wanted: Sequence[Any], ignore_case: bool) -> pl.Expr:
    forms = [forms_of(each, ignore_case) for each in wanted]
    family = _FAMILIES[kind.name]
    values = [value for each in forms if family in each for value in _storable(kind, each[family])]
    compared = _compared(kind, column, ignore_case)
    dtype = pl.Datetime("us") if kind == DATE else pl.Float64() if kind.name == "number" else kind.dtype
    if len(values) == 1:
        found = compared == pl.lit(values[0], dtype=dtype)
    else:
        found = compared.is_in(pl.lit(pl.Series(values, dtype=dtype)).implode())
    found = found.fill_null(False)
    return found | compared.is_null() if any(each is None for each in wanted) else found


def _compared(kind: Kind, column: pl.Expr, ignore_case: bool) -> pl.Expr:
    if kind == TEXT:
        return folded(column) if ignore_case else column
    return kind.comparable(column).cast(pl.Datetime("us")) if kind == DATE else kind.comparable(column)


def _storable(kind: Kind, value: Any) -> list[Any]:
    """The value as a column of the kind stores it; nothing where no value of the kind equals it."""
    match _FAMILIES[kind.name]:
        case "number" if kind == INTEGER:
            whole = isinstance(value, int) or (math.isfinite(value) and value == int(value))
            return [int(value)] if whole and _SMALLEST <= value <= _LARGEST else []
        case "number":
            number = _as_float(value)
            return [] if number is None or math.isnan(number) else [number]
        case "text":
            return [] if _is_broken(value) else [value]
        case "moment":
            return _naive_utc(value)
        case "time" if value.tzinfo:
            return []
        case "duration" if abs(value.days) > 10**8:
            return []
    return [value]


def _as_float(value: float | Decimal) -> float | None:
    """The number as a float; None where it is a whole number that no float equals."""
    if isinstance(value, int):
        try:
            return float(value) if float(value) == value else None
        except OverflowError:
            return None
    return float(value)


def _naive_utc(value: datetime) -> list[datetime]:
    try:
        return [value.astimezone(UTC).replace(tzinfo=None)]
    except OverflowError:  # The first or last day of the calendar, elsewhere.
        return []


def _ordered(kind: Kind, column: pl.Expr, operator: str, wanted: Any, ignore_case: bool) -> pl.Expr:
    compare = ORDERS[operator]
    family = _FAMILIES[kind.name]
    forms = forms_of(wanted, ignore_case)
    if family not in forms:
        return pl.lit(False)
    value = forms[family]
    if kind == INTEGER and not isinstance(value, int):
        return _ordered_integers(column, operator, value)
    values = _storable(kind, value)
    if not values or (family == "number" and isinstance(value, int) and abs(value) > LARGEST_EXACT):
        return by_value(kind, column, condition(operator, wanted, ignore_case), pl.Boolean())  # type: ignore[arg-type]  # It is an operator.
    if kind == BOOLEAN:
        column = column.cast(pl.Int8)
        values = [int(values[0])]
    compared = _compared(kind, column, ignore_case)
    found: pl.Expr = compare(compared, pl.lit(values[0]))
    if kind.name in ("float", "number"):
        found &= compared.is_not_nan()
    return found.fill_null(False)


def _ordered_integers(column: pl.Expr, operator: str, value: float | Decimal) -> pl.Expr:
    """Whole numbers beside a fraction: compared exactly, which as floats they are not."""
    if math.isnan(value):
        return pl.lit(False)
    if math.isinf(value):
        return column.is_not_null() if (value > 0) == operator.startswith("less") else pl.lit(False)
    bound = math.floor(value) if operator in ("greater", "less_or_equal") else math.ceil(value)
    if not _SMALLEST <= bound <= _LARGEST:
        return column.is_not_null() if (bound > 0) == operator.startswith("less") else pl.lit(False)
    found: pl.Expr = ORDERS[operator](column, pl.lit(bound, dtype=pl.Int64))
    return found.fill_null(False)


def families(frame: Frame, number: int) -> Counter[Family]:
    """How many values of each family a column holds, those that are None left out."""
    kind, column = frame.kinds[number], pl.col(str(number))
    if kind == MIXED:
        named = collected(frame.lazy().select(by_value(kind, column, family_of, pl.String()))).to_series()
        counted = Counter(named.to_list())
        del counted["none"]
        return counted
    filled = collected(frame.lazy().select(kind.comparable(column).count())).item()
    return Counter({_FAMILIES[kind.name]: filled} if filled else {})
