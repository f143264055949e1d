"""Which user a token belongs to, cached for a few seconds because nearly every request needs it.

Whatever ends a session clears the cache: immediately in this process, and by a notification in every other Hub.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from exekra.hub.core.actor import Actor
from exekra.hub.core.database import Connection, Database
from exekra.hub.core.errors import Unauthenticated
from exekra.hub.core.tokens import Claims
from exekra.hub.identity.people import store
from exekra.kit.clock import Clock

LONGEST = timedelta(seconds=5)
"""How long an answer is cached: a Hub that receives no notifications is outdated for at most this long."""

MOST = 10_000
"""The most tokens in the cache."""


@dataclass(frozen=True, slots=True)
class _Known:
    actor: Actor
    version: int
    until: datetime


class Sessions:
    """Finds the users of tokens."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._known: dict[UUID, _Known] = {}
        self._changes = 0

    async def identify(self, claims: Claims, ip: str | None) -> Actor:
        """Find the user that a token belongs to.

        Raises:
            Unauthenticated: The session ended: signed out, deactivated, or the password or the role changed.
        """
        now = self._clock.now()
        known = self._known.get(claims.id)
        if known is None or known.until <= now or known.version != claims.version:
            changes = self._changes
            async with self._database.reading() as connection:
                user = await store.find_for_token(connection, claims.subject, claims.id)
            if user is None or not user.active or user.revoked or user.token_version != claims.version:
                raise Unauthenticated("The session has ended: sign in again.", code="session-ended")
            actor = Actor(kind="user", id=claims.subject, name=user.email, role=user.role)
            known = _Known(actor, claims.version, now + LONGEST)
            if changes == self._changes:  # else what was read may be from before the change
                if len(self._known) >= MOST:
                    self._known.clear()
                self._known[claims.id] = known
        return replace(known.actor, ip=ip)

    def forget(self, _: str = "") -> None:
        """Ask the database again for every token."""
        self._changes += 1
        self._known.clear()

    async def end(self, connection: Connection) -> None:
        """Must be called in each transaction that ends a session: once it is committed, all Hubs look again."""
        self.forget()
        await store.announce_ended_sessions(connection)
