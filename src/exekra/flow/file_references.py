"""Files in the inputs of an execution: an object `{"$file": ID}` stands for the path of the file on the Runner."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

KEY = "$file"
OBJECT = "$object"


def reference(id: str, name: str, size: int) -> dict[str, Any]:
    """What stands for a file."""
    return {KEY: id, "name": name, "size": size}


def is_reference(value: Any) -> bool:
    """Whether a value stands for a file."""
    return isinstance(value, Mapping) and isinstance(value.get(KEY), str)


def references_in(value: Any) -> Iterator[Mapping[str, Any]]:
    """Everything in a value that stands for a file, at any depth."""
    waiting = [value]
    while waiting:
        value = waiting.pop()
        if is_reference(value):
            yield value
        elif isinstance(value, Mapping):
            waiting += _data(value).values()
        elif isinstance(value, list):
            waiting += value


def with_references(value: Any, replace: Callable[[Mapping[str, Any]], Any]) -> Any:
    """A copy of a value in which what stands for files is replaced."""
    if is_reference(value):
        return replace(value)
    if isinstance(value, Mapping):
        replaced = {name: with_references(item, replace) for name, item in _data(value).items()}
        return replaced if _data(value) is value else {OBJECT: replaced}
    if isinstance(value, list):
        return [with_references(item, replace) for item in value]
    return value


def _data(value: Mapping[str, Any]) -> Mapping[str, Any]:
    """What an object holds. A checkpoint keeps one of the workflow's own with a `$` key in `$object`."""
    inner = value.get(OBJECT)
    return inner if len(value) == 1 and isinstance(inner, Mapping) else value
