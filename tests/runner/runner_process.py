"""A real Runner in a process of its own."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Awaitable, Callable
from pathlib import Path

import psutil

from exekra.testing.patience import PATIENCE_SECONDS

PLUGIN = Path(__file__).parent / "plugin"
RUN = """
import asyncio, logging, os, sys
from exekra.runner.agent import run_agent
from exekra.runner.settings import RunnerSettings
from exekra.sdk.errors import ExekraError
from exekra.testing.patience import PATIENCE_SECONDS
if limit := int(os.environ.pop("EXEKRA_FILE_LIMIT", 0)):
    import resource
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s")
try:
    asyncio.run(run_agent(RunnerSettings.load(os.environ)))
except ExekraError as error:
    sys.exit(f"{error.type}: {error.message}")
"""


class RunnerProcess:
    """A Runner, started as its command does."""

    def __init__(self, home: Path, process: asyncio.subprocess.Process, log: Path) -> None:
        self.home = home
        self.process = process
        self._log = log

    @property
    def log(self) -> str:
        return self._log.read_text()

    def processes(self) -> list[psutil.Process]:
        """All processes below the Runner."""
        return psutil.Process(self.process.pid).children(recursive=True)

    async def end(self, number: int = signal.SIGTERM) -> int:
        """Send a signal and wait; its exit status."""
        if self.process.returncode is None:
            self.process.send_signal(number)
        async with asyncio.timeout(PATIENCE_SECONDS):
            return await self.process.wait()


def lives(pid: int) -> bool:
    """Whether that process is there, and no zombie that nobody collected yet."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


async def until(condition: Callable[[], object], seconds: float = PATIENCE_SECONDS) -> None:
    """Wait until that is so, where nothing tells."""
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 - files and processes of others ring no bell
            await asyncio.sleep(0.01)


async def until_file(path: Path) -> int:
    """Wait for a process id in that file."""
    await until(lambda: path.exists() and path.read_text())
    return int(path.read_text())


StartRunner = Callable[..., Awaitable[RunnerProcess]]
"""Starts a Runner of the test's Hub; keywords are settings."""
