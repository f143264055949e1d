"""Comparing and calculating: moments as moments, decimals as written, and never silently what cannot be meant."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from exekra.flow.expressions import compile_expression
from exekra.flow.expressions.errors import ExpressionError

BERLIN = ZoneInfo("Europe/Berlin")
NAMES: dict[str, Any] = {
    "before": datetime(2026, 3, 29, 1, 30, tzinfo=BERLIN),
    "after": datetime(2026, 3, 29, 3, 30, tzinfo=BERLIN),
    "first": datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN),
    "second": datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN, fold=1),
    "later_on_the_wall": datetime(2026, 10, 25, 2, 45, tzinfo=BERLIN),
    "utc": datetime(2026, 3, 29, 0, 30, tzinfo=UTC),
    "naive": datetime(2026, 3, 29, 1, 30),
    "day": date(2026, 3, 29),
    "hour": timedelta(hours=1),
    "exact": Decimal("0.1"),
}


def evaluate(source: str, **scope: Any) -> Any:
    return compile_expression(source).evaluate(scope)


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("after - before", timedelta(hours=1)),
        ("before + hour", NAMES["after"]),
        ("hour + before", NAMES["after"]),
        ("after - hour", NAMES["before"]),
        ("second - first", timedelta(hours=1)),
        ("first < second", True),
        ("first == second", False),
        ("second > later_on_the_wall", True),
        ("sort([second, later_on_the_wall, first])[1] == later_on_the_wall", True),
        ("length(unique([first, second, first]))", 2),
        ("max([later_on_the_wall, second]) == second", True),
        ("before == utc", True),
        ("utc - before", timedelta()),
        ("date_diff(before, after, 'hours')", 1),
        ("date_diff(before, after, 'minutes')", 60),
        ("date_add(before, hours=1)", NAMES["after"]),
        ("date_add(before, days=1).hour", 1),
        ("date_diff(day, after, 'hours')", 2),
        ("exact == 0.1", True),
        ("0.1 == exact", True),
        ("exact < 0.3", True),
        ("exact + 0.2", Decimal("0.3")),
        ("0.5 * exact", Decimal("0.05")),
        ("exact + 1", Decimal("1.1")),
        ("'' == 5", False),
        ("'n/a' != 5", True),
        ("null == '5'", False),
        ("true == 'true'", False),
        ("10 ** 30 == 10 ** 30 + 1", False),
        ("5 in ['6', 'x']", False),
        ("'5' in [6, null]", False),
        ("5 in {'6': 1}", False),
        ("true in ['1']", False),
        ("'x' not in [1, 2]", True),
        ("5 in ['5', 5]", True),
        ("9007199254740993 == 9007199254740992.0", False),
    ],
)
def test_what_is_meant(source: str, value: Any) -> None:
    assert evaluate(source, **NAMES) == value


@pytest.mark.parametrize(
    "source",
    [
        "'10' > 9",
        "'10' == 10",
        "10 != '10'",
        "' 1.234,50 ' == 1234.5",
        "index_of(['1', '2'], 2)",
        "5 in ['4', '5']",
        "'5' not in [5.0]",
        "count([1], '1')",
    ],
)
def test_a_text_that_is_a_number_is_not_compared_with_a_number(source: str) -> None:
    with pytest.raises(ExpressionError, match=r"Cannot compare a .* and a .*; use text\(...\).* number\(...\)"):
        evaluate(source)


@pytest.mark.parametrize("source", ["naive < before", "naive == before", "before != naive", "before - naive"])
def test_a_moment_with_a_zone_and_one_without_are_not_compared(source: str) -> None:
    with pytest.raises(ExpressionError, match="one has a time zone and the other has none"):
        evaluate(source, **NAMES)


@pytest.mark.parametrize("source", ["day == naive", "naive > day", "naive != day"])
def test_a_date_and_a_moment_are_not_compared(source: str) -> None:
    with pytest.raises(ExpressionError, match=r"Cannot compare a date(time)? and a date(time)?"):
        evaluate(source, **NAMES)
