"""What no route lets pass, each asked in turn: too much, wrong tokens, broken bodies, hostile ids and filters."""

from __future__ import annotations

import base64
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any, Literal
from uuid import UUID, uuid4

import httpx
import pytest
from at_work import HubAtWork, serve
from fastapi import FastAPI
from signed_in import TestClock, make_client
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from exekra.flow.events import ExecutionFinished, ExecutionStarted
from exekra.hub.core.actor import Actor, Role
from exekra.hub.core.hub import Hub
from exekra.hub.core.settings import Settings
from exekra.hub.core.tokens import Claims, Tokens
from exekra.hub.web.access import ROUTES, STREAMED, Access
from exekra.protocol.messages import Assign

HOUR = timedelta(hours=1)
BODIES = {
    "broken": b'{"name": ',
    "empty": b"",
    "not JSON": b"<xml/>",
    "not UTF-8": b'{"name": "\xff\xfe"}',
    "not a number": b'{"name": NaN}',
    "deep list": b"[" * 50_000,
    "deep list, closed": b"[" * 5_000 + b"]" * 5_000,
    "deep object": b'{"name":' * 5_000 + b"1" + b"}" * 5_000,
    "deep where anything may be": b'{"workflow": "x", "name": "x", "inputs": '
    + b'{"a":' * 500
    + b"1"
    + b"}" * 500
    + b', "document": '
    + b"[" * 500
    + b"]" * 500
    + b"}",
    "long number": b'{"name": 1' + b"0" * 100_000 + b"}",
    "half a surrogate": b'{"name": "\\ud800", "workflow": "\\udfff", "email": "\\ud800@example.org"}',
    "NUL": b'{"name": "a\\u0000b", "workflow": "a\\u0000b", "email": "a\\u0000@example.org", "machine_key": "\\u0000"}',
    "same key twice": b'{"name": "a", "name": {"name": []}}',
    "text": b'"name"',
    "null": b"null",
}
IDS = ("not-an-id", "a%00b", "0", "-1", str(2**63), "9" * 5000, "%ED%A0%80", "..%2F..", "%F0%9F%98%80")
FILTERS = {
    "limit": ("0", "-1", "201", "9" * 100, "1e3", "NaN", ""),
    "cursor": ("nonsense", "%00", "a%00b", base64.urlsafe_b64encode(b'["executions",[1]]').decode(), "9" * 2000, "W10"),
    "text": ("a%00b", "%ED%A0%80", "%25", "_", "\\", "x" * 5000),
    "since": ("0000-01-01T00:00:00Z", "9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+14:00", "1e400", "now"),
    "until": ("9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+14:00", "99999999999999999999", "-1"),
    "sort": ("nonsense", "a%00b", "name; DROP TABLE workflow"),
    "state": ("nonsense", "a%00b"),
    "from": ("-1", "0", str(2**31), str(2**63), "x"),
    "to": ("-1", "0", str(2**31), str(2**63), "x"),
    "number": ("-1", "0", str(2**31), str(2**63), "x"),
    "last_event_id": ("-1", str(2**31), str(2**63), "a%00b"),
    "level": ("nonsense", "a%00b"),
    "kind": ("a%00b", "x" * 100),
    "action": ("a%00b", "x" * 5000),
    "tag": ("a%00b", "x" * 5000),
    "label": ("a%00b", "x" * 5000),
    "resource_id": ("a%00b", "x"),
    "actor_id": ("a%00b", "x"),
    "workflow_id": ("a%00b", "x"),
}
ENDLESS = "/api/executions/stream"


def routes(*, but: Access | None = None) -> Iterator[tuple[str, str, Access]]:
    for (method, path), access in ROUTES.items():
        if method != "WEBSOCKET" and access is not but:
            yield method, filled(path), access


def filled(path: str) -> str:
    """The path with a value for each parameter: ids that nothing has."""
    return re.sub(r"{\w+}", lambda found: str(uuid4()) if found[0].endswith("id}") else "1", path)


def refused(response: httpx.Response, *statuses: int) -> str:
    """The code of an answer that has one of these statuses and the one shape of errors."""
    assert response.status_code in statuses, (response.request.method, response.request.url, response.text[:500])
    error: dict[str, Any] = response.json()["error"]
    assert error["message"].strip(), response.text
    assert "Traceback" not in response.text
    code: str = error["code"]
    return code


