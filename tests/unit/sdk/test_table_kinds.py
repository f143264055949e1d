"""Whatever values a table is given, it gives back: the same values of the same types, in memory and from the disk."""

from __future__ import annotations

import math
import subprocess
import sys
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exekra.sdk import table_frame
from exekra.sdk.errors import InputError
from exekra.sdk.table import Table, TableWriter
from exekra.sdk.table_kinds import BOOLEAN, DATE, EMPTY, FLOAT, INTEGER, MIXED, MOMENT, NUMBER, TEXT, Kind
from exekra.sdk.table_values import decoded, encoded

HOUR = timezone(timedelta(hours=1))

SCALARS: tuple[st.SearchStrategy[Any], ...] = (
    st.text(st.characters(codec="utf-8"), max_size=4),
    st.text(max_size=4),  # Halves of characters, too.
    st.integers(-5, 5),
    st.integers(-(2**70), 2**70),
    st.sampled_from([2**53, 2**53 + 1, -(2**63), 2**63 - 1, 2**63]),
    st.floats(),
    st.sampled_from([-0.0, 1.0, 2.0**53, 0.1]),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.datetimes(timezones=st.just(UTC)),
    st.datetimes(timezones=st.just(HOUR)),
    st.datetimes(timezones=st.sampled_from([UTC, HOUR, ZoneInfo("Europe/Berlin")])),
    st.times(),
    st.times(timezones=st.just(HOUR)),
    st.timedeltas(),
    st.decimals(),
    st.binary(max_size=3),
)
VALUES = st.recursive(
    st.none() | st.one_of(*SCALARS),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=2), inner, max_size=2),
    max_leaves=4,
)
COLUMNS = st.one_of(*(st.lists(st.none() | scalar, max_size=6) for scalar in SCALARS), st.lists(VALUES, max_size=6))


def same(one: Any, other: Any) -> bool:
    """Whether two values have the same type and content, down to the sign of a zero and the zone of a time."""
    if type(one) is not type(other):
        return False
    match one:
        case float() | Decimal():
            return repr(one) == repr(other)
        case list():
            return len(one) == len(other) and all(map(same, one, other))
        case dict():
            return list(one) == list(other) and all(map(same, one.values(), other.values()))
        case datetime() | time():
            return (one.replace(tzinfo=None), repr(one.tzinfo)) == (other.replace(tzinfo=None), repr(other.tzinfo))
    return bool(one == other)


def assert_same(values: list[Any], expected: list[Any]) -> None:
    assert len(values) == len(expected)
    assert all(map(same, values, expected)), (values, expected)


@given(COLUMNS)
def test_a_column_gives_back_what_it_was_given(values):
    table = Table.from_rows(("v",), [[value] for value in values])
    table.frame()
    assert_same(table.column("v"), values)
    assert_same([record["v"] for record in table], values)
    assert_same([table[number]["v"] for number in range(len(values))], values)


@settings(max_examples=30)
@given(st.lists(COLUMNS, min_size=1, max_size=3))
def test_parts_of_different_kinds_give_it_back_from_the_disk(parts):
    frames = [table_frame.frame_of((values,), ("v",)) for values in parts if values]
    if not frames:
        return
    whole = table_frame.appended(frames)
    on_disk = table_frame.spilled(whole.lazy(), whole.kinds)
    given_values = [value for values in parts for value in values]
    assert_same(whole.column(0), given_values)
    assert_same(on_disk.column(0), given_values)
    assert_same([value for (chunk,) in on_disk.chunks(1) for value in chunk], given_values[1:])


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ([None, None], EMPTY),
        (["007", None, ""], TEXT),
        ([1, -(2**63)], INTEGER),
        ([1.0, math.nan], FLOAT),
        ([1, 1.0, 2.5, None], NUMBER),
        ([2**53 + 1, 2.5], MIXED),
        ([2**63], MIXED),
        ([True, False], BOOLEAN),
        ([True, 1], MIXED),
        ([date(2026, 1, 1)], DATE),
        ([datetime(2026, 1, 1)], MOMENT),
        ([datetime(2026, 1, 1, tzinfo=HOUR)], Kind("moment", HOUR)),
        ([datetime(2026, 1, 1, tzinfo=HOUR), datetime(2026, 1, 1)], MIXED),
        ([date(2026, 1, 1), datetime(2026, 1, 1)], MIXED),
        ([1, "n/a"], MIXED),
        (["\ud800"], MIXED),
    ],
)
def test_the_kind_follows_from_the_types(values, kind):
    (found,) = Table.from_rows(("v",), [[value] for value in values]).frame().kinds
    assert found == kind


def test_objects_keep_names_that_are_no_plain_texts():
    value = {"\ud800": {date(2026, 1, 31): [1, {"\udcff": 2**70}]}, "a": None}
    assert decoded(encoded(value)) == value


def test_what_is_no_data_is_refused_by_its_column():
    table = Table.from_rows(("a", "b"), [(1, object())])
    with pytest.raises(InputError, match="Column `b`: A table cannot keep a value of the type object"):
        table.frame()


@pytest.mark.parametrize("name", ["", "*", "^.*$", "0", "1", "literal", "a.b"])
def test_no_name_of_a_column_means_anything_to_the_engine(name):
    table = Table.from_rows((name, "other"), [(1, "x"), (2, "y")])
    table.frame()
    assert list(table[1:]) == [{name: 2, "other": "y"}]
    assert table.column(name) == [1, 2]


def test_a_writer_takes_columns_of_any_length():
    writer = TableWriter(("n",))
    for _ in range(3):
        writer.extend_columns((range(3_000),))
    assert writer.finish().column("n") == [*range(3_000)] * 3


def test_a_process_without_large_tables_does_not_load_the_engine():
    program = "import sys; from exekra.sdk.table import Table; t = Table.from_rows(('a',), [[1]] * 100); t[1:][5]; "
    program += "assert 'polars' not in sys.modules; t.frame(); assert 'polars' in sys.modules"
    subprocess.run([sys.executable, "-c", program], check=True)
