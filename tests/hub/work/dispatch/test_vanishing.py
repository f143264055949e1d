"""A Runner that goes away, in each state, and comes back, or does not. Nothing stays stuck, and nothing runs twice."""

from __future__ import annotations

from datetime import timedelta

from at_work import HubAtWork, eventually
from signed_in import PASSWORD, sign_in

from exekra.flow.events import ExecutionFinished, ExecutionStarted, Failure, Log
from exekra.protocol.messages import Acknowledge, Assign, Decline, Held, Refused, Stop

STARTED = ExecutionStarted(at=1.0)
FINISHED = ExecutionFinished(at=2.0, state="COMPLETED")


async def lose(work: HubAtWork, minutes: float) -> None:
    """Let time pass, as the sweeps see it."""
    work.clock.ahead += timedelta(seconds=12)
    await work.dispatch.sweep.look()
    work.clock.ahead += timedelta(minutes=minutes)
    await work.dispatch.sweep.sweep()


async def test_vanished_before_it_began_it_is_queued_again_once_and_then_fails(work: HubAtWork) -> None:
    await work.publish()
    made = await work.start()
    for attempt in (1, 2):
        runner = await work.runner(carry_out=None)
        assignment = await runner.expect(Assign)
        await work.lose(runner)
        await lose(work, 4.5)
        assert (await work.get(made["id"]))["state"] == "ASSIGNED"
        await lose(work, 1)
        state = (await work.get(made["id"]))["state"]
        assert state == ("QUEUED" if attempt == 1 else "FAILED")
        assert assignment.execution_id == made["id"]
    failure = (await work.get(made["id"]))["failure"]
    assert failure["type"] == "RunnerLost"
    assert "second time" in failure["message"]


async def test_vanished_while_running_it_fails_and_late_results_are_refused(work: HubAtWork) -> None:
    await work.publish()
    registered = await work.register()
    runner = await work.connect(registered, carry_out=None)
    made = await work.start()
    assignment = await runner.expect(Assign)
    await runner.report(assignment, STARTED)
    await work.until(made["id"], "RUNNING")
    await work.lose(runner)
    await lose(work, 6)
    assert (await work.get(made["id"]))["failure"]["type"] == "RunnerLost"
    held = Held(execution_id=made["id"], lease=assignment.lease)
    back = await work.connect(registered, carry_out=None, held=(held,), token=runner.token)
    assert (await back.expect(Refused)).execution_id == made["id"]
    await back.report(assignment, Log(at=1, message="late"), FINISHED, first=2)
    await back.expect(Refused)
    assert (await work.get(made["id"]))["state"] == "FAILED"
    assert len(await work.events(made["id"])) == 1
    again = await work.start()
    assert (await back.expect(Assign)).execution_id == again["id"]


async def test_a_short_break_loses_nothing(work: HubAtWork) -> None:
    await work.publish()
    registered = await work.register()
    runner = await work.connect(registered, carry_out=None)
    made = await work.start()
    assignment = await runner.expect(Assign)
    await runner.report(assignment, STARTED, Log(at=1, message="before"))
    await runner.expect(Acknowledge)
    await work.lose(runner)
    held = Held(execution_id=made["id"], lease=assignment.lease)
    back = await work.connect(registered, carry_out=None, held=(held,), token=runner.token)
    assert (await back.expect(Acknowledge)).sequence == 2
    await back.report(assignment, Log(at=1, message="before"), Log(at=1, message="after"), FINISHED, first=2)
    await work.until(made["id"], "COMPLETED")
    messages = [event["event"].get("message") for event in await work.events(made["id"])]
    assert messages == [None, "before", "after", None]


async def test_an_assignment_that_did_not_arrive_is_sent_again(work: HubAtWork) -> None:
    await work.publish()
    registered = await work.register()
    runner = await work.connect(registered, carry_out=None)
    made = await work.start()
    first = await runner.expect(Assign)
    await work.lose(runner)
    back = await work.connect(registered, token=runner.token)
    second = await back.expect(Assign)
    assert (second.execution_id, second.lease) == (first.execution_id, first.lease)
    await work.until(made["id"], "COMPLETED")


