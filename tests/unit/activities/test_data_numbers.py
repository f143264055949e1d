"""Numbers in tables at their edges: what is not a number (NaN), decimals, and numbers that are looked at as texts."""

import math
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from exekra.activities.data.filtering import filter as filter_rows
from exekra.activities.data.shape import SortKey, sort, unique
from exekra.activities.data.summary import group
from exekra.sdk.table import Table
from exekra.testing.context import FakeContext


@pytest.mark.parametrize("nan", [math.nan, Decimal("NaN"), Decimal("sNaN")], ids=str)
def test_what_is_not_a_number_breaks_no_step(nan):
    values = [2.5, nan, Decimal("0.5"), nan]
    numbers = Table.from_rows(("v",), [(value,) for value in values])
    mixed = Table.from_rows(("v",), [(value,) for value in [*values, "text"]])

    ordered = sort(FakeContext(), rows=mixed, by=(SortKey(column="v"),)).rows.column("v")
    assert (ordered[0], ordered[1], ordered[4]) == (Decimal("0.5"), 2.5, "text")
    assert len(unique(FakeContext(), rows=mixed).rows) == 4
    conditions: list[tuple[Any, ...]] = [("greater", 1.5, [2.5]), ("less", nan, []), ("equals", nan, [])]
    for operator, value, kept in conditions:
        got = filter_rows(FakeContext(), rows=numbers, column="v", operator=operator, value=value)
        assert got.rows.column("v") == kept
    compute = {function: {function: "v"} for function in ("sum", "average", "min", "max", "count_unique")}
    found = next(iter(group(FakeContext(), rows=numbers, compute=compute).rows))
    assert math.isnan(found["sum"])
    assert math.isnan(found["average"])
    assert (found["min"], found["max"], found["count_unique"]) == (Decimal("0.5"), 2.5, 3)


def test_sums_of_decimals_are_exact():
    table = Table.from_rows(("v",), [(Decimal("1E+30"),), (Decimal("0.01"),), (0.02,), (1,)])
    compute = {"sum": {"sum": "v"}, "average": {"average": "v"}}
    found = next(iter(group(FakeContext(), rows=table, compute=compute).rows))
    assert found["sum"] == Decimal("1000000000000000000000000000001.03")
    assert found["average"] == Decimal("2.500000000000000000000000000E+29")


@pytest.mark.parametrize(
    ("operator", "wanted", "kept"),
    [
        ("contains", ".", [2.5]),
        ("contains", 2.0, [2, 2.5, date(2026, 1, 31)]),
        ("ends_with", "0", []),
        ("matches", "^2$", [2]),
        ("contains", "ru", [True]),
        ("starts_with", "T", []),
        ("contains", "2026-01", [date(2026, 1, 31)]),
        ("matches", "None", []),
        ("contains", True, [True]),
    ],
)
@pytest.mark.parametrize("others", [[], ["x"]], ids=["of one kind", "mixed"])
def test_conditions_on_texts_see_values_as_a_template_writes_them(operator, wanted, kept, others):
    found = []
    for column in ([2.0, 2.5, None], [True, False, None], [date(2026, 1, 31), None]):
        rows = Table.from_rows(("v",), [(value,) for value in [*column, *others]])
        found += filter_rows(FakeContext(), rows=rows, column="v", operator=operator, value=wanted).rows.column("v")
    assert found == kept
