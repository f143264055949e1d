"""What the routes of a workflow's files take and give."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, Field

from exekra.hub.design.workflows.schemas import Note, Sent, VersionNumber
from exekra.kit.relative_paths import normalised, relative_path_problem


def _valid_path(path: str) -> str:
    path = normalised(path)
    if (problem := relative_path_problem(path)) is not None:
        raise ValueError(f"`{path}` cannot be a file of a workflow: {problem}")
    return path


FilePath = Annotated[
    str,
    AfterValidator(_valid_path),
    Field(description="Relative to the folder of the workflow, with `/` between the parts.", examples=["invoice.xlsx"]),
]


class WorkflowFileAnswer(BaseModel):
    """A file that belongs to a version of a workflow."""

    path: str = Field(examples=["templates/invoice.xlsx"])
    size: int = Field(description="Bytes.")
    sha256: str = Field(description="In hexadecimal digits.")
    media_type: str
    shown: Literal["image", "pdf", "text"] | None = Field(description="How a page may show it in place.")


class VersionFiles(BaseModel):
    """The files of a version, by path."""

    number: int
    items: list[WorkflowFileAnswer]


class UploadedContent(BaseModel):
    """A content that a change of a workflow's files may name within a day."""

    content_id: UUID
    size: int = Field(description="Bytes.")
    sha256: str = Field(description="In hexadecimal digits.")


class PutFile(Sent):
    """Add a file, or replace the one that has this path."""

    action: Literal["put"]
    path: FilePath
    content_id: UUID = Field(description="What an upload answered.")


class RenameFile(Sent):
    """Give a file another path."""

    action: Literal["rename"]
    path: FilePath
    to: FilePath


class RemoveFile(Sent):
    """Remove a file from the versions to come."""

    action: Literal["remove"]
    path: FilePath


FileChange = Annotated[PutFile | RenameFile | RemoveFile, Field(discriminator="action")]


class ChangesOfFiles(Sent):
    """Changes of a workflow's files, which make one new version together."""

    based_on: VersionNumber = Field(
        description="The number of the version that the changes are based on.", examples=[4]
    )
    changes: Annotated[list[FileChange], Field(min_length=1, max_length=1000)]
    note: Note = ""
