"""The port that the Hub listens on."""

from __future__ import annotations

import asyncio
import socket

import pytest

from exekra.cli.address import listen
from exekra.sdk.errors import SettingsError


@pytest.mark.parametrize("host", ["no such host", "é" * 70, "192.0.2.1", "x" * 5000])
def test_an_address_of_another_machine_is_told(host: str) -> None:
    with pytest.raises(SettingsError, match="EXEKRA_HOST or --host must be an address of this machine") as error:
        listen(host, 0)
    assert len(error.value.message) < 300


def test_a_port_that_is_in_use_is_told() -> None:
    with listen("127.0.0.1", 0) as listening, pytest.raises(SettingsError, match="Stop the program that uses it"):
        listen(*listening.getsockname())


async def test_small_answers_are_sent_at_once() -> None:
    """Otherwise each waits 40 ms for an acknowledgement, wherever uvloop does not take care of it."""
    accepted: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

    async def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        inner = writer.get_extra_info("socket")
        accepted.set_result(bool(inner.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)))
        writer.close()

    with listen("127.0.0.1", 0) as listening:
        async with await asyncio.start_server(answer, sock=listening):
            _, writer = await asyncio.open_connection(*listening.getsockname())
            assert await accepted
            writer.close()
