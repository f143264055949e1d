"""Who may work for the Hub: registering Runners, their secrets and their tokens."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

import asyncpg
from fastapi import Depends

from exekra.hub.core.actor import Actor
from exekra.hub.core.bus import Bus
from exekra.hub.core.database import Connection
from exekra.hub.core.errors import Conflict, NotFound, Unauthenticated
from exekra.hub.core.hub import CurrentHub, Hub
from exekra.hub.core.tokens import Claims
from exekra.hub.fleet.runners import store
from exekra.hub.fleet.runners.connections import Connections
from exekra.hub.fleet.runners.schemas import RunnerType
from exekra.hub.identity.people.passwords import Passwords
from exekra.hub.identity.people.throttle import Throttle
from exekra.hub.trust.audit.service import record
from exekra.hub.web.rate_limit.service import RateLimits, network_of
from exekra.kit.ids import new_id

TOKEN_LIFETIME = timedelta(hours=24)
KEY_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Characters that cannot be mistaken for one another."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Registered:
    """A Runner, and its secret, which is only shown this once."""

    runner: store.Runner
    machine_secret: str = field(repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class MachineSession:
    """A Runner that has authenticated."""

    runner_id: UUID
    runner_name: str
    token: str = field(repr=False)
    expires_at: datetime


class Runners:
    """The registered Runners.

    Attributes:
        connections: Those that are connected to this Hub process.
    """

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._throttle = Throttle(hub.database, hub.get(RateLimits), hub.clock, "runner")
        self.secrets = Passwords(hub.settings.password_rounds)
        self.connections = Connections(hub.get(Bus))

    async def identify(self, claims: Claims, ip: str | None) -> Actor:
        """Find the Runner that a token belongs to.

        Raises:
            Unauthenticated: The Runner was removed, or has a new secret.
        """
        async with self._hub.database.reading() as connection:
            runner = await store.find_for_token(connection, claims.subject)
        if runner is None or runner.token_version != claims.version:
            raise Unauthenticated("The Runner was removed or has a new secret.", code="session-ended")
        return Actor(kind="runner", id=claims.subject, name=runner.name, ip=ip)

    async def register(self, actor: Actor, *, name: str, type: RunnerType, labels: list[str]) -> Registered:
        """Register a Runner and generate its key and secret.

        Raises:
            Conflict: The name is taken.
        """
        secret = secrets.token_hex(32)
        hashed = await self.secrets.hash(secret)
        id = new_id()
        async with self._hub.database.transaction() as connection:
            made = await store.insert(
                connection,
                id=id,
                name=name,
                type=type.value,
                labels=sorted(set(labels)),
                machine_key="FC-" + "".join(secrets.choice(KEY_LETTERS) for _ in range(12)),
                secret_hash=hashed,
            )
            if not made:
                raise _name_taken(name)
            await record(connection, actor, "runner.register", "runner", id, {"name": name, "type": type.value})
            runner = await store.get(connection, id)
            assert runner is not None, "made in this transaction"
        return Registered(runner=runner, machine_secret=secret)

    async def regenerate_secret(self, actor: Actor, id: UUID) -> Registered:
        """Generate a new secret: the old one and its tokens become invalid immediately, and an open connection is
        closed.

        Raises:
            NotFound: There is no such Runner.
        """
        secret = secrets.token_hex(32)
        hashed = await self.secrets.hash(secret)
        async with self._hub.database.transaction() as connection:
            if not await store.set_secret(connection, id, hashed):
                raise no_runner()
            await record(connection, actor, "runner.regenerate-secret", "runner", id)
            runner = await store.get(connection, id)
            assert runner is not None, "changed in this transaction"
        self.connections.disconnect(id, "The Runner has a new secret.")
        return Registered(runner=runner, machine_secret=secret)

    async def change(
        self,
        connection: Connection,
        actor: Actor,
        id: UUID,
        *,
        name: str | None,
        type: RunnerType | None,
        labels: list[str] | None,
    ) -> store.Runner:
        """Change what is not None.

        Raises:
            NotFound: There is no such Runner.
            Conflict: The name is taken.
        """
        if name is not None and await store.name_is_taken(connection, name, by_other_than=id):
            raise _name_taken(name)
        try:
            found = await store.update(
                connection,
                id,
                name=name,
                type=type.value if type else None,
                labels=None if labels is None else sorted(set(labels)),
            )
        except asyncpg.UniqueViolationError:  # another request was faster
            raise _name_taken(name or "") from None
        if not found:
            raise no_runner()
        changes = {"name": name, "type": type.value if type else None, "labels": labels}
        details = {key: value for key, value in changes.items() if value is not None}
        await record(connection, actor, "runner.change", "runner", id, details)
        runner = await store.get(connection, id)
        assert runner is not None, "changed in this transaction"
        return runner

    async def remove(self, actor: Actor, id: UUID) -> None:
        """Remove a Runner; what it did stays.

        Raises:
            NotFound: There is no such Runner.
            Conflict: It holds an execution.
        """
        async with self._hub.database.transaction() as connection:
            runner = await store.get(connection, id)
            if runner is None:
                raise no_runner()
            if not await store.remove(connection, id):
                raise Conflict(
                    f"{runner.name!r} holds the execution {runner.execution_id}.",
                    code="runner-busy",
                    hint="Stop that execution first, or wait until it has finished.",
                )
            await record(connection, actor, "runner.remove", "runner", id, {"name": runner.name})
        self.connections.disconnect(id, "The Runner was removed.")

    async def authenticate(self, actor: Actor, *, machine_key: str, machine_secret: str) -> MachineSession:
        """Check key and secret.

        Raises:
            Unauthenticated: They do not match; the error does not say which.
            TooMany: Too many attempts failed before.
        """
        async with self._hub.database.reading() as connection:
            found = await store.find_by_key(connection, machine_key)
        # Runners behind one address all reconnect at the same time, so an existing Runner only has its own count.
        known = f"{machine_key} at {network_of(actor.ip)}" if found else None
        await self._throttle.attempt(machine_key, actor.ip, known=known)
        fits = await self.secrets.fits(machine_secret, found.secret_hash if found else None)
        if found is None or not fits:
            raise Unauthenticated(
                "The Machine Key or the Machine Secret is wrong.",
                code="sign-in-refused",
                hint="Ask an administrator to regenerate the secret, and store it on the Runner's machine.",
            )
        await self._throttle.succeeded(machine_key, actor.ip, known=known)
        return self._session(found.id, found.name, found.token_version)

    def refresh(self, actor: Actor, claims: Claims) -> MachineSession:
        """A new token for a Runner whose token is still valid."""
        return self._session(claims.subject, actor.name, claims.version)

    def _session(self, id: UUID, name: str, version: int) -> MachineSession:
        token, claims = self._hub.tokens.issue("runner", id, version, TOKEN_LIFETIME)
        return MachineSession(runner_id=id, runner_name=name, token=token, expires_at=claims.expires_at)


@asynccontextmanager
async def run(hub: Hub) -> AsyncIterator[None]:
    """Provide Runners while the Hub runs."""
    service = Runners(hub)
    hub.add(service)
    hub.identities["runner"] = service.identify
    try:
        yield
    finally:
        service.secrets.close()


async def _current_runners(hub: CurrentHub) -> Runners:
    return hub.get(Runners)


CurrentRunners = Annotated[Runners, Depends(_current_runners)]


def no_runner() -> NotFound:
    """There is no such Runner."""
    return NotFound("There is no such Runner.", hint="GET /api/runners lists them.")


def _name_taken(name: str) -> Conflict:
    return Conflict(f"There is already a Runner named {name!r}.", code="name-taken", where="body.name")
