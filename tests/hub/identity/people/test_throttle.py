"""Guessing passwords: by spraying, from many addresses, with made-up names, and through several Hubs."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest
from fastapi import FastAPI
from signed_in import PASSWORD, TestClock

from exekra.hub.app import create_app
from exekra.hub.core.errors import TooMany
from exekra.hub.core.settings import Settings
from exekra.hub.identity.people.service import People

pytestmark = pytest.mark.usefixtures("admin")
ADMIN = "admin@example.org"


async def sign_in(
    app: FastAPI, email: str, *, address: str, password: str = "wrong password", browser: str | None = None
) -> httpx.Response:
    transport = httpx.ASGITransport(app, client=(address, 1234))
    cookies = {"exekra_browser": browser} if browser else {}
    async with httpx.AsyncClient(transport=transport, base_url="http://hub.test", cookies=cookies) as client:
        return await client.post("/api/session", json={"email": email, "password": password})


async def test_one_address_that_tries_many_accounts_is_slowed(app: FastAPI) -> None:
    statuses = [(await sign_in(app, f"p{number}@x.org", address="192.0.2.1")).status_code for number in range(40)]
    assert statuses.count(401) == 30
    assert statuses[-1] == 429
    elsewhere = await sign_in(app, ADMIN, address="192.0.2.2", password=PASSWORD)
    assert elsewhere.status_code == 201, "people elsewhere do not notice"


async def test_many_addresses_that_try_one_account_are_slowed_but_not_its_owner(app: FastAPI) -> None:
    known = await sign_in(app, ADMIN, address="192.0.2.9", password=PASSWORD)
    browser = known.cookies["exekra_browser"]
    statuses = [(await sign_in(app, ADMIN, address=f"198.51.100.{number}")).status_code for number in range(40)]
    assert statuses.count(401) == 30
    stranger = await sign_in(app, ADMIN, address="192.0.2.10", password=PASSWORD)
    assert stranger.status_code == 429
    own = await sign_in(app, ADMIN, address="192.0.2.10", password=PASSWORD, browser=browser)
    assert own.status_code == 201, "a browser in which the owner signed in before is counted apart"


async def test_a_flood_of_made_up_names_from_everywhere_leaves_known_browsers_alone(
    app: FastAPI, clock: TestClock
) -> None:
    clock.stand_still()  # What all may try grows back as time goes by.
    browser = (await sign_in(app, ADMIN, address="192.0.2.9", password=PASSWORD)).cookies["exekra_browser"]
    throttle = app.state.hub.get(People).throttle
    refused = 0
    for number in range(300):
        try:
            await throttle.attempt(f"p{number}@x.org", f"203.0.113.{number % 250}")
        except TooMany:
            refused += 1
    assert refused >= 50
    assert (await sign_in(app, "p@x.org", address="192.0.2.3")).status_code == 429
    own = await sign_in(app, ADMIN, address="192.0.2.4", password=PASSWORD, browser=browser)
    assert own.status_code == 201
    clock.ahead += timedelta(minutes=1)
    assert (await sign_in(app, "p@x.org", address="192.0.2.3")).status_code == 401


async def test_a_known_browser_is_slowed_by_itself_and_speaks_for_one_account_only(
    app: FastAPI, admin: httpx.AsyncClient
) -> None:
    browser = (await sign_in(app, ADMIN, address="192.0.2.9", password=PASSWORD)).cookies["exekra_browser"]
    statuses = [(await sign_in(app, ADMIN, address="192.0.2.9", browser=browser)).status_code for _ in range(7)]
    assert statuses == [401] * 5 + [429] * 2
    for number in range(30):
        await sign_in(app, f"p{number}@x.org", address="192.0.2.5")
    other = await sign_in(app, "p@x.org", address="192.0.2.5", browser=browser)
    assert other.status_code == 429, "the cookie says nothing about other accounts"
    for forged in ("nonsense", admin.headers["authorization"].removeprefix("Bearer ")):
        answer = await sign_in(app, ADMIN, address="192.0.2.5", password=PASSWORD, browser=forged)
        assert answer.status_code == 429


async def test_a_browser_token_admits_nobody(app: FastAPI) -> None:
    browser = (await sign_in(app, ADMIN, address="192.0.2.9", password=PASSWORD)).cookies["exekra_browser"]
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://hub.test") as client:
        answer = await client.get("/api/account", headers={"Authorization": f"Bearer {browser}"})
    assert answer.status_code == 401


async def test_several_hubs_share_the_counts(app: FastAPI, settings: Settings, clock: TestClock) -> None:
    other = create_app(settings, clock=clock)
    async with other.router.lifespan_context(other):
        statuses = [
            (await sign_in(hub, ADMIN, address="192.0.2.9")).status_code for _ in range(4) for hub in (app, other)
        ]
    assert statuses.count(401) == 5


async def test_counts_that_are_forgotten_leave_the_database(app: FastAPI, clock: TestClock) -> None:
    await sign_in(app, ADMIN, address="192.0.2.9")
    clock.ahead += timedelta(minutes=16)
    await app.state.hub.get(People).throttle.clean()
    async with app.state.hub.database.reading() as connection:
        assert await connection.fetchval("SELECT count(*) FROM sign_in_attempt") == 0
