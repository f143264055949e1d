"""Files that an execution needs, on a machine whose disk is full or whose Hub's storage is away."""

from __future__ import annotations

import asyncio
import errno
import hashlib
import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace

import pytest
from hub_double import HubDouble
from runner_process import RunnerProcess, StartRunner, until
from test_given_files import COPY, DATA, SHA256, given

from exekra.protocol.messages import WorkflowFile
from exekra.runner.children.pool import ChildError
from exekra.runner.executions import space, workflow_files
from exekra.runner.executions.workflow_files import WorkflowFileCache
from exekra.runner.link.file_fetching import DiskError, FileFetchError, FileFetching, WantedFile

FILE = WorkflowFile(path="forms/letter.docx", size=len(DATA), sha256=SHA256)


@pytest.mark.skipif(sys.platform != "linux", reason="/dev/full is Linux's")
async def test_an_execution_whose_files_fill_the_disk_is_handed_back(hub: HubDouble, runner: RunnerProcess) -> None:
    place = runner.home / "temporary" / "e-1.1" / "inputs" / "1"
    place.mkdir(parents=True)
    (place / "Aufträge.xlsx").symlink_to("/dev/full")
    stored = await hub.assign("e-1", COPY, **given(hub))
    await hub.until(lambda: hub.declined)
    assert hub.declined[0].reason == (
        f"The file Aufträge.xlsx cannot be stored on the Runner: No space left on device ({place})."
    )
    assert stored.events == []
    await until(lambda: "Executions can be started again." in runner.log)
    assert (await hub.run("e-1", COPY, lease=2, **given(hub))).finished.state == "COMPLETED"


def test_files_that_do_not_fit_are_told_from_a_full_disk(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def has(free: int) -> None:
        monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=free))

    has(space.LEAST_FREE_BYTES - 1)
    space.check_space(tmp_path, 1000)
    with pytest.raises(ChildError, match="is full: 104,857,599 bytes are free for files of 104,857,600 bytes"):
        space.check_space(tmp_path, space.LEAST_FREE_BYTES)
    has(space.LEAST_FREE_BYTES)
    with pytest.raises(FileFetchError, match="have 104,857,601 bytes, and the Runner has 104,857,600 bytes free"):
        space.check_space(tmp_path, space.LEAST_FREE_BYTES + 1)
    space.check_not_full(tmp_path, space.LEAST_FREE_BYTES + 1)


async def test_a_time_limit_holds_while_files_are_fetched(hub: HubDouble, runner: RunnerProcess) -> None:
    hub.faults = ["away"] * 1000
    stored = await hub.run("e-1", COPY, timeout=1, **given(hub))
    assert stored.finished is not None
    assert stored.finished.failure is not None
    assert stored.finished.failure.type == "TimedOutError"
    assert stored.finished.failure.message == (
        "The execution took longer than its limit of 1 s while its files were fetched. "
        "The file Aufträge.xlsx could not be fetched: The database is away."
    )
    hub.faults = []
    assert (await hub.run("e-2", COPY, timeout=60, **given(hub))).finished.state == "COMPLETED"


async def test_the_hub_is_told_what_an_execution_waits_for(hub: HubDouble, runner: RunnerProcess) -> None:
    hub.faults = ["away"] * 1000
    stored = await hub.assign("e-1", COPY, **given(hub))
    await hub.until(lambda: hub.heartbeats[-1].problem is not None)
    assert hub.heartbeats[-1].problem == "The file Aufträge.xlsx could not be fetched: The database is away."
    await hub.stop_execution("e-1")
    await hub.until(lambda: stored.finished)
    await hub.until(lambda: hub.heartbeats[-1].problem is None)


async def test_files_that_do_not_come_are_not_waited_for_for_ever(hub: HubDouble, start_runner: StartRunner) -> None:
    await start_runner(file_patience_seconds="0.5")
    await hub.until(lambda: hub.heartbeats)
    hub.faults = ["", *["away"] * 1000]
    stored = await hub.run("e-1", COPY, **given(hub))
    assert stored.finished is not None
    assert stored.finished.failure is not None
    assert stored.finished.failure.type == "FileFetchError"
    assert stored.finished.failure.message == (
        "The file Aufträge.xlsx could not be fetched for 0.5 seconds: The database is away. "
        "Run the workflow again when the Hub has its files, or raise the Runner's EXEKRA_FILE_PATIENCE_SECONDS."
    )
    hub.faults = []
    assert (await hub.run("e-2", COPY, **given(hub))).finished.state == "COMPLETED"


class Fetching(FileFetching):
    """Fetches `DATA`."""

    def __init__(self) -> None:
        self.problem = None
        self.fetched = 0

    async def fetch(self, execution_id: str, lease: int, files: Sequence[WantedFile], *, unless: asyncio.Event) -> bool:
        for file in files:
            file.path.parent.mkdir(parents=True)
            file.path.write_bytes(DATA)
            self.fetched += 1
        return True


async def lay_out(folder: Path, target: Path, fetching: Fetching) -> None:
    cache = WorkflowFileCache(fetching, folder, 10**9)
    assert await cache.lay_out("e-1", 1, [(FILE, target)], unless=asyncio.Event())
    assert hashlib.sha256(target.read_bytes()).hexdigest() == SHA256


async def test_what_lies_where_cached_files_belong_is_replaced(tmp_path: Path) -> None:
    cache, fetching = tmp_path / "cache", Fetching()
    cache.write_text("a file in place of the folder")
    await lay_out(cache, tmp_path / "1", fetching)
    await lay_out(cache, tmp_path / "2", fetching)
    assert fetching.fetched == 1
    (cache / SHA256).unlink()
    (cache / SHA256 / "a folder in place of the content").mkdir(parents=True)
    await lay_out(cache, tmp_path / "3", fetching)
    assert fetching.fetched == 2


@pytest.mark.parametrize(
    ("number", "kind"), [(errno.ENOSPC, DiskError), (errno.EDQUOT, DiskError), (errno.ENAMETOOLONG, FileFetchError)]
)
async def test_a_copy_that_cannot_be_written_names_its_own_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, number: int, kind: type[Exception]
) -> None:
    def fail(source: Path, target: Path) -> int:
        raise OSError(number, os.strerror(number), str(source))

    monkeypatch.setattr(workflow_files, "copy_file", fail)
    (tmp_path / "cache").mkdir()
    target = tmp_path / "laid" / "letter.docx"
    with pytest.raises(kind, match=r"forms/letter\.docx cannot be stored on the Runner: .*laid"):
        await lay_out(tmp_path / "cache", target, Fetching())
