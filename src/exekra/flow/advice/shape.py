"""How a workflow is laid out: too deep, too large, ways that lead nowhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from exekra.flow.advice.subject import Finding, Subject

DEEPEST_READABLE = 5
"""Bodies inside one another that a person can follow."""

LARGEST_READABLE = 300
"""Nodes of a workflow that a person can oversee."""


def deep_nesting(subject: Subject) -> Iterator[Finding]:
    """Control nodes whose body is the sixth around its nodes; what is nested deeper is not reported again."""
    for id, _ in subject.enabled():
        if id in subject.bodies and len(list(subject.around(id))) == DEEPEST_READABLE:
            message = (
                f"The body of `{id}` stands inside {DEEPEST_READABLE} others. Make the inner part a workflow of its "
                "own, and call it."
            )
            yield Finding("deep-nesting", message, id)


def large_workflow(subject: Subject) -> Iterator[Finding]:
    """More nodes than a person can oversee."""
    count = len(subject.flow.nodes)
    if count > LARGEST_READABLE:
        message = (
            f"The workflow has {count:,} nodes. Split it into workflows of at most {LARGEST_READABLE}, and call them."
        )
        yield Finding("large-workflow", message, field="nodes", path=("nodes",))


def empty_catches(subject: Subject) -> Iterator[Finding]:
    """A Try that handles nothing, or that makes errors vanish."""
    nodes, bodies = subject.flow.nodes, subject.graph.bodies
    for id, node in subject.enabled():
        if node.do != "try" or (id, "try") not in bodies:
            continue  # A `try` without steps is reported instead.
        catch = bodies.get((id, "catch"))
        if catch is None:
            if (id, "finally") not in bodies:
                message = f"The Try has no effect: nothing is caught. Add an edge from `{id}.catch` to a node."
                yield Finding("empty-catch", message, id)
        elif catch[0].nodes and not any(nodes[each].enabled for each in catch[0].nodes):
            message = (
                f"Errors are lost here: no node after `{id}.catch` is enabled. "
                "Enable one, or write the error to the log."
            )
            yield Finding("empty-catch", message, id)


def repeated_cases(subject: Subject) -> Iterator[Finding]:
    """Cases of a Switch that can never be taken, since an earlier one has the same value."""
    for id, node in subject.enabled():
        cases = node.inputs.get("cases")
        if node.do != "switch" or not isinstance(cases, Mapping):
            continue
        first: dict[bytes, str] = {}
        for port, value in cases.items():
            other = first.setdefault(msgspec.json.encode(value), port)
            if other != port:
                message = f"`{other}` and `{port}` have the same value, so `{port}` is never taken. Change one of them."
                path = ("nodes", id, "with", "cases", port)
                yield Finding("repeated-case", message, id, f"cases.{port}", path)
