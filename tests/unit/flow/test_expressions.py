"""What expressions mean, what they are refused for, and what their errors say."""

from __future__ import annotations

import inspect
import sys
import threading
from collections import defaultdict
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from exekra.flow.expressions import (
    RESERVED_NAMES,
    ExpressionBoundError,
    ExpressionSyntaxError,
    compile_expression,
)
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
    ("source", "value"),
    [
        ("i + 1", 4),
        ("order.price * 2 > 10", True),
        ("order.lines[0].price", 2),
        ("order['lines'][-1]['sku']", "B"),
        ("name[0]", "A"),
        ("name[::-1]", "adA"),
        ("order.lines[1:]", [{"sku": "B", "price": 5}]),
        ("pair + [3]", [1, 2, 3]),
        ("(1, 2)[1:]", [2]),
        ("pair[0:1]", [1]),
        ("'a' 'b' + 'c'", "abc"),
        ("'-' * 3", "---"),
        ("3 * [0]", [0, 0, 0]),
        ("7 // 2 + 7 % 4 + 2 ** 3 - 1 / 2", 13.5),
        ("-i + +i", 0),
        ("2 ** -1", 0.5),
        ("1 < i < 5 < 9 != 8", True),
        ("1 < i < 2", False),
        ("i == 3 and name or 'no'", "Ada"),
        ("not nothing", True),
        ("'yes' if i > 5 else 'no'", "no"),
        ("'d' in name and 'sku' in order.lines[0] and 3 not in pair", True),
        ("nothing is None and i is not null", True),
        ("[true, false, null, True, False, None]", [True, False, None, True, False, None]),
        ("{'a': i, name: 2}", {"a": 3, "Ada": 2}),
        ("[x.price * 2 for x in order.lines if x.price > 2]", [10]),
        ("[a * b for a in pair for b in [10, 20] if a > 1]", [20, 40]),
        ("[[y for y in range(x)] for x in pair]", [[0], [0, 1]]),
        ("{x.sku: x.price for x in order.lines}", {"A": 2, "B": 5}),
        ("[key for key, value in items({'a': 1, 'b': 2}) if value == 2]", ["b"]),
        ("sum(x.price for x in order.lines)", 7),
        ("[i for i in pair]", [1, 2]),
        ("[i for i in [i]] + [i]", [3, 3]),
        ("[c for c in name]", ["A", "d", "a"]),
        ("[k for k in order.lines[0]]", ["sku", "price"]),
        ("[x for x in pair if 0 < x < 2]", [1]),
        ("day + duration(days=1)", date(2026, 3, 2)),
        ("moment - datetime(2026, 3, 1)", timedelta(hours=14, minutes=30)),
        ("day.year + moment.minute", 2056),
        ("amount + 1", Decimal("2.10")),
        ("amount > 1", True),
        ("len(table)", 3),
        ("table[0].sku", "A"),
        ("table.columns", ["sku", "price"]),
        ("[row.price for row in table]", [2, 5, 9]),
        ("len(table[1:3])", 2),
        ("table[1:] == table[1:3]", True),
        ("column(table, 'price')", [2, 5, 9]),
        ("lookup(table, 'sku', 'B', 'price')", 5),
        ("where(table, 'price', 9)[0].sku", "C"),
        ("sort(table, 'price', descending=true)[0].sku", "C"),
        ("first(table).price", 2),
        ("rows(table)[2]", {"sku": "C", "price": 9}),
        ("  i\n  +\r\n\t1  ", 4),
        ("'\\u00e9'", "é"),
        (r"'\d\w\.' + 'a\tb\\'", "\\d\\w\\.a\tb\\"),
        (r"r'\n' + '\x41'", "\\nA"),
        ("name or'x'", "Ada"),
        ("order.lines[1.0].sku", "B"),
        ("0x10 + 1_000 + 1e3 + .5", 2016.5 + 0.0),
    ],
)
def test_an_expression_gives(source: str, value: Any) -> None:
    result = evaluate(source)
    assert result == value
    assert type(result) is type(value)


