"""Signing in: by cookie or header, ended by whatever should end it, and slow for whoever guesses."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import httpx
import jwt
import pytest
from fastapi import FastAPI
from signed_in import PASSWORD, MakePerson, TestClock, make_client, sign_in

from exekra.hub.app import create_app
from exekra.hub.core.settings import Settings
from exekra.testing.patience import PATIENCE_SECONDS

FIRST = {"email": "Admin@Example.org ", "name": "Admin", "password": PASSWORD}


async def test_the_first_administrator_is_made_once(client: httpx.AsyncClient) -> None:
    assert (await client.get("/api/bootstrap")).json() == {"needed": True}
    answers = await asyncio.gather(
        *(client.post("/api/bootstrap", json=FIRST | {"email": f"a{number}@example.org"}) for number in range(4))
    )
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
    assert (await client.get("/api/bootstrap")).json() == {"needed": False}
    refused = await client.post("/api/bootstrap", json=FIRST)
    assert refused.json()["error"]["code"] == "bootstrap-done"


async def test_the_cookie_and_the_header_carry_the_same_session(
    client: httpx.AsyncClient, admin: httpx.AsyncClient, settings: Settings
) -> None:
    response = await client.post("/api/session", json={"email": "ADMIN@example.org", "password": PASSWORD})
    assert response.status_code == 201
    cookie = response.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Secure" not in cookie  # the test's Hub is reached by http
    claims = jwt.decode(response.json()["token"], settings.signing_secret, algorithms=["HS256"])
    assert claims["exp"] - claims["iat"] == 7 * 86400
    by_cookie = await client.get("/api/session")
    assert by_cookie.json()["user"]["email"] == "admin@example.org"
    assert (await admin.get("/api/session")).json()["user"] == by_cookie.json()["user"]


async def test_over_https_the_cookie_is_secure(app: FastAPI, admin: httpx.AsyncClient) -> None:
    client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="https://hub.test")
    response = await client.post("/api/session", json={"email": "admin@example.org", "password": PASSWORD})
    assert "Secure" in response.headers["set-cookie"]


@pytest.mark.usefixtures("admin")
async def test_nobody_is_told_whether_the_account_exists(client: httpx.AsyncClient) -> None:
    wrong = await client.post("/api/session", json={"email": "admin@example.org", "password": "not this one"})
    unknown = await client.post("/api/session", json={"email": "who@example.org", "password": "not this one"})
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.json() == unknown.json()


@pytest.mark.usefixtures("admin")
async def test_an_unknown_account_costs_as_much_as_a_known_one(
    app: FastAPI, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    import bcrypt

    checked: list[bytes] = []
    check = bcrypt.checkpw

    def watch(password: bytes, hashed: bytes) -> bool:
        checked.append(hashed[:7])
        return check(password, hashed)

    monkeypatch.setattr(bcrypt, "checkpw", watch)
    for email in ("admin@example.org", "who@example.org"):
        await client.post("/api/session", json={"email": email, "password": "not this one"})
    assert checked == [b"$2b$04$", b"$2b$04$"]  # one check each, of the same cost


async def test_signing_out_ends_this_session_only(client: httpx.AsyncClient, admin: httpx.AsyncClient) -> None:
    token = await sign_in(client, "admin@example.org")
    headers = {"Authorization": f"Bearer {token}"}
    assert (await client.delete("/api/session", headers=headers)).status_code == 204
    ended = await client.get("/api/session", headers=headers)
    assert ended.status_code == 401
    assert ended.json()["error"]["code"] == "session-ended"
    assert (await admin.get("/api/session")).status_code == 200


async def test_a_token_ends_after_seven_days(admin: httpx.AsyncClient, clock: TestClock) -> None:
    clock.ahead = timedelta(days=7, seconds=-30)
    assert (await admin.get("/api/session")).status_code == 200
    clock.ahead = timedelta(days=7, seconds=30)
    response = await admin.get("/api/session")
    assert response.status_code == 401
    assert response.json()["error"]["code"] == "token-expired"


@pytest.mark.parametrize(
    "change", [{"active": False}, {"role": "ADMIN"}, "password"], ids=["deactivated", "another role", "password"]
)
async def test_what_ends_all_sessions_of_a_user(
    admin: httpx.AsyncClient, person: MakePerson, change: dict[str, object] | str
) -> None:
    ada = await person("DEVELOPER")
    assert (await ada.client.get("/api/session")).status_code == 200
    if isinstance(change, dict):
        assert (await admin.patch(f"/api/users/{ada.id}", json=change)).status_code == 200
    else:
        response = await admin.put(f"/api/users/{ada.id}/password", json={"password": "another password"})
        assert response.status_code == 204
    assert (await ada.client.get("/api/session")).json()["error"]["code"] == "session-ended"


async def test_a_deactivated_user_cannot_sign_in(
    admin: httpx.AsyncClient, client: httpx.AsyncClient, person: MakePerson
) -> None:
    ada = await person("OPERATOR")
    await admin.patch(f"/api/users/{ada.id}", json={"active": False})
    refused = await client.post("/api/session", json={"email": ada.email, "password": PASSWORD})
    assert refused.json()["error"]["code"] == "sign-in-refused"


async def test_forged_tokens_are_refused(app: FastAPI, admin: httpx.AsyncClient, settings: Settings) -> None:
    good = admin.headers["authorization"].removeprefix("Bearer ")
    payload = jwt.decode(good, options={"verify_signature": False})
    forged = {
        "unsigned": jwt.encode(payload, "", algorithm="none"),
        "another secret": jwt.encode(payload, "x" * 48, algorithm="HS256"),
        "another algorithm": jwt.encode(payload, settings.signing_secret, algorithm="HS384"),
        "cut": good[:-3],
        "no words": "a.b.c",
        "another kind": jwt.encode(payload | {"kind": "king"}, settings.signing_secret, algorithm="HS256"),
        "no subject": jwt.encode(payload | {"sub": "x"}, settings.signing_secret, algorithm="HS256"),
        "endless": jwt.encode(payload | {"exp": 10**18}, settings.signing_secret, algorithm="HS256"),
        "a list": jwt.encode(payload | {"kind": []}, settings.signing_secret, algorithm="HS256"),
        "no times": jwt.encode({"sub": payload["sub"], "kind": "user"}, settings.signing_secret, algorithm="HS256"),
    }
    for name, token in forged.items():
        async with make_client(app, token) as client:
            response = await client.get("/api/session")
        assert response.status_code == 401, name
        assert response.json()["error"]["code"] == "token-invalid", name


@pytest.mark.usefixtures("admin")
async def test_guessing_gets_slower_and_ends_with_a_good_sign_in(client: httpx.AsyncClient, clock: TestClock) -> None:
    async def attempt(password: str) -> httpx.Response:
        return await client.post("/api/session", json={"email": "admin@example.org", "password": password})

    assert [(await attempt("wrong password")).status_code for _ in range(5)] == [401] * 5
    slowed = await attempt(PASSWORD)
    assert slowed.status_code == 429
    assert int(slowed.headers["retry-after"]) >= 1
    other = await client.post("/api/session", json={"email": "who@example.org", "password": "wrong password"})
    assert other.status_code == 401, "another account is not slowed"
    clock.ahead = timedelta(seconds=2)
    assert (await attempt(PASSWORD)).status_code == 201
    assert [(await attempt("wrong password")).status_code for _ in range(5)] == [401] * 5


@pytest.mark.parametrize(
    ("headers", "allowed"),
    [
        ({}, True),
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Sec-Fetch-Site": "none"}, True),
        ({"Sec-Fetch-Site": "cross-site"}, False),
        ({"Sec-Fetch-Site": "same-site"}, False),
        ({"Origin": "http://hub.test"}, True),
        ({"Origin": "http://evil.test"}, False),
        ({"Origin": "null"}, False),
    ],
)
async def test_pages_of_other_sites_cannot_use_the_cookie(
    client: httpx.AsyncClient, admin: httpx.AsyncClient, headers: dict[str, str], allowed: bool
) -> None:
    client.cookies.set("exekra_session", admin.headers["authorization"].removeprefix("Bearer "))
    response = await client.patch("/api/account", json={"name": "New"}, headers=headers)
    assert response.status_code == (200 if allowed else 403)
    if not allowed:
        assert response.json()["error"]["code"] == "other-site"
        assert (await client.get("/api/session", headers=headers)).status_code == 200, "reading harms nobody"
        by_header = await admin.patch("/api/account", json={"name": "New"}, headers=headers)
        assert by_header.status_code == 200, "another site cannot know the token"
        signing_in = await client.post("/api/session", json={"email": "a@b.c", "password": "x" * 9}, headers=headers)
        assert signing_in.status_code == 403, "nor sign a person in as somebody else"


async def test_ones_own_password(admin: httpx.AsyncClient, app: FastAPI, client: httpx.AsyncClient) -> None:
    wrong = await admin.put("/api/account/password", json={"present": "not this one", "new": "a new password"})
    assert wrong.status_code == 403
    changed = await admin.put("/api/account/password", json={"present": PASSWORD, "new": "a new password"})
    assert changed.status_code == 200
    assert (await admin.get("/api/session")).status_code == 401, "sessions from before have ended"
    async with make_client(app, changed.json()["token"]) as again:
        assert (await again.get("/api/session")).status_code == 200
    await sign_in(client, "admin@example.org", "a new password")


@pytest.mark.parametrize(
    ("password", "code"),
    [("short", "password-too-short"), ("x" * 73, "password-too-long"), ("ü" * 37, "password-too-long")],
)
async def test_passwords_that_bcrypt_cannot_hold_are_refused_clearly(
    client: httpx.AsyncClient, password: str, code: str
) -> None:
    response = await client.post("/api/bootstrap", json=FIRST | {"password": password})
    assert response.status_code == 422
    assert response.json()["error"]["code"] == code


async def test_passwords_are_stored_with_twelve_rounds_and_never_shown(
    settings: Settings, app: FastAPI, admin: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    assert Settings(database_url="postgresql://", home=settings.home, signing_secret="s" * 48).password_rounds == 12
    async with app.state.hub.database.reading() as connection:
        assert (await connection.fetchval("SELECT password_hash FROM app_user")).startswith("$2b$04$")
        assert PASSWORD not in str(await connection.fetch("SELECT * FROM audit_log"))
    assert settings.signing_secret not in repr(settings)
    refused = await admin.post("/api/session", json={"email": "admin@example.org", "password": 12345678901})
    assert "12345678901" not in refused.text
    assert PASSWORD not in caplog.text


async def test_another_hub_hears_that_a_session_ended(
    settings: Settings, admin: httpx.AsyncClient, person: MakePerson, clock: TestClock
) -> None:
    clock.stand_still()  # What is remembered is never looked up again for its age.
    ada = await person("DEVELOPER")
    token = ada.client.headers["authorization"].removeprefix("Bearer ")
    other = create_app(settings, clock=clock)
    async with other.router.lifespan_context(other), make_client(other, token) as client:
        assert (await client.get("/api/session")).status_code == 200, "the other Hub now remembers it"
        assert (await admin.patch(f"/api/users/{ada.id}", json={"active": False})).status_code == 200
        async with asyncio.timeout(PATIENCE_SECONDS):
            while (await client.get("/api/session")).status_code == 200:
                pass


async def test_what_is_remembered_is_looked_up_again_after_five_seconds(
    app: FastAPI, admin: httpx.AsyncClient, clock: TestClock
) -> None:
    """So a Hub that hears no notifications is wrong for no longer."""
    clock.stand_still()
    assert (await admin.get("/api/session")).status_code == 200
    async with app.state.hub.database.transaction() as connection:
        await connection.execute("UPDATE app_user SET token_version = token_version + 1")
    assert (await admin.get("/api/audit")).status_code == 200
    clock.ahead = timedelta(seconds=6)
    assert (await admin.get("/api/audit")).status_code == 401
