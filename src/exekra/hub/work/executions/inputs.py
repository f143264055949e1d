"""Whether the inputs of a request are what the workflow declares. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, time
from difflib import get_close_matches
from typing import Any

import msgspec

from exekra.flow.model import Parameter, ValueType


def find_problems(declared: Mapping[str, Parameter], inputs: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What is wrong with the inputs: name and sentence of each."""
    problems = []
    for name in inputs:
        if name not in declared:
            close = get_close_matches(name, declared, n=1)
            hint = f"; did you mean {close[0]!r}?" if close else "."
            problems.append((name, f"The workflow has no input {name!r}{hint}"))
    for name, parameter in declared.items():
        if name not in inputs:
            if parameter.default is msgspec.UNSET:
                problems.append((name, f"The input {name!r} ({parameter.type}) is missing."))
        elif not _CHECKS[parameter.type](inputs[name]):
            problems.append(
                (name, f"The input {name!r} must be {_DESCRIPTIONS[parameter.type]}, not {_shown(inputs[name])}.")
            )
    return problems


def _shown(value: Any) -> str:
    match value:
        case dict():
            return "an object"
        case list():
            return "a list"
        case None:
            return "null"
        case _:
            text = repr(value)
            return text if len(text) <= 40 else f"{text[:37]}..."


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_table(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(row, dict) for row in value)


def _read_by(read: Callable[[str], object]) -> Callable[[Any], bool]:
    def reads(value: Any) -> bool:
        if not isinstance(value, str):
            return False
        try:
            read(value)
        except ValueError:
            return False
        return True

    return reads


_CHECKS: Mapping[ValueType, Callable[[Any], bool]] = {
    "text": _is_text,
    "number": _is_number,
    "boolean": lambda value: isinstance(value, bool),
    "date": _read_by(datetime.fromisoformat),
    "time": _read_by(time.fromisoformat),
    "duration": lambda value: _is_number(value) or _is_text(value),
    "list": lambda value: isinstance(value, list),
    "object": lambda value: isinstance(value, dict),
    "table": _is_table,
    "file": _is_text,
    "credential": _is_text,
    "any": lambda _: True,
}

_DESCRIPTIONS: Mapping[ValueType, str] = {
    "text": "a text",
    "number": "a number",
    "boolean": "true or false",
    "date": "a date in ISO 8601, such as 2026-11-20",
    "time": "a time in ISO 8601, such as 17:30",
    "duration": "a number of seconds or a duration",
    "list": "a list",
    "object": "an object",
    "table": "a list of objects",
    "file": "the path of a file",
    "credential": "the name of a credential",
    "any": "anything",
}
