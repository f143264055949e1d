"""A part of the platform is started again whatever kept it from starting."""

from __future__ import annotations

import asyncio

import pytest

from exekra.cli import supervision
from exekra.cli.supervision import keep_running
from exekra.testing.patience import PATIENCE_SECONDS


class Failing:
    """A part whose starts fail in ways that nobody foresaw, and then succeed."""

    title = "The Hub"

    def __init__(self, *errors: Exception) -> None:
        self.errors = list(errors)
        self.started = asyncio.Event()

    async def start(self) -> None:
        if self.errors:
            raise self.errors.pop()
        self.started.set()

    async def ended(self) -> str:
        if self.started.is_set():
            await asyncio.Event().wait()
        return "status 1"

    async def stop(self) -> None:
        pass


async def test_it_goes_on_after_any_error(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(supervision, "_PAUSES_SECONDS", (0,))
    part = Failing(RuntimeError("a surprise"), OSError(24, "Too many open files"))
    keeping = asyncio.create_task(keep_running(part))
    async with asyncio.timeout(PATIENCE_SECONDS):
        await part.started.wait()
    assert not keeping.done()
    keeping.cancel()
    await asyncio.wait({keeping})
    assert "a surprise" in capsys.readouterr().out
