"""Files that executions keep, through a real Hub, a real PostgreSQL and a real Runner that tests kill."""

from __future__ import annotations

import hashlib
import os
import signal
from pathlib import Path
from typing import Any

from .hub_and_runner import HubAndRunner, row

KEEP = row("Keep", ("keep", "file.keep", {"path": "{path}", "name": "{name}"})) | {
    "inputs": {"path": {"type": "text"}, "name": {"type": "text", "default": ""}}
}


async def stored_files(both: HubAndRunner, id: str, count: int = 1) -> list[dict[str, Any]]:
    """The files of an execution, when all of them are there."""
    found: list[dict[str, Any]] = []

    async def there() -> bool:
        found[:] = (await both.get(f"/api/executions/{id}/files"))["items"]
        return len(found) == count and all(file["sha256"] for file in found)

    await both.until(there)
    return found


def waiting(both: HubAndRunner) -> list[Path]:
    return list((both.folder / "runner" / "kept-files").iterdir())


async def test_a_kept_file_reaches_the_hub_whole(shared: HubAndRunner) -> None:
    data = os.urandom(20_000_000)  # three chunks
    (shared.folder / "Bericht März.xlsx").write_bytes(data)
    ended = await shared.run(KEEP, inputs={"path": "Bericht März.xlsx"})
    assert ended["state"] == "COMPLETED", ended["failure"]
    [file] = await stored_files(shared, ended["id"])
    assert (file["name"], file["size"], file["node"]) == ("Bericht März.xlsx", len(data), "keep")
    answer = await shared.client.get(f"/api/executions/{ended['id']}/files/{file['id']}")
    assert answer.content == data
    assert "Kept the file Bericht März.xlsx (20,000,000 bytes)." in await shared.logs(ended["id"])

    async def forgotten() -> bool:
        return waiting(shared) == []

    await shared.until(forgotten)
    missing = await shared.until_state(await shared.request("Keep", inputs={"path": "nothing.txt"}))
    assert missing["failure"]["type"] == "KeepFileError"
    assert missing["failure"]["message"] == f"There is no file {shared.folder / 'nothing.txt'} to be kept."


async def test_a_file_survives_that_hub_and_runner_are_killed(both: HubAndRunner) -> None:
    data = os.urandom(60_000_000)
    (both.folder / "large.bin").write_bytes(data)
    await both.publish(KEEP)
    id = await both.request("Keep", inputs={"path": "large.bin"})

    async def some_of_it() -> bool:
        items = (await both.get(f"/api/executions/{id}/files"))["items"]
        return bool(items) and items[0]["received"] > 0

    await both.until(some_of_it)
    await both.end(both.hub, signal.SIGKILL)
    await both.end(both.runner, signal.SIGKILL)
    await both.start_hub()
    await both.start_runner()
    [file] = await stored_files(both, id)
    assert file["sha256"] == hashlib.sha256(data).hexdigest()


async def test_what_is_too_large_is_said_at_once(both: HubAndRunner) -> None:
    await both.end(both.hub)
    await both.start_hub(largest_file_mb="1")
    await both.until_online_again()
    (both.folder / "large.bin").write_bytes(bytes(2 * 1024 * 1024))
    ended = await both.run(KEEP, inputs={"path": "large.bin"})
    assert ended["failure"]["type"] == "KeepFileError"
    assert "has 2.0 MB and is too large to be kept: at most 1.0 MB are allowed" in ended["failure"]["message"]
    assert waiting(both) == []
