"""Keeps the parts of a platform running: start, watch, restart with growing pauses, stop in order."""

from __future__ import annotations

import asyncio
import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import psutil

from exekra.postgres.cluster import Cluster
from exekra.sdk.errors import ExekraError

_PAUSES_SECONDS = (1, 2, 4, 8, 16, 30)
"""Pauses before each new attempt; the last one repeats."""

_STEADY_SECONDS = 10
"""Who ran this long begins again with the shortest pause: what works between its ends is not kept away for long."""


class PartFailedError(ExekraError):
    """A part of the platform did not start."""


class Part(Protocol):
    """A process that belongs to the platform."""

    title: str

    async def start(self) -> None:
        """Start it; an ExekraError says why it cannot be started."""
        ...

    async def ended(self) -> str:
        """Wait for its end; returns how it ended, in words."""
        ...

    async def stop(self) -> None:
        """End it cleanly; returns immediately if it is not running."""
        ...


def say(sentence: str) -> None:
    """Write to the terminal; if it is gone, the parts are still supervised."""
    with contextlib.suppress(BrokenPipeError):
        print(sentence, flush=True)


async def keep_running(part: Part) -> None:
    """Restart a part whenever it ends, until cancelled."""
    failures = 0
    while True:
        started = time.monotonic()
        how = await part.ended()
        if time.monotonic() - started > _STEADY_SECONDS:
            failures = 0
        pause = _PAUSES_SECONDS[min(failures, len(_PAUSES_SECONDS) - 1)]
        failures += 1
        say(f"{part.title} ended unexpectedly ({how}). Restarting it in {pause} s.")
        await asyncio.sleep(pause)
        try:
            await part.start()
        except ExekraError as error:
            say(error.message)
        except Exception as error:  # Whatever the reason (no memory, no more processes), the part must be tried again.
            say(f"{part.title} could not be started: {error}.")


@dataclass(kw_only=True)
class Program:
    """A part that is an `exekra` command, stopped by closing its standard input.

    Attributes:
        title: Its name for people: "The Hub".
        words: The command line after `exekra`.
        environment: Variables in addition to our own. Secrets are passed here, because everybody can see arguments.
        patience_seconds: How long it may take to end before it and everything that it started are killed.
    """

    title: str
    words: Sequence[str]
    environment: Mapping[str, str] = field(repr=False)
    patience_seconds: float
    process: asyncio.subprocess.Process | None = field(default=None, init=False)

    async def start(self) -> None:
        """Start the program."""
        # Ctrl-C at the terminal reaches it only through us.
        separate: dict[str, Any] = {"start_new_session": True}
        if sys.platform == "win32":
            separate = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
        self.process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "exekra.cli.main", *self.words, "--end-with-input"),
            stdin=asyncio.subprocess.PIPE,
            env={**os.environ, **self.environment},
            **separate,
        )

    async def ended(self) -> str:
        """Wait for its end; returns how it ended, in words."""
        if self.process is None:
            return "it did not start"
        status = await self.process.wait()
        return f"status {status}" if status >= 0 else f"signal {-status}"

    async def stop(self) -> None:
        """Close its input and wait; kill it and its descendants if that takes too long."""
        if self.process is None or self.process.stdin is None:
            return
        self.process.stdin.close()
        try:
            await asyncio.wait_for(self.process.wait(), self.patience_seconds)
        except TimeoutError:
            say(f"{self.title} did not end within {self.patience_seconds:g} s and is killed.")
            for process in _family(self.process.pid):
                with contextlib.suppress(psutil.NoSuchProcess):
                    process.kill()
            await self.process.wait()


@dataclass(kw_only=True)
class Database:
    """The part that is PostgreSQL."""

    cluster: Cluster
    title: str = "PostgreSQL"

    async def start(self) -> None:
        """Start the server; a PostgresError says why it cannot be started."""
        await self.cluster.start()

    async def ended(self) -> str:
        """Wait for its end; returns how it ended, in words."""
        await self.cluster.ended()
        return f"its log is {self.cluster.log}"

    async def stop(self) -> None:
        """End the server cleanly."""
        await self.cluster.stop()


def _family(pid: int) -> list[psutil.Process]:
    try:
        parent = psutil.Process(pid)
        return [parent, *parent.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []
