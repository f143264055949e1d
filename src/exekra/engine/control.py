"""The way from outside into a running execution: today to stop it, later to debug it."""

from __future__ import annotations

import threading
from collections.abc import Callable


class RunControl:
    """Asks an execution to stop. Safe to use from any thread, before and after the execution too."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._stopped = False
        self._on_stop: list[Callable[[], None]] = []

    @property
    def stopped(self) -> bool:
        """Whether a stop was asked for."""
        return self._stopped

    def stop(self) -> None:
        """Ask the execution to stop; its `finally` bodies still run, for a bounded time."""
        with self._lock:
            if self._stopped:
                return
            self._stopped = True
            listeners = tuple(self._on_stop)
        for tell in listeners:
            tell()

    def listen(self, on_stop: Callable[[], None]) -> None:
        """Call `on_stop` when a stop is asked for, at once when it already was."""
        with self._lock:
            self._on_stop.append(on_stop)
            stopped = self._stopped
        if stopped:
            on_stop()