@pytest.fixture
async def work(settings: Settings, clock: TestClock) -> AsyncIterator[HubAtWork]:
    async with serve(replace(settings, sweep_seconds=3600.0), clock) as at_work:
        yield at_work


@pytest.fixture
def runner_token(app: FastAPI) -> str:
    """Of a Runner that is taken for registered."""
    hub: Hub = app.state.hub

    async def identify(claims: Claims, ip: str | None) -> Actor:
        return Actor(kind="runner", id=claims.subject, name="R1", ip=ip)

    hub.identities["runner"] = identify
    return hub.tokens.issue("runner", uuid4(), 1, HOUR)[0]


async def test_wrong_and_expired_tokens(app: FastAPI, admin: httpx.AsyncClient, clock: TestClock) -> None:
    hub: Hub = app.state.hub
    me = UUID((await admin.get("/api/session")).json()["user"]["id"])
    kinds = {"user": me, "runner": uuid4()}
    forged = Tokens("another secret, of the same length as ours is", clock)
    for method, path, access in routes(but=Access.PUBLIC):
        kind: Literal["runner", "user"] = "runner" if access is Access.RUNNER else "user"
        subject = kinds[kind]
        good = hub.tokens.issue(kind, subject, 1, HOUR)[0]
        header, payload, signature = good.split(".")
        none = base64.urlsafe_b64encode(b'{"alg":"none","typ":"JWT"}').decode().rstrip("=")
        wrong = {
            "nonsense": "token-invalid",
            "a" * 5000: "token-invalid",
            f"{header}.{payload}.": "token-invalid",
            f"{none}.{payload}.": "token-invalid",
            f"{header}.{payload}.{signature[::-1]}": "token-invalid",
            forged.issue(kind, subject, 1, HOUR)[0]: "token-invalid",
            hub.tokens.issue(kind, subject, 1, -HOUR)[0]: "token-expired",
            hub.tokens.issue(kind, uuid4(), 1, HOUR)[0]: "session-ended",
            hub.tokens.issue(kind, subject, 2**40, HOUR)[0]: "session-ended",
        }
        async with make_client(app) as client:
            for token, code in wrong.items():
                for carrier in ({"Authorization": f"Bearer {token}"}, {"Cookie": f"exekra_session={token}"}):
                    response = await client.request(method, path, headers=carrier)
                    assert refused(response, 401) == code, (method, path, token, carrier)


async def test_bodies_that_are_too_large(app: FastAPI, admin: httpx.AsyncClient, runner_token: str) -> None:
    limit = app.state.hub.settings.request_limit_bytes
    large = b'{"name": "' + b"x" * limit + b'"}'
    paths = app.openapi()["paths"]
    async with make_client(app, runner_token) as runner:
        for (method, path), access in ROUTES.items():
            if method == "WEBSOCKET":
                continue
            client = runner if access is Access.RUNNER else admin
            place = filled(path)
            if STREAMED.fullmatch(place):
                continue  # It bounds its body itself.
            announced = await client.request(method, place, content=b"", headers={"Content-Length": str(limit + 1)})
            assert refused(announced, 413) == "too-large", (method, path)
            body = paths.get(path, {}).get(method.lower(), {}).get("requestBody", {"content": {}})
            if "application/json" in body["content"]:  # others do not read it, or look first at what it is for
                kind = {"Content-Type": "application/json"}
                unannounced = await client.request(method, place, content=_parts(large), headers=kind)
                assert refused(unannounced, 413) == "too-large", (method, path)


async def _parts(data: bytes) -> Any:
    """Without a length that is told before."""
    for start in range(0, len(data), 1 << 20):
        yield data[start : start + (1 << 20)]


async def test_bodies_that_are_broken(app: FastAPI, admin: httpx.AsyncClient, runner_token: str) -> None:
    async with make_client(app, runner_token) as runner:
        for method, path, access in routes():
            if method in {"GET", "DELETE"}:
                continue
            client = runner if access is Access.RUNNER else admin
            for body in BODIES.values():
                for kind in ("application/json", "application/yaml", None):
                    headers = {"Content-Type": kind} if kind else {}
                    response = await client.request(method, path, content=body, headers=headers)
                    if response.status_code >= 400:  # some take an empty body, or one that is not JSON
                        refused(response, 401, 404, 409, 415, 422, 429)


