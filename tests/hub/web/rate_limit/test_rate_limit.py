"""How many requests a client may send, over several Hubs."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest
from fastapi import FastAPI
from signed_in import MakePerson, TestClock, make_client, sign_in

from exekra.hub.app import create_app
from exekra.hub.core.settings import Settings
from exekra.hub.web.rate_limit.service import RateLimits, network_of

MOST = 40


@pytest.fixture
def clock() -> TestClock:
    """A clock that stands still: an allowance grows back as time goes by."""
    clock = TestClock()
    clock.stand_still()
    return clock


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """A Hub with limits."""
    return replace(settings, requests_per_minute=MOST, page_requests_per_minute=MOST * 2)


async def asked(client: httpx.AsyncClient, count: int, **headers: str) -> list[int]:
    answers = await asyncio.gather(*(client.get("/api/account", headers=headers) for _ in range(count)))
    return [answer.status_code for answer in answers]


async def test_a_client_that_asks_too_often_is_told_when_it_may_again(
    admin: httpx.AsyncClient, clock: TestClock
) -> None:
    assert (await asked(admin, MOST)).count(200) == MOST
    refused = await admin.get("/api/account")
    assert refused.status_code == 429
    assert refused.json()["error"]["code"] == "too-many-requests"
    wait = int(refused.headers["retry-after"])
    assert 1 <= wait <= 60
    clock.ahead += timedelta(seconds=wait + 0.1)
    assert (await admin.get("/api/account")).status_code == 200


async def test_many_at_once_are_counted_one_by_one(admin: httpx.AsyncClient) -> None:
    statuses = await asked(admin, MOST * 3)
    assert statuses.count(200) == MOST
    assert set(statuses) == {200, 429}


async def test_each_client_has_an_allowance_of_its_own(admin: httpx.AsyncClient, person: MakePerson) -> None:
    ada = await person("OPERATOR")
    await asked(admin, MOST * 2)
    assert (await ada.client.get("/api/account")).status_code == 200


async def test_two_hubs_share_one_count(settings: Settings, admin: httpx.AsyncClient, clock: TestClock) -> None:
    other = create_app(settings, clock=clock)
    token = admin.headers["authorization"].removeprefix("Bearer ")
    async with other.router.lifespan_context(other), make_client(other, token) as second:
        statuses = [*(await asked(admin, MOST)), *(await asked(second, MOST))]
    assert statuses.count(200) == MOST


async def test_the_hubs_own_pages_may_ask_more(admin: httpx.AsyncClient) -> None:
    statuses = await asked(admin, MOST * 3, **{"Sec-Fetch-Site": "same-origin"})
    assert statuses.count(200) == MOST * 2


async def test_forged_tokens_are_counted_too(app: FastAPI) -> None:
    async with make_client(app, "forged") as client:
        statuses = await asked(client, MOST + 5)
    assert statuses.count(401) == MOST
    assert statuses.count(429) == 5


async def test_what_watches_the_hub_is_never_refused(client: httpx.AsyncClient) -> None:
    answers = await asyncio.gather(*(client.get("/api/health") for _ in range(MOST * 2)))
    assert {answer.status_code for answer in answers} == {200}


async def test_runners_are_not_counted(app: FastAPI, admin: httpx.AsyncClient) -> None:
    made = (await admin.post("/api/runners", json={"name": "R", "type": "UNATTENDED"})).json()
    body = {"machine_key": made["machine_key"], "machine_secret": made["machine_secret"]}
    async with make_client(app) as client:
        token = (await client.post("/api/runner/authenticate", json=body)).json()["token"]
    async with make_client(app, token) as runner:
        answers = [await runner.post("/api/runner/refresh") for _ in range(MOST * 2)]
    assert {answer.status_code for answer in answers} == {201}


async def test_an_allowance_comes_back_bit_by_bit(app: FastAPI, clock: TestClock) -> None:
    limits = RateLimits(app.state.hub.database, clock)

    async def passed() -> int:
        outcomes = await asyncio.gather(*(limits.take("k", most=6) for _ in range(20)), return_exceptions=True)
        return outcomes.count(None)

    assert await passed() == 6
    assert await passed() == 0
    clock.ahead += timedelta(seconds=20.5)  # two of six in a minute
    assert await passed() == 2
    clock.ahead += timedelta(hours=1)
    assert await passed() == 6


async def test_what_is_full_again_is_removed(app: FastAPI, clock: TestClock) -> None:
    limits = app.state.hub.get(RateLimits)
    await limits.take("k", most=6)
    clock.ahead += timedelta(minutes=2)
    await limits.clean()
    async with app.state.hub.database.reading() as connection:
        assert await connection.fetchval("SELECT count(*) FROM rate_limit") == 0


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        (None, "unknown"),
        ("somewhere", "unknown"),
    ],
)
def test_a_network_of_ones_own_is_one_client(address: str | None, network: str) -> None:
    assert network_of(address) == network


async def test_a_new_session_is_the_same_client(app: FastAPI, admin: httpx.AsyncClient) -> None:
    await asked(admin, MOST)
    async with make_client(app) as anonymous:
        token = await sign_in(anonymous, "admin@example.org")
    async with make_client(app, token) as again:
        assert (await again.get("/api/account")).status_code == 429
