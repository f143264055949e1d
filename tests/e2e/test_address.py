"""The port that the Hub listens on."""

from __future__ import annotations

import asyncio
import socket

from exekra.cli.address import listen


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
