"""What editors ask while somebody types."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import httpx
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


async def test_the_hub_answers_others_while_it_evaluates(app: FastAPI, developer: httpx.AsyncClient) -> None:
    """The event loop goes on, whatever is evaluated."""
    longest = 0.0
    running = True

    async def watch() -> None:
        nonlocal longest
        while running:
            before = time.perf_counter()
            await asyncio.sleep(0)
            longest = max(longest, time.perf_counter() - before)

    watching = asyncio.create_task(watch())
    texts = [{"text": text, "mode": "expression"} for text in HOSTILE * 10]
    body = {"texts": texts, "scope": {"items": list(range(3000))}}
    started = time.perf_counter()
    answer = await developer.post("/api/language/evaluate", json=body)
    took = time.perf_counter() - started
    running = False
    await watching
    assert answer.status_code == 200, answer.text
    assert len(answer.json()) == 50
    assert longest < took / 2, "the loop did not turn while the texts were evaluated"
