"""How kept files are sent: as much in a request as the Hub takes, and less where something on the way refuses that."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from exekra.protocol.messages import FileLimits
from exekra.runner.children.keeping import SpoolingFileKeeper
from exekra.runner.link import file_delivery
from exekra.runner.link.file_delivery import FileDelivery
from exekra.runner.link.file_spool import FileSpool

CHUNK = 1000
DATA = os.urandom(10 * CHUNK + 7)


class Token:
    """What proves who the Runner is."""

    async def token(self) -> str:
        return "token"

    def forget(self) -> None:
        pass


@dataclass
class HubDouble:
    """Takes one file.

    Attributes:
        request_bytes: How much it says that a request may carry; None as a Hub that does not know of it.
        refuse: Called with the length of each request for content; what it gives is the answer.
        lengths: Of the requests for content.
    """

    request_bytes: int | None = 4 * CHUNK
    refuse: Callable[[int], httpx.Response | None] = lambda _: None
    lengths: list[int] = field(default_factory=list)
    stored: bytes = b""
    done: asyncio.Event = field(default_factory=asyncio.Event)

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        body = await request.aread()
        if request.url.path.endswith("/content"):
            self.lengths.append(len(body))
            if (refusal := self.refuse(len(body))) is not None:
                return refusal
            assert int(request.url.params["offset"]) == len(self.stored)
            self.stored += body
        if request.url.path.endswith("/stored"):
            assert json.loads(body) == {"sha256": hashlib.sha256(DATA).hexdigest()}
            self.done.set()
        upload: dict[str, Any] = {"received": len(self.stored), "chunk_bytes": CHUNK, "stored": self.done.is_set()}
        more = {} if self.request_bytes is None else {"request_bytes": self.request_bytes}
        return httpx.Response(200, json=upload | more)


@pytest.fixture
def spool(tmp_path: Path) -> FileSpool:
    (tmp_path / "spool").mkdir()
    spool = FileSpool(tmp_path / "spool", 10 * 1024 * 1024)
    spool.limits = FileLimits(largest_file_bytes=10**6, largest_files_bytes=10**6)
    space = spool.space("e", 1)
    assert space is not None
    (tmp_path / "data.bin").write_bytes(DATA)
    keeper = SpoolingFileKeeper(space, lambda: None)
    keeper.keep(tmp_path / "data.bin", "data.bin", node="n", move=False, check=lambda: None)
    spool.tell()
    return spool


@pytest.fixture
def deliver(spool: FileSpool, monkeypatch: pytest.MonkeyPatch) -> Callable[[HubDouble], Awaitable[None]]:
    monkeypatch.setattr(file_delivery, "BLOCK_BYTES", 300)
    monkeypatch.setattr(file_delivery, "PAUSES", lambda _: 0.0)

    async def deliver(hub: HubDouble) -> None:
        async with httpx.AsyncClient(base_url="http://hub", transport=httpx.MockTransport(hub)) as client:
            sending = asyncio.create_task(FileDelivery(spool, client, Token()).run())  # type: ignore[arg-type]  # a stand-in
            async with asyncio.timeout(30):
                await hub.done.wait()
            sending.cancel()
            await asyncio.wait([sending])
        assert hub.stored == DATA

    return deliver


async def test_a_request_carries_as_much_as_the_hub_takes(deliver: Callable[[HubDouble], Awaitable[None]]) -> None:
    hub = HubDouble()
    await deliver(hub)
    assert hub.lengths == [4 * CHUNK, 4 * CHUNK, 2 * CHUNK + 7]


async def test_an_older_hub_gets_chunk_by_chunk(deliver: Callable[[HubDouble], Awaitable[None]]) -> None:
    hub = HubDouble(request_bytes=None)
    await deliver(hub)
    assert hub.lengths == [CHUNK] * 10 + [7]


async def test_it_goes_on_in_the_middle(deliver: Callable[[HubDouble], Awaitable[None]]) -> None:
    hub = HubDouble(stored=DATA[: 3 * CHUNK])
    await deliver(hub)
    assert hub.lengths == [4 * CHUNK, 3 * CHUNK + 7]


def too_large(length: int) -> httpx.Response | None:
    return httpx.Response(413, text="<html>Request Entity Too Large</html>") if length > CHUNK else None


def break_off(length: int) -> httpx.Response | None:
    if length > CHUNK:
        raise httpx.ReadError("Connection reset by peer")
    return None


@pytest.mark.parametrize("refuse", [too_large, break_off])
async def test_a_proxy_that_takes_no_large_requests_gets_chunks(
    deliver: Callable[[HubDouble], Awaitable[None]], refuse: Callable[[int], httpx.Response | None]
) -> None:
    hub = HubDouble(refuse=refuse)
    await deliver(hub)
    assert hub.lengths == [4 * CHUNK] + [CHUNK] * 10 + [7]
