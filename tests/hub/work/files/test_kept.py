"""Files that executions keep: sent in chunks, kept once, listed and downloaded."""

from __future__ import annotations

import asyncio
import hashlib
import os
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from at_work import HubAtWork, serve
from file_sender import Sender, sender
from signed_in import TestClock

from exekra.hub.contents.service import Contents
from exekra.hub.core.settings import Settings
from exekra.hub.work.files import store
from exekra.protocol.messages import Assign

CHUNK = 64 * 1024


@pytest.fixture
async def small(settings: Settings, clock: TestClock) -> AsyncIterator[HubAtWork]:
    """A Hub that takes small chunks, and files of at most 2 MB, 3 MB an execution."""
    small = replace(settings, sweep_seconds=3600.0, request_limit_bytes=CHUNK, largest_file_mb=2, largest_files_mb=3)
    async with serve(small, clock) as at_work:
        yield at_work


def stored_files(settings: Settings) -> list[Path]:
    return [path for path in (settings.home / "files").rglob("*") if path.is_file()]


async def files(work: HubAtWork, execution: str) -> list[dict[str, object]]:
    answer = await work.admin.get(f"/api/executions/{execution}/files")
    assert answer.status_code == 200, answer.text
    items: list[dict[str, object]] = answer.json()["items"]
    return items


async def test_a_file_is_sent_in_chunks_and_downloaded(small: HubAtWork) -> None:
    runner = await sender(small)
    data = os.urandom(3 * CHUNK + 17)
    id = await runner.send("Übersicht März.pdf", data)
    [file] = await files(small, runner.execution)
    assert file | {"kept_at": ""} == {
        "id": id,
        "kind": "kept",
        "name": "Übersicht März.pdf",
        "node": "work",
        "media_type": "application/pdf",
        "size": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
        "received": len(data),
        "shown": "pdf",
        "kept_at": "",
    }
    answer = await small.admin.get(f"/api/executions/{runner.execution}/files/{id}")
    assert answer.content == data
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"] == (
        "attachment; filename=\"Ubersicht Marz.pdf\"; filename*=UTF-8''%C3%9Cbersicht%20M%C3%A4rz.pdf"
    )
    assert answer.headers.get_list("x-content-type-options") == ["nosniff"]