async def test_a_heartbeat_without_the_assignment_has_it_sent_again(work: HubAtWork) -> None:
    await work.publish()
    runner = await work.runner(carry_out=None)
    await work.start()
    first = await runner.expect(Assign)
    work.clock.ahead += timedelta(seconds=15)
    await runner.heartbeat()
    assert (await runner.expect(Assign)).lease == first.lease


async def test_a_runner_that_was_restarted_and_knows_nothing_fails_what_ran(work: HubAtWork) -> None:
    await work.publish()
    registered = await work.register()
    runner = await work.connect(registered, carry_out=None)
    made = await work.start()
    await runner.report(await runner.expect(Assign), STARTED)
    await work.until(made["id"], "RUNNING")
    await work.lose(runner)
    await work.connect(registered, token=runner.token)
    assert (await work.until(made["id"], "FAILED"))["failure"]["type"] == "ExecutionLost"


async def test_a_runner_that_forgets_what_runs_is_noticed_by_its_heartbeats(work: HubAtWork) -> None:
    await work.publish()
    runner = await work.runner(carry_out=None)
    made = await work.start()
    await runner.report(await runner.expect(Assign), STARTED)
    await work.until(made["id"], "RUNNING")
    for expected in ("RUNNING", "FAILED"):
        work.clock.ahead += timedelta(seconds=30)
        await runner.heartbeat()
        await eventually(_noted(work), "the heartbeat arrives")
        await work.dispatch.heartbeats.write()
        assert (await work.get(made["id"]))["state"] == expected


def _noted(work: HubAtWork):
    async def there() -> bool:
        return bool(work.dispatch.heartbeats._latest)

    return there


async def test_a_declined_assignment_is_queued_again_for_another_runner(work: HubAtWork) -> None:
    await work.publish()
    busy = await work.runner(carry_out=None)
    made = await work.start()
    assignment = await busy.expect(Assign)
    await busy.send(Decline(execution_id=made["id"], lease=assignment.lease, reason="busy with something else"))
    await work.until(made["id"], "QUEUED")
    assert (await work.get(made["id"]))["waiting"]["code"] == "declined"
    willing = await work.runner()
    assert (await work.until(made["id"], "COMPLETED"))["runner_id"] == work.id_of(willing)
    await busy.report(assignment, STARTED, FINISHED)
    await busy.expect(Refused)


async def test_after_ten_minutes_without_a_runner_it_fails(work: HubAtWork) -> None:
    await work.publish()
    nobody = await work.start(labels=["nowhere"])
    await lose(work, 9)
    assert (await work.get(nobody["id"]))["state"] == "QUEUED"
    await lose(work, 1.5)
    ended = await work.get(nobody["id"])
    assert (ended["state"], ended["failure"]["type"]) == ("FAILED", "NoRunner")


async def test_what_waits_for_busy_runners_waits_for_ever(work: HubAtWork) -> None:
    await work.publish()
    runner = await work.runner(carry_out=None)
    await work.start()
    await runner.expect(Assign)
    waiting = await work.start()
    for _ in range(12):
        work.clock.ahead += timedelta(seconds=100)
        await runner.heartbeat()
        await eventually(_noted_or_written(work), "the heartbeat arrives")
        await work.dispatch.heartbeats.write()
        await work.dispatch.sweep.look()
        await work.dispatch.sweep.sweep()
    assert (await work.get(waiting["id"]))["state"] == "QUEUED"


def _noted_or_written(work: HubAtWork):
    async def there() -> bool:
        rows = await work.fetch("SELECT at FROM runner_heartbeat")
        recent = work.clock.now() - timedelta(seconds=50)
        return bool(work.dispatch.heartbeats._latest) or all(row["at"] > recent for row in rows)

    return there


