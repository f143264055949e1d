"""`exekra hub`: the Hub alone, with an existing PostgreSQL."""

from __future__ import annotations

import argparse
import asyncio
import os
import socket

import uvicorn

from exekra.cli.address import add_address_arguments, listen
from exekra.cli.home import add_home_argument, open_home
from exekra.cli.lifeline import add_lifeline_argument, watch_lifeline, watch_signals
from exekra.cli.logs import configure_logging
from exekra.cli.supervision import say
from exekra.hub.app import create_app
from exekra.hub.core.settings import Settings
from exekra.hub.upkeep.provisioning import provision
from exekra.protocol.frames import LARGEST_FRAME_BYTES

SUMMARY = "Start the Hub with an existing PostgreSQL (EXEKRA_DATABASE_URL)."

_KEEP_ALIVE_SECONDS = 65
"""Idle connections stay open longer than clients and proxies keep theirs: no request meets a closing one."""
_CLOSING_SECONDS = 2
"""Live event streams never end by themselves; at shutdown, they are closed after this long."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where the Hub listens and keeps its secrets."""
    add_home_argument(parser)
    add_address_arguments(parser)
    parser.add_argument(
        "--provision",
        action="store_true",
        help="create the first administrator, a Runner and the examples if they are missing",
    )
    add_lifeline_argument(parser)


def run(arguments: argparse.Namespace) -> int:
    """Serve until Ctrl-C, a signal, or the end of standard input."""
    configure_logging()
    home = open_home(arguments.home)
    settings = Settings.load(
        os.environ, home=home, host=arguments.host, port=arguments.port, database_url=arguments.database_url
    )
    listening = listen(settings.host, settings.port)
    configuration = uvicorn.Config(
        create_app(settings),
        lifespan="off",  # Entered below, so that an error reaches the user as one sentence.
        log_config=None,
        access_log=False,
        server_header=False,
        ws="websockets-sansio",
        ws_max_size=LARGEST_FRAME_BYTES,
        timeout_graceful_shutdown=_CLOSING_SECONDS,
        timeout_keep_alive=_KEEP_ALIVE_SECONDS,
    )
    with listening, asyncio.Runner(loop_factory=configuration.get_loop_factory()) as runner:
        runner.run(_serve(configuration, listening, arguments))
    return 0


async def _serve(configuration: uvicorn.Config, listening: socket.socket, arguments: argparse.Namespace) -> None:
    app = configuration.app
    server = uvicorn.Server(configuration)
    ended = asyncio.Event()
    watch_signals(ended)
    if arguments.end_with_input:
        watch_lifeline(ended.set)
    async with app.router.lifespan_context(app):  # type: ignore[union-attr]  # uvicorn knows the app as any callable
        if arguments.provision:
            await provision(app.state.hub, os.environ, say)  # type: ignore[union-attr]  # as above
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        waiting = asyncio.create_task(ended.wait())
        await asyncio.wait({serving, waiting}, return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        server.should_exit = True
        await serving
