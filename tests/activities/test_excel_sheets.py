"""Sheets that are added, renamed, copied and deleted: what mentions them follows, all other parts stay."""

import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from test_excel_rich import LIST, TABLES, make_rich, parts

from exekra.activities.disk import FileMissingError
from exekra.activities.excel.changing import append_rows, write_cell
from exekra.activities.excel.errors import CannotEditError, SheetExistsError, SheetMissingError
from exekra.activities.excel.reading import list_sheets, read_cell, read_range
from exekra.activities.excel.rows import insert_rows
from exekra.activities.excel.sheets import add_sheet, copy_sheet, delete_sheet, rename_sheet
from exekra.sdk.errors import InputError
from exekra.sdk.table import Table

pytestmark = pytest.mark.filterwarnings("ignore:(Sparkline Group|Unknown|Conditional Formatting) extension")
"""What openpyxl, which reads the results, says of the sparklines that it does not know."""

BOOK = "xl/workbook.xml"


@pytest.fixture
def report(context):
    """A workbook whose sheets mention each other in many ways."""
    path = context.work_folder / "report.xlsx"
    book = xlsxwriter.Workbook(path)
    data, total, other = (book.add_worksheet(name) for name in ("My data", "Total", "Other"))
    data.write_column("A1", [1, 2, 3])
    data.write_formula("B1", "=SUM(A1:A3)+'My data'!A1", None, 7)
    data.print_area("A1:B3")
    data.set_column("A:A", 30, book.add_format({"bold": True}))
    data.write_comment("A2", "a comment")
    total.write_formula("A1", "=SUM('My data'!A1:A3)", None, 6)
    total.write_formula("A2", "=INDIRECT(\"'My data'!A1\")", None, 1)
    total.write_formula("A3", "=SUM('My data:Other'!A1)", None, 1)
    total.write_url("B1", "internal:'My data'!A3", string="there")
    total.conditional_format("A1", {"type": "formula", "criteria": "='My data'!$A$1>0", "format": None})
    total.data_validation("C1", {"validate": "list", "source": "='My data'!$A$1:$A$3"})
    total.add_sparkline("D1", {"range": "'My data'!A1:A3"})
    for sheet in (data, total):
        chart = book.add_chart({"type": "column"})
        chart.add_series({"values": "='My data'!$A$1:$A$3"})
        sheet.insert_chart("F5", chart)
    other.write("A1", 1)
    book.define_name("Amounts", "='My data'!$A$1:$A$3")
    book.close()
    return path


def loaded(path: Path) -> Any:
    return openpyxl.load_workbook(path)


def all_text(path: Path) -> str:
    return "".join(content.decode(errors="ignore") for content in parts(path).values())


def names(context) -> list[str]:
    return list_sheets(context, path="report.xlsx").sheets


def test_a_sheet_is_added_where_it_is_wanted(context, report):
    add_sheet(context, path="report.xlsx", name="Last")
    done = add_sheet(context, path="report.xlsx", name="First", position=1)
    add_sheet(context, path="report.xlsx", name="Far", position=99)
    assert (done.sheet, done.notes) == ("First", [])
    assert names(context) == ["First", "My data", "Total", "Other", "Last", "Far"]
    book = loaded(report)
    assert book["My data"].print_area == "'My data'!$A$1:$B$3", "names of a sheet follow it"
    assert book.active is book["My data"]
    write_cell(context, path="report.xlsx", sheet="First", cell="A1", value=5)
    assert read_cell(context, path="report.xlsx", sheet="First", cell="A1").value == 5


@pytest.mark.parametrize(
    ("name", "error"), [("total", SheetExistsError), ("a/b", InputError), ("", InputError), ("x" * 32, InputError)]
)
def test_a_name_that_excel_refuses_is_refused(context, report, name, error):
    before = report.read_bytes()
    for work in (
        lambda: add_sheet(context, path="report.xlsx", name=name),
        lambda: rename_sheet(context, path="report.xlsx", sheet="Other", name=name),
        lambda: copy_sheet(context, path="report.xlsx", sheet="Other", name=name),
    ):
        with pytest.raises(error):
            work()
    assert report.read_bytes() == before


