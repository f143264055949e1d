"""Every waiting execution says why."""

from __future__ import annotations

from datetime import timedelta

from at_work import LOGGING, HubAtWork, eventually

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
    assert await why(work, first) == ("no-runner", "No Runner is registered: register one and start it.")
    registered = await work.register("Front desk")
    assert (await why(work, first))[0] == "no-runner-of-type"
    attended = await work.register("Attended", type="ATTENDED")
    assert await why(work, first) == ("no-runner-with-label", "No Runner has the label 'excel'.")
    await work.admin.patch(f"/api/runners/{attended['id']}", json={"labels": ["excel"]})
    code, message = await why(work, first)
    assert (code, message) == ("all-offline", "No Runner is connected: 'Attended' has not connected yet. Start it.")
    logging = await work.start("Logging", runner_type="UNATTENDED")
    code, message = await why(work, logging)
    assert (code, message) == ("all-offline", "No Runner is connected: 'Front desk' has not connected yet. Start it.")
    runner = await work.connect(registered, carry_out=None, entries=(entry("other.thing"),))
    code, message = await why(work, logging)
    assert code == "no-runner-with-activity"
    assert message.startswith("'Front desk' cannot do general.log: install")
    code, message = await why(work, first)
    assert message == "No Runner that can take it is connected: 'Attended' has not connected yet. Start it."
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


async def test_an_execution_goes_only_where_everything_is_that_its_activities_need(work: HubAtWork) -> None:
    await work.publish(LOGGING)
    execution = await work.start("Logging")
    first = await work.register("Front desk")
    await work.connect(first, carry_out=None, entries=(entry("general.log", lacks=("browser", "display")),))

    async def catalogue_is_stored() -> bool:  # A Runner sends it once it is connected.
        return (await work.get(execution["id"]))["waiting"]["code"] == "no-runner-with-capability"

    await eventually(catalogue_is_stored, "the Runner's catalogue is not stored")
    assert await why(work, execution) == (
        "no-runner-with-capability",
        "general.log needs browser and display, and 'Front desk' lacks browser and display: install it there, and "
        "restart the Runner.",
    )
    second = await work.register("Back office")
    await work.connect(second, carry_out=None, entries=(entry("general.log", lacks=("display",)),))

    async def second_is_known() -> bool:
        return "'Back office' lacks" in (await why(work, execution))[1]

    await eventually(second_is_known, "the second Runner's catalogue is not stored")
    _, message = await why(work, execution)
    assert "'Back office' lacks display and 'Front desk' lacks browser and display" in message
    refused = (await work.admin.post("/api/executions", json={"workflow": "Logging", "interactive": True})).json()
    assert refused["error"]["code"] == "no-runner-with-capability"
    third = await work.register("Desktop")
    able = await work.connect(third, carry_out=None, entries=(entry("general.log"),))
    assert (await able.expect(Assign)).execution_id == execution["id"]


async def test_all_places_say_the_same_of_runners_that_are_not_connected(work: HubAtWork) -> None:
    await work.publish(LOGGING)
    runner = await work.runner("Back office")
    await work.register("Front desk")
    await work.lose(runner)
    await work.fetch("UPDATE runner SET online = false, lost_at = $1 WHERE name = 'Back office'", work.clock.now())
    work.clock.ahead += timedelta(minutes=3, seconds=5)
    expected = "No Runner is connected: 'Back office' has been OFFLINE for 3 minutes. Start it."
    queued = await work.start("Logging")
    assert await why(work, queued) == ("all-offline", expected)
    board = (await work.admin.get("/api/analytics/dashboard")).json()
    assert [group["message"] for group in board["queue"]["by_reason"]] == [expected]
    assert expected in [found["detail"] for found in board["attention"]]
    body = {"workflow": "Logging", "interactive": True}
    refused = (await work.admin.post("/api/executions", json=body)).json()["error"]
    assert (refused["code"], refused["message"], refused.get("hint")) == ("all-offline", expected, None)
    refused = (await work.admin.post("/api/executions", json=body | {"runner": "Back office"})).json()["error"]
    assert refused["message"] == "'Back office' has been OFFLINE for 3 minutes: start it, or choose another Runner."
    refused = (await work.admin.post("/api/executions", json=body | {"runner": "Front desk"})).json()["error"]
    assert refused["message"] == "'Front desk' has not connected yet: start it, or choose another Runner."


async def test_one_that_has_begun_or_ended_waits_for_nothing(work: HubAtWork) -> None:
    await work.publish()
    await work.runner()
    made = await work.start()
    await work.until(made["id"], "COMPLETED")
    assert (await work.admin.get(f"/api/executions/{made['id']}/waiting")).json() is None
