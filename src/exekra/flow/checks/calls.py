"""Checks the calls of other workflows: they exist, get the inputs they need, and do not call each other for ever."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from exekra.flow.calls import Call, call_of
from exekra.flow.checks.values import type_misfit
from exekra.flow.errors import Problems
from exekra.flow.model import Flow, Node, Parameter
from exekra.flow.templates import compile_template
from exekra.sdk.errors import ExekraError

FindWorkflow = Callable[[str], Flow | None]
"""Gives the workflow that a call with that key gets (`Call.key`), or None."""

FindVersions = Callable[[str], Sequence[int]]
"""Gives the numbers of all versions of a workflow that were ever published."""

DEEPEST_CALLS = 50
"""How deep workflows may call one another."""

_MOST_VERSIONS = 10
"""How many of the newest versions are listed."""


def check_call(
    id: str, node: Node, call: Call, called: Flow | None, problems: Problems, find_versions: FindVersions
) -> None:
    """Check one call against the called workflow; None means that there is no such workflow, or version."""
    name = call.name
    path = ("nodes", id, "with")
    if called is None:
        versions = find_versions(name) if call.version is not None else ()
        if versions:
            message = f"Version {call.version} of `{name}` was never published. {_choice(versions)}"
            problems.error("unknown-version", message, node=id, field="version", path=(*path, "version"))
        else:
            message = f"There is no published workflow `{name}`. Publish it first, or correct the name."
            problems.error("unknown-workflow", message, node=id, field="workflow", path=(*path, "workflow"))
        return
    given = node.inputs.get("inputs", {})
    if not isinstance(given, Mapping):
        return  # A template gives them when it runs.
    place = (*path, "inputs")
    for key, value in given.items():
        if key not in called.inputs:
            unknown = problems.unknown(key, called.inputs)
            message = f"The workflow `{name}` has no input `{key}`.{unknown.hint}"
            field = f"inputs.{key}"
            problems.error("unknown-input", message, node=id, field=field, path=place, arguments=unknown.arguments)
        elif not _is_open(value):
            reason = _input_misfit(called.inputs[key], value)
            if reason:
                message = f"The workflow's input `{key}` does not fit: {reason}."
                problems.error("wrong-value", message, node=id, field=f"inputs.{key}", path=place)
    for key, parameter in called.inputs.items():
        if parameter.default is msgspec.UNSET and key not in given:
            message = f"The workflow `{name}` needs the input `{key}`."
            problems.error("missing-input", message, node=id, field=f"inputs.{key}", path=place)


def _choice(versions: Sequence[int]) -> str:
    """A sentence with the versions that can be pinned."""
    *others, last = map(str, sorted(versions)[-_MOST_VERSIONS:])
    shown = f"{', '.join(others)} or {last}" if others else last
    of_many = f"one of {len(versions):,}, such as " if len(versions) > _MOST_VERSIONS else ""
    return f"Pin {of_many}{shown}, or leave it empty to follow what is published."


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
    home = Call(flow.name).key
    for id, node in flow.nodes.items():
        call = call_of(node)
        if call is None or not node.enabled:
            continue
        path = ("nodes", id, "with", "workflow")
        way = _way_back(call.key, home, find)
        if way is not None:
            shown = " -> ".join(f"`{step}`" for step in (home, *way))
            message = f"The workflow calls itself: {shown}. It fails when the calls are {DEEPEST_CALLS} deep."
            problems.warning("recursion", message, node=id, field="workflow", path=path)
        elif _depth(call.key, find) > DEEPEST_CALLS:
            message = f"The calls behind `{call.key}` are more than {DEEPEST_CALLS} deep."
            problems.error("too-deep", message, node=id, field="workflow", path=path)


def _calls(key: str, find: FindWorkflow) -> list[str]:
    flow = find(key)
    return [call.key for node in flow.nodes.values() if node.enabled and (call := call_of(node))] if flow else []


def _way_back(key: str, home: str, find: FindWorkflow) -> tuple[str, ...] | None:
    """The calls that lead from `key` to `home`, shortest first; None when there are none."""
    ways: list[tuple[str, ...]] = [(key,)]
    seen = {key}
    for way in ways:  # The list grows while it is walked through: breadth first.
        if way[-1] == home:
            return way
        for called in _calls(way[-1], find):
            if called == home or called not in seen:
                seen.add(called)
                ways.append((*way, called))
    return None


def _depth(key: str, find: FindWorkflow) -> int:
    """How many workflows can be running at the same time, from `key` on; one above the limit is enough."""
    level, depth = {key}, 0
    while level and depth <= DEEPEST_CALLS:
        depth += 1
        level = {called for caller in level for called in _calls(caller, find)}
    return depth
