"""Table activities: pure functions, called as such."""

import math
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from exekra.activities.data.combine import append, join
from exekra.activities.data.computations import NotANumberError
from exekra.activities.data.filtering import filter as filter_rows
from exekra.activities.data.shape import (
    SortKey,
    add_column,
    select_columns,
    sort,
    to_list,
    to_table,
    unique,
)
from exekra.activities.data.summary import group, pivot
from exekra.kit.patterns import compile_pattern
from exekra.sdk.errors import InputError
from exekra.sdk.table import Table
from exekra.testing.context import FakeContext

ORDERS = Table.from_rows(
    ("id", "region", "amount", "day", "paid"),
    [
        (1, "North", 10, date(2026, 1, 3), True),
        (2, "south", 2.5, date(2026, 1, 1), False),
        (3, "North", None, None, None),
        (4, None, 7, date(2026, 2, 1), True),
        (5, "", 10.0, date(2026, 1, 3), False),
    ],
)


@pytest.mark.parametrize(
    ("column", "operator", "value", "ids"),
    [
        ("amount", "equals", 10, [1, 5]),
        ("amount", "equals", "10", [1, 5]),
        ("amount", "equals", " 2.5", [2]),
        ("amount", "equals", None, [3]),
        ("amount", "not_equals", 10, [2, 3, 4]),
        ("amount", "greater", 7, [1, 5]),
        ("amount", "greater_or_equal", "7", [1, 4, 5]),
        ("amount", "less", Decimal("7.5"), [2, 4]),
        ("amount", "less_or_equal", 2.5, [2]),
        ("amount", "greater", "many", []),
        ("region", "equals", "North", [1, 3]),
        ("region", "greater", "North", [2]),
        ("region", "contains", "o", [1, 2, 3]),
        ("region", "starts_with", "N", [1, 3]),
        ("region", "ends_with", "th", [1, 2, 3]),
        ("region", "matches", "^[Ns]o", [1, 2, 3]),
        ("region", "is_empty", None, [4, 5]),
        ("region", "is_not_empty", None, [1, 2, 3]),
        ("id", "is_one_of", [1, "4", "x"], [1, 4]),
        ("day", "equals", "2026-01-03", [1, 5]),
        ("day", "greater", "2026-01-02T12:00", [1, 4, 5]),
        ("day", "less", datetime(2026, 1, 2, tzinfo=UTC), [2]),
        ("day", "less", date(2026, 1, 2), [2]),
        ("paid", "equals", "true", [1, 4]),
        ("paid", "equals", False, [2, 5]),
        ("paid", "equals", 1, []),
    ],
)
def test_filter(column, operator, value, ids):
    got = filter_rows(FakeContext(), rows=ORDERS, column=column, operator=operator, value=value)
    assert got.rows.column("id") == ids
    assert got.others.column("id") == [each for each in range(1, 6) if each not in ids]
    assert got.count == len(ids)


def test_filter_by_several_conditions():
    more = ({"column": "amount", "operator": "greater", "value": 5},)
    north: dict[str, Any] = {"rows": ORDERS, "column": "region", "value": "north", "ignore_case": True, "more": more}
    assert filter_rows(FakeContext(), **north).rows.column("id") == [1]
    assert filter_rows(FakeContext(), **north, match="any").rows.column("id") == [1, 3, 4, 5]


@pytest.mark.parametrize(
    ("operator", "value", "sentence"),
    [
        ("is_one_of", 5, "with a list"),
        ("matches", "(", "not a valid regular expression"),
        ("contains", None, "needs a `value`"),
    ],
)
def test_a_condition_that_makes_no_sense(operator, value, sentence):
    with pytest.raises(InputError, match=sentence):
        filter_rows(FakeContext(), rows=ORDERS, column="id", operator=operator, value=value)


def test_an_unknown_column_names_the_known():
    with pytest.raises(InputError, match=r"no column `amt`\. Its columns: id, region, amount, day, paid"):
        filter_rows(FakeContext(), rows=ORDERS, column="amt")


