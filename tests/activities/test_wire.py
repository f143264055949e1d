"""What a value becomes when it is sent: the same text in a query, a form and a header, and JSON in bodies."""

import re
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from exekra.activities.wire import wire_fields, wire_json, wire_text
from exekra.flow.expressions import compile_expression
from exekra.sdk.errors import InputError
from exekra.sdk.table import Table

HALF = "\ud800"
ROWS = Table.from_rows(["order", "day"], [(1, date(2026, 1, 31)), (2, None)])
NESTED: list = []
NESTED.append(NESTED)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("a b", "a b"),
        ("", ""),
        (True, "true"),
        (False, "false"),
        (5, "5"),
        (5.0, "5"),
        (0.1, "0.1"),
        (1e22, "10000000000000000000000"),
        (1e-7, "0.0000001"),
        (-0.0, "0"),
        (Decimal("1.50"), "1.50"),
        (Decimal("1E+3"), "1000"),
        (date(2026, 1, 31), "2026-01-31"),
        (datetime(2026, 1, 31, 9, 30), "2026-01-31T09:30:00"),
        (datetime(2026, 1, 31, 9, 30, tzinfo=UTC), "2026-01-31T09:30:00+00:00"),
        (time(9, 30), "09:30:00"),
        (timedelta(hours=1.5), "5400"),
        (timedelta(milliseconds=1500), "1.5"),
        ({"a": 1, "b": [True, None]}, '{"a":1,"b":[true,null]}'),
        ([1, "ä"], '[1,"ä"]'),
        (ROWS, '[{"order":1,"day":"2026-01-31"},{"order":2,"day":null}]'),
    ],
    ids=repr,
)
def test_a_value_as_text(value, text):
    assert wire_text("It", value) == text


@pytest.mark.parametrize(
    "value",
    [None, float("nan"), float("-inf"), Decimal("NaN"), b"x", {1}, object(), 10**5000, HALF, {"a": HALF}],
    ids=lambda value: type(value).__name__,
)
def test_what_has_no_text(value):
    with pytest.raises(InputError, match=r"^It .*cannot be sent"):
        wire_text("It", value)


@pytest.mark.parametrize("value", [NESTED, [float("nan")], {"a": {1}}, [HALF]], ids=["itself", "nan", "set", "half"])
def test_what_has_no_json(value):
    with pytest.raises(InputError, match=r"^It .*cannot be sent"):
        wire_json("It", value)


def test_json_of_rows_with_dates():
    assert wire_json("It", {"rows": ROWS[:1], "took": timedelta(minutes=1)}) == (
        '{"rows":[{"order":1,"day":"2026-01-31"}],"took":60.0}'
    )


def test_fields_leave_null_out_and_repeat_lists():
    fields = wire_fields(
        "It", {"a": [1, None, [2, 3]], "b": None, "c": [], "d": ROWS[:1], "e": {"x": date(2026, 1, 2)}}
    )
    assert fields == {
        "a": ["1", "[2,3]"],
        "d": ['[{"order":1,"day":"2026-01-31"}]'],
        "e": ['{"x":"2026-01-02"}'],
    }


PAGE = Path(__file__).parents[2] / "docs" / "explain" / "data.md"


@pytest.mark.parametrize(
    ("expression", "text", "json"), re.findall(r"^\| `(.*?)` \| `(.*?)` \| `(.*?)` \|$", PAGE.read_text("utf-8"), re.M)
)
def test_what_the_page_says(expression, text, json):
    value = compile_expression(expression).evaluate({})
    assert wire_text("It", value) == text
    assert wire_json("It", value) == json
