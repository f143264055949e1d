"""Workflows that call one another: what a call gets, what it needs, and who calls."""

from __future__ import annotations

import httpx
import pytest
from fastapi import FastAPI
from signed_in import MakePerson
from stored import calling, create, flow, publish, save, teach_parrot


@pytest.fixture
async def developer(person: MakePerson) -> httpx.AsyncClient:
    return (await person("DEVELOPER")).client


async def test_the_callers_of_a_workflow(developer: httpx.AsyncClient) -> None:
    called = await create(developer, "Rates")
    assert (await publish(developer, called)).is_success
    pinning = calling("Rates")
    pinning["nodes"]["call"]["with"]["version"] = 1
    for name, document in (("Pins it", pinning), ("Calls it", calling("Rates"))):
        id = await create(developer, name, document)
        assert (await publish(developer, id)).is_success
    await create(developer, "Draft", calling("Rates"))
    await create(developer, "Another", calling("Rates of today"))
    await save(developer, id, 1, flow())
    answer = await developer.get(f"/api/workflows/{called}/callers")
    assert [(one["name"], one["published"]) for one in answer.json()] == [
        ("Calls it", True),
        ("Draft", False),
        ("Pins it", True),
    ]
    assert (await developer.post(f"/api/workflows/{id}/archive")).is_success
    answer = await developer.get(f"/api/workflows/{called}/callers")
    assert [one["name"] for one in answer.json()] == ["Draft", "Pins it"]


async def test_a_call_by_name_gets_what_is_published_and_what_was_then(developer: httpx.AsyncClient) -> None:
    async def called(**more: str) -> tuple[int, str]:
        answer = await developer.get("/api/workflows/published", params={"name": "Greet"} | more)
        return answer.status_code, answer.json().get("document", {}).get("description", "")

    id = await create(developer, document=flow(description="One"))
    assert await called() == (404, "")
    first = (await publish(developer, id)).json()["version"]["published_at"]
    await save(developer, id, 1, flow(description="Two"))
    assert await called() == (200, "One"), "a draft is not called"
    await publish(developer, id)
    assert await called() == (200, "Two")
    assert await called(at=first) == (200, "One")
    assert await called(at="2020-01-01T00:00:00Z") == (404, "")
    await developer.post(f"/api/workflows/{id}/archive")
    assert await called() == (404, "")
    assert await called(at=first) == (200, "One"), "it was called before it was archived"


async def test_a_published_version_knows_what_its_calls_need(app: FastAPI, developer: httpx.AsyncClient) -> None:
    async def needs(name: str) -> list[str]:
        async with app.state.hub.database.reading() as connection:
            needed: list[str] = await connection.fetchval(
                "SELECT activities FROM workflow_version v JOIN workflow w ON w.published_version_id = v.id"
                " WHERE name = $1",
                name,
            )
        return needed

    inner = await create(developer, name="Inner")
    assert (await publish(developer, inner)).status_code == 200
    for name, callee in (("Middle", "Inner"), ("Outer", "Middle")):
        id = await create(developer, name=name, document=calling(callee))
        published = await publish(developer, id)
        assert published.status_code == 200, published.text
    assert await needs("Outer") == []
    nodes = {"say": {"do": "parrot.say"}}
    assert (await save(developer, inner, 1, flow(nodes=nodes, edges=["start -> say"]))).status_code == 201
    unknown = await publish(developer, inner)
    assert unknown.status_code == 422, "nobody has this activity"
    await teach_parrot(app)
    published = await publish(developer, inner)
    assert published.status_code == 200, published.text
    assert "parrot.say" in [entry["id"] for entry in (await developer.get("/api/activities")).json()]
    assert await needs("Inner") == await needs("Middle") == await needs("Outer") == ["parrot.say"]


async def test_a_call_of_an_unknown_workflow_is_not_published(developer: httpx.AsyncClient) -> None:
    id = await create(developer, document=calling("Nobody"))
    refused = await publish(developer, id)
    assert refused.status_code == 422
    assert refused.json()["error"]["problems"][0]["node"] == "call"


async def test_a_name_that_published_workflows_call_is_not_taken_away_without_a_word(
    developer: httpx.AsyncClient,
) -> None:
    inner = await create(developer, "Inner")
    await publish(developer, inner)
    draft = await create(developer, "Draft", calling("Inner"))
    url = f"/api/workflows/{inner}"
    assert (await developer.patch(url, json={"name": "Other"})).status_code == 200, "a draft is only listed as a caller"
    assert (await developer.patch(url, json={"name": "Inner"})).status_code == 200
    assert (await publish(developer, draft)).is_success
    for refused in (
        await developer.patch(url, json={"name": "Inner 2"}),
        await save(developer, inner, 1, flow(), name="Inner 2"),
        await developer.post(f"{url}/archive"),
        await developer.delete(url),
    ):
        assert refused.status_code == 409, refused.text
        error = refused.json()["error"]
        assert (error["code"], error["problems"][0]["where"]) == ("has-callers", draft)
        assert "'Draft' calls 'Inner'" in error["message"]
    assert (await developer.patch(url, json={"name": "Inner", "description": "New"})).status_code == 200
    assert (await save(developer, inner, 1, flow())).status_code == 201
    renamed = await developer.patch(url, json={"name": "Inner 2"}, params={"break_callers": True})
    assert renamed.json()["name"] == "Inner 2"
    assert (await developer.post(f"{url}/archive")).status_code == 200, "nobody calls it by its new name"
