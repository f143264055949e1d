"""The main job on a platform that was just started: a workflow goes from file to finished execution."""

from __future__ import annotations

import asyncio
import sys

import pytest

from exekra.testing.patience import PATIENCE_SECONDS

from .platform import Platform

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals are those of POSIX")

FLOW = """
format: exekra.flow/1
name: Add
inputs:
  a: {type: number}
  b: {type: number, default: 2}
outputs:
  sum: {type: number, value: "{a + b}"}
nodes:
  tell:
    do: general.log
    with: {message: "{a} and {b}"}
edges:
- start -> tell
"""


async def test_a_workflow_goes_from_file_to_finished_execution(platform: Platform) -> None:
    await platform.start()
    async with platform.client() as client:
        answer = await client.post("/api/workflows/import", content=FLOW, headers={"Content-Type": "application/yaml"})
        assert answer.status_code == 201, answer.text
        workflow = answer.json()["workflow"]["id"]
        answer = await client.post(f"/api/workflows/{workflow}/publish", json={})
        assert answer.status_code == 200, answer.text
        answer = await client.post("/api/executions", json={"workflow": "Add", "inputs": {"a": 40}})
        assert answer.status_code in {201, 202}, answer.text
        execution = answer.json()["id"]
        async with asyncio.timeout(PATIENCE_SECONDS):
            while (detail := (await client.get(f"/api/executions/{execution}")).json())["state"] != "COMPLETED":
                assert detail["state"] not in {"FAILED", "STOPPED"}, detail
                await asyncio.sleep(0.05)
        assert detail["outputs"] == {"sum": 42}
        logs = (await client.get(f"/api/executions/{execution}/logs")).json()
        assert "40 and 2" in [line["message"] for line in logs["items"]]
