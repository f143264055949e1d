"""Rows that are put into a sheet or taken out of it: what names cells by their place follows, or it is refused."""

import io
import re
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from test_excel_foreign import WORKBOOKS
from test_excel_rich import PICTURE, SHEET, make_rich, parts

from exekra.activities.excel.areas import LAST_ROW
from exekra.activities.excel.editing.moves import GONE, RowRemoval
from exekra.activities.excel.errors import CannotEditError
from exekra.activities.excel.reading import list_sheets, read_range
from exekra.activities.excel.rows import delete_rows, insert_rows
from exekra.activities.excel.sheets import copy_sheet, delete_sheet, rename_sheet
from exekra.sdk.errors import InputError

pytestmark = pytest.mark.filterwarnings(
    "ignore:(Sparkline Group|Data Validation|Conditional Formatting|Unknown) extension"
)
"""What openpyxl, which reads the results, says of what it does not know."""


@pytest.fixture
def book_of(context):
    """Makes `book.xlsx` with the sheets Data and Other."""

    def make(fill) -> Path:
        path = context.work_folder / "book.xlsx"
        book = xlsxwriter.Workbook(path)
        fill(book, book.add_worksheet("Data"), book.add_worksheet("Other"))
        book.close()
        return path

    return make


def loaded(path: Path) -> Any:
    return openpyxl.load_workbook(path)


def anchored(path: Path) -> list[int]:
    """The rows, counted from 0, of the picture on the first sheet."""
    return [int(row) for row in re.findall(rb"<xdr:row>(\d+)", parts(path)["xl/drawings/drawing1.xml"])]


def fill(book: Any, data: Any, other: Any) -> None:
    """Ten rows with what may stand beside and below them."""
    bold = book.add_format({"bold": True})
    data.write_row("A1", ["item", "amount", "twice"])
    for row in range(1, 10):
        data.write_row(row, 0, [f"i{row}", row], bold)
        data.write_formula(row, 2, f"=B{row + 1}*2", None, row * 2)
    data.write_formula("B11", "=SUM(B2:B10)", None, 45)
    data.write_formula("D1", "=B10+$B$9", None, 17)
    data.merge_range("E8:F9", "merged")
    data.conditional_format("B2:B10", {"type": "cell", "criteria": ">", "value": 5, "format": bold})
    data.data_validation("A2:A10", {"validate": "list", "source": ["a"]})
    data.write_comment("A9", "a comment")
    data.write_comment("A3", "another comment")
    data.write_url("G9", "https://example.org")
    data.insert_image("H9", "logo.png", {"image_data": io.BytesIO(PICTURE)})
    data.set_h_pagebreaks([5])
    data.set_v_pagebreaks([5])
    data.autofilter("A1:C10")
    other.write_formula("A1", "=SUM(Data!B2:B10)", None, 45)
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": "=Data!$B$2:$B$10"})
    other.insert_chart("C3", chart)
    book.define_name("Amounts", "=Data!$B$2:$B$10")


def test_everything_follows_rows_that_are_put_in(context, book_of):
    path = book_of(fill)
    done = insert_rows(context, path="book.xlsx", row=6, count=2)
    assert [note.partition(" kept")[0] for note in done.notes] == ["12 formulas in book.xlsx"]
    book = loaded(path)
    data = book["Data"]
    column = [data.cell(row, 2).value for row in range(1, 14)]
    assert column == ["amount", 1, 2, 3, 4, None, None, 5, 6, 7, 8, 9, "=SUM(B2:B12)"]
    assert data["C8"].value == "=B8*2"
    assert data["D1"].value == "=B12+$B$11"
    assert data["B6"].font.bold, "as the row that moved down"
    assert [str(area) for area in data.merged_cells.ranges] == ["E10:F11"]
    assert [str(area.sqref) for area in data.conditional_formatting] == ["B2:B12"]
    assert str(data.data_validations.dataValidation[0].sqref) == "A2:A12"
    assert data["A11"].comment.text == "a comment"
    assert data["A3"].comment.text == "another comment"
    assert data["G11"].hyperlink.ref == "G11"
    assert anchored(path) == [10, 10]
    assert [mark.id for mark in data.row_breaks.brk] == [7], "it stands above a row"
    assert [mark.id for mark in data.col_breaks.brk] == [5], "columns stay"
    assert data.auto_filter.ref == "A1:C12"
    assert book["Other"]["A1"].value == "=SUM(Data!B2:B12)"
    assert b"<c:f>Data!$B$2:$B$12</c:f>" in parts(path)["xl/charts/chart1.xml"]
    assert book.defined_names["Amounts"].value == "Data!$B$2:$B$12"


