"""The way from outside into a running execution: to stop it, and to debug it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from exekra.flow.debugging import Alive, AnyDebugCommand

MOST_WAITING = 1_000
"""How many commands may wait for a busy execution; others are dropped, and their number is reported."""


class RunControl:
    """Asks an execution to stop, and commands its debugger. Safe to use from any thread, before and after it too."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._stopped = False
        self._on_stop: list[Callable[[], None]] = []
        self._commands: list[AnyDebugCommand] = []
        self._dropped = 0
        self._heard_at = float("-inf")
        self._on_command: Callable[[], None] | None = None
        self._ended = False

    @property
    def stopped(self) -> bool:
        """Whether a stop was requested."""
        return self._stopped

    @property
    def heard_at(self) -> float:
        """The reading of `time.monotonic` when the latest command came; minus infinity before."""
        return self._heard_at

    def stop(self) -> None:
        """Ask the execution to stop; its `finally` bodies still run, for a bounded time."""
        with self._lock:
            if self._stopped:
                return
            self._stopped = True
            listeners = tuple(self._on_stop)
        for tell in listeners:
            tell()

    def command(self, command: AnyDebugCommand) -> None:
        """Give the debugger a command; what it answers is an event.

        Before the execution has begun the command is kept; after its end, and in one that is not debugged, nothing
        happens. Never raises.
        """
        with self._lock:
            self._heard_at = time.monotonic()
            if self._ended or isinstance(command, Alive):
                return
            if len(self._commands) < MOST_WAITING:
                self._commands.append(command)
            else:
                self._dropped += 1
            tell = self._on_command
        if tell is not None:
            tell()

    def listen(self, on_stop: Callable[[], None]) -> None:
        """Call `on_stop` when a stop is requested, or immediately if it already was."""
        with self._lock:
            self._on_stop.append(on_stop)
            stopped = self._stopped
        if stopped:
            on_stop()

    def attend(self, on_command: Callable[[], None]) -> None:
        """Call `on_command` whenever there are commands to take, or immediately if there already are some."""
        with self._lock:
            self._on_command = on_command
            waiting = bool(self._commands)
        if waiting:
            on_command()

    def take(self) -> tuple[list[AnyDebugCommand], int]:
        """The commands that came since the last time, in order, and how many more were dropped."""
        with self._lock:
            taken, self._commands = self._commands, []
            dropped, self._dropped = self._dropped, 0
        return taken, dropped

    def end(self) -> None:
        """Take no more commands: the execution has ended."""
        with self._lock:
            self._ended = True
            self._on_command = None
            self._commands.clear()
