"""A small workflow, and how tests store and publish it through the API."""

from __future__ import annotations

from typing import Any

import httpx
import msgspec
from fastapi import FastAPI

from exekra.sdk.catalogue import CatalogueEntry

FLOW: dict[str, Any] = {
    "format": "exekra.flow/1",
    "name": "Greet",
    "inputs": {"who": {"type": "text", "default": "world"}},
    "variables": {"greeting": {"type": "text", "default": ""}},
    "nodes": {
        "zulu": {"do": "set_variable", "with": {"variable": "greeting", "value": "Hello, {who}!"}},
        "alpha": {"do": "set_variable", "with": {"variable": "greeting", "value": "{greeting} And all!"}},
    },
    "edges": ["start -> zulu -> alpha"],
}


def flow(**changes: Any) -> dict[str, Any]:
    return FLOW | changes


def calling(name: str) -> dict[str, Any]:
    return flow(nodes={"call": {"do": "call_workflow", "with": {"workflow": name}}}, edges=["start -> call"])


async def create(client: httpx.AsyncClient, name: str = "Greet", document: Any = FLOW, **more: Any) -> str:
    response = await client.post("/api/workflows", json={"name": name, "document": document, **more})
    assert response.status_code == 201, response.text
    id: str = response.json()["workflow"]["id"]
    return id


async def save(client: httpx.AsyncClient, id: str, based_on: int, document: Any = FLOW, **more: Any) -> httpx.Response:
    body = {"document": document, "based_on": based_on, **more}
    return await client.post(f"/api/workflows/{id}/versions", json=body)


async def publish(client: httpx.AsyncClient, id: str, **body: Any) -> httpx.Response:
    return await client.post(f"/api/workflows/{id}/publish", json=body)


async def states(client: httpx.AsyncClient, id: str) -> dict[int, str]:
    page = (await client.get(f"/api/workflows/{id}/versions")).json()
    return {version["number"]: version["state"] for version in page["items"]}


async def teach_parrot(app: FastAPI) -> None:
    """Let the Hub know of an activity `parrot.say`, as if a Runner had told of it."""
    entry = CatalogueEntry(id="parrot.say", title="Say", summary="Say it again", category="Parrot")
    async with app.state.hub.database.transaction() as connection:
        await connection.execute(
            "INSERT INTO runner_catalogue (hash, entries, activities) VALUES ('h', $1, $2)",
            [msgspec.to_builtins(entry)],
            [entry.id],
        )
