"""Windows: no sessions, no fork, and a process cannot be halted before it is killed."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import psutil


class Windows:
    """As `System`."""

    forks = False

    def __init__(self) -> None:
        self.new_group: dict[str, Any] = {}

    def on_end_request(self, loop: asyncio.AbstractEventLoop, callback: Callable[[], None]) -> None:
        """As in `System`."""
        for number in (signal.SIGINT, signal.SIGTERM):
            with contextlib.suppress(ValueError):  # not the main thread: signals cannot arrive there
                signal.signal(number, lambda *_: loop.call_soon_threadsafe(callback))

    def end_own_group(self) -> NoReturn:
        """As in `System`: the Runner ends what this process started."""
        os._exit(1)

    def halt(self, process: psutil.Process) -> None:
        """As in `System`."""

    def session_of(self, pid: int) -> int | None:
        """As in `System`."""
        return None

    def others_can_read(self, path: Path) -> bool:
        """As in `System`: a file in a user's own folder has that folder's permissions."""
        return False

    def out_of_memory_kills(self) -> int:
        """As in `System`."""
        return 0
