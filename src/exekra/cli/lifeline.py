"""The line between `exekra up` and the processes that it started: when it closes, they end cleanly.

The line is the child's standard input. It closes when the parent closes it and when the parent dies, in any way and on
every system, so one mechanism serves both for a request to stop and for the loss of the parent.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import signal
import sys
import threading
from collections.abc import Callable

_STANDARD_INPUT = 0


def add_lifeline_argument(parser: argparse.ArgumentParser) -> None:
    """Add the option by which `exekra up` asks a child to watch its standard input."""
    parser.add_argument("--end-with-input", action="store_true", help="end when standard input closes")


def watch_lifeline(end: Callable[[], None]) -> None:
    """Call `end`, in this event loop, once standard input is closed."""
    loop = asyncio.get_running_loop()

    def wait() -> None:
        # By number: a thread inside `sys.stdin` would hold a lock that the interpreter needs when it ends.
        while os.read(_STANDARD_INPUT, 1024):
            pass
        with contextlib.suppress(RuntimeError):  # The loop has ended by itself in the meantime.
            loop.call_soon_threadsafe(end)

    # A thread, because no event loop can wait for every kind of input on every system.
    threading.Thread(target=wait, name="lifeline", daemon=True).start()


def watch_signals(ended: asyncio.Event) -> None:
    """Set the event at Ctrl-C and at the system's request to end."""
    loop = asyncio.get_running_loop()
    if sys.platform == "win32":
        answer: Callable[..., None] = lambda *_: loop.call_soon_threadsafe(ended.set)  # noqa: E731 - typed as a value
        for number in (signal.SIGINT, signal.SIGBREAK):
            signal.signal(number, answer)
    else:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, ended.set)
