"""Files that executions are given, through a real Hub, a real PostgreSQL and a real Runner that tests kill."""

from __future__ import annotations

import hashlib
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from .hub_and_runner import HubAndRunner, row

LARGE = 150_000_000
GIVEN = row(
    "Given",
    ("keep", "file.keep", {"path": "{file}", "name": "back"}),
    ("say", "general.log", {"message": "It is {file}, and {more}"}),
) | {
    "inputs": {"file": {"type": "file"}, "more": {"type": "list", "default": []}},
    "outputs": {"file": {"type": "file", "value": "{file}"}},
}


@pytest.fixture
async def both(database_url: str, tmp_path: Path) -> AsyncIterator[HubAndRunner]:
    """A Hub that takes small requests only, and a connected Runner."""
    async with HubAndRunner.connected(database_url, tmp_path, request_limit_bytes=str(1024 * 1024)) as programs:
        yield programs


async def upload(both: HubAndRunner, name: str, data: bytes) -> dict[str, Any]:
    answer = await both.client.post("/api/files", params={"name": name}, content=data)
    assert answer.status_code == 201, answer.text
    reference: dict[str, Any] = answer.json()
    return reference


async def files(both: HubAndRunner, id: str, kind: str) -> list[dict[str, Any]]:
    """The files of that kind, when all of them are there."""
    found: list[dict[str, Any]] = []

    async def there() -> bool:
        items = (await both.get(f"/api/executions/{id}/files"))["items"]
        found[:] = [file for file in items if file["kind"] == kind]
        return bool(found) and all(file["sha256"] for file in items)

    await both.until(there)
    return found


def laid_down(both: HubAndRunner) -> list[Path]:
    return [path for path in (both.folder / "runner" / "temporary").rglob("*") if path.is_file()]


async def some_of_it(both: HubAndRunner) -> None:
    """Wait until a part of a large file is on the Runner."""

    async def there() -> bool:
        return any(path.stat().st_size for path in laid_down(both))

    await both.until(there)
    assert laid_down(both)[0].stat().st_size < LARGE, "the machine is too quick for this test: take a larger file"


async def test_an_execution_gets_its_files_under_their_names(both: HubAndRunner) -> None:
    data = os.urandom(3_500_000)
    uploaded = await upload(both, "Aufträge: März?.xlsx", data)
    same_name = await upload(both, "Aufträge: März?.xlsx", b"other")
    ended = await both.run(GIVEN, inputs={"file": uploaded, "more": [same_name]})
    assert ended["state"] == "COMPLETED", ended["failure"]
    [kept] = await files(both, ended["id"], "kept")
    assert kept["sha256"] == hashlib.sha256(data).hexdigest()
    [line] = [line for line in await both.logs(ended["id"]) if line.startswith("It is")]
    assert f"{os.sep}1{os.sep}Aufträge_ März_.xlsx" in line
    assert f"{os.sep}2{os.sep}Aufträge_ März_.xlsx" in line
    assert laid_down(both) == [], "what it was given is gone with it"
    [output] = await files(both, ended["id"], "output")
    assert ended["outputs"]["file"]["$file"] == output["id"]
    again = await both.until_state(await both.request("Given", inputs={"file": ended["outputs"]["file"]}))
    assert again["state"] == "COMPLETED", again["failure"]
    [second] = await files(both, again["id"], "kept")
    assert second["sha256"] == kept["sha256"]


async def test_a_file_arrives_whole_although_the_hub_is_killed_meanwhile(both: HubAndRunner) -> None:
    data = os.urandom(LARGE)
    await both.publish(GIVEN)
    id = await both.request("Given", inputs={"file": await upload(both, "large.bin", data)})
    await some_of_it(both)
    await both.end(both.hub, signal.SIGKILL)
    await both.start_hub()
    ended = await both.until_state(id)
    assert ended["state"] == "COMPLETED", ended["failure"]
    [kept] = await files(both, id, "kept")
    assert kept["sha256"] == hashlib.sha256(data).hexdigest()


async def test_a_runner_that_is_killed_while_it_fetches_begins_again(both: HubAndRunner) -> None:
    data = os.urandom(LARGE)
    await both.publish(GIVEN)
    id = await both.request("Given", inputs={"file": await upload(both, "large.bin", data)})
    await some_of_it(both)
    await both.end(both.runner, signal.SIGKILL)
    await both.start_runner()
    ended = await both.until_state(id)
    assert ended["state"] == "COMPLETED", ended["failure"]
    [kept] = await files(both, id, "kept")
    assert kept["sha256"] == hashlib.sha256(data).hexdigest()


async def test_a_stop_ends_the_fetching(both: HubAndRunner) -> None:
    await both.publish(GIVEN)
    id = await both.request("Given", inputs={"file": await upload(both, "large.bin", bytes(LARGE))})
    await some_of_it(both)
    await both.end(both.hub, signal.SIGKILL)
    await both.start_hub()
    await both.post(f"/api/executions/{id}/stop", {})
    ended = await both.until_state(id)
    assert ended["state"] in {"STOPPED", "COMPLETED"}

    async def cleared_away() -> bool:
        return laid_down(both) == []

    await both.until(cleared_away)


async def test_a_restart_in_the_middle_has_the_files_again(both: HubAndRunner) -> None:
    flow = row(
        "Restart",
        ("remember", "set_variable", {"variable": "path", "value": "{file}"}),
        ("read", "file.read_text", {"path": "{other}"}),
        ("keep", "file.keep", {"path": "{path}", "name": "back"}),
    ) | {
        "inputs": {"file": {"type": "file"}, "other": {"type": "text"}},
        "variables": {"path": {"type": "text", "default": ""}},
    }
    await both.publish(flow)
    uploaded = await upload(both, "a.txt", b"given")
    failed = await both.until_state(await both.request("Restart", inputs={"file": uploaded, "other": "none.txt"}))
    assert failed["failure"]["node"] == "read"
    (both.folder / "none.txt").write_text("now it is there")
    again = await both.post(f"/api/executions/{failed['id']}/again", {"from_failed": True})
    ended = await both.until_state(again["id"])
    assert ended["state"] == "COMPLETED", ended["failure"]
    [kept] = await files(both, ended["id"], "kept")
    assert kept["sha256"] == hashlib.sha256(b"given").hexdigest()
