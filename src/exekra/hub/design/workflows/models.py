"""Workflows and their versions, as the rest of the Hub sees them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

VersionState = Literal["draft", "published", "superseded"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Workflow:
    """A named automation.

    Attributes:
        latest_number: The number of the newest version.
        published_number: The number of the version that triggers run, if there is one.
        archived_at: When it was archived.
    """

    id: UUID
    name: str
    description: str
    tags: list[str]
    latest_number: int
    published_version_id: UUID | None
    published_number: int | None
    created_by: UUID | None
    created_at: datetime
    updated_at: datetime
    archived_at: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Version:
    """What is known about a version, except its document.

    Attributes:
        content_hash: The SHA-256 of its logic; equal for versions that differ in layout only.
        activities: The ids of the activities that it uses; once published, also those of the workflows that it calls.
        calls: The keys of its calls: `NAME`, or `NAME@NUMBER` where it pins a version (`exekra.flow.calls.Call.key`).
        note: What the author wrote about the change.
        release_notes: What is new, for those who use the workflow; written when it was published.
        working: Whether it is a working copy, saved to run it: not listed, and removed once nothing needs it.
        author: The e-mail address of who saved it.
        author_name: That person's name.
        files_id: The set of its files; None where it has none.
        file_count: How many files it has.
        files_hash: The SHA-256 (hex) of their hashes and paths, as `sha256sum` lists them; None where it has none.
    """

    id: UUID
    workflow_id: UUID
    number: int
    state: VersionState
    content_hash: str
    activities: list[str]
    calls: list[str]
    note: str
    release_notes: str
    working: bool
    created_by: UUID | None
    author: str | None
    author_name: str | None
    created_at: datetime
    published_at: datetime | None
    files_id: UUID | None
    file_count: int
    files_hash: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredVersion:
    """A version with its flow document."""

    version: Version
    document: dict[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Saved:
    """A version that was just saved.

    Attributes:
        created: Whether the workflow is new.
    """

    workflow: Workflow
    version: Version
    created: bool = False
