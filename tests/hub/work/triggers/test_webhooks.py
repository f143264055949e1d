"""Webhooks: called without a sign-in, checked against the workflow, signed where that is wanted."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
from at_work import HubAtWork

from exekra.hub.work.triggers.webhook import SIGNATURE, TIMESTAMP, signature

FORM = "application/x-www-form-urlencoded"


async def make(work: HubAtWork, **webhook: Any) -> str:
    """The path of a webhook."""
    await work.publish()
    answer = await work.admin.post("/api/triggers", json={"name": "Hook", "workflow": "Light", "webhook": webhook})
    assert answer.status_code == 201, answer.text
    return f"/api/triggers/webhook/{answer.json()['id']}"


def stranger(work: HubAtWork) -> httpx.AsyncClient:
    """Who has no account."""
    return httpx.AsyncClient(base_url=work.url, trust_env=False, timeout=60)


async def test_fields_become_inputs(work: HubAtWork) -> None:
    path = await make(work)
    async with stranger(work) as caller:
        for sent in ({"json": {"who": "Anna", "number": 3}}, {"data": {"who": "Anna"}}, {}):
            answer = await caller.post(path, **sent)
            assert answer.status_code == 202, answer.text
            execution = await work.get(answer.json()["execution_id"])
            assert execution["source"] == "webhook"
            assert execution["inputs"] == (sent.get("json") or sent.get("data") or {})


async def test_bodies_that_do_not_fit(work: HubAtWork) -> None:
    path = await make(work)
    async with stranger(work) as caller:
        for sent, status, code in (
            ({"json": {"whom": "Anna"}}, 422, "inputs-invalid"),
            ({"json": {"number": "three"}}, 422, "inputs-invalid"),
            ({"json": ["Anna"]}, 422, "invalid"),
            ({"content": b'{"who": "An', "headers": {"Content-Type": "application/json"}}, 422, "invalid"),
            ({"content": b"\xff", "headers": {"Content-Type": "text/plain"}}, 422, "invalid"),
            ({"content": b"who=%ff", "headers": {"Content-Type": FORM}}, 422, "invalid"),
            ({"content": b"who=a&" * 1001, "headers": {"Content-Type": FORM}}, 422, "invalid"),
            ({"data": {"number": "3"}}, 422, "inputs-invalid"),
            ({"content": b"[" * 100_000, "headers": {"Content-Type": "application/json"}}, 422, "invalid"),
            ({"content": b"<a/>", "headers": {"Content-Type": "application/xml"}}, 415, "unsupported-format"),
        ):
            answer = await caller.post(path, **sent)
            assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
        assert (await caller.post(path.replace(path[-4:], "0000"))).status_code == 404
    assert (await work.admin.get("/api/executions")).json()["items"] == []


async def test_one_input_takes_the_whole_body(work: HubAtWork) -> None:
    path = await make(work, body_input="who")
    async with stranger(work) as caller:
        answer = await caller.post(path, content="Anna", headers={"Content-Type": "text/plain"})
        assert (await work.get(answer.json()["execution_id"]))["inputs"] == {"who": "Anna"}


async def test_a_disabled_one_answers_400(work: HubAtWork) -> None:
    path = await make(work)
    id = path.rpartition("/")[2]
    off = {"name": "Hook", "workflow": "Light", "webhook": {}, "enabled": False}
    assert (await work.admin.put(f"/api/triggers/{id}", json=off)).status_code == 200
    async with stranger(work) as caller:
        answer = await caller.post(path)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "trigger-disabled")


async def test_the_same_call_twice_starts_one(work: HubAtWork) -> None:
    path = await make(work)
    async with stranger(work) as caller:
        answers = await asyncio.gather(*(caller.post(path, headers={"Idempotency-Key": "order-17"}) for _ in range(5)))
        again = await caller.post(path, headers={"Idempotency-Key": "order-17"})
    assert {answer.status_code for answer in answers} <= {202, 409}
    started = {answer.json()["execution_id"] for answer in [*answers, again] if answer.status_code == 202}
    assert len(started) == 1
    assert len((await work.admin.get("/api/executions")).json()["items"]) == 1


async def test_signed_calls(work: HubAtWork) -> None:
    path = await make(work, signed=True)
    id = path.rpartition("/")[2]
    secret = (await work.admin.get(f"/api/triggers/{id}/secret")).json()["secret"]
    body = b'{"who": "Anna"}'

    async def call(caller: httpx.AsyncClient, secret: str, at: int, sent: bytes = body) -> tuple[int, str]:
        headers = {TIMESTAMP: str(at), SIGNATURE: signature(secret, str(at), body), "Content-Type": "application/json"}
        answer = await caller.post(path, content=sent, headers=headers)
        return answer.status_code, answer.json().get("error", {}).get("code", "")

    now = int(work.clock.now().timestamp())
    async with stranger(work) as caller:
        assert (await caller.post(path, content=body)).json()["error"]["code"] == "signature-missing"
        assert await call(caller, secret, now) == (202, "")
        assert await call(caller, secret, now, body + b" ") == (401, "signature-wrong")
        assert await call(caller, "0" * 64, now) == (401, "signature-wrong")
        assert await call(caller, secret, now - 600) == (401, "signature-old")
        renewed = (await work.admin.post(f"/api/triggers/{id}/secret")).json()["secret"]
        assert renewed != secret
        assert await call(caller, secret, now) == (401, "signature-wrong")
        assert await call(caller, renewed, now) == (202, "")
