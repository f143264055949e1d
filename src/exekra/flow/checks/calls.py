"""Checks the calls of other workflows: they exist, get the inputs they need, and do not call each other for ever."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from exekra.flow.checks.values import type_misfit
from exekra.flow.errors import Problems
from exekra.flow.model import Flow, Node, Parameter
from exekra.flow.templates import compile_template
from exekra.sdk.errors import ExekraError

FindWorkflow = Callable[[str], Flow | None]
"""Gives the published workflow of a name, or None."""

DEEPEST_CALLS = 50
"""How deep workflows may call one another."""


def called_name(node: Node) -> str | None:
    """The name of the workflow that a Call Workflow node calls; None for other nodes, and where it is missing."""
    if node.do != "call_workflow":
        return None
    name = node.inputs.get("workflow")
    return name if isinstance(name, str) and name else None


def check_call(id: str, node: Node, called: Flow | None, problems: Problems) -> None:
    """Check one call against the called workflow; None means that there is no such workflow."""
    name = called_name(node)
    path = ("nodes", id, "with")
    if called is None:
        message = f"There is no published workflow `{name}`. Publish it first, or correct the name."
        problems.error("unknown-workflow", message, node=id, field="workflow", path=(*path, "workflow"))
        return
    given = node.inputs.get("inputs", {})
    if not isinstance(given, Mapping):
        return  # A template gives them when it runs.
    place = (*path, "inputs")
    for key, value in given.items():
        if key not in called.inputs:
            hint = problems.suggest(key, called.inputs)
            message = f"The workflow `{name}` has no input `{key}`.{hint}"
            problems.error("unknown-input", message, node=id, field=f"inputs.{key}", path=place)
        elif not _is_open(value):
            reason = _input_misfit(called.inputs[key], value)
            if reason:
                message = f"The workflow's input `{key}` does not fit: {reason}."
                problems.error("wrong-value", message, node=id, field=f"inputs.{key}", path=place)
    for key, parameter in called.inputs.items():
        if parameter.default is msgspec.UNSET and key not in given:
            message = f"The workflow `{name}` needs the input `{key}`."
            problems.error("missing-input", message, node=id, field=f"inputs.{key}", path=place)


def _input_misfit(parameter: Parameter, value: Any) -> str | None:
    if value is None and parameter.type != "any" and parameter.default is not None:
        return "it must not be null"
    return type_misfit(parameter.type, value)


def _is_open(value: Any) -> bool:
    try:
        return isinstance(value, str) and not compile_template(value).literal
    except ExekraError:
        return True


def check_recursion(flow: Flow, find: FindWorkflow, problems: Problems) -> None:
    """Warn of workflows that come back to this one by calling; refuse a chain of calls that is too deep."""
    for id, node in flow.nodes.items():
        name = called_name(node)
        if name is None or not node.enabled:
            continue
        path = ("nodes", id, "with", "workflow")
        way = _way_back(name, flow.name, find)
        if way is not None:
            shown = " -> ".join(f"`{step}`" for step in (flow.name, *way))
            message = f"The workflow calls itself: {shown}. It fails when the calls are {DEEPEST_CALLS} deep."
            problems.warning("recursion", message, node=id, field="workflow", path=path)
        elif _depth(name, find) > DEEPEST_CALLS:
            message = f"The calls behind `{name}` are more than {DEEPEST_CALLS} deep."
            problems.error("too-deep", message, node=id, field="workflow", path=path)


def _calls(name: str, find: FindWorkflow) -> list[str]:
    flow = find(name)
    return [called for node in flow.nodes.values() if node.enabled and (called := called_name(node))] if flow else []


def _way_back(name: str, home: str, find: FindWorkflow) -> tuple[str, ...] | None:
    """The calls that lead from `name` to `home`, shortest first; None when there are none."""
    ways: list[tuple[str, ...]] = [(name,)]
    seen = {name}
    for way in ways:  # The list grows while it is walked through: breadth first.
        if way[-1] == home:
            return way
        for called in _calls(way[-1], find):
            if called == home or called not in seen:
                seen.add(called)
                ways.append((*way, called))
    return None


def _depth(name: str, find: FindWorkflow) -> int:
    """How many workflows are under way at once at most, from `name` on; one above the bound is enough."""
    level, depth = {name}, 0
    while level and depth <= DEEPEST_CALLS:
        depth += 1
        level = {called for caller in level for called in _calls(caller, find)}
    return depth