def test_sort():
    amount, region = SortKey(column="amount"), SortKey(column="region")
    amount_down, id_down = SortKey(column="amount", descending=True), SortKey(column="id", descending=True)
    assert sort(FakeContext(), rows=ORDERS, by=(amount,)).rows.column("id") == [2, 4, 1, 5, 3]
    assert sort(FakeContext(), rows=ORDERS, by=(amount_down,)).rows.column("id") == [1, 5, 4, 2, 3]
    assert sort(FakeContext(), rows=ORDERS, by=(region, id_down)).rows.column("id") == [5, 3, 1, 2, 4]
    with pytest.raises(InputError, match=r"no column `amt`\. Its columns: id, region, amount, day, paid"):
        sort(FakeContext(), rows=ORDERS, by=(SortKey(column="amt"),))


def test_unique():
    assert unique(FakeContext(), rows=ORDERS, by=("amount",)).rows.column("id") == [1, 2, 3, 4]
    assert unique(FakeContext(), rows=ORDERS, by=("amount", "amount")).count == 4
    assert unique(FakeContext(), rows=append(rows=ORDERS, other=ORDERS).rows).rows == ORDERS


def test_select_columns():
    assert select_columns(rows=ORDERS, columns=("day", "id")).rows.columns == ("day", "id")
    assert select_columns(rows=ORDERS, columns=("day", "id"), exclude=True).rows.columns == ("region", "amount", "paid")
    assert select_columns(rows=ORDERS, rename={"id": "order"}).rows.columns[0] == "order"
    assert select_columns(rows=ORDERS, columns=("id",)).rows.column("id") == [1, 2, 3, 4, 5]
    with pytest.raises(InputError, match="named `region`"):
        select_columns(rows=ORDERS, rename={"id": "region"})


def test_add_column():
    assert add_column(FakeContext(), rows=ORDERS, name="n", values=[5, 4, 3, 2, 1]).rows.column("n") == [5, 4, 3, 2, 1]
    assert add_column(FakeContext(), rows=ORDERS, name="region", values="X").rows.column("region") == ["X"] * 5
    assert add_column(FakeContext(), rows=ORDERS, name="region").rows.columns == ORDERS.columns
    with pytest.raises(InputError, match="has 1 items, but the table has 5 rows"):
        add_column(FakeContext(), rows=ORDERS, name="n", values=[1])


def test_lists_and_tables():
    assert to_table(items=[{"a": 1}, {"b": 2}]).rows == Table.from_rows(("a", "b"), [(1, None), (None, 2)])
    assert to_list(rows=ORDERS[:1]).items == [ORDERS[0]]
    assert to_table(items=[{}]).count == 0


SKUS = Table.from_rows(("sku", "id", "name"), [(1, 100, "one"), (1, 101, "uno"), (2, 102, "two"), (None, 103, "none")])


def test_join():
    rows = Table.from_rows(("id", "sku"), [(1, 1.0), (2, 2), (3, 3), (4, None)])
    got = join(FakeContext(), rows=rows, other=SKUS, on=("sku",))
    assert got.rows.columns == ("id", "sku", "id 2", "name")
    assert list(got.rows.rows()) == [(1, 1.0, 100, "one"), (1, 1.0, 101, "uno"), (2, 2, 102, "two")]
    assert got.unmatched.column("id") == [3, 4]
    kept = join(FakeContext(), rows=rows, other=SKUS, on=("id",), other_on=("sku",), keep="all").rows
    assert list(kept.rows())[-1] == (4, None, None, None)
    with pytest.raises(InputError, match="go together one by one"):
        join(FakeContext(), rows=rows, other=SKUS, on=("id",), other_on=("sku", "id"))


def test_append():
    got = append(rows=Table.from_records([{"a": 1}]), other=Table.from_records([{"b": 2, "a": 3}])).rows
    assert list(got) == [{"a": 1, "b": None}, {"a": 3, "b": 2}]


