"""A Hub on a real PostgreSQL, and people of each role who are signed in to it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from signed_in import PASSWORD, MakePerson, Person, TestClock, make_client, sign_in

from exekra.hub.app import create_app
from exekra.hub.core.settings import Settings


@pytest.fixture
def clock() -> TestClock:
    """The Hub's clock."""
    return TestClock()


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """The settings of a Hub under test; its passwords are cheap to check."""
    return Settings.load(
        {},
        database_url=database_url,
        home=tmp_path,
        password_rounds=4,
        pool_smallest=1,
        pool_largest=5,
        requests_per_minute=0,
        page_requests_per_minute=0,
    )


@pytest.fixture
async def app(settings: Settings, clock: TestClock) -> AsyncIterator[FastAPI]:
    """A running Hub."""
    app = create_app(settings, clock=clock)
    async with app.router.lifespan_context(app):
        yield app


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A client that is not signed in."""
    async with make_client(app) as client:
        yield client


@pytest.fixture
async def admin(app: FastAPI, client: httpx.AsyncClient) -> AsyncIterator[httpx.AsyncClient]:
    """The first administrator, admin@example.org, signed in."""
    account = {"email": "admin@example.org", "name": "Admin", "password": PASSWORD}
    assert (await client.post("/api/bootstrap", json=account)).status_code == 201
    async with make_client(app, await sign_in(client, "admin@example.org")) as signed_in:
        yield signed_in


@pytest.fixture
async def person(app: FastAPI, admin: httpx.AsyncClient, client: httpx.AsyncClient) -> AsyncIterator[MakePerson]:
    """Makes a user of that role and signs it in."""
    made: list[Person] = []

    async def make(role: str) -> Person:
        email = f"{role.lower()}{len(made)}@example.org"
        body = {"email": email, "name": role.title(), "role": role, "password": PASSWORD}
        response = await admin.post("/api/users", json=body)
        assert response.status_code == 201, response.text
        made.append(Person(response.json()["id"], email, make_client(app, await sign_in(client, email))))
        return made[-1]

    yield make
    for one in made:
        await one.client.aclose()
