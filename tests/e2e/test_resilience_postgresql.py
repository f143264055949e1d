"""PostgreSQL stays away for longer than a request waits, while a real Runner works."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest

from exekra.hub.web.access import ROUTES, Access
from exekra.testing.postgres import Postgres

from .hub_and_runner import HubAndRunner, row
from .platform import EMAIL, PASSWORD

COUNT = 12
NO_DATABASE = {
    ("GET", "/{path:path}"),  # the pages
    ("GET", "/assets/{file}"),
    ("GET", "/api/openapi.json"),
    ("GET", "/api/docs"),
    ("GET", "/api/docs/{file}"),
    ("GET", "/api/language/functions"),
    ("GET", "/api/executions/stream"),  # answers without end, and says `missed`
}
"""What the Hub answers without it."""


@pytest.fixture
async def programs(database_url: str, tmp_path: Path) -> AsyncIterator[HubAndRunner]:
    """A Hub that waits half a second for PostgreSQL, and a Runner."""
    async with HubAndRunner.connected(database_url, tmp_path, database_patience_seconds="0.5") as programs:
        yield programs


async def test_requests_are_told_and_what_runs_goes_on(
    programs: HubAndRunner, postgres: Postgres, tmp_path: Path
) -> None:
    notes = tmp_path / "notes"
    steps = ("note", "bad.note", {"file": str(notes), "seconds": 0.2}), ("talk", "bad.chatter", {"lines": 50})
    workflow = await programs.publish(row("Noting", *steps))
    ids = [await programs.request(workflow) for _ in range(COUNT)]
    await programs.until_state(ids[0], "COMPLETED")
    await postgres.cluster.stop()
    try:
        begun = len(notes.read_text().split())
        assert begun < COUNT, "it stopped too late to prove anything"
        asked = [(method, path) for (method, path), access in ROUTES.items() if access is not Access.RUNNER]
        asked = [route for route in asked if route not in NO_DATABASE]
        answers = await asyncio.gather(*(ask(programs, method, path) for method, path in asked))
    finally:
        await postgres.cluster.start()
    for (method, path), (status, code, retry) in zip(asked, answers, strict=True):
        # 422: an empty body is refused before anybody looks for the database
        if status != 422:
            assert status == 503, (method, path, status, code)
            assert path == "/api/health" or (code, retry) == ("database-unavailable", "2"), (method, path)
    for id in ids:
        ended = await programs.until_state(id)
        assert ended["state"] == "COMPLETED", ended["failure"]
        assert len(await programs.logs(id)) == 50
        sequences = await programs.sequences(id)
        assert sequences == list(range(1, len(sequences) + 1))
    assert Counter(notes.read_text().split()) == Counter(ids)
    assert "Traceback" not in programs.log
    assert "connection to the Hub was lost" not in programs.log, "Runners notice nothing"


async def ask(programs: HubAndRunner, method: str, path: str) -> tuple[int, str, str | None]:
    """The status, the code of the error, and when to try again."""
    place = re.sub(r"{\w+}", lambda found: str(uuid4()) if found[0].endswith("id}") else "1", path)
    answer = await programs.client.request(method, place, headers={"Accept": "application/json"})
    return answer.status_code, answer.json().get("error", {}).get("code", ""), answer.headers.get("retry-after")


async def test_signing_in_is_not_slowed_down_by_attempts_that_failed_for_want_of_it(
    programs: HubAndRunner, postgres: Postgres
) -> None:
    proof = {name: programs.registered[name] for name in ("machine_key", "machine_secret")}
    doors = (("/api/session", {"email": EMAIL, "password": PASSWORD}), ("/api/runner/authenticate", proof))
    await postgres.cluster.stop()
    try:
        tries = [programs.client.post(path, json=body) for path, body in doors for _ in range(8)]
        assert {answer.status_code for answer in await asyncio.gather(*tries)} == {503}
    finally:
        await postgres.cluster.start()
    for path, body in doors:
        assert (await programs.client.post(path, json=body)).status_code == 201
