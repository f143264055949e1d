"""The spool: numbers, acknowledgements, what a crash leaves, what a full disk does."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exekra.runner.link import spool as module
from exekra.runner.link.spool import About, Spool, recover

ABOUT = About(execution_id="e-1", lease=3, seconds_since_1970=0.0)


def payload(*numbers: int) -> bytes:
    return msgspec.json.encode(list(numbers))


def waiting(spool: Spool) -> list[tuple[int, list[int]]]:
    """The first number and the events of each batch."""
    return [(batch.first, msgspec.json.decode(spool.payload(batch))) for batch in spool.waiting()]


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_events_are_numbered_from_one(tmp_path: Path) -> None:
    spool = Spool.create(tmp_path, ABOUT)
    spool.append(payload(1, 2), 2)
    spool.append(payload(3), 1)
    assert waiting(spool) == [(1, [1, 2]), (3, [3])]
    assert spool.last == 3


def test_an_acknowledgement_forgets(tmp_path: Path) -> None:
    spool = Spool.create(tmp_path, ABOUT)
    spool.append(payload(1, 2), 2)
    spool.append(payload(3, 4), 2)
    spool.acknowledge(3)
    assert waiting(spool) == [(3, [3, 4])]  # The Hub drops what it has.
    spool.acknowledge(4)
    assert waiting(spool) == []
    assert spool.waiting_bytes == 0
    spool.acknowledge(1)
    assert spool.acknowledged == 4


def test_it_is_delivered_when_the_end_is_acknowledged(tmp_path: Path) -> None:
    spool = Spool.create(tmp_path, ABOUT)
    spool.append(payload(1), 1)
    spool.acknowledge(1)
    assert not spool.delivered
    spool.append(payload(2), 1, finished=True)
    assert not spool.delivered
    spool.acknowledge(2)
    assert spool.delivered
    spool.remove()
    assert files(tmp_path) == []


def test_acknowledged_segments_are_deleted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SEGMENT_BYTES", 200)
    spool = Spool.create(tmp_path, ABOUT)
    for number in range(1, 101):
        spool.append(payload(number), 1)
    assert len(files(tmp_path)) > 5
    spool.acknowledge(100)
    assert len(files(tmp_path)) == 1


def test_what_is_no_longer_in_memory_is_read_from_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "KEPT_IN_MEMORY_BYTES", 10)
    spool = Spool.create(tmp_path, ABOUT)
    for number in range(1, 21):
        spool.append(payload(number), 1)
    assert sum(batch.payload is not None for batch in spool.waiting()) < 5
    assert [numbers for _, numbers in waiting(spool)] == [[number] for number in range(1, 21)]


def test_another_runner_goes_on_where_the_first_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SEGMENT_BYTES", 200)
    first = Spool.create(tmp_path, ABOUT)
    for number in range(1, 41):
        first.append(payload(number), 1)
    first.acknowledge(25)
    first.close()
    (second,) = recover(tmp_path)
    assert second.about == ABOUT
    assert second.last == 40
    assert second.acknowledged < 26  # Whole segments: the Hub drops what it has.
    numbers = [number for _, batch in waiting(second) for number in batch]
    assert numbers == list(range(second.acknowledged + 1, 41))
    second.append(payload(41), 1, finished=True)
    second.close()
    (third,) = recover(tmp_path)
    assert third.finished
    assert third.last == 41


def test_files_that_are_no_spool_are_deleted(tmp_path: Path) -> None:
    (tmp_path / "junk").write_text("?")
    (tmp_path / "e-9.1.1.events").write_text("?")
    assert recover(tmp_path) == []
    assert files(tmp_path) == []


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=60)
@given(
    batches=st.lists(st.lists(st.integers(), min_size=1, max_size=4), min_size=1, max_size=12),
    cut=st.floats(0, 1),
    damage=st.booleans(),
)
def test_a_torn_end_costs_the_newest_events_only(
    tmp_path: Path, batches: list[list[int]], cut: float, damage: bool
) -> None:
    for path in tmp_path.iterdir():
        path.unlink()
    spool = Spool.create(tmp_path, ABOUT)
    for batch in batches:
        spool.append(msgspec.json.encode(batch), len(batch))
    spool.close()
    (path,) = tmp_path.iterdir()
    content = bytearray(path.read_bytes())
    position = int(cut * (len(content) - 1))
    if damage:
        content[position] ^= 0xFF
    else:
        del content[position:]
    path.write_bytes(content)
    for found in recover(tmp_path):
        intact = [numbers for _, numbers in waiting(found)]
        assert intact == batches[: len(intact)]
        found.append(payload(7), 1, finished=True)
        found.close()
        (again,) = recover(tmp_path)
        assert waiting(again)[-1][1] == [7]
        again.close()


class FullDisk:
    """`os.write` with a disk that is full as long as `full` is true."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.full = False
        self._write = os.write
        monkeypatch.setattr(os, "write", self)

    def __call__(self, descriptor: int, data: bytes) -> int:
        if self.full:
            self._write(descriptor, data[: len(data) // 2])
            raise OSError(errno.ENOSPC, "No space left on device")
        return self._write(descriptor, data)


def test_a_full_disk_keeps_events_in_memory_until_they_are_acknowledged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = FullDisk(monkeypatch)
    spool = Spool.create(tmp_path, ABOUT)
    spool.append(payload(1), 1)
    disk.full = True
    spool.append(payload(2), 1)
    assert spool.problem is not None
    disk.full = False
    spool.append(payload(3), 1)
    assert [numbers for _, numbers in waiting(spool)] == [[1], [2], [3]]
    assert spool.memory_bytes == len(payload(2)) + len(payload(3))
    spool.acknowledge(3)
    assert spool.problem is None
    spool.append(payload(4), 1)
    assert spool.memory_bytes == 0
    spool.close()
    (again,) = recover(tmp_path)
    assert waiting(again) == [(4, [4])]


def test_what_is_on_a_full_disk_has_no_gap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    disk = FullDisk(monkeypatch)
    spool = Spool.create(tmp_path, ABOUT)
    spool.append(payload(1), 1)
    disk.full = True
    spool.append(payload(2), 1)
    spool.close()
    (again,) = recover(tmp_path)
    assert waiting(again) == [(1, [1])]


def test_no_space_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    disk = FullDisk(monkeypatch)
    disk.full = True
    spool = Spool.create(tmp_path, ABOUT)
    spool.append(payload(1), 1, finished=True)
    assert waiting(spool) == [(1, [1])]
    spool.acknowledge(1)
    assert spool.delivered


def test_the_hub_may_have_more_than_a_crash_left(tmp_path: Path) -> None:
    spool = Spool.create(tmp_path, ABOUT)
    spool.append(payload(1), 1)
    spool.skip_to(9)
    spool.append(payload(10), 1, finished=True)
    assert waiting(spool) == [(10, [10])]
    spool.close()
    (again,) = recover(tmp_path)
    assert waiting(again) == [(10, [10])]
