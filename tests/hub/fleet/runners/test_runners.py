"""Registering Runners, their secrets and tokens, and when they are ONLINE, BUSY and OFFLINE."""

from __future__ import annotations

import re
from datetime import timedelta

import bcrypt
import httpx
import pytest
from at_work import HubAtWork, eventually
from signed_in import make_client
from websockets.exceptions import InvalidStatus

from exekra.protocol.messages import Assign, Goodbye
from exekra.testing.simulated_runner import SimulatedRunner, authenticate


async def test_the_secret_is_shown_once_and_only_its_hash_is_kept(work: HubAtWork) -> None:
    made = await work.register("Accounting", type="ATTENDED", labels=["finance", "excel"])
    assert re.fullmatch(r"FC-[2-9A-Z]{12}", made["machine_key"])
    assert re.fullmatch(r"[0-9a-f]{64}", made["machine_secret"])
    assert made["labels"] == ["excel", "finance"]
    row = (await work.fetch("SELECT * FROM runner"))[0]
    assert bcrypt.checkpw(made["machine_secret"].encode(), row["secret_hash"].encode())
    assert made["machine_secret"] not in str(dict(row))
    for path in ("/api/runners", f"/api/runners/{made['id']}", "/api/audit"):
        assert made["machine_secret"] not in (await work.admin.get(path)).text


async def test_names_are_unique_whatever_their_case(work: HubAtWork) -> None:
    first = await work.register("Accounting")
    second = await work.register("Sales")
    assert (await work.admin.post("/api/runners", json={"name": "ACCOUNTING"})).status_code == 409
    assert (await work.admin.patch(f"/api/runners/{second['id']}", json={"name": "accounting"})).status_code == 409
    renamed = await work.admin.patch(f"/api/runners/{first['id']}", json={"name": "ACCOUNTING", "labels": ["a"]})
    assert renamed.json()["name"] == "ACCOUNTING"
    assert renamed.json()["labels"] == ["a"]


@pytest.mark.parametrize(
    "body",
    [
        {"name": ""},
        {"name": "   "},
        {"name": "a\0b"},
        {"name": "x" * 101},
        {"name": "R", "type": "OTHER"},
        {"name": "R", "labels": ["has space"]},
        {"name": "R", "labels": ["x"] * 51},
        {"name": "R", "secret": "mine"},
    ],
)
async def test_a_wrong_registration_is_refused(work: HubAtWork, body: dict[str, object]) -> None:
    assert (await work.admin.post("/api/runners", json=body)).status_code == 422


async def test_lists_are_paged_and_filtered(work: HubAtWork) -> None:
    for number in range(5):
        await work.register(f"Runner {number}", labels=["even"] if number % 2 == 0 else ["odd"])
    first = (await work.admin.get("/api/runners", params={"limit": 3})).json()
    rest = (await work.admin.get("/api/runners", params={"limit": 3, "cursor": first["next_cursor"]})).json()
    assert [one["name"] for one in first["items"] + rest["items"]] == [f"Runner {number}" for number in range(5)]
    assert rest["next_cursor"] is None
    for query, count in (
        ({"label": "even"}, 3),
        ({"text": "NER 4"}, 1),
        ({"state": "ONLINE"}, 0),
        ({"type": "ATTENDED"}, 0),
    ):
        assert len((await work.admin.get("/api/runners", params=query)).json()["items"]) == count


async def test_wrong_secrets_are_refused_and_slowed_down(work: HubAtWork) -> None:
    made = await work.register()
    for body in (
        {"machine_key": made["machine_key"], "machine_secret": "0" * 64},
        {"machine_key": "FC-NOBODY", "machine_secret": made["machine_secret"]},
    ):
        answer = await work.admin.post("/api/runner/authenticate", json=body)
        assert answer.status_code == 401
        assert made["machine_secret"] not in answer.text
    body = {"machine_key": made["machine_key"], "machine_secret": "wrong"}
    statuses = [(await work.admin.post("/api/runner/authenticate", json=body)).status_code for _ in range(8)]
    assert statuses[-1] == 429


