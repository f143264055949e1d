"""What editors ask while somebody types."""

from __future__ import annotations

from typing import Any

import httpx
import psutil
import pytest
from fastapi import FastAPI
from signed_in import MakePerson

DOCUMENT: dict[str, Any] = {
    "format": "exekra.flow/1",
    "name": "Orders",
    "inputs": {"path": {"type": "file"}},
    "nodes": {
        "read": {"do": "excel.read_range", "with": {"path": "{path}"}},
        "say": {"do": "parrot.say", "with": {"what": 1}},
        "log": {"do": "general.log", "with": {"message": ""}},
    },
    "edges": ["start -> read -> say -> log"],
}


@pytest.fixture
async def developer(person: MakePerson) -> httpx.AsyncClient:
    return (await person("DEVELOPER")).client


async def test_functions(developer: httpx.AsyncClient) -> None:
    functions = {one["name"]: one for one in (await developer.get("/api/language/functions")).json()}
    assert functions["upper"]["group"] == "text"
    assert functions["upper"]["returns"] == "text"
    assert functions["upper"]["signature"] == "upper(text: text) -> text"
    assert all(one["summary"] and one["examples"] for one in functions.values())
    examples = [{"text": example, "mode": "expression"} for example in functions["upper"]["examples"]]
    for answer in (await developer.post("/api/language/evaluate", json={"texts": examples})).json():
        assert answer == {"value": True, "type": "boolean", "error": None}


async def test_names(developer: httpx.AsyncClient) -> None:
    answer = await developer.post("/api/language/names", json={"document": DOCUMENT, "node": "log"})
    assert answer.status_code == 200, answer.text
    names = {name["name"]: name for name in answer.json()}
    assert list(names) == ["path", "read", "say"]
    rows = names["read"]["fields"][0]
    assert (rows["name"], rows["type"], bool(rows["description"])) == ("rows", "table", True)
    assert names["say"]["fields"] == [], "an activity that this Hub does not know may give anything"
    at_first = await developer.post("/api/language/names", json={"document": DOCUMENT, "node": "read"})
    assert [name["name"] for name in at_first.json()] == ["path"]


async def test_names_at_no_node(developer: httpx.AsyncClient) -> None:
    refused = await developer.post("/api/language/names", json={"document": DOCUMENT, "node": "nobody"})
    assert refused.status_code == 422
    assert refused.json()["error"]["code"] == "no-node"


async def test_evaluate(developer: httpx.AsyncClient) -> None:
    texts = [{"text": "Hello {upper(who)}"}, {"text": "1 +", "mode": "expression"}, {"text": "{nobody}"}]
    answer = await developer.post("/api/language/evaluate", json={"texts": texts, "scope": {"who": "Ada"}})
    assert answer.status_code == 200, answer.text
    value, syntax, unknown = answer.json()
    assert value == {"value": "Hello ADA", "type": "text", "error": None}
    assert syntax["error"]["kind"] == "syntax"
    assert syntax["error"]["position"] == 3
    assert (unknown["error"]["kind"], unknown["error"]["position"], unknown["error"]["length"]) == ("evaluation", 1, 6)


async def test_bounds_of_evaluate(developer: httpx.AsyncClient) -> None:
    many = {"texts": [{"text": "1", "mode": "expression"}] * 51}
    assert (await developer.post("/api/language/evaluate", json=many)).status_code == 422
    large = {"texts": [{"text": "1", "mode": "expression"}], "scope": {"text": "x" * 1_000_000}}
    refused = await developer.post("/api/language/evaluate", json=large)
    assert refused.status_code == 413
    assert refused.json()["error"]["code"] == "too-large"


HOSTILE = [
    "[a * b for a in items for b in items for c in items]",
    "sort([text(a * b % 7919) for a in items for b in items])",
    "join([text(a) * 1000 for a in items for b in items], ',')",
    "9 ** 9 ** 9",
    "matches('a' * 900000, '(a+)+$')",
]


async def test_what_people_type_is_evaluated_outside_of_the_hubs_process(
    app: FastAPI, developer: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGPASSWORD", "a well-kept word")
    body = {"texts": [{"text": "1 + 1", "mode": "expression"}]}
    assert (await developer.post("/api/language/evaluate", json=body)).json()[0]["value"] == 2
    # Other Hubs of this process may have theirs.
    children = [
        one
        for one in psutil.Process().children(recursive=True)
        if one.status() != psutil.STATUS_ZOMBIE and "exekra.hub.design.language.evaluator" in one.cmdline()
    ]
    assert children
    for child in children:
        assert not {"PGPASSWORD", "EXEKRA_SIGNING_SECRET"} & child.environ().keys()
        child.kill()
        child.wait()
    again = await developer.post("/api/language/evaluate", json=body)
    assert again.json()[0]["value"] == 2, "a process that died is started again"


async def test_what_takes_too_long_is_given_up_and_the_next_one_works(
    developer: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = {"texts": [{"text": "1 + 1", "mode": "expression"}] * 2}
    with monkeypatch.context() as impatient:
        impatient.setattr("exekra.hub.design.language.service.LONGEST_SECONDS", 0.0)
        given_up = await developer.post("/api/language/evaluate", json=body)
    assert [one["error"]["kind"] for one in given_up.json()] == ["evaluation"] * 2
    assert [one["value"] for one in (await developer.post("/api/language/evaluate", json=body)).json()] == [2, 2]


async def test_what_people_type_has_bounded_work(developer: httpx.AsyncClient) -> None:
    texts = [{"text": text, "mode": "expression"} for text in HOSTILE * 10]
    body = {"texts": texts, "scope": {"items": list(range(3000))}}
    answer = await developer.post("/api/language/evaluate", json=body)
    assert answer.status_code == 200, answer.text
    assert len(answer.json()) == 50
