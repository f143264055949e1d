"""What a step that changes a workbook says beside doing it."""

from collections.abc import Callable
from typing import Any

import xlsxwriter

from exekra.activities.excel.changing import write_cell
from exekra.activities.excel.reading import read_cell
from exekra.testing.context import FakeContext


def make(context: FakeContext, fill: Callable[[Any, Any], object]) -> None:
    book = xlsxwriter.Workbook(context.work_folder / "book.xlsx")
    fill(book, book.add_worksheet("Data"))
    book.close()


def test_a_sheet_that_was_probably_not_meant_is_said(context):
    make(context, lambda book, sheet: book.add_worksheet("Plan 2026"))
    write_cell(context, path="book.xlsx", sheet="Plan 2027", cell="A1", value=1)
    assert context.warnings == [], "the next one of a series"
    assert context.lines == [("info", "book.xlsx had no sheet `Plan 2027`, so it was added to: Data, Plan 2026.")]
    write_cell(context, path="book.xlsx", sheet="Dta", cell="A1", value=1)
    write_cell(context, path="book.xlsx", sheet="9", cell="A1", value=1)
    assert [text.rpartition(". ")[2] for text in context.warnings] == [
        "Did you mean `Data`?",
        "If the number of a sheet is meant, the workbook has 4.",
    ]


def test_a_value_that_another_of_the_merged_cells_takes_is_said(context):
    make(context, lambda book, sheet: sheet.merge_range("A2:C2", "Title"))
    write_cell(context, path="book.xlsx", cell="B2", value="x")
    assert context.warnings == [
        "B2 of `Data` is one of several merged cells, so its value stands in the first of them, A2."
    ]
    assert read_cell(context, path="book.xlsx", cell="A2").value == "x"