@pytest.mark.parametrize(
    ("wanted", "part"),
    [
        ("bytes=0-0", slice(0, 1)),
        ("bytes=65000-66000", slice(65000, 66001)),  # over the border of two chunks
        ("bytes=131072-", slice(131072, None)),
        ("bytes=-10", slice(-10, None)),
        ("bytes=5-99999999", slice(5, None)),
    ],
)
async def test_a_range_is_downloaded(small: HubAtWork, wanted: str, part: slice) -> None:
    runner = await sender(small)
    data = os.urandom(3 * CHUNK)
    id = await runner.send("data.bin", data)
    address = f"/api/executions/{runner.execution}/files/{id}"
    answer = await small.admin.get(address, headers={"Range": wanted})
    assert (answer.status_code, answer.content) == (206, data[part])
    start = part.indices(len(data))[0]
    assert answer.headers["content-range"] == f"bytes {start}-{start + len(answer.content) - 1}/{len(data)}"
    beyond = await small.admin.get(address, headers={"Range": f"bytes={len(data)}-"})
    assert (beyond.status_code, beyond.headers["content-range"]) == (416, f"bytes */{len(data)}")
    again = await small.admin.get(address, headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


async def test_an_upload_goes_on_where_it_broke_off(small: HubAtWork) -> None:
    runner = await sender(small)
    data = os.urandom(2 * CHUNK + 5)
    id = str(uuid4())
    assert (await runner.announce(id, "data.bin", len(data))).json()["received"] == 0
    assert (await runner.chunk(id, 0, data[:CHUNK])).json()["received"] == CHUNK
    twice = await runner.chunk(id, 0, data[:CHUNK])
    assert (twice.status_code, twice.json()["error"]["code"]) == (409, "wrong-offset")
    [file] = await files(small, runner.execution)
    assert (file["sha256"], file["received"]) == (None, CHUNK)
    early = await small.admin.get(f"/api/executions/{runner.execution}/files/{id}")
    assert (early.status_code, early.json()["error"]["code"]) == (409, "file-incomplete")
    # As after a restart of the Hub: the hash of what was stored must be made again.
    small.hub.get(Contents)._hashes.clear()
    assert (await runner.announce(id, "data.bin", len(data))).json()["received"] == CHUNK
    assert (await runner.chunk(id, CHUNK, data[CHUNK : 2 * CHUNK])).status_code == 200
    assert (await runner.finish(id, data)).json()["error"]["code"] == "wrong-offset"
    assert (await runner.chunk(id, 2 * CHUNK, data[2 * CHUNK :])).json()["received"] == len(data)
    assert (await runner.finish(id, data)).json()["stored"] is True
    assert (await runner.finish(id, data)).json()["stored"] is True, "the answer was lost: said again"


async def test_one_request_carries_many_chunks(small: HubAtWork, settings: Settings) -> None:
    runner = await sender(small)
    data = os.urandom(5 * CHUNK + 3)
    id = str(uuid4())
    upload = (await runner.announce(id, "data.bin", len(data))).json()
    assert upload["request_bytes"] > 5 * CHUNK
    assert (await runner.chunk(id, 0, data[: 2 * CHUNK])).json()["received"] == 2 * CHUNK
    short = await runner.chunk(id, 2 * CHUNK, data[2 * CHUNK : 3 * CHUNK + 1])
    assert (short.status_code, short.json()["error"]["code"]) == (422, "chunk-short")
    assert (await runner.announce(id, "data.bin", len(data))).json()["received"] == 3 * CHUNK, "what was whole stays"
    assert (await runner.chunk(id, 3 * CHUNK, data[3 * CHUNK :])).json()["received"] == len(data)
    assert (await runner.finish(id, data)).json()["stored"] is True
    assert len(stored_files(settings)) == 6
    answer = await small.admin.get(f"/api/executions/{runner.execution}/files/{id}")
    assert answer.content == data


async def test_a_chunk_that_another_request_stored_is_refused(small: HubAtWork, settings: Settings) -> None:
    runner = await sender(small)
    data = os.urandom(3 * CHUNK)
    id = str(uuid4())
    await runner.announce(id, "data.bin", len(data))
    answers = await asyncio.gather(*(runner.chunk(id, 0, data) for _ in range(3)))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409]
    assert (await runner.finish(id, data)).json()["stored"] is True
    assert len(stored_files(settings)) == 3


async def test_what_arrives_damaged_is_sent_again(small: HubAtWork) -> None:
    runner = await sender(small)
    data = os.urandom(100)
    id = str(uuid4())
    await runner.announce(id, "data.bin", len(data))
    await runner.chunk(id, 0, bytes(100))
    refused = await runner.finish(id, data)
    assert (refused.status_code, refused.json()["error"]["code"]) == (422, "content-damaged")
    assert (await runner.announce(id, "data.bin", len(data))).json()["received"] == 0
    await runner.chunk(id, 0, data)
    assert (await runner.finish(id, data)).json()["stored"] is True


async def test_the_same_content_is_kept_once(small: HubAtWork, settings: Settings) -> None:
    first = await sender(small)
    data = os.urandom(CHUNK + 1)
    one = await first.send("one.bin", data)
    two = await first.send("two.bin", data)
    contents = small.hub.get(Contents)
    await contents.remove_unused()
    assert len(stored_files(settings)) == 2, "the two chunks of one content"
    for id in (one, two):
        answer = await small.admin.get(f"/api/executions/{first.execution}/files/{id}")
        assert answer.content == data


async def test_a_content_without_files_is_removed(small: HubAtWork, settings: Settings, clock: TestClock) -> None:
    runner = await sender(small)
    await runner.send("one.bin", os.urandom(10))
    await runner.announce(str(uuid4()), "never sent.bin", 10)
    assert len(stored_files(settings)) == 1
    async with small.hub.database.transaction() as connection:
        assert await store.forget_of(connection, [UUID(runner.execution)]) == 2
    contents = small.hub.get(Contents)
    await contents.remove_unused()
    assert len(stored_files(settings)) == 1, "an upload may still begin to refer to it"
    clock.ahead = clock.ahead.__class__(days=2)
    await contents.remove_unused()
    assert stored_files(settings) == []
    assert await files(small, runner.execution) == []


