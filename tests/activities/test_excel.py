"""Workbooks on a real disk: what is read, what is written, what is refused, and what an error says."""

import os
import zipfile
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import openpyxl
import pytest

from exekra.activities.disk import FileAccessError, FileMissingError
from exekra.activities.excel.changing import append_rows, write_cell, write_range
from exekra.activities.excel.errors import NotAWorkbookError, SheetMissingError
from exekra.activities.excel.reading import list_sheets, read_cell, read_range
from exekra.activities.excel.writing import write_workbook
from exekra.sdk.errors import InputError, StoppedError
from exekra.sdk.table import Table

ORDERS = Table.from_rows(
    ("id", "when", "quantity", "price", "paid"),
    [(1, date(2026, 1, 2), 3, 2.5, True), (2, date(2026, 1, 3), 10, 4.0, False), (3, None, None, 0.1, None)],
)


@pytest.fixture
def workbook(context):
    """As Excel users leave them: a title, data that begins at B3, an empty row, a gap, a formula."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Orders"
    for row in [
        [None],
        [None],
        [None, "sku", "qty", "sku", None],
        [None, "A", 2, "x", 0.5],
        [None, None, None, None, None],
        [None, "B", 7.25, "y", "=C4*2"],
    ]:
        sheet.append(row)
    book.create_sheet("Empty")
    book.save(context.work_folder / "orders.xlsx")
    return "orders.xlsx"


def test_what_was_written_is_read_again(context):
    written = write_workbook(context, path="out/orders.xlsx", rows=ORDERS)
    assert (written.count, written.path) == (3, str(context.work_folder / "out" / "orders.xlsx"))
    read = read_range(context, path="out/orders.xlsx")
    assert read.rows == ORDERS
    assert (read.count, read.sheet) == (3, "Sheet1")
    assert [type(value) for value in read.rows[1].values()] == [int, date, int, int, bool]


def test_the_used_part_is_read_with_a_header_of_unique_names(context, workbook):
    table = read_range(context, path=workbook, sheet="Orders").rows
    assert table.columns == ("sku", "qty", "sku 2", "Column 4")
    assert list(table.rows()) == [("A", 2, "x", 0.5), ("B", 7.25, "y", None)]


@pytest.mark.parametrize(
    ("range", "header", "expected"),
    [
        ("B3:C4", True, [{"sku": "A", "qty": 2}]),
        ("B4:C4", False, [{"B": "A", "C": 2}]),
        ("c:c", True, []),
        ("C3", True, [{"qty": 2, "sku": "x", "Column 3": 0.5}, {"qty": 7.25, "sku": "y", "Column 3": None}]),
        ("E4:G4", False, [{"E": 0.5, "F": None, "G": None}]),
        ("G4:H4", False, []),
        ("A3:A6", True, []),
        ("4:4", False, [{"A": None, "B": "A", "C": 2, "D": "x", "E": 0.5}]),
    ],
)
def test_ranges(context, workbook, range, header, expected):
    rows = list(read_range(context, path=workbook, range=range, header=header).rows)
    if range == "c:c":
        assert [row["qty"] for row in rows] == [2, 7.25]
    else:
        assert rows == expected


def test_empty_rows_are_kept_on_request(context, workbook):
    assert read_range(context, path=workbook, range="B3", skip_empty_rows=False).count == 3


def test_sheets_by_name_and_number(context, workbook):
    assert list_sheets(context, path=workbook).sheets == ["Orders", "Empty"]
    assert read_range(context, path=workbook, sheet=2).count == 0
    assert read_range(context, path=workbook, sheet="2").sheet == "Empty"
    with pytest.raises(
        SheetMissingError, match=r"no sheet `Order`\. Did you mean `Orders`\? Its sheets: Orders, Empty"
    ):
        read_range(context, path=workbook, sheet="Order")
    with pytest.raises(SheetMissingError, match="no sheet number 3"):
        read_range(context, path=workbook, sheet=3)


def test_a_date_among_times_counts_as_midnight(context):
    rows = Table.from_rows(("at",), [(datetime(2026, 1, 2),), (datetime(2026, 1, 2, 3, 4),)])
    write_workbook(context, path="a.xlsx", rows=rows)
    assert read_range(context, path="a.xlsx").rows.column("at") == [datetime(2026, 1, 2), datetime(2026, 1, 2, 3, 4)]


def test_what_excel_has_no_kind_for(context):
    values = {
        "time": time(3, 4, 5),
        "duration": timedelta(hours=30),
        "formula": "=1+1",
        "zeros": "007",
        "list": [1, "ä"],
        "long": 12_345_678_901_234_567,
        "infinite": float("inf"),
        "largest": 10**15 - 1,
    }
    for write in (write_workbook, write_range):
        path = f"{write.__name__}.xlsx"
        write(context, path=path, rows=Table.from_records([values]))
        assert read_range(context, path=path).rows[0] == values | {
            "list": '[1, "ä"]',
            "long": "12345678901234567",
            "infinite": "inf",
        }


def test_an_empty_table_leaves_a_header(context):
    write_workbook(context, path="a.xlsx", rows=ORDERS[:0], more_sheets={"Full": ORDERS, "None": Table(())})
    assert read_range(context, path="a.xlsx").rows == ORDERS[:0]
    assert read_range(context, path="a.xlsx", sheet="Full").rows == ORDERS


def test_the_header_is_styled_and_dates_look_like_dates(context):
    write_workbook(context, path="a.xlsx", rows=ORDERS)
    sheet: Any = openpyxl.load_workbook(context.work_folder / "a.xlsx").worksheets[0]
    assert sheet["A1"].font.bold
    assert sheet.freeze_panes == "A2"
    assert sheet["B2"].number_format == "yyyy-mm-dd"
    assert sheet.column_dimensions["B"].width > 9


def test_an_existing_workbook_is_changed_in_place(context, workbook):
    write_range(context, path=workbook, rows=ORDERS[:1], sheet="New", start="C2")
    write_cell(context, path=workbook, cell="A1", value="Title")
    write_cell(context, path=workbook, cell="A2", value="=1+1", sheet="Orders")
    assert list_sheets(context, path=workbook).sheets == ["Orders", "Empty", "New"]
    assert read_cell(context, path=workbook, cell="A1").value == "Title"
    assert read_cell(context, path=workbook, cell="Z99").value is None
    assert read_range(context, path=workbook, sheet="New").rows == ORDERS[:1]
    book: Any = openpyxl.load_workbook(context.work_folder / workbook)
    assert book["Orders"]["A2"].value == "=1+1"
    assert book["Orders"]["E6"].value == "=C4*2"


def test_rows_are_appended_by_column_name(context):
    append_rows(context, path="log.xlsx", rows=Table.from_records([{"a": 1, "b": 2}]), sheet="Log")
    append_rows(context, path="log.xlsx", rows=Table.from_records([{"b": 4, "a": 3}, {"b": 5, "a": None}]), sheet="Log")
    assert list(read_range(context, path="log.xlsx").rows) == [
        {"a": 1, "b": 2},
        {"a": 3, "b": 4},
        {"a": None, "b": 5},
    ]
    with pytest.raises(InputError, match=r"no column `c`\. Its first row holds: a, b"):
        append_rows(context, path="log.xlsx", rows=Table.from_records([{"c": 1}]), sheet="Log")
    with pytest.raises(SheetMissingError):
        append_rows(context, path="log.xlsx", rows=ORDERS, sheet="Lag", new_sheet=False)


def test_a_missing_file_names_the_nearest(context, workbook):
    with pytest.raises(FileMissingError, match=r"Did you mean `orders\.xlsx` in"):
        read_range(context, path="order.xlsx")
    with pytest.raises(FileMissingError, match="there is no `inbox` in"):
        read_range(context, path="inbox/orders.xlsx")


@pytest.mark.parametrize("content", [b"", b"sku;qty\n1;2\n", b"<html></html>", b"PK\x03\x04 damaged"])
def test_what_is_no_workbook_is_said_so(context, content):
    (context.work_folder / "bad.xlsx").write_bytes(content)
    with pytest.raises(NotAWorkbookError, match=r"bad\.xlsx (cannot be read as|is .* under the name of) a workbook"):
        read_range(context, path="bad.xlsx")
    with pytest.raises(NotAWorkbookError, match=r"bad\.xlsx cannot be read as a workbook"):
        write_cell(context, path="bad.xlsx", cell="A1", value=1)
    assert (context.work_folder / "bad.xlsx").read_bytes() == content


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"<!DOCTYPE html><html><table><tr><td>1</td></tr></table></html>", "is a web page"),
        (b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook/>', "is an XML spreadsheet"),
        (b"a\tb\n1\t2\n", "is text with separators .* Use Read CSV"),
    ],
)
def test_exports_under_a_false_name_are_called_what_they_are(context, content, sentence):
    (context.work_folder / "export.xls").write_bytes(content)
    with pytest.raises(NotAWorkbookError, match=sentence):
        read_range(context, path="export.xls")


def test_a_workbook_is_read_whatever_its_name_ends_in(context):
    write_workbook(context, path="a.xlsx", rows=ORDERS)
    for name in ("a.xls", "a.xlsb.bak", "a"):
        (context.work_folder / name).write_bytes((context.work_folder / "a.xlsx").read_bytes())
        assert read_range(context, path=name).rows == ORDERS


def test_errors_and_formulas_without_a_result_are_told(context):
    book: Any = openpyxl.Workbook()
    for row in (["a", "b", "c"], ["#N/A", "=1+1", 5], [1, "=2+2", 6]):
        book.active.append(row)
    book.save(context.work_folder / "a.xlsx")
    read = read_range(context, path="a.xlsx")
    assert list(read.rows.rows()) == [(None, None, 5), (1, None, 6)]
    assert [note.partition(" in the sheet")[0] for note in read.notes] == [
        "1 cell shows an error such as #N/A",
        "2 formulas have no result yet",
    ]


@pytest.mark.parametrize(("cell", "note"), [("A2", "1 cell shows an error"), ("B2", "1 formula has no"), ("C9", None)])
def test_an_error_in_the_one_cell_is_told(context, cell, note):
    book: Any = openpyxl.Workbook()
    for row in (["a", "b"], ["#N/A", "=1+1"]):
        book.active.append(row)
    book.save(context.work_folder / "a.xlsx")
    read = read_cell(context, path="a.xlsx", cell=cell)
    assert read.value is None
    assert [known.startswith(note or "") for known in read.notes] == ([True] if note else [])


def test_dates_and_numbers_that_excel_has_no_kind_for_are_text(context):
    values = {
        "born": date(1850, 1, 1),
        "none": datetime(1899, 12, 30),
        "exact": Decimal("12345678901234567890.5"),
        "infinite": Decimal("Infinity"),
        "price": Decimal("2.5"),
    }
    for write in (write_workbook, write_range):
        path = f"{write.__name__}.xlsx"
        write(context, path=path, rows=Table.from_records([values]))
        assert read_range(context, path=path).rows[0] == {
            "born": "1850-01-01",
            "none": "1899-12-30T00:00:00",
            "exact": "12345678901234567890.5",
            "infinite": "Infinity",
            "price": 2.5,
        }


def test_a_folder_is_no_workbook(context):
    (context.work_folder / "a.xlsx").mkdir()
    with pytest.raises(FileAccessError, match="is a folder"):
        read_range(context, path="a.xlsx")
    with pytest.raises(FileAccessError, match="is a folder"):
        write_workbook(context, path="a.xlsx", rows=ORDERS)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"path": "a.csv"}, "must end in .xlsx"),
        ({"sheet": "a/b"}, "cannot name a sheet"),
        ({"sheet": "x" * 32}, "cannot name a sheet"),
        ({"sheet": "Ada's'"}, "cannot name a sheet"),
        ({"sheet": "History"}, "cannot name a sheet"),
        ({"sheet": "Data", "more_sheets": {"data": ORDERS}}, "`Data` and `data` have the same name"),
        ({"rows": Table.from_rows(("n",), [["a\ud800"]])}, "character 2 is half of a surrogate pair"),
        ({"rows": Table.from_rows(("n\ud800",), [[1]])}, "half of a surrogate pair"),
        ({"rows": Table.from_rows(("n",), [[b"abc"]])}, "a value of kind bytes"),
        ({"rows": Table.from_rows(("n",), [["x" * 32_768]])}, "32,768 characters in column `n` does not fit"),
    ],
)
def test_what_cannot_be_written_leaves_nothing_behind(context, arguments, sentence):
    with pytest.raises(InputError, match=sentence):
        write_workbook(context, **{"path": "a.xlsx", "rows": ORDERS} | arguments)
    assert os.listdir(context.work_folder) == []


def test_too_many_rows_for_a_sheet(context):
    with pytest.raises(InputError, match="1,048,576 rows"):
        write_range(context, path="a.xlsx", rows=ORDERS, start="A1048574")


@pytest.mark.parametrize("range", ["A0:B2", "B2:A1", "hello", "A1:", "1A", "A1:ZZZ9", "A1:B9999999"])
def test_what_is_no_range(context, workbook, range):
    with pytest.raises(InputError, match=r"range|outside"):
        read_range(context, path=workbook, range=range)


def test_a_stop_leaves_the_old_file(context):
    write_workbook(context, path="a.xlsx", rows=ORDERS)
    before = (context.work_folder / "a.xlsx").read_bytes()
    context.stop()
    with pytest.raises(StoppedError):
        write_workbook(context, path="a.xlsx", rows=ORDERS[:1])
    assert os.listdir(context.work_folder) == ["a.xlsx"]
    assert (context.work_folder / "a.xlsx").read_bytes() == before


def test_merged_whole_columns_take_a_value(context):
    write_cell(context, path="a.xlsx", cell="A1", value=1)
    with zipfile.ZipFile(context.work_folder / "a.xlsx") as old:
        content = {name: old.read(name) for name in old.namelist()}
    merge = b'<mergeCells count="1"><mergeCell ref="B1:XFD1048576"/></mergeCells>'
    sheet = "xl/worksheets/sheet1.xml"
    content[sheet] = content[sheet].replace(b"</sheetData>", b"</sheetData>" + merge)
    with zipfile.ZipFile(context.work_folder / "a.xlsx", "w") as new:
        for name, part in content.items():
            new.writestr(name, part)
    write_cell(context, path="a.xlsx", cell="C7", value=2)
    assert read_cell(context, path="a.xlsx", cell="B1").value == 2


def test_rows_are_appended_under_a_header_that_begins_behind_the_data(context):
    write_range(context, path="a.xlsx", rows=Table.from_rows("abc", [(1, 2, 3)] * 2), start="C2")
    write_cell(context, path="a.xlsx", cell="B4", value="note")
    append_rows(context, path="a.xlsx", rows=Table.from_rows("ac", [(7, 9)]))
    read = read_range(context, path="a.xlsx").rows
    assert read.columns == ("Column 1", "a", "b", "c")
    assert list(read.rows())[-1] == (None, 7, None, 9)
