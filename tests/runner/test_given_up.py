"""An assignment that the Hub gave up, and machinery that hangs: the next execution begins all the same."""

from __future__ import annotations

import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path
from typing import cast

import msgspec
import pytest
from hub_double import HubDouble, flow
from runner_process import PLUGIN, RunnerProcess, StartRunner, lives, until

from exekra.flow.events import ExecutionFinished
from exekra.kit.supervision import Supervisor
from exekra.protocol.messages import Refused, Stop
from exekra.runner.children import forked
from exekra.runner.children.environment import environment_of_children
from exekra.runner.children.forked import ForkedChildPool
from exekra.runner.executions import execution as execution_module
from exekra.runner.executions.assignment import Assignment
from exekra.runner.executions.execution import Execution
from exekra.runner.executions.files import ExecutionFiles
from exekra.runner.executions.questions import Questions
from exekra.runner.link.file_spool import FileSpool
from exekra.runner.link.spool import About, Spool

CHATTER = ("c", "bad.chatter", {"lines": 300_000})
WHO = flow(("who", "bad.where", {}))


@pytest.mark.parametrize("whole_tree", [False, True], ids=["only the Runner", "all its processes"])
async def test_a_runner_that_was_paused_begins_what_it_was_given_meanwhile(
    hub: HubDouble, runner: RunnerProcess, whole_tree: bool
) -> None:
    stored = await hub.assign("e-1", flow(CHATTER))
    await hub.until(lambda: stored.events)
    paused = [runner.process.pid, *(process.pid for process in runner.processes() if whole_tree)]
    for pid in paused:
        os.kill(pid, signal.SIGSTOP)
    del hub.executions["e-1"]
    refused = Refused(execution_id="e-1", lease=1, reason="It was stopped.")
    await hub.send(refused)
    following = await hub.assign("e-2", WHO)
    await hub.send(refused)  # What the Hub answers to the heartbeat, and to each of the old events.
    for pid in reversed(paused):
        os.kill(pid, signal.SIGCONT)
    await hub.until(lambda: following.finished)
    assert following.finished.state == "COMPLETED", following.finished
    assert (await hub.run("e-3", WHO)).finished.state == "COMPLETED"
    assert "IndexError" not in runner.log
    await until(lambda: not [*(runner.home / "temporary").iterdir(), *(runner.home / "spool").iterdir()])


async def test_the_same_execution_comes_back_under_a_new_lease(hub: HubDouble, runner: RunnerProcess) -> None:
    stored = await hub.assign("e-1", flow(CHATTER))
    await hub.until(lambda: stored.events)
    again = await hub.assign("e-1", WHO, lease=2)
    await hub.send(Refused(execution_id="e-1", lease=1, reason="It was given up."))
    await hub.until(lambda: again.finished)
    assert again.finished.state == "COMPLETED", again.finished


async def test_an_assignment_without_its_documents_does_not_block_the_next(
    hub: HubDouble, runner: RunnerProcess
) -> None:
    lacking = flow(("who", "bad.where", {}), name="lacking")
    hub.answer_requests = False
    await hub.assign("e-1", lacking, known=True)
    await hub.until(lambda: hub.requested)
    assert (await hub.run("e-2", WHO)).finished.state == "COMPLETED"


async def test_a_stop_reaches_an_assignment_that_lacks_its_documents(hub: HubDouble, runner: RunnerProcess) -> None:
    hub.answer_requests = False
    await hub.assign("e-1", WHO, known=True)
    await hub.until(lambda: hub.requested)
    await hub.send(Stop(execution_id="e-1", lease=1))
    await hub.until(lambda: hub.declined)
    assert hub.declined[0].execution_id == "e-1"


async def test_a_time_limit_holds_while_the_hub_stores_nothing(hub: HubDouble, start_runner: StartRunner) -> None:
    runner = await start_runner(spool_limit_mb="1")
    await hub.until(lambda: hub.heartbeats)
    hub.acknowledging = False
    stored = await hub.assign("e-1", flow(("c", "bad.chatter", {"lines": 300_000, "length": 1000})), timeout=1)
    spool = runner.home / "spool"
    await until(lambda: sum(file.stat().st_size for file in spool.iterdir()) > 900_000)
    await hub.until(lambda: stored.finished)
    assert stored.finished.failure.type == "TimedOutError"


@pytest.fixture
async def children(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[ForkedChildPool]:
    """A supply of children that know the misbehaving activities."""
    monkeypatch.setenv("PYTHONPATH", str(PLUGIN))
    supply = ForkedChildPool(environment_of_children(os.environ))
    yield supply
    await supply.close()


async def _run(children: ForkedChildPool, folder: Path, id: str) -> ExecutionFinished:
    folder.joinpath("spool").mkdir(exist_ok=True)
    spool = Spool.create(folder / "spool", About(execution_id=id, lease=1, seconds_since_1970=0.0))
    assignment = Assignment(execution_id=id, workflows={"": msgspec.json.encode(WHO)}, inputs={}, timeout=None)
    folder.joinpath("files").mkdir(exist_ok=True)
    files = FileSpool(folder / "files", 1_000_000)
    execution = Execution(
        assignment,
        spool,
        lambda: None,
        files=files,
        needed_files=cast(ExecutionFiles, None),  # It needs none.
        questions=Questions(),
        spool_limit=1_000_000,
        supervisor=Supervisor(),
    )
    await execution.carry_out(children, work_folder=folder, temporary_folder=folder / "temporary")
    last = msgspec.json.decode(spool.payload([*spool.waiting()][-1]), type=list[msgspec.Raw])[-1]
    spool.remove()
    return msgspec.json.decode(last, type=ExecutionFinished)


async def test_a_zygote_that_hangs_is_replaced(
    children: ForkedChildPool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forked, "FORK_SECONDS", 0.3)
    await children.abilities()
    hanging = children._zygote._process.pid  # type: ignore[union-attr]  # there is one: it told its abilities
    os.kill(hanging, signal.SIGSTOP)
    assert (await _run(children, tmp_path, "e-1")).state == "COMPLETED"
    assert not lives(hanging)


async def test_a_child_that_does_not_begin_is_ended(
    children: ForkedChildPool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(execution_module, "BEGIN_SECONDS", 1)
    children.prepare()
    ready = await children._ready  # type: ignore[misc]  # prepared above
    os.kill(ready.pid, signal.SIGSTOP)
    finished = await _run(children, tmp_path, "e-1")
    assert finished.state == "FAILED"
    assert finished.failure is not None
    assert "did not start working" in finished.failure.message
    assert (await _run(children, tmp_path, "e-2")).state == "COMPLETED"
