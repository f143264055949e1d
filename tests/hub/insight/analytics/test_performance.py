"""The figures of workflows."""

from __future__ import annotations

import pytest
from at_work import LIGHT, HubAtWork

from exekra.flow.events import EndState, ExecutionFinished, ExecutionStarted, Metric
from exekra.protocol.messages import Assign

PATH = "/api/analytics/process-performance"


async def test_the_figures_are_those_of_the_executions(work: HubAtWork) -> None:
    await work.publish()
    await work.publish(LIGHT | {"name": "Other"})
    runner = await work.runner(carry_out=None)
    ends: list[tuple[str, EndState, float, tuple[int, ...]]] = [
        ("Light", "COMPLETED", 1.0, (10, 30)),
        ("Light", "COMPLETED", 3.0, (80,)),
        ("Light", "FAILED", 9.0, ()),
        ("Other", "STOPPED", 1.0, ()),
    ]
    for workflow, state, seconds, cpu in ends:
        made = await work.start(workflow)
        metrics = [Metric(at=1, cpu_percent=value, memory_mb=value * 10) for value in cpu]
        ended = ExecutionFinished(at=2, state=state, seconds=seconds)
        await runner.report(await runner.expect(Assign), ExecutionStarted(at=1), *metrics, ended)
        await work.until(made["id"], state)
    answer = await work.admin.get(PATH)
    assert answer.status_code == 200, answer.text
    light, other = answer.json()["items"]
    assert (light["workflow_name"], light["executions"], light["completed"], light["failed"]) == ("Light", 3, 2, 1)
    assert light["success_rate"] == pytest.approx(2 / 3)
    assert (light["cpu_average"], light["cpu_peak"], light["memory_peak"]) == (pytest.approx(40), 80, 800)
    assert (light["seconds_average"], light["seconds_p50"], light["seconds_p99"]) == (2, 2, pytest.approx(2.98))
    assert [period["completed"] for period in light["periods"]] == [2]
    assert (other["stopped"], other["success_rate"], other["cpu_average"], other["seconds_p50"]) == (
        1,
        None,
        None,
        None,
    )


@pytest.mark.parametrize(
    "params",
    [
        {"since": "2026-01-02T00:00:00Z", "until": "2026-01-01T00:00:00Z"},
        {"since": "1970-01-01T00:00:00Z"},
        {"since": "2026-01-01T00:00:00Z", "until": "2026-03-01T00:00:00Z", "period": "hour"},
        {"until": "0001-01-01T00:00:00Z"},
        {"period": "second"},
        {"limit": 0},
    ],
)
async def test_wrong_questions_are_refused(work: HubAtWork, params: dict[str, object]) -> None:
    assert (await work.admin.get(PATH, params=params)).status_code == 422


async def test_a_hub_without_executions_has_no_figures(work: HubAtWork) -> None:
    assert (await work.admin.get(PATH, params={"period": "hour"})).json()["items"] == []