def test_a_missing_workbook_is_an_error_that_leaves_nothing_behind(context):
    for work in (
        lambda: add_sheet(context, path="far/none.xlsx", name="A"),
        lambda: insert_rows(context, path="far/none.xlsx", row=1),
    ):
        with pytest.raises(FileMissingError):
            work()
    assert list(context.work_folder.iterdir()) == []


def test_what_mentions_a_renamed_sheet_follows(context, report):
    done = rename_sheet(context, path="report.xlsx", sheet="my DATA", name="Bob's & co")
    assert names(context) == ["Bob's & co", "Total", "Other"]
    text = all_text(report)
    assert text.count("My data") == 3, "the text of INDIRECT, and what the properties of the file say"
    assert done.notes == ["`My data` also stands in a text of Total!A2, as for INDIRECT, which was not changed."]
    book = loaded(report)
    total = book["Total"]
    assert total["A1"].value == "=SUM('Bob''s & co'!A1:A3)"
    assert total["A3"].value == "=SUM('Bob''s & co:Other'!A1)"
    assert total["B1"].hyperlink.location == "'Bob''s & co'!A3"
    assert total.data_validations.dataValidation[0].formula1 == "'Bob''s & co'!$A$1:$A$3"
    assert book["Bob's & co"]["B1"].value == "=SUM(A1:A3)+'Bob''s & co'!A1"
    assert book.defined_names["Amounts"].value == "'Bob''s & co'!$A$1:$A$3"
    assert book["Bob's & co"].print_area == "'Bob''s & co'!$A$1:$B$3"
    assert text.count("<c:f>'Bob''s &amp; co'!$A$1:$A$3</c:f>") == 2
    assert "<xm:f>'Bob''s &amp; co'!A1:A3</xm:f>" in text
    rename_sheet(context, path="report.xlsx", sheet=1, name="Plan")
    assert loaded(report)["Total"]["A1"].value == "=SUM(Plan!A1:A3)"
    rename_sheet(context, path="report.xlsx", sheet="Plan", name="PLAN")
    assert names(context)[0] == "PLAN", "the case of a name can change"


def test_a_copy_has_what_the_sheet_has(context, report):
    done = copy_sheet(context, path="report.xlsx", sheet="My data", name="Copy", position=2)
    assert (done.sheet, done.notes) == ("Copy", [])
    assert names(context) == ["My data", "Copy", "Total", "Other"]
    source, copy = (read_range(context, path="report.xlsx", sheet=name, header=False) for name in ("My data", "Copy"))
    assert list(source.rows) == list(copy.rows)
    book = loaded(report)
    sheet = book["Copy"]
    assert sheet["B1"].value == "=SUM(A1:A3)+Copy!A1"
    assert sheet["A2"].comment.text == "a comment"
    assert sheet.column_dimensions["A"].width == book["My data"].column_dimensions["A"].width
    assert sheet.print_area == "'Copy'!$A$1:$B$3"
    assert book["My data"].print_area == "'My data'!$A$1:$B$3"
    assert sheet.defined_names["Amounts"].value == "Copy!$A$1:$A$3"
    assert not sheet.sheet_view.tabSelected, "only one sheet is selected"
    assert all_text(report).count("<c:f>Copy!$A$1:$A$3</c:f>") == 1
    write_cell(context, path="report.xlsx", sheet="Copy", cell="A1", value=100)
    assert read_cell(context, path="report.xlsx", sheet="My data", cell="A1").value == 1
    delete_sheet(context, path="report.xlsx", sheet="Copy")
    assert names(context) == ["My data", "Total", "Other"]


