"""An activity that hears neither its time limit nor a stop: the Runner itself ends it."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import cast

import msgspec
import pytest
from hub_double import flow
from runner_process import PLUGIN, lives

from exekra.kit.supervision import Supervisor
from exekra.runner.children.environment import environment_of_children
from exekra.runner.children.forked import ForkedChildPool
from exekra.runner.executions import execution as module
from exekra.runner.executions.assignment import Assignment
from exekra.runner.executions.execution import Execution
from exekra.runner.executions.files import ExecutionFiles
from exekra.runner.executions.questions import Questions
from exekra.runner.link.file_spool import FileSpool
from exekra.runner.link.spool import About, Spool


@pytest.fixture
async def children(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[ForkedChildPool]:
    """A supply of children that know the misbehaving activities."""
    monkeypatch.setenv("PYTHONPATH", str(PLUGIN))
    supply = ForkedChildPool(environment_of_children(os.environ))
    yield supply
    await supply.close()


async def test_a_time_limit_that_is_not_heard_kills(
    children: ForkedChildPool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LATE_SECONDS", 0.2)
    document = msgspec.json.encode(flow(("b", "bad.block", {"file": str(tmp_path / "pid")})))
    (tmp_path / "spool").mkdir()
    spool = Spool.create(tmp_path / "spool", About(execution_id="e-1", lease=1, seconds_since_1970=0.0))
    assignment = Assignment(execution_id="e-1", workflows={"": document}, inputs={}, timeout=0.5)
    (tmp_path / "files").mkdir()
    files = FileSpool(tmp_path / "files", 1_000_000)
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
    await execution.carry_out(children, work_folder=tmp_path, temporary_folder=tmp_path / "temporary")
    last = msgspec.json.decode(spool.payload([*spool.waiting()][-1]))[-1]
    assert last["state"] == "FAILED"
    assert last["failure"]["type"] == "TimedOutError"
    assert not lives(int((tmp_path / "pid").read_text()))
    assert not (tmp_path / "temporary").exists()
    spool.remove()
