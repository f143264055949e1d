"""What changed between two versions of a flow, part by part: for people who review it, and as data for Studio."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Literal

import msgspec

from exekra.flow.document import edge_lines, to_document
from exekra.flow.model import START, Edge, Flow
from exekra.sdk.selector import logic_of, to_data

Change = Literal["added", "removed", "changed", "renamed"]


class FieldChange(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A field that has another value: `old` or `new` is absent where the field is.

    `field` is a dotted path such as `do`, `with.path` or `retry.times`.
    """

    field: str
    old: Any = msgspec.UNSET
    new: Any = msgspec.UNSET


class PartChange(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A node, input, output, variable or element that changed. `was` is the former id of a renamed one."""

    id: str
    change: Change
    fields: tuple[FieldChange, ...] = ()
    was: str | None = None


class EdgeChange(msgspec.Struct, frozen=True, kw_only=True):
    """An edge that was added or removed, in parts and as one line: `each.body -> price`."""

    edge: str
    source: str
    port: str
    target: str
    change: Literal["added", "removed"]


class FlowDiff(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The difference of two flows.

    `settings` is the name and the description. `elements` has every change of an element; `recorded_again` are those
    of them, by their present names, that changed only in what was seen when they were recorded. `moved` are the nodes
    of both that stand elsewhere in the layout, by their present ids.
    """

    settings: tuple[FieldChange, ...] = ()
    inputs: tuple[PartChange, ...] = ()
    outputs: tuple[PartChange, ...] = ()
    variables: tuple[PartChange, ...] = ()
    nodes: tuple[PartChange, ...] = ()
    edges: tuple[EdgeChange, ...] = ()
    elements: tuple[PartChange, ...] = ()
    recorded_again: tuple[str, ...] = ()
    layout_changed: bool = False
    moved: tuple[str, ...] = ()

    @property
    def logic_changed(self) -> bool:
        """Whether anything changed but the layout, and what was seen when elements were recorded."""
        parts = (self.settings, self.inputs, self.outputs, self.variables, self.nodes, self.edges)
        return any(parts) or any(part.id not in self.recorded_again for part in self.elements)


def diff_flows(old: Flow, new: Flow) -> FlowDiff:
    """What changed from `old` to `new`.

    A node that went away and one that came count as one renamed node where they have the same content and either
    the same neighbours, or inputs that no other such node has. Texts that name the node still show as changed.
    `msgspec.json.encode` writes the result as plain data.
    """
    before, after = to_document(old), to_document(new)
    renamed = _renamed(old, new)
    elements = _parts(_elements(old), _elements(new), _renamed_elements(old, new))
    return FlowDiff(
        settings=_fields(
            {"name": old.name, "description": old.description}, {"name": new.name, "description": new.description}
        ),
        inputs=_parts(before.get("inputs", {}), after.get("inputs", {}), {}),
        outputs=_parts(before.get("outputs", {}), after.get("outputs", {}), {}),
        variables=_parts(before.get("variables", {}), after.get("variables", {}), {}),
        nodes=_parts(before["nodes"], after["nodes"], renamed),
        edges=_edges(old.edges, new.edges, renamed),
        elements=elements,
        recorded_again=tuple(part.id for part in elements if _is_same_element(part, old, new)),
        layout_changed=old.layout != new.layout,
        moved=tuple(_moved(old, new, renamed)),
    )


def _moved(old: Flow, new: Flow, renamed: Mapping[str, str]) -> Iterable[str]:
    for id in new.nodes:
        was = renamed.get(id, id)
        if was in old.nodes and old.layout.get(was) != new.layout.get(id):
            yield id


def _elements(flow: Flow) -> dict[str, dict[str, Any]]:
    """The elements as objects: one that a person wrote as text has the field `selector`."""
    written = {name: to_data(element) for name, element in flow.elements.items()}
    return {name: {"selector": data} if isinstance(data, str) else data for name, data in written.items()}


def _renamed_elements(old: Flow, new: Flow) -> dict[str, str]:
    """The former name of each renamed element: one that went and one that came are the same, and no others are."""
    by_look: dict[bytes, tuple[list[str], list[str]]] = {}
    for side, (flow, other) in enumerate(((old, new), (new, old))):
        for name, element in flow.elements.items():
            if name not in other.elements:
                by_look.setdefault(_json(element), ([], []))[side].append(name)
    return {came[0]: gone[0] for gone, came in by_look.values() if len(gone) == len(came) == 1}


def _is_same_element(part: PartChange, old: Flow, new: Flow) -> bool:
    if part.change != "changed":
        return False
    return bool(logic_of(old.elements[part.id]) == logic_of(new.elements[part.id]))


def _parts(
    old: Mapping[str, dict[str, Any]], new: Mapping[str, dict[str, Any]], renamed: Mapping[str, str]
) -> tuple[PartChange, ...]:
    """Changes of one section. `renamed` gives the former id of a renamed part."""
    gone = old.keys() - new.keys() - set(renamed.values())
    changes = [PartChange(id=id, change="removed", fields=_fields(old[id], {})) for id in old if id in gone]
    for id, part in new.items():
        was = renamed.get(id, id)
        fields = _fields(old.get(was, {}), part)
        if was != id:
            changes.append(PartChange(id=id, change="renamed", was=was, fields=fields))
        elif id not in old:
            changes.append(PartChange(id=id, change="added", fields=fields))
        elif fields:
            changes.append(PartChange(id=id, change="changed", fields=fields))
    return tuple(changes)


def _fields(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[FieldChange, ...]:
    before, after = dict(_flat(old)), dict(_flat(new))
    return tuple(
        FieldChange(field=name, old=before.get(name, msgspec.UNSET), new=after.get(name, msgspec.UNSET))
        for name in dict.fromkeys((*before, *after))
        if not _same(before.get(name, msgspec.UNSET), after.get(name, msgspec.UNSET))
    )


def _flat(part: Mapping[str, Any]) -> Iterable[tuple[str, Any]]:
    """The fields of a part; those of `with` and `retry` one by one."""
    for name, value in part.items():
        if name in ("with", "retry"):
            for inner, item in value.items():
                yield f"{name}.{inner}", item
        else:
            yield name, value


def _same(old: Any, new: Any) -> bool:
    """Equal as JSON: `1` and `true` are not, `1` and `1.0` are."""
    if old is msgspec.UNSET or new is msgspec.UNSET:
        return old is new
    return _json(_whole(old)) == _json(_whole(new))


def _whole(value: Any) -> Any:
    """The value with whole numbers written as such: an editor in a browser cannot tell them apart."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {key: _whole(item) for key, item in value.items()}
    return [_whole(item) for item in value] if isinstance(value, list) else value


def _json(value: Any) -> bytes:
    return msgspec.json.encode(value, order="deterministic")


def _renamed(old: Flow, new: Flow) -> dict[str, str]:
    """The former id of each renamed node."""
    gone = [id for id in old.nodes if id not in new.nodes]
    came = [id for id in new.nodes if id not in old.nodes]
    renamed: dict[str, str] = {}
    for only_content in (False, True):
        by_look: dict[tuple[bytes, ...], tuple[list[str], list[str]]] = {}
        for side, (flow, other, ids) in enumerate(((old, new, gone), (new, old, came))):
            done = set(renamed.values()) if side == 0 else set(renamed)
            neighbours = {} if only_content else _neighbours(flow, other)
            for id in ids:
                if id not in done and (flow.nodes[id].inputs or not only_content):
                    look = (_json(flow.nodes[id]), *neighbours.get(id, ()))
                    by_look.setdefault(look, ([], []))[side].append(id)
        for former, present in by_look.values():
            if len(former) == len(present) == 1:
                renamed[present[0]] = former[0]
    return renamed


def _neighbours(flow: Flow, other: Flow) -> dict[str, list[bytes]]:
    """For each node its edges as sorted texts; ends that the other flow does not have are left open."""

    def shown(id: str) -> str:
        return id if id in other.nodes or id == START else "?"

    found: dict[str, list[bytes]] = {}
    for edge in flow.edges:
        found.setdefault(edge.source, []).append(f".{edge.port} -> {shown(edge.target)}".encode())
        found.setdefault(edge.target, []).append(f"{shown(edge.source)}.{edge.port} ->".encode())
    return {id: sorted(edges) for id, edges in found.items()}


def _edges(old: tuple[Edge, ...], new: tuple[Edge, ...], renamed: Mapping[str, str]) -> tuple[EdgeChange, ...]:
    """Edges that went away and came. Where the branches of one port only changed their order, all of them did."""
    present = {former: id for id, former in renamed.items()}
    before: dict[tuple[str, str], list[str]] = {}
    after: dict[tuple[str, str], list[str]] = {}
    for edge in old:
        source = present.get(edge.source, edge.source)
        before.setdefault((source, edge.port), []).append(present.get(edge.target, edge.target))
    for edge in new:
        after.setdefault((edge.source, edge.port), []).append(edge.target)
    changes: list[EdgeChange] = []
    for source, port in dict.fromkeys((*before, *after)):
        gone, came = before.get((source, port), []), after.get((source, port), [])
        if gone != came and sorted(gone) != sorted(came):
            gone, came = (
                list((Counter(gone) - Counter(came)).elements()),
                list((Counter(came) - Counter(gone)).elements()),
            )
        if gone != came:
            changes.extend(_edge(source, port, target, "removed") for target in gone)
            changes.extend(_edge(source, port, target, "added") for target in came)
    return tuple(changes)


def _edge(source: str, port: str, target: str, change: Literal["added", "removed"]) -> EdgeChange:
    [line] = edge_lines((Edge(source=source, port=port, target=target),))
    return EdgeChange(edge=line, source=source, port=port, target=target, change=change)
