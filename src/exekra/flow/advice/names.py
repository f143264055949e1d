"""Inputs and variables that nothing reads, variables that nothing sets."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from exekra.flow.advice.subject import Finding, Subject, names_in


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
