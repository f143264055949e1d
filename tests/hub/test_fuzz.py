"""The API is fed what its description allows and what it does not: it never fails, and answers as it says.

`EXEKRA_FUZZ_SECONDS=600` makes each of these tests last that long, with other requests each time.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from at_work import HubAtWork, serve
from signed_in import TestClock

from exekra.hub.core.actor import Actor
from exekra.hub.core.settings import Settings
from exekra.hub.core.tokens import Claims
from exekra.hub.web.access import ROUTES, Access
from exekra.testing.simulated_runner import authenticate

CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
FOR_RUNNERS = "^/api/runner/"
LEFT_OUT = "/stream$"
"""Answers that never end."""
HOOKS = Path(__file__).with_name("fuzz_hooks.py")
SECONDS = os.environ.get("EXEKRA_FUZZ_SECONDS")


@pytest.fixture
async def work(settings: Settings, clock: TestClock) -> AsyncIterator[HubAtWork]:
    async with serve(settings, clock) as at_work:
        yield at_work


async def known(work: HubAtWork) -> dict[str, object]:
    """One of each thing, and what names it in requests."""
    workflow = await work.publish()
    runner = await work.runner(labels=["here"])
    execution = (await work.start())["id"]
    await work.until(execution, "COMPLETED")
    person = {"email": "person@example.org", "name": "P", "role": "OPERATOR", "password": "correct horse battery"}
    user = (await work.admin.post("/api/users", json=person)).json()["id"]
    await work.admin.post("/api/workflows", json={"name": "Second"})
    page = (await work.admin.get("/api/workflows", params={"limit": 1})).json()
    return {
        "workflow_id": workflow,
        "runner_id": work.id_of(runner),
        "execution_id": execution,
        "user_id": user,
        "workflow": "Light",
        "number": 1,
        "from": 1,
        "to": 1,
        "cursor": page["next_cursor"],
    }


async def fuzz(
    work: HubAtWork,
    known: dict[str, object],
    *words: str,
    phases: str = "examples,coverage,fuzzing",
    examples: int,
    token: str,
) -> int:
    """Run schemathesis; how many requests it made."""
    long = ["--max-time", SECONDS, "--generation-database", "none"] if SECONDS else None
    brief = ["--max-examples", str(examples), "--generation-deterministic"]
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "schemathesis.cli", "run", f"{work.url}/api/openapi.json", "--checks", CHECKS),
        *("--phases", f"{phases},stateful" if SECONDS else phases),
        *("--suppress-health-check", "all", "--header", f"Authorization: Bearer {token}"),
        *(long or brief),
        *words,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env=os.environ | {"SCHEMATHESIS_HOOKS": str(HOOKS), "EXEKRA_FUZZ_KNOWN": json.dumps(known)},
    )
    output = (await process.communicate())[0].decode()
    assert process.returncode == 0, output[max(output.find("== FAILURES =="), 0) :]
    return int(re.findall(r"(\d+) generated", output)[0])


async def test_as_an_administrator(work: HubAtWork) -> None:
    things = await known(work)
    admin = (await work.admin.get("/api/session")).json()["user"]
    token = work.admin.headers["Authorization"].removeprefix("Bearer ")
    identify = work.hub.identities["user"]

    async def still_the_administrator(claims: Claims, ip: str | None) -> Actor:
        """Whatever the requests do to the account, or to this session."""
        claims_of_admin = str(claims.subject) == admin["id"]
        return actor if claims_of_admin else await identify(claims, ip)

    actor = await identify(work.hub.tokens.read(token), "192.0.2.1")
    work.hub.identities["user"] = still_the_administrator
    async with work.hub.database.transaction() as connection:
        await connection.execute(
            f"""
            CREATE FUNCTION stay() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
            CREATE TRIGGER stay BEFORE DELETE ON app_user FOR EACH ROW WHEN (OLD.id = '{admin["id"]}')
                EXECUTE FUNCTION stay();
            """
        )
    made = await fuzz(work, things, "--exclude-path-regex", f"{FOR_RUNNERS}|{LEFT_OUT}", examples=10, token=token)
    assert made > 500


async def test_as_a_runner(work: HubAtWork) -> None:
    things = await known(work)
    registered = await work.register()
    token = await authenticate(work.url, registered["machine_key"], registered["machine_secret"])
    assert await fuzz(work, things, "--include-path-regex", FOR_RUNNERS, examples=50, token=token) > 50


async def test_as_nobody(work: HubAtWork) -> None:
    """Routes that are not public get few requests: they refuse a stranger before they read what he sent."""
    public = {path for (_, path), access in ROUTES.items() if access is Access.PUBLIC}
    open_to_all = f"^({'|'.join(re.escape(path) for path in sorted(public))})$"
    things = await known(work)
    assert await fuzz(work, things, "--include-path-regex", open_to_all, examples=3, token="wrong") > 100
    words = ("--exclude-path-regex", f"{open_to_all}|{LEFT_OUT}")
    assert await fuzz(work, things, *words, phases="fuzzing", examples=3, token="wrong") > 100
