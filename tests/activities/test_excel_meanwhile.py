"""Workbooks that are changed, or made, while another step is about to do so."""

from collections.abc import Callable

import pytest

from exekra.activities.excel.changing import write_cell, write_range
from exekra.activities.excel.errors import CannotEditError
from exekra.activities.excel.reading import list_sheets, read_cell
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


def test_what_another_step_wrote_is_not_lost(context):
    write_cell(context, path="a.xlsx", cell="A1", value="before")
    step = Interrupted(context, lambda: write_cell(context, path="a.xlsx", cell="C1", value="meanwhile"))
    with pytest.raises(CannotEditError, match=r"a\.xlsx was changed by another step"):
        write_range(step, path="a.xlsx", rows=ROWS, start="B1")
    assert read_cell(context, path="a.xlsx", cell="C1").value == "meanwhile"
    assert read_cell(context, path="a.xlsx", cell="B1").value is None


def test_a_workbook_that_appears_meanwhile_is_not_replaced(context):
    step = Interrupted(context, lambda: write_cell(context, path="a.xlsx", cell="C1", value="meanwhile"))
    with pytest.raises(CannotEditError, match="was changed by another step"):
        write_range(step, path="a.xlsx", rows=ROWS)
    assert read_cell(context, path="a.xlsx", cell="C1").value == "meanwhile"


def test_steps_make_workbooks_at_the_same_time(context):
    step = Interrupted(context, lambda: write_cell(context, path="b.xlsx", cell="A1", value=1, sheet="B"))
    write_range(step, path="a.xlsx", rows=ROWS, sheet="A")
    assert list_sheets(context, path="a.xlsx").sheets == ["A"]
    assert list_sheets(context, path="b.xlsx").sheets == ["B"]
