"""Who does something: a person, a Runner, or the Hub itself. Audit entries and rules are about actors."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal
from uuid import UUID


class Role(StrEnum):
    """What a user may do. Each role may do all that the ones before it may."""

    OPERATOR = "OPERATOR"
    DEVELOPER = "DEVELOPER"
    ADMIN = "ADMIN"

    def includes(self, other: Role) -> bool:
        """Whether this role may do all that `other` may."""
        order = list(Role)
        return order.index(self) >= order.index(other)


@dataclass(frozen=True, kw_only=True, slots=True)
class Actor:
    """Who does something.

    Attributes:
        kind: `anonymous` is a request to a public route; `system` is the Hub itself.
        id: The user's or the Runner's id.
        name: How people recognise it; a user's e-mail address.
        role: A user's role.
        ip: Where the request came from.
    """

    kind: Literal["user", "runner", "system", "anonymous"]
    id: UUID | None = None
    name: str
    role: Role | None = None
    ip: str | None = None


SYSTEM = Actor(kind="system", name="Hub")
"""The Hub itself, for background jobs."""
