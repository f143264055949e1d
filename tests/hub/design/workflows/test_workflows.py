"""Workflows: every save is a version, nobody's work is overwritten, and only what is right is published."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import pytest
from fastapi import FastAPI
from signed_in import MakePerson
from stored import FLOW, create, flow, publish, save, states


@pytest.fixture
async def developer(person: MakePerson) -> httpx.AsyncClient:
    return (await person("DEVELOPER")).client


async def test_every_save_is_a_version_with_the_next_number(developer: httpx.AsyncClient) -> None:
    id = await create(developer)
    for number in (1, 2, 3):
        saved = await save(developer, id, number, flow(description=f"Edition {number}"))
        assert saved.status_code == 201, saved.text
        assert saved.json()["version"]["number"] == number + 1
    assert await states(developer, id) == {4: "draft", 3: "draft", 2: "draft", 1: "draft"}
    third = (await developer.get(f"/api/workflows/{id}/versions/3")).json()
    assert third["document"]["description"] == "Edition 2"
    assert third["author"].startswith("developer")
    assert third["author_name"] == "Developer"


async def test_a_save_can_rename_the_workflow(developer: httpx.AsyncClient) -> None:
    id = await create(developer, description="Says hello")
    body = {"document": flow(name="Something else"), "based_on": 1}
    kept = (await developer.post(f"/api/workflows/{id}/versions", json=body)).json()
    assert kept["workflow"]["name"] == "Greet"
    body = {"document": flow(), "based_on": 2, "name": " Welcome ", "description": "Welcomes people"}
    renamed = (await developer.post(f"/api/workflows/{id}/versions", json=body)).json()
    assert (renamed["workflow"]["name"], renamed["workflow"]["description"]) == ("Welcome", "Welcomes people")
    assert (await developer.get(f"/api/workflows/{id}/versions/3")).json()["document"]["name"] == "Welcome"


async def test_a_save_with_a_name_that_is_taken_stores_nothing(developer: httpx.AsyncClient) -> None:
    await create(developer, "Taken")
    id = await create(developer)
    body = {"document": flow(), "based_on": 1, "name": "Taken"}
    refused = await developer.post(f"/api/workflows/{id}/versions", json=body)
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "name-taken")
    assert await states(developer, id) == {1: "draft"}


async def test_a_workflow_and_its_document_have_each_others_description(developer: httpx.AsyncClient) -> None:
    ids = [
        await create(developer, "From the list", description="Said in the list"),
        await create(developer, "From the document", document=flow(description="Said in the document")),
    ]
    for id, words in zip(ids, ("Said in the list", "Said in the document"), strict=True):
        assert (await developer.get(f"/api/workflows/{id}")).json()["description"] == words
        assert (await developer.get(f"/api/workflows/{id}/versions/1")).json()["document"]["description"] == words


async def test_a_document_comes_back_as_it_was_saved(developer: httpx.AsyncClient) -> None:
    id = await create(developer)
    stored = (await developer.get(f"/api/workflows/{id}/versions/1")).json()
    assert stored["document"] == FLOW
    assert list(stored["document"]["nodes"]) == ["zulu", "alpha"], "the order of the nodes is kept"


async def test_saving_over_somebody_elses_version_is_refused(developer: httpx.AsyncClient, person: MakePerson) -> None:
    id = await create(developer)
    ada = await person("DEVELOPER")
    assert (await save(ada.client, id, 1)).status_code == 201
    refused = await save(developer, id, 1)
    assert refused.status_code == 409
    error = refused.json()["error"]
    assert error["code"] == "version-conflict"
    assert ada.email in error["message"]
    assert "version 2" in error["message"]


async def test_of_many_saves_at_once_one_wins(developer: httpx.AsyncClient) -> None:
    id = await create(developer)
    answers = await asyncio.gather(*(save(developer, id, 1) for _ in range(5)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409, 409]


async def test_publishing_takes_the_latest_draft_and_supersedes_the_one_before(developer: httpx.AsyncClient) -> None:
    id = await create(developer)
    await save(developer, id, 1)
    published = await publish(developer, id)
    assert published.status_code == 200, published.text
    assert published.json()["workflow"]["published_number"] == 2
    assert await states(developer, id) == {2: "published", 1: "draft"}
    await save(developer, id, 2)
    assert (await publish(developer, id, number=3)).status_code == 200
    assert await states(developer, id) == {3: "published", 2: "superseded", 1: "draft"}
    again = await publish(developer, id)
    assert again.status_code == 409
    assert again.json()["error"]["code"] == "no-draft"
    await save(developer, id, 3)
    old = await publish(developer, id, number=1)
    assert old.json()["error"]["code"] == "not-latest"


async def test_of_many_publishes_at_once_one_wins(developer: httpx.AsyncClient) -> None:
    id = await create(developer)
    answers = await asyncio.gather(*(publish(developer, id) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]


async def test_what_is_wrong_is_not_published_and_each_error_has_its_node_and_field(
    developer: httpx.AsyncClient,
) -> None:
    nodes = FLOW["nodes"] | {"bad": {"do": "set_variable", "with": {"variable": "greting", "value": "{whoo}"}}}
    id = await create(developer, document=flow(nodes=nodes, edges=["start -> zulu -> alpha -> bad"]))
    refused = await publish(developer, id)
    assert refused.status_code == 422
    error = refused.json()["error"]
    assert error["code"] == "workflow-invalid"
    found = {(problem["node"], problem["field"]): problem["message"] for problem in error["problems"]}
    assert "`greeting`" in found["bad", "variable"]
    assert "`who`" in found["bad", "value"]
    assert await states(developer, id) == {1: "draft"}


async def test_a_document_without_the_shape_of_a_flow_is_not_saved(developer: httpx.AsyncClient) -> None:
    id = await create(developer)
    for document in ({}, {"format": "exekra.flow/1"}, flow(nodes=[]), flow(edges=["start -> nowhere ->"]), flow(x=1)):
        refused = await save(developer, id, 1, document)
        assert refused.status_code == 422, document
        assert refused.json()["error"]["problems"], document
    assert await states(developer, id) == {1: "draft"}


async def test_checking_stores_nothing(developer: httpx.AsyncClient) -> None:
    good = await developer.post("/api/workflows/check", json={"document": FLOW})
    assert good.json()["publishable"] is True
    bad = await developer.post("/api/workflows/check", json={"document": flow(edges=["start -> zulu"])})
    assert any(problem["node"] == "alpha" for problem in bad.json()["problems"])
    assert (await developer.get("/api/workflows")).json()["items"] == []


async def test_a_working_copy_is_not_listed_until_it_is_kept(developer: httpx.AsyncClient) -> None:
    id = await create(developer)
    path = f"/api/workflows/{id}/versions"
    for number, words in ((1, "one"), (2, "two")):
        body = {"document": flow(description=words), "based_on": number, "note": "Saved to run it", "working": True}
        assert (await developer.post(path, json=body)).json()["version"]["working"] is True
    assert await states(developer, id) == {1: "draft"}
    listed = (await developer.get(path, params={"working": True})).json()["items"]
    assert [one["number"] for one in listed] == [3, 2, 1]
    assert (await developer.get(f"{path}/2")).json()["document"]["description"] == "one"
    kept = (
        await developer.post(path, json={"document": flow(description="two"), "based_on": 3, "note": "Done"})
    ).json()
    assert (kept["version"]["number"], kept["version"]["working"], kept["version"]["note"]) == (3, False, "Done")
    assert await states(developer, id) == {3: "draft", 1: "draft"}
    other = (await developer.post(path, json={"document": flow(description="other"), "based_on": 3})).json()
    assert other["version"]["number"] == 4


async def test_what_is_published_is_a_version_with_its_release_notes(developer: httpx.AsyncClient) -> None:
    id = await create(developer)
    path = f"/api/workflows/{id}"
    await developer.post(f"{path}/versions", json={"document": flow(), "based_on": 1, "working": True})
    body = {"number": 2, "release_notes": "Greets faster."}
    assert (await developer.post(f"{path}/publish", json=body)).json()["version"]["release_notes"] == "Greets faster."
    listed = (await developer.get(f"{path}/versions")).json()["items"]
    assert [(one["number"], one["working"], one["release_notes"]) for one in listed] == [
        (2, False, "Greets faster."),
        (1, False, ""),
    ]


async def test_an_old_version_is_made_live_again_in_one_step(developer: httpx.AsyncClient) -> None:
    bad = FLOW["nodes"] | {"bad": {"do": "nothing.known"}}
    id = await create(developer, document=flow(nodes=bad, edges=["start -> zulu -> alpha -> bad"]))
    path = f"/api/workflows/{id}"
    await save(developer, id, 1, flow(description="good"))
    await publish(developer, id)
    await save(developer, id, 2, flow(description="worse"))
    await publish(developer, id)
    body = {"publish": True, "release_notes": "As before."}
    back = (await developer.post(f"{path}/versions/2/roll-back", json=body)).json()
    assert (back["version"]["state"], back["version"]["release_notes"]) == ("published", "As before.")
    assert back["workflow"]["published_number"] == 4
    refused = await developer.post(f"{path}/versions/1/roll-back", json={"publish": True})
    assert (refused.status_code, refused.json()["error"]["code"]) == (422, "workflow-invalid")
    assert max(await states(developer, id)) == 4, "nothing changed"


async def test_rolling_back_makes_a_new_draft_of_an_old_document(developer: httpx.AsyncClient) -> None:
    id = await create(developer, document=flow(description="first"))
    await save(developer, id, 1, flow(description="second"))
    back = await developer.post(f"/api/workflows/{id}/versions/1/roll-back")
    assert back.status_code == 201
    assert back.json()["version"]["number"] == 3
    assert back.json()["version"]["state"] == "draft"
    third = (await developer.get(f"/api/workflows/{id}/versions/3")).json()
    assert third["document"]["description"] == "first"
    assert (await developer.post(f"/api/workflows/{id}/versions/9/roll-back")).status_code == 404


async def test_two_versions_are_compared(developer: httpx.AsyncClient) -> None:
    id = await create(developer)
    changed = {"do": "set_variable", "with": {"variable": "greeting", "value": "Bye!"}}
    await save(developer, id, 1, flow(nodes=FLOW["nodes"] | {"alpha": changed}))
    await save(developer, id, 2, flow(nodes=FLOW["nodes"] | {"alpha": changed}, layout={"zulu": [1, 2]}))
    diff = (await developer.get(f"/api/workflows/{id}/diff", params={"from": 1, "to": 2})).json()
    assert diff["same_logic"] is False
    assert "alpha" in str(diff["changes"])
    assert "zulu" not in str(diff["changes"])
    layout = (await developer.get(f"/api/workflows/{id}/diff", params={"from": 2, "to": 3})).json()
    assert layout["same_logic"] is True


async def test_an_element_that_was_recorded_again_is_the_same_logic(developer: httpx.AsyncClient) -> None:
    element = {"candidates": [{"kind": "id", "value": "#save"}], "fingerprint": {"tag": "button"}}
    id = await create(developer, document=flow(elements={"save": element, "menu": "#menu"}))
    again = element | {"fingerprint": {"tag": "a"}}
    await save(developer, id, 1, flow(elements={"save": again, "menu": "#menu"}))
    await save(developer, id, 2, flow(elements={"save": again, "menu": "#other"}))
    stored = (await developer.get(f"/api/workflows/{id}/versions/2")).json()["document"]
    assert stored["elements"] == {"save": again, "menu": "#menu"}
    diff = (await developer.get(f"/api/workflows/{id}/diff", params={"from": 1, "to": 2})).json()
    assert (diff["same_logic"], diff["changes"]["recorded_again"], diff["changes"]["nodes"]) == (True, ["save"], [])
    diff = (await developer.get(f"/api/workflows/{id}/diff", params={"from": 2, "to": 3})).json()
    assert (diff["same_logic"], diff["changes"]["recorded_again"]) == (False, [])
    assert [part["id"] for part in diff["changes"]["elements"]] == ["menu"]


@pytest.mark.parametrize("format", ["yaml", "json"])
async def test_an_export_can_be_imported(developer: httpx.AsyncClient, format: str) -> None:
    id = await create(developer, name="Über/alles")
    exported = await developer.get(f"/api/workflows/{id}/export", params={"format": format})
    assert exported.headers["content-type"].startswith(f"application/{format}")
    assert "%C3%9Cber%2Falles.flow" in exported.headers["content-disposition"]
    headers = {"Content-Type": f"application/{format}"}
    again = await developer.post("/api/workflows/import", content=exported.content, headers=headers)
    assert again.status_code == 201, again.text
    assert again.json()["created"] is False, "a workflow of that name is there: it gets a draft"
    assert again.json()["version"]["number"] == 2
    new = await developer.post(
        "/api/workflows/import", content=exported.content, params={"name": "Other", "tag": ["a", "b"]}
    )
    assert new.json()["created"] is True
    assert new.json()["workflow"]["tags"] == ["a", "b"]
    stored = (await developer.get(f"/api/workflows/{new.json()['workflow']['id']}/versions/1")).json()
    assert stored["document"] == flow(name="Other")


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe", b"nodes: [", b"[1, 2]", b"{", b"a: &x [*x]", b"\x00", b'{"format": "exekra.flow/99"}']
)
async def test_what_is_no_flow_cannot_be_imported(developer: httpx.AsyncClient, content: bytes) -> None:
    for path in ("/api/workflows/import", "/api/workflows/read"):
        response = await developer.post(path, content=content)
        assert response.status_code == 422
        assert response.json()["error"]["message"]


async def test_a_text_is_read_without_being_stored(developer: httpx.AsyncClient) -> None:
    id = await create(developer)
    exported = await developer.get(f"/api/workflows/{id}/export")
    stored = (await developer.get(f"/api/workflows/{id}/versions/1")).json()
    read = await developer.post("/api/workflows/read", content=exported.content)
    assert read.status_code == 200, read.text
    assert read.json()["document"] == stored["document"]
    assert (await developer.get(f"/api/workflows/{id}")).json()["latest_number"] == 1


async def test_a_name_is_taken_once_among_those_in_use(developer: httpx.AsyncClient) -> None:
    id = await create(developer)
    taken = await developer.post("/api/workflows", json={"name": "Greet"})
    assert taken.json()["error"]["code"] == "name-taken"
    archived = await developer.post(f"/api/workflows/{id}/archive")
    assert archived.json()["archived_at"] is not None
    assert (await publish(developer, id)).json()["error"]["code"] == "archived"
    other = await create(developer)
    assert (await developer.post(f"/api/workflows/{id}/restore")).json()["error"]["code"] == "name-taken"
    renamed = await developer.patch(f"/api/workflows/{other}", json={"name": "Other"})
    assert renamed.json()["name"] == "Other"
    assert (await developer.post(f"/api/workflows/{id}/restore")).json()["archived_at"] is None


async def test_the_list_is_paged_sorted_and_filtered_in_the_database(developer: httpx.AsyncClient) -> None:
    for number in range(7):
        await create(
            developer, name=f"Flow {6 - number}", description="Ünder test", tags=["even"] if number % 2 == 0 else []
        )
    for sort, expected in {
        "name": range(7),
        "-name": range(6, -1, -1),
        "created": range(6, -1, -1),
        "-created": range(7),
        "updated": range(6, -1, -1),
        "-updated": range(7),
    }.items():
        names: list[str] = []
        cursor: str | None = None
        while True:
            parameters: dict[str, Any] = {"limit": 3, "sort": sort} | ({"cursor": cursor} if cursor else {})
            page = (await developer.get("/api/workflows", params=parameters)).json()
            names += [item["name"] for item in page["items"]]
            cursor = page["next_cursor"]
            if cursor is None:
                break
        assert names == [f"Flow {number}" for number in expected], sort
    assert len((await developer.get("/api/workflows", params={"tag": "even"})).json()["items"]) == 4
    assert len((await developer.get("/api/workflows", params={"text": "flow 3"})).json()["items"]) == 1
    assert (await developer.get("/api/workflows", params={"published": True})).json()["items"] == []
    assert (await developer.get("/api/workflows", params={"archived": True})).json()["items"] == []
    first = (await developer.get("/api/workflows", params={"limit": 1})).json()["next_cursor"]
    mixed = await developer.get("/api/workflows", params={"sort": "-name", "cursor": first})
    assert mixed.json()["error"]["code"] == "cursor-invalid"


async def test_versions_are_paged(developer: httpx.AsyncClient) -> None:
    id = await create(developer)
    for number in range(1, 5):
        await save(developer, id, number)
    first = (await developer.get(f"/api/workflows/{id}/versions", params={"limit": 3})).json()
    rest = (await developer.get(f"/api/workflows/{id}/versions", params={"cursor": first["next_cursor"]})).json()
    assert [version["number"] for version in first["items"] + rest["items"]] == [5, 4, 3, 2, 1]
    assert rest["next_cursor"] is None


async def test_a_version_never_changes_even_in_the_database(app: FastAPI, developer: httpx.AsyncClient) -> None:
    await create(developer)
    async with app.state.hub.database.reading() as connection:
        for change in ("document = '{}'", "number = 7", "content_hash = 'x'"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError, match="never changes"):
                await connection.execute(f"UPDATE workflow_version SET {change}")


async def test_deleting(app: FastAPI, developer: httpx.AsyncClient) -> None:
    id = await create(developer)
    assert (await publish(developer, id)).status_code == 200
    assert (await developer.delete(f"/api/workflows/{id}")).status_code == 204
    async with app.state.hub.database.reading() as connection:
        assert await connection.fetchval("SELECT count(*) FROM workflow_version") == 0


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", ""),
        ("PATCH", ""),
        ("DELETE", ""),
        ("POST", "/archive"),
        ("POST", "/publish"),
        ("GET", "/export"),
        ("GET", "/versions"),
        ("GET", "/versions/1"),
        ("POST", "/versions/1/roll-back"),
        ("GET", "/diff?from=1&to=2"),
    ],
)
async def test_what_is_not_there_is_not_found(developer: httpx.AsyncClient, method: str, path: str) -> None:
    response = await developer.request(
        method, f"/api/workflows/{uuid4()}{path}", json={} if method == "PATCH" else None
    )
    assert response.status_code == 404
    assert response.json()["error"]["code"] == "not-found"