@pytest.mark.parametrize(
    ("source", "position", "words"),
    [
        ("", 0, "empty"),
        ("i +", 3, "ends too early"),
        ("a b", 2, "not an expression"),
        ("a if b", 0, "Expected 'else' after 'if' expression"),
        ("1) + (2", 1, "closes nothing"),
        ("f(i", 1, "not closed"),
        ("(i]", 2, "'(' is closed by ']'"),
        ("'abc", 0, "not closed"),
        ("'''abc'''", 0, "Triple quotes"),
        ("'a\nb'", 2, "write \\n"),
        ("i # note", 2, "'#' has no meaning"),
        ("i + \\\n 1", 4, "backslash"),
        ("“abc”", 0, "straight quotes"),
        ("a = 1", 2, "write =="),
        ("a && b", 3, "Write `and`"),
        ("a, b", 0, "write a list as [a, b]"),
        ("x for x in y", 2, "'for' is a reserved word"),
        ("order.class", 6, 'object["name"]'),
        ("lambda: 1", 0, "lambda"),
        ("[x := 1]", 1, "`:=`"),
        ("[*a]", 1, "join lists with +"),
        ("merge(*a)", 0, "`*` before an argument"),
        ("merge(**a)", 0, "`*` before an argument"),
        ("{**a}", 0, "merge(a, b)"),
        ("{1, 2}", 0, "unique([...])"),
        ("{x for x in y}", 0, "unique([...])"),
        ("f'{a}'", 0, 'f"..."'),
        ("b'a'", 0, "has no meaning"),
        ("1j", 0, "Imaginary"),
        ("...", 0, "not a value"),
        ("a << 2", 0, "The operators are"),
        ("a | b", 0, "merge(a, b)"),
        ("~a", 0, "write `not`"),
        ("a is 3", 0, "only for null"),
        ("a[1, 2]", 2, "One number or key"),
        ("name.upper()", 0, "write upper(name), not name.upper()"),
        ("name.strip()", 0, "write trim(name), not name.strip()"),
        ("name.foo()", 0, "functions are called as name(...)"),
        ("uper(name)", 0, "did you mean 'upper'?"),
        ("str(name)", 0, "use text"),
        ("a[0](1)", 0, "Only functions of the library"),
        ("replace(name)", 0, "write replace(text: text, old: text, new: text) -> text"),
        ("upper(name, size=1)", 0, "unexpected keyword argument 'size'"),
        ("[x for x.y in z]", 7, "After `for` stands a name"),
        ("[x for null in z]", 7, "cannot be a name"),
        ("1if a else 2", 0, "space between the number and the word"),
        ("'é' + + ", 8, "ends too early"),
        ("'é' + é é", 8, "not an expression"),
        (r"'\d' + é é", 9, "not an expression"),
        (r"'\d' ) ", 5, "closes nothing"),
        ("await x", 0, "not"),
        ("[x async for x in y]", 13, "`async`"),
        ("yield", 0, "reserved word"),
        ("import os", 0, "reserved word"),
        ("a; b", 1, ""),
        ("\x00", 0, "NUL character"),
        ("\ud800", 0, "surrogate"),
        ("9" * 5000, 5000, "too many digits"),
        ("0x" + "f" * 5000, 0, "too many digits"),
        ("a" * 10_001, 10_000, "10,000 characters"),
        ("(" * 51 + ")" * 51, 50, "50 nested brackets"),
        ("+".join("a" * 150), 0, "100 nested parts"),
        ("-" * 5000 + "1", 0, ""),
    ],
)
def test_what_is_no_expression_is_refused_with_its_place(source: str, position: int, words: str) -> None:
    with pytest.raises(ExpressionSyntaxError) as caught:
        compile_expression(source)
    assert words in caught.value.message
    assert caught.value.position == position
    assert caught.value.source == source


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("a + b.c[d]", {"a", "b", "d"}),
        ("[x + y for x in a if x > z]", {"y", "a", "z"}),
        ("[x for x in x]", {"x"}),
        ("[y for x in a for y in x]", {"a"}),
        ("{k: v for k, v in items(o)}", {"o"}),
        ("[x for x in a] + [x]", {"a", "x"}),
        ("[[x for x in y] for y in a]", {"a"}),
        ("upper('a') + text(true) + text(null)", set()),
        ("count(count)", None),
    ],
)
def test_names_are_the_free_ones(source: str, names: set[str] | None) -> None:
    if names is None:
        with pytest.raises(ExpressionSyntaxError):
            compile_expression(source)
    else:
        assert compile_expression(source).names == names


