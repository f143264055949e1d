"""What every request and every background job of one Hub process may use.

A slice that keeps something running (the dispatcher, the open connections, the ingestion of events) adds it at start-up
with `hub.add(it)`, and others get it with `hub.get(ItsClass)`: typed, and the core depends on no slice.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any, TypeVar

from fastapi import Depends
from starlette.requests import HTTPConnection
from tenacity import wait_random_exponential

from exekra.hub.core.actor import Actor
from exekra.hub.core.database import Database
from exekra.hub.core.errors import Unavailable
from exekra.hub.core.migrate import migrate
from exekra.hub.core.settings import Settings
from exekra.hub.core.tokens import Claims, TokenKind, Tokens
from exekra.hub.core.topics import Topics
from exekra.kit.clock import Clock, SystemClock
from exekra.kit.supervision import Supervisor

Service = TypeVar("Service")
PAUSES = wait_random_exponential(multiplier=0.1, min=0.05, max=2)
"""Pauses before the Hub restarts failed work, in seconds: short, because all executions wait for it."""

Identify = Callable[[Claims, str | None], Awaitable[Actor]]
"""Finds the owner of a token (claims, IP address). Raises Unauthenticated if the owner no longer has access."""


@dataclass(kw_only=True, slots=True)
class Hub:
    """One Hub process.

    Attributes:
        settings: What it was started with.
        database: The access to PostgreSQL.
        clock: The time.
        tokens: Issues and reads signed tokens.
        started_at: When this process was ready.
        supervisor: Keeps background work running, and knows its state.
        identities: How the owner of a token of each kind is found; slices set their kind at start-up.
        topics: What running executions may ask; slices register theirs at start-up.
    """

    settings: Settings
    database: Database
    clock: Clock
    tokens: Tokens
    started_at: datetime
    supervisor: Supervisor
    identities: dict[TokenKind, Identify] = field(default_factory=dict)
    topics: Topics = field(default_factory=Topics)
    _services: dict[type[Any], Any] = field(default_factory=dict)

    def add(self, service: object) -> None:
        """Register a running service by its class."""
        self._services[type(service)] = service

    def get(self, kind: type[Service]) -> Service:
        """The running service of that class.

        Raises:
            LookupError: Nothing of that class was added at start-up.
        """
        try:
            service: Service = self._services[kind]
        except KeyError:
            raise LookupError(f"No {kind.__name__} was added to the Hub at start-up.") from None
        return service


@asynccontextmanager
async def open_hub(settings: Settings, clock: Clock | None = None) -> AsyncIterator[Hub]:
    """Migrate the database, open it, and yield a Hub on it that runs no services yet.

    Raises:
        Unavailable: PostgreSQL does not respond.
        SettingsError: The database cannot be used; the message says why.
    """
    clock = clock or SystemClock()
    await migrate(settings.database_url, patience=settings.database_patience_seconds)
    supervisor = Supervisor((Unavailable,), waits=PAUSES)
    database = await Database.connect(
        settings.database_url,
        supervisor,
        smallest=settings.pool_smallest,
        largest=settings.pool_largest,
        patience=settings.database_patience_seconds,
    )
    try:
        yield Hub(
            settings=settings,
            database=database,
            clock=clock,
            tokens=Tokens(settings.signing_secret, clock),
            started_at=clock.now(),
            supervisor=supervisor,
        )
    finally:
        await database.close()


async def current_hub(connection: HTTPConnection) -> Hub:
    """The Hub that answers this request."""
    hub: Hub = connection.app.state.hub
    return hub


CurrentHub = Annotated[Hub, Depends(current_hub)]
