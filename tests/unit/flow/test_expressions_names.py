"""The names of an object's fields are texts, whatever they are made of; and true is not 1 in lists."""

from typing import Any

import pytest

from exekra.flow.expressions import ExpressionError, compile_expression


def evaluate(source: str) -> Any:
    return compile_expression(source).evaluate({})


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("group_by([{'a': 1}, {}], 'a')", {"1": [{"a": 1}], "": [{}]}),
        ("group_by([{'a': 1}, {'a': '1'}, {'a': 1.0}], 'a')", {"1": [{"a": 1}, {"a": "1"}, {"a": 1.0}]}),
        ("keys(group_by([{'a': true}, {'a': 1}, {'a': 2.0}], 'a'))", ["true", "1", "2"]),
        ("get(group_by([{'a': 7}], 'a'), '7')", [{"a": 7}]),
        ("group_by([{'a': 7}], 'a')[7.0]", [{"a": 7}]),
        ("2 in {n: 1 for n in [1, 2]}", True),
        ("3 not in {n: 1 for n in [1, 2]}", True),
        (
            "object([[1, 'a'], [true, 'b'], [date('2026-01-02'), 'c'], [null, 'd']])",
            {"1": "a", "true": "b", "2026-01-02": "c", "": "d"},
        ),
        ("object([['a', 1], ['a', 2], [1, 3], [1.0, 4]])", {"a": 2, "1": 4}),
        ("{1: 'a', 'b': 2}", {"1": "a", "b": 2}),
        ("{n: n for n in [1, 2.5]}", {"1": 1, "2.5": 2.5}),
        ("pick({'1': 'a', '2': 'b'}, [1])", {"1": "a"}),
        ("omit({'1': 'a', '2': 'b'}, [1])", {"2": "b"}),
        ("json({date(2026, 1, 1): 1})", '{"2026-01-01":1}'),
    ],
)
def test_names_are_texts(source: str, value: Any) -> None:
    assert evaluate(source) == value


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("object([[1, 'a'], ['1', 'b']])", "A text and a number would both be the field '1'"),
        ("{1: 'a', '1': 'b'}", "would both be the field '1'"),
        ("{n: n for n in [true, 'true']}", "would both be the field 'true'"),
        ("object([[null, 1], ['', 2]])", "would both be the field ''"),
        ("pick({}, [[]])", "keys of an object are texts or numbers, not a list"),
        ("{n: 1 for n in [[1]]}", "keys of an object are texts or numbers, not a list"),
    ],
)
def test_different_values_are_never_one_name_silently(source: str, words: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        evaluate(source)
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("json(unique([1, true, 0, false, [1], [true]]))", "[1,true,0,false,[1],[true]]"),
        ("count([true, 1, 1.0], 1)", 2),
        ("count([[true], [1]], [1])", 1),
        ("index_of([true, 0, false], false)", 2),
    ],
)
def test_true_is_not_1_in_a_list(source: str, value: Any) -> None:
    assert evaluate(source) == value
