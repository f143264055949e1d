"""People who are signed in to a Hub under test, and a clock that tests set forward."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import httpx
from fastapi import FastAPI

PASSWORD = "correct horse battery"


class TestClock:
    """A clock that tests set forward."""

    __test__ = False

    def __init__(self) -> None:
        self.ahead = timedelta(0)
        self._standing: datetime | None = None

    def stand_still(self) -> None:
        """Move only when a test sets it forward: however slow the machine is, nothing else comes of it."""
        self._standing = datetime.now(UTC)

    def now(self) -> datetime:
        return (self._standing or datetime.now(UTC)) + self.ahead


def make_client(app: FastAPI, token: str | None = None) -> httpx.AsyncClient:
    """A client of the running Hub, with a token or without."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app, raise_app_exceptions=False), base_url="http://hub.test", headers=headers
    )


async def sign_in(client: httpx.AsyncClient, email: str, password: str = PASSWORD) -> str:
    """The token of that user; the client keeps no cookie."""
    response = await client.post("/api/session", json={"email": email, "password": password})
    assert response.status_code == 201, response.text
    client.cookies.clear()
    token: str = response.json()["token"]
    return token


@dataclass(frozen=True)
class Person:
    """A user who is signed in."""

    id: str
    email: str
    client: httpx.AsyncClient


MakePerson = Callable[[str], Awaitable[Person]]
