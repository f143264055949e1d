"""Literals against schemas: what pydantic takes must fit, and what cannot fit is told with its place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal

import pytest
from annotated_types import Ge, Gt, Le, Len, MultipleOf
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import Field, TypeAdapter, ValidationError

from exekra.activities.date_pattern import OptionalPattern, WrittenPattern
from exekra.flow.checks.types import kind_of_expression
from exekra.flow.checks.values import misfit


@dataclass
class Point:
    x: int
    label: str = ""


TYPES: list[Any] = [
    int,
    float,
    str,
    bool,
    int | None,
    int | str,
    str | list[str],
    list[int],
    dict[str, int],
    dict[str, Any],
    Point,
    list[Point] | None,
    Literal["a", "b"] | int,
    Literal[1, 2, True],
    Annotated[int, Ge(1), Le(5)],
    Annotated[float, Gt(0)],
    Annotated[int, MultipleOf(3)],
    Annotated[str, Len(1, 3)],
    Annotated[str, Field(pattern="^a+$")],
    Annotated[list[int], Len(1, 2)],
    tuple[int, str],
    date,
    Any,
]
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-10, 10)
    | st.floats(-10, 10)
    | st.sampled_from(["a", "aa", "", "x", "2026-11-20"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["x", "label", "other"]), inner, max_size=3)
    ),
    max_leaves=5,
)


@given(st.sampled_from(TYPES), VALUES)
@settings(max_examples=1000)
def test_what_pydantic_takes_fits(type: Any, value: Any) -> None:
    adapter: TypeAdapter[Any] = TypeAdapter(type)
    try:
        adapter.validate_json(TypeAdapter(Any).dump_json(value), strict=True)
    except ValidationError:
        return
    if type is Point and isinstance(value, dict) and "other" in value:
        return
    assert misfit(adapter.json_schema(), value, lambda text: False) is None


@pytest.mark.parametrize(
    ("type", "value", "place", "reason"),
    [
        (int, "5", (), "a whole number, not \"5\"; write it without quotes"),
        (int, 1.5, (), "a whole number, not 1.5"),
        (int, True, (), "a whole number, not true"),
        (bool, "true", (), "true or false"),
        (str, None, (), "a text, not null"),
        (int | None, "x", (), "a whole number, not \"x\""),
        (int | bool, "x", (), "a whole number or true or false"),
        (Annotated[int, Ge(1)] | str, 0, (), "at least 1, not 0"),
        (list[int], [1, "x"], ("1",), "a whole number"),
        (dict[str, list[int]], {"a": [1, []]}, ("a", "1"), "not a list"),
        (Point, {"label": "x"}, ("x",), "it is missing"),
        (list[Point] | None, [{"x": 1}, {"x": "y"}], ("1", "x"), "a whole number"),
        (Literal["a", "b"], "c", (), 'one of "a", "b"'),
        (Literal["a"], "c", (), 'must be "a"'),
        (Annotated[float, Gt(0)], 0, (), "more than 0"),
        (Annotated[int, MultipleOf(3)], 4, (), "a multiple of 3"),
        (Annotated[str, Len(1, 3)], "aaaa", (), "at most 3 characters"),
        (Annotated[str, Field(pattern="^a+$")], "b", (), "the pattern"),
        (Annotated[list[int], Len(1)], [], (), "it must not be empty"),
        (date, "20.11.2026", (), "a date such as 2026-11-20"),
        (WrittenPattern, "dd.MM.yyyy", (), "names no part of a date. Its letters have a % before them: %d.%m.%Y"),
        (WrittenPattern, "", (), "it must not be empty"),
        (OptionalPattern, "%d.%q", (), "`%q` has no meaning in a date"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_told(type: Any, value: Any, place: tuple[str, ...], reason: str) -> None:
    found = misfit(TypeAdapter(type).json_schema(), value, lambda text: False)
    assert found is not None
    assert found[0] == place
    assert reason in found[1]


def test_templates_fit_everywhere() -> None:
    assert misfit(TypeAdapter(WrittenPattern).json_schema(), "{form}", lambda text: text.startswith("{")) is None
    assert misfit(TypeAdapter(OptionalPattern).json_schema(), "", lambda text: False) is None
    schema = TypeAdapter(list[Point]).json_schema()
    assert misfit(schema, [{"x": "{n}"}, "{p}"], lambda text: text.startswith("{")) is None


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("true", "boolean"),
        ("1 < 2 < x", "boolean"),
        ("not x", "boolean"),
        ("a == 1 or b", None),
        ("a == 1 or not b", "boolean"),
        ("1", "number"),
        ("n * 2", None),
        ("n - 2", "number"),
        ("n + n", "number"),
        ("t + t", "text"),
        ("n + t", None),
        ("'x'", "text"),
        ("[1]", "list"),
        ("[y for y in x]", "list"),
        ("{'a': 1}", "object"),
        ("f(x)", None),
        ("t.x[0]", None),
        ("1 +", None),
        ("n if x else t", None),
    ],
)
def test_the_kind_of_an_expression(source: str, kind: str | None) -> None:
    kinds: Any = {("n",): "number", ("t",): "text"}
    assert kind_of_expression(source, kinds.get) == kind
