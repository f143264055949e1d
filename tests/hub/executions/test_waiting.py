"""Every waiting execution says why."""

from __future__ import annotations

from datetime import timedelta

from at_work import LOGGING, HubAtWork

from exekra.protocol.messages import Assign
from exekra.testing.simulated_runner import entry


async def why(work: HubAtWork, execution: dict[str, object]) -> tuple[str, str]:
    answer = (await work.admin.get(f"/api/executions/{execution['id']}/waiting")).json()
    assert (await work.get(str(execution["id"])))["waiting"]["code"] == answer["code"]
    return answer["code"], answer["message"]


async def test_the_reasons(work: HubAtWork) -> None:
    await work.publish()
    await work.publish(LOGGING)
    first = await work.start(labels=["excel"], runner_type="ATTENDED")
    assert await why(work, first) == ("no-runner", "No Runner is registered.")
    registered = await work.register("Front desk")
    assert (await why(work, first))[0] == "no-runner-of-type"
    attended = await work.register("Attended", type="ATTENDED")
    assert await why(work, first) == ("no-runner-with-label", "No Runner has the label 'excel'.")
    await work.admin.patch(f"/api/runners/{attended['id']}", json={"labels": ["excel"]})
    code, message = await why(work, first)
    assert (code, message) == ("all-offline", "'Attended' is OFFLINE.")
    logging = await work.start("Logging")
    assert (await why(work, logging))[0] == "no-runner-with-activity"
    assert "general.log" in (await why(work, logging))[1]
    runner = await work.connect(registered, carry_out=None, entries=(entry("other.thing"),))
    light = await work.start()
    assigned = await runner.expect(Assign)
    assert assigned.execution_id == light["id"]
    work.clock.ahead += timedelta(seconds=7)
    code, message = await why(work, light)
    assert code == "not-begun"
    assert "'Front desk' 7 s ago" in message
    ahead = await work.start(priority=80, runner="Front desk")
    behind = await work.start(runner="Front desk")
    assert await why(work, ahead) == ("all-busy", "'Front desk' is busy; 0 executions are ahead of it.")
    code, message = await why(work, behind)
    assert (code, message) == ("all-busy", "'Front desk' is busy; 1 execution is ahead of it.")


async def test_one_that_has_begun_or_ended_waits_for_nothing(work: HubAtWork) -> None:
    await work.publish()
    await work.runner()
    made = await work.start()
    await work.until(made["id"], "COMPLETED")
    assert (await work.admin.get(f"/api/executions/{made['id']}/waiting")).json() is None