@pytest.mark.parametrize(
    ("sizes", "code"), [((2 * 1024**2 + 1,), "file-too-large"), ((2 * 1024**2, 2 * 1024**2), "files-too-large")]
)
async def test_what_is_too_large_is_refused(small: HubAtWork, sizes: tuple[int, ...], code: str) -> None:
    runner = await sender(small)
    for size in sizes:
        answer = await runner.announce(str(uuid4()), "large.bin", size)
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, code)
    assert "MB" in answer.json()["error"]["message"]


async def test_a_chunk_must_have_its_size(small: HubAtWork) -> None:
    runner = await sender(small)
    id = str(uuid4())
    await runner.announce(id, "data.bin", 100)
    assert (await runner.chunk(id, 0, bytes(101))).status_code == 413
    assert (await runner.chunk(id, 0, bytes(99))).json()["error"]["code"] == "chunk-short"


@pytest.mark.parametrize("year", [1, 9999])
async def test_a_runner_with_a_wrong_clock_keeps_files_during_its_execution(small: HubAtWork, year: int) -> None:
    runner = await sender(small)
    before = (await small.get(runner.execution))["created_at"]
    await runner.send("a.txt", b"a", kept_at=datetime(year, 6, 1, tzinfo=UTC).isoformat())
    [file] = await files(small, runner.execution)
    kept_at = datetime.fromisoformat(str(file["kept_at"]))
    assert datetime.fromisoformat(before) <= kept_at <= datetime.now(UTC)


async def test_the_id_of_a_file_of_another_execution_is_refused(small: HubAtWork) -> None:
    first = await sender(small)
    id = await first.send("secret.txt", b"secret")
    other = await small.runner(carry_out=None)
    await small.start()
    second = Sender(client=first.client, assignment=await other.expect(Assign), runner=other)
    second.client.headers["Authorization"] = f"Bearer {other.token}"
    refused = await second.announce(id, "mine.txt", 1)
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "not-yours")


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "a\\b", "a\0b", "a\nb", "a\u202eb", "ä" * 200])
async def test_a_name_that_is_no_file_name_is_refused(small: HubAtWork, name: str) -> None:
    runner = await sender(small)
    assert (await runner.announce(str(uuid4()), name, 1)).status_code == 422


async def test_only_the_runner_of_the_execution_may_send(small: HubAtWork) -> None:
    runner = await sender(small)
    id = str(uuid4())
    await runner.announce(id, "data.bin", 1)
    other = await small.runner(carry_out=None)
    stranger = Sender(client=runner.client, assignment=runner.assignment, runner=other)
    runner.client.headers["Authorization"] = f"Bearer {other.token}"
    assert (await stranger.announce(str(uuid4()), "data.bin", 1)).json()["error"]["code"] == "not-yours"
    assert (await stranger.announce(id, "data.bin", 1)).json()["error"]["code"] == "not-yours"
    assert (await stranger.chunk(id, 0, b"x")).json()["error"]["code"] == "not-yours"
    assert (await stranger.finish(id, b"x")).json()["error"]["code"] == "not-yours"
    late = await runner.announce(str(uuid4()), "data.bin", 1, lease=runner.assignment.lease + 1)
    assert late.json()["error"]["code"] == "not-yours"


@pytest.mark.parametrize(
    ("name", "shown", "type"),
    [
        ("picture.png", True, "image/png"),
        ("list.txt", True, "text/plain; charset=utf-8"),
        ("page.html", False, "text/html; charset=utf-8"),
        ("drawing.svg", False, "image/svg+xml"),
        ("page.xhtml", False, "application/xhtml+xml"),
        ("list.csv.gz", False, "application/gzip"),
        ("unknown.qqq", False, "application/octet-stream"),
    ],
)
async def test_only_harmless_types_are_shown_in_place(small: HubAtWork, name: str, shown: bool, type: str) -> None:
    runner = await sender(small)
    id = await runner.send(name, b"<script>alert(1)</script>")
    answer = await small.admin.get(f"/api/executions/{runner.execution}/files/{id}", params={"show": "true"})
    assert answer.headers["content-disposition"].split(";")[0] == ("inline" if shown else "attachment")
    assert answer.headers["content-type"] == type
    assert "sandbox" in answer.headers["content-security-policy"]
    assert len(answer.headers.get_list("content-security-policy")) == 1
