"""Requests and answers about workflows."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from exekra.hub.design.workflows.models import StoredVersion, VersionState

EXAMPLE: dict[str, Any] = {
    "format": "exekra.flow/1",
    "name": "Greet",
    "inputs": {"who": {"type": "text", "default": "world"}},
    "nodes": {"greet": {"do": "general.log", "with": {"message": "Hello, {who}!"}}},
    "edges": ["start -> greet"],
}

Document = Annotated[
    dict[str, Any], Field(description="A flow document, as in a `.flow.yaml` file.", examples=[EXAMPLE])
]
WorkflowName = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), Field(examples=["Price the orders"])
]
Tag = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=50)]
Tags = Annotated[list[Tag], Field(max_length=50, examples=[["finance"]])]
Description = Annotated[str, StringConstraints(max_length=10_000)]
Note = Annotated[str, StringConstraints(max_length=2000), Field(description="What changed, for people.")]
ReleaseNotes = Annotated[
    str, StringConstraints(max_length=10_000), Field(description="What is new, for those who use the workflow.")
]
VersionNumber = Annotated[int, Field(ge=1, le=2_147_483_647)]


class Sent(BaseModel):
    """Unknown fields are refused, so that a misspelt one is not silently ignored."""

    model_config = ConfigDict(extra="forbid")


class Read(BaseModel):
    """Created from the slice's own objects."""

    model_config = ConfigDict(from_attributes=True)


class WorkflowAnswer(Read):
    """A workflow."""

    id: UUID
    name: str = Field(examples=["Price the orders"])
    description: str
    tags: list[str]
    latest_number: int = Field(description="The newest version; send it back as `based_on` when saving.", examples=[4])
    published_version_id: UUID | None
    published_number: int | None = Field(description="The version that triggers run.", examples=[3])
    created_by: UUID | None
    created_at: datetime
    updated_at: datetime
    archived_at: datetime | None = Field(description="When it was archived; null while it is in use.")


class VersionAnswer(Read):
    """A version of a workflow, without its document."""

    id: UUID
    workflow_id: UUID
    number: int = Field(examples=[4])
    state: VersionState
    content_hash: str = Field(
        description="Of its logic, without its files: equal for versions that differ in layout only."
    )
    files_hash: str | None = Field(description="Equal for versions with the same files; null without files.")
    activities: list[str] = Field(examples=[["excel.read_range", "http.request"]])
    calls: list[str] = Field(
        description="The workflows that it calls: `NAME`, or `NAME@NUMBER` where it pins a version. A name that "
        "itself ends like that is followed by one more `@`.",
        examples=[["Price of one", "Rates@3"]],
    )
    note: str
    release_notes: str = Field(description="What is new, for those who use the workflow; written at publishing.")
    working: bool = Field(description="Whether it is a working copy, saved to run it.")
    created_by: UUID | None
    author: str | None = Field(description="Who saved it, by e-mail address.", examples=["ada@example.org"])
    author_name: str | None = Field(examples=["Ada"])
    created_at: datetime
    published_at: datetime | None
    file_count: int = Field(description="How many files belong to it.")


class VersionWithDocument(VersionAnswer):
    """A version of a workflow."""

    document: Document


def with_document(stored: StoredVersion) -> VersionWithDocument:
    """A stored version as the API returns it."""
    return VersionWithDocument(**dict(VersionAnswer.model_validate(stored.version)), document=stored.document)


class SavedAnswer(Read):
    """What was saved, and the workflow as it is now."""

    workflow: WorkflowAnswer
    version: VersionAnswer
    created: bool = Field(description="Whether the workflow is new.")


class FlowProblem(Read):
    """An error or a warning about a flow."""

    severity: Literal["error", "warning"]
    code: str = Field(examples=["unknown-name"])
    message: str
    node: str | None = None
    field: str | None = None
    line: int | None = None
    position: int | None = Field(
        default=None, description="The position in the field's text at which it begins, from 0, if known."
    )
    arguments: dict[str, str] = Field(
        default={},
        description="What the message is about, as far as the code says so: `name`, `owner` (what should have that "
        "name), `meant` (the known name most like it), `problem` (the message without the place in the field).",
        examples=[{"name": "totl", "meant": "total"}],
    )


