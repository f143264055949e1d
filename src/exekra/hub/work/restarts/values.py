"""The values with which a node could start, reconstructed from what an execution reported, as far as previews allow.
Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

import msgspec

from exekra.flow.control import SETTERS
from exekra.flow.events import WHOLE_VISITS
from exekra.flow.file_references import KEY, is_reference, references_in
from exekra.flow.model import ERROR
from exekra.flow.preview import is_whole
from exekra.hub.work.restarts.version_graph import VersionGraph
from exekra.kit.names import portable_file_name


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedVisit:
    """The last reported visit of a node.

    Attributes:
        sequence: Its place among the events.
        count: The number of the visit, from 1.
        total: How often the node was left in total.
        preview: Its result, perhaps shortened.
    """

    sequence: int
    count: int
    total: int
    preview: Any

    @property
    def is_certain(self) -> bool:
        """Whether no later visit can have gone unreported."""
        return self.count <= WHOLE_VISITS or self.count == self.total


@dataclass(slots=True)
class Rebuilt:
    """Values by name; `missing` are names whose value is not known completely."""

    scope: dict[str, Any]
    missing: list[str] = field(default_factory=list)

    def put(self, name: str, visit: ReportedVisit) -> None:
        """Take a reported value, or note that it is incomplete."""
        if visit.is_certain and is_whole(visit.preview):
            self.scope[name] = visit.preview
        else:
            self.lose(name)

    def lose(self, name: str) -> None:
        """Note that a value is not known completely."""
        self.scope.pop(name, None)
        self.missing.append(name)


def first_scope(graph: VersionGraph, inputs: Mapping[str, Any]) -> dict[str, Any]:
    """What the first node starts with: the inputs, and the defaults of variables."""
    scope = {name: one.default for name, one in graph.flow.inputs.items() if one.default is not msgspec.UNSET}
    scope |= inputs
    scope |= {name: one.default for name, one in graph.flow.variables.items()}
    return deepcopy(scope)


def with_given_files(scope: dict[str, Any], begun_with: Mapping[str, Any]) -> dict[str, Any]:
    """A scope that can be gone on with elsewhere: the paths of files that the execution was given, which are gone with
    it, become what stood for them in what it began with.
    """
    files: dict[str, Any] = {}
    waiting = [(begun_with.get(name), value) for name, value in scope.items()]
    while waiting:
        given, value = waiting.pop()
        if is_reference(given) and isinstance(value, str):
            files[value] = given
        elif isinstance(given, Mapping) and isinstance(value, Mapping):
            waiting += [(given.get(key), item) for key, item in value.items()]
        elif isinstance(given, list) and isinstance(value, list) and len(given) == len(value):
            waiting += zip(given, value, strict=True)
    return _replaced(scope, files) if files else scope


def restore_given_files(rebuilt: Rebuilt, execution_id: str, begun_with: Mapping[str, Any]) -> None:
    """Replace what was reported of an execution's own folder, which is gone with it: the path of a file that it was
    given becomes what stood for that, if only one has the name; a value with another path there counts as missing.
    """
    inside = re.compile(rf"\b{re.escape(execution_id)}\.\d+[/\\](?:inputs[/\\]\d+[/\\](?P<name>[^/\\]+)$)?")
    named: dict[str, dict[str, Any]] = {}
    for file in references_in(begun_with):
        named.setdefault(portable_file_name(str(file.get("name", ""))), {})[file[KEY]] = file
    for name, value in [*rebuilt.scope.items()]:
        files: dict[str, Any] = {}
        for text in _texts_in(value):
            found = inside.search(text)
            if found is None:
                continue
            same = [*named.get(found["name"] or "", {}).values()]
            if len(same) == 1:
                files[text] = same[0]
            else:
                rebuilt.lose(name)
        if files and name in rebuilt.scope:
            rebuilt.scope[name] = _replaced(value, files)
    rebuilt.missing = sorted(set(rebuilt.missing))


def _texts_in(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping | list):
        for item in value.values() if isinstance(value, Mapping) else value:
            yield from _texts_in(item)


def _replaced(value: Any, files: Mapping[str, Any]) -> Any:
    if isinstance(value, str):
        return files.get(value, value)
    if isinstance(value, dict):
        return {key: _replaced(item, files) for key, item in value.items()}
    if isinstance(value, list):
        return [_replaced(item, files) for item in value]
    return value


def rebuild(graph: VersionGraph, node: str, begun_with: dict[str, Any], visits: Mapping[str, ReportedVisit]) -> Rebuilt:
    """The values in reach of `node`.

    Args:
        graph: The version's nodes.
        node: The node that is to start.
        begun_with: What the execution itself started with.
        visits: The last reported visits before the node, by node.
    """
    rebuilt = Rebuilt(dict(begun_with))
    for name, one in _last_settings(graph, visits).items():
        rebuilt.put(name, one)
    known = graph.scopes.at.get(node)
    if known is None:
        return rebuilt
    for id, its_node in graph.flow.nodes.items():
        has_result = id in visits and visits[id].preview is not None and its_node.do not in SETTERS
        if has_result and graph.scopes.possible(known, id):
            rebuilt.put(id, visits[id])
    rebuilt.missing += known.items
    if graph.scopes.certain(known, ERROR):
        rebuilt.missing.append(ERROR)
    rebuilt.missing = sorted(set(rebuilt.missing))
    return rebuilt


def _last_settings(graph: VersionGraph, visits: Mapping[str, ReportedVisit]) -> dict[str, ReportedVisit]:
    """For each variable, the last reported visit of a node that sets it."""
    last: dict[str, ReportedVisit] = {}
    for id, one in visits.items():
        node = graph.flow.nodes[id]
        name = node.inputs.get("variable") if node.do in SETTERS else None
        if isinstance(name, str) and (name not in last or last[name].sequence < one.sequence):
            last[name] = one
    return last