def test_a_function_and_a_variable_of_one_name_do_not_meet() -> None:
    assert compile_expression("count(items, count)").evaluate({"items": [1, 2, 1], "count": 1}) == 2


@pytest.mark.parametrize(
    ("source", "paths"),
    [
        ("order.lines[0].price", [("order", "lines", "0", "price")]),
        ("order['a b'].c", [("order", "a b", "c")]),
        ("order.lines[-1].price", [("order", "lines", "-1", "price")]),
        ("order.lines[i].price", [("order", "lines"), ("i",)]),
        ("order.lines[1:].price", [("order", "lines")]),
        ("a.b + a", [("a", "b"), ("a",)]),
        ("a + a.b", [("a",), ("a", "b")]),
        ("[x.price for x in order.lines]", [("order", "lines")]),
        ("upper(a.b).c", [("a", "b")]),
        ("(a if b else c).d", [("b",), ("a",), ("c",)]),
        ("true", []),
    ],
)
def test_paths_are_what_is_read_as_far_as_the_text_says(source: str, paths: list[tuple[str, ...]]) -> None:
    assert list(compile_expression(source).paths) == paths


@pytest.mark.parametrize(
    ("source", "constant"),
    [("1 + 2", True), ("upper('a')", True), ("a", False), ("now()", False), ("[uuid() for x in [1]]", False)],
)
def test_constant_means_no_names_and_no_chance(source: str, *, constant: bool) -> None:
    assert compile_expression(source).constant is constant


def test_compiled_expressions_are_remembered_and_immutable() -> None:
    expression = compile_expression("i + 1")
    assert compile_expression("i + 1") is expression
    with pytest.raises(AttributeError):
        expression.source = "2"  # type: ignore[misc]  # This is what must fail.


def test_literals_are_new_each_time() -> None:
    expression = compile_expression("[1, {'a': []}]")
    expression.evaluate({}).append(2)
    assert expression.evaluate({}) == [1, {"a": []}]


def test_a_chain_of_comparisons_stops_at_the_first_that_is_false() -> None:
    assert evaluate("5 < i < 1 / 0") is False
    assert evaluate("[x for x in pair if 5 < x < 1 / 0]") == []


def test_work_is_counted_for_each_evaluation_alone() -> None:
    expression = compile_expression("len([x for x in range(400000)])")
    for _ in range(4):
        assert expression.evaluate({}) == 400_000


def test_a_million_simple_iterations_are_possible_and_no_more() -> None:
    assert len(compile_expression("[x for x in a]").evaluate({"a": [0] * 1_000_000})) == 1_000_000
    with pytest.raises(ExpressionBoundError) as caught:
        compile_expression("[x for x in a]").evaluate({"a": [0] * 1_000_001})
    assert caught.value.bound == "work"


def test_many_threads_may_evaluate_one_expression() -> None:
    expression = compile_expression("sum([x * i for x in range(1000)])")
    results: dict[int, Any] = {}

    def run(number: int) -> None:
        results[number] = [expression.evaluate({"i": number}) for _ in range(20)]

    threads = [threading.Thread(target=run, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == {number: [499_500 * number] * 20 for number in range(8)}


def test_reserved_names_are_those_that_mean_a_value() -> None:
    assert sorted(RESERVED_NAMES) == ["false", "null", "true"]
    assert not compile_expression("true and null").names


def test_compiling_far_down_in_the_stack_is_refused_and_not_a_crash() -> None:
    def compile_at(depth: int) -> None:
        if depth:
            compile_at(depth - 1)
        else:
            compile_expression("+".join("abcdefghij" * 9))

    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(len(inspect.stack()) + 170)
    try:
        with pytest.raises(ExpressionSyntaxError, match="too complex"):
            compile_at(20)
    finally:
        sys.setrecursionlimit(limit)


def test_objects_of_other_dictionaries_have_fields_too() -> None:
    assert compile_expression("a.b + a['b']").evaluate({"a": defaultdict(int, b=2)}) == 4
