"""What is found by a few letters, and what is not shown to whom."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import httpx
import pytest
from at_work import HubAtWork
from signed_in import MakePerson

from exekra.hub.insight.search.api import id_bounds

PATH = "/api/search"


async def search(client: httpx.AsyncClient, q: str) -> dict[str, Any]:
    answer = await client.get(PATH, params={"q": q})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def workflows(client: httpx.AsyncClient, q: str) -> list[str]:
    return [one["name"] for one in (await search(client, q))["workflows"]]


async def test_prefixes_come_before_words_and_words_before_the_rest(admin: httpx.AsyncClient) -> None:
    for name in ("Reorder stock", "Orders of today", "Price the orders", "Étoile", "100% sure", "a_b"):
        await admin.post("/api/workflows", json={"name": name})
    assert await workflows(admin, "ORDER") == ["Orders of today", "Price the orders", "Reorder stock"]
    assert await workflows(admin, "etoi") == ["Étoile"]
    assert await workflows(admin, "ÉTOI") == ["Étoile"]
    assert await workflows(admin, "100%") == ["100% sure"]
    assert await workflows(admin, "%") == ["100% sure"]
    assert await workflows(admin, "_") == ["a_b"]
    assert await workflows(admin, "  price   the ") == ["Price the orders"]
    assert await workflows(admin, "\\") == []
    assert await workflows(admin, "   ") == []


async def test_archived_workflows_are_left_out_and_at_most_eight_are_shown(admin: httpx.AsyncClient) -> None:
    for number in range(12):
        made = (await admin.post("/api/workflows", json={"name": f"Old {number}"})).json()["workflow"]["id"]
        if number == 11:
            await admin.post(f"/api/workflows/{made}/archive")
    assert len(await workflows(admin, "old")) == 8
    assert await workflows(admin, "old 11") == []


async def test_executions_are_found_by_the_beginning_of_id_and_key(work: HubAtWork) -> None:
    await work.publish()
    first = await work.start(unique_key="Invoice-2026-1")
    second = await work.start(unique_key="invoice-2026-2")
    other = await work.start()

    async def found(q: str) -> list[str]:
        return [one["id"] for one in (await search(work.admin, q))["executions"]]

    assert await found("INVOICE-2026") == [first["id"], second["id"]]
    assert await found("invoice-2026-2") == [second["id"]]
    assert await found("2026") == []
    assert await found(other["id"]) == [other["id"]]
    assert await found(other["id"].upper()[:23]) == [other["id"]]
    assert await found(first["id"][:8]) == sorted((first["id"], second["id"], other["id"]), reverse=True)
    assert await found(first["id"][:3]) == []


async def test_runners_and_users_by_name(work: HubAtWork) -> None:
    await work.register("Buchhaltung Süd")
    assert [one["name"] for one in (await search(work.admin, "sud"))["runners"]] == ["Buchhaltung Süd"]
    assert [one["email"] for one in (await search(work.admin, "admin@"))["users"]] == ["admin@example.org"]


async def test_users_are_not_shown_to_others(admin: httpx.AsyncClient, person: MakePerson) -> None:
    developer = await person("DEVELOPER")
    assert (await search(developer.client, "admin"))["users"] == []
    assert [one["name"] for one in (await search(admin, "admin"))["users"]] == ["Admin"]


async def test_wrong_questions_are_refused(admin: httpx.AsyncClient) -> None:
    assert (await admin.get(PATH)).status_code == 422
    assert (await admin.get(PATH, params={"q": "x" * 201})).status_code == 422
    assert (await admin.get(PATH, params={"q": "a\0b"})).status_code == 422


@pytest.mark.parametrize("text", ["", "abc", "xyzz", "0" * 33, "12 34"])
def test_what_cannot_begin_an_id(text: str) -> None:
    assert id_bounds(text) is None


def test_the_bounds_of_ids() -> None:
    assert id_bounds("0190-A") == (UUID("0190a" + "0" * 27), UUID("0190a" + "f" * 27))
