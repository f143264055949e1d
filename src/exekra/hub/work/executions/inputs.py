"""Checks the inputs of a request against what the workflow declares. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

import msgspec

from exekra.flow.model import Parameter, ValueType
from exekra.flow.serialization import decode_value
from exekra.flow.typed_values import arrive
from exekra.sdk.errors import ExekraError


def find_problems(
    declared: Mapping[str, Parameter], inputs: Mapping[str, Any], kept: Mapping[str, Any] | None = None
) -> list[tuple[str, str]]:
    """The problems of the inputs: the name of each, and a sentence.

    Args:
        declared: What the workflow declares.
        inputs: The inputs as given, in JSON form.
        kept: The inputs that a checkpoint kept, in its own form; a given input takes precedence.
    """
    kept = kept or {}
    problems = []
    for name in inputs:
        if name not in declared:
            close = get_close_matches(name, declared, n=1)
            hint = f"; did you mean {close[0]!r}?" if close else "."
            problems.append((name, f"The workflow has no input {name!r}{hint}"))
    for name, parameter in declared.items():
        if name not in inputs and name not in kept:
            if parameter.default is msgspec.UNSET:
                problems.append((name, f"The input {name!r} ({parameter.type}) is missing."))
            continue
        value = inputs[name] if name in inputs else kept[name]
        if value in (None, "") and parameter.type == "file" and parameter.default is msgspec.UNSET:
            problems.append((name, f"The input {name!r} (file) is missing."))
        elif not _fits(value, parameter.type, is_kept=name not in inputs):
            wanted = _DESCRIPTIONS[parameter.type]
            problems.append((name, f"The input {name!r} must be {wanted}, not {_shown(value)}."))
    return problems


def _fits(value: Any, type: ValueType, *, is_kept: bool) -> bool:
    try:
        arrive(decode_value(value) if is_kept else value, type, "")
    except ExekraError:
        return False
    return True


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
    "file": 'a file, such as {"$file": "ID"} with the id of an upload, or the path of a file on the Runner',
    "credential": "the name of a credential",
    "any": "anything",
}
