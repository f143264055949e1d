"""Requests and answers of the routes of files."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BaseModel, Field

from exekra.hub.web.texts import PlainText
from exekra.kit.names import file_name_problem


def _file_name(name: str) -> str:
    if (problem := file_name_problem(name)) is not None:
        raise ValueError(f"`{name}` cannot be the name of a file: {problem}")
    return name


def _readable(name: str) -> str:
    if "\N{REPLACEMENT CHARACTER}" in name:  # What the address had there was no UTF-8.
        raise ValueError(f"`{name}` cannot be the name of a file: encode it as UTF-8 in the address, such as %C3%A9")
    return name


Sha256 = Annotated[str, Field(pattern="^[0-9a-fA-F]{64}$")]
FileName = Annotated[str, Field(min_length=1, max_length=255), AfterValidator(_file_name)]
UploadedName = Annotated[FileName, AfterValidator(_readable)]


class FileAnswer(BaseModel):
    """A file of an execution."""

    id: UUID
    kind: Literal["input", "kept", "output"] = Field(
        description="`input`: the execution was given it; `kept`: an activity kept it; `output`: it is one of the "
        "execution's outputs."
    )
    name: str
    node: str | None = Field(description="The node that kept it.")
    media_type: str
    size: int = Field(description="Bytes.")
    sha256: str | None = Field(description="In hexadecimal digits; null while the Runner is sending it.")
    received: int = Field(description="How many bytes have been received.")
    shown: Literal["image", "pdf", "text"] | None = Field(description="How a page may show it inline.")
    kept_at: datetime


class Files(BaseModel):
    """The files of an execution, in the order in which they were kept."""

    items: list[FileAnswer]


class FileReference(BaseModel):
    """What stands for a file in the inputs of an execution; outputs of type `file` look the same."""

    id: UUID = Field(alias="$file")
    name: str
    size: int = Field(description="Bytes.")


class NewFile(BaseModel):
    """A file that a Runner is about to send."""

    execution_id: UUID
    lease: Annotated[int, Field(ge=0, le=2**31 - 1)]
    kind: Literal["kept", "output"] = "kept"
    name: FileName
    node: Annotated[PlainText, Field(max_length=200)] | None = None
    size: Annotated[int, Field(ge=0, le=2**62)]
    kept_at: AwareDatetime


class Upload(BaseModel):
    """How much of a file the Hub has."""

    received: int = Field(description="How many bytes are stored: the next chunk begins there.")
    chunk_bytes: int = Field(description="The size of each chunk except the last.")
    request_bytes: int = Field(description="How many bytes one request may carry, in whole chunks but the last.")
    stored: bool = Field(description="Whether the file is complete; nothing more must be sent.")


class Sent(BaseModel):
    """All chunks of a file were sent."""

    sha256: Annotated[Sha256, Field(description="The SHA-256 of the Runner's file, in hexadecimal digits.")]
