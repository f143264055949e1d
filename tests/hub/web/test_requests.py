"""What surrounds every request: bounds, headers, and one shape for everything that goes wrong."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterator, MutableMapping
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from signed_in import MakePerson

from exekra.hub.core.hub import Hub


async def test_security_headers_are_on_every_answer(client: httpx.AsyncClient) -> None:
    for path in ("/", "/api/health", "/api/users", "/api/nothing", "/nothing"):
        headers = (await client.get(path)).headers
        assert headers["x-content-type-options"] == "nosniff", path
        assert headers["x-frame-options"] == "DENY", path
        assert "default-src 'self'" in headers["content-security-policy"], path
        assert headers["referrer-policy"] == "same-origin", path
    assert (await client.get("/api/health")).headers["cache-control"] == "no-store"


async def test_what_is_not_there_and_what_is_not_allowed_have_the_one_shape(client: httpx.AsyncClient) -> None:
    missing = await client.get("/api/nothing")
    assert missing.status_code == 404
    assert missing.json() == {
        "error": {"code": "not-found", "message": "Nothing was found at this address.", "where": None}
    }
    wrong = await client.delete("/api/health")
    assert wrong.status_code == 405
    assert wrong.json()["error"]["code"] == "method-not-allowed"


async def test_a_wrong_body_is_told_field_by_field(client: httpx.AsyncClient) -> None:
    response = await client.post("/api/session", json={"email": 5})
    assert response.status_code == 422
    error = response.json()["error"]
    assert {problem["where"] for problem in error["problems"]} == {"body.email", "body.password"}
    assert error["where"] == "body.email"


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"",
        b"nonsense",
        b'{"email": NaN}',
        b"\xff\xfe",
        b'{"email": "\\ud800"}',
        b'{"email": "a@b.c", "password": "\\u0000\\u0000\\u0000\\u0000\\u0000\\u0000\\u0000\\u0000"}',
        b"[" * 100_000,
        b"[" * 100 + b"]" * 100,
        b'{"a":' * 5000 + b"1" + b"}" * 5000,
        b"1" * 5000,
        b'{"email": 1' + b"0" * 4000 + b"}",
        b"1e99999",
        b'"' + b"\\u0000" * 10 + b'"',
    ],
    ids=range(14),
)
async def test_hostile_json_is_refused(client: httpx.AsyncClient, body: bytes) -> None:
    response = await client.post("/api/session", content=body, headers={"Content-Type": "application/json"})
    assert response.status_code in {401, 422}, response.text
    assert response.json()["error"]["message"]


@pytest.mark.parametrize("text", ["a\x00b", "\ud800"])
async def test_text_that_postgresql_cannot_hold_is_refused(person: MakePerson, text: str) -> None:
    import json

    developer = (await person("DEVELOPER")).client
    body = json.dumps({"name": text, "description": text, "tags": [text]}).encode()
    response = await developer.post("/api/workflows", content=body, headers={"Content-Type": "application/json"})
    assert response.status_code == 422, response.text
    assert (await developer.get("/api/workflows", params={"text": "a\x00b"})).status_code == 422


async def test_a_body_above_the_limit_is_not_read(app: FastAPI, client: httpx.AsyncClient) -> None:
    limit = app.state.hub.settings.request_limit_bytes
    announced = await client.post("/api/bootstrap", content=b"", headers={"Content-Length": str(limit + 1)})
    assert announced.status_code == 413
    assert announced.json()["error"]["code"] == "too-large"
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while True:
            sent += 65536
            yield b" " * 65536

    # The client of httpx reads the whole stream first; so the application is called as a server does it.
    chunks = endless()
    answers: list[MutableMapping[str, Any]] = []

    async def receive() -> MutableMapping[str, Any]:
        return {"type": "http.request", "body": await anext(chunks), "more_body": True}

    async def send(message: MutableMapping[str, Any]) -> None:
        answers.append(message)

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "path": "/api/bootstrap",
        "raw_path": b"/api/bootstrap",
        "query_string": b"",
        "root_path": "",
        "scheme": "http",
        "headers": [(b"content-type", b"application/json")],
        "client": ("127.0.0.1", 1),
        "server": ("hub.test", 80),
    }
    await app(scope, receive, send)
    assert answers[0]["status"] == 413
    assert sent <= limit + 2 * 65536


async def test_an_upload_that_breaks_off_is_no_failure(
    person: MakePerson, app: FastAPI, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    client = (await person("OPERATOR")).client
    messages: Iterator[MutableMapping[str, Any]] = iter(
        [{"type": "http.request", "body": b"abc", "more_body": True}, {"type": "http.disconnect"}]
    )
    answers: list[MutableMapping[str, Any]] = []

    async def receive() -> MutableMapping[str, Any]:
        return next(messages)

    async def send(message: MutableMapping[str, Any]) -> None:
        answers.append(message)

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "path": "/api/files",
        "raw_path": b"/api/files",
        "query_string": b"name=a.bin",
        "root_path": "",
        "scheme": "http",
        "headers": [
            (b"content-length", b"1000"),
            (b"authorization", client.headers["authorization"].encode()),
        ],
        "client": ("127.0.0.1", 1),
        "server": ("hub.test", 80),
    }
    await app(scope, receive, send)
    assert [record.message for record in caplog.records if record.levelno >= logging.WARNING] == []
    assert "POST /api/files broke off" in caplog.text
    assert answers[0]["status"] == 400


async def test_a_mistake_of_ours_is_a_number_in_the_log_and_no_traceback(
    app: FastAPI, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr(Hub, "get", broken)
    with caplog.at_level(logging.ERROR):
        response = await client.post("/api/session", json={"email": "a@b.c", "password": "12345678"})
    assert response.status_code == 500
    error = response.json()["error"]
    assert error["code"] == "internal"
    assert "secret detail" not in response.text
    number = error["message"].split()[-1].rstrip(".")
    assert number in caplog.text
    assert "ZeroDivisionError" in caplog.text
    assert response.headers["x-frame-options"] == "DENY"


async def test_the_description_and_its_page_need_no_other_host(client: httpx.AsyncClient) -> None:
    page = await client.get("/api/docs")
    assert page.status_code == 200
    assert "://" not in page.text
    for file in ("swagger-ui.css", "swagger-ui-bundle.js", "start.js"):
        assert f"/api/docs/{file}" in page.text
        assert (await client.get(f"/api/docs/{file}")).status_code == 200
    assert (await client.get("/api/docs/..%2Fapi.py")).status_code == 404


async def test_the_description_is_complete(client: httpx.AsyncClient) -> None:
    description = (await client.get("/api/openapi.json")).json()
    names = set()
    for path, operations in description["paths"].items():
        for method, operation in operations.items():
            place = f"{method} {path}"
            assert operation.get("summary"), place
            assert operation["description"].strip(), place
            names.add(operation["operationId"])
            for status, answer in operation["responses"].items():
                if status.startswith("4"):
                    schema = answer["content"]["application/json"]["schema"]
                    assert schema == {"$ref": "#/components/schemas/ErrorAnswer"}, (place, status)
            public = operation["description"].endswith("*Public.*")
            assert public is ("security" not in operation), place
    assert len(names) == sum(len(operations) for operations in description["paths"].values())
    assert "HTTPValidationError" not in description["components"]["schemas"]
