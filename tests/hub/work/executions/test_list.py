"""Finding executions again."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from at_work import LIGHT, HubAtWork

from exekra.hub.work.executions import api


async def test_pages_hold_every_execution_once_the_newest_first(work: HubAtWork) -> None:
    await work.publish()
    made = [(await work.start())["id"] for _ in range(7)]
    found: list[str] = []
    cursor = None
    while True:
        params = {"limit": 3} | ({"cursor": cursor} if cursor else {})
        page = (await work.admin.get("/api/executions", params=params)).json()
        found += [one["id"] for one in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert found == made[::-1]


async def test_filters(work: HubAtWork) -> None:
    light = await work.publish()
    await work.publish(LIGHT | {"name": "Other work"})
    runner = await work.runner("R1")
    ended = await work.start()
    await work.until(ended["id"], "COMPLETED")
    waiting = await work.start(labels=["nowhere"])
    moment = work.clock.now()
    work.clock.ahead += timedelta(minutes=1)
    other = await work.start("Other work", labels=["nowhere"])

    async def ids(**params: object) -> set[str]:
        answer = await work.admin.get("/api/executions", params=params)
        assert answer.status_code == 200, answer.text
        return {one["id"] for one in answer.json()["items"]}

    e, w, o = ended["id"], waiting["id"], other["id"]
    assert await ids() == {e, w, o}
    assert await ids(state="QUEUED") == {w, o}
    assert await ids(state=["QUEUED", "COMPLETED"]) == {e, w, o}
    assert await ids(workflow_id=light) == {e, w}
    assert await ids(workflow_id=light, state="QUEUED") == {w}
    assert await ids(runner_id=work.id_of(runner)) == {e}
    assert await ids(text="OTHER") == {o}
    assert await ids(text="other", workflow_id=light) == set()
    assert await ids(text="nothing like it") == set()
    assert await ids(since=moment.isoformat()) == {o}
    assert await ids(until=moment.isoformat()) == {e, w}
    assert await ids(until="0001-01-01T00:00:00Z") == set()
    assert await ids(since="9999-12-31T23:59:59Z") == set()


async def test_what_asked_for_an_execution_is_a_filter_of_the_list_and_its_counts(work: HubAtWork) -> None:
    await work.publish()
    await work.runner("R1", carry_out=None)
    await work.runner("R2", carry_out=None)
    by_hand, scheduled = await work.start(labels=["nowhere"]), await work.start(labels=["nowhere"])
    tried, debugged = await work.start(interactive=True), await work.start(interactive=True, debug={})
    nobody = "01900000-0000-7000-8000-000000000000"
    await work.fetch("UPDATE execution SET source = 'schedule', created_by = NULL WHERE id = $1", UUID(scheduled["id"]))

    async def found(**params: object) -> list[str]:
        listed = await work.admin.get("/api/executions", params=params)
        counted = await work.admin.get("/api/executions/counts", params=params)
        assert (listed.status_code, counted.status_code) == (200, 200), listed.text
        items = listed.json()["items"]
        assert sum(one["count"] for one in counted.json()["items"]) == len(items)
        return [one["id"] for one in reversed(items)]

    h, s, t, d = (one["id"] for one in (by_hand, scheduled, tried, debugged))
    assert await found(source="manual") == [h, t, d]
    assert await found(source="schedule") == [s]
    assert await found(source="webhook") == []
    assert await found(interactive=True) == [t, d]
    assert await found(interactive=False) == [h, s]
    assert await found(debug=True) == [d]
    assert await found(debug=False) == [h, s, t]
    assert await found(source="manual", interactive=False) == [h]
    assert await found(created_by=by_hand["created_by"]) == [h, t, d]
    assert await found(created_by=nobody) == []


async def test_wrong_questions_are_refused(work: HubAtWork) -> None:
    for params in (
        {"limit": 0},
        {"limit": 201},
        {"cursor": "nonsense"},
        {"state": "LOST"},
        {"source": "chance"},
        {"created_by": "me"},
        {"workflow_id": "x"},
        {"text": "a\0"},
        {"since": "yesterday"},
        {"since": "2026-01-01T00:00:00"},
    ):
        answer = await work.admin.get("/api/executions", params=params)
        assert answer.status_code == 422, (params, answer.text)


async def test_what_does_not_exist_is_not_found(work: HubAtWork) -> None:
    nobody = "01900000-0000-7000-8000-000000000000"
    for path in ("", "/logs", "/events", "/stream", "/waiting"):
        assert (await work.admin.get(f"/api/executions/{nobody}{path}")).status_code == 404
    assert (await work.admin.post(f"/api/executions/{nobody}/stop")).status_code == 404


async def test_logs_and_events_are_paged(work: HubAtWork) -> None:
    await work.publish()
    await work.runner()
    made = await work.start()
    await work.until(made["id"], "COMPLETED")
    path = f"/api/executions/{made['id']}"
    first = (await work.admin.get(f"{path}/logs", params={"limit": 1})).json()
    rest = (await work.admin.get(f"{path}/logs", params={"cursor": first["next_cursor"]})).json()
    assert [line["message"] for line in first["items"] + rest["items"]] == ["Line 0 of Light", "Line 1 of Light"]
    assert (await work.admin.get(f"{path}/logs", params={"level": "error"})).json()["items"] == []
    events = (await work.admin.get(f"{path}/events")).json()["items"]
    assert [event["sequence"] for event in events] == [1, 2, 3, 4, 5, 6]
    left = (await work.admin.get(f"{path}/events", params={"kind": "node.left"})).json()["items"]
    assert [event["event"]["port"] for event in left] == ["next"]


async def test_counts_follow_the_filters_of_the_list(work: HubAtWork, monkeypatch: pytest.MonkeyPatch) -> None:
    light = await work.publish()
    await work.publish(LIGHT | {"name": "Tagged"})
    workflows = (await work.admin.get("/api/workflows")).json()["items"]
    tagged = next(one["id"] for one in workflows if one["name"] == "Tagged")
    assert (await work.admin.patch(f"/api/workflows/{tagged}", json={"tags": ["money"]})).status_code == 200
    runner = await work.runner("R1")
    for _ in range(3):
        await work.until((await work.start())["id"], "COMPLETED")
    waiting = await work.start("Tagged", labels=["nowhere"])

    async def counts(**params: object) -> dict[str, tuple[int, bool]]:
        answer = await work.admin.get("/api/executions/counts", params=params)
        assert answer.status_code == 200, answer.text
        return {one["state"]: (one["count"], one["more"]) for one in answer.json()["items"] if one["count"]}

    assert await counts() == {"QUEUED": (1, False), "COMPLETED": (3, False)}
    assert await counts(workflow_id=light) == {"COMPLETED": (3, False)}
    assert await counts(workflow_tag="money") == {"QUEUED": (1, False)}
    assert await counts(runner_id=work.id_of(runner)) == {"COMPLETED": (3, False)}
    assert await counts(text="tag", workflow_id=light) == {}
    assert await counts(until="2001-01-01T00:00:00Z") == {}
    monkeypatch.setattr(api, "MOST_COUNTED", 2)
    assert (await counts())["COMPLETED"] == (2, True)
    listed = (await work.admin.get("/api/executions", params={"workflow_tag": "money"})).json()["items"]
    assert [one["id"] for one in listed] == [waiting["id"]]
    assert (await work.admin.get("/api/executions", params={"workflow_tag": "none"})).json()["items"] == []
