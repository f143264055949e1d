"""What is known of the past of Runners: heartbeats, absences, executions, and how one is connected."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from at_work import HubAtWork

from exekra.cli import runner as command
from exekra.flow.events import ExecutionStarted
from exekra.hub.fleet.runners import store
from exekra.hub.fleet.runners.retention import forget
from exekra.protocol.messages import Assign
from exekra.testing.simulated_runner import complete

PATH = "/api/runners"


async def beat(work: HubAtWork, id: str, moments: Sequence[datetime], cpu: Sequence[float]) -> None:
    async with work.hub.database.transaction() as connection:
        for at, percent in zip(moments, cpu, strict=True):
            await store.store_heartbeats(connection, [(UUID(id), at, percent, 20.0, 3000.0, 40.0)])


async def metrics(work: HubAtWork, id: str, **params: Any) -> dict[str, Any]:
    answer = await work.admin.get(f"{PATH}/{id}/metrics", params=params)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_heartbeats_are_kept_and_thinned(work: HubAtWork) -> None:
    id = (await work.register())["id"]
    now = work.clock.now()
    moments = [now - timedelta(seconds=30 * number) for number in range(1, 2001)]
    await beat(work, id, moments, [float(number % 2) for number in range(2000)])
    hour = await metrics(work, id)
    assert 118 <= len(hour["points"]) <= 121
    assert [one["at"] for one in hour["points"]] == sorted(one["at"] for one in hour["points"])
    long = await metrics(work, id, since=(now - timedelta(hours=20)).isoformat())
    assert 200 < len(long["points"]) <= 301
    point = long["points"][100]
    assert (point["cpu_peak"], point["memory_used_mb"], point["disk_percent"]) == (1.0, 3000.0, 40.0)
    assert 0.4 < point["cpu_percent"] < 0.6
    assert (await metrics(work, id, until=(now - timedelta(days=2)).isoformat()))["points"] == []
    row = (await work.admin.get(f"{PATH}/{id}")).json()
    assert row["cpu_percent"] is not None, "the latest one stands beside the Runner"


async def test_old_heartbeats_are_forgotten(work: HubAtWork) -> None:
    one, other = (await work.register())["id"], (await work.register())["id"]
    now = work.clock.now()
    await beat(work, one, [now - timedelta(hours=25), now - timedelta(hours=23)], [1, 2])
    await beat(work, other, [now - timedelta(hours=1)], [3])
    await forget(work.hub)
    assert {row["cpu_percent"] for row in await work.fetch("SELECT * FROM runner_metric")} == {2, 3}
    assert (await work.admin.delete(f"{PATH}/{other}")).status_code == 204
    assert {row["cpu_percent"] for row in await work.fetch("SELECT * FROM runner_metric")} == {2}


async def test_the_heartbeat_of_a_removed_runner_is_kept_nowhere(work: HubAtWork) -> None:
    id = (await work.register())["id"]
    assert (await work.admin.delete(f"{PATH}/{id}")).status_code == 204
    await beat(work, id, [work.clock.now()], [1])
    assert await work.fetch("SELECT FROM runner_metric UNION ALL SELECT FROM runner_heartbeat") == []


async def test_absences_begin_when_a_runner_is_lost_and_end_when_it_is_back(work: HubAtWork) -> None:
    runner = await work.runner()
    registered = work.registered[runner.token]
    assert await work.fetch("SELECT * FROM runner_absence") == [], "it had never been there"
    await work.lose(runner)
    lost = (await work.admin.get(f"{PATH}/{registered['id']}")).json()["lost_at"]
    work.clock.ahead += timedelta(seconds=15)
    await work.dispatch.sweep.look()
    [absence] = await work.fetch("SELECT * FROM runner_absence")
    assert (absence["began_at"], absence["ended_at"]) == (datetime.fromisoformat(lost), None)
    await work.connect(registered)
    [absence] = await work.fetch("SELECT * FROM runner_absence")
    assert absence["ended_at"] >= absence["began_at"]
    work.clock.ahead += timedelta(days=32)
    await forget(work.hub)
    assert await work.fetch("SELECT * FROM runner_absence") == []


async def test_one_runner_is_told_with_what_it_does_and_lacks(work: HubAtWork) -> None:
    await work.publish()
    runner = await work.runner(carry_out=None)
    ended = await work.start()
    assignment = await runner.expect(Assign)
    await runner.report(assignment, *complete(assignment))
    await work.until(ended["id"], "COMPLETED")
    running = await work.start()
    await runner.report(await runner.expect(Assign), ExecutionStarted(at=1))
    await work.until(running["id"], "RUNNING")
    found = (await work.admin.get(f"{PATH}/{work.id_of(runner)}")).json()
    assert [one["id"] for one in found["executions"]] == [running["id"], ended["id"]]
    assert (found["execution"]["id"], found["execution"]["state"]) == (running["id"], "RUNNING")
    assert found["lost_at"] is None
    assert "excel.read_range" in found["catalogue"]["lacks"]
    assert "general.log" not in found["catalogue"]["lacks"]
    fresh = await work.register()
    found = (await work.admin.get(f"{PATH}/{fresh['id']}")).json()
    assert (found["catalogue"], found["execution"], found["executions"]) == (None, None, [])


async def test_the_command_that_is_shown_is_one(work: HubAtWork) -> None:
    import argparse

    made = await work.register()
    program, name, *rest = shlex.split(made["command"])
    assert (program, name) == ("exekra", "runner")
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    arguments = parser.parse_args(rest)
    assert (arguments.hub_url, arguments.machine_key, arguments.remember) == (work.url, made["machine_key"], True)
    assert made["machine_secret"] not in made["command"]
    renewed = (await work.admin.post(f"{PATH}/{made['id']}/secret")).json()
    assert renewed["command"] == made["command"]


@pytest.mark.parametrize("host", ["evil;rm -rf ~", "a$(b)", "a b", "a&b"])
async def test_a_strange_host_does_not_come_into_the_command(admin: httpx.AsyncClient, host: str) -> None:
    made = (await admin.post(PATH, json={"name": "R"}, headers={"Host": host})).json()
    assert "--hub-url http://127.0.0.1:4545 " in made["command"]


async def test_no_metrics_without_a_runner(work: HubAtWork) -> None:
    assert (await work.admin.get(f"{PATH}/01900000-0000-7000-8000-000000000000/metrics")).status_code == 404