def test_everything_follows_rows_that_are_taken_out(context, book_of):
    path = book_of(fill)
    delete_rows(context, path="book.xlsx", row=3, count=2)
    book = loaded(path)
    data = book["Data"]
    column = [data.cell(row, 2).value for row in range(1, 11)]
    assert column == ["amount", 1, 4, 5, 6, 7, 8, 9, "=SUM(B2:B8)", None]
    assert [data.cell(row, 3).value for row in (2, 3, 8)] == ["=B2*2", "=B3*2", "=B8*2"]
    assert data["D1"].value == "=B8+$B$7"
    assert [str(area) for area in data.merged_cells.ranges] == ["E6:F7"]
    assert [str(area.sqref) for area in data.conditional_formatting] == ["B2:B8"]
    comments = {cell.coordinate: cell.comment.text for row in data.iter_rows() for cell in row if cell.comment}
    assert comments == {"A7": "a comment"}
    assert parts(path)["xl/drawings/vmlDrawing1.vml"].count(b"<v:shape ") == 1
    assert anchored(path) == [6, 6]
    assert [mark.id for mark in data.row_breaks.brk] == [3]
    assert data.auto_filter.ref == "A1:C8"
    assert book["Other"]["A1"].value == "=SUM(Data!B2:B8)"
    assert book.defined_names["Amounts"].value == "Data!$B$2:$B$8"
    assert book["Data"].auto_filter.ref == "A1:C8"
    assert b"Data!$A$1:$C$8<" in parts(path)["xl/workbook.xml"]
    read = read_range(context, path="book.xlsx", range="A1:C8")
    assert read.rows.column("amount") == [1, 4, 5, 6, 7, 8, 9]


def test_what_stood_in_deleted_rows_alone_goes_with_them(context, book_of):
    def rows(book: Any, data: Any, other: Any) -> None:
        data.write_column("A1", range(8))
        data.merge_range("C3:D3", "x")
        data.merge_range("C5:D6", "y")
        data.merge_range("F5:F6", "z")
        data.data_validation("A3", {"validate": "list", "source": ["a"]})
        data.conditional_format("A3", {"type": "cell", "criteria": ">", "value": 5, "format": None})
        data.write_url("G3", "https://example.org")
        data.set_h_pagebreaks([3, 6])
        data.write_array_formula("H3:H3", "{=A3*2}", None, 4)

    path = book_of(rows)
    delete_rows(context, path="book.xlsx", row=3)
    sheet = parts(path)["xl/worksheets/sheet1.xml"].decode()
    assert re.findall(r'<mergeCells[^>]*>|<mergeCell [^>]*>|<row r="\d+"', sheet) == [
        *(f'<row r="{row}"' for row in range(1, 8)),
        '<mergeCells count="2">',
        '<mergeCell ref="C4:D5"/>',
        '<mergeCell ref="F4:F5"/>',
    ]
    for name in ("dataValidation", "conditionalFormatting", "hyperlink", "array"):
        assert name not in sheet
    assert '<rowBreaks count="2" manualBreakCount="2"><brk id="2"' in sheet
    delete_rows(context, path="book.xlsx", row=5)
    assert [str(area) for area in loaded(path)["Data"].merged_cells.ranges] == ["C4:D4"], "one cell is not merged"