def test_group():
    got = group(
        FakeContext(),
        rows=ORDERS,
        by=("region",),
        compute={
            "total": {"sum": "amount"},
            "rows": {"count": ""},
            "filled": {"count": "amount"},
            "mean": {"average": "amount"},
            "latest": {"max": "day"},
            "ids": {"list": "id"},
            "names": {"join": "id"},
        },
    ).rows
    assert got.columns == ("region", "total", "rows", "filled", "mean", "latest", "ids", "names")
    assert list(got.rows()) == [
        ("North", 10, 2, 1, 10, date(2026, 1, 3), [1, 3], "1, 3"),
        ("south", 2.5, 1, 1, 2.5, date(2026, 1, 1), [2], "2"),
        (None, 7, 1, 1, 7, date(2026, 2, 1), [4], "4"),
        ("", 10.0, 1, 1, 10.0, date(2026, 1, 3), [5], "5"),
    ]


def test_group_all_rows():
    compute = {
        "total": {"sum": "amount"},
        "kinds": {"count_unique": "amount"},
        "a": {"first": "id"},
        "z": {"last": "id"},
    }
    assert list(group(FakeContext(), rows=ORDERS, compute=compute).rows) == [
        {"total": 29.5, "kinds": 3, "a": 1, "z": 5}
    ]
    assert list(group(FakeContext(), rows=ORDERS[:0], compute=compute).rows) == [
        {"total": 0, "kinds": 0, "a": None, "z": None}
    ]
    assert list(group(FakeContext(), rows=Table.from_rows(("n",), [[0.1]] * 10), compute={"n": {"sum": "n"}}).rows) == [
        {"n": 1.0}
    ]


@pytest.mark.parametrize(
    ("compute", "error", "sentence"),
    [
        ({"n": {"sum": "region"}}, NotANumberError, "holds `North`, which is not a number"),
        ({"n": {"summ": "id"}}, InputError, "Did you mean `sum`"),
        ({"n": {"sum": ""}}, InputError, "which column"),
        ({"n": {"sum": "idd"}}, InputError, "no column `idd`"),
        ({"n": {}}, InputError, "needs one function"),
    ],
)
def test_what_cannot_be_computed(compute, error, sentence):
    with pytest.raises(error, match=sentence):
        group(FakeContext(), rows=ORDERS, by=("id",), compute=compute)


def test_pivot_by_the_column_that_becomes_columns():
    rows = Table.from_rows(["month", "amount"], [("Jan", 1), ("Feb", 2), ("Jan", 3)])
    got = pivot(FakeContext(), rows=rows, by=("month", "month"), columns="month", values="amount").rows
    assert list(got.rows()) == [("Jan", None, 4), ("Feb", 2, None)]


def test_pivot():
    rows = Table.from_records(
        [
            {"region": "South", "month": 2, "amount": 1},
            {"region": "North", "month": 1, "amount": 2},
            {"region": "South", "month": 1, "amount": 3},
            {"region": "South", "month": 2, "amount": 4},
            {"region": "North", "month": None, "amount": None},
        ]
    )
    got = pivot(FakeContext(), rows=rows, by=("region",), columns="month", values="amount").rows
    assert got.columns == ("region", "1", "2", "empty")
    assert list(got.rows()) == [("South", 3, 5, None), ("North", 2, None, 0)]
    names = pivot(FakeContext(), rows=rows, by=("month",), columns="region", values="amount", function="join").rows
    assert list(names.rows()) == [(2, None, "1, 4"), (1, "2", "3"), (None, "", None)]
    clash = Table.from_records([{"a": 1, "b": "a", "c": 5}, {"a": 1, "b": "", "c": 6}, {"a": 1, "b": None, "c": 7}])
    assert pivot(FakeContext(), rows=clash, by=("a",), columns="b", values="c").rows.columns == (
        "a",
        "empty",
        "a 2",
        "empty 2",
    )


def test_a_pattern_means_in_a_filter_what_it_means_elsewhere():
    names = [["Jürgen"], ["Jürgen Groß"], ["aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!"]]
    table = Table.from_rows(("name",), names)
    assert filter_rows(FakeContext(), rows=table, column="name", operator="matches", value=r"^\w+$").count == 1
    assert filter_rows(FakeContext(), rows=table, column="name", operator="matches", value="^(a+)+$").count == 0
    with pytest.raises(InputError, match="look-ahead, look-behind and back-references are not possible"):
        filter_rows(FakeContext(), rows=table, column="name", operator="matches", value="(?=J)")


