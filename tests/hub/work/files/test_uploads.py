"""Uploads by people: bounded together however many come at a time, and gone from the disk when they fail."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from at_work import HubAtWork, serve
from signed_in import TestClock

from exekra.hub.contents.objects import StorageFull
from exekra.hub.contents.service import Contents
from exekra.hub.core.actor import Actor, Role
from exekra.hub.core.settings import Settings
from exekra.hub.work.files.uploads import Uploads

MEGABYTE = 1024 * 1024


@pytest.fixture
async def small(settings: Settings, clock: TestClock) -> AsyncIterator[HubAtWork]:
    """A Hub that takes small chunks, and 3 MB from a person."""
    small = replace(
        settings, sweep_seconds=3600.0, request_limit_bytes=64 * 1024, largest_file_mb=2, largest_files_mb=3
    )
    async with serve(small, clock) as at_work:
        yield at_work


@pytest.mark.parametrize("hubs", [1, 2])
async def test_simultaneous_uploads_are_bounded_together(small: HubAtWork, hubs: int) -> None:
    [user] = await small.fetch("SELECT id FROM app_user")
    actor = Actor(kind="user", id=user["id"], name="admin@example.org", role=Role.ADMIN)
    both_checked = asyncio.Barrier(hubs)

    async def body(byte: bytes) -> AsyncIterator[bytes]:
        await both_checked.wait()
        yield byte * (2 * MEGABYTE)

    receivers = [Uploads(small.hub) for _ in range(hubs)]
    outcomes = await asyncio.gather(
        *(
            receivers[number % hubs].receive(actor, "a.bin", 2 * MEGABYTE, body(str(number).encode()))
            for number in range(2)
        ),
        return_exceptions=True,
    )
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["TooLarge", "UUID"]


async def test_a_failed_upload_leaves_the_disk_at_once(
    small: HubAtWork, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    objects = small.hub.get(Contents).objects
    put, count = objects.put, 0

    async def full_after_two(name: str, data: bytes | bytearray) -> None:
        nonlocal count
        count += 1
        if count > 2:
            raise StorageFull("The disk is full.")
        await put(name, data)

    monkeypatch.setattr(objects, "put", full_after_two)
    refused = await small.admin.post("/api/files", params={"name": "a.bin"}, content=bytes(MEGABYTE))
    assert (refused.status_code, refused.json()["error"]["code"]) == (503, "storage-full")
    assert count == 3
    assert [path for path in (settings.home / "files").rglob("*") if path.is_file()] == []
    assert await small.fetch("SELECT FROM content") == []
