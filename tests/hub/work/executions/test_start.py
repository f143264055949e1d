"""What becomes an execution, and what is refused."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import asyncpg
import pytest
from at_work import LIGHT, HubAtWork, serve
from signed_in import TestClock, make_client

from exekra.hub.core.settings import Settings
from exekra.protocol.messages import Assign

TYPED: dict[str, Any] = LIGHT | {
    "name": "Typed",
    "inputs": {
        "file": {"type": "file"},
        "amount": {"type": "number", "default": 1},
        "day": {"type": "date", "default": "2026-01-01"},
        "rows": {"type": "table", "default": []},
        "sure": {"type": "boolean", "default": True},
        "number": {"type": "number", "default": 1},
    },
}


async def test_a_request_becomes_a_queued_row_with_its_audit_entry(work: HubAtWork) -> None:
    id = await work.publish()
    made = await work.start(inputs={"number": 5}, priority=70, labels=["b", "a"], timeout=60)
    assert (made["state"], made["workflow_id"], made["priority"]) == ("QUEUED", id, 70)
    assert made["created_by_name"] == "admin@example.org"
    read = await work.get(made["id"])
    assert {key: read[key] for key in made} == made
    assert read["inputs"] == {"number": 5}
    assert read["labels"] == ["a", "b"]
    entries = (await work.admin.get("/api/audit", params={"action": "execution.start"})).json()["items"]
    assert [entry["resource_id"] for entry in entries] == [made["id"]]


async def test_many_interactive_starts_at_once_are_all_answered(settings: Settings, clock: TestClock) -> None:
    """None waits for a connection while it holds one: twenty times more of them come than there are connections."""
    labels = [f"label-{number}" for number in range(10)]
    settings = replace(settings, pool_largest=10, database_patience_seconds=120.0)
    async with serve(settings, clock) as work:
        await work.publish()
        for _ in range(3):
            await work.runner(labels=labels)
        request = {"workflow": "Light", "interactive": True}
        answers = await asyncio.gather(
            *(
                work.admin.post("/api/executions", json=request | {"labels": [labels[number % 10]]}, timeout=120)
                for number in range(200)
            )
        )
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert {answer.json()["error"]["code"] for answer in answers if answer.status_code == 409} <= {"all-busy", "next"}
    assert any(answer.status_code == 201 for answer in answers)


async def test_a_request_is_kept_although_it_cannot_be_sent(work: HubAtWork, monkeypatch: pytest.MonkeyPatch) -> None:
    """What fails after the commit is not answered as if the execution had been refused."""
    await work.publish()
    await work.runner(carry_out=None)

    async def fail(*_: object) -> None:
        raise asyncpg.InternalServerError("broken")

    monkeypatch.setattr("exekra.hub.work.dispatch.documents.Documents.assign_message", fail)
    for more in ({"interactive": True}, {}):
        made = await work.start(**more)
        assert (await work.get(made["id"]))["id"] == made["id"]


async def test_a_workflow_is_found_by_id_and_by_name(work: HubAtWork) -> None:
    id = await work.publish()
    assert (await work.start(id))["workflow_name"] == "Light"
    assert (await work.start("Light"))["workflow_id"] == id
    assert (await work.admin.post("/api/executions", json={"workflow": "None"})).status_code == 404


@pytest.mark.parametrize(
    ("inputs", "where", "words"),
    [
        ({}, "body.inputs.file", "is missing"),
        ({"file": 3}, "body.inputs.file", "path of a file"),
        ({"file": {}}, "body.inputs.file", "$file"),
        ({"file": ""}, "body.inputs.file", "is missing"),
        ({"file": None}, "body.inputs.file", "is missing"),
        ({"file": "a", "amout": 1}, "body.inputs.amout", "did you mean 'amount'"),
        ({"file": "a", "amount": "1"}, "body.inputs.amount", "a number, not '1'"),
        ({"file": "a", "amount": True}, "body.inputs.amount", "a number"),
        ({"file": "a", "day": "tomorrow"}, "body.inputs.day", "ISO 8601"),
        ({"file": "a", "rows": [1]}, "body.inputs.rows", "list of objects"),
        ({"file": "a", "sure": "yes"}, "body.inputs.sure", "true or false"),
    ],
)
async def test_inputs_are_checked_against_the_published_version(
    work: HubAtWork, inputs: dict[str, Any], where: str, words: str
) -> None:
    await work.publish(TYPED)
    answer = await work.admin.post("/api/executions", json={"workflow": "Typed", "inputs": inputs})
    assert answer.status_code == 422
    error = answer.json()["error"]
    assert error["where"] == where
    assert words in error["message"]
    assert await work.fetch("SELECT FROM execution") == []


@pytest.mark.parametrize(
    "body",
    [
        {"priority": 101},
        {"priority": -1},
        {"timeout": 0},
        {"timeout": 1e300},
        {"unique_key": "a\0b"},
        {"workflow": "a\0b"},
        {"runner": "\0"},
        {"labels": ["not a label"]},
        {"version": 2**40},
        {"runner_type": "X"},
        {"unknown": 1},
        {"inputs": {"who": "x" * 1_000_001}},
    ],
)
async def test_a_wrong_request_is_refused(work: HubAtWork, body: dict[str, Any]) -> None:
    await work.publish()
    answer = await work.admin.post("/api/executions", json={"workflow": "Light"} | body)
    assert answer.status_code == 422, answer.text


async def test_inputs_may_hold_any_character(work: HubAtWork) -> None:
    await work.publish()
    made = await work.start(inputs={"who": "a\0b \U0001f600"})
    assert (await work.get(made["id"]))["inputs"] == {"who": "a\0b \U0001f600"}


async def test_a_draft_runs_only_when_named_and_only_for_a_developer(work: HubAtWork) -> None:
    made = await work.admin.post("/api/workflows", json={"name": "Light", "document": LIGHT})
    unpublished = await work.admin.post("/api/executions", json={"workflow": "Light"})
    assert unpublished.status_code == 409
    assert unpublished.json()["error"]["code"] == "not-published"
    assert (await work.start(version=1))["version"] == 1
    assert (await work.admin.post("/api/executions", json={"workflow": "Light", "version": 9})).status_code == 404
    body = {"email": "op@example.org", "name": "Op", "role": "OPERATOR", "password": "correct horse battery"}
    await work.admin.post("/api/users", json=body)
    session = await work.admin.post("/api/session", json={"email": body["email"], "password": body["password"]})
    work.admin.cookies.clear()
    async with make_client(work.app, session.json()["token"]) as operator:
        assert (await operator.post("/api/executions", json={"workflow": "Light", "version": 1})).status_code == 403
        await work.admin.post(f"/api/workflows/{made.json()['workflow']['id']}/publish", json={})
        assert (await operator.post("/api/executions", json={"workflow": "Light", "version": 1})).status_code == 201


async def test_an_archived_workflow_is_refused(work: HubAtWork) -> None:
    id = await work.publish()
    await work.admin.post(f"/api/workflows/{id}/archive")
    answer = await work.admin.post("/api/executions", json={"workflow": id})
    assert answer.json()["error"]["code"] == "workflow-archived"


async def test_a_unique_key_is_held_until_its_execution_has_ended(work: HubAtWork) -> None:
    await work.publish()
    first = await work.start(unique_key="invoice-1")
    again = await work.admin.post("/api/executions", json={"workflow": "Light", "unique_key": "invoice-1"})
    assert again.status_code == 409
    error = again.json()["error"]
    assert error["code"] == "duplicate-execution"
    assert error["problems"][0]["where"] == first["id"]
    await work.start(unique_key="invoice-2")
    await work.admin.post(f"/api/executions/{first['id']}/stop")
    await work.start(unique_key="invoice-1")


async def test_an_interactive_run_goes_straight_to_the_chosen_runner(work: HubAtWork) -> None:
    await work.publish()
    registered = await work.register("Mine")
    body = {"workflow": "Light", "runner": "Mine", "interactive": True}
    offline = await work.admin.post("/api/executions", json=body)
    assert offline.status_code == 409
    assert offline.json()["error"]["code"] == "runner-offline"
    runner = await work.connect(registered, carry_out=None)
    made = await work.admin.post("/api/executions", json=body)
    assert made.json()["state"] == "ASSIGNED"
    assert made.json()["runner_name"] == "Mine"
    assert (await runner.expect(Assign)).execution_id == made.json()["id"]
    busy = await work.admin.post("/api/executions", json=body)
    assert busy.status_code == 409
    assert made.json()["id"] in busy.json()["error"]["message"]
    assert len(await work.fetch("SELECT FROM execution")) == 1
    nobody = await work.admin.post("/api/executions", json=body | {"runner": "Nobody"})
    assert nobody.status_code == 404


async def test_an_interactive_run_without_a_runner_goes_to_one_that_is_free(work: HubAtWork) -> None:
    await work.publish()
    body = {"workflow": "Light", "interactive": True}
    nobody = await work.admin.post("/api/executions", json=body)
    assert (nobody.status_code, nobody.json()["error"]["code"]) == (409, "no-runner")
    first, second = await work.runner("One", carry_out=None), await work.runner("Two", carry_out=None)
    names = {(await work.admin.post("/api/executions", json=body)).json()["runner_name"] for _ in range(2)}
    assert names == {"One", "Two"}
    assert (await first.expect(Assign)).checkpoint_each
    assert (await second.expect(Assign)).checkpoint_each
    busy = await work.admin.post("/api/executions", json=body)
    assert (busy.status_code, busy.json()["error"]["code"]) == (409, "all-busy")
    assert busy.json()["error"]["message"] == "All 2 Runners that can take it are busy."
    assert len(await work.fetch("SELECT FROM execution")) == 2


async def test_run_again_takes_the_same_inputs(work: HubAtWork) -> None:
    await work.publish()
    await work.runner()
    first = await work.start(inputs={"number": 7}, priority=12)
    await work.until(first["id"], "COMPLETED")
    answer = await work.admin.post(f"/api/executions/{first['id']}/again")
    assert answer.status_code == 201
    second = await work.until(answer.json()["id"], "COMPLETED")
    assert (second["inputs"], second["priority"]) == ({"number": 7}, 12)
    assert (await work.admin.post(f"/api/executions/{second['workflow_id']}/again")).status_code == 404


async def test_a_request_whose_commit_is_lost_is_not_told_as_refused(
    work: HubAtWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    await work.publish()

    async def lose(*_: object) -> None:
        raise asyncpg.ConnectionDoesNotExistError("connection was closed in the middle of operation")

    monkeypatch.setattr("exekra.hub.work.dispatch.store.enqueue", lose)
    answer = await work.admin.post("/api/executions", json={"workflow": "Light"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "outcome-unknown")