async def test_a_runner_is_no_user_and_no_user_a_runner(work: HubAtWork) -> None:
    made = await work.register()
    token = await authenticate(work.url, made["machine_key"], made["machine_secret"])
    async with make_client(work.app, token) as runner:
        assert (await runner.get("/api/executions")).status_code == 403
        refreshed = await runner.post("/api/runner/refresh")
        assert refreshed.status_code == 201
        assert (await runner.post("/api/runner/poll", content=b"[]")).status_code == 200
    assert (await work.admin.post("/api/runner/poll", content=b"[]")).status_code == 403
    with pytest.raises(InvalidStatus):
        await SimulatedRunner(hub_url=work.url, token="nonsense").connect()


async def test_a_new_secret_ends_the_old_one_its_tokens_and_its_connection_at_once(work: HubAtWork) -> None:
    made = await work.register()
    runner = await work.connect(made)
    new = (await work.admin.post(f"/api/runners/{made['id']}/secret")).json()
    assert new["machine_secret"] != made["machine_secret"]
    goodbye = await runner.expect(Goodbye)
    assert goodbye.retry_seconds is None
    with pytest.raises(httpx.HTTPStatusError):
        await authenticate(work.url, made["machine_key"], made["machine_secret"])
    with pytest.raises(InvalidStatus):
        await work.connect(made, token=runner.token)
    await work.connect(new)


async def test_a_removed_runner_is_gone_at_once_and_a_busy_one_stays(work: HubAtWork) -> None:
    await work.publish()
    runner = await work.runner(carry_out=None)
    id = work.id_of(runner)
    execution = await work.start()
    assignment = await runner.expect(Assign)
    assert assignment.execution_id == execution["id"]
    refused = await work.admin.delete(f"/api/runners/{id}")
    assert refused.status_code == 409
    assert execution["id"] in refused.text
    await work.admin.post(f"/api/executions/{execution['id']}/stop")
    work.clock.ahead += timedelta(seconds=30)
    await work.until(execution["id"], "STOPPED")
    assert (await work.admin.delete(f"/api/runners/{id}")).status_code == 204
    await runner.expect(Goodbye)
    assert (await work.admin.get(f"/api/runners/{id}")).status_code == 404
    with pytest.raises(InvalidStatus):
        await work.connect({}, token=runner.token)


async def test_states_follow_connection_work_and_heartbeats(work: HubAtWork) -> None:
    await work.publish()
    registered = await work.register()
    path = f"/api/runners/{registered['id']}"

    async def state() -> str:
        found: str = (await work.admin.get(path)).json()["state"]
        return found

    def is_state(wanted: str):
        async def there() -> bool:
            return await state() == wanted

        return there

    assert await state() == "OFFLINE"
    runner = await work.connect(registered, carry_out=None)
    assert await state() == "ONLINE"
    execution = await work.start()
    await runner.expect(Assign)
    assert await state() == "BUSY"
    await work.admin.post(f"/api/executions/{execution['id']}/stop")
    work.clock.ahead += timedelta(seconds=30)
    await eventually(is_state("ONLINE"), "a stopped execution frees its Runner")
    work.clock.ahead += timedelta(seconds=121)
    await eventually(is_state("OFFLINE"), "120 s without a heartbeat are too many")
    await runner.heartbeat()
    await eventually(is_state("ONLINE"), "it lives after all")
    figures = (await work.admin.get(path)).json()
    assert (figures["cpu_percent"], figures["memory_used_mb"], figures["disk_percent"]) == (5.0, 512.0, 20.0)
    await runner.vanish()
    assert await state() == "ONLINE"  # for the time it may take to come back
    work.clock.ahead += timedelta(seconds=11)
    await eventually(is_state("OFFLINE"), "it is not back in time")


async def test_a_second_connection_replaces_the_first(work: HubAtWork) -> None:
    made = await work.register()
    first = await work.connect(made)
    second = await work.connect(made, token=first.token)
    goodbye = await first.expect(Goodbye)
    assert "second time" in goodbye.reason
    await second.heartbeat()
    assert not second.closed


async def test_an_operator_sees_runners_and_does_not_make_them(work: HubAtWork) -> None:
    body = {"email": "op@example.org", "name": "Op", "role": "OPERATOR", "password": "correct horse battery"}
    await work.admin.post("/api/users", json=body)
    session = await work.admin.post("/api/session", json={"email": body["email"], "password": body["password"]})
    work.admin.cookies.clear()
    async with make_client(work.app, session.json()["token"]) as operator:
        assert (await operator.get("/api/runners")).status_code == 200
        assert (await operator.post("/api/runners", json={"name": "R"})).status_code == 403
