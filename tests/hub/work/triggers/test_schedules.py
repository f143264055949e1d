"""Schedules on a Hub: fired once, however the clock and other Hubs behave."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from at_work import LIGHT, HubAtWork

from exekra.hub.work.triggers.firing import Firings


def draft(**changes: Any) -> dict[str, Any]:
    return {"name": "Every hour", "workflow": "Light", "schedule": {"cron": "0 * * * *"}} | changes


async def make(work: HubAtWork, **changes: Any) -> dict[str, Any]:
    answer = await work.admin.post("/api/triggers", json=draft(**changes))
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def fired(work: HubAtWork, trigger: dict[str, Any]) -> list[dict[str, Any]]:
    """What came of a trigger, the oldest first."""
    await work.hub.get(Firings).fire_due()
    answer = await work.admin.get(f"/api/triggers/{trigger['id']}/firings")
    items: list[dict[str, Any]] = answer.json()["items"]
    return items[::-1]


async def test_an_hour_fires_once(work: HubAtWork) -> None:
    work.clock.stand_still()
    await work.publish()
    trigger = await make(work, inputs={"who": "Anna"}, priority=70)
    assert (trigger["words"], trigger["problem"]) == ("At the start of every hour", None)
    assert await fired(work, trigger) == []
    work.clock.ahead += timedelta(hours=1)
    (firing,) = await fired(work, trigger)
    assert (firing["state"], firing["due_at"]) == ("started", trigger["next_fire_at"])
    execution = await work.get(firing["execution_id"])
    assert (execution["source"], execution["inputs"], execution["priority"]) == ("schedule", {"who": "Anna"}, 70)
    assert len(await fired(work, trigger)) == 1
    listed = (await work.admin.get("/api/triggers")).json()
    assert listed[0]["last"]["execution_state"] == "QUEUED"


async def test_two_hubs_at_the_same_moment_start_one(work: HubAtWork) -> None:
    work.clock.stand_still()
    await work.publish()
    trigger = await make(work)
    work.clock.ahead += timedelta(hours=1)
    others = [Firings(work.hub) for _ in range(4)]
    await asyncio.gather(*(one.fire_due() for one in others))
    assert len(await fired(work, trigger)) == 1
    assert len((await work.admin.get("/api/executions")).json()["items"]) == 1


async def test_what_was_missed_while_no_hub_ran(work: HubAtWork) -> None:
    work.clock.stand_still()
    await work.publish()
    triggers = {kind: await make(work, name=kind, schedule={"cron": "0 * * * *", "misfire": kind})
                for kind in ("skip", "once", "all")}  # fmt: skip
    work.clock.ahead += timedelta(hours=5)
    work.clock.ahead += timedelta(minutes=-work.clock.now().minute + 30)  # half an hour after the last time
    states = {kind: [one["state"] for one in await fired(work, trigger)] for kind, trigger in triggers.items()}
    assert states["skip"] == ["missed"]
    assert states["once"] == ["missed", "started"]
    assert set(states["all"]) == {"started"}
    assert len(states["all"]) >= 5
    (missed,) = await fired(work, triggers["skip"])
    assert "times were missed, since" in missed["message"]


async def test_a_clock_that_is_put_back_does_not_stop_a_schedule(work: HubAtWork) -> None:
    work.clock.stand_still()
    await work.publish()
    trigger = await make(work)
    work.clock.ahead += timedelta(hours=3)
    await fired(work, trigger)
    work.clock.ahead -= timedelta(hours=3)
    await fired(work, trigger)
    now = (await work.admin.get(f"/api/triggers/{trigger['id']}")).json()
    assert now["next_fire_at"] == trigger["next_fire_at"]
    before = len(await fired(work, trigger))
    work.clock.ahead += timedelta(hours=1)
    assert len(await fired(work, trigger)) == before + 1


async def test_skip_while_the_last_one_runs(work: HubAtWork) -> None:
    work.clock.stand_still()
    await work.publish()
    trigger = await make(work, overlap="skip")
    for _ in range(2):
        work.clock.ahead += timedelta(hours=1)
        firings = await fired(work, trigger)
    assert [one["state"] for one in firings] == ["started", "skipped"]
    assert firings[1]["message"] == "The last execution of this trigger had not ended."


async def test_a_workflow_that_is_archived_is_told_and_does_not_stop_the_schedule(work: HubAtWork) -> None:
    work.clock.stand_still()
    id = await work.publish()
    trigger = await make(work)
    assert (await work.admin.post(f"/api/workflows/{id}/archive")).status_code == 200
    assert (await work.admin.get(f"/api/triggers/{trigger['id']}")).json()[
        "problem"
    ] == "The workflow Light is archived."
    work.clock.ahead += timedelta(hours=1)
    (firing,) = await fired(work, trigger)
    assert (firing["state"], firing["message"]) == ("refused", "The workflow 'Light' is archived.")
    await work.admin.post(f"/api/workflows/{id}/restore")
    work.clock.ahead += timedelta(hours=1)
    assert [one["state"] for one in await fired(work, trigger)] == ["refused", "started"]


async def test_one_that_cannot_be_fired_does_not_stop_the_others(
    work: HubAtWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    work.clock.stand_still()
    await work.publish()
    broken, whole = [await make(work, name=name) for name in ("broken", "whole")]
    prepare = Firings._prepare

    async def fail_for_one(firings: Firings, connection: Any, row: Any, *rest: Any) -> Any:
        if row.name == "broken":
            raise RuntimeError("a fault of ours")
        return await prepare(firings, connection, row, *rest)

    monkeypatch.setattr(Firings, "_prepare", fail_for_one)
    work.clock.ahead += timedelta(hours=1)
    assert [one["state"] for one in await fired(work, whole)] == ["started"]
    monkeypatch.undo()
    assert [one["state"] for one in await fired(work, broken)] == ["started"]


async def test_switching_off_and_changing_take_effect_at_once(work: HubAtWork) -> None:
    work.clock.stand_still()
    await work.publish()
    trigger = await make(work)
    off = await work.admin.put(f"/api/triggers/{trigger['id']}", json=draft(enabled=False))
    assert (off.status_code, off.json()["next_fire_at"]) == (200, None)
    work.clock.ahead += timedelta(hours=2)
    assert await fired(work, trigger) == []
    on = await work.admin.put(f"/api/triggers/{trigger['id']}", json=draft(schedule={"cron": "*/5 * * * *"}))
    assert on.json()["schedule"]["cron"] == "*/5 * * * *"
    work.clock.ahead += timedelta(minutes=5)
    assert [one["state"] for one in await fired(work, trigger)] == ["started"]


async def test_run_once_now(work: HubAtWork) -> None:
    await work.publish()
    trigger = await make(work, enabled=False, inputs={"who": "Anna"})
    answer = await work.admin.post(f"/api/triggers/{trigger['id']}/run")
    assert answer.status_code == 201
    execution = await work.get(answer.json()["execution_id"])
    assert (execution["source"], execution["inputs"]) == ("manual", {"who": "Anna"})


async def test_what_is_no_trigger(work: HubAtWork) -> None:
    await work.publish()
    await make(work)
    for changes, status, message in (
        ({"name": "EVERY HOUR"}, 409, "There is a trigger of that name already."),
        ({"name": " "}, 422, "The name is empty."),
        ({"name": "x", "workflow": "None"}, 404, "There is no workflow 'None'."),
        ({"name": "x", "webhook": {}}, 422, "A trigger has either `schedule` or `webhook`."),
        ({"name": "x", "schedule": {"cron": "0 0 31 2 *"}}, 422, ""),
        ({"name": "x", "inputs": {"who": {"$file": "1"}}}, 422, ""),
        ({"name": "x", "inputs": {"who": "a\0b"}}, 422, "A value cannot be stored"),
    ):
        answer = await work.admin.post("/api/triggers", json=draft(**changes))
        assert answer.status_code == status, answer.text
        assert message in answer.text


async def test_preview_and_removal(work: HubAtWork) -> None:
    await work.publish(LIGHT)
    trigger = await make(work)
    shown = await work.admin.post("/api/triggers/preview", json={"cron": "0 9 * * 1-5", "time_zone": "Europe/Berlin"})
    assert shown.json()["words"] == "At 09:00 on Monday through Friday"
    assert len(shown.json()["next"]) == 5
    assert (await work.admin.delete(f"/api/triggers/{trigger['id']}")).status_code == 204
    assert (await work.admin.get(f"/api/triggers/{trigger['id']}")).status_code == 404
    actions = [entry["action"] for entry in (await work.admin.get("/api/audit")).json()["items"]]
    assert {"trigger.create", "trigger.delete"} <= set(actions)
