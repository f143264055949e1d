"""What the errors of evaluation say: what happened, in which part, and what to do."""

from __future__ import annotations

from collections import ChainMap
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from exekra.flow.expressions import ExpressionError, UnknownNameError, compile_expression
from exekra.sdk.errors import ApplicationError
from exekra.sdk.table import Table

SCOPE: dict[str, Any] = {
    "i": 3,
    "name": "Ada",
    "nothing": None,
    "order": {"price": 7.5, "customer": None, "lines": [{"sku": "A", "price": 2}, {"sku": "B", "price": 5}]},
    "day": date(2026, 3, 1),
    "moment": datetime(2026, 3, 1, 14, 30),
    "amount": Decimal("1.10"),
    "pair": (1, 2),
    "table": Table.from_rows(("sku", "price"), [("A", 2), ("B", 5), ("C", 9)]),
}


def evaluate(source: str) -> Any:
    return compile_expression(source).evaluate(SCOPE)


@pytest.mark.parametrize(
    ("source", "part", "words"),
    [
        ("1 + name", "1 + name", "Cannot add a number and a text; use text(...) to join or number(...)"),
        ("i * (2 + name)", "2 + name", "Cannot add"),
        ("'é' + (2 + name) + 'é'", "2 + name", "Cannot add"),
        (r"'\d' + text(2 + name)", "2 + name", "Cannot add"),
        ("nothing + 1", "nothing + 1", "use default(value, ...)"),
        ("nothing < 1", "nothing < 1", "Cannot compare nothing (null) and a number"),
        ("day + 1", "day + 1", "use date_add(date, days=...)"),
        ("day < '2026-01-01'", "day < '2026-01-01'", "use date(...)"),
        ("day < moment", "day < moment", "make them alike"),
        ("moment < now('UTC')", "moment < now('UTC')", "one has a time zone and the other has none"),
        ("'%d' % 3", "'%d' % 3", "Cannot take the remainder of a text"),
        ("i / 0", "i / 0", "Division by zero"),
        ("i // 0.0", "i // 0.0", "Division by zero"),
        ("(-8) ** 0.5", "(-8) ** 0.5", "no such root"),
        ("-name", "-name", "negative of a text"),
        ("+[]", "+[]", "plus before a list"),
        ("name * 1.5", "name * 1.5", "Cannot multiply"),
        ("order.prise", "order.prise", "`order` has no field 'prise'; did you mean 'price'?"),
        ("order.zzz", "order.zzz", "it has price, customer, lines"),
        ("order.zzz", "order.zzz", 'write get(order, "zzz")'),
        ("order.customer.name", "order.customer.name", "`order.customer` is empty (null), so it has no field 'name'"),
        ("order.lines.price", "order.lines.price", "`order.lines[0].price`"),
        ("[line.cost for line in order.lines]", "line.cost", "`line` has no field 'cost'"),
        ("order.lines[7].price", "order.lines[7]", "`order.lines` has 2 items, so there is no item 7"),
        ("order['prise']", "order['prise']", "did you mean 'price'?"),
        ("order[[1]]", "order[[1]]", "keys of an object"),
        ("i[0]", "i[0]", "`i` is a number"),
        ("nothing[0]", "nothing[0]", "is empty (null)"),
        ("name['a']", "name['a']", "have numbers, not a text"),
        ("i[1:]", "i[1:]", "can be cut"),
        ("name['a':]", "name['a':]", "must be whole"),
        ("name[::0]", "name[::0]", "must not be 0"),
        ("[x for x in i]", "i", "not through a number"),
        ("[x for x in nothing]", "nothing", "use default(value, [])"),
        ("[a for a, b in pair]", "a, b", "no parts"),
        ("[a for a, b in [[1, 2, 3]]]", "a, b", "as many parts"),
        ("{[]: 1}", "{[]: 1}", "keys of an object"),
        ("3 in name", "3 in name", "use text(...)"),
        ("3 in i", "3 in i", "looks into a text"),
        ("3 in table", "3 in table", "column(table, name)"),
        ("[] in order", "[] in order", "keys of an object"),
        ("upper(i)", "upper(i)", "upper() needs a text as 'text', not a number; use text(...)"),
        ("upper(nothing)", "upper(nothing)", "use default(value, ...)"),
        ("round(i, digits='a')", "round(i, digits='a')", "whole number as 'digits'"),
        ("min(1, name)", "min(1, name)", "Cannot compare"),
        ("number('12 EUR')", "number('12 EUR')", "'12 EUR' is not a number"),
        ("matches(name, '(?=a)')", "matches(name, '(?=a)')", "look-ahead"),
        ("parse_json('{')", "parse_json('{')", "not JSON"),
        ("date('01.03.2026')", "date('01.03.2026')", "parse_date"),
        ("date(2026, 2, 30)", "date(2026, 2, 30)", "no such date"),
        ("in_zone(moment, 'Mars')", "in_zone(moment, 'Mars')", "There is no time zone"),
        ("name ** 2", "name ** 2", "Cannot raise to a power"),
        ("day + duration(days=3000000)", "day + duration(days=3000000)", "years 1 to 9999"),
    ],
)
def test_an_error_says_what_where_and_what_to_do(source: str, part: str, words: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        evaluate(source)
    assert words in caught.value.message
    assert (caught.value.source, caught.value.part) == (source, part)
    assert f"(in `{part}`)" in caught.value.message


def test_errors_of_evaluation_are_application_errors_that_no_retry_helps() -> None:
    with pytest.raises(ApplicationError) as caught:
        evaluate("i / 0")
    assert caught.value.retryable is False
    assert caught.value.kind == "application"
    assert caught.value.__suppress_context__


def test_an_unknown_name_suggests_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match=r"'nmae' is not known here; did you mean 'name'\?") as caught:
        evaluate("nmae")
    assert caught.value.name == "nmae"


