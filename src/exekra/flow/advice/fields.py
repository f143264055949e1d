"""Fields that have no effect next to others, and steps that may wait for ever."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from exekra.flow.advice.subject import Finding, Subject
from exekra.flow.model import Node
from exekra.sdk.catalogue import CatalogueEntry, InputEntry, Plain

_PLACES = frozenset({"url", "host", "server"})
"""Inputs that name another machine."""


def fields_without_effect(subject: Subject) -> Iterator[Finding]:
    """Values in fields that have a meaning only where another field has another value."""
    for id, node in subject.enabled():
        entry = subject.entries[id]
        for field in entry.inputs if entry else ():
            if field.when is None or node.inputs.get(field.name, field.default) == field.default:
                continue
            for name, values in field.when.items():
                if not _may_be(_value(node, entry, name), values):
                    wanted = " or ".join(f"`{_shown(value)}`" for value in values)
                    message = (
                        f"`{field.name}` has no effect here: it needs `{name}` to be {wanted}. "
                        f"Change `{name}`, or remove `{field.name}`."
                    )
                    path = ("nodes", id, "with", field.name)
                    yield Finding("without-effect", message, id, field.name, path)
                    break


def missing_timeouts(subject: Subject) -> Iterator[Finding]:
    """Steps over the network that nothing bounds in time."""
    for id, node in subject.enabled():
        entry = subject.entries[id]
        if entry is None or entry.kind != "activity" or not any(field.name in _PLACES for field in entry.inputs):
            continue
        if any(subject.flow.nodes[each].timeout is not None for each in (id, *subject.around(id))):
            continue
        own = next((field for field in entry.inputs if field.name == "timeout"), None)
        if own is None:
            message = "The step may wait for ever. Set the node's `timeout`, in seconds."
            yield Finding("no-timeout", message, id, "timeout")
        elif _waits_for_ever(node.inputs.get("timeout", own.default), own):
            message = "The step may wait forever. Set `timeout` to the number of seconds after which it should fail."
            yield Finding("no-timeout", message, id, "timeout", ("nodes", id, "with", "timeout"))


def _waits_for_ever(value: Any, field: InputEntry) -> bool:
    return value is None or (value == 0 and not isinstance(value, bool) and field.schema.get("minimum", 0) <= 0)


def _value(node: Node, entry: CatalogueEntry | None, name: str) -> Any:
    default = next((field.default for field in entry.inputs if field.name == name), None) if entry else None
    return node.inputs.get(name, default)


def _may_be(value: Any, wanted: tuple[Plain, ...]) -> bool:
    """Whether a value is, or as a template can become, one of those."""
    is_open = isinstance(value, str) and "{" in value
    return is_open or any(type(value) is type(each) and value == each for each in wanted)


def _shown(value: Plain) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()
