"""Calls that pin a version: stored, checked, and counted for what a Runner must have."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from signed_in import MakePerson
from stored import teach_parrot


def saying(word: str, activity: str = "set_variable") -> dict[str, Any]:
    """A workflow whose output is that word."""
    fields = {"variable": "word", "value": word} if activity == "set_variable" else {}
    return {
        "format": "exekra.flow/1",
        "name": "x",
        "description": word,
        "outputs": {"word": {"type": "text"}},
        "variables": {"word": {"type": "text"}},
        "nodes": {"say": {"do": activity, "with": fields}},
        "edges": ["start -> say"],
    }


def calling(*called: tuple[str, Any]) -> dict[str, Any]:
    """A workflow that calls these, each with its version."""
    nodes = {
        f"call_{place}": {"do": "call_workflow", "with": {"workflow": name, "version": version}}
        for place, (name, version) in enumerate(called)
    }
    return {"format": "exekra.flow/1", "name": "x", "nodes": nodes, "edges": [f"start -> {' -> '.join(nodes)}"]}


class Drafts:
    """What a developer does with workflows, by their names."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client
        self.ids: dict[str, str] = {}

    async def save(self, name: str, document: dict[str, Any]) -> dict[str, Any]:
        """Save a draft; the version."""
        if name not in self.ids:
            saved = await self.client.post("/api/workflows", json={"name": name, "document": document})
            self.ids[name] = saved.json()["workflow"]["id"]
        else:
            latest = (await self.client.get(f"/api/workflows/{self.ids[name]}")).json()["latest_number"]
            body = {"document": document, "based_on": latest}
            saved = await self.client.post(f"/api/workflows/{self.ids[name]}/versions", json=body)
        assert saved.status_code == 201, saved.text
        version: dict[str, Any] = saved.json()["version"]
        return version

    async def publish(self, name: str, document: dict[str, Any]) -> dict[str, Any]:
        """Save and publish; the version."""
        await self.save(name, document)
        published = await self.client.post(f"/api/workflows/{self.ids[name]}/publish", json={})
        assert published.status_code == 200, published.text
        version: dict[str, Any] = published.json()["version"]
        return version

    async def problems(self, document: dict[str, Any]) -> list[tuple[str, str, str]]:
        """Node, field and message of each error of the check."""
        answer = await self.client.post("/api/workflows/check", json={"document": document})
        assert answer.status_code == 200, answer.text
        found = answer.json()["problems"]
        return [(one["node"], one["field"], one["message"]) for one in found if one["severity"] == "error"]

    async def needs(self, name: str) -> list[str]:
        """The activities of the published version."""
        workflow = (await self.client.get(f"/api/workflows/{self.ids[name]}")).json()
        url = f"/api/workflows/{workflow['id']}/versions/{workflow['published_number']}"
        activities: list[str] = (await self.client.get(url)).json()["activities"]
        return activities


@pytest.fixture
async def drafts(person: MakePerson) -> Drafts:
    return Drafts((await person("DEVELOPER")).client)


async def test_a_call_is_stored_with_the_version_that_it_pins(drafts: Drafts) -> None:
    document = calling(("Word", 2), ("Word", None), ("Word@2", None), ("Word", "2"), ("Word", 2), ("Other", 7.0))
    saved = await drafts.save("Caller", document)
    assert saved["calls"] == ["Other@7", "Word", "Word@2", "Word@2@"]


async def test_only_what_was_published_can_be_pinned(drafts: Drafts) -> None:
    await drafts.publish("Word", saying("one"))
    await drafts.save("Word", saying("two"))
    await drafts.publish("Word", saying("three"))
    await drafts.save("Word", saying("four"))
    assert await drafts.problems(calling(("Word", 1), ("Word", 3), ("Word", None))) == []
    for missing in (2, 4, 5):
        ((node, field, message),) = await drafts.problems(calling(("Word", 1), ("Word", missing)))
        assert (node, field) == ("call_1", "version")
        assert message.startswith(f"Version {missing} of `Word` was never published. Pin 1 or 3,")
    ((_, field, message),) = await drafts.problems(calling(("Wrod", 1)))
    assert (field, "no published workflow `Wrod`" in message) == ("workflow", True)
    ((_, field, _),) = await drafts.problems(calling(("Word", 99_999_999_999)))
    assert field == "version"


