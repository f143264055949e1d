"""Conditions that never change, and loops that never end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from exekra.flow.advice.subject import Finding, Subject, template_of
from exekra.flow.control import LOOPS
from exekra.flow.errors import quoted
from exekra.flow.expressions import Expression
from exekra.flow.model import Node
from exekra.sdk.errors import ExekraError


def constant_conditions(subject: Subject) -> Iterator[Finding]:
    """An If that always goes one way, a While that never runs."""
    for id, node in subject.enabled():
        if node.do not in ("if", "while"):
            continue
        value = _constant(node.inputs.get("condition"))
        if value is None or (node.do == "while" and value):
            continue  # A While that is always true is checked as an infinite loop.
        always = "true" if value else "false"
        never = "its body never runs" if node.do == "while" else f"`{id}.{'else' if value else 'then'}` is never taken"
        message = f"The condition is always {always}, so {never}. Compare something that changes, or remove the node."
        yield Finding("constant-condition", message, id, "condition", ("nodes", id, "with", "condition"))


def endless_loops(subject: Subject) -> Iterator[Finding]:
    """While and Do While that nothing can end."""
    for id, node in subject.enabled():
        if node.do not in ("while", "do_while") or _is_bounded(id, node, subject) or _has_exit(id, subject):
            continue
        condition = node.inputs.get("condition")
        path = ("nodes", id, "with", "condition")
        if _constant(condition):
            message = "The condition is always true, so the loop never ends. Add a Break or a Return, or set `limit`."
            yield Finding("endless-loop", message, id, "condition", path)
            continue
        expression = _expression(condition)
        if expression is None or not expression.names or not expression.deterministic:
            continue
        if subject.bodies.get(id) and not expression.names & _changed(id, subject):
            message = (
                f"Nothing in the body changes {quoted(sorted(expression.names))}, so the loop never ends once the "
                "condition is true. Set a variable that it reads, add a Break, or set `limit`."
            )
            yield Finding("endless-loop", message, id, "condition", path)


def _is_bounded(id: str, node: Node, subject: Subject) -> bool:
    limit = node.inputs.get("limit") is not None
    return limit or any(subject.flow.nodes[each].timeout is not None for each in (id, *subject.around(id)))


def _has_exit(id: str, subject: Subject) -> bool:
    """Whether a node in the body can end the loop; a Break in a loop inside it ends that one."""
    nodes = subject.flow.nodes
    for body in subject.bodies.get(id, ()):
        if any(nodes[each].do in ("return", "fail") for each in subject.within(body)):
            return True
        own = subject.within(body, into=lambda node: node.do not in LOOPS)
        if any(nodes[each].do == "break" for each in own):
            return True
    return False


def _changed(id: str, subject: Subject) -> set[str]:
    """What may change during a turn: results of its nodes, and variables; in a Parallel those of other branches too."""
    changed: set[str] = set()
    for body in subject.bodies.get(id, ()):
        for each in subject.within(body):
            changed.add(each)
            variable = subject.sets(each)
            if variable is not None:
                changed.add(variable)
    if any(subject.flow.nodes[each].do == "parallel" for each in subject.around(id)):
        changed.update(subject.setters)
    return changed


def _expression(condition: Any) -> Expression | None:
    """The one expression that a condition consists of."""
    template = template_of(condition)
    if template is None or len(template.expressions) != 1:
        return None
    return template.expressions[0][1]


def _constant(condition: Any) -> bool | None:
    """The value of a condition that is always the same; None when it is not."""
    if isinstance(condition, bool):
        return condition
    expression = _expression(condition)
    if expression is None or not expression.constant:
        return None
    try:
        value = expression.evaluate({})
    except ExekraError:
        return None
    return value if isinstance(value, bool) else None