def test_a_deleted_sheet_takes_along_what_belongs_to_it(context, report):
    delete_sheet(context, path="report.xlsx", sheet="Total")
    after = parts(report)
    assert names(context) == ["My data", "Other"]
    assert sorted(name for name in after if "chart" in name or "drawing" in name) == [
        "xl/charts/chart1.xml",
        "xl/drawings/_rels/drawing1.xml.rels",
        "xl/drawings/drawing1.xml",
        "xl/drawings/vmlDrawing1.vml",
    ]
    assert b"sheet2.xml" not in after["[Content_Types].xml"] + after["xl/_rels/workbook.xml.rels"]
    loaded(report)


def test_a_sheet_that_is_mentioned_is_not_deleted(context, report):
    before = report.read_bytes()
    with pytest.raises(CannotEditError, match=r"mentioned by the rules of Total, Total!A1, Total!A3, .*chart2\.xml"):
        delete_sheet(context, path="report.xlsx", sheet="My data")
    assert report.read_bytes() == before


def test_names_for_the_cells_of_a_deleted_sheet_go_with_it(context, report):
    delete_sheet(context, path="report.xlsx", sheet="Total")
    done = delete_sheet(context, path="report.xlsx", sheet="My data")
    assert done.notes == ["Names for cells of `My data` were removed with it: Amounts."]
    assert names(context) == ["Other"]
    assert b"definedName" not in parts(report)[BOOK]
    assert loaded(report).active.title == "Other"
    with pytest.raises(CannotEditError, match="the only sheet"):
        delete_sheet(context, path="report.xlsx", sheet="Other")
    with pytest.raises(SheetMissingError, match="Its sheets: Other"):
        delete_sheet(context, path="report.xlsx", sheet="Total")


def test_only_the_parts_that_are_named_change(context):
    path = context.work_folder / "rich.xlsx"
    make_rich(path)
    file, before = path.read_bytes(), parts(path)
    add_sheet(context, path="rich.xlsx", name="New")
    added = parts(path)
    assert {name for name in before if added[name] != before[name]} == LIST
    delete_sheet(context, path="rich.xlsx", sheet="New")
    assert set(parts(path)) == set(before)
    copy_sheet(context, path="rich.xlsx", sheet="Plain", name="Second")
    assert {name for name in before if parts(path)[name] != before[name]} == LIST
    path.write_bytes(file)
    rename_sheet(context, path="rich.xlsx", sheet="Tables", name="Lists")
    after = parts(path)
    assert {name for name in before if after[name] != before[name]} == {BOOK}
    assert b">Lists!$B$2:$B$3</definedName>" in after[BOOK]


def test_what_cannot_be_copied_is_named(context):
    path = context.work_folder / "rich.xlsx"
    make_rich(path)
    with pytest.raises(CannotEditError, match="is a chart sheet"):
        copy_sheet(context, path="rich.xlsx", sheet="Picture", name="Second")
    with zipfile.ZipFile(path, "a") as package:
        package.writestr("xl/pivotTables/pivotTable1.xml", "<pivotTableDefinition/>")
        package.writestr(
            "xl/worksheets/_rels/sheet3.xml.rels",
            '<Relationships><Relationship Id="p" Type="a/pivotTable" Target="../pivotTables/pivotTable1.xml"/>'
            "</Relationships>",
        )
    before = path.read_bytes()
    with pytest.raises(CannotEditError, match=r"has a pivot table \(xl/pivotTables/pivotTable1.xml\)"):
        copy_sheet(context, path="rich.xlsx", sheet="Plain", name="Second")
    assert path.read_bytes() == before


