"""Numbers at their edges: what is too large, what is not a number (NaN), decimals of many digits."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Any

import pytest

from exekra.flow.expressions import ExpressionError, ExpressionSyntaxError, compile_expression

NOT_NUMBERS = pytest.mark.parametrize("nan", [math.nan, Decimal("NaN"), Decimal("sNaN")], ids=str)
LONG = Decimal("-1234567890123456789012345678901.125")


def evaluate(source: str, **scope: Any) -> Any:
    return compile_expression(source).evaluate(scope)


@pytest.mark.parametrize("source", ["1e309", "1 + 1E400", "[9e999]"])
def test_a_number_that_is_too_large_is_refused_where_it_is_written(source: str) -> None:
    with pytest.raises(ExpressionSyntaxError, match="larger than a number can be"):
        compile_expression(source)


@NOT_NUMBERS
@pytest.mark.parametrize("source", ["nan + 1", "1 - nan", "nan * 2.0", "sum([1, nan])", "average([nan])", "nan / 1"])
def test_a_calculation_with_what_is_not_a_number_is_an_error(source: str, nan: Any) -> None:
    with pytest.raises(ExpressionError, match="no result"):
        evaluate(source, nan=nan)


@NOT_NUMBERS
def test_what_is_not_a_number_equals_nothing_and_has_no_order(nan: Any) -> None:
    assert not evaluate("nan == 1", nan=nan)
    assert evaluate("nan != 1", nan=nan)
    for source in ("nan < 1", "1 >= nan", "0.5 > nan"):
        with pytest.raises(ExpressionError, match="no result"):
            evaluate(source, nan=nan)


@NOT_NUMBERS
def test_what_is_not_a_number_hides_no_other(nan: Any) -> None:
    assert evaluate("[min([nan, 2, 1]), max([1, nan, 2])]", nan=nan) == [1, 2]
    assert evaluate("sort([3, nan, 1])", nan=nan)[:2] == [1, 3]


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("-long", Decimal("1234567890123456789012345678901.125")),
        ("+long", LONG),
        ("abs(long)", Decimal("1234567890123456789012345678901.125")),
        ("format_number(long, 3)", "-1,234,567,890,123,456,789,012,345,678,901.125"),
        ("format_number(12345678901234567890123456789012345, 0)", "12,345,678,901,234,567,890,123,456,789,012,345"),
        ("sum([long, cent])", Decimal("-1234567890123456789012345678901.115")),
        ("sum([cent, 0.02, 1])", Decimal("1.03")),
        ("average([cent, 0.02])", Decimal("0.015")),
    ],
)
def test_decimals_keep_their_digits(source: str, value: Any) -> None:
    made = evaluate(source, long=LONG, cent=Decimal("0.01"))
    assert made == value
    assert type(made) is type(value)
