"""A plain RuntimeError in anything that the Hub does all the time: executions go on, and health says what happened."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import asyncpg
import pytest
from at_work import HubAtWork, eventually, serve
from signed_in import TestClock

from exekra.hub.core.errors import Unavailable
from exekra.hub.core.settings import Settings
from exekra.hub.work.dispatch.ingest import Report
from exekra.kit.supervision import FAILURES_IN_A_ROW, Supervisor

Work = Callable[[], Awaitable[None]]
WORKS = {
    "assigning executions",
    "checking the file storage",
    "ending what is stuck",
    "firing schedules",
    "forgetting old firings",
    "listening to exekra_ended_sessions",
    "listening to exekra_bus",
    "looking for lost Runners",
    "sampling the load",
    "queuing executions",
    "removing old sign-in attempts",
    "removing old heartbeats",
    "removing old rate limits",
    "removing old uploads",
    "removing unused contents",
    "removing expired data",
    "looking for other Hubs",
    "storing events",
    "broadcasting new states",
    "sending messages to other Hubs",
    "writing heartbeats",
}
"""All that the Hub does all the time."""


class Surprises:
    """Raises a RuntimeError where each piece of work begins for the first time."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.thrown: set[str] = set()
        keep, repeat = Supervisor.keep, Supervisor.repeat

        async def keep_surprised(supervisor: Supervisor, name: str, work: Work, **more: Any) -> None:
            await keep(supervisor, name, self._surprised(name, work), **more)

        async def repeat_surprised(supervisor: Supervisor, name: str, work: Work, *, seconds: float) -> None:
            await repeat(supervisor, name, self._surprised(name, work), seconds=min(seconds, 0.05))

        monkeypatch.setattr(Supervisor, "keep", keep_surprised)
        monkeypatch.setattr(Supervisor, "repeat", repeat_surprised)

    def _surprised(self, name: str, work: Work) -> Work:
        async def surprised() -> None:
            if name not in self.thrown:
                self.thrown.add(name)
                raise RuntimeError("a surprise")
            await work()

        return surprised


async def test_executions_go_on_whatever_raises(
    settings: Settings, clock: TestClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    surprises = Surprises(monkeypatch)
    async with serve(replace(settings, sweep_seconds=1.0), clock) as work:
        await work.publish()
        runner = await work.runner()
        for _ in range(3):
            await work.until((await work.start())["id"], "COMPLETED")
        assert surprises.thrown == WORKS
        seen: dict[str, Any] = {}

        async def all_are_back() -> bool:
            seen.update((await work.admin.get("/api/health")).json())
            return {one["name"] for one in seen["background"] if one["restarts"] == 1} == WORKS

        await eventually(all_are_back, "not all was begun again")
        assert seen["status"] == "ok"
        assert {one["error"] for one in seen["background"]} == {"RuntimeError"}
        assert await work.runner_state(runner) == "ONLINE"
        system = (await work.admin.get("/api/system")).json()
        assert {one["error"] for one in system["background"]} == {"RuntimeError: a surprise"}


async def test_what_keeps_failing_is_told_with_its_reason(work: HubAtWork, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fail() -> None:
        raise RuntimeError("the secret of it")

    monkeypatch.setattr(work.dispatch.heartbeats, "_write", lambda _: fail())
    await work.publish()
    runner = await work.runner()
    await runner.heartbeat()
    seen: dict[str, Any] = {}

    async def degraded() -> bool:
        seen.update((await work.admin.get("/api/health")).json())
        return seen["status"] == "degraded"

    await eventually(degraded, "health stays green")
    assert seen["reasons"] == ["A background task keeps failing: writing heartbeats (RuntimeError)."]
    assert "secret" not in str(seen), "anybody may ask for it"
    (failing,) = [
        one for one in (await work.admin.get("/api/system")).json()["recommendations"] if "keeps" in one["text"]
    ]
    assert "the secret of it" in failing["text"]
    assert (await work.until((await work.start())["id"], "COMPLETED"))["state"] == "COMPLETED"
    monkeypatch.undo()

    async def well() -> bool:
        return (await work.admin.get("/api/health")).json()["status"] == "ok"

    await eventually(well, "health does not recover")


@pytest.mark.parametrize("error", [RuntimeError("a surprise"), asyncpg.InterfaceError("the connection is closing")])
async def test_a_report_is_stored_although_storing_it_raised(
    work: HubAtWork, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    ingest, failures = work.dispatch.ingest, FAILURES_IN_A_ROW
    write = ingest._write_surely

    async def fail_first(batch: list[Report]) -> None:
        nonlocal failures
        if failures:
            failures -= 1
            raise error
        await write(batch)

    monkeypatch.setattr(ingest, "_write_surely", fail_first)
    await work.publish()
    await work.runner()
    ended = await work.until((await work.start())["id"], "COMPLETED")
    assert failures == 0
    assert (await work.events(ended["id"]))[-1]["event"]["event"] == "execution.finished"
    await ingest.flush()


async def test_an_interface_error_of_the_driver_is_a_database_that_is_away(work: HubAtWork) -> None:
    with pytest.raises(Unavailable):
        async with work.hub.database.transaction():
            raise asyncpg.InterfaceError("cannot perform operation: another operation is in progress")
