"""Files that one step at a time may change."""

from __future__ import annotations

import multiprocessing
from pathlib import Path

import pytest

from exekra.activities.disk import FileAccessError
from exekra.activities.locking import locked
from exekra.testing.context import FakeContext


def count_up(path: Path, times: int) -> None:
    """Read a number and write the next one, which loses some where two do it at a time."""
    for _ in range(times):
        with locked(FakeContext(path.parent), path):
            path.write_text(str(int(path.read_text()) + 1))


def test_no_change_is_lost_among_processes_that_come_and_go(tmp_path: Path) -> None:
    path = tmp_path / "number"
    path.write_text("0")
    spawned = multiprocessing.get_context("spawn")
    workers = [spawned.Process(target=count_up, args=(path, 200)) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [worker.exitcode for worker in workers] == [0, 0, 0]
    assert path.read_text() == "600"
    assert list(tmp_path.iterdir()) == [path], "the lock is gone"


def test_whoever_waits_too_long_is_told(tmp_path: Path) -> None:
    path, context = tmp_path / "book.xlsx", FakeContext(tmp_path)
    with (
        locked(context, path),
        pytest.raises(FileAccessError, match="is being changed by another step"),
        locked(context, path, wait=0.05),
    ):
        pass
    with locked(context, path, wait=0.05):
        pass
