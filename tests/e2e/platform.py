"""A platform under test: `exekra up` in a folder of its own, on a port of its own."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import socket
import sys
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import psutil

from exekra.testing.patience import PATIENCE_SECONDS

EMAIL, PASSWORD = "ada@example.org", "correct horse battery"


class Platform:
    """One `exekra up`; `lines` is what it said so far."""

    def __init__(self, home: Path, *words: str, environment: Mapping[str, str] | None = None) -> None:
        self.home = home
        self.port = free_port()
        self.words = words
        self.environment = {
            "EXEKRA_ADMIN_EMAIL": EMAIL,
            "EXEKRA_ADMIN_PASSWORD": PASSWORD,
            "EXEKRA_REQUESTS_PER_MINUTE": "0",
            "EXEKRA_PASSWORD_ROUNDS": "4",  # Passwords that are cheap to check: somebody signs in all the time.
            **(environment or {}),
        }
        self.lines: list[str] = []
        self.process: asyncio.subprocess.Process | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> float:
        """Start it and wait until it says that it is ready; how many seconds that took."""
        began = time.monotonic()
        await self.launch()
        await self.read_until("Ready in")
        return time.monotonic() - began

    async def launch(self) -> None:
        clean = {name: value for name, value in os.environ.items() if not name.startswith("EXEKRA_")}
        self.process = await asyncio.create_subprocess_exec(
            *(
                sys.executable,
                "-m",
                "exekra.cli.main",
                "up",
                "--home",
                str(self.home),
                "--port",
                str(self.port),
                *self.words,
            ),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            env=clean | self.environment,
        )

    async def read_until(self, words: str) -> str:
        assert self.process is not None
        assert self.process.stdout is not None
        async with asyncio.timeout(PATIENCE_SECONDS):
            while line := (await self.process.stdout.readline()).decode().rstrip("\n"):
                self.lines.append(line)
                if words in line:
                    return line
        raise AssertionError(f"{words!r} was never said:\n{self.text}")

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[None]:
        """Read what it says while the block lasts, so that it never waits for a reader."""
        task = asyncio.create_task(self._listen())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.wait([task])

    async def _listen(self) -> None:
        assert self.process is not None
        assert self.process.stdout is not None
        while line := (await self.process.stdout.readline()).decode():
            self.lines.append(line.rstrip("\n"))

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    def family(self) -> list[psutil.Process]:
        """Everything that it started, itself included."""
        assert self.process is not None
        parent = psutil.Process(self.process.pid)
        return [parent, *parent.children(recursive=True)]

    def child(self, word: str) -> psutil.Process:
        """The child whose command line has this word."""
        assert self.process is not None
        found = [child for child in psutil.Process(self.process.pid).children() if word in child.cmdline()]
        assert len(found) == 1, found
        return found[0]

    async def stop(self, number: int = signal.SIGINT) -> tuple[int, float]:
        """Ask it to end; its exit status and how many seconds that took."""
        assert self.process is not None
        began = time.monotonic()
        if self.process.returncode is None:
            self.process.send_signal(number)
        return await self.finish(), time.monotonic() - began

    async def finish(self) -> int:
        """Wait for its end, reading what it says; its exit status."""
        assert self.process is not None
        async with asyncio.timeout(PATIENCE_SECONDS):
            said, _ = await self.process.communicate()
        self.lines += said.decode().splitlines()
        assert self.process.returncode is not None
        return self.process.returncode

    @asynccontextmanager
    async def client(self) -> AsyncIterator[httpx.AsyncClient]:
        """A client that is signed in as the first administrator."""
        async with httpx.AsyncClient(base_url=self.url, timeout=PATIENCE_SECONDS, verify=False) as client:
            answer = await client.post("/api/session", json={"email": EMAIL, "password": PASSWORD})
            assert answer.status_code == 201, answer.text
            client.headers["Authorization"] = f"Bearer {answer.json()['token']}"
            yield client


async def gone(processes: list[psutil.Process], *, seconds: float = PATIENCE_SECONDS) -> list[psutil.Process]:
    """Wait until these processes have ended; those that have not."""

    def alive(process: psutil.Process) -> bool:
        try:
            # One whose parent is dead waits for the system to collect it: it runs no more.
            return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            return False

    limit = time.monotonic() + seconds
    while (left := [each for each in processes if alive(each)]) and time.monotonic() < limit:  # noqa: ASYNC110 - they tell nobody
        await asyncio.sleep(0.05)
    return left


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def generated_password(text: str) -> str | None:
    found = re.search(r"password (\S+)  \(only shown this once\)", text)
    return found[1] if found else None
