"""Functions on objects: fields by name."""

from __future__ import annotations

from typing import Any

from exekra.flow.expressions import operators
from exekra.flow.expressions.conversion import field_name
from exekra.flow.expressions.errors import ExpressionError
from exekra.flow.expressions.functions import Items, function
from exekra.flow.expressions.values import describe
from exekra.flow.expressions.work import Work
from exekra.sdk.table import Table


@function("object")
def get(value: Any, path: str | int, default: Any = None) -> Any:
    """Give a field of an object or an item of a list, or the default where it is missing.

    Points in the name lead further down; nothing (null) on the way gives the default.

    Examples:
        get({"a": {"b": [5]}}, "a.b.0") == 5
        get({"a": 1}, "c", "none") == "none"
        get(null, "a") == null
    """
    if isinstance(value, dict) and path in value:
        return value[path]
    for step in str(path).split("."):
        if isinstance(value, dict):
            if step not in value:
                return default
            value = value[step]
        elif isinstance(value, (list, tuple, Table)):
            number = _number(step)
            if number is None or not -len(value) <= number < len(value):
                return default
            value = value[number]
        elif value is None:
            return default
        else:
            raise ExpressionError(f"get() looks into an object or a list, not into {describe(value)}")
    return value


def _number(step: str) -> int | None:
    digits = step.removeprefix("-")
    return int(step) if digits.isascii() and digits.isdigit() and len(digits) < 10 else None


@function("object")
def keys(work: Work, value: dict[str, Any]) -> list[Any]:
    """List the names of an object's fields.

    Examples:
        keys({"a": 1, "b": 2}) == ["a", "b"]
    """
    work.make_items(len(value))
    return list(value)


@function("object")
def values(work: Work, value: dict[str, Any]) -> list[Any]:
    """List the values of an object's fields.

    Examples:
        values({"a": 1, "b": 2}) == [1, 2]
    """
    work.make_items(len(value))
    return list(value.values())


@function("object")
def items(work: Work, value: dict[str, Any]) -> list[Any]:
    """List an object's fields as [name, value].

    Examples:
        items({"a": 1}) == [["a", 1]]
        [name for name, size in items({"a": 1, "b": 5}) if size > 2] == ["b"]
    """
    work.make_items(len(value) * 2)
    return [list(pair) for pair in value.items()]


@function("object")
def merge(work: Work, *objects: dict[str, Any]) -> dict[str, Any]:
    """Join objects into one; of fields with the same name the last counts.

    Examples:
        merge({"a": 1, "b": 2}, {"b": 3}) == {"a": 1, "b": 3}
    """
    work.make_items(sum(map(len, objects)))
    return {name: value for part in objects for name, value in part.items()}


@function("object")
def pick(work: Work, value: dict[str, Any], names: Items) -> dict[str, Any]:
    """Keep only some fields of an object.

    Examples:
        pick({"a": 1, "b": 2, "c": 3}, ["a", "c"]) == {"a": 1, "c": 3}
    """
    wanted = _names(work, names)
    work.make_items(len(value))
    return {name: part for name, part in value.items() if name in wanted}


@function("object")
def omit(work: Work, value: dict[str, Any], names: Items) -> dict[str, Any]:
    """Leave some fields of an object out.

    Examples:
        omit({"a": 1, "b": 2}, ["b"]) == {"a": 1}
    """
    unwanted = _names(work, names)
    work.make_items(len(value))
    return {name: part for name, part in value.items() if name not in unwanted}


def _names(work: Work, names: Items) -> set[str]:
    return {field_name(name) for name in work.items_of(names)}


@function("object", name="object")
def make_object(work: Work, pairs: Items) -> dict[str, Any]:
    """Make an object of pairs [name, value]. The names become texts, as text() makes them.

    Examples:
        object([["a", 1], ["b", 2]]) == {"a": 1, "b": 2}
    """
    listed = work.items_of(pairs)
    if not all(isinstance(pair, (list, tuple)) and len(pair) == 2 for pair in listed):
        raise ExpressionError("object() needs a list of pairs: [[name, value], ...]")
    return operators.make_object(listed)