def test_a_copied_table_has_a_name_of_its_own(context):
    path = context.work_folder / "rich.xlsx"
    make_rich(path)
    write_cell(context, path="rich.xlsx", sheet="Tables", cell="D1", value="=SUM(Orders[amount])")
    for name in ("Second", "Third"):
        copy_sheet(context, path="rich.xlsx", sheet="Tables", name=name)
    book = loaded(path)
    found = {sheet.title: (list(sheet.tables), sheet["D1"].value) for sheet in book.worksheets if sheet.tables}
    assert found == {
        "Tables": (["Orders"], "=SUM(Orders[amount])"),
        "Second": (["Orders_2"], "=SUM(Orders_2[amount])"),
        "Third": (["Orders_3"], "=SUM(Orders_3[amount])"),
    }
    ids = [table.id for sheet in book.worksheets for table in sheet.tables.values()]
    assert ids == [1, 2, 3]
    append_rows(context, path="rich.xlsx", sheet="Second", rows=Table.from_records([{"item": "c", "amount": 5}]))
    assert loaded(path)["Second"].tables["Orders_2"].ref == "A1:B5"
    assert loaded(path)["Tables"].tables["Orders"].ref == "A1:B4"


def test_a_sheet_whose_table_is_mentioned_is_not_deleted(context):
    make_rich(context.work_folder / "rich.xlsx")
    with pytest.raises(CannotEditError, match="mentioned by Plain!D1"):
        delete_sheet(context, path="rich.xlsx", sheet="Tables")
    delete_sheet(context, path="rich.xlsx", sheet="Plain")
    delete_sheet(context, path="rich.xlsx", sheet="Tables")
    assert TABLES not in parts(context.work_folder / "rich.xlsx")


def test_a_sheet_that_a_pivot_table_or_a_slicer_needs_is_not_deleted(context):
    path = context.work_folder / "rich.xlsx"
    make_rich(path)
    delete_sheet(context, path="rich.xlsx", sheet="Plain")
    file = path.read_bytes()
    with zipfile.ZipFile(path, "a") as package:
        package.writestr(
            "xl/pivotCache/pivotCacheDefinition1.xml",
            '<pivotCacheDefinition><cacheSource type="worksheet"><worksheetSource name="Orders"/></cacheSource>'
            "</pivotCacheDefinition>",
        )
    with pytest.raises(CannotEditError, match="mentioned by xl/pivotCache/pivotCacheDefinition1"):
        delete_sheet(context, path="rich.xlsx", sheet="Tables")
    path.write_bytes(file)
    with zipfile.ZipFile(path, "a") as package:
        package.writestr("xl/slicerCaches/slicerCache1.xml", "<slicerCacheDefinition/>")
    with pytest.raises(CannotEditError, match="has a slicer, or what one may filter"):
        delete_sheet(context, path="rich.xlsx", sheet="Tables")


def test_macros_that_may_mention_a_sheet_are_said(context):
    make_rich(context.work_folder / "rich.xlsx")
    done = rename_sheet(context, path="rich.xlsx", sheet="Plain", name="Plan")
    assert done.notes == ["rich.xlsx has macros. Those that mention the sheet `Plain` were not changed."]


def test_sheets_with_prefixed_elements_are_changed_as_others(context):
    """Half of the workbooks of ClosedXML write `x:` in front of all elements."""
    path = context.work_folder / "report.xlsx"
    book: Any = openpyxl.Workbook()
    book.active.title = "A"
    book.active["A1"] = 5
    book.create_sheet("B")["A1"] = "=A!A1"
    book.save(path)
    content = parts(path)
    main = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    for part in (BOOK, "xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml"):
        text = content[part].replace(b'xmlns="' + main, b'xmlns:x="' + main).replace(b"</", b"</x:")
        text = text.replace(b"<", b"<x:").replace(b"<x:/x:", b"</x:").replace(b"<x:?", b"<?")
        content[part] = text
    with zipfile.ZipFile(path, "w") as package:
        for name, data in content.items():
            package.writestr(name, data)
    rename_sheet(context, path="report.xlsx", sheet="A", name="Plan 1")
    copy_sheet(context, path="report.xlsx", sheet="Plan 1", name="C")
    add_sheet(context, path="report.xlsx", name="D", position=1)
    assert names(context) == ["D", "Plan 1", "B", "C"]
    assert loaded(path)["B"]["A1"].value == "='Plan 1'!A1"
    assert read_cell(context, path="report.xlsx", sheet="C", cell="A1").value == 5
