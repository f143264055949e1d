"""Expressions that are tried while somebody types: values, positions of errors, bounds."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from exekra.flow.model import ValueType
from exekra.flow.trial import LONGEST_TEXT, Mode, Trial, TrialError, try_texts

SCOPE: dict[str, Any] = {
    "x": 3,
    "who": "Ada",
    "items": list(range(1000)),
    "read": {"rows": {"columns": ["sku", "price"], "rows": [["A", 2], ["B", 5]], "length": 2}},
}


def expression(text: str) -> Trial:
    return try_texts([(text, "expression")], SCOPE)[0]


def template(text: str) -> Trial:
    return try_texts([(text, "template")], SCOPE)[0]


def test_an_expression_gives_its_value_and_its_type():
    assert expression("x + 1") == Trial(value=4, type="number")
    assert expression("x > 1") == Trial(value=True, type="boolean")
    assert expression("null") == Trial(value=None, type="null")


def test_a_template_gives_a_text_or_the_value_of_its_one_expression():
    assert template("Hello {upper(who)}!") == Trial(value="Hello ADA!", type="text")
    assert template("{x}") == Trial(value=3, type="number")
    assert template("{{credential:Shop}}") == Trial(type="credential")


def test_the_plain_form_of_a_table_is_a_table():
    assert expression("sum(column(read.rows, 'price'))") == Trial(value=7, type="number")
    assert expression("read.rows").type == "table"


@pytest.mark.parametrize(
    "value", [{"columns": 1, "rows": [], "length": 0}, {"columns": ["a"], "rows": [1], "length": 1}]
)
def test_what_only_looks_like_a_table_stays_an_object(value):
    assert try_texts([("t", "expression")], {"t": value})[0].type == "object"


def test_a_name_has_its_declared_type():
    scope = {"day": "2026-11-20", "rows": [{"a": 1}], "free": "2026-11-20", "wrong": "soon"}
    types: dict[str, ValueType] = {"day": "date", "rows": "table", "wrong": "date", "absent": "date"}
    texts: list[tuple[str, Mode]] = [
        (name, "expression") for name in ("date_add(day, days=1)", "rows", "free", "wrong")
    ]
    trials = try_texts(texts, scope, types)
    assert [trial.type for trial in trials] == ["date", "table", "text", "text"]
    assert trials[0].value == "2026-11-21"


def test_a_value_is_shown_shortened():
    shown = expression("items")
    assert shown.type == "list"
    assert shown.value[-1] == "… 990 more"
    assert len(msgspec.json.encode(expression("'a' * 1000000").value)) < 2048


@pytest.mark.parametrize(
    ("text", "mode", "kind", "meant"),
    [
        ("x + who", "expression", "evaluation", "x + who"),
        ("1 + (x + who)", "expression", "evaluation", "x + who"),
        ("nobody", "expression", "evaluation", "nobody"),
        ("é {x * 2} and {x * (x + who)}", "template", "evaluation", "x + who"),
        ("a {who} {nobody.name}", "template", "evaluation", "nobody"),
        ("x ++", "expression", "syntax", ""),
        ("good {x} bad {x +} text", "template", "syntax", "} text"),
        ("{x", "template", "syntax", "x"),
    ],
)
def test_an_error_says_where_it_is(text, mode, kind, meant):
    trial = try_texts([(text, mode)], SCOPE)[0]
    error = trial.error
    assert error is not None
    assert (trial.value, trial.type, error.kind) == (None, None, kind)
    part = text[error.position : error.position + error.length] if error.length else text[error.position :]
    assert part == meant


def test_too_much_work_is_told_and_costs_little():
    much = "[a * b for a in items for b in items for c in items]"
    texts: list[tuple[str, Mode]] = [(text, "expression") for text in [much] * 50 + ["x"]]
    trials = try_texts(texts, SCOPE)
    assert all(trial.error is not None and "takes too long" in trial.error.message for trial in trials)
    alone = try_texts([(much, "expression"), ("x", "expression")], SCOPE)
    assert alone[1] == Trial(value=3, type="number")


def test_a_text_that_is_too_long_is_not_tried():
    error = template("x" * (LONGEST_TEXT + 1)).error
    assert error == TrialError(
        kind="syntax",
        message="The text has 20,001 characters; up to 20,000 are evaluated while typing.",
        position=LONGEST_TEXT,
    )


def test_what_one_text_does_to_a_value_the_next_does_not_see():
    trials = try_texts([("sort(items, descending=true)", "expression"), ("items[0]", "expression")], SCOPE)
    assert trials[1].value == 0
