"""Users: made, changed and removed by administrators, of whom one always stays."""

from __future__ import annotations

import asyncio
from uuid import uuid4

import httpx
from signed_in import PASSWORD, MakePerson


def user(email: str, **more: str) -> dict[str, str]:
    return {"email": email, "name": "Ada", "password": PASSWORD, **more}


async def test_a_new_user_is_an_operator(admin: httpx.AsyncClient) -> None:
    response = await admin.post("/api/users", json=user("ada@example.org"))
    assert response.status_code == 201
    made = response.json()
    assert made["role"] == "OPERATOR"
    assert made["active"] is True
    assert "password" not in response.text
    assert (await admin.get(f"/api/users/{made['id']}")).json() == made


async def test_an_address_is_taken_once(admin: httpx.AsyncClient) -> None:
    answers = await asyncio.gather(*(admin.post("/api/users", json=user("Ada@example.org")) for _ in range(3)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409]
    assert (await admin.post("/api/users", json=user(" ada@EXAMPLE.org"))).json()["error"]["code"] == "email-taken"


async def test_what_is_no_address_is_refused(admin: httpx.AsyncClient) -> None:
    for email in (
        "",
        "ada",
        "@example.org",
        "ada@",
        "a b@example.org",
        "a@b@c",
        "a\x00@example.org",
        "a" * 300 + "@x.y",
    ):
        response = await admin.post("/api/users", json=user(email))
        assert response.status_code == 422, email
        assert response.json()["error"]["where"] == "body.email"


async def test_a_misspelt_field_is_refused(admin: httpx.AsyncClient) -> None:
    response = await admin.post("/api/users", json=user("ada@example.org", rolle="ADMIN"))
    assert response.status_code == 422
    assert response.json()["error"]["where"] == "body.rolle"


async def test_the_list_is_paged_and_filtered(admin: httpx.AsyncClient) -> None:
    for number in range(7):
        role = "DEVELOPER" if number % 2 else "OPERATOR"
        assert (await admin.post("/api/users", json=user(f"u{number}@example.org", role=role))).status_code == 201
    seen: list[str] = []
    cursor: str | None = None
    while True:
        page = (await admin.get("/api/users", params={"limit": 3} | ({"cursor": cursor} if cursor else {}))).json()
        seen += [item["email"] for item in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert seen == ["admin@example.org", *(f"u{number}@example.org" for number in range(7))]
    developers = (await admin.get("/api/users", params={"role": "DEVELOPER"})).json()["items"]
    assert [item["email"] for item in developers] == ["u1@example.org", "u3@example.org", "u5@example.org"]
    assert len((await admin.get("/api/users", params={"text": "U3@"})).json()["items"]) == 1
    assert (await admin.get("/api/users", params={"active": False})).json()["items"] == []


async def test_a_damaged_cursor_is_refused(admin: httpx.AsyncClient) -> None:
    for cursor in ("x", "....", "W10", "WyJhdWRpdCIsWyJ4Il1d", "ÿ", "W" * 999):
        response = await admin.get("/api/users", params={"cursor": cursor})
        assert response.status_code == 422, cursor
        assert response.json()["error"]["code"] == "cursor-invalid"


async def test_one_administrator_always_stays(admin: httpx.AsyncClient, person: MakePerson) -> None:
    me = (await admin.get("/api/session")).json()["user"]["id"]
    for refused in (
        await admin.patch(f"/api/users/{me}", json={"role": "OPERATOR"}),
        await admin.patch(f"/api/users/{me}", json={"active": False}),
        await admin.delete(f"/api/users/{me}"),
    ):
        assert refused.status_code == 409
        assert refused.json()["error"]["code"] == "last-admin"
    other = await person("ADMIN")
    answers = await asyncio.gather(  # each removes the other one, at once
        admin.patch(f"/api/users/{other.id}", json={"role": "OPERATOR"}),
        other.client.patch(f"/api/users/{me}", json={"role": "OPERATOR"}),
    )
    assert sorted(answer.status_code for answer in answers)[0] == 200
    assert sorted(answer.status_code for answer in answers)[1] in {401, 403, 409}


async def test_a_deleted_user_is_gone(admin: httpx.AsyncClient, person: MakePerson) -> None:
    ada = await person("OPERATOR")
    assert (await admin.delete(f"/api/users/{ada.id}")).status_code == 204
    assert (await ada.client.get("/api/session")).status_code == 401
    for missing in (
        await admin.get(f"/api/users/{ada.id}"),
        await admin.patch(f"/api/users/{ada.id}", json={"name": "x"}),
        await admin.delete(f"/api/users/{uuid4()}"),
        await admin.put(f"/api/users/{ada.id}/password", json={"password": PASSWORD}),
    ):
        assert missing.status_code == 404
        assert missing.json()["error"]["where"] == "path.user_id"
