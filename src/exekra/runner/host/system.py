"""What the Runner needs from an operating system."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn, Protocol

import psutil


class System(Protocol):
    """One operating system.

    Attributes:
        forks: Whether a process with all its imports done can be forked safely.
        new_group: Arguments of `subprocess` that start a process in a group (and session) of its own.
    """

    forks: bool
    new_group: dict[str, Any]

    def on_end_request(self, loop: asyncio.AbstractEventLoop, callback: Callable[[], None]) -> None:
        """Call `callback` in the loop whenever this process is asked to end (SIGTERM, Ctrl-C)."""

    def end_own_group(self) -> NoReturn:
        """End this process immediately, and every process in its group."""

    def halt(self, process: psutil.Process) -> None:
        """Keep a process from doing anything more, so that it starts no other while it waits to be killed."""

    def session_of(self, pid: int) -> int | None:
        """The session that a process is in; None if there are no sessions, or the process is gone."""

    def others_can_read(self, path: Path) -> bool:
        """Whether other users of the machine can read the file.

        Raises:
            OSError: It cannot be inspected.
        """

    def out_of_memory_kills(self) -> int:
        """How often the system ended a process for lack of memory since it started; 0 if it does not say."""
