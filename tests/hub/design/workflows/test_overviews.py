"""The list of workflows: how each does, filters, orders, tags, and copies."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import pytest
from at_work import LIGHT, HubAtWork
from signed_in import sign_in

from exekra.flow.events import EndState, ExecutionFinished, ExecutionStarted
from exekra.protocol.messages import Assign
from exekra.testing.simulated_runner import SimulatedRunner

PATH = "/api/workflows"


async def names(client: httpx.AsyncClient, **params: Any) -> list[str]:
    """All pages of two."""
    found: list[str] = []
    params["limit"] = 2
    while True:
        answer = await client.get(PATH, params=params)
        assert answer.status_code == 200, answer.text
        page = answer.json()
        found += [one["name"] for one in page["items"]]
        if page["next_cursor"] is None:
            return found
        params["cursor"] = page["next_cursor"]


async def end(work: HubAtWork, runner: SimulatedRunner, workflow: str, state: EndState) -> str:
    made = await work.start(workflow)
    finished = ExecutionFinished(at=2, state=state, seconds=1.0)
    await runner.report(await runner.expect(Assign), ExecutionStarted(at=1), finished)
    await work.until(made["id"], state)
    id: str = made["id"]
    return id


async def test_each_workflow_tells_how_it_does(work: HubAtWork) -> None:
    light = await work.publish()
    await work.admin.post(PATH, json={"name": "Draft"})
    runner = await work.runner(carry_out=None)
    for state in ("COMPLETED", "FAILED", "COMPLETED"):
        last = await end(work, runner, "Light", state)
    waiting = await work.start(labels=["nowhere"])
    draft, found = (await work.admin.get(PATH)).json()["items"]
    assert found["health"] == {
        "executions_7d": 4,
        "completed_7d": 2,
        "failed_7d": 1,
        "success_rate_7d": pytest.approx(2 / 3),
        "last_10": ["QUEUED", "COMPLETED", "FAILED", "COMPLETED"],
    }
    assert (found["last_execution"]["id"], found["last_execution"]["state"]) == (waiting["id"], "QUEUED")
    assert (found["has_draft"], found["latest_state"], found["latest_author"]) == (
        False,
        "published",
        "admin@example.org",
    )
    assert found["published_at"] is not None
    assert (draft["has_draft"], draft["latest_state"], draft["published_at"]) == (True, "draft", None)
    assert (draft["last_execution"], draft["health"]["last_10"], draft["health"]["executions_7d"]) == (None, [], 0)
    await work.admin.post(f"/api/executions/{waiting['id']}/stop")
    work.clock.ahead += timedelta(days=8)
    work.admin.headers["Authorization"] = f"Bearer {await sign_in(work.admin, 'admin@example.org')}"
    found = (await work.admin.get(f"{PATH}/{light}")).json()
    assert (found["health"]["executions_7d"], found["health"]["success_rate_7d"]) == (0, None)
    assert len(found["health"]["last_10"]) == 4
    assert found["last_execution"]["id"] != last


async def test_a_run_from_studio_counts_nowhere_and_is_found_by_its_source(work: HubAtWork) -> None:
    light = await work.publish()
    runner = await work.runner(carry_out=None)
    real = await end(work, runner, "Light", "COMPLETED")
    tried = (await work.admin.post("/api/executions", json={"workflow": light, "studio": True})).json()
    assert tried["source"] == "studio"
    finished = ExecutionFinished(at=2, state="FAILED", seconds=1.0)
    await runner.report(await runner.expect(Assign), ExecutionStarted(at=1), finished)
    await work.until(tried["id"], "FAILED")
    found = (await work.admin.get(f"{PATH}/{light}")).json()
    assert (found["health"]["executions_7d"], found["health"]["success_rate_7d"]) == (1, 1.0)
    assert (found["health"]["last_10"], found["last_execution"]["id"]) == (["COMPLETED"], real)
    dashboard = (await work.admin.get("/api/analytics/dashboard")).json()
    assert (dashboard["attention"], dashboard["totals"]["executions"]) == ([], 1)
    assert dashboard["totals"]["success_rate"] == 1.0
    statistics = (await work.admin.get(f"{PATH}/{light}/statistics")).json()
    assert (statistics["executions"], statistics["failures"]) == (1, [])
    for sources, ids in (
        (dashboard["totals"]["completed"]["filter"]["source"], {real}),
        (["studio"], {tried["id"]}),
        ([], {real, tried["id"]}),
    ):
        listed = (await work.admin.get("/api/executions", params={"source": sources})).json()["items"]
        assert {one["id"] for one in listed} == ids


async def test_orders_by_what_ran_last_and_what_failed_most(work: HubAtWork) -> None:
    for name in ("A", "B", "C", "D", "E"):
        await work.publish(LIGHT | {"name": name})
    runner = await work.runner(carry_out=None)
    ends: list[tuple[str, EndState]] = [("C", "FAILED"), ("A", "FAILED"), ("C", "FAILED"), ("B", "COMPLETED")]
    for workflow, state in ends:
        await end(work, runner, workflow, state)
    assert await names(work.admin, sort="-last-run") == ["B", "C", "A", "E", "D"]
    assert await names(work.admin, sort="last-run") == ["D", "E", "A", "C", "B"]
    assert (await names(work.admin, sort="-failures"))[:2] == ["C", "A"]
    assert (await names(work.admin, sort="failures"))[-2:] == ["A", "C"]
    assert sorted(await names(work.admin, sort="-failures")) == ["A", "B", "C", "D", "E"]
    assert await names(work.admin, sort="-name") == ["E", "D", "C", "B", "A"]


async def test_filters(admin: httpx.AsyncClient) -> None:
    for name, description, tags in (
        ("Étoile", "Rechnungen prüfen", ["finance", "daily"]),
        ("Payroll", "Löhne", ["finance"]),
        ("Orders", "", []),
    ):
        await admin.post(PATH, json={"name": name, "description": description, "tags": tags})
    assert await names(admin, text="etoile") == ["Étoile"]
    assert await names(admin, text="ETOILE") == ["Étoile"]
    assert await names(admin, text="PRUFEN") == ["Étoile"]
    assert await names(admin, text="prüf") == ["Étoile"]
    assert await names(admin, text="%") == []
    assert sorted(await names(admin, tag="finance")) == ["Payroll", "Étoile"]
    assert await names(admin, tag=["finance", "daily"]) == ["Étoile"]
    assert await names(admin, has_draft=False) == []
    assert len(await names(admin, has_draft=True)) == 3
    orders = (await admin.get(PATH, params={"text": "orders"})).json()["items"][0]["id"]
    assert (await admin.post(f"{PATH}/{orders}/publish", json={})).status_code == 200
    assert await names(admin, has_draft=False) == ["Orders"]
    assert await names(admin, published=True) == ["Orders"]
    await admin.post(f"{PATH}/{orders}/archive")
    assert await names(admin, archived=True) == ["Orders"]
    assert (await admin.get(f"{PATH}/tags")).json() == [
        {"tag": "finance", "count": 2},
        {"tag": "daily", "count": 1},
    ]


async def test_a_cursor_of_another_order_is_refused(admin: httpx.AsyncClient) -> None:
    for name in "abc":
        await admin.post(PATH, json={"name": name})
    cursor = (await admin.get(PATH, params={"limit": 1, "sort": "-failures"})).json()["next_cursor"]
    assert (await admin.get(PATH, params={"cursor": cursor, "sort": "-last-run"})).status_code == 422


async def test_a_copy_has_the_document_and_a_name_of_its_own(admin: httpx.AsyncClient) -> None:
    document = LIGHT | {"name": "Light", "description": "Adds one"}
    body = {"name": "Light", "description": "Adds one", "tags": ["x"], "document": document}
    made = (await admin.post(PATH, json=body)).json()["workflow"]["id"]
    changed = document | {"variables": {"total": {"type": "number", "default": 7}}}
    await admin.post(f"{PATH}/{made}/versions", json={"document": changed, "based_on": 1})
    copy = await admin.post(f"{PATH}/{made}/duplicate", json={"name": "Copy"})
    assert copy.status_code == 201, copy.text
    workflow = copy.json()["workflow"]
    assert (workflow["name"], workflow["description"], workflow["tags"]) == ("Copy", "Adds one", ["x"])
    assert workflow["latest_number"] == 1
    stored = (await admin.get(f"{PATH}/{workflow['id']}/versions/1")).json()["document"]
    assert stored == changed | {"name": "Copy"}
    old = await admin.post(f"{PATH}/{made}/duplicate", json={"name": "Old copy", "number": 1})
    stored = (await admin.get(f"{PATH}/{old.json()['workflow']['id']}/versions/1")).json()["document"]
    assert stored == document | {"name": "Old copy"}
    assert (await admin.post(f"{PATH}/{made}/duplicate", json={"name": "Copy"})).status_code == 409
    assert (await admin.post(f"{PATH}/{made}/duplicate", json={"name": "X", "number": 9})).status_code == 404
