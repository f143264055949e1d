"""Drafts may be unfinished and use activities that this Hub does not know: nothing is lost, and the check tells all."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from signed_in import MakePerson

from exekra.flow.document import dump_yaml, load_flow, parse_document

DOCUMENT: dict[str, Any] = {
    "format": "exekra.flow/1",
    "name": "Say it",
    "inputs": {"spare": {"type": "text"}},
    "nodes": {
        "say": {
            "do": "parrot.say",
            "with": {"what": {"deep": ["{again.loud}", 1.5, None, True]}, "token": "{{credential:Bird}}"},
            "retry": {"times": 3},
            "timeout": 5.0,
        },
        "again": {"do": "parrot.repeat", "with": {"what": "{say.text} {nobody}"}, "enabled": False},
        "ask": {"do": "http.request", "with": {"url": "http://x/{say.text}", "timeout": 0}},
        "log": {"do": "general.log", "with": {"message": "Said {say.text} and {nobody}"}},
    },
    "edges": ["start -> say -> ask -> log", "say.perched -> log"],
    "layout": {"nodes": {"say": {"x": 10, "y": 20}}},
}


@pytest.fixture
async def developer(person: MakePerson) -> httpx.AsyncClient:
    return (await person("DEVELOPER")).client


async def saved(developer: httpx.AsyncClient) -> str:
    answer = await developer.post("/api/workflows", json={"name": "Say it", "document": DOCUMENT})
    assert answer.status_code == 201, answer.text
    id: str = answer.json()["workflow"]["id"]
    return id


async def test_a_draft_with_unknown_activities_is_kept_as_it_is(developer: httpx.AsyncClient) -> None:
    id = await saved(developer)
    stored = (await developer.get(f"/api/workflows/{id}/versions/1")).json()
    assert stored["document"] == DOCUMENT
    assert stored["activities"] == ["general.log", "http.request", "parrot.repeat", "parrot.say"]


async def test_it_is_exported_and_imported_unchanged(developer: httpx.AsyncClient) -> None:
    id = await saved(developer)
    exported = (await developer.get(f"/api/workflows/{id}/export")).text
    assert load_flow(exported) == parse_document(DOCUMENT)
    assert exported == dump_yaml(parse_document(DOCUMENT))
    renamed = exported.replace("name: Say it", "name: Say it twice", 1)
    imported = await developer.post(
        "/api/workflows/import", content=renamed.encode(), headers={"Content-Type": "application/yaml"}
    )
    assert imported.status_code == 201, imported.text
    copy = imported.json()["workflow"]["id"]
    stored = (await developer.get(f"/api/workflows/{copy}/versions/1")).json()
    assert stored["document"] == DOCUMENT | {"name": "Say it twice"}


async def test_the_check_tells_of_errors_and_warnings_with_their_places(developer: httpx.AsyncClient) -> None:
    answer = await developer.post("/api/workflows/check", json={"document": DOCUMENT})
    assert answer.status_code == 200, answer.text
    assert answer.json()["publishable"] is False
    problems = {(one["code"], one["node"], one["field"]): one for one in answer.json()["problems"]}
    unknown = problems["unknown-activity", "say", "do"]
    assert (unknown["severity"], "`parrot.say`" in unknown["message"]) == ("error", True)
    name = problems["unknown-name", "log", "message"]
    assert name["arguments"] == {"name": "nobody"}
    assert name["position"] == DOCUMENT["nodes"]["log"]["with"]["message"].index("nobody")
    assert problems["no-timeout", "ask", "timeout"]["severity"] == "warning"


async def test_warnings_do_not_keep_a_workflow_from_being_published(developer: httpx.AsyncClient) -> None:
    document = DOCUMENT | {
        "nodes": {"log": {"do": "general.log", "with": {"message": "x"}}},
        "edges": ["start -> log"],
    }
    checked = (await developer.post("/api/workflows/check", json={"document": document})).json()
    assert (checked["publishable"], [one["code"] for one in checked["problems"]]) == (True, ["unused-input"])
    silent = document | {"layout": {"analyser": {"ignore": ["unused-input"]}}}
    assert (await developer.post("/api/workflows/check", json={"document": silent})).json()["problems"] == []
    created = await developer.post("/api/workflows", json={"name": "Say it", "document": document})
    published = await developer.post(f"/api/workflows/{created.json()['workflow']['id']}/publish", json={})
    assert published.status_code == 200, published.text
    (warning,) = published.json()["warnings"]
    assert (warning["code"], warning["field"]) == ("unused-input", "inputs.spare")


async def test_an_unfinished_draft_has_names_in_reach(developer: httpx.AsyncClient) -> None:
    body = json.dumps({"document": DOCUMENT, "node": "log"})
    answer = await developer.post("/api/language/names", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 200, answer.text
    assert [(name["name"], name["certain"]) for name in answer.json()] == [
        ("spare", True),
        ("say", True),
        ("ask", False),
    ]
