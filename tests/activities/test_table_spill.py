"""Large tables lie on the disk: same content, little memory, nothing left behind."""

import gc
import os
import subprocess
import sys
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest

from exekra.sdk import table_frame
from exekra.sdk.errors import ApplicationError
from exekra.sdk.table import Table, TableWriter

VALUES = (
    None,
    True,
    -(2**63),
    2**64,
    -(2**100),
    1.5,
    "é",
    b"\x00",
    date(2026, 1, 2),
    datetime(2026, 1, 2, 3, 4, 5, 6),
    datetime(2026, 1, 2, tzinfo=UTC),
    time(23, 59),
    timedelta(days=-1, seconds=2, microseconds=3),
    Decimal("1.10"),
    [1, date(2026, 1, 2)],
    {"a": {"b": time(1)}},
)


@pytest.fixture
def spill_at_once(monkeypatch):
    monkeypatch.setattr(table_frame, "SPILL_BYTES", 1000)


def test_what_is_on_the_disk_is_what_was_given(spill_at_once):
    rows = [(n, *VALUES) for n in range(10_000)]
    table = Table.from_rows(("n", *(f"c{number}" for number in range(len(VALUES)))), rows)
    assert len(table) == 10_000
    assert list(table.rows()) == rows
    assert [type(value) for value in table[7].values()] == [int, *map(type, VALUES)]
    assert list(table[4090:4100].column("n")) == list(range(4090, 4100))


def test_two_readers_do_not_disturb_each_other(spill_at_once):
    table = Table.from_rows(("n",), ([n] for n in range(20_000)))
    first, second = table.rows(), table.rows(10_000)
    assert [(a[0], b[0]) for a, b in zip(first, second, strict=False)] == [(n, n + 10_000) for n in range(10_000)]


def test_the_file_goes_with_the_table(spill_at_once, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    table = Table.from_rows(("n",), ([n] for n in range(20_000)))
    part = table[5:19_000]
    assert len(list(tmp_path.iterdir())) >= 2
    del table
    gc.collect()
    assert part[10_000] == {"n": 10_005}
    del part
    gc.collect()
    assert list(tmp_path.iterdir()) == []


def test_of_a_table_in_files_nothing_stays_in_memory(spill_at_once):
    writer = table_frame.FrameWriter()
    for rows in (5000, 5):
        writer.add(table_frame.frame_of((list(range(rows)),), ("n",)))
    frame = writer.finish()
    assert [spill.scan().collect().height for spill in frame.spills] == [5000, 5]
    assert frame.column(0) == [*range(5000), *range(5)]


def test_files_whose_columns_differ_become_one_table(spill_at_once):
    values = [*range(9_000), *(n + 0.5 for n in range(9_000)), None, "text", date(2026, 1, 2), 2**70]
    table = Table.from_rows(("v",), ([value] for value in values))
    assert [(type(value), value) for value in table.column("v")] == [(type(value), value) for value in values]


def test_a_full_disk_is_one_sentence(spill_at_once, monkeypatch):
    class Full(table_frame.Spill):
        def __init__(self):
            super().__init__()
            self.path.symlink_to("/dev/full")

    monkeypatch.setattr(table_frame, "Spill", Full)
    writer = TableWriter(("n",))
    with pytest.raises(
        ApplicationError, match="large table could not be kept in a temporary file: the disk is full"
    ) as caught:
        writer.extend([n] for n in range(20_000))
    assert not caught.value.retryable


def test_the_file_goes_with_the_process(tmp_path):
    program = (
        "from exekra.sdk import table, table_frame; table_frame.SPILL_BYTES = 1000; "
        "kept = table.Table.from_rows(('n',), ([n] for n in range(20_000))); assert kept.frame().spills; print(kept[9])"
    )
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout == "{'n': 9}\n"
    assert list(tmp_path.iterdir()) == []