def test_a_pattern_that_takes_too_long_is_an_error_of_its_input(monkeypatch):
    def slow(part: str, *, ignore_case: bool) -> Any:
        return compile_pattern(part, ignore_case=ignore_case, seconds=0.05)

    monkeypatch.setattr("exekra.activities.data.column_conditions.compile_pattern", slow)
    table = Table.from_rows(("name",), [["ä" * 60]])
    with pytest.raises(InputError, match=r"takes longer than .* or without `\\b`\.$"):
        filter_rows(FakeContext(), rows=table, column="name", operator="matches", value=r"^(?:\w|\w\w)+\b\W\W$")


@pytest.mark.parametrize(
    ("values", "total", "mean"),
    [
        ([0.1] * 10, 1.0, 0.1),
        ([1e16, 1.0, -1e16], 1.0, 1 / 3),
        ([1e300, 1e-300, -1e300], 1e-300, 1e-300 / 3),
        ([0.1, 0.2, 1], 1.3, 1.3 / 3),
        ([5e-324, 1e-320], 1e-320 + 5e-324, (1e-320 + 5e-324) / 2),
        ([2**62, 2**62, 2**62], 3 * 2**62, float(2**62)),
        ([1, 2.0, 3], 6.0, 2.0),
        ([None, 0.0], 0.0, 0.0),
        ([None], 0, None),
        ([Decimal("0.1"), Decimal("0.2")], Decimal("0.3"), Decimal("0.15")),
    ],
)
def test_sums_are_exact(values, total, mean):
    rows = Table.from_rows(("n",), ([value] for value in values))
    got = list(group(FakeContext(), rows=rows, compute={"sum": {"sum": "n"}, "mean": {"average": "n"}}).rows.rows())
    assert got == [(total, mean)]
    assert [*map(type, got[0])] == [type(total), type(mean)]


def test_sums_of_what_is_not_finite():
    def total(*values: float) -> Any:
        rows = Table.from_rows(("n",), ([value] for value in values))
        return group(FakeContext(), rows=rows, compute={"n": {"sum": "n"}}).rows[0]["n"]

    assert total(math.inf, 1.0) == math.inf
    assert math.isnan(total(math.nan, 1.0))
    assert math.isnan(total(math.inf, -math.inf))


NAME_DOWN = (SortKey(column="name", descending=True),)


@pytest.mark.parametrize(
    ("inputs", "names"),
    [
        ({}, ["Ohr", "Zoo 10", "Zoo 2", "Öl", None]),
        ({"text_order": "natural"}, ["Ohr", "Zoo 2", "Zoo 10", "Öl", None]),
        ({"text_order": "language"}, ["Ohr", "Öl", "Zoo 2", "Zoo 10", None]),
        ({"text_order": "language", "language": "sv"}, ["Ohr", "Zoo 2", "Zoo 10", "Öl", None]),
        ({"text_order": "language", "by": NAME_DOWN}, ["Zoo 10", "Zoo 2", "Öl", "Ohr", None]),
    ],
)
def test_texts_of_a_table_are_sorted_for_people_where_asked(inputs, names):
    given = ["Zoo 10", None, "Öl", "Zoo 2", "Ohr"]
    table = Table.from_rows(("name",), [[name] for name in given])
    inputs = {"by": ({"column": "name"},)} | inputs
    assert sort(FakeContext(), rows=table, **inputs).rows.column("name") == names
    mixed = Table.from_rows(("name",), [[name] for name in [*given, 5]])
    got = sort(FakeContext(), rows=mixed, **inputs).rows.column("name")
    assert [name for name in got if name != 5] == names


def test_an_unknown_language_is_named():
    with pytest.raises(InputError, match="no alphabet of the language `xx`"):
        sort(FakeContext(), rows=ORDERS, by=(SortKey(column="region"),), text_order="language", language="xx")
