"""A Runner whose clock is wrong, either way: its events are stored in the Hub's time, in order, durations kept."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from at_work import HubAtWork

from exekra.flow.events import AnyEvent, ExecutionFinished, ExecutionStarted, Log, Metric
from exekra.hub.fleet.runners.clocks import ClockDifference
from exekra.protocol.messages import Assign

LINES = 12


def ticking(began: float) -> Sequence[AnyEvent]:
    """A line each half second, told by a clock that says `began` at first."""
    return (
        ExecutionStarted(at=began),
        *(Log(at=began + number / 2, message=f"tick {number}") for number in range(LINES)),
        Metric(at=began + LINES / 2, cpu_percent=1, memory_mb=1),
        ExecutionFinished(at=began + LINES / 2, state="COMPLETED", seconds=LINES / 2),
    )


@pytest.mark.parametrize("ahead", [-7200.0, -30.0, -3.0, 3.0, 30.0, 7200.0])
async def test_times_are_the_hubs_whichever_way_the_clock_is_wrong(work: HubAtWork, ahead: float) -> None:
    await work.publish()
    runner = await work.runner(carry_out=None, clock_ahead=ahead)
    made = await work.start()
    assigned = await runner.expect(Assign)
    began = time.time()
    work.clock.ahead += timedelta(seconds=10)  # It ran for six of these ten seconds.
    await runner.report(assigned, *ticking(began + ahead))
    ended = await work.until(made["id"], "COMPLETED")
    events = [one["event"] for one in await work.events(made["id"])]
    times = [one["at"] for one in events if one["event"] == "log"]
    assert len(times) == LINES
    assert times[0] == pytest.approx(began, abs=1)
    assert [late - early for early, late in pairwise(times)] == pytest.approx([0.5] * (LINES - 1), abs=0.01)
    logs = (await work.admin.get(f"/api/executions/{made['id']}/logs")).json()["items"]
    assert [datetime.fromisoformat(one["at"]).timestamp() for one in logs] == pytest.approx(times, abs=0.01)
    ran = datetime.fromisoformat(ended["finished_at"]) - datetime.fromisoformat(ended["started_at"])
    assert ran.total_seconds() == pytest.approx(6, abs=0.01)
    advice = [one["text"] for one in (await work.admin.get("/api/system")).json()["recommendations"]]
    assert any("clocks of Runners are wrong" in text for text in advice), advice


def test_the_quickest_message_comes_nearest() -> None:
    clock, now = ClockDifference(), datetime.now(UTC)
    for late in (1.1, 0.3, 0.9):
        clock.note(now.timestamp() - 30, now + timedelta(seconds=late))
    assert clock.behind_seconds == pytest.approx(30.3)


def test_a_clock_that_was_set_is_believed_at_once() -> None:
    clock, now = ClockDifference(), datetime.now(UTC)
    clock.note(now.timestamp(), now)
    assert clock.behind_seconds == 0
    clock.note(now.timestamp() - 60, now)
    assert clock.behind_seconds == pytest.approx(60)
    assert clock.is_large


def test_an_old_runner_that_does_not_say_is_left_alone() -> None:
    clock = ClockDifference()
    clock.note(None, datetime.now(UTC))
    clock.note(float("nan"), datetime.now(UTC))
    assert clock.behind_seconds == 0
