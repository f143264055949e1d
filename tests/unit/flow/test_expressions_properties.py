"""What holds for every expression and every text: checked on generated ones."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from exekra.flow.expressions import ExpressionBoundError, ExpressionSyntaxError, compile_expression, function_entries
from exekra.flow.templates import TemplateError, compile_template, compile_value
from exekra.sdk.errors import ExekraError

NAMES = ("a", "b", "c")
numbers = st.one_of(
    st.integers(-(10**6), 10**6), st.floats(allow_nan=False, width=32), st.booleans(), st.integers(-3, 3)
)
leaves = st.one_of(st.sampled_from(NAMES), st.integers(0, 1000).map(str), st.sampled_from(["0.5", "True", "False"]))


def grow(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    operators = st.sampled_from(["+", "-", "*", "/", "//", "%", "<", "<=", ">", ">=", "==", "!=", "and", "or"])
    return st.one_of(
        st.tuples(parts, operators, parts).map(lambda made: f"({made[0]} {made[1]} {made[2]})"),
        st.tuples(parts, operators, parts).map(lambda made: f"{made[0]} {made[1]} {made[2]}"),
        st.tuples(parts, st.integers(0, 4)).map(lambda made: f"({made[0]}) ** {made[1]}"),
        parts.map(lambda made: f"(not ({made}))"),
        parts.map(lambda made: f"-({made})"),
        st.tuples(parts, parts, parts).map(lambda made: f"({made[0]} if {made[1]} else {made[2]})"),
        st.tuples(parts, parts, parts).map(lambda made: f"({made[0]} < {made[1]} <= {made[2]})"),
        st.tuples(parts, parts).map(lambda made: f"[{made[0]}, {made[1]}][0]"),
        st.tuples(parts, parts).map(lambda made: f"({made[0]} in [{made[1]}, 1, 0])"),
        st.tuples(parts, parts).map(lambda made: f"[a + {made[0]} for a in [1, {made[1]}] if a][:1]"),
    )


def attempt(call: Callable[[], Any], *expected: type[Exception]) -> Any:
    """The result, or the expected error as a value; any other error fails the test."""
    try:
        return call()
    except expected as error:
        return error


@settings(max_examples=300)
@given(st.recursive(leaves, grow, max_leaves=12), st.tuples(numbers, numbers, numbers))
def test_the_result_is_what_python_gives(source: str, values: tuple[Any, Any, Any]) -> None:
    scope = dict(zip(NAMES, values, strict=True))
    expected = attempt(lambda: eval(source, dict(scope)), ArithmeticError, TypeError, ValueError, IndexError)
    result = attempt(lambda: compile_expression(source).evaluate(scope), ExekraError)
    if isinstance(expected, (Exception, complex)):
        assert isinstance(result, ExekraError)
    elif isinstance(result, ExekraError):
        # Python multiplies a list as often as asked, and has numbers of any size.
        assert isinstance(result, ExpressionBoundError)
    else:
        # `repr` tells types apart, and takes nan for nan.
        assert repr(result) == repr(expected)


plain = st.text().filter(lambda text: not re.search(r"\{[^\W\d]", text) and "\\{" not in text and "{{" not in text)


@settings(max_examples=400)
@given(st.one_of(plain, st.lists(st.sampled_from(["{", "}", "\\", '"', "1", " ", "a", "}{", "_"])).map("".join)))
@example('{"a": {"b": [1, 2]}}')
@example("C:\\temp\\")
@example("{ a }")
@example("{{ credential }}")
def test_a_text_without_an_expression_is_itself(text: str) -> None:
    if re.search(r"\{[^\W\d]", text) or "\\{" in text:
        return
    template = compile_template(text)
    assert template.literal
    assert template.evaluate({}) == text


@given(st.text())
def test_escaping_makes_any_text_literal(text: str) -> None:
    escaped = re.sub(r"\\*\{", lambda found: "\\" * (2 * (len(found[0]) - 1)) + "\\{", text)
    assert compile_template(escaped).evaluate({}) == text


WORDS = [
    *"()[]{},.:+-*/%=<>!|&^~@#'\"\\ \n0123456789jxe_",
    *("a", "b", "for", "in", "if", "else", "not", "and", "or", "is", "lambda", "yield", "await", "async", "import"),
    *(
        "None",
        "true",
        "null",
        "b'",
        "f'",
        "r'",
        "**",
        "//",
        ":=",
        "==",
        "->",
        "...",
        "é",
        "\u2028",
        "\ud800",
        "\0",
        "１",
    ),
    *(f"{entry.name}(" for entry in function_entries()),
]
source_texts = st.one_of(st.text(max_size=60), st.lists(st.sampled_from(WORDS), max_size=25).map("".join))
data = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.dates(), st.datetimes(), st.times()),
    lambda parts: st.one_of(st.lists(parts), st.dictionaries(st.text(), parts)),
    max_leaves=8,
)


@settings(max_examples=500)
@given(source_texts, data, data)
@example("1if 1else 2", None, None)
@example('"\\d"', None, None)
@example("a is 1", None, None)
@example("1 is null", None, None)
@example("'a'[0]('')", None, None)
@example("[1][0.5]", None, None)
@example("a\x0cb", None, None)
@example("0777", None, None)
@example("'\\N{DASH}'", None, None)
@example("a" * 300 + "." + "b" * 9000, None, None)
def test_nothing_but_our_errors_is_raised(source: str, a: Any, b: Any) -> None:
    expression = attempt(lambda: compile_expression(source), ExpressionSyntaxError)
    if isinstance(expression, ExpressionSyntaxError):
        assert 0 <= expression.position <= len(source)
        assert expression.problem
    else:
        attempt(lambda: expression.evaluate({"a": a, "b": b}), ExekraError)


@settings(max_examples=250)
@given(st.sampled_from(function_entries()), st.lists(data, max_size=4))
def test_functions_raise_only_our_errors_on_any_data(entry: Any, values: list[Any]) -> None:
    scope = {f"v{number}": value for number, value in enumerate(values)}
    source = f"{entry.name}({', '.join(scope)})"
    result = attempt(lambda: compile_expression(source).evaluate(scope), ExekraError)
    if isinstance(result, ExekraError):
        # This would be an error of Python that nobody thought of.
        assert "could not be evaluated" not in result.message


@settings(max_examples=250)
@given(
    st.lists(
        st.one_of(st.text(max_size=10), st.sampled_from(["{a}", "{b.c", "\\{", "{{", "}}", "{'", "{a[", *WORDS]))
    ).map("".join),
    data,
)
def test_templates_raise_only_our_errors(text: str, a: Any) -> None:
    template = attempt(lambda: compile_template(text), TemplateError)
    if isinstance(template, TemplateError):
        assert 0 <= template.position <= len(text)
    else:
        attempt(lambda: template.evaluate({"a": a, "b": a}), ExekraError)


@given(data)
def test_a_value_without_expressions_stays_and_is_new(value: Any) -> None:
    compiled = attempt(lambda: compile_value(value), TemplateError)
    if isinstance(compiled, TemplateError) or not compiled.literal or "\\{" in repr(value):
        return
    made = compiled.evaluate({})
    assert repr(made) == repr(value)
    assert made is not value or not isinstance(value, (list, dict))
