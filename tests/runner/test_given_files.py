"""Files that an execution is given: fetched before it begins, whatever happens on the way, and gone with it."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Any

import pytest
from hub_double import CHUNK, HubDouble, flow
from runner_process import RunnerProcess, StartRunner, until

from exekra.flow.debugging import StartAt
from exekra.protocol.messages import FileToFetch, Refused
from exekra.runner.link import file_fetching
from exekra.runner.link.spool import About, Spool, recover

DATA = os.urandom(3 * CHUNK + 5)
SHA256 = hashlib.sha256(DATA).hexdigest()
COPY: dict[str, Any] = flow(
    ("copy", "file.copy", {"path": "{file}", "to": "copied.bin", "replace": True}),
    ("say", "general.log", {"message": "It was {file}"}),
) | {"inputs": {"file": {"type": "file"}}}


def given(hub: HubDouble, name: str = "Aufträge.xlsx", data: bytes = DATA) -> dict[str, Any]:
    """What an assignment says of a file that the Hub has."""
    sha256 = hashlib.sha256(data).hexdigest()
    hub.contents[sha256] = data
    return {
        "inputs": {"file": {"$file": "f-1", "name": name, "size": len(data)}},
        "files": (FileToFetch(id="f-1", name=name, size=len(data), sha256=sha256),),
    }


def work_folder(runner: RunnerProcess) -> Path:
    return runner.home.parent / "work"


def is_cleared(runner: RunnerProcess) -> bool:
    return not [*(runner.home / "temporary").iterdir()]


async def test_a_file_is_there_before_the_first_node_and_gone_afterwards(hub: HubDouble, runner: RunnerProcess) -> None:
    stored = await hub.run("e-1", COPY, **given(hub, name='CON: "a?".xlsx. '))
    assert stored.finished is not None
    assert stored.finished.state == "COMPLETED", stored.finished
    assert (work_folder(runner) / "copied.bin").read_bytes() == DATA
    assert any(line.endswith(f"{os.sep}inputs{os.sep}1{os.sep}CON_ _a__.xlsx") for line in stored.log), stored.log
    await until(lambda: is_cleared(runner))


async def test_values_to_begin_with_name_files_too(hub: HubDouble, runner: RunnerProcess) -> None:
    more = given(hub)
    start_at = StartAt(node="copy", scope=more["inputs"])
    stored = await hub.run("e-1", COPY, **(more | {"inputs": {}}), start_at=start_at)
    assert stored.finished is not None
    assert stored.finished.state == "COMPLETED", stored.finished
    assert (work_folder(runner) / "copied.bin").read_bytes() == DATA


async def test_fetching_goes_on_where_it_broke_off(hub: HubDouble, runner: RunnerProcess) -> None:
    hub.faults = ["", "broken", "away", "broken", ""]
    stored = await hub.run("e-1", COPY, **given(hub))
    assert stored.finished is not None
    assert stored.finished.state == "COMPLETED", stored.finished
    assert (work_folder(runner) / "copied.bin").read_bytes() == DATA
    half, quarter = CHUNK // 2, CHUNK // 4
    assert hub.offsets == [0, CHUNK, CHUNK + half, CHUNK + half, CHUNK + half + quarter, 2 * CHUNK, 3 * CHUNK]


async def test_a_hub_that_is_away_is_waited_for(hub: HubDouble, runner: RunnerProcess) -> None:
    hub.faults = ["", "held"]
    stored = await hub.assign("e-1", COPY, **given(hub))
    await hub.until(lambda: len(hub.offsets) == 2)
    await hub.stop()
    await hub.start()
    await hub.until(lambda: stored.finished)
    assert stored.finished is not None
    assert stored.finished.state == "COMPLETED", stored.finished
    assert (work_folder(runner) / "copied.bin").read_bytes() == DATA


async def test_what_arrives_damaged_is_fetched_again_and_not_for_ever(hub: HubDouble, runner: RunnerProcess) -> None:
    hub.faults = ["damaged"]
    stored = await hub.run("e-1", COPY, **given(hub))
    assert stored.finished is not None
    assert stored.finished.state == "COMPLETED", stored.finished
    assert (work_folder(runner) / "copied.bin").read_bytes() == DATA
    hub.faults = ["damaged"] * 100
    stored = await hub.run("e-2", COPY, **given(hub))
    assert stored.finished is not None
    assert stored.finished.failure is not None
    assert stored.finished.failure.type == "FileFetchError"
    assert stored.finished.failure.message == (
        f"The file Aufträge.xlsx arrived damaged {file_fetching.MOST_ATTEMPTS} times."
    )
    await until(lambda: is_cleared(runner))


async def test_a_file_that_the_hub_does_not_have_fails_the_execution(hub: HubDouble, runner: RunnerProcess) -> None:
    hub.faults = ["", "refused"]
    stored = await hub.run("e-1", COPY, **given(hub))
    assert stored.finished is not None
    assert stored.finished.failure is not None
    assert stored.finished.failure.message == (
        "The Hub does not give the file Aufträge.xlsx: The execution has no such file any more."
    )
    assert not any(event.__class__.__name__ == "ExecutionStarted" for event in stored.events)
    assert (await hub.run("e-2", COPY, **given(hub))).finished.state == "COMPLETED"


async def test_a_stop_and_a_refusal_end_the_fetching(hub: HubDouble, runner: RunnerProcess) -> None:
    hub.faults = ["held"]
    stopped = await hub.assign("e-1", COPY, **given(hub))
    await hub.until(lambda: hub.offsets)
    await hub.stop_execution("e-1")
    await hub.until(lambda: stopped.finished)
    assert stopped.finished is not None
    assert stopped.finished.state == "STOPPED"
    hub.faults = ["held"]
    await hub.assign("e-2", COPY, **given(hub))
    await hub.until(lambda: len(hub.offsets) == 2)
    del hub.executions["e-2"]
    await hub.send(Refused(execution_id="e-2", lease=1, reason="It was given up."))
    assert (await hub.run("e-3", COPY, **given(hub))).finished.state == "COMPLETED"
    await until(lambda: is_cleared(runner))


async def test_what_a_runner_that_is_killed_had_not_begun_is_forgotten(
    hub: HubDouble, start_runner: StartRunner
) -> None:
    runner = await start_runner()
    await hub.until(lambda: hub.heartbeats)
    hub.faults = ["held"]
    stored = await hub.assign("e-1", COPY, **given(hub))
    await hub.until(lambda: hub.offsets)
    runner.process.kill()
    await runner.process.wait()
    await start_runner()
    await hub.until(lambda: len(hub.hellos) == 2)
    assert hub.hellos[1].held == (), "the Hub gives it out again"
    assert stored.events == []


def test_a_spool_that_had_not_begun_is_not_recovered(tmp_path: Path) -> None:
    begun, unbegun = (
        Spool.create(tmp_path, About(execution_id=id, lease=1, seconds_since_1970=0.0)) for id in ("e-1", "e-2")
    )
    with begun.unbegun():
        pass
    block = unbegun.unbegun()
    block.__enter__()
    assert [spool.about.execution_id for spool in recover(tmp_path)] == ["e-1"]
    assert [path.name for path in tmp_path.iterdir()] == ["e-1.1.1.events"]


@pytest.mark.parametrize("size", [0, 1, CHUNK])
async def test_files_of_all_sizes(hub: HubDouble, start_runner: StartRunner, size: int) -> None:
    runner = await start_runner()
    await hub.until(lambda: hub.heartbeats)
    stored = await hub.run("e-1", COPY, **given(hub, data=DATA[:size]))
    assert stored.finished is not None
    assert stored.finished.state == "COMPLETED", stored.finished
    assert (work_folder(runner) / "copied.bin").read_bytes() == DATA[:size]
