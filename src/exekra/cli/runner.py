"""`exekra runner`: the agent that runs executions on this machine, for a Hub here or elsewhere."""

from __future__ import annotations

import argparse
import asyncio
import getpass
import os
import signal
import sys
from pathlib import Path

from exekra.cli.lifeline import add_lifeline_argument, watch_lifeline
from exekra.cli.logs import configure_logging
from exekra.runner.agent import run_agent
from exekra.runner.link.secret import remember
from exekra.runner.settings import RunnerSettings

SUMMARY = "Start a Runner that works for a Hub."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The Hub, and the identity of this Runner. The secret is never an argument, because all users of a machine can see
    those.
    """
    parser.add_argument("--hub-url", metavar="URL", help="the Hub's address (EXEKRA_HUB_URL)")
    parser.add_argument("--machine-key", metavar="KEY", help="the machine key that the Hub showed (EXEKRA_MACHINE_KEY)")
    parser.add_argument(
        "--runner-home",
        metavar="FOLDER",
        help="the Runner's own folder (default: EXEKRA_RUNNER_HOME, otherwise ~/.exekra/runner)",
    )
    parser.add_argument(
        "--remember",
        action="store_true",
        help="ask for the secret, store it together with the address and the key, and exit",
    )
    add_lifeline_argument(parser)


def run(arguments: argparse.Namespace) -> int:
    """Work until Ctrl-C, a signal, or the end of standard input."""
    configure_logging()
    settings = RunnerSettings.load(
        os.environ,
        hub_url=arguments.hub_url,
        machine_key=arguments.machine_key,
        runner_home=Path(arguments.runner_home) if arguments.runner_home else None,
    )
    if arguments.remember:
        secret = getpass.getpass("Machine Secret: ") if sys.stdin.isatty() else sys.stdin.readline()
        print(f"The secret is stored in {asyncio.run(remember(settings, secret.strip()))}.")
        return 0
    asyncio.run(_work(settings, end_with_input=arguments.end_with_input))
    return 0


async def _work(settings: RunnerSettings, *, end_with_input: bool) -> None:
    if end_with_input:
        # The agent shuts down cleanly on request, whoever makes it.
        watch_lifeline(lambda: signal.raise_signal(signal.SIGTERM))
    await run_agent(settings)