class PublishedAnswer(SavedAnswer):
    """The published version, and the warnings of the check."""

    warnings: list[FlowProblem]


class CheckAnswer(BaseModel):
    """The findings of the publish check."""

    publishable: bool
    problems: list[FlowProblem]


class NewWorkflow(Sent):
    """A workflow to create."""

    name: WorkflowName
    description: Description = ""
    tags: Tags = []
    document: Document | None = Field(default=None, description="The document of version 1; empty by default.")


class WorkflowChange(Sent):
    """The changes to a workflow; omitted fields stay as they are."""

    name: WorkflowName | None = None
    description: Description | None = None
    tags: Tags | None = None


class Duplication(Sent):
    """The copy of a workflow to create."""

    name: WorkflowName
    number: VersionNumber | None = Field(default=None, description="The version to copy; default: the newest one.")


class NewVersion(Sent):
    """A document to save."""

    document: Document
    based_on: VersionNumber = Field(description="The number of the version that was edited.", examples=[4])
    note: Note = ""
    name: WorkflowName | None = Field(default=None, description="The workflow's new name, if it is renamed too.")
    description: Description | None = Field(default=None, description="The workflow's new description.")
    working: bool = Field(
        default=False,
        description="Save a working copy, to run it: it is not listed, and is removed once no execution needs it.",
    )


class Publication(Sent):
    """The version that the user saw."""

    number: VersionNumber | None = Field(default=None, description="Refused if it is not the latest one.")
    release_notes: ReleaseNotes = ""


class RollBack(Sent):
    """What to do with the old version."""

    publish: bool = Field(default=False, description="Publish it in the same step: it is live again.")
    release_notes: ReleaseNotes = ""


class DocumentToCheck(Sent):
    """A document to check."""

    document: Document


class ChangedField(BaseModel):
    """A field with a different value."""

    field: str = Field(description="A dotted path.", examples=["with.path", "retry.times"])
    change: Literal["added", "removed", "changed"]
    old: Any = Field(default=None, description="Null if it was added.")
    new: Any = Field(default=None, description="Null if it was removed.")


class ChangedPart(BaseModel):
    """A node, input, output or variable that changed."""

    id: str
    change: Literal["added", "removed", "changed", "renamed"]
    was: str | None = Field(default=None, description="The former id, if it was renamed.")
    fields: list[ChangedField] = Field(description="The changed fields; all fields if it was added or removed.")


class ChangedEdge(BaseModel):
    """An edge that was added or removed."""

    edge: str = Field(examples=["each.body -> price"])
    source: str = Field(examples=["each"])
    port: str = Field(examples=["body"])
    target: str = Field(examples=["price"])
    change: Literal["added", "removed"]


class FlowChanges(BaseModel):
    """The differences, part by part."""

    settings: list[ChangedField] = Field(description="The name and the description.")
    inputs: list[ChangedPart]
    outputs: list[ChangedPart]
    variables: list[ChangedPart]
    nodes: list[ChangedPart]
    edges: list[ChangedEdge] = Field(description="Renamed nodes have their current ids here.")
    elements: list[ChangedPart] = Field(
        description="Elements of pages; one that is written as text has the field `selector`."
    )
    recorded_again: list[str] = Field(
        description="Those of `elements` that only changed in what was observed when they were recorded."
    )
    layout_changed: bool
    moved: list[str] = Field(description="Nodes of both versions that have a different place in the layout.")


class ChangedFile(BaseModel):
    """A file of one of the two versions, or of both with another content or path."""

    path: str
    change: Literal["added", "removed", "changed", "renamed"]
    was: str | None = Field(default=None, description="The former path of a renamed one.")
    old_size: int | None = Field(description="Bytes; null where it was added.")
    new_size: int | None = Field(description="Bytes; null where it was removed.")
    text: bool = Field(description="Whether its name says that it is text.")


class DiffAnswer(BaseModel):
    """What changed from one version to another."""

    from_number: int
    to_number: int
    same_logic: bool = Field(
        description="Whether they differ at most in layout and in what was observed when elements were recorded."
    )
    changes: FlowChanges
    files: list[ChangedFile] = Field(description="The files that differ, by path.")
