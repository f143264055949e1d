"""The figures of one workflow."""

from __future__ import annotations

from typing import Any

import pytest
from at_work import HubAtWork

from exekra.flow.events import EndState, ExecutionFinished, ExecutionStarted, Failure, NodeTotal, NodeTotals
from exekra.protocol.messages import Assign


async def statistics(work: HubAtWork, id: str, **params: Any) -> dict[str, Any]:
    answer = await work.admin.get(f"/api/workflows/{id}/statistics", params=params)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_a_workflows_figures_nodes_and_failures(work: HubAtWork) -> None:
    id = await work.publish()
    runner = await work.runner(carry_out=None)
    slow_and_quick = (
        NodeTotal(node="slow", count=2, seconds=6.0, failures=1),
        NodeTotal(node="quick", count=4, seconds=1.0),
    )
    ends: list[tuple[EndState, float, str | None]] = [
        ("COMPLETED", 4.0, None),
        ("COMPLETED", 2.0, None),
        ("FAILED", 2.0, "first"),
        ("FAILED", 2.0, "second"),
    ]
    for state, seconds, text in ends:
        made = await work.start()
        failure = Failure(type="Trouble", message=text, node="slow") if text else None
        finished = ExecutionFinished(at=2, state=state, seconds=seconds, failure=failure)
        await runner.report(
            await runner.expect(Assign), ExecutionStarted(at=1), NodeTotals(at=2, totals=slow_and_quick), finished
        )
        await work.until(made["id"], state)
    found = await statistics(work, id)
    assert (found["executions"], found["completed"], found["failed"], found["stopped"]) == (4, 2, 2, 0)
    assert (found["success_rate"], found["seconds_p50"], found["seconds_p99"]) == (0.5, 3.0, pytest.approx(3.98))
    assert found["measured"] == 4
    slow, quick = found["nodes"]
    assert (slow["node"], slow["count"], slow["seconds"], slow["failures"]) == ("slow", 8, 24.0, 4)
    assert (slow["seconds_average"], slow["share"]) == (3.0, 2.4)
    assert (quick["node"], quick["seconds_average"]) == ("quick", 0.25)
    [reason] = found["failures"]
    assert (reason["type"], reason["node"], reason["message"], reason["count"]) == ("Trouble", "slow", "second", 2)
    assert reason["execution_id"] == made["id"]
    last = found["over_time"][-1]
    assert (last["completed"], last["failed"], last["seconds_p50"]) == (2, 2, 3.0)
    listed = await work.admin.get("/api/executions", params=_given(found["filter"]))
    assert len(listed.json()["items"]) == found["executions"]


def _given(filter: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in filter.items() if value is not None}


async def test_a_workflow_that_never_ran_has_no_figures(work: HubAtWork) -> None:
    found = await statistics(work, await work.publish(), bucket="day", time_zone="Europe/Vienna")
    assert (found["executions"], found["success_rate"], found["nodes"], found["failures"]) == (0, None, [], [])
    assert len(found["over_time"]) in {30, 31}
    nobody = await work.admin.get("/api/workflows/01900000-0000-7000-8000-000000000000/statistics")
    assert nobody.status_code == 404
