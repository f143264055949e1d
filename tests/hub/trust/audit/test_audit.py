"""The audit log: written with every change, read by administrators, changed by nobody."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import httpx
import pytest
from fastapi import FastAPI
from signed_in import PASSWORD, MakePerson

from exekra.hub.core.actor import SYSTEM
from exekra.hub.trust.audit import store
from exekra.hub.trust.audit.service import record


async def entries(admin: httpx.AsyncClient, **parameters: Any) -> list[dict[str, Any]]:
    response = await admin.get("/api/audit", params=parameters)
    assert response.status_code == 200, response.text
    items: list[dict[str, Any]] = response.json()["items"]
    return items


async def test_who_did_what_to_which_thing_from_where_and_when(admin: httpx.AsyncClient, person: MakePerson) -> None:
    developer = await person("DEVELOPER")
    made = (await developer.client.post("/api/workflows", json={"name": "Greet"})).json()["workflow"]["id"]
    entry = (await entries(admin, action="workflow.create"))[0]
    assert entry["actor_id"] == developer.id
    assert entry["actor_name"] == developer.email
    assert entry["actor_kind"] == "user"
    assert (entry["resource"], entry["resource_id"]) == ("workflow", made)
    assert entry["ip"] == "127.0.0.1"
    assert abs(datetime.fromisoformat(entry["at"]) - datetime.now(UTC)) < timedelta(seconds=10)


async def test_things_have_the_name_they_have_now_while_they_are_there(admin: httpx.AsyncClient) -> None:
    saved = (await admin.post("/api/workflows", json={"name": "Greet"})).json()["workflow"]
    assert (await entries(admin, action="workflow.create"))[0]["resource_name"] == "Greet"
    await admin.patch(f"/api/workflows/{saved['id']}", json={"name": "Greet well"})
    assert (await entries(admin, action="workflow.create"))[0]["resource_name"] == "Greet well"
    await admin.delete(f"/api/workflows/{saved['id']}")
    assert (await entries(admin, action="workflow.create"))[0]["resource_name"] is None
    assert (await entries(admin, action="session.sign-in"))[0]["resource_name"] == "admin@example.org"


async def test_every_change_is_recorded(admin: httpx.AsyncClient) -> None:
    async def did(method: str, path: str, body: Any = None) -> dict[str, Any]:
        response = await admin.request(method, path, json=body)
        assert response.is_success, response.text
        answer: dict[str, Any] = response.json() if response.content else {}
        return answer

    user = await did("POST", "/api/users", {"email": "a@b.c", "name": "A", "password": PASSWORD})
    await did("PATCH", f"/api/users/{user['id']}", {"role": "DEVELOPER"})
    await did("PUT", f"/api/users/{user['id']}/password", {"password": PASSWORD})
    await did("DELETE", f"/api/users/{user['id']}")
    saved = await did("POST", "/api/workflows", {"name": "Greet"})
    id, path = saved["workflow"]["id"], f"/api/workflows/{saved['workflow']['id']}"
    document = (await did("GET", f"{path}/versions/1"))["document"]
    await did("POST", f"{path}/versions", {"document": document, "based_on": 1})
    await did("POST", f"{path}/versions/1/roll-back")
    await did("PATCH", path, {"description": "New"})
    await did("POST", f"{path}/archive")
    await did("POST", f"{path}/restore")
    await did("POST", "/api/workflows/import", document)
    await did("DELETE", path)
    await did("PATCH", "/api/account", {"name": "New name"})
    await did("DELETE", "/api/session")
    await admin.post("/api/session", json={"email": "admin@example.org", "password": PASSWORD})
    del admin.headers["authorization"]
    found = [entry["action"] for entry in reversed(await entries(admin, limit=200))]
    assert found == [
        "user.bootstrap",
        "session.sign-in",
        "user.create",
        "user.change",
        "user.set-password",
        "user.delete",
        "workflow.create",
        "workflow.save",
        "workflow.roll-back",
        "workflow.change",
        "workflow.archive",
        "workflow.restore",
        "workflow.import",
        "workflow.delete",
        "user.change",
        "session.sign-out",
        "session.sign-in",
    ]
    change = (await entries(admin, action="user.change"))[-1]
    assert change["details"] == {"role": {"from": "OPERATOR", "to": "DEVELOPER"}}
    assert {entry["action"] for entry in await entries(admin, resource="workflow", resource_id=id)} >= {
        "workflow.delete"
    }


async def test_a_change_that_fails_leaves_no_entry(admin: httpx.AsyncClient) -> None:
    await admin.post("/api/workflows", json={"name": "Greet"})
    assert (await admin.post("/api/workflows", json={"name": "Greet"})).status_code == 409
    assert len(await entries(admin, action="workflow.create")) == 1


@pytest.mark.parametrize("user", ["exekra", "postgres"])
@pytest.mark.parametrize(
    "statement",
    ["UPDATE audit_log SET action = 'x'", "DELETE FROM audit_log", "TRUNCATE audit_log"],
    ids=["update", "delete", "truncate"],
)
async def test_the_database_itself_refuses_changes(
    app: FastAPI, admin: httpx.AsyncClient, database_url: str, postgres: Any, statement: str, user: str
) -> None:
    """The Hub's own role lacks the right; the trigger refuses it to a superuser as well, as a replica too."""
    name = database_url.partition("?")[0].rpartition("/")[2]
    connection = await asyncpg.connect(postgres.cluster.url(database=name, user=user))
    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(statement)
        if user == "postgres":
            await connection.execute("SET session_replication_role = replica")
            with pytest.raises(asyncpg.InsufficientPrivilegeError, match="append-only"):
                await connection.execute(statement)
    finally:
        await connection.close()
    assert len(await entries(admin)) == 2