async def test_a_waiting_execution_is_stopped_at_once(work: HubAtWork) -> None:
    await work.publish()
    made = await work.start()
    answer = await work.admin.post(f"/api/executions/{made['id']}/stop")
    assert (answer.status_code, answer.json()["state"]) == (202, "STOPPED")
    again = await work.admin.post(f"/api/executions/{made['id']}/stop")
    assert (again.status_code, again.json()["error"]["code"]) == (409, "already-ended")


async def test_a_running_execution_is_asked_to_stop(work: HubAtWork) -> None:
    await work.publish()
    runner = await work.runner(carry_out=None)
    made = await work.start()
    assignment = await runner.expect(Assign)
    await runner.report(assignment, STARTED)
    await work.until(made["id"], "RUNNING")
    await work.admin.post(f"/api/executions/{made['id']}/stop")
    stop = await runner.expect(Stop)
    assert (stop.execution_id, stop.lease) == (made["id"], assignment.lease)
    await runner.report(assignment, ExecutionFinished(at=2, state="STOPPED"), first=2)
    await work.until(made["id"], "STOPPED")


async def test_a_stop_names_who_asked_for_it_first(work: HubAtWork) -> None:
    await work.publish()
    runner = await work.runner(carry_out=None)
    made = await work.start()
    path = f"/api/executions/{made['id']}"
    assignment = await runner.expect(Assign)
    await runner.report(assignment, STARTED)
    await work.until(made["id"], "RUNNING")
    body = {"email": "olga@example.org", "name": "Olga", "role": "OPERATOR", "password": PASSWORD}
    await work.admin.post("/api/users", json=body)
    token = await sign_in(work.admin, "olga@example.org")
    await work.admin.post(f"{path}/stop", headers={"Authorization": f"Bearer {token}"})
    await work.admin.post(f"{path}/stop")
    failure = Failure(type="StoppedError", message="The execution was stopped.")
    await runner.report(assignment, ExecutionFinished(at=2, state="STOPPED", failure=failure), first=2)
    stopped = await work.until(made["id"], "STOPPED")
    assert stopped["stop_requested_by_name"] == "Olga"
    listed = (await work.admin.get("/api/executions")).json()["items"]
    assert [one["stop_requested_by_name"] for one in listed] == ["Olga"]
    stream = (await work.admin.get(f"{path}/stream")).text
    assert '"state":"STOPPED"' in stream
    assert '"stopped_by":"Olga"' in stream
    waiting = await work.start(labels=["nowhere"])
    answer = await work.admin.post(f"/api/executions/{waiting['id']}/stop")
    assert answer.json()["stop_requested_by_name"] is not None


async def test_a_stop_ends_even_when_the_runner_does_not_obey_or_is_gone(work: HubAtWork) -> None:
    await work.publish()
    deaf, gone = await work.runner(carry_out=None), await work.runner(carry_out=None)
    made = [await work.start(), await work.start()]
    for runner in (deaf, gone):
        await runner.report(await runner.expect(Assign), STARTED)
    for one in made:
        await work.until(one["id"], "RUNNING")
    await work.lose(gone)
    for one in made:
        await work.admin.post(f"/api/executions/{one['id']}/stop")
    await work.dispatch.sweep.look()
    assert {(await work.get(one["id"]))["state"] for one in made} == {"RUNNING"}
    work.clock.ahead += timedelta(seconds=21)
    await work.dispatch.sweep.look()
    assert {(await work.get(one["id"]))["state"] for one in made} == {"STOPPED"}
    await deaf.expect(Refused)
    assert await work.runner_state(deaf) == "ONLINE"


async def test_a_stop_reaches_a_runner_that_was_away(work: HubAtWork) -> None:
    await work.publish()
    registered = await work.register()
    runner = await work.connect(registered, carry_out=None)
    made = await work.start()
    assignment = await runner.expect(Assign)
    await runner.report(assignment, STARTED)
    await work.until(made["id"], "RUNNING")
    await work.lose(runner)
    await work.admin.post(f"/api/executions/{made['id']}/stop")
    held = Held(execution_id=made["id"], lease=assignment.lease)
    back = await work.connect(registered, carry_out=None, held=(held,), token=runner.token)
    assert (await back.expect(Stop)).execution_id == made["id"]