async def test_nothing_of_an_archived_workflow_can_be_pinned(drafts: Drafts) -> None:
    await drafts.publish("Word", saying("one"))
    assert await drafts.problems(calling(("Word", 1))) == []
    await drafts.client.post(f"/api/workflows/{drafts.ids['Word']}/archive?break_callers=true")
    ((_, field, _),) = await drafts.problems(calling(("Word", 1)))
    assert field == "workflow"


async def test_a_draft_that_pins_a_draft_is_neither_published_nor_run(drafts: Drafts) -> None:
    await drafts.publish("Word", saying("one"))
    await drafts.save("Word", saying("two"))
    await drafts.save("Caller", calling(("Word", 2)))
    refused = await drafts.client.post(f"/api/workflows/{drafts.ids['Caller']}/publish", json={})
    assert refused.status_code == 422
    assert [one["field"] for one in refused.json()["error"]["problems"]] == ["version"]
    refused = await drafts.client.post("/api/executions", json={"workflow": "Caller", "version": 1})
    assert refused.status_code == 422
    assert refused.json()["error"]["code"] == "workflow-invalid"


async def test_results_are_those_of_the_pinned_version(drafts: Drafts) -> None:
    await drafts.publish("Word", saying("one"))
    await drafts.publish("Word", saying("two") | {"outputs": {"words": {"type": "text", "value": "two"}}})
    reading = calling(("Word", 1))
    reading |= {"outputs": {"said": {"value": "{call_0.word}"}}}
    assert await drafts.problems(reading) == []
    reading["nodes"]["call_0"]["with"]["version"] = 2
    ((_, field, message),) = await drafts.problems(reading)
    assert (field, "`call_0` has no `word`" in message) == ("outputs.said.value", True)


async def test_what_the_pinned_version_needs_counts_whatever_is_published_later(app: FastAPI, drafts: Drafts) -> None:
    await teach_parrot(app)
    await drafts.publish("Leaf", saying("one"))
    await drafts.publish("Word", calling(("Leaf", None)))
    await drafts.publish("Pins the leaf", calling(("Leaf", 1)))
    await drafts.publish("Pins a caller of it", calling(("Word", 1)))
    await drafts.publish("Word", saying("two"))
    await drafts.publish("Follows", calling(("Word", None)))
    await drafts.publish("Leaf", saying("three", "parrot.say"))
    assert await drafts.needs("Pins the leaf") == []
    assert await drafts.needs("Pins a caller of it") == ["parrot.say"], (
        "the old version of Word calls what is published"
    )
    assert await drafts.needs("Follows") == [], "the new version of Word calls nothing"
    await drafts.publish("Pins the new leaf", calling(("Leaf", 2)))
    assert await drafts.needs("Pins the new leaf") == ["parrot.say"]


async def test_what_a_call_gets_can_be_asked_for(drafts: Drafts) -> None:
    async def called(**more: Any) -> tuple[int, str]:
        answer = await drafts.client.get("/api/workflows/published", params={"name": "Word"} | more)
        return answer.status_code, answer.json().get("document", {}).get("description", "")

    first = (await drafts.publish("Word", saying("one")))["published_at"]
    await drafts.save("Word", saying("two"))
    await drafts.publish("Word", saying("three"))
    assert await called() == (200, "three")
    assert await called(version=1) == await called(version=1, at=first) == (200, "one")
    assert await called(version=2) == (404, ""), "a draft is not called"
    assert await called(version=3) == (200, "three")
    assert await called(version=3, at=first) == (404, ""), "it was published later"
    assert await called(version=0) == (422, "")