async def test_ids_and_filters_that_are_hostile(app: FastAPI, admin: httpx.AsyncClient) -> None:
    for (method, path), access in ROUTES.items():
        if access is Access.RUNNER or method == "WEBSOCKET" or path in {ENDLESS, "/api/docs/{file}"}:
            continue
        for place in re.findall(r"{\w+}", path):
            for id in IDS:
                hostile = re.sub(r"{\w+}", str(uuid4()), path.replace(place, id))
                refused(await admin.request(method, hostile), 404, 405, 422)
        if method == "GET" and "stream" not in path:
            for filter, values in FILTERS.items():
                for value in values:
                    plain = re.sub(r"{\w+}", str(uuid4()), path)
                    response = await admin.get(f"{plain}?{filter}={value}")
                    if response.status_code >= 400:  # most routes know few of these filters
                        refused(response, 404, 422)


async def test_whoever_is_removed_in_the_middle_of_a_request_is_told(app: FastAPI, admin: httpx.AsyncClient) -> None:
    """Another request, perhaps at another Hub, was quicker after this one was let in."""
    hub: Hub = app.state.hub
    token = hub.tokens.issue("user", uuid4(), 1, HOUR)[0]

    async def identify(claims: Claims, ip: str | None) -> Actor:
        return Actor(kind="user", id=claims.subject, name="Gone", role=Role.ADMIN, ip=ip)

    hub.identities["user"] = identify
    async with make_client(app, token) as gone:
        assert refused(await gone.post("/api/workflows", json={"name": "Mine"}), 503) == "unavailable"
        assert (await gone.get("/api/workflows")).json()["items"] == []


async def test_tokens_of_a_websocket(work: HubAtWork) -> None:
    registered = await work.register()
    tokens = {
        "nonsense": 401,
        work.hub.tokens.issue("runner", UUID(registered["id"]), 1, -HOUR)[0]: 401,
        work.hub.tokens.issue("runner", UUID(registered["id"]), 2, HOUR)[0]: 401,
        work.hub.tokens.issue("runner", uuid4(), 1, HOUR)[0]: 401,
        work.admin.headers["Authorization"].removeprefix("Bearer "): 403,
    }
    for token, status in tokens.items():
        with pytest.raises(InvalidStatus) as refusal:
            await connect(
                work.url.replace("http", "ws", 1) + "/api/runner/connect",
                additional_headers={"Authorization": f"Bearer {token}"},
                proxy=None,
            )
        assert refusal.value.response.status_code == status
    assert (await work.admin.get(f"/api/runners/{registered['id']}")).json()["state"] == "OFFLINE"


async def test_a_frame_that_is_too_large_ends_the_connection_and_nothing_else(work: HubAtWork) -> None:
    await work.publish()
    runner, other = await work.runner(), await work.runner(carry_out=None)
    with suppress(ConnectionClosed):  # the Hub need not read it to its end
        await other._socket.send('["' + "x" * (17 << 20) + '"]')
    await other._socket.wait_closed()
    assert other._socket.close_code == 1009, "the code for: too large"
    made = await work.start()
    assert (await work.until(made["id"], "COMPLETED"))["runner_id"] == work.id_of(runner)


async def test_values_that_are_deep_can_be_read_again(work: HubAtWork) -> None:
    await work.publish()
    runner = await work.runner(carry_out=None)
    for depth in (60, 900):
        made = await work.start()
        assignment = await runner.expect(Assign)
        deep: Any = 1
        for _ in range(depth):
            deep = [deep]
        finished = ExecutionFinished(at=2, state="COMPLETED", outputs={"deep": deep}, seconds=1, nodes=1)
        await runner.report(assignment, ExecutionStarted(at=1), finished)
        await work.until(made["id"], "COMPLETED")
        for place in ("", "/events", "/logs"):
            assert (await work.admin.get(f"/api/executions/{made['id']}{place}")).status_code == 200, (depth, place)
        assert (await work.admin.get("/api/executions")).status_code == 200
