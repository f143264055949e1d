"""Whether a literal fits: against the JSON Schema of an activity's input, or against a declared type.

Only the words of JSON Schema that pydantic writes are known; an unknown one asks for nothing. A text that is a
template may become anything, so it fits everywhere. (The package `jsonschema` does far more and takes 100 ms to load.)
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

import msgspec

from exekra.flow.model import ValueType
from exekra.kit.dates import DateError
from exekra.kit.dates.patterns import check_written

Path = tuple[str, ...]
IsOpen = Callable[[str], bool]
"""Whether a text is a template, whose value is known only when it runs."""

_KINDS: Mapping[str, str] = {
    "string": "a text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "an object",
    "null": "null",
}


def misfit(schema: Mapping[str, Any], value: Any, is_open: IsOpen) -> tuple[Path, str] | None:
    """Where and why a value does not fit a schema: a path into the value, and what it must be. None when it fits."""
    return _Validator(schema, is_open).check(schema, value, ())


class _Validator:
    def __init__(self, root: Mapping[str, Any], is_open: IsOpen) -> None:
        self.definitions: Mapping[str, Any] = root.get("$defs", {})
        self.is_open = is_open

    def check(self, schema: Mapping[str, Any], value: Any, path: Path) -> tuple[Path, str] | None:
        if isinstance(value, str) and self.is_open(value):
            return None
        reference = schema.get("$ref")
        if reference is not None:
            schema = {**self.definitions.get(str(reference).rpartition("/")[2], {}), **schema}
        for word in ("anyOf", "oneOf"):
            if word in schema:
                return self._any_of(schema[word], value, path)
        for part in schema.get("allOf", ()):
            found = self.check(part, value, path)
            if found:
                return found
        if "const" in schema and not _same(value, schema["const"]):
            return path, f"it must be {_shown(schema['const'])}"
        if "enum" in schema and not any(_same(value, choice) for choice in schema["enum"]):
            return path, f"it must be one of {', '.join(map(_shown, schema['enum']))}"
        kind = schema.get("type")
        if isinstance(kind, str):
            if not _is_kind(value, kind):
                return path, f"it must be {_KINDS.get(kind, kind)}, not {_shown(value)}{_hint(value, kind)}"
            if isinstance(value, list):
                return self._items(schema, value, path)
            if isinstance(value, dict):
                return self._properties(schema, value, path)
            reason = _text_bounds(schema, value) if kind == "string" else _number_bounds(schema, value)
            if reason:
                return path, reason
        return None

    def _any_of(self, choices: list[Mapping[str, Any]], value: Any, path: Path) -> tuple[Path, str] | None:
        # A number could become a text too, but where numbers are allowed it is meant as one.
        numeric = [choice for choice in choices if choice.get("type") in ("integer", "number")]
        if numeric and _is_kind(value, "number"):
            choices = [choice for choice in choices if choice.get("type") != "string"]
        found = [self.check(choice, value, path) for choice in choices]
        if None in found:
            return None
        reasons = [reason for reason in found if reason is not None]
        deepest = max(reasons, key=lambda reason: len(reason[0]))
        if len(deepest[0]) > len(path):
            return deepest
        named = [str(choice["type"]) for choice in choices if "type" in choice and choice["type"] != "null"]
        fitting = [
            reason for choice, reason in zip(choices, reasons, strict=True) if _is_kind(value, choice.get("type"))
        ]
        if fitting or len(named) <= 1:
            return (fitting or reasons)[0]
        return path, f"it must be {' or '.join(_KINDS.get(kind, kind) for kind in named)}, not {_shown(value)}"

    def _items(self, schema: Mapping[str, Any], value: list[Any], path: Path) -> tuple[Path, str] | None:
        if len(value) < schema.get("minItems", 0):
            least = schema["minItems"]
            return path, "it must not be empty" if least == 1 else f"it must have at least {least} items"
        if len(value) > schema.get("maxItems", len(value)):
            return path, f"it must have at most {schema['maxItems']} items"
        first = schema.get("prefixItems", [])
        rest = schema.get("items")
        for index, item in enumerate(value):
            expected = first[index] if index < len(first) else rest
            if isinstance(expected, Mapping):
                found = self.check(expected, item, (*path, str(index)))
                if found:
                    return found
        return None

    def _properties(self, schema: Mapping[str, Any], value: dict[str, Any], path: Path) -> tuple[Path, str] | None:
        properties: Mapping[str, Any] = schema.get("properties", {})
        for name in schema.get("required", ()):
            if name not in value:
                return (*path, name), "it is missing"
        rest = schema.get("additionalProperties", True)
        for name, item in value.items():
            expected = properties.get(name, rest)
            if expected is False:
                return (*path, name), f"there is no such field; the fields are {', '.join(map(_shown, properties))}"
            if isinstance(expected, Mapping):
                found = self.check(expected, item, (*path, name))
                if found:
                    return found
        return None


def _is_kind(value: Any, kind: str | None) -> bool:
    match kind:
        case "string":
            # A number becomes a text when the node runs, so that `sku: 4711` needs no quotes.
            return isinstance(value, str | int | float) and not isinstance(value, bool)
        case "integer":
            return isinstance(value, int | float) and not isinstance(value, bool) and value == int(value)
        case "number":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case "boolean":
            return isinstance(value, bool)
        case "array":
            return isinstance(value, list)
        case "object":
            return isinstance(value, dict)
        case "null":
            return value is None
        case _:
            return False


def _same(value: Any, choice: Any) -> bool:
    """Whether they are one value of JSON: 1.0 is the same number as 1, and true is not."""
    return isinstance(value, bool) == isinstance(choice, bool) and bool(value == choice)


def _hint(value: Any, kind: str) -> str:
    if isinstance(value, str) and kind in ("integer", "number", "boolean"):
        try:
            float(value)
        except ValueError:
            return ""
        return "; write it without quotes" if kind != "boolean" else ""
    return ""


def _shown(value: Any) -> str:
    if isinstance(value, str):
        return f'"{value if len(value) <= 40 else value[:39] + "…"}"'
    if value is None or isinstance(value, bool):
        return str(value).lower().replace("none", "null")
    if isinstance(value, list):
        return "a list"
    return "an object" if isinstance(value, dict) else str(value)


def _number_bounds(schema: Mapping[str, Any], value: Any) -> str | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if "minimum" in schema and value < schema["minimum"]:
        return f"it must be at least {schema['minimum']}, not {value}"
    if "maximum" in schema and value > schema["maximum"]:
        return f"it must be at most {schema['maximum']}, not {value}"
    if "exclusiveMinimum" in schema and value <= schema["exclusiveMinimum"]:
        return f"it must be more than {schema['exclusiveMinimum']}, not {value}"
    if "exclusiveMaximum" in schema and value >= schema["exclusiveMaximum"]:
        return f"it must be less than {schema['exclusiveMaximum']}, not {value}"
    if "multipleOf" in schema and value % schema["multipleOf"] != 0:
        return f"it must be a multiple of {schema['multipleOf']}, not {value}"
    return None


def _text_bounds(schema: Mapping[str, Any], value: Any) -> str | None:
    text = str(value)
    if len(text) < schema.get("minLength", 0):
        return "it must not be empty" if not text else f"it must have at least {schema['minLength']} characters"
    if len(text) > schema.get("maxLength", len(text)):
        return f"it must have at most {schema['maxLength']} characters"
    if "pattern" in schema and not _pattern(schema["pattern"]).search(text):
        return f"it must match the pattern `{schema['pattern']}`"
    if schema.get("format") == "date-pattern" and text:
        try:
            check_written(text)
        except DateError as error:
            sentence = str(error).removesuffix(".")
            return sentence[0].lower() + sentence[1:]
    readers: Mapping[str, Callable[[str], Any]] = {
        "date": date.fromisoformat,
        "date-time": datetime.fromisoformat,
        "time": time.fromisoformat,
    }
    form = str(schema.get("format"))
    if form in readers and not _reads(readers[form], text):
        return f"it must be a {form} such as {_EXAMPLES[form]}, not {_shown(text)}"
    return None


_EXAMPLES = {"date": "2026-11-20", "date-time": "2026-11-20T14:30:00", "time": "14:30:00"}


@lru_cache(maxsize=256)
def _pattern(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _reads(read: Callable[[str], Any], text: str) -> bool:
    try:
        read(text)
    except ValueError:
        return False
    return True


def type_misfit(type: ValueType, value: Any) -> str | None:
    """Why a literal that comes from outside (a default, an input) cannot become a value of a declared type.

    None when it can. Null fits every type; texts in ISO form become dates, times and durations, and a list of objects
    becomes a table.
    """
    if value is None or type == "any":
        return None
    wanted, called, read = _TYPES[type]
    if isinstance(value, bool) is not (type == "boolean") or not isinstance(value, wanted):
        return f"it must be {called}, not {_shown(value)}"
    if read is not None and not _reads(read, value):
        return f"it must be {called}, not {_shown(value)}"
    if type == "table" and not all(isinstance(row, dict) for row in value):
        return "every row of a table must be an object"
    return None


def held_misfit(type: ValueType, value: Any) -> str | None:
    """Why a literal cannot be put into a variable of a declared type as it is: within a flow nothing is converted."""
    if value is not None and type in _ONLY_COMPUTED:
        return f"a literal cannot be a {type}; write an expression such as `{_ONLY_COMPUTED[type]}`"
    return type_misfit(type, value)


_ONLY_COMPUTED: Mapping[str, str] = {
    "date": '{date("2026-11-20")}',
    "time": '{time("14:30")}',
    "duration": "{duration(hours=1)}",
    "table": "{read.rows}",
}


def _read_duration(text: str) -> Any:
    return msgspec.convert(text, timedelta)  # Its error is a ValueError.


_TYPES: Mapping[str, tuple[Any, str, Callable[[str], Any] | None]] = {
    "text": (str, "a text", None),
    "number": (int | float, "a number", None),
    "boolean": (bool, "true or false", None),
    "date": (str, "a date such as 2026-11-20 or 2026-11-20T14:30:00", datetime.fromisoformat),
    "time": (str, "a time such as 14:30:00", time.fromisoformat),
    "duration": (str, "a duration such as PT1H30M or P2D", _read_duration),
    "list": (list, "a list", None),
    "object": (dict, "an object", None),
    "table": (list, "a list of objects", None),
    "file": (str, "the path of a file", None),
    "credential": (str, "the name of a credential", None),
}
