"""List activities: pure functions, called as such."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from exekra.activities import list as lists
from exekra.sdk.errors import InputError

ORDERS = [
    {"sku": "b", "customer": {"name": "Ada"}},
    {"sku": "A", "customer": {"name": "Bob"}},
    {"sku": None, "customer": {"name": "Ada"}},
    {"customer": None},
]


def test_sort_by_field():
    assert [order.get("sku") for order in lists.sort(items=ORDERS, by="sku").items] == ["A", "b", None, None]
    by_name = lists.sort(items=ORDERS, by="customer.name", order="descending").items
    assert [order.get("sku") for order in by_name] == ["A", "b", None, None]


def test_sort_keeps_the_order_of_equals_and_mixes_kinds():
    values = ["b", 2, None, "B", date(2026, 1, 2), 1.5, datetime(2026, 1, 1, tzinfo=UTC), time(1), timedelta(1), [1]]
    assert lists.sort(items=values).items == [
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


def test_unique():
    assert lists.unique(items=[1, 1.0, True, "1", [1], [1], {"a": 1}, {"a": 1}]).items == [1, True, "1", [1], {"a": 1}]
    assert lists.unique(items=ORDERS, by="customer.name").count == 3


def test_chunk():
    assert lists.chunk(items=[1, 2, 3], size=2) == lists.Pieces([[1, 2], [3]], 2)
    assert lists.chunk(items=[], size=2) == lists.Pieces([], 0)


def test_compare():
    assert lists.compare(first=[1, 2], second=[2, 3]) == lists.Compared([2], [1], [3], False)
    assert lists.compare(first=[1, 2], second=[2, 1]).same
    assert lists.compare(first=[{"id": 1, "a": 1}], second=[{"id": 1, "a": 2}], by="id").same


def test_group():
    groups = lists.group(items=ORDERS, by="customer.name").groups
    assert [(group["key"], len(group["items"])) for group in groups] == [("Ada", 2), ("Bob", 1), (None, 1)]


def test_a_field_of_what_is_no_object():
    with pytest.raises(InputError, match="`a` needs objects, but the list holds 1"):
        lists.sort(items=[1], by="a")
