"""Staying connected: what goes wrong on the way to the Hub, and that nothing is lost or doubled by it."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

import psutil
import pytest
from hub_double import HubDouble, flow
from runner_process import StartRunner, lives, until, until_file
from test_execution import FOREVER

from exekra.protocol.messages import Acknowledge, Goodbye, Refused
from exekra.testing.patience import PATIENCE_SECONDS


async def test_a_wrong_secret_ends_the_runner_after_one_attempt(hub: HubDouble, start_runner: StartRunner) -> None:
    runner = await start_runner(machine_secret="wrong")
    assert await asyncio.wait_for(runner.process.wait(), PATIENCE_SECONDS) == 1
    assert "SecretRefusedError" in runner.log
    assert "Regenerate the secret" in runner.log
    assert "Traceback" not in runner.log
    assert "wrong" not in runner.log.replace("is wrong", "")
    assert hub.authentications == [401]


async def test_a_hub_that_is_not_there_yet_is_waited_for(hub: HubDouble, start_runner: StartRunner) -> None:
    await hub.stop()
    runner = await start_runner()
    await until(lambda: "could not be reached" in runner.log)
    await hub.start()
    await hub.until(lambda: hub.heartbeats)


@pytest.mark.parametrize("poll_only", ["false", "true"])
async def test_nothing_is_lost_while_the_hub_is_away(
    hub: HubDouble, start_runner: StartRunner, tmp_path: Path, poll_only: str
) -> None:
    await start_runner(poll_only=poll_only)
    await hub.until(lambda: hub.heartbeats)
    document = flow(
        ("a", "bad.chatter", {"lines": 50}),
        ("b", "bad.wait_for", {"file": str(tmp_path / "go")}),
        ("c", "bad.chatter", {"lines": 5000}),
    )
    stored = await hub.assign("e-1", document)
    await hub.until(lambda: len(stored.log) == 50)
    await hub.stop()
    (tmp_path / "go").touch()
    await until(lambda: sum(file.stat().st_size for file in (tmp_path / "home" / "spool").iterdir()) > 500_000)
    await hub.start()
    await hub.until(lambda: stored.finished)
    assert stored.finished.state == "COMPLETED"
    assert [int(line[:8]) for line in stored.log] == [*range(50), *range(5000)]
    await until(lambda: not list((tmp_path / "home" / "spool").iterdir()))


async def test_events_that_were_not_acknowledged_are_sent_again(hub: HubDouble, start_runner: StartRunner) -> None:
    await start_runner()
    await hub.until(lambda: hub.heartbeats)
    hub.acknowledging = False
    stored = await hub.run("e-1", flow(("a", "bad.chatter", {"lines": 100})))
    before = len(stored.events)
    await hub.stop()
    stored.events[10:] = []  # The Hub stored only some of them before it died.
    hub.acknowledging = True
    await hub.start()
    await hub.until(lambda: stored.finished)
    assert len(stored.events) == before
    assert [int(line[:8]) for line in stored.log] == list(range(100))


async def test_a_killed_runner_fails_its_execution_after_a_restart(
    hub: HubDouble, start_runner: StartRunner, tmp_path: Path
) -> None:
    first = await start_runner()
    await hub.until(lambda: hub.heartbeats)
    document = flow(
        ("a", "bad.chatter", {"lines": 10}),
        ("h", "bad.hide", {"file": str(tmp_path / "hidden")}),
        ("b", "bad.block", {}),
    )
    stored = await hub.assign("e-1", document)
    hidden = await until_file(tmp_path / "hidden")
    below = first.processes()
    await first.end(signal.SIGKILL)
    await until(lambda: not any(lives(process.pid) for process in below))
    assert not lives(hidden)
    await start_runner()
    await hub.until(lambda: stored.finished)
    assert stored.finished.state == "FAILED"
    assert stored.finished.failure.type == "RunnerRestartedError"
    assert len(stored.log) == 10


async def test_a_restarted_runner_goes_on_after_the_last_event_that_the_hub_has(
    hub: HubDouble, start_runner: StartRunner, tmp_path: Path
) -> None:
    first = await start_runner()
    await hub.until(lambda: hub.heartbeats)
    stored = await hub.assign(
        "e-1", flow(("a", "bad.chatter", {"lines": 10}), ("b", "bad.block", {"file": str(tmp_path / "pid")}))
    )
    await until_file(tmp_path / "pid")
    await hub.until(lambda: len(stored.log) == 10)
    await first.end(signal.SIGKILL)
    (spooled,) = (tmp_path / "home" / "spool").iterdir()
    with spooled.open("r+b") as file:  # A crash of the machine: the newest events did not reach the disk.
        file.truncate(spooled.stat().st_size // 2)
    await start_runner()
    await hub.until(lambda: stored.finished)
    assert stored.finished.failure.type == "RunnerRestartedError"


async def test_polling_where_no_websocket_passes(hub: HubDouble, start_runner: StartRunner) -> None:
    hub.websockets = False
    runner = await start_runner()
    await hub.until(lambda: hub.heartbeats)
    assert hub.connections == 0
    assert "WebSockets are blocked" in runner.log
    stored = await hub.run("e-1", flow(("who", "bad.where", {})))
    assert stored.finished.state == "COMPLETED"
    stored = await hub.assign("e-2", FOREVER)
    await hub.until(lambda: stored.events)
    await hub.stop_execution("e-2")
    await hub.until(lambda: stored.finished)
    assert stored.finished.state == "STOPPED"


async def test_a_proxy_that_answers_for_a_hub_that_is_away_does_not_lead_to_polling(
    hub: HubDouble, start_runner: StartRunner
) -> None:
    hub.websockets, hub.refusal = False, 502
    runner = await start_runner()
    await until(lambda: "is busy or down (HTTP 502)" in runner.log)
    hub.websockets = True
    await hub.until(lambda: hub.heartbeats)
    assert hub.polls == 0


async def test_a_refused_execution_is_killed_and_forgotten(
    hub: HubDouble, start_runner: StartRunner, tmp_path: Path
) -> None:
    await start_runner()
    await hub.until(lambda: hub.heartbeats)
    await hub.assign("e-1", flow(("b", "bad.block", {"file": str(tmp_path / "pid")})))
    pid = await until_file(tmp_path / "pid")
    await hub.send(Refused(execution_id="e-1", lease=1, reason="over"))
    await until(lambda: not lives(pid))
    stored = await hub.run("e-2", flow(("who", "bad.where", {})))
    assert stored.finished.state == "COMPLETED"
    await until(lambda: not list((tmp_path / "home" / "spool").iterdir()))


async def test_a_new_lease_replaces_the_old_one(hub: HubDouble, start_runner: StartRunner, tmp_path: Path) -> None:
    await start_runner()
    await hub.until(lambda: hub.heartbeats)
    await hub.assign("e-1", flow(("b", "bad.block", {"file": str(tmp_path / "pid")})))
    pid = await until_file(tmp_path / "pid")
    stored = await hub.run("e-1", flow(("who", "bad.where", {})), lease=2)
    assert stored.finished.state == "COMPLETED"
    assert not lives(pid)


async def test_a_new_secret_ends_a_runner_that_has_the_old_one(hub: HubDouble, start_runner: StartRunner) -> None:
    runner = await start_runner()
    await hub.until(lambda: hub.heartbeats)
    hub.secret = "6" * 64
    await hub.send(Goodbye(reason="The Runner has a new secret."))
    assert await asyncio.wait_for(runner.process.wait(), PATIENCE_SECONDS) == 1
    assert "The Runner has a new secret" in runner.log
    assert "Traceback" not in runner.log


async def test_a_new_secret_is_taken_from_the_file(hub: HubDouble, start_runner: StartRunner, tmp_path: Path) -> None:
    file = tmp_path / "home" / "machine-secret"
    file.parent.mkdir()
    file.write_text(hub.secret)
    file.chmod(0o600)
    await start_runner(machine_secret="")
    await hub.until(lambda: hub.heartbeats)
    hub.secret = "6" * 64
    file.write_text(hub.secret)
    await hub.send(Goodbye(reason="The Runner has a new secret."))
    await hub.until(lambda: hub.connections == 2)


async def test_two_runners_cannot_use_one_folder(hub: HubDouble, start_runner: StartRunner) -> None:
    await start_runner()
    await hub.until(lambda: hub.heartbeats)
    second = await start_runner()
    assert await asyncio.wait_for(second.process.wait(), PATIENCE_SECONDS) == 1
    assert "Another Runner uses" in second.log


async def test_asked_to_end_it_breaks_its_execution_off_and_tells(
    hub: HubDouble, start_runner: StartRunner, tmp_path: Path
) -> None:
    runner = await start_runner()
    await hub.until(lambda: hub.heartbeats)
    stored = await hub.assign("e-1", FOREVER)
    await hub.until(lambda: stored.events)
    below = runner.processes()
    assert await runner.end() == 0
    assert stored.finished.state == "FAILED"
    assert not any(lives(process.pid) for process in below)
    assert not list((tmp_path / "home" / "spool").iterdir())


async def test_asked_twice_it_ends_at_once(hub: HubDouble, start_runner: StartRunner, tmp_path: Path) -> None:
    runner = await start_runner(shutdown_seconds="60")
    await hub.until(lambda: hub.heartbeats)
    await hub.assign("e-1", flow(("b", "bad.block", {"file": str(tmp_path / "pid")})))
    pid = await until_file(tmp_path / "pid")
    runner.process.send_signal(signal.SIGTERM)
    await until(lambda: "Shutting down" in runner.log)
    assert await runner.end() == 0
    assert not lives(pid)


async def test_a_zygote_that_dies_is_replaced(hub: HubDouble, start_runner: StartRunner, tmp_path: Path) -> None:
    runner = await start_runner()
    await hub.until(lambda: hub.heartbeats)
    stored = await hub.assign("e-1", flow(("b", "bad.block", {"file": str(tmp_path / "pid")})))
    child = psutil.Process(await until_file(tmp_path / "pid"))
    zygote = child.ppid()
    os.kill(zygote, signal.SIGKILL)
    await hub.until(lambda: stored.finished)
    assert stored.finished.state == "FAILED"
    assert not lives(child.pid)
    assert (await hub.run("e-2", flow(("who", "bad.where", {})))).finished.state == "COMPLETED"
    assert runner.process.returncode is None


async def test_a_full_disk_is_told_and_the_execution_goes_on(
    hub: HubDouble, start_runner: StartRunner, tmp_path: Path
) -> None:
    runner = await start_runner(file_limit="100000")
    await hub.until(lambda: hub.heartbeats)
    hub.acknowledging = False
    stored = await hub.run("e-1", flow(("a", "bad.chatter", {"lines": 3000})))
    assert stored.finished.state == "COMPLETED"
    assert len([line for line in stored.log if "cannot write to its disk" in line]) == 1
    assert len(stored.log) == 3001
    assert runner.log.count("Events could not be written") == 1


async def test_a_full_disk_without_a_hub_ends_the_execution(
    hub: HubDouble, start_runner: StartRunner, tmp_path: Path
) -> None:
    await start_runner(file_limit="100000")
    await hub.until(lambda: hub.heartbeats)
    document = flow(
        ("b", "bad.wait_for", {"file": str(tmp_path / "go")}),
        ("a", "bad.chatter", {"lines": 30_000, "length": 1000}),
    )
    stored = await hub.assign("e-1", document)
    await hub.until(lambda: stored.events)
    await hub.stop()
    (tmp_path / "go").touch()
    await until(lambda: not list((tmp_path / "home" / "temporary").iterdir()))
    await hub.start()
    await hub.until(lambda: stored.finished)
    assert stored.finished.state == "FAILED"
    assert stored.finished.failure.type == "DiskFullError"


async def test_a_long_spool_makes_the_execution_wait_but_not_the_stop(
    hub: HubDouble, start_runner: StartRunner, tmp_path: Path
) -> None:
    await start_runner(spool_limit_mb="1")
    await hub.until(lambda: hub.heartbeats)
    hub.acknowledging = False
    stored = await hub.assign("e-1", flow(("a", "bad.chatter", {"lines": 30_000, "length": 1000})))
    await hub.until(lambda: len(stored.log) > 900)
    spool = tmp_path / "home" / "spool"
    await asyncio.sleep(0.5)  # Long enough for the child to write all, if nothing held it up.
    assert sum(file.stat().st_size for file in spool.iterdir()) < 3_000_000
    await hub.stop_execution("e-1", grace=0.2)
    hub.acknowledging = True
    await hub.send(Acknowledge(execution_id="e-1", lease=1, sequence=len(stored.events)))
    await hub.until(lambda: stored.finished)
    assert stored.finished.state == "STOPPED"
