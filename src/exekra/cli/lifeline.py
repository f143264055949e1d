"""The line between `exekra up` and what it started: while it is open, work; when it closes, end cleanly.

The line is the child's standard input. It closes when the parent closes it and when the parent dies, however it
dies and on every system, so one mechanism serves for "please stop" and for "you are alone".
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import threading


def add_lifeline_argument(parser: argparse.ArgumentParser) -> None:
    """Add the option by which `exekra up` asks a child to watch its standard input."""
    parser.add_argument("--end-with-input", action="store_true", help="end when standard input closes")


def watch(ended: asyncio.Event) -> None:
    """Set the event once standard input is closed. A thread waits, because no system can wait for every kind of input."""
    loop = asyncio.get_running_loop()

    def wait() -> None:
        while sys.stdin.buffer.read(1024):
            pass
        loop.call_soon_threadsafe(ended.set)

    threading.Thread(target=wait, name="lifeline", daemon=True).start()