async def test_the_log_is_paged_and_filtered(app: FastAPI, admin: httpx.AsyncClient) -> None:
    async with app.state.hub.database.transaction() as connection:
        for number in range(7):
            await record(connection, SYSTEM, f"test.{number % 2}", "test", str(number), {"number": number})
    first = (await admin.get("/api/audit", params={"resource": "test", "limit": 5})).json()
    rest = (await admin.get("/api/audit", params={"resource": "test", "cursor": first["next_cursor"]})).json()
    assert [entry["resource_id"] for entry in first["items"] + rest["items"]] == list("6543210")
    assert rest["next_cursor"] is None
    assert len(await entries(admin, action="test.0")) == 4
    me = (await admin.get("/api/session")).json()["user"]["id"]
    assert {entry["actor_id"] for entry in await entries(admin, actor_id=me)} == {me}
    soon = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    assert await entries(admin, since=soon) == []
    assert len(await entries(admin, until=soon)) == 9


async def test_a_time_without_a_zone_is_refused(admin: httpx.AsyncClient) -> None:
    response = await admin.get("/api/audit", params={"since": "2026-01-01T00:00:00"})
    assert response.status_code == 422


async def test_a_text_is_searched_a_stretch_at_a_time(
    admin: httpx.AsyncClient, app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with app.state.hub.database.transaction() as connection:
        await record(connection, SYSTEM, "thing.rare", "thing", "needle")
        for number in range(7):
            await record(connection, SYSTEM, "thing.made", "thing", str(number))
    monkeypatch.setattr(store, "MOST_SEARCHED", 3)
    found: list[str] = []
    told: list[bool] = []
    query: dict[str, Any] = {"text": "NEEDLE"}
    while True:
        page = (await admin.get("/api/audit", params=query)).json()
        found += [entry["action"] for entry in page["items"]]
        told.append(page["searched_back_to"] is not None)
        assert told[-1] == (page["next_cursor"] is not None)
        if page["next_cursor"] is None:
            break
        query["cursor"] = page["next_cursor"]
    assert found == ["thing.rare"]
    assert told[:3] == [True, True, True], "three stretches of three, and what is older"
    assert told[-1] is False
    rows = (await admin.get("/api/audit", params={"text": "thing", "limit": 2})).json()
    assert (len(rows["items"]), rows["searched_back_to"]) == (2, None), "the page was full before"
    assert rows["next_cursor"] is not None
