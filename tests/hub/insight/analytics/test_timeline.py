"""What Runners did when."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from at_work import LIGHT, HubAtWork

from exekra.flow.events import ExecutionStarted
from exekra.hub.insight.analytics import runner_timeline
from exekra.protocol.messages import Assign
from exekra.testing.simulated_runner import SimulatedRunner, complete

PATH = "/api/analytics/runner-timeline"


async def lines(work: HubAtWork, **params: Any) -> list[dict[str, Any]]:
    work.clock.ahead += timedelta(seconds=5)  # what was kept is too old
    answer = await work.admin.get(PATH, params=params)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def carry_out(work: HubAtWork, runner: SimulatedRunner, workflow: str = "Light") -> str:
    made = await work.start(workflow)
    assignment = await runner.expect(Assign)
    await runner.report(assignment, *complete(assignment))
    await work.until(made["id"], "COMPLETED")
    id: str = made["id"]
    return id


async def set_times(work: HubAtWork, id: str, *, began: float, ended: float) -> None:
    """Let an execution have been held so many seconds ago."""
    now = work.clock.now()
    async with work.hub.database.transaction() as connection:
        await connection.execute(
            "UPDATE execution SET assigned_at = $2, finished_at = $3 WHERE id = $1",
            id,
            now - timedelta(seconds=began),
            now - timedelta(seconds=ended),
        )


async def test_each_execution_is_a_segment_and_the_running_one_goes_on(work: HubAtWork) -> None:
    await work.publish()
    runner, idle = await work.runner("A", carry_out=None, labels=["a"]), await work.register("B")
    for began, ended in ((7000, 6000), (3000, 2000), (90_000, 3590)):
        await set_times(work, await carry_out(work, runner), began=began, ended=ended)
    running = await work.start()
    await runner.report(await runner.expect(Assign), ExecutionStarted(at=1))
    await work.until(running["id"], "RUNNING")
    async with work.hub.database.transaction() as connection:
        await connection.execute(
            "UPDATE execution SET assigned_at = $2 WHERE id = $1",
            running["id"],
            work.clock.now() - timedelta(seconds=200),
        )
    since = work.clock.now() - timedelta(hours=1)
    first, second = await lines(work, since=since.isoformat())
    assert (first["name"], first["state"], second["runner_id"]) == ("A", "BUSY", idle["id"])
    assert [one["busy_seconds"] for one in first["segments"]] == pytest.approx([10, 1000, 205], abs=6)
    assert [one["state"] for one in first["segments"]] == ["COMPLETED", "COMPLETED", "RUNNING"]
    assert first["segments"][-1]["execution_id"] == running["id"]
    assert datetime.fromisoformat(first["segments"][0]["begins"]) >= since - timedelta(seconds=5)
    assert first["utilisation"] == pytest.approx(100 * 1210 / 3600, abs=1)
    assert (second["segments"], second["utilisation"], second["absences"]) == ([], 0.0, [])
    assert [one["name"] for one in await lines(work, runner_id=idle["id"])] == ["B"]


async def test_what_is_too_dense_is_drawn_together(work: HubAtWork, monkeypatch: pytest.MonkeyPatch) -> None:
    await work.publish()
    await work.publish(LIGHT | {"name": "Other"})
    runner = await work.runner("A", carry_out=None)
    monkeypatch.setattr(runner_timeline, "MOST_SEGMENTS", 60)
    for began, workflow in ((1800, "Light"), (1799, "Light"), (1798, "Other"), (600, "Light")):
        await set_times(work, await carry_out(work, runner, workflow), began=began, ended=began - 0.5)
    [line] = await lines(work, since=(work.clock.now() - timedelta(hours=1)).isoformat())
    counts = [one["executions"] for one in line["segments"]]
    assert sum(counts) == 4
    assert len(counts) in {2, 3}, "two, or three where a cell ends between them"
    assert sum(one["busy_seconds"] for one in line["segments"]) == pytest.approx(2.0, abs=0.01)


async def test_where_there_are_too_many_it_is_told_from_when(work: HubAtWork, monkeypatch: pytest.MonkeyPatch) -> None:
    await work.publish()
    runner = await work.runner("A", carry_out=None)
    monkeypatch.setattr(runner_timeline, "LEAST_READ", 3)
    monkeypatch.setattr(runner_timeline, "MOST_READ", 3)
    for began in (3000, 2500, 2000, 1500, 1000):
        await set_times(work, await carry_out(work, runner), began=began, ended=began - 500)
    [line] = await lines(work, since=(work.clock.now() - timedelta(hours=1)).isoformat())
    assert sum(one["executions"] for one in line["segments"]) == 3
    told = work.clock.now() - datetime.fromisoformat(line["told_since"])
    assert 1990 < told.total_seconds() < 2100
    assert line["utilisation"] == pytest.approx(75, abs=3)


async def test_absences_are_told(work: HubAtWork) -> None:
    runner = await work.runner()
    await work.lose(runner)
    work.clock.ahead += timedelta(seconds=15)
    await work.dispatch.sweep.look()
    [line] = await lines(work)
    assert [one["ends"] for one in line["absences"]] == [None]
    await work.connect(work.registered[runner.token])
    [line] = await lines(work)
    assert line["absences"][0]["ends"] is not None


async def test_runners_are_paged(work: HubAtWork) -> None:
    for name in "abc":
        await work.register(name)
    first = (await work.admin.get(PATH, params={"limit": 2})).json()
    rest = (await work.admin.get(PATH, params={"limit": 2, "cursor": first["next_cursor"]})).json()
    assert [one["name"] for one in first["items"] + rest["items"]] == ["a", "b", "c"]
    assert rest["next_cursor"] is None


@pytest.mark.parametrize(
    "params", [{"since": "2026-01-01T00:00:00Z", "until": "2026-03-01T00:00:00Z"}, {"cursor": "x"}, {"runner_id": "x"}]
)
async def test_wrong_questions_are_refused(work: HubAtWork, params: dict[str, str]) -> None:
    assert (await work.admin.get(PATH, params=params)).status_code == 422
