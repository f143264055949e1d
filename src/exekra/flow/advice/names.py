"""Inputs and variables that nothing reads, variables that nothing sets, elements that nothing uses."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from exekra.flow.advice.subject import Finding, Subject, names_in
from exekra.flow.checks.names import texts
from exekra.flow.elements import element_name, selector_places


def unused_names(subject: Subject) -> Iterator[Finding]:
    """Inputs and variables that are never read, and variables that are read and never set."""
    flow = subject.flow
    if subject.read is None:
        return
    read = set(subject.read)
    for id, node in flow.nodes.items():
        if not node.enabled or subject.entries[id] is None:
            read.update(names_in(node.inputs))
    read.update(name for name, output in flow.outputs.items() if output.value is msgspec.UNSET)
    for name in flow.inputs:
        if name not in read:
            message = f"Nothing reads the input `{name}`. Use it, or remove it."
            yield Finding("unused-input", message, field=f"inputs.{name}", path=("inputs", name))
    for name, variable in flow.variables.items():
        field, path = f"variables.{name}", ("variables", name)
        if name not in read:
            is_set = "is set, but nothing reads it" if name in subject.setters else "is neither set nor read"
            yield Finding("unused-variable", f"`{name}` {is_set}. Use it, or remove it.", field=field, path=path)
        elif variable.default is None and name not in subject.setters:
            message = (
                f"`{name}` has no default and nothing sets it, so it is always null. Set it, or give it a default."
            )
            yield Finding("never-set", message, field=field, path=path)


def unused_elements(subject: Subject) -> Iterator[Finding]:
    """Elements that no node names."""
    flow = subject.flow
    if not flow.elements or subject.read is None:
        return
    used = {name for id in flow.nodes for name in _elements_of(subject, id)}
    for name in flow.elements:
        if name not in used:
            message = f"No node uses the element `{name}`. Use it, or remove it."
            yield Finding("unused-element", message, field=f"elements.{name}", path=("elements", name))


def _elements_of(subject: Subject, id: str) -> Iterator[str]:
    """The elements that a node names; where its kind is unknown, every text may be such a name."""
    node, entry = subject.flow.nodes[id], subject.entries[id]
    if entry is None:
        yield from (text for _, text in texts(node.inputs))
        return
    for field in entry.inputs:
        for _, value in selector_places(field.schema, node.inputs.get(field.name)):
            name = element_name(value)
            if name is not None:
                yield name
