"""Workbooks that are changed, or made, while another step is about to do so."""

import os
import shutil
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import pytest

from exekra.activities.csv import append as append_to_csv
from exekra.activities.csv import read as read_csv
from exekra.activities.disk import FileAccessError
from exekra.activities.excel.changing import append_rows, write_cell, write_range
from exekra.activities.excel.errors import CannotEditError
from exekra.activities.excel.reading import list_sheets, read_cell, read_range
from exekra.activities.locking import locked
from exekra.sdk.errors import StoppedError
from exekra.sdk.table import Table
from exekra.testing.context import FakeContext

ROWS = Table.from_rows(("n",), [(number,) for number in range(1000)])
"""So many that the step asks once, while it writes them, whether it should stop."""


class Interrupted(FakeContext):
    """Does something else in the middle of a step."""

    def __init__(self, context: FakeContext, meanwhile: Callable[[], object]) -> None:
        super().__init__(context.work_folder, temporary_folder=context.temporary_folder)
        self.meanwhile = meanwhile

    def raise_if_stopped(self) -> None:
        self.meanwhile()


def saved_by_another_program(context: FakeContext) -> None:
    copy = shutil.copy(context.path("other.xlsx"), context.path("saved.xlsx"))
    Path(copy).replace(context.path("a.xlsx"))


def test_what_another_program_wrote_is_not_lost(context):
    write_cell(context, path="a.xlsx", cell="A1", value="before")
    write_cell(context, path="other.xlsx", cell="C1", value="meanwhile")
    step = Interrupted(context, lambda: saved_by_another_program(context))
    with pytest.raises(CannotEditError, match=r"a\.xlsx was changed by another program"):
        write_range(step, path="a.xlsx", rows=ROWS, start="B1")
    assert read_cell(context, path="a.xlsx", cell="C1").value == "meanwhile"
    assert read_cell(context, path="a.xlsx", cell="B1").value is None


def test_a_workbook_that_appears_meanwhile_is_not_replaced(context):
    write_cell(context, path="other.xlsx", cell="C1", value="meanwhile")
    step = Interrupted(context, lambda: saved_by_another_program(context))
    with pytest.raises(CannotEditError, match="was changed by another program"):
        write_range(step, path="a.xlsx", rows=ROWS)
    assert read_cell(context, path="a.xlsx", cell="C1").value == "meanwhile"


def test_another_time_alone_is_not_a_change(context):
    write_cell(context, path="a.xlsx", cell="A1", value="before")
    step = Interrupted(context, lambda: os.utime(context.work_folder / "a.xlsx", (0, 0)))
    assert write_range(step, path="a.xlsx", rows=ROWS, start="B1").count == 1000


def test_steps_make_workbooks_at_the_same_time(context):
    step = Interrupted(context, lambda: write_cell(context, path="b.xlsx", cell="A1", value=1, sheet="B"))
    write_range(step, path="a.xlsx", rows=ROWS, sheet="A")
    assert list_sheets(context, path="a.xlsx").sheets == ["A"]
    assert list_sheets(context, path="b.xlsx").sheets == ["B"]


def append_some(folder: Path, append: Callable[..., object], name: str, branch: int) -> None:
    """What one branch does: add four rows, each in a step of its own."""
    for number in range(4):
        append(FakeContext(folder), path=name, rows=Table.from_rows(("branch", "number"), [(branch, number)]))


@pytest.mark.parametrize("is_there", [True, False])
def test_no_row_of_branches_that_append_at_once_is_lost(context, is_there):
    if is_there:
        append_rows(context, path="a.xlsx", rows=Table.from_rows(("branch", "number"), []))
    with ThreadPoolExecutor(5) as branches:
        list(branches.map(partial(append_some, context.work_folder, append_rows, "a.xlsx"), range(5)))
    found = sorted((row["branch"], row["number"]) for row in read_range(context, path="a.xlsx").rows)
    assert found == [(branch, number) for branch in range(5) for number in range(4)]
    assert [path.name for path in context.work_folder.iterdir()] == ["a.xlsx"]


@pytest.mark.parametrize(
    ("append", "read", "name"), [(append_rows, read_range, "a.xlsx"), (append_to_csv, read_csv, "a.csv")]
)
def test_no_row_of_processes_that_append_at_once_is_lost(context, append, read, name):
    with ProcessPoolExecutor(3, get_context("spawn")) as runs:
        list(runs.map(partial(append_some, context.work_folder, append, name), range(3)))
    found = sorted((row["branch"], row["number"]) for row in read(context, path=name).rows)
    assert found == [(branch, number) for branch in range(3) for number in range(4)]
    assert [path.name for path in context.work_folder.iterdir()] == [name]


def test_cells_that_branches_write_at_once_are_all_there(context):
    write_cell(context, path="a.xlsx", cell="A1", value="before")
    with ThreadPoolExecutor(4) as branches:
        list(
            branches.map(
                lambda cell: write_cell(FakeContext(context.work_folder), path="a.xlsx", cell=cell, value=cell),
                ["A2", "B2", "C2", "D2"],
            )
        )
    assert [read_cell(context, path="a.xlsx", cell=f"{letter}2").value for letter in "ABCD"] == ["A2", "B2", "C2", "D2"]


def test_waiting_for_another_step_ends(context):
    path = context.path("a.xlsx")
    with locked(context, path):
        with (
            pytest.raises(FileAccessError, match="is being changed by another step") as error,
            locked(context, path, wait=0),
        ):
            pass
        stopped = FakeContext(context.work_folder)
        stopped.stop()
        with pytest.raises(StoppedError), locked(stopped, path):
            pass
    assert error.value.retryable
