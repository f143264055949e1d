"""Who acts: a user, a Runner, or the Hub itself. Audit entries and permissions refer to actors."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal
from uuid import UUID


class Role(StrEnum):
    """What a user may do. Each role includes the permissions of the previous ones."""

    OPERATOR = "OPERATOR"
    DEVELOPER = "DEVELOPER"
    ADMIN = "ADMIN"

    def includes(self, other: Role) -> bool:
        """Whether this role may do everything that `other` may do."""
        order = list(Role)
        return order.index(self) >= order.index(other)


@dataclass(frozen=True, kw_only=True, slots=True)
class Actor:
    """Who acts.

    Attributes:
        kind: `anonymous` is a request to a public route; `system` is the Hub itself.
        id: The user's or the Runner's id.
        name: A name for people; for a user, the e-mail address.
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
