"""The dashboard: every number is that of the list behind it, and what needs attention is told in few lines."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from at_work import LIGHT, HubAtWork, serve
from signed_in import TestClock

from exekra.flow.events import EndState, ExecutionFinished, ExecutionStarted, Failure
from exekra.hub.core.periods import Period
from exekra.hub.core.settings import Settings
from exekra.hub.insight.dashboard.counting import PastCounts
from exekra.hub.insight.dashboard.service import Figures
from exekra.hub.work.ledger.states import State
from exekra.protocol.messages import Assign
from exekra.testing.simulated_runner import SimulatedRunner

PATH = "/api/analytics/dashboard"


async def dashboard(work: HubAtWork, **params: Any) -> dict[str, Any]:
    work.clock.ahead += timedelta(seconds=20)  # what was kept is too old
    answer = await work.admin.get(PATH, params=params)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def end(
    work: HubAtWork, runner: SimulatedRunner, state: EndState, workflow: str = "Light", text: str = ""
) -> str:
    """Carry out one execution that ends in that state."""
    made = await work.start(workflow)
    failure = Failure(type="Trouble", message=text) if state == "FAILED" else None
    finished = ExecutionFinished(at=2, state=state, seconds=2.0, failure=failure)
    await runner.report(await runner.expect(Assign), ExecutionStarted(at=1), finished)
    await work.until(made["id"], state)
    id: str = made["id"]
    return id


def counted(answer: Any) -> Iterator[tuple[int, dict[str, Any]]]:
    """Every count that has a filter beside it."""
    if isinstance(answer, list):
        for item in answer:
            yield from counted(item)
    elif isinstance(answer, dict):
        if answer.get("filter"):
            yield (answer["count"] if "count" in answer else answer["executions"]), answer["filter"]
        for value in answer.values():
            yield from counted(value)


async def test_every_count_is_that_of_the_list(work: HubAtWork) -> None:
    await work.publish()
    await work.publish(LIGHT | {"name": "Other"})
    runner = await work.runner(carry_out=None)
    ends: list[tuple[EndState, str]] = [
        ("COMPLETED", "Light"),
        ("FAILED", "Light"),
        ("FAILED", "Light"),
        ("STOPPED", "Other"),
        ("FAILED", "Other"),
        ("COMPLETED", "Other"),
    ]
    for state, workflow in ends:
        await end(work, runner, state, workflow)
    await work.start()
    await runner.report(await runner.expect(Assign), ExecutionStarted(at=1))
    for priority in (10, 20, 20):
        await work.start(priority=priority)
    for params in ({}, {"since": (work.clock.now() - timedelta(days=30)).isoformat(), "time_zone": "Europe/Vienna"}):
        found = await dashboard(work, **params)
        checked = list(counted(found))
        assert len(checked) >= 12
        for count, filter in checked:
            given = {key: value for key, value in filter.items() if value is not None} | {"limit": 200}
            listed = await work.admin.get("/api/executions", params=given)
            assert len(listed.json()["items"]) == count, (count, filter)
        totals = found["totals"]
        assert (totals["executions"], totals["completed"]["count"], totals["failed"]["count"]) == (10, 2, 3)
        assert totals["success_rate"] == pytest.approx(2 / 5)
        assert found["before"]["executions"] == 0
        assert found["running"]["count"] == 1
        assert found["queue"]["depth"]["count"] == 3
        columns = ("completed", "failed", "stopped", "unfinished")
        assert sum(one[name] for one in found["over_time"] for name in columns) == 10
        assert found["queue"]["by_priority"] == [{"priority": 20, "count": 2}, {"priority": 10, "count": 1}]
        assert found["runners"] == {"online": 0, "busy": 1, "offline": 0}


async def test_workflows_are_told_with_their_durations_and_their_trend(work: HubAtWork) -> None:
    await work.publish()
    await work.publish(LIGHT | {"name": "Other"})
    runner = await work.runner(carry_out=None)
    for state in ("COMPLETED", "COMPLETED", "FAILED"):
        await end(work, runner, state)
    last = await end(work, runner, "STOPPED", "Other")
    light, other = (await dashboard(work))["workflows"]
    assert (light["name"], light["executions"], light["success_rate"]) == ("Light", 3, pytest.approx(2 / 3))
    assert (light["seconds_p50"], light["seconds_p99"], light["last"]["state"]) == (2.0, 2.0, "FAILED")
    assert (len(light["trend"]), sum(light["trend"]), light["trend"][-1]) == (12, 3, 3)
    assert (other["last"]["id"], other["success_rate"], other["seconds_p50"]) == (last, None, None)
    assert len((await dashboard(work, workflows=1))["workflows"]) == 1
    work.clock.ahead += timedelta(days=1)
    assert (await dashboard(work))["workflows"] == []
    assert (await dashboard(work))["before"]["executions"] == 4


async def test_many_failures_of_a_workflow_are_one_line_with_the_latest_message(work: HubAtWork) -> None:
    await work.publish()
    runner = await work.runner(carry_out=None)
    for number in range(5):
        latest = await end(work, runner, "FAILED", text=f"Attempt {number}")
    [one] = (await dashboard(work))["attention"]
    assert (one["kind"], one["severity"], one["count"]) == ("failed", "error", 5)
    assert (one["title"], one["detail"]) == ("Light failed 5 times", "Trouble: Attempt 4")
    assert one["execution_ids"] == [latest]
    await end(work, runner, "COMPLETED")
    [one] = (await dashboard(work))["attention"]
    assert (one["severity"], one["count"]) == ("warning", 5)


async def test_what_waits_is_told_with_its_reason(work: HubAtWork) -> None:
    await work.publish()
    await work.register()
    lost = [await work.start(labels=["nowhere"]) for _ in range(3)]
    found = await dashboard(work)
    [group] = found["queue"]["by_reason"]
    assert (group["code"], group["count"], group["execution_id"]) == ("no-runner-with-label", 3, lost[0]["id"])
    [one] = found["attention"]
    assert (one["kind"], one["severity"], one["detail"]) == ("no-runner", "error", "No Runner has the label 'nowhere'.")
    assert datetime.fromisoformat(found["queue"]["oldest_at"]) == datetime.fromisoformat(lost[0]["queued_at"])


async def test_waiting_for_long_and_runners_that_are_gone(work: HubAtWork) -> None:
    work.clock.stand_still()  # The other Runner is never silent for longer than the test says.
    await work.publish()
    gone = await work.runner("Gone")
    await work.lose(gone)
    busy = await work.runner("Busy", carry_out=None, labels=["busy"])
    await work.start(labels=["busy"])
    await busy.report(await busy.expect(Assign), ExecutionStarted(at=1))
    waiting = await work.start(labels=["busy"])
    assert [one["kind"] for one in (await dashboard(work))["attention"]] == []
    await work.dispatch.sweep.look()
    work.clock.ahead += timedelta(seconds=15)
    await work.dispatch.sweep.look()
    work.clock.ahead += timedelta(minutes=6)
    found = {one["kind"]: one for one in (await dashboard(work))["attention"]}
    assert found["waiting-too-long"]["execution_ids"] == [waiting["id"]]
    assert "busy" in found["waiting-too-long"]["detail"]
    assert (found["runner-offline"]["title"], found["runner-offline"]["detail"]) == ("1 Runner is OFFLINE", "Gone.")
    assert found["runner-offline"]["runner_ids"] == [work.id_of(gone)]


async def test_what_does_not_go_on_is_stuck(settings: Settings, clock: TestClock) -> None:
    # The clock is put forward by more than a Runner may be silent: that is not what this is about.
    async with serve(replace(settings, sweep_seconds=3600.0, offline_seconds=3600.0), clock) as work:
        await work.publish()
        runner = await work.runner(carry_out=None)
        await end(work, runner, "COMPLETED")
        long = await work.start()
        assignment = await runner.expect(Assign)
        work.clock.ahead += timedelta(minutes=2)
        [one] = (await dashboard(work))["attention"]
        assert (one["kind"], one["count"], one["execution_ids"]) == ("stuck", 1, [long["id"]])
        assert "has not started" in one["detail"]
        await runner.report(assignment, ExecutionStarted(at=1))
        await work.until(long["id"], "RUNNING")
        assert (await dashboard(work))["attention"] == []
        work.clock.ahead += timedelta(minutes=11)
        [one] = (await dashboard(work))["attention"]
        assert "3 times as long as usual" in one["detail"]


async def test_fifty_browsers_cost_as_much_as_one(work: HubAtWork, monkeypatch: pytest.MonkeyPatch) -> None:
    await work.publish()
    asked = 0
    figures = work.hub.get(Figures)
    make = figures._make

    async def noted(*arguments: Any) -> Any:
        nonlocal asked
        asked += 1
        return await make(*arguments)

    monkeypatch.setattr(figures, "_make", noted)
    answers = await asyncio.gather(*(work.admin.get(PATH) for _ in range(50)))
    assert {answer.status_code for answer in answers} == {200}
    assert asked <= 2, "one, or two where five seconds ended meanwhile"


async def test_how_much_there_was_to_do_is_noted_every_minute(work: HubAtWork) -> None:
    await work.publish()
    await work.start()
    figures = work.hub.get(Figures)
    await figures.sample()
    await figures.sample()
    await work.start()
    work.clock.ahead += timedelta(minutes=30)
    await figures.sample()
    work.clock.ahead += timedelta(minutes=1)
    params = {"since": (work.clock.now() - timedelta(hours=2)).isoformat(), "bucket": "quarter-hour"}
    noted = [one["queued"] for one in (await dashboard(work, **params))["queue"]["over_time"]]
    assert [one for one in noted if one is not None] == [1, 2]
    assert noted.count(None) >= 6
    work.clock.ahead += timedelta(days=40)
    await figures.sample()
    assert len(await work.fetch("SELECT FROM load_sample")) == 1


@pytest.mark.parametrize(
    "params",
    [
        {"since": "2026-01-02T00:00:00Z", "until": "2026-01-01T00:00:00Z"},
        {"since": "1970-01-01T00:00:00Z"},
        {"since": "2026-01-01T00:00:00Z", "until": "2026-03-01T00:00:00Z", "bucket": "hour"},
        {"until": "0001-01-01T00:00:00Z"},
        {"time_zone": "Mars/Olympus"},
        {"time_zone": "../../etc/passwd"},
        {"workflows": 51},
    ],
)
async def test_wrong_questions_are_refused(work: HubAtWork, params: dict[str, object]) -> None:
    assert (await work.admin.get(PATH, params=params)).status_code == 422


async def test_what_is_long_over_is_counted_once(work: HubAtWork) -> None:
    await work.publish()
    runner = await work.runner(carry_out=None)
    await end(work, runner, "COMPLETED")
    running = await work.start()
    await runner.report(await runner.expect(Assign), ExecutionStarted(at=1))
    await work.until(running["id"], "RUNNING")
    now = work.clock.now()
    period = Period(now - timedelta(hours=1), now + timedelta(seconds=1))
    past = PastCounts()

    async def count(later: timedelta) -> tuple[int, int]:
        async with work.hub.database.reading() as connection:
            [found] = await past.of(connection, [period], now + later)
        return found[State.COMPLETED], found[State.RUNNING]

    hours = timedelta(hours=2)
    assert await count(hours) == (1, 1)
    await work.fetch("UPDATE execution SET state = 'COMPLETED' WHERE state = 'RUNNING'")
    assert await count(timedelta(minutes=5)) == (2, 0), "what had not ended was not remembered"
    await work.fetch("DELETE FROM execution WHERE id = $1", UUID(running["id"]))
    assert await count(hours) == (1, 0), "nor was what may still change"
    await work.fetch("DELETE FROM execution")
    assert await count(hours) == (1, 0)
