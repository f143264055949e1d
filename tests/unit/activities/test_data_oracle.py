"""The table activities give what plain Python over rows gives, on columns of one kind and of many."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any, get_args

import data_oracle as oracle
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exekra.activities.data.combine import append, join
from exekra.activities.data.computations import FUNCTIONS, NotANumberError
from exekra.activities.data.conditions import Operator
from exekra.activities.data.filtering import filter as filter_rows
from exekra.activities.data.shape import SortKey, convert_column, sort, unique
from exekra.activities.data.summary import group
from exekra.activities.data.values import ConversionError, DateReader, NumberReader, converted_value
from exekra.sdk import table_frame
from exekra.sdk.table import Table
from exekra.testing.context import FakeContext

HOUR = timezone(timedelta(hours=1))
TEXTS = st.sampled_from(
    ["", "a", "A", "b", "Straße", "STRASSE", "ß", "İ", "ς", "Σ", "5", "2.5", "true", "2026-01-01", "z" * 9]
)
INTEGERS = st.sampled_from([-1, 0, 1, 2, 5, 2**53, 2**53 + 1, 2**63 - 1, -(2**63)])
FLOATS = st.sampled_from([-0.5, 0.0, 1.0, 2.5, 0.1, 1e300, 2.0**53, math.inf])
DAYS = st.dates(date(2025, 12, 31), date(2026, 1, 2))
MOMENTS = st.sampled_from([datetime(2026, 1, 1), datetime(2026, 1, 1, 12), datetime(1, 1, 1), datetime.max])
COLUMNS: dict[str, st.SearchStrategy[Any]] = {
    "texts": TEXTS,
    "integers": INTEGERS,
    "floats": FLOATS,
    "numbers": st.sampled_from([1, 1.0, 2, 2.5, -1, 3]),
    "booleans": st.booleans(),
    "dates": DAYS,
    "moments": MOMENTS,
    "moments of a zone": MOMENTS.filter(lambda value: value.year == 2026).map(lambda value: value.replace(tzinfo=HOUR)),
    "moments of zones": st.sampled_from([datetime(2026, 1, 1, 1, tzinfo=HOUR), datetime(2026, 1, 1, tzinfo=UTC)]),
    "times": st.sampled_from([time(1), time(1, 0, 0, 5), time(23)]),
    "durations": st.sampled_from([timedelta(1), timedelta(-1), timedelta(0, 5)]),
    "decimals": st.sampled_from([Decimal("0.5"), Decimal("1.00"), Decimal(1), Decimal("0.1")]),
    "large": st.sampled_from([2**64, 1, -(2**80), 2**64]),
    "nothing": st.none(),
}
SCALARS = st.one_of(*COLUMNS.values())
MIXED = SCALARS | st.sampled_from([[1, "a"], [1.0, "a"], {"a": 1}, {"a": True}, []])
COLUMN = st.sampled_from([*COLUMNS.values(), MIXED]).flatmap(lambda values: st.lists(st.none() | values, max_size=8))
ON_DISK = st.booleans()


def table_of(*columns: list[Any], on_disk: bool = False) -> tuple[Table, list[tuple[Any, ...]]]:
    """A table of the columns and of the number of each row, and its rows."""
    length = min(map(len, columns))
    rows = list(zip(*(column[:length] for column in columns), range(length), strict=True))
    names = (*"vwxyz"[: len(columns)], "row")
    table = Table.from_rows(names, rows)
    if on_disk:
        frame = table.frame()
        table = Table(names, table_frame.spilled(frame.lazy(), frame.kinds))
    return table, rows


def numbers_of(rows: list[tuple[Any, ...]]) -> list[int]:
    return [row[-1] for row in rows]


@settings(deadline=None)
@given(COLUMN, st.sampled_from(get_args(Operator)), MIXED | st.just(math.nan), st.booleans(), ON_DISK)
def test_filter(column, operator, wanted, ignore_case, on_disk):
    if operator in ("contains", "starts_with", "ends_with", "matches"):
        wanted = "a" if wanted in ([], None) or operator == "matches" else wanted
    elif operator == "is_one_of" and not isinstance(wanted, list):
        wanted = [wanted, *column[:2]]
    table, rows = table_of(column, on_disk=on_disk)
    got = filter_rows(FakeContext(), rows=table, column="v", operator=operator, value=wanted, ignore_case=ignore_case)
    kept, others = oracle.filtered(rows, 0, operator, wanted, ignore_case)
    assert got.rows.column("row") == numbers_of(kept)
    assert got.others.column("row") == numbers_of(others)


@settings(deadline=None)
@given(COLUMN, COLUMN, st.booleans(), st.booleans(), ON_DISK)
def test_sort(first, second, down, down_too, on_disk):
    table, rows = table_of(first, second, on_disk=on_disk)
    by = (SortKey(column="v", descending=down), SortKey(column="w", descending=down_too))
    got = sort(FakeContext(), rows=table, by=by).rows
    assert got.column("row") == numbers_of(oracle.in_order(rows, [(0, down), (1, down_too)]))


@settings(deadline=None)
@given(COLUMN, ON_DISK)
def test_unique(column, on_disk):
    table, rows = table_of(column, on_disk=on_disk)
    assert unique(FakeContext(), rows=table, by=("v",)).rows.column("row") == numbers_of(
        oracle.without_doubles(rows, [0])
    )


@settings(deadline=None)
@given(st.data(), st.sampled_from(["matching", "all"]), ON_DISK)
def test_join(data, keep, on_disk):
    strategy = data.draw(st.sampled_from([*COLUMNS.values(), MIXED]))
    other_strategy = data.draw(st.sampled_from([strategy, *COLUMNS.values(), MIXED]))
    table, rows = table_of(data.draw(st.lists(st.none() | strategy, max_size=6)), on_disk=on_disk)
    other, others = table_of(data.draw(st.lists(st.none() | other_strategy, max_size=6)))
    got = join(FakeContext(), rows=table, other=other, on=("v",), keep=keep)
    matching, unmatched = oracle.joined(rows, others, 0, 0, keep == "all")
    assert [row[1:] for row in got.rows.rows()] == [row[1:] if len(row) > 2 else (*row[1:], None) for row in matching]
    assert got.unmatched.column("row") == numbers_of(unmatched)


@settings(deadline=None)
@given(COLUMN, COLUMN, st.sampled_from(list(FUNCTIONS)), ON_DISK)
def test_group(keys, values, function, on_disk):
    table, rows = table_of(keys, values, on_disk=on_disk)
    compute = {"result": {function: "w"}}
    try:
        expected = oracle.grouped(rows, 0, [(function, 1)])
    except NotANumberError:
        with pytest.raises(NotANumberError):
            group(FakeContext(), rows=table, by=("v",), compute=compute)
        return
    got = group(FakeContext(), rows=table, by=("v",), compute=compute).rows
    assert [(repr(row[0]), row[1], type(row[1])) for row in got.rows()] == [
        (repr(row[0]), row[1], type(row[1])) for row in expected
    ]


@settings(deadline=None)
@given(COLUMN, COLUMN, ON_DISK)
def test_append(first, second, on_disk):
    one, rows = table_of(first, on_disk=on_disk)
    other, others = table_of(second)
    assert [*map(repr, append(rows=one, other=other).rows.rows())] == [*map(repr, rows + others)]


NUMBER_TEXTS = st.from_regex(
    r"[+-]{0,2}[0-9]{0,20}[.,' ]?[0-9]{0,3}[.,]?[0-9]{0,3}(e[+-]?[0-9]{1,3})?[a ]?", fullmatch=True
)


@settings(deadline=None)
@given(
    st.lists(st.none() | NUMBER_TEXTS, max_size=5) | st.lists(st.integers(-99, 10**16).map(str)) | COLUMN,
    st.sampled_from(["number", "text", "date", "boolean"]),
    st.sampled_from([".", ","]),
    st.sampled_from(["fail", "null", "keep"]),
    ON_DISK,
)
def test_convert_column(column, to, decimal, on_error, on_disk):
    table, _ = table_of(column, on_disk=on_disk)
    reader = NumberReader(decimal, "auto")
    expected = []
    for value in column:
        try:
            expected.append(converted_value(value, to, reader, DateReader("")))
        except (TypeError, ValueError, OverflowError):
            expected.append(ConversionError if on_error == "fail" else None if on_error == "null" else value)
    inputs: dict[str, Any] = {"rows": table, "column": "v", "to": to, "decimal": decimal, "on_error": on_error}
    if ConversionError in expected:
        with pytest.raises(ConversionError):
            convert_column(FakeContext(), **inputs)
        return
    assert [*map(repr, convert_column(FakeContext(), **inputs).rows.column("v"))] == [*map(repr, expected)]
