"""Files that executions are given, through a real Hub, a real PostgreSQL and a real Runner that tests kill."""

from __future__ import annotations

import asyncio
import hashlib
import os
import signal
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from .hub_and_runner import HubAndRunner, row

LARGE = 8_000_000
PASSES = 2_000_000
"""As many bytes of an answer pass the `Gate` while it is closed: more than any message to a Runner has."""
GIVEN = row(
    "Given",
    ("keep", "file.keep", {"path": "{file}", "name": "back"}),
    ("say", "general.log", {"message": "It is {file}, and {more}"}),
) | {
    "inputs": {"file": {"type": "file"}, "more": {"type": "list", "default": []}},
    "outputs": {"file": {"type": "file", "value": "{file}"}},
}


class Gate:
    """The Runner's way to the Hub. While it is closed, a large answer stops in the middle, on any machine."""

    def __init__(self, port: int) -> None:
        self._port = port
        self.is_open = asyncio.Event()
        self.connections: set[asyncio.Task[None]] = set()

    async def connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection of the Runner."""
        if (task := asyncio.current_task()) is not None:
            self.connections.add(task)
        try:
            answers, requests = await asyncio.open_connection("127.0.0.1", self._port)
        except OSError:
            await _close(writer)
            return
        asking = asyncio.create_task(self._pass(reader, requests))
        await self._pass(answers, writer, held=True)
        await _close(requests)
        await asking
        await _close(writer)

    async def _pass(self, source: asyncio.StreamReader, to: asyncio.StreamWriter, *, held: bool = False) -> None:
        passed = 0
        with suppress(OSError):
            while data := await source.read(65_536):
                if held and passed > PASSES:
                    await self.is_open.wait()
                to.write(data)
                await to.drain()
                passed += len(data)
        to.close()


async def _close(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with suppress(OSError):
        await writer.wait_closed()


@pytest.fixture
async def both(database_url: str, tmp_path: Path) -> AsyncIterator[HubAndRunner]:
    """A Hub that takes small requests only, and a connected Runner."""
    async with HubAndRunner.connected(database_url, tmp_path, request_limit_bytes=str(1024 * 1024)) as programs:
        yield programs


@pytest.fixture
async def gate(both: HubAndRunner) -> AsyncIterator[Gate]:
    """A closed gate, through which a new Runner is connected."""
    gate = Gate(both.port)
    async with await asyncio.start_server(gate.connect, "127.0.0.1") as server:
        both.hub_url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        await both.end(both.runner)
        await both.start_runner()
        await both.until_online_again()
        yield gate
        gate.is_open.set()
        await both.end(both.runner)
        await asyncio.gather(*gate.connections)


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
    assert laid_down(both)[0].stat().st_size < LARGE


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


async def test_a_file_arrives_whole_although_the_hub_is_killed_meanwhile(both: HubAndRunner, gate: Gate) -> None:
    data = os.urandom(LARGE)
    await both.publish(GIVEN)
    id = await both.request("Given", inputs={"file": await upload(both, "large.bin", data)})
    await some_of_it(both)
    await both.end(both.hub, signal.SIGKILL)
    gate.is_open.set()
    await both.start_hub()
    ended = await both.until_state(id)
    assert ended["state"] == "COMPLETED", ended["failure"]
    [kept] = await files(both, id, "kept")
    assert kept["sha256"] == hashlib.sha256(data).hexdigest()


async def test_a_runner_that_is_killed_while_it_fetches_begins_again(both: HubAndRunner, gate: Gate) -> None:
    data = os.urandom(LARGE)
    await both.publish(GIVEN)
    id = await both.request("Given", inputs={"file": await upload(both, "large.bin", data)})
    await some_of_it(both)
    await both.end(both.runner, signal.SIGKILL)
    gate.is_open.set()
    await both.start_runner()
    ended = await both.until_state(id)
    assert ended["state"] == "COMPLETED", ended["failure"]
    [kept] = await files(both, id, "kept")
    assert kept["sha256"] == hashlib.sha256(data).hexdigest()


async def test_a_stop_ends_the_fetching(both: HubAndRunner, gate: Gate) -> None:
    await both.publish(GIVEN)
    id = await both.request("Given", inputs={"file": await upload(both, "large.bin", bytes(LARGE))})
    await some_of_it(both)
    await both.post(f"/api/executions/{id}/stop", {})
    ended = await both.until_state(id)
    assert ended["state"] == "STOPPED"

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
