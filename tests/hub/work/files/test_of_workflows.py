"""Files that belong to workflows, on their way to Runners: assigned with the documents, fetched by hash."""

from __future__ import annotations

import hashlib
from typing import Any

import httpx
from at_work import LIGHT, HubAtWork

from exekra.protocol.messages import Assign
from exekra.testing.simulated_runner import SimulatedRunner

CALLER: dict[str, Any] = {
    "format": "exekra.flow/1",
    "name": "Caller",
    "nodes": {"call": {"do": "call_workflow", "with": {"workflow": "Light"}}},
    "edges": ["start -> call"],
}


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


async def give(work: HubAtWork, id: str, path: str, data: bytes) -> None:
    """Let a file belong to a workflow, and publish it."""
    uploaded = await work.admin.post(f"/api/workflows/{id}/files/contents", content=data)
    change = {"action": "put", "path": path, "content_id": uploaded.json()["content_id"]}
    number = (await work.admin.get(f"/api/workflows/{id}")).json()["latest_number"]
    changed = await work.admin.post(f"/api/workflows/{id}/files", json={"based_on": number, "changes": [change]})
    assert changed.status_code == 201, changed.text
    assert (await work.admin.post(f"/api/workflows/{id}/publish", json={})).status_code == 200


async def fetch(work: HubAtWork, runner: SimulatedRunner, assignment: Assign, wanted: str) -> httpx.Response:
    """Fetch a content as a Runner does."""
    headers = {"Authorization": f"Bearer {runner.token}"}
    async with httpx.AsyncClient(base_url=work.url, headers=headers, trust_env=False) as client:
        address = f"/api/runner/executions/{assignment.execution_id}/contents/{wanted}"
        return await client.get(address, params={"lease": assignment.lease})


async def test_files_are_assigned_with_their_workflows_and_fetched(work: HubAtWork) -> None:
    light, caller = await work.publish(), await work.publish(CALLER)
    await give(work, light, "rates.csv", b"of the called one")
    await give(work, caller, "lib/a.py", b"of the caller")
    nobodys = await work.publish(LIGHT | {"name": "Not called"})
    await give(work, nobodys, "secret.txt", b"of another one")
    runner = await work.runner(carry_out=None)
    await work.start("Caller")
    assignment = await runner.expect(Assign)
    assert {key: [file.path for file in files] for key, files in assignment.workflow_files.items()} == {
        "": ["lib/a.py"],
        "Light": ["rates.csv"],
    }
    for data in (b"of the caller", b"of the called one"):
        answer = await fetch(work, runner, assignment, sha256(data))
        assert answer.content == data, answer.text
    refused = await fetch(work, runner, assignment, sha256(b"of another one"))
    assert refused.json()["error"]["code"] == "content-unknown"
    await give(work, light, "rates.csv", b"published while it was fetched")
    still = await fetch(work, runner, assignment, sha256(b"of the called one"))
    assert still.content == b"of the called one"


async def test_an_older_runner_is_not_assigned_what_needs_files(work: HubAtWork) -> None:
    light = await work.publish()
    await work.publish(CALLER)
    old = await work.connect(await work.register("Old"), carry_out=None, capabilities=("ask",))
    await give(work, light, "rates.csv", b"x")
    waiting = [await work.start(name) for name in ("Light", "Caller")]
    for started in waiting:
        assert (await work.get(started["id"]))["waiting"]["code"] == "runner-too-old"
    await work.publish(LIGHT | {"name": "Without files"})
    await work.start("Without files")
    assert (await old.expect(Assign)).workflow == "Without files"
    new = await work.runner(carry_out=None)
    assert (await new.expect(Assign)).execution_id == waiting[0]["id"]
