"""`exekra up`: a whole platform with one command: PostgreSQL, the Hub, and one Runner on this machine.

This process only starts, watches and stops the three. It has no data of its own, so whatever happens to it, the next
start finds everything as it was.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import time
from contextlib import AsyncExitStack, suppress
from importlib.metadata import version
from pathlib import Path

from exekra.cli.address import add_address_arguments, listen
from exekra.cli.home import add_home_argument, exclusive, open_home
from exekra.cli.lifeline import watch_signals
from exekra.cli.supervision import Database, Part, PartFailedError, Program, keep_running, say
from exekra.postgres.cluster import Cluster
from exekra.postgres.external import check_external
from exekra.sdk.errors import SettingsError

SUMMARY = "Start everything on this machine: PostgreSQL, the Hub and a Runner."

_ANSWER_POLL_SECONDS = 0.02
_HUB_PATIENCE_SECONDS = 15
_RUNNER_PATIENCE_SECONDS = 20
_PORT_PATIENCE_SECONDS = 2
"""How long a Hub that has just been asked to end may still occupy its port."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where the data is, where the Hub listens, and which PostgreSQL to use."""
    add_home_argument(parser)
    add_address_arguments(parser)
    parser.add_argument("--no-runner", action="store_true", help="do not start a Runner on this machine")


def run(arguments: argparse.Namespace) -> int:
    """Start all parts, keep them running until Ctrl-C or a signal, and stop them in order."""
    home = open_home(arguments.home)
    with exclusive(home):
        asyncio.run(_up(home, arguments))
    return 0


async def _up(home: Path, arguments: argparse.Namespace) -> None:
    started = time.monotonic()
    host = arguments.host or os.environ.get("EXEKRA_HOST") or "127.0.0.1"
    port = arguments.port or _number("EXEKRA_PORT", 4545)
    address = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    await _check_port(host, port)
    stopping = asyncio.Event()
    watch_signals(stopping)
    say(f"Exekra {version('exekra')}, data in {home}")
    async with AsyncExitStack() as running:
        running.callback(say, "Stopped.")
        parts: list[Part] = []

        async def start(part: Part) -> None:
            running.push_async_callback(part.stop)
            await part.start()
            parts.append(part)

        database_url = arguments.database_url or os.environ.get("EXEKRA_DATABASE_URL")
        if database_url:
            await check_external(database_url)
        else:
            configured = os.environ.get("EXEKRA_POSTGRES")
            cluster = Cluster(folder=home / "postgres", programs_folder=Path(configured) if configured else None)
            await start(Database(cluster=cluster))
            database_url = cluster.url()
        hub = Program(
            title="The Hub",
            words=["hub", "--provision", "--home", str(home), "--host", host, "--port", str(port)],
            environment={"EXEKRA_DATABASE_URL": database_url},
            patience_seconds=_HUB_PATIENCE_SECONDS,
        )
        await start(hub)
        if not await _wait_for(hub, host, port, stopping):
            return
        if not arguments.no_runner:
            await start(
                Program(
                    title="The Runner",
                    words=["runner", "--runner-home", str(home / "runner"), "--hub-url", address],
                    environment={},
                    patience_seconds=_RUNNER_PATIENCE_SECONDS,
                )
            )
        say(f"Ready in {time.monotonic() - started:.1f} s: {address}  (Ctrl-C stops everything)")
        keepers = [asyncio.create_task(keep_running(part)) for part in parts]
        await stopping.wait()
        say("Stopping ...")
        for keeper in keepers:
            keeper.cancel()
        await asyncio.gather(*keepers, return_exceptions=True)


async def _check_port(host: str, port: int) -> None:
    """Raise SettingsError if the Hub could not listen, before anything else is started."""
    limit = time.monotonic() + _PORT_PATIENCE_SECONDS
    while True:
        try:
            listen(host, port).close()
        except SettingsError:
            if time.monotonic() > limit:
                raise
            await asyncio.sleep(_ANSWER_POLL_SECONDS)
        else:
            return


async def _wait_for(hub: Program, host: str, port: int, stopping: asyncio.Event) -> bool:
    """Wait until the Hub responds; False if the user wants to stop before that.

    Raises:
        PartFailedError: It ended instead; its output is already on the terminal.
    """
    answer, ended, stop = (asyncio.create_task(wait) for wait in (_answer(host, port), hub.ended(), stopping.wait()))
    try:
        await asyncio.wait({answer, ended, stop}, return_when=asyncio.FIRST_COMPLETED)
        if ended.done():
            raise PartFailedError(f"The Hub did not start ({ended.result()}).")
        return answer.done()
    finally:
        for waiting in (answer, ended, stop):
            waiting.cancel()


async def _answer(host: str, port: int) -> None:
    """Ask the Hub for its health until it is healthy. It listens before it can respond, so most of this is waiting."""
    request = f"GET /api/health HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode()
    nearest = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared, not listened on
    while True:
        with suppress(OSError):
            reader, writer = await asyncio.open_connection(nearest, port)
            try:
                writer.write(request)
                if b" 200 " in await reader.readline():
                    return
            finally:
                writer.close()
        await asyncio.sleep(_ANSWER_POLL_SECONDS)


def _number(name: str, default: int) -> int:
    text = os.environ.get(name)
    if not text:
        return default
    if not text.isdecimal():
        raise SettingsError(f"{name} must be a whole number, not {text!r}.")
    return int(text)