@pytest.mark.parametrize(
    ("put", "reason"),
    [
        (lambda book, data, other: data.write_formula("A9", "=A3+1"), "the formula in A9 of `Data`"),
        (lambda book, data, other: other.write_formula("B2", "=SUM(Data!A3:C4)"), "the formula in B2 of `Other`"),
        (lambda book, data, other: book.define_name("Here", "=Data!$A$3"), "a defined name"),
        (lambda book, data, other: data.write_array_formula("B2:B3", "{=A1:A2*2}"), "the formula that fills B2:B3"),
        (lambda book, data, other: data.add_table("A3:B6", {"name": "T"}), "the table `T`"),
        (lambda book, data, other: data.add_table("A2:B3", {"name": "T"}), "the table `T`"),
        (lambda book, data, other: data.autofilter("A3:B6"), "the filter of A3:B6"),
        (lambda book, data, other: data.add_sparkline("A3", {"range": "Data!A10:B10"}), "a sparkline"),
        (
            lambda book, data, other: data.conditional_format(
                "A9", {"type": "formula", "criteria": "=$A$3>1", "format": None}
            ),
            "a rule or a control of `Data`",
        ),
    ],
)
def test_rows_that_something_else_needs_are_not_deleted(context, book_of, put, reason):
    path = book_of(put)
    before = path.read_bytes()
    with pytest.raises(CannotEditError, match=re.escape(reason)) as raised:
        delete_rows(context, path="book.xlsx", row=3, count=2)
    assert raised.value.message.startswith(f"Rows 3 to 4 of `Data` in {path} cannot be deleted: ")
    assert path.read_bytes() == before


def table(book: Any, data: Any, other: Any) -> None:
    columns: list[dict[str, Any]] = [
        {"header": "item", "total_string": "Total"},
        {"header": "amount", "total_function": "sum"},
        {"header": "share", "formula": "=Orders[[#This Row],[amount]]/$F$8"},
    ]
    rows = [["a", 1], ["b", 2], ["c", 3]]
    data.add_table("A1:C5", {"name": "Orders", "total_row": True, "columns": columns, "data": rows})
    data.write("F8", 6)


@pytest.mark.parametrize(
    ("row", "items"), [(2, [None, "a", "b", "c"]), (3, ["a", None, "b", "c"]), (5, ["a", "b", "c", None])]
)
def test_a_table_grows_by_rows_in_it(context, book_of, row, items):
    path = book_of(table)
    insert_rows(context, path="book.xlsx", row=row)
    sheet = loaded(path)["Data"]
    assert sheet.tables["Orders"].ref == "A1:C6"
    assert [sheet.cell(number, 1).value for number in range(2, 7)] == [*items, "Total"]
    assert [sheet.cell(number, 3).value for number in range(2, 6)] == ["=Orders[[#This Row],[amount]]/$F$9"] * 4
    assert sheet["F9"].value == 6


def test_a_table_shrinks_by_rows_of_it(context, book_of):
    path = book_of(table)
    delete_rows(context, path="book.xlsx", row=3)
    sheet = loaded(path)["Data"]
    assert sheet.tables["Orders"].ref == "A1:C4"
    assert [sheet.cell(number, 1).value for number in range(2, 5)] == ["a", "c", "Total"]
    assert sheet["C2"].value == "=Orders[[#This Row],[amount]]/$F$7"


def test_a_sheet_has_no_room_for_more_rows(context, book_of):
    path = book_of(lambda book, data, other: data.write(LAST_ROW - 1, 0, 1))
    before = path.read_bytes()
    for row, count in ((5, 1), (LAST_ROW, 2)):
        with pytest.raises(InputError, match=f"no room for {count} rows at row {row:,}"):
            insert_rows(context, path="book.xlsx", row=row, count=count)
    assert path.read_bytes() == before
    delete_rows(context, path="book.xlsx", row=5, count=LAST_ROW - 5)
    assert read_range(context, path="book.xlsx", header=False, range="A5").rows.column("A") == [1]


