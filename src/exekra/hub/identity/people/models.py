"""A user, as the rest of the Hub sees one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from exekra.hub.core.actor import Role


@dataclass(frozen=True, kw_only=True, slots=True)
class User:
    """A person who may sign in; the password's hash stays in the store."""

    id: UUID
    email: str
    name: str
    role: Role
    active: bool
    token_version: int
    created_at: datetime
    updated_at: datetime
    signed_in_at: datetime | None
