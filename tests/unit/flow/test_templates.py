"""Templates: which braces are expressions, what becomes of the values, and what is refused."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from exekra.flow.expressions import ExpressionError, UnknownNameError
from exekra.flow.templates import TemplateError, compile_template, compile_value
from exekra.sdk.table import Table

SCOPE: dict[str, Any] = {
    "name": "Ada",
    "i": 3,
    "price": 2.0,
    "day": date(2026, 3, 1),
    "yes": True,
    "nothing": None,
    "order": {"lines": [{"sku": "A"}]},
    "table": Table.from_rows(("a",), [(1,)]),
    "wait": timedelta(minutes=5),
    "_x": "under",
    "größe": 5,
}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", ""),
        ("plain", "plain"),
        ("{i}", 3),
        ("{order.lines}", [{"sku": "A"}]),
        ("{nothing}", None),
        ("{i} ", "3 "),
        ("{name}{i}", "Ada3"),
        ("{_x}{größe}", "under5"),
        ("Hello {name}, {price} on {day}: {yes}{nothing}.", "Hello Ada, 2 on 2026-03-01: true."),
        ("lines: {order.lines}", 'lines: [{"sku":"A"}]'),
        ("-{table}-{wait}", '-[{"a":1}]-PT5M'),
        ("{name + '}' + \"{\"}", "Ada}{"),
        ("{get({'a': {'b': 1}}, 'a')}", {"b": 1}),
        ("x{get({'a': 1}, 'a')}}", "x1}"),
        ("{upper(\n  name\n)}", "ADA"),
        ('{"a": 1}', '{"a": 1}'),
        ("{ name }", "{ name }"),
        ("{1}", "{1}"),
        ("{}", "{}"),
        ("{", "{"),
        ("}", "}"),
        ("{'a'}", "{'a'}"),
        ("{²}", "{²}"),
        (r"\{name}", "{name}"),
        (r"\{", "{"),
        (r"\{ }", "{ }"),
        (r"\\{name}", "\\Ada"),
        (r"\\\{name}", "\\{name}"),
        (r"\\\\{name}", "\\\\Ada"),
        (r"C:\temp\new\file.txt", r"C:\temp\new\file.txt"),
        (r"\\server\share\\{name}", r"\\server\share\Ada"),
        (r"\d{2}\s", r"\d{2}\s"),
        (r"\{{name}}", "{Ada}"),
        (r"\{\{name}}", "{{name}}"),
        ('{"name": "{name}"}', '{"name": "Ada"}'),
        ("{{1}}", "{{1}}"),
        ("{{ name }}", "{{ name }}"),
        ("{'{i}'", "{'3'"),
    ],
)
def test_a_template_gives(text: str, value: Any) -> None:
    result = compile_template(text).evaluate(SCOPE)
    assert result == value
    assert type(result) is type(value)


@pytest.mark.parametrize(
    ("text", "position", "words"),
    [
        ("{name", 1, "a '}' is missing; if this brace is plain text, write \\{"),
        ("ab {name + }", 11, "ends too early"),
        ("ab {color: red}", 9, "not an expression"),
        ("function() {return 1}", 12, "'return' is a reserved word"),
        ("{it's}", 3, "not closed"),
        ("{name.upper()}", 1, "write upper(name)"),
        ("x {{name}}", 2, "single braces: {name}"),
        ("{{credential}} ", 0, "whole text of an input"),
        ("Bearer {{credential:API}}", 7, "whole text of an input"),
        ("{{credential:}}", 0, "whole text"),
        ("{i}{nope(1)}", 4, "There is no function 'nope'"),
        ("{a, b}", 1, "write a list as [a, b]"),
        ("{i # 1}", 3, "no meaning here"),
    ],
)
def test_what_starts_like_an_expression_and_is_none_is_refused(text: str, position: int, words: str) -> None:
    with pytest.raises(TemplateError) as caught:
        compile_template(text)
    assert words in caught.value.message
    assert caught.value.position == position
    assert text[position : position + 5].strip() in caught.value.snippet or not text[position:]


def test_names_and_expressions_have_their_positions() -> None:
    template = compile_template(r"a {name} \{b} {order.lines[i]}")
    assert template.names == {"name", "order", "i"}
    assert [(position, expression.source) for position, expression in template.expressions] == [
        (3, "name"),
        (15, "order.lines[i]"),
    ]
    assert not template.literal
    assert compile_template("a").literal


def test_escaped_names_are_told_so_that_a_path_can_be_questioned() -> None:
    assert compile_template(r"C:\out\{name}.xlsx \{ \{{i}").escaped == ((6, "name"),)


@pytest.mark.parametrize(
    ("text", "credential"),
    [("{{credential}}", ""), ("{{credential:Mail box}}", "Mail box"), ("{name}", None), ("x", None)],
)
def test_a_credential_is_recognised_alone(text: str, credential: str | None) -> None:
    assert compile_template(text).credential == credential


def test_a_credential_has_no_value_for_expressions() -> None:
    template = compile_template("{{credential:API}}")
    assert not template.literal
    with pytest.raises(ExpressionError, match="never part of an expression"):
        template.evaluate({"API": "secret", "credential": "secret"})


def test_errors_of_evaluation_name_the_expression() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'name'"):
        compile_template("Hello {nmae}").evaluate(SCOPE)
    with pytest.raises(ExpressionError, match=r"no text form \(in `x`\)"):
        compile_template("Hello {x}").evaluate({"x": object()})


def test_a_value_is_compiled_down_to_its_texts() -> None:
    compiled = compile_value({"to": "{name}", "rows": [["{i + 1}", "x"], 5, None, day := date(2026, 1, 1)], "{i}": "k"})
    assert compiled.names == {"name", "i"}
    assert not compiled.literal
    assert [(path, template.source) for path, template in compiled.templates] == [
        (("to",), "{name}"),
        (("rows", 0, 0), "{i + 1}"),
    ]
    assert compiled.evaluate(SCOPE) == {"to": "Ada", "rows": [[4, "x"], 5, None, day], "{i}": "k"}


def test_a_value_says_where_its_text_is_wrong() -> None:
    with pytest.raises(TemplateError, match=r"in rows\.1\.a") as caught:
        compile_value({"rows": ["x", {"a": "{b"}]})
    assert caught.value.path == ("rows", 1, "a")


def test_nobody_changes_the_document_through_a_value() -> None:
    document = {"list": [1, {"a": []}], "text": r"\{x}"}
    compiled = compile_value(document)
    made = compiled.evaluate({})
    made["list"][1]["a"].append(1)
    assert compiled.literal
    assert compiled.evaluate({}) == {"list": [1, {"a": []}], "text": "{x}"}
    assert document == {"list": [1, {"a": []}], "text": r"\{x}"}


def test_a_credential_inside_of_a_value_is_told() -> None:
    compiled = compile_value({"headers": {"token": "{{credential:API}}"}})
    assert [(path, template.credential) for path, template in compiled.templates] == [(("headers", "token"), "API")]
    assert not compiled.literal
