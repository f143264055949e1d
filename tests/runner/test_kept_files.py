"""How the files that an execution keeps get into the Runner's spool, and what is said when they do not."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from exekra.protocol.messages import FileLimits
from exekra.runner.children import keeping
from exekra.runner.children.keeping import SpoolingFileKeeper
from exekra.runner.link.file_spool import FileSpool
from exekra.sdk.errors import KeepFileError, StoppedError

LIMITS = FileLimits(largest_file_bytes=2 * 1024 * 1024, largest_files_bytes=3 * 1024 * 1024)


@pytest.fixture
def spool(tmp_path: Path) -> FileSpool:
    (tmp_path / "spool").mkdir()
    spool = FileSpool(tmp_path / "spool", 10 * 1024 * 1024)
    spool.limits = LIMITS
    return spool


@pytest.fixture
def source(tmp_path: Path) -> Path:
    file = tmp_path / "source.bin"
    file.write_bytes(os.urandom(100_000))
    return file


def keeper(spool: FileSpool, execution: str = "e") -> SpoolingFileKeeper:
    space = spool.space(execution, 1)
    assert space is not None
    return SpoolingFileKeeper(space, lambda: None)


def keep(
    keeper: SpoolingFileKeeper, path: Path, *, move: bool = False, check: Callable[[], None] = lambda: None
) -> None:
    keeper.keep(path, path.name, node="n", move=move, check=check)


def test_what_changes_later_does_not_change_the_copy(spool: FileSpool, source: Path) -> None:
    before = source.read_bytes()
    keep(keeper(spool), source)
    with source.open("r+b") as file:
        file.write(b"other")
    [kept] = spool.waiting()
    assert kept.content.read_bytes() == before
    assert (kept.manifest.name, kept.manifest.size, kept.manifest.node) == ("source.bin", 100_000, "n")


@pytest.mark.parametrize("linked", [False, True])
def test_a_file_that_is_given_away_is_gone(spool: FileSpool, source: Path, tmp_path: Path, linked: bool) -> None:
    before = source.read_bytes()
    if linked:
        os.link(source, tmp_path / "other name")
    keep(keeper(spool), source, move=True)
    assert not source.exists()
    if linked:
        (tmp_path / "other name").write_bytes(b"changed")
    assert spool.waiting()[0].content.read_bytes() == before


def test_limits_are_said_before_anything_is_copied(spool: FileSpool, tmp_path: Path) -> None:
    large = tmp_path / "large.bin"
    large.write_bytes(bytes(2 * 1024 * 1024 + 1))
    with pytest.raises(KeepFileError, match=r"has 2\.0 MB and is too large to be kept: at most 2\.0 MB are allowed"):
        keep(keeper(spool), large)
    large.write_bytes(bytes(2 * 1024 * 1024))
    one = keeper(spool)
    keep(one, large)
    with pytest.raises(KeepFileError, match=r"would have 4\.0 MB in total, but at most 3\.0 MB are allowed"):
        keep(one, large)
    for number in range(4):
        keep(keeper(spool, f"other-{number}"), large)
    with pytest.raises(KeepFileError, match="EXEKRA_FILES_LIMIT_MB of the Runner"):
        keep(keeper(spool, "last"), large)
    assert len(spool.waiting()) == 5


def test_a_full_disk_is_said(spool: FileSpool, source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(keeping, "copy_file", full)
    with pytest.raises(KeepFileError, match="the disk of the Runner is full"):
        keep(keeper(spool), source)
    assert spool.waiting() == []


def test_what_is_no_file_is_said(spool: FileSpool, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for name, said in {"missing": "There is no file", ".": "is a folder", "pipe": "is not a regular file"}.items():
        with pytest.raises(KeepFileError, match=said):
            keep(keeper(spool), tmp_path / name)


def test_a_stop_ends_a_copy_and_leaves_nothing(spool: FileSpool, source: Path) -> None:
    def stop() -> None:
        raise StoppedError

    with pytest.raises(StoppedError):
        keep(keeper(spool), source, check=stop)
    spool.end("e", 1)
    assert list((source.parent / "spool").iterdir()) == []


def test_what_a_crash_left_unfinished_is_cleared_away(spool: FileSpool, source: Path) -> None:
    keep(keeper(spool), source)
    [file] = spool.waiting()
    (file.content.parent / "torn.content").write_bytes(b"half")
    spool.recover()
    assert [file.name for file in file.content.parent.iterdir()] != []
    assert not (file.content.parent / "torn.content").exists()
    assert [one.manifest for one in spool.waiting()] == [file.manifest]
    spool.end("e", 1)
    spool.forget(file)
    assert not file.content.parent.exists()


def test_a_hub_that_takes_no_files_gives_no_space(spool: FileSpool) -> None:
    spool.limits = None
    assert spool.space("e", 1) is None
