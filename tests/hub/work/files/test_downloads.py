"""Downloads: each is in the audit log, and what the storage lost or changed is answered as an error."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from at_work import HubAtWork, serve
from file_sender import sender
from signed_in import TestClock

from exekra.hub.contents.service import Contents
from exekra.hub.core.settings import Settings

CHUNK = 64 * 1024


@pytest.fixture
async def small(settings: Settings, clock: TestClock) -> AsyncIterator[HubAtWork]:
    """A Hub that takes small chunks."""
    async with serve(replace(settings, sweep_seconds=3600.0, request_limit_bytes=CHUNK), clock) as at_work:
        yield at_work


def objects(settings: Settings) -> list[Path]:
    return [path for path in (settings.home / "files").rglob("*") if path.is_file()]


async def count_of_entries(work: HubAtWork) -> int:
    return len((await work.admin.get("/api/audit", params={"action": "file.download"})).json()["items"])


async def test_no_range_escapes_the_audit_log(small: HubAtWork) -> None:
    runner = await sender(small)
    id = await runner.send("Bericht.pdf", bytes(1000))
    address = f"/api/executions/{runner.execution}/files/{id}"
    assert (await small.admin.get(address, headers={"Range": "bytes=1-"})).status_code == 206
    assert await count_of_entries(small) == 1
    for wanted in ("bytes=-999", "bytes=500-"):
        assert (await small.admin.get(address, headers={"Range": wanted})).status_code == 206
    assert await count_of_entries(small) == 1, "they go on with the same download"
    assert (await small.admin.get(address, headers={"Range": "bytes=1000-"})).status_code == 416
    assert (await small.admin.get(address)).status_code == 200
    assert await count_of_entries(small) == 2


async def test_a_file_that_is_only_shown_is_not_logged_as_a_download(small: HubAtWork) -> None:
    runner = await sender(small)
    for name, action in (("answer.txt", "file.view"), ("page.html", "file.download")):
        id = await runner.send(name, b"x")
        address = f"/api/executions/{runner.execution}/files/{id}"
        assert (await small.admin.get(address, params={"show": "true"})).status_code == 200
        [entry] = (await small.admin.get("/api/audit", params={"action": action})).json()["items"]
        assert entry["details"]["name"] == name


@pytest.mark.parametrize("damage", ["lost", "changed"])
async def test_a_content_that_the_storage_lost_or_changed_is_an_error(
    small: HubAtWork, settings: Settings, damage: str
) -> None:
    runner = await sender(small)
    id = await runner.send("data.bin", b"x" * 1000)
    [object] = objects(settings)
    if damage == "lost":
        object.unlink()
    else:
        object.write_bytes(b"y" * 1000)
    answer = await small.admin.get(f"/api/executions/{runner.execution}/files/{id}")
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "content-missing")
    assert "backup" in answer.json()["error"]["hint"]
    assert await count_of_entries(small) == 0


async def test_a_lost_part_is_named_before_a_download_begins(small: HubAtWork) -> None:
    runner = await sender(small)
    contents = small.hub.get(Contents)
    size = 2 * contents.chunk_bytes + 10
    id = await runner.send("data.bin", os.urandom(size))
    address = f"/api/executions/{runner.execution}/files/{id}"
    async with small.hub.database.reading() as connection:
        [chunks, content] = await connection.fetchrow("SELECT chunks, id FROM content WHERE size = $1", size)
    [lost] = [name for name in await contents.objects.names(f"{content.hex[-2:]}/{content}") if chunks[1].hex in name]
    await contents.objects.remove([lost])
    whole = await small.admin.get(address)
    later = await small.admin.get(
        address, headers={"Range": f"bytes={contents.chunk_bytes}-{contents.chunk_bytes + 5}"}
    )
    for answer in (whole, later):
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "content-missing")
        assert answer.json()["error"]["message"] == "Part 2 of 3 of the file is missing in the Hub's storage."
    assert (await small.admin.get(address, headers={"Range": "bytes=0-9"})).status_code == 206
    assert await count_of_entries(small) == 1


async def test_an_export_has_no_file_that_the_storage_changed(small: HubAtWork, settings: Settings) -> None:
    workflow = await small.publish()
    uploaded = await small.admin.post(f"/api/workflows/{workflow}/files/contents", content=b"x" * 1000)
    change = {"action": "put", "path": "rates.csv", "content_id": uploaded.json()["content_id"]}
    await small.admin.post(f"/api/workflows/{workflow}/files", json={"based_on": 1, "changes": [change]})
    [object] = objects(settings)
    object.write_bytes(b"y" * 1000)
    exported = await small.admin.get(f"/api/workflows/{workflow}/export", params={"number": 2})
    assert (exported.status_code, exported.json()["error"]["code"]) == (404, "content-missing")
