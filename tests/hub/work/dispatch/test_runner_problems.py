"""A Runner that cannot start executions is assigned nothing, and everybody can see why."""

from __future__ import annotations

from typing import Any

from at_work import HubAtWork, eventually

from exekra.protocol.messages import Assign, Decline, WorkFailure

PROBLEM = "The Runner's machine refuses another process: Cannot allocate memory."
FAILURE = WorkFailure(name="delivering files", restarts=3, failing=True, error="OSError", failed_at=1_800_000_000.0)


async def test_a_runner_that_can_begin_nothing_is_left_alone_until_it_can(work: HubAtWork) -> None:
    await work.publish()
    runner = await work.runner("Front desk", carry_out=None)

    async def seen() -> dict[str, Any]:
        return (await work.admin.get(f"/api/runners/{work.id_of(runner)}")).json()

    assigned = await work.start()
    assignment = await runner.expect(Assign)
    await runner.send(Decline(execution_id=assignment.execution_id, lease=assignment.lease, reason=PROBLEM))
    await runner.heartbeat(problem=PROBLEM, failures=(FAILURE,))

    async def told() -> bool:
        return (await seen())["problem"] == PROBLEM

    await eventually(told, "the Hub does not tell the Runner's problem")
    [failure] = (await seen())["failures"]
    assert failure["name"] == "delivering files"
    assert (failure["restarts"], failure["failing"], failure["error"]) == (3, True, "OSError")
    assert failure["failed_at"].startswith("2027-01-15T08:00:00")
    [listed] = (await work.admin.get("/api/runners")).json()["items"]
    assert listed["problem"] == PROBLEM

    waiting = (await work.admin.get(f"/api/executions/{assigned['id']}/waiting")).json()
    assert waiting["code"] == "runner-problem"
    assert waiting["message"] == f"'Front desk' cannot start executions right now. {PROBLEM}"
    refused = await work.admin.post(
        "/api/executions", json={"workflow": "Light", "interactive": True, "runner": "Front desk"}
    )
    assert refused.status_code == 409
    assert refused.json()["error"]["code"] == "runner-problem"
    system = (await work.admin.get("/api/system")).json()
    assert [one["text"] for one in system["recommendations"] if "Front desk" in one["text"]] == [
        f"A Runner cannot start executions. Front desk: {PROBLEM}"
    ]

    # Rested enough after it declined, it still gets nothing; without the problem it gets the execution at once.
    await work.fetch("UPDATE runner SET resting_until = NULL")
    assert await work.dispatch.dispatcher.assign_batch() == 0
    await runner.heartbeat()
    again = await runner.expect(Assign)
    assert again.execution_id == assignment.execution_id
    assert again.lease > assignment.lease
    assert (await seen())["problem"] is None


async def test_a_new_connection_begins_without_a_problem(work: HubAtWork) -> None:
    await work.publish()
    runner = await work.runner("Front desk", carry_out=None)
    await runner.heartbeat(problem="No room\0.")

    async def stored() -> bool:
        rows = await work.fetch("SELECT problem FROM runner")
        return bool(rows[0]["problem"] == "No room.")

    await eventually(stored, "the problem is not stored")
    await work.lose(runner)
    back = await work.connect(work.registered[runner.token], carry_out=None)
    execution = await work.start()
    assert (await back.expect(Assign)).execution_id == execution["id"]
