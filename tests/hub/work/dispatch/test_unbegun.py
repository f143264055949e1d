"""An assignment that a connected Runner does not begin has a limit too."""

from __future__ import annotations

from datetime import timedelta

from at_work import HubAtWork, eventually

from exekra.flow.events import ExecutionStarted
from exekra.protocol.messages import Assign, Held, Refused
from exekra.testing.simulated_runner import SimulatedRunner


async def given_earlier(work: HubAtWork) -> None:
    """What was assigned was assigned three minutes earlier: the moment is PostgreSQL's, whose clock does not jump."""
    async with work.hub.database.transaction() as connection:
        await connection.execute("UPDATE execution SET assigned_at = assigned_at - interval '181 s'")


async def later(work: HubAtWork, *runners: SimulatedRunner) -> None:
    """Three minutes later: these Runners have said all the time that they live, and the Hub looks."""
    work.clock.ahead += timedelta(seconds=181)
    await given_earlier(work)
    for runner in runners:
        await runner.heartbeat()

    async def all_are_heard() -> bool:
        await work.dispatch.heartbeats.write()
        seconds = "extract(epoch FROM $1 - at)"
        rows = await work.fetch(f"SELECT count(*) FROM runner_heartbeat WHERE {seconds} < 60", work.clock.now())
        return rows[0]["count"] >= len(runners)

    await eventually(all_are_heard, "the heartbeats do not arrive")
    await work.dispatch.sweep.look()


async def test_what_is_not_begun_is_taken_back_once_and_then_fails(work: HubAtWork) -> None:
    await work.publish()
    stuck = await work.runner(carry_out=None)
    made = await work.start()
    first = await stuck.expect(Assign)
    await later(work, stuck)
    assert (await stuck.expect(Refused)).lease == first.lease
    await work.until(made["id"], "QUEUED")
    assert await work.runner_state(stuck) == "ONLINE"
    assert (await work.fetch("SELECT resting_until > now() AS rests FROM runner"))[0]["rests"], "others come first"

    second = await work.runner(carry_out=None)
    await second.expect(Assign)
    await later(work, stuck, second)
    ended = await work.until(made["id"], "FAILED")
    assert ended["failure"]["type"] == "RunnerStuck"
    assert "restart it" in ended["failure"]["message"]


async def test_another_runner_takes_it(work: HubAtWork) -> None:
    await work.publish()
    stuck = await work.runner(carry_out=None)
    made = await work.start()
    await stuck.expect(Assign)
    able = await work.runner()
    await later(work, stuck, able)
    assert (await work.until(made["id"], "COMPLETED"))["runner_id"] == work.id_of(able)


async def test_a_runner_that_has_just_come_back_may_have_begun_it(work: HubAtWork) -> None:
    await work.publish()
    runner = await work.runner(carry_out=None)
    made = await work.start()
    assigned = await runner.expect(Assign)
    work.clock.ahead += timedelta(seconds=181)
    await work.lose(runner)
    await given_earlier(work)
    held = (Held(execution_id=assigned.execution_id, lease=assigned.lease),)
    await work.connect(work.registered[runner.token], carry_out=None, held=held)
    await work.dispatch.sweep.look()
    assert (await work.get(made["id"]))["state"] == "ASSIGNED"


async def test_an_execution_that_was_begun_has_no_such_limit(work: HubAtWork) -> None:
    await work.publish()
    runner = await work.runner(carry_out=None)
    made = await work.start()
    assigned = await runner.expect(Assign)
    await runner.report(assigned, ExecutionStarted(at=1))
    await work.until(made["id"], "RUNNING")
    work.clock.ahead += timedelta(seconds=181)
    await given_earlier(work)
    await work.dispatch.sweep._take_back_unbegun()
    assert (await work.get(made["id"]))["state"] == "RUNNING"
