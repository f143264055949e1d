"""The API is fed what its description allows and what it does not: it never fails, and answers as it says."""

from __future__ import annotations

import asyncio
import re
import sys
from datetime import UTC, datetime, timedelta

import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from signed_in import PASSWORD
from starlette.requests import HTTPConnection

from exekra.hub.app import create_app
from exekra.hub.core import access
from exekra.hub.core.access import Access
from exekra.hub.core.actor import Actor, Role
from exekra.hub.core.settings import Settings
from exekra.hub.core.tokens import Claims, TokenKind
from exekra.kit.ids import new_id

CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
ENDLESS = "/stream$"


async def everybody_is_let_in(connection: HTTPConnection, level: Access) -> Actor:
    """So that nothing the tool does can sign it out."""
    runner = level is Access.RUNNER
    query = "SELECT id FROM runner LIMIT 1" if runner else "SELECT id FROM app_user ORDER BY id LIMIT 1"
    async with connection.app.state.hub.database.reading() as database:
        subject = await database.fetchval(query) or new_id()
    kind: TokenKind = "runner" if runner else "user"
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    connection.scope["exekra.claims"] = Claims(id=new_id(), kind=kind, subject=subject, version=1, expires_at=tomorrow)
    return Actor(kind=kind, id=subject, name="fuzz", role=None if runner else Role.ADMIN, ip="192.0.2.1")


async def serve(app: FastAPI) -> tuple[uvicorn.Server, asyncio.Task[None], str]:
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="critical", access_log=False))
    task = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
        if task.done():
            task.result()
    return server, task, f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"


async def test_no_request_makes_the_hub_fail(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "authorise", everybody_is_let_in)
    server, task, url = await serve(create_app(settings))
    try:
        async with httpx.AsyncClient(base_url=url) as client:
            account = {"email": "admin@example.org", "name": "Admin", "password": PASSWORD}
            assert (await client.post("/api/bootstrap", json=account)).status_code == 201
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "schemathesis.cli", "run", f"{url}/api/openapi.json"),
            *("--checks", CHECKS, "--max-examples", "10", "--phases", "examples,coverage,fuzzing"),
            *("--exclude-path-regex", ENDLESS, "--generation-deterministic", "--header", "Authorization: Bearer any"),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        output = (await process.communicate())[0].decode()
    finally:
        server.should_exit = True
        await task
    assert process.returncode == 0, output[output.find("== FAILURES ==") :]
    assert int(re.findall(r"(\d+) generated", output)[0]) > 500, output
