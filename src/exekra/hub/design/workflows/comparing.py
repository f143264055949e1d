"""The difference of two flows as the API tells it."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from exekra.flow.diff import FieldChange, FlowDiff, PartChange
from exekra.hub.design.workflows.schemas import ChangedEdge, ChangedField, ChangedPart, FlowChanges


def as_answer(diff: FlowDiff) -> FlowChanges:
    """The difference with every list in its place, also an empty one."""
    return FlowChanges(
        settings=_fields(diff.settings),
        inputs=_parts(diff.inputs),
        outputs=_parts(diff.outputs),
        variables=_parts(diff.variables),
        nodes=_parts(diff.nodes),
        edges=[ChangedEdge(**msgspec.structs.asdict(edge)) for edge in diff.edges],
        elements=_parts(diff.elements),
        recorded_again=list(diff.recorded_again),
        layout_changed=diff.layout_changed,
        moved=list(diff.moved),
    )


def _parts(parts: Iterable[PartChange]) -> list[ChangedPart]:
    return [ChangedPart(id=part.id, change=part.change, was=part.was, fields=_fields(part.fields)) for part in parts]


def _fields(fields: Iterable[FieldChange]) -> list[ChangedField]:
    return [_field(field) for field in fields]


def _field(field: FieldChange) -> ChangedField:
    if field.old is msgspec.UNSET:
        return ChangedField(field=field.field, change="added", new=field.new)
    if field.new is msgspec.UNSET:
        return ChangedField(field=field.field, change="removed", old=field.old)
    return ChangedField(field=field.field, change="changed", old=field.old, new=field.new)
