"""Who may sign in: the first administrator, sessions, accounts and users."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import Depends

from exekra.hub.core.actor import Actor, Role
from exekra.hub.core.database import Connection
from exekra.hub.core.errors import Conflict, Forbidden, Invalid, NotFound, Unauthenticated
from exekra.hub.core.hub import CurrentHub, Hub
from exekra.hub.core.tokens import Claims
from exekra.hub.identity.people import store
from exekra.hub.identity.people.models import User
from exekra.hub.identity.people.passwords import Passwords, check_password
from exekra.hub.identity.people.sessions import Sessions
from exekra.hub.identity.people.throttle import Throttle
from exekra.hub.trust.audit.service import record
from exekra.hub.web.rate_limit.service import RateLimits
from exekra.kit.ids import new_id

BROWSER_KNOWN = timedelta(days=365)
"""How long a browser is remembered after somebody has signed in from it."""

CLEANING_SECONDS = 600.0
logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class Session:
    """A person who is signed in."""

    user: User
    token: str
    claims: Claims


class People:
    """Users and their sessions.

    Methods that take a `connection` do their work, audit entry included, in its transaction. Checking or hashing a
    password takes a fifth of a second: that never happens inside a transaction.
    """

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self.throttle = Throttle(hub.database, hub.get(RateLimits), hub.clock, "user")
        self.passwords = Passwords(hub.settings.password_rounds)
        self.sessions = Sessions(hub.database, hub.clock)

    async def bootstrap(self, actor: Actor, *, email: str, name: str, password: str) -> User:
        """Create the first administrator.

        Raises:
            Conflict: There is already a user.
        """
        check_password(password)
        async with self._hub.database.reading() as connection:
            if await store.any_user(connection):  # checked before the costly hash, which anybody could request
                raise _already_done()
        hashed = await self.passwords.hash(password)
        async with self._hub.database.transaction() as connection:
            await store.lock(connection)
            if await store.any_user(connection):
                raise _already_done()
            user = await store.insert(
                connection, id=new_id(), email=email, name=name, role=Role.ADMIN, password_hash=hashed
            )
            assert user is not None, "the table was empty"
            await record(connection, actor, "user.bootstrap", "user", user.id, {"email": email})
        return user

    async def sign_in(self, actor: Actor, *, email: str, password: str, browser: str | None = None) -> Session:
        """Check e-mail address and password.

        Args:
            actor: Who makes the request, as far as is known yet.
            email: The e-mail address.
            password: The password.
            browser: The browser token that came with the request (`browser_token`).

        Raises:
            Unauthenticated: They do not match, or the account is not active; the error does not say which.
            TooMany: Too many attempts failed before.
        """
        async with self._hub.database.reading() as connection:
            found = await store.find_with_hash(connection, email)
        known = self._known_browser(browser, found[0]) if found else None
        await self.throttle.attempt(email, actor.ip, known=known)
        fits = await self.passwords.fits(password, found[1] if found else None)
        if found is None or not fits or not found[0].active:
            logger.warning("Sign-in refused: %r from %s", email, actor.ip)
            raise Unauthenticated("The e-mail address or the password is wrong.", code="sign-in-refused")
        await self.throttle.succeeded(email, actor.ip, known=known)
        user = found[0]
        async with self._hub.database.transaction() as connection:
            await store.note_sign_in(connection, user.id)
            signed_in = Actor(kind="user", id=user.id, name=user.email, role=user.role, ip=actor.ip)
            await record(connection, signed_in, "session.sign-in", "user", user.id)
        return self.session(user)

    def session(self, user: User) -> Session:
        """Issue a token for that user."""
        token, claims = self._hub.tokens.issue(
            "user", user.id, user.token_version, timedelta(days=self._hub.settings.session_days)
        )
        return Session(user=user, token=token, claims=claims)

    def browser_token(self, user: User) -> str:
        """A token for the browser in which that user signed in: its attempts to sign in again are counted apart."""
        return self._hub.tokens.issue("browser", user.id, 0, BROWSER_KNOWN)[0]

    def _known_browser(self, token: str | None, user: User) -> str | None:
        """The name of a browser in which this user signed in before; None for any other."""
        if token is None:
            return None
        try:
            claims = self._hub.tokens.read(token)
        except Unauthenticated:
            return None
        return str(claims.id) if claims.kind == "browser" and claims.subject == user.id else None

    async def sign_out(self, connection: Connection, actor: Actor, claims: Claims) -> None:
        """Make this one token invalid."""
        await store.revoke(connection, claims.id, claims.expires_at)
        await self.sessions.end(connection)
        await record(connection, actor, "session.sign-out", "user", actor.id)

    async def change_own_password(self, actor: Actor, *, present: str, new: str) -> Session:
        """Change the actor's own password; all sessions end, and a new one begins.

        Raises:
            Forbidden: The present password is wrong.
            TooMany: Too many attempts were wrong.
        """
        check_password(new, "body.new")
        known = f"session of {actor.id}"
        await self.throttle.attempt(actor.name, actor.ip, known=known)
        async with self._hub.database.reading() as connection:
            found = await store.find_with_hash(connection, actor.name)
        if found is None or not await self.passwords.fits(present, found[1]):
            raise Forbidden("The present password is wrong.", code="password-wrong", where="body.present")
        await self.throttle.succeeded(actor.name, actor.ip, known=known)
        hashed = await self.passwords.hash(new)
        async with self._hub.database.transaction() as connection:
            user = await store.update(connection, found[0].id, password_hash=hashed, end_sessions=True)
            if user is None:
                raise no_user()
            await self.sessions.end(connection)
            await record(connection, actor, "user.change-password", "user", user.id)
        return self.session(user)

    async def create(self, actor: Actor, *, email: str, name: str, role: Role, password: str) -> User:
        """Create a user.

        Raises:
            Conflict: The e-mail address is taken.
        """
        hashed = await self.passwords.hash(password)
        async with self._hub.database.transaction() as connection:
            user = await store.insert(connection, id=new_id(), email=email, name=name, role=role, password_hash=hashed)
            if user is None:
                raise Conflict(
                    f"There is already a user with the e-mail address {email}.", code="email-taken", where="body.email"
                )
            await record(connection, actor, "user.create", "user", user.id, {"email": email, "role": role.value})
        return user

    async def set_password(self, actor: Actor, id: UUID, *, password: str) -> None:
        """Give a user a new password; the user's sessions end.

        Raises:
            NotFound: There is no such user.
        """
        hashed = await self.passwords.hash(password)
        async with self._hub.database.transaction() as connection:
            if await store.update(connection, id, password_hash=hashed, end_sessions=True) is None:
                raise no_user()
            await self.sessions.end(connection)
            await record(connection, actor, "user.set-password", "user", id)

    async def change(
        self,
        connection: Connection,
        actor: Actor,
        id: UUID,
        *,
        name: str | None = None,
        role: Role | None = None,
        active: bool | None = None,
    ) -> User:
        """Change what is not None; a new role or a new state ends the user's sessions.

        Raises:
            NotFound: There is no such user.
            Conflict: No active administrator would be left.
        """
        await store.lock(connection)
        before = await store.find(connection, id)
        if before is None:
            raise no_user()
        new_role, new_active = role or before.role, before.active if active is None else active
        if before.role is Role.ADMIN and before.active and not (new_role is Role.ADMIN and new_active):
            await self._keep_an_admin(connection, id)
        ends = (new_role, new_active) != (before.role, before.active)
        user = await store.update(connection, id, name=name, role=role, active=active, end_sessions=ends)
        if ends:
            await self.sessions.end(connection)
        assert user is not None, "the row was found in this transaction, under the lock"
        changes = {
            key: {"from": old, "to": new}
            for key, old, new in (
                ("name", before.name, user.name),
                ("role", before.role.value, user.role.value),
                ("active", before.active, user.active),
            )
            if old != new
        }
        if changes:
            await record(connection, actor, "user.change", "user", id, changes)
        return user

    async def delete(self, connection: Connection, actor: Actor, id: UUID) -> None:
        """Delete a user; what the user created stays, without its author.

        Raises:
            NotFound: There is no such user.
            Conflict: No active administrator would be left.
        """
        await store.lock(connection)
        user = await store.find(connection, id)
        if user is None:
            raise no_user()
        if user.role is Role.ADMIN:
            await self._keep_an_admin(connection, id)
        await store.delete(connection, id)
        await self.sessions.end(connection)
        await record(connection, actor, "user.delete", "user", id, {"email": user.email})

    async def _keep_an_admin(self, connection: Connection, id: UUID) -> None:
        if not await store.other_admin(connection, id):
            raise Conflict(
                "This is the last active administrator.",
                code="last-admin",
                hint="Make another user an administrator first.",
            )


def _already_done() -> Conflict:
    return Conflict(
        "The first administrator already exists.",
        code="bootstrap-done",
        hint="Sign in; an administrator can create more users.",
    )


def no_user() -> NotFound:
    """The error that there is no user with that id."""
    return NotFound("There is no such user.", where="path.user_id")


def clean_email(text: str) -> str:
    """An e-mail address as it is stored: without surrounding spaces, in lower case.

    Raises:
        Invalid: It is not a valid one. A host without a dot is allowed: many networks have such names.
    """
    email = text.strip().lower()
    name, _, host = email.rpartition("@")
    if not name or not host or "@" in name or len(email) > 254 or not email.isprintable() or " " in email:
        raise Invalid(f"{text!r} is not a valid e-mail address.", code="email-invalid", where="body.email")
    return email


@asynccontextmanager
async def run(hub: Hub) -> AsyncIterator[None]:
    """Provide users while the Hub runs."""
    people = People(hub)
    hub.add(people)
    hub.identities["user"] = people.sessions.identify

    try:
        async with (
            hub.database.listen(store.ENDED_SESSIONS, people.sessions.forget),
            hub.supervisor.repeating("removing old sign-in attempts", people.throttle.clean, seconds=CLEANING_SECONDS),
        ):
            yield
    finally:
        people.passwords.close()


async def current_people(hub: CurrentHub) -> People:
    """The users of the Hub that answers this request."""
    return hub.get(People)


CurrentPeople = Annotated[People, Depends(current_people)]
