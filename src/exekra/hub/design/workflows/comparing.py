"""The difference between two versions, as the API returns it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

import msgspec

from exekra.flow.diff import FieldChange, FlowDiff, PartChange
from exekra.hub.design.workflows.file_store import WorkflowFile
from exekra.hub.design.workflows.schemas import ChangedEdge, ChangedField, ChangedFile, ChangedPart, FlowChanges
from exekra.hub.web.downloads import is_text


def as_answer(diff: FlowDiff) -> FlowChanges:
    """The difference with all lists, including empty ones."""
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


def changed_files(old: Sequence[WorkflowFile], new: Sequence[WorkflowFile]) -> list[ChangedFile]:
    """The files that differ, by path; one that has the content of a file that is gone was renamed."""
    before, after = {file.path: file for file in old}, {file.path: file for file in new}
    gone = {file.sha256: file for file in old if file.path not in after}
    changes = []
    for path, file in after.items():
        same = before.get(path)
        if same is None and file.sha256 in gone:
            was = gone.pop(file.sha256)
            before.pop(was.path)
            changes.append(_file_change(path, "renamed", was, file, was=was.path))
        elif same is None:
            changes.append(_file_change(path, "added", None, file))
        elif same.sha256 != file.sha256:
            changes.append(_file_change(path, "changed", same, file))
    changes += [_file_change(path, "removed", file, None) for path, file in before.items() if path not in after]
    return sorted(changes, key=lambda change: change.path)


def _file_change(
    path: str,
    change: Literal["added", "removed", "changed", "renamed"],
    old: WorkflowFile | None,
    new: WorkflowFile | None,
    *,
    was: str | None = None,
) -> ChangedFile:
    return ChangedFile(
        path=path,
        change=change,
        was=was,
        old_size=None if old is None else old.size,
        new_size=None if new is None else new.size,
        text=is_text(path),
    )
