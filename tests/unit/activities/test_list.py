"""List activities: pure functions, called as such."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from exekra.activities import list as lists
from exekra.sdk.errors import InputError
from exekra.sdk.table import Table
from exekra.testing.context import FakeContext


def sort_list(**inputs):
    return lists.sort(FakeContext(), **inputs)


ORDERS = [
    {"sku": "b", "customer": {"name": "Ada"}},
    {"sku": "A", "customer": {"name": "Bob"}},
    {"sku": None, "customer": {"name": "Ada"}},
    {"customer": None},
]


def test_sort_by_field():
    assert [order.get("sku") for order in sort_list(items=ORDERS, by="sku").items] == [
        "A",
        "b",
        None,
        None,
    ]
    by_name = sort_list(items=ORDERS, by="customer.name", order="descending").items
    assert [order.get("sku") for order in by_name] == ["A", "b", None, None]


def test_sort_keeps_the_order_of_equals_and_mixes_kinds():
    values = ["b", 2, None, "B", date(2026, 1, 2), 1.5, datetime(2026, 1, 1, tzinfo=UTC), time(1), timedelta(1), [1]]
    assert sort_list(items=values).items == [
        1.5,
        2,
        datetime(2026, 1, 1, tzinfo=UTC),
        date(2026, 1, 2),
        time(1),
        timedelta(1),
        "B",
        "b",
        [1],
        None,
    ]


def test_values_that_are_no_keys_are_compared_all_the_same():
    table, snan = Table.from_rows(["a"], [(1,)]), Decimal("sNaN")
    assert lists.unique(items=[table, Table.from_rows(["a"], [(1,)]), [{"a": 1}], snan, snan]).count == 2
    assert lists.compare(FakeContext(), first=[table], second=[table]).same


def test_unique():
    assert lists.unique(items=[1, 1.0, True, "1", [1], [1], {"a": 1}, {"a": 1}]).items == [1, True, "1", [1], {"a": 1}]
    assert lists.unique(items=ORDERS, by="customer.name").count == 3


def test_chunk():
    assert lists.chunk(items=[1, 2, 3], size=2) == lists.Pieces([[1, 2], [3]], 2)
    assert lists.chunk(items=[], size=2) == lists.Pieces([], 0)


def test_compare():
    assert lists.compare(FakeContext(), first=[1, 2], second=[2, 3]) == lists.Compared([2], [1], [3], False)
    assert lists.compare(FakeContext(), first=[1, 2], second=[2, 1]).same
    assert lists.compare(FakeContext(), first=[{"id": 1, "a": 1}], second=[{"id": 1, "a": 2}], by="id").same


def test_group():
    groups = lists.group(items=ORDERS, by="customer.name").groups
    assert [(group["key"], len(group["items"])) for group in groups] == [("Ada", 2), ("Bob", 1), (None, 1)]


def test_a_field_of_what_is_no_object():
    with pytest.raises(InputError, match="`a` needs objects, but the list holds 1"):
        sort_list(items=[1], by="a")


def test_texts_are_sorted_for_people_where_asked():
    names = ["Zoo 10", "Zoo 2", "Öl", "Ohr"]
    assert sort_list(items=names).items == ["Ohr", "Zoo 10", "Zoo 2", "Öl"]
    assert sort_list(items=names, text_order="natural").items == ["Ohr", "Zoo 2", "Zoo 10", "Öl"]
    assert sort_list(items=names, text_order="language").items == ["Ohr", "Öl", "Zoo 2", "Zoo 10"]
    assert sort_list(items=names, text_order="language", language="sv").items == [
        "Ohr",
        "Zoo 2",
        "Zoo 10",
        "Öl",
    ]
    rows = [{"no": "A10"}, {"no": "A9"}, {"no": 5}, {"no": None}]
    assert [row["no"] for row in sort_list(items=rows, by="no", text_order="natural").items] == [
        5,
        "A9",
        "A10",
        None,
    ]
    with pytest.raises(InputError, match="no alphabet of the language `xx`"):
        sort_list(items=names, text_order="language", language="xx")
    with pytest.raises(InputError, match="needs the text order"):
        sort_list(items=names, language="sv")


def test_moments_are_sorted_and_told_apart_as_moments():
    berlin = ZoneInfo("Europe/Berlin")
    first = datetime(2026, 10, 25, 2, 30, tzinfo=berlin)
    again = first.replace(fold=1)
    between = datetime(2026, 10, 25, 2, 45, tzinfo=berlin)
    assert [moment.fold for moment in sort_list(items=[again, between, first]).items] == [0, 0, 1]
    assert lists.unique(items=[first, again, first.astimezone(UTC)]).count == 2


@pytest.mark.parametrize(
    ("first", "second", "warned"),
    [
        ([1, 2], ["1", "2"], True),
        (["1", None], [1.0], True),
        ([1, 2], [3], False),
        (["a"], ["b"], False),
        ([1, "2"], ["3"], False),
        ([], ["1"], False),
        ([1], ["1", 1], False),
    ],
)
def test_texts_compared_with_numbers_are_noticed(first, second, warned):
    context = FakeContext()
    lists.compare(context, first=first, second=second)
    assert ("share nothing" in " ".join(context.warnings)) is warned


def test_moments_with_and_without_a_zone_are_sorted_with_a_warning():
    context = FakeContext()
    naive, zoned = datetime(2026, 1, 1, 12), datetime(2026, 1, 1, 11, tzinfo=UTC)
    assert lists.sort(context, items=[naive, zoned]).items == [zoned, naive]
    assert context.warnings == ["Some moments have a time zone and others have none: those without are taken as UTC."]
    lists.sort(quiet := FakeContext(), items=[date(2026, 1, 1), naive, None, 5])
    assert quiet.warnings == []


@pytest.mark.parametrize("kind", [lambda inner: [inner], lambda inner: {"a": inner}], ids=["lists", "objects"])
def test_what_is_nested_too_deeply_is_refused(kind):
    deep = 1
    for _ in range(2_000):
        deep = kind(deep)
    for act in (
        lambda: lists.unique(items=[deep, deep]),
        lambda: lists.sort(FakeContext(), items=[deep, 1]),
        lambda: lists.compare(FakeContext(), first=[deep], second=[deep]),
        lambda: lists.group(items=[{"k": deep}], by="k"),
    ):
        with pytest.raises(InputError, match="nested too deeply to be compared"):
            act()
