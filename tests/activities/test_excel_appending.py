"""What grows with the rows that are appended to a list or a table, and what stays."""

import zipfile
from datetime import date
from typing import Any

import openpyxl
import pytest
from openpyxl.formatting.rule import CellIsRule
from openpyxl.worksheet.table import Table as ExcelTable

from exekra.activities.excel.changing import append_rows
from exekra.sdk.table import Table


@pytest.mark.parametrize(
    ("formulas", "expected"),
    [
        (["=Tab[[#This Row],[amt]]*2"] * 3, "=Tab[[#This Row],[amt]]*2"),
        (["=B2*2", "=B3*2", "=B4*2"], "=B5*2"),
        (["=B2*2"], "=B3*2"),
        (["=B2*2", "=B3*3"], None),
        (["=B2*2", 4], None),
        ([4, "=B3*2"], None),
    ],
)
def test_a_column_of_formulas_that_the_table_does_not_call_one_is_continued(context, formulas, expected):
    book = openpyxl.Workbook()
    book.active.append(["id", "amt", "twice"])
    for number, formula in enumerate(formulas):
        book.active.append([number, number, formula])
    book.active.add_table(ExcelTable(displayName="Tab", ref=f"A1:C{len(formulas) + 1}"))
    book.save(context.path("a.xlsx"))
    append_rows(context, path="a.xlsx", rows=Table.from_records([{"id": 9, "amt": 90}]))
    sheet = openpyxl.load_workbook(context.path("a.xlsx")).active
    assert [cell.value for cell in sheet[len(formulas) + 2]] == [9, 90, expected]


def test_conditional_formats_of_a_block_beside_the_list_stay(context):
    book = openpyxl.Workbook()
    for row in [["id", "amt", None, "other"], [1, 2, None, 3], [4, 5, None, 6]]:
        book.active.append(row)
    for area in ("B2:B3", "D2:D3"):
        book.active.conditional_formatting.add(area, CellIsRule("greaterThan", ["1"]))
    book.save(context.path("a.xlsx"))
    append_rows(context, path="a.xlsx", rows=Table.from_records([{"id": 7}]))
    with zipfile.ZipFile(context.path("a.xlsx")) as package:
        sheet = package.read("xl/worksheets/sheet1.xml").decode()
    assert 'sqref="B2:B4"' in sheet
    assert 'sqref="D2:D3"' in sheet


def test_texts_below_numbers_and_dates_are_told(context):
    book: Any = openpyxl.Workbook()
    for row in (["id", "day", "name", "twice"], [1, date(2026, 1, 1), "a", "=A2*2"]):
        book.active.append(row)
    book.save(context.path("a.xlsx"))
    new: list[dict[str, Any]] = [
        {"id": "n/a", "day": "2026-02-01", "name": "b", "twice": "x"},
        {"id": "7", "day": None, "name": None},
    ]
    assert append_rows(context, path="a.xlsx", rows=Table.from_records(new)).notes[:2] == [
        "2 texts were added to `id` below a number, and Excel takes them for texts. Convert column makes numbers of "
        "them first.",
        "1 text was added to `day` below a date, and Excel takes them for texts. Convert column makes dates of them "
        "first.",
    ]
