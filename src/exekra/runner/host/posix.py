"""What Linux and macOS have in common."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import psutil


class Posix:
    """Sessions, process groups and signals."""

    forks = False

    def __init__(self) -> None:
        self.new_group: dict[str, Any] = {"start_new_session": True}

    def on_end_request(self, loop: asyncio.AbstractEventLoop, callback: Callable[[], None]) -> None:
        """As in `System`."""
        for number in (signal.SIGINT, signal.SIGTERM):
            with contextlib.suppress(RuntimeError, ValueError):  # not the main thread: signals cannot arrive there
                loop.add_signal_handler(number, callback)

    def end_own_group(self) -> NoReturn:
        """As in `System`."""
        os.killpg(0, signal.SIGKILL)
        os._exit(1)

    def halt(self, process: psutil.Process) -> None:
        """As in `System`."""
        with contextlib.suppress(psutil.Error):
            process.suspend()

    def session_of(self, pid: int) -> int | None:
        """As in `System`."""
        try:
            return os.getsid(pid)
        except OSError:
            return None

    def others_can_read(self, path: Path) -> bool:
        """As in `System`."""
        return bool(path.stat().st_mode & 0o077)

    def out_of_memory_kills(self) -> int:
        """As in `System`."""
        return 0