def test_an_unknown_name_in_a_layered_scope_is_found_too() -> None:
    scope = ChainMap({"inner": 1}, {"outer": 2})
    assert compile_expression("inner + outer").evaluate(scope) == 3
    with pytest.raises(UnknownNameError, match="did you mean 'outer'"):
        compile_expression("[x for x in [1] if otter]").evaluate(scope)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (RecursionError(), "nested too deeply"),
        (MemoryError(), "not enough memory"),
        (OverflowError(), "too large"),
        (ArithmeticError(), "no result"),
        (ValueError("other"), "could not be evaluated (ValueError: other)"),
    ],
)
def test_any_error_of_python_becomes_one_of_ours(error: Exception, words: str) -> None:
    class Failing(dict[str, Any]):
        def __getitem__(self, key: str) -> Any:
            raise error

    with pytest.raises(ExpressionError) as caught:
        compile_expression("1 + a").evaluate(Failing(a=1))
    assert words in caught.value.message
    assert caught.value.part == "a"


def test_an_error_of_a_table_on_disk_stays_what_it_is() -> None:
    class Lost(Table):
        def __iter__(self) -> Any:
            raise ApplicationError("The disk is gone.")

    with pytest.raises(ApplicationError, match="The disk is gone") as caught:
        compile_expression("[row for row in t]").evaluate({"t": Lost(("a",))})
    assert not isinstance(caught.value, ExpressionError)


def test_a_number_that_is_none_cannot_be_compared() -> None:
    with pytest.raises(ExpressionError, match="no result"):
        compile_expression("x < 1").evaluate({"x": Decimal("NaN")})


def test_a_scope_that_raises_key_errors_of_its_own_is_not_blamed_on_a_name() -> None:
    class Broken(dict[str, Any]):
        def __getitem__(self, key: str) -> Any:
            raise KeyError("elsewhere")

    with pytest.raises(ExpressionError, match="could not be evaluated"):
        compile_expression("a").evaluate(Broken(a=1))
