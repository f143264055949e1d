"""A draft is checked before it runs."""

from __future__ import annotations

from typing import Any

from at_work import LIGHT, HubAtWork
from signed_in import make_client

BROKEN: dict[str, Any] = LIGHT | {
    "name": "Broken",
    "nodes": {
        "good": {"do": "set_variable", "with": {"variable": "total", "value": 1}},
        "bad": {"do": "set_variable", "with": {"variable": "total", "value": "{nobody}"}},
    },
    "edges": ["start -> good -> bad"],
}


async def save(work: HubAtWork) -> str:
    made = await work.admin.post("/api/workflows", json={"name": "Broken", "document": BROKEN})
    assert made.status_code == 201, made.text
    id: str = made.json()["workflow"]["id"]
    return id


async def test_a_draft_with_errors_is_refused_and_told_with_node_and_field(work: HubAtWork) -> None:
    id = await save(work)
    refused = await work.admin.post("/api/executions", json={"workflow": id, "version": 1})
    assert refused.status_code == 422, refused.text
    error = refused.json()["error"]
    assert (error["code"], error["where"]) == ("workflow-invalid", "body.version")
    assert "nobody" in error["message"]
    assert "allow_errors" in error["hint"]
    assert [(problem["node"], problem["field"]) for problem in error["problems"]] == [("bad", "value")]
    assert (await work.admin.get("/api/executions")).json()["items"] == []


async def test_it_runs_all_the_same_when_that_is_said(work: HubAtWork) -> None:
    id = await save(work)
    made = await work.admin.post("/api/executions", json={"workflow": id, "version": 1, "allow_errors": True})
    assert made.status_code == 201, made.text
    again = f"/api/executions/{made.json()['id']}/again"
    assert (await work.admin.post(again, json={"version": 1})).status_code == 422
    assert (await work.admin.post(again, json={"version": 1, "allow_errors": True})).status_code == 201


async def test_of_a_node_that_runs_alone_only_its_own_errors_count(work: HubAtWork) -> None:
    id = await save(work)
    for node, status in (("good", 201), ("bad", 422)):
        start_at = {"node": node, "scope": {}, "only": True}
        answer = await work.admin.post("/api/executions", json={"workflow": id, "version": 1, "start_at": start_at})
        assert answer.status_code == status, answer.text


async def test_who_may_not_run_drafts_is_told_that_and_not_their_errors(work: HubAtWork) -> None:
    id = await save(work)
    body = {"email": "op@example.org", "name": "Op", "role": "OPERATOR", "password": "correct horse battery"}
    await work.admin.post("/api/users", json=body)
    session = await work.admin.post("/api/session", json={"email": body["email"], "password": body["password"]})
    work.admin.cookies.clear()
    async with make_client(work.app, session.json()["token"]) as operator:
        refused = await operator.post("/api/executions", json={"workflow": id, "version": 1})
    assert refused.status_code == 403, refused.text