@pytest.mark.parametrize(
    ("area", "expected"),
    [
        ("A2", "A2"),
        ("$A$5", GONE),
        ("A9", "A6"),
        ("A4:A6", GONE),
        ("A1:A5", "A1:A3"),
        ("A5:A9", "A4:A6"),
        ("A1:B9", "A1:B6"),
        ("$4:$9", "$4:$6"),
        ("A:B", "A:B"),
        ("A1:A1048576", "A1:A1048576"),
        ("A7:A7", "A4:A4"),
    ],
)
def test_an_area_without_some_rows(area, expected):
    assert RowRemoval("", 4, 3).area(area) == expected


def save(path: Path, content: dict[str, bytes]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in content.items():
            package.writestr(name, data)


def test_the_order_of_a_table_and_the_cells_of_controls_follow(context, book_of):
    def fill(book: Any, data: Any, other: Any) -> None:
        table(book, data, other)
        data.insert_textbox("H20", "", {"textlink": "=$F$8"})

    path = book_of(fill)
    content = parts(path)
    order = b'<sortState ref="A2:C4"><sortCondition ref="B2:B4"/></sortState>'
    content["xl/tables/table1.xml"] = content["xl/tables/table1.xml"].replace(
        b"<tableColumns", order + b"<tableColumns"
    )
    content["xl/ctrlProps/ctrlProp1.xml"] = b'<formControlPr objectType="CheckBox" fmlaLink="$F$8"/>'
    relations = "xl/worksheets/_rels/sheet1.xml.rels"
    control = b'<Relationship Id="c" Type="a/ctrlProp" Target="../ctrlProps/ctrlProp1.xml"/></Relationships>'
    content[relations] = content[relations].replace(b"</Relationships>", control)
    save(path, content)
    insert_rows(context, path="book.xlsx", row=1, count=2)
    after = parts(path)
    assert b'<sortState ref="A4:C6"><sortCondition ref="B4:B6"/>' in after["xl/tables/table1.xml"]
    assert b'fmlaLink="$F$10"' in after["xl/ctrlProps/ctrlProp1.xml"]
    assert b'textlink="$F$10"' in after["xl/drawings/drawing1.xml"]
    delete_rows(context, path="book.xlsx", row=5)
    assert b'<sortState ref="A4:C5"><sortCondition ref="B4:B5"/>' in parts(path)["xl/tables/table1.xml"]
    before = path.read_bytes()
    with pytest.raises(CannotEditError, match=r"what `xl/\w+/\w+\.\w+` shows would be broken"):
        delete_rows(context, path="book.xlsx", row=9)
    assert path.read_bytes() == before


@pytest.mark.parametrize("name", ["libreoffice.xlsx", "exceljs.xlsx"])
def test_workbooks_of_other_programs_come_back_when_rows_go_again(context, name):
    path = context.work_folder / name
    path.write_bytes((WORKBOOKS / name).read_bytes())

    def seen() -> Any:
        book = loaded(path)
        return {sheet.title: [[cell.value for cell in row] for row in sheet.iter_rows()] for sheet in book.worksheets}

    before = seen()
    for row, count in ((3, 2), (1, 1), (5, 3)):
        insert_rows(context, path=name, row=row, count=count)
        assert seen() != before
        delete_rows(context, path=name, row=row, count=count)
        assert seen() == before
    first = list_sheets(context, path=name).sheets[0]
    copy_sheet(context, path=name, sheet=1, name="Copy")
    assert seen()["Copy"] == before[first]
    rename_sheet(context, path=name, sheet=1, name="It's")
    rename_sheet(context, path=name, sheet=1, name=first)
    delete_sheet(context, path=name, sheet="Copy")
    assert seen() == before


@pytest.mark.parametrize("work", [insert_rows, delete_rows])
def test_only_the_sheet_changes_where_nothing_else_names_it(context, work):
    path = context.work_folder / "rich.xlsx"
    make_rich(path)
    before = parts(path)
    work(context, path="rich.xlsx", sheet="Features", row=40)
    after = parts(path)
    changed = {name for name in before if after[name] != before[name]}
    assert changed <= {SHEET}
    work(context, path="rich.xlsx", sheet="Plain", row=2)
    changed = {name for name in before if parts(path)[name] != after[name]}
    assert changed == {"xl/worksheets/sheet3.xml"}
