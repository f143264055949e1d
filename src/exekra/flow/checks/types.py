"""What kind of value an expression gives, as far as its text tells without running it.

Nothing is guessed: where the kind is not plain to see, it is unknown and every use of it is allowed.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Literal

from exekra.flow.expressions import function_entries

Kind = Literal["text", "number", "boolean", "list", "object", "table"]
KindOfPath = Callable[[tuple[str, ...]], Kind | None]
"""What kind of value stands at a path such as `("read", "rows")`."""

CALLED: Mapping[str, str] = {
    "text": "a text",
    "number": "a number",
    "boolean": "true or false",
    "list": "a list",
    "object": "an object",
    "table": "a table",
}

_PATH = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*")
_CONTAINERS = frozenset({"list", "object", "table"})
_BY_JSON: Mapping[str, Kind] = {
    "string": "text",
    "integer": "number",
    "number": "number",
    "boolean": "boolean",
    "array": "list",
    "object": "object",
}
_BY_RESULT: Mapping[str, Kind] = {
    "text": "text",
    "number": "number",
    "whole number": "number",
    "whole number or number": "number",
    "boolean": "boolean",
    "list": "list",
    "object": "object",
}
_BY_TYPE: Mapping[str, Kind] = {
    "text": "text",
    "number": "number",
    "boolean": "boolean",
    "list": "list",
    "object": "object",
    "table": "table",
    "file": "text",
}


def kind_of_expression(source: str, kind_of_path: KindOfPath) -> Kind | None:
    """The kind of value that an expression gives; None when unknown."""
    source = " ".join(source.split())
    if _PATH.fullmatch(source):
        return _constant_name(source) or kind_of_path(tuple(source.split(".")))
    try:
        tree = ast.parse(source, mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    return _kind(tree.body, kind_of_path)


def _constant_name(name: str) -> Kind | None:
    return "boolean" if name in ("true", "false") else None


def _kind(node: ast.expr, kind_of_path: KindOfPath) -> Kind | None:
    match node:
        case ast.Constant(value=bool()):
            return "boolean"
        case ast.Constant(value=int() | float()):
            return "number"
        case ast.Constant(value=str()):
            return "text"
        case ast.Compare() | ast.UnaryOp(op=ast.Not()):
            return "boolean"
        case ast.BoolOp(values=values):
            kinds = {_kind(value, kind_of_path) for value in values}
            return kinds.pop() if len(kinds) == 1 else None
        case ast.BinOp(op=ast.Sub() | ast.Div() | ast.FloorDiv() | ast.Mod() | ast.Pow(), left=left, right=right):
            both = {_kind(left, kind_of_path), _kind(right, kind_of_path)}
            return "number" if both == {"number"} else None
        case ast.BinOp(op=ast.Add(), left=left, right=right):
            first = _kind(left, kind_of_path)
            return first if first == _kind(right, kind_of_path) and first in ("number", "text", "list") else None
        case ast.Call(func=ast.Name(id=name)):
            return _results().get(name)
        case ast.List() | ast.ListComp():
            return "list"
        case ast.Dict() | ast.DictComp():
            return "object"
        case ast.Name() | ast.Attribute():
            return kind_of_expression(ast.unparse(node), kind_of_path) if _is_path(node) else None
        case _:
            return None


@cache
def _results() -> Mapping[str, Kind]:
    """What each function of the library gives, where that is one kind."""
    given = {entry.name: entry.signature.rpartition(" -> ")[2] for entry in function_entries()}
    return {name: kind for name, called in given.items() if (kind := _BY_RESULT.get(called)) is not None}


def _is_path(node: ast.expr) -> bool:
    while isinstance(node, ast.Attribute):
        node = node.value
    return isinstance(node, ast.Name)


def kind_of_schema(schema: Mapping[str, Any]) -> Kind | None:
    """The one kind of value that a JSON Schema allows; None when it allows several, or does not say."""
    if schema.get("x-widget") == "table":
        return "table"
    return _BY_JSON.get(str(schema.get("type")))


def kind_of_type(type: str) -> Kind | None:
    """The kind of value of a declared type; None for those that several kinds can stand for."""
    return _BY_TYPE.get(type)


def cannot_be(expected: Kind | None, actual: Kind | None, *, strict: bool) -> bool:
    """Whether a value of one kind is certainly wrong where another is expected.

    Not `strict`, as the inputs of activities are: numbers and texts are turned into one another, true or false
    into none.
    """
    if expected is None or actual is None or expected == actual:
        return False
    if strict:
        return True
    if {expected, actual} == {"list", "table"}:
        return False
    return (expected in _CONTAINERS) is not (actual in _CONTAINERS) or (
        expected in _CONTAINERS and actual in _CONTAINERS
    )
