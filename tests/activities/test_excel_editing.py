"""Workbooks of other programs that are changed in place: what stays, what follows, what is refused."""

import re
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter

from exekra.activities.excel.changing import append_rows, write_cell, write_range
from exekra.activities.excel.errors import CannotComputeError, CannotEditError, NotAWorkbookError
from exekra.activities.excel.reading import list_sheets, read_cell, read_range
from exekra.sdk.errors import InputError
from exekra.sdk.table import Table

Made = Callable[..., Path]


@pytest.fixture
def made(context) -> Made:
    """Make a workbook: the function gets it and its first sheet."""

    def make(fill: Callable[[Any, Any], None], name: str = "book.xlsx", sheet: str = "Data") -> Path:
        path: Path = context.work_folder / name
        book = xlsxwriter.Workbook(path)
        fill(book, book.add_worksheet(sheet))
        book.close()
        return path

    return make


def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as package:
        assert package.testzip() is None
        return {name: package.read(name) for name in package.namelist()}


def rows(*records: dict[str, Any]) -> Table:
    return Table.from_records(list(records))


def test_results_of_formulas_stay_and_are_said_to_be_old(context, made):
    def fill(book, sheet):
        sheet.write_column(0, 0, ["amount", 10, 20])
        sheet.write_formula(3, 0, "=SUM(A2:A3)", None, 30)

    path = made(fill)
    before = parts(path)
    written = write_cell(context, path="book.xlsx", cell="A2", value=15)
    assert read_cell(context, path="book.xlsx", cell="A4").value == 30
    assert len(written.notes) == 1
    assert written.notes[0].startswith("1 formula in book.xlsx kept the last result")
    changed = {name for name, content in parts(path).items() if before[name] != content}
    assert changed == {"xl/worksheets/sheet1.xml"}  # XlsxWriter marks its workbooks itself.


def test_a_workbook_without_formulas_is_not_marked_and_nothing_is_said(context, made):
    path = made(lambda book, sheet: sheet.write("A1", "x"))
    before = parts(path)
    assert write_cell(context, path="book.xlsx", cell="B2", value="y").notes == []
    assert {name for name, content in parts(path).items() if before[name] != content} == {"xl/worksheets/sheet1.xml"}


def test_a_value_in_merged_cells_stands_in_the_first(context, made):
    path = made(lambda book, sheet: sheet.merge_range("B3:D4", ""))
    write_cell(context, path="book.xlsx", cell="C4", value="Ada")
    assert read_cell(context, path="book.xlsx", cell="B3").value == "Ada"
    write_range(context, path="book.xlsx", start="B4", rows=rows({"a": "Eve", "b": None}), header=False)
    assert read_cell(context, path="book.xlsx", cell="B3").value == "Eve"
    before = path.read_bytes()
    with pytest.raises(CannotEditError, match=r"B3 and C3 of `Data` in .* are merged"):
        write_range(context, path="book.xlsx", start="B3", rows=rows({"a": 1, "b": 2}), header=False)
    assert path.read_bytes() == before


def test_names_of_sheets_have_no_case_and_may_be_years(context, made):
    made(lambda book, sheet: sheet.write_column(0, 0, ["v", 1]), sheet="Orders")
    append_rows(context, path="book.xlsx", sheet="orders", rows=rows({"v": 2}))
    append_rows(context, path="book.xlsx", sheet="2026", rows=rows({"v": 3}))
    append_rows(context, path="fresh.xlsx", sheet="2026", rows=rows({"v": 3}))
    write_cell(context, path="cell.xlsx", sheet="2026", cell="A1", value=1)
    write_range(context, path="range.xlsx", sheet="2026", rows=rows({"v": 3}))
    assert list_sheets(context, path="book.xlsx").sheets == ["Orders", "2026"]
    assert read_range(context, path="book.xlsx", sheet="ORDERS").rows.column("v") == [1, 2]
    for path in ("fresh.xlsx", "cell.xlsx", "range.xlsx"):
        assert list_sheets(context, path=path).sheets == ["2026"]


def test_rows_are_appended_under_the_names_that_reading_gives(context, made):
    def fill(book, sheet):
        month = book.add_format({"num_format": "mmm yyyy"})
        sheet.write_row(2, 2, ["region", None, "amount", "amount"])
        sheet.write_datetime(2, 6, datetime(2026, 1, 1), month)
        sheet.write_row(3, 2, ["N", "x", 1, 2, 3])
        sheet.write(4, 7, "far")

    made(fill)
    read = read_range(context, path="book.xlsx").rows
    assert read.columns == ("region", "Column 2", "amount", "amount 2", "2026-01-01", "Column 6")
    append_rows(context, path="book.xlsx", rows=read)
    assert list(read_range(context, path="book.xlsx").rows)[2:] == list(read)


def test_rows_are_appended_under_a_header_below_a_title(context, made):
    def fill(book, sheet):
        sheet.merge_range("A1:C1", "Orders of 2026")
        sheet.write_row("A3", ["item", "amount"])
        sheet.write_row("A4", ["a", 1])

    made(fill)
    written = append_rows(context, path="book.xlsx", rows=rows({"amount": 2, "item": "b"}))
    assert written.notes == ["The columns were found in row 3 of `Data`, below the first row that is filled."]
    assert list(read_range(context, path="book.xlsx", range="A3:B5").rows)[1] == {"item": "b", "amount": 2}
    with pytest.raises(InputError, match="no column `price`"):
        append_rows(context, path="book.xlsx", rows=rows({"price": 2}))


def test_what_covers_a_list_grows_with_it(context, made):
    def fill(book, sheet):
        sheet.write_row("A1", ["item", "amount"])
        for row in range(1, 4):
            sheet.write_row(row, 0, ["a", row])
        sheet.autofilter("A1:B4")
        sheet.conditional_format("B2:B4", {"type": "2_color_scale"})
        sheet.data_validation("B2:B4", {"validate": "integer", "criteria": ">", "value": 0})
        sheet.data_validation("B4", {"validate": "integer", "criteria": "<", "value": 9})

    path = made(fill)
    append_rows(context, path="book.xlsx", rows=rows({"item": "b", "amount": 4}, {"item": "c", "amount": 5}))
    sheet = parts(path)["xl/worksheets/sheet1.xml"].decode()
    assert '<autoFilter ref="A1:B6"/>' in sheet
    assert '<conditionalFormatting sqref="B2:B6">' in sheet
    assert 'sqref="B2:B6"><formula1>0' in sheet
    assert 'sqref="B4"><formula1>9' in sheet
    assert b">Data!$A$1:$B$6</definedName>" in parts(path)["xl/workbook.xml"]


def test_a_table_grows_above_its_totals_and_all_follows(context, made):
    def fill(book, sheet):
        columns = [
            {"header": "item", "total_string": "Total"},
            {"header": "amount", "total_function": "sum"},
            {"header": "twice", "formula": "=[@amount]*2"},
        ]
        data = [["a", 10], ["b", 20]]
        sheet.add_table("B2:D5", {"name": "Orders", "total_row": True, "data": data, "columns": columns})
        sheet.write("B8", "below")
        sheet.merge_range("B9:C9", "merged")
        sheet.write_comment("B8", "note")
        sheet.conditional_format("C3:C4", {"type": "data_bar", "data_bar_2010": True})
        sheet.data_validation("B3:B4", {"validate": "length", "criteria": ">", "value": 0})
        other = book.add_worksheet("Other")
        other.write_formula("A1", "=SUM(Data!C3:C4)+Data!$B$8", None, 30)
        book.define_name("Below", "=Data!$B$8")
        chart = book.add_chart({"type": "line"})
        chart.add_series({"values": "=Data!$C$3:$C$4"})
        sheet.insert_chart("F9", chart)

    path = made(fill)
    append_rows(context, path="book.xlsx", rows=rows({"amount": 5, "item": "c"}, {"amount": 6, "item": "d"}))
    now = {name: content.decode() for name, content in parts(path).items() if name.endswith(".xml")}
    assert 'ref="B2:D7"' in now["xl/tables/table1.xml"]
    assert '<autoFilter ref="B2:D6"/>' in now["xl/tables/table1.xml"]
    assert list(read_range(context, path="book.xlsx", range="B2:C7").rows) == [
        {"item": "a", "amount": 10},
        {"item": "b", "amount": 20},
        {"item": "c", "amount": 5},
        {"item": "d", "amount": 6},
        {"item": "Total", "amount": 0},
    ]
    sheet = now["xl/worksheets/sheet1.xml"]
    assert '<c r="D6"><f>[[#This Row],amount]*2</f></c>' in sheet or "[#This Row],[amount]]*2</f></c>" in sheet
    assert 'ref="B11:C11"' in sheet
    assert '<conditionalFormatting sqref="C3:C6">' in sheet
    assert "<xm:sqref>C3:C6</xm:sqref>" in sheet
    assert 'sqref="B3:B6"' in sheet
    assert "SUM(Data!C3:C6)+Data!$B$10" in now["xl/worksheets/sheet2.xml"]
    assert ">Data!$B$10</definedName>" in now["xl/workbook.xml"]
    assert "Data!$C$3:$C$6" in now["xl/charts/chart1.xml"]
    assert 'ref="B10"' in now["xl/comments1.xml"]
    assert "<xdr:row>10</xdr:row>" in now["xl/drawings/drawing1.xml"]


def test_the_header_of_a_table_is_the_name_of_its_column(context, made):
    def fill(book, sheet):
        columns = [{"header": "item"}, {"header": "amount"}, {"header": "twice", "formula": "=Orders[amount]*2"}]
        sheet.add_table("A1:C3", {"name": "Orders", "columns": columns, "data": [["a", 1], ["b", 2]]})
        book.add_worksheet("Other").write_formula("A1", "=SUM(Orders[amount])", None, 3)

    path = made(fill)
    write_cell(context, path="book.xlsx", cell="B1", value="Betrag <netto>")
    assert b'name="Betrag &lt;netto&gt;"' in parts(path)["xl/tables/table1.xml"]
    assert b"<f>SUM(Orders[Betrag &lt;netto&gt;])</f>" in parts(path)["xl/worksheets/sheet2.xml"]
    assert parts(path)["xl/worksheets/sheet1.xml"].count(b"<f>Orders[Betrag &lt;netto&gt;]*2</f>") == 2
    assert b">Orders[Betrag &lt;netto&gt;]*2</calculatedColumnFormula>" in parts(path)["xl/tables/table1.xml"]
    before = path.read_bytes()
    with pytest.raises(CannotEditError, match="two columns of the same name"):
        write_cell(context, path="book.xlsx", cell="A1", value="betrag <NETTO>")
    with pytest.raises(InputError, match="names a column of the table"):
        write_cell(context, path="book.xlsx", cell="A1", value=None)
    assert path.read_bytes() == before


def test_values_get_the_format_that_they_need_and_keep_the_rest(context, made):
    def fill(book, sheet):
        sheet.write_blank("A1", None, book.add_format({"num_format": "dd.mm.yyyy", "bold": True}))
        sheet.write_blank("A2", None, book.add_format({"num_format": "0.00 %", "bold": True}))

    path = made(fill)
    write_cell(context, path="book.xlsx", cell="A1", value=date(2026, 2, 1))
    write_cell(context, path="book.xlsx", cell="A2", value=date(2026, 2, 1))
    write_cell(context, path="book.xlsx", cell="A3", value=time(12, 30))
    sheet: Any = openpyxl.load_workbook(path).worksheets[0]
    assert (sheet["A1"].number_format, sheet["A2"].number_format) == ("dd.mm.yyyy", "yyyy-mm-dd")
    assert sheet["A1"].font.bold
    assert sheet["A2"].font.bold
    assert (sheet["A2"].value, sheet["A3"].value) == (datetime(2026, 2, 1), time(12, 30))
    write_cell(context, path="book.xlsx", cell="A1", value=45)
    assert read_cell(context, path="book.xlsx", cell="A1").value == 45


@pytest.mark.parametrize("options", [{}, {"date_1904": True}])
def test_dates_are_those_of_the_workbook_and_old_ones_are_text(context, made, options):
    path = context.work_folder / "dates.xlsx"
    book = xlsxwriter.Workbook(path, options)
    book.add_worksheet()
    book.close()
    values = [date(2026, 2, 1), datetime(2026, 2, 1, 3, 4, 5), date(1904, 1, 2), date(1850, 1, 1)]
    for number, value in enumerate(values, 1):
        write_cell(context, path="dates.xlsx", cell=f"A{number}", value=value)
    read = [read_cell(context, path="dates.xlsx", cell=f"A{number}").value for number in range(1, 5)]
    assert read == [*values[:3], "1850-01-01"]


def test_a_shared_formula_survives_the_loss_of_its_first_cell(context):
    path = context.work_folder / "shared.xlsx"
    book: Any = openpyxl.Workbook()
    for number in range(1, 5):
        book.active.append([number, None])
    book.save(path)
    formula = {2: '<f t="shared" ref="B1:B4" si="0">A1*$A$2&amp;"A1"</f>'}
    replace_cells(path, lambda row: formula.get(row + 1, '<f t="shared" si="0"/>'))
    write_cell(context, path="shared.xlsx", cell="B1", value=7)
    sheet: Any = openpyxl.load_workbook(path).worksheets[0]
    assert [sheet[f"B{row}"].value for row in (1, 2, 4)] == [7, '=A2*$A$2&"A1"', '=A4*$A$2&"A1"']


def replace_cells(path: Path, formula: Callable[[int], str]) -> None:
    """Give each row a cell B with the XML of a formula."""
    content = parts(path)
    name = "xl/worksheets/sheet1.xml"
    text = re.sub(
        r'(<row r="(\d+)".*?)</row>',
        lambda row: f'{row[1]}<c r="B{row[2]}">{formula(int(row[2]))}<v>1</v></c></row>',
        content[name].decode(),
    )
    with zipfile.ZipFile(path, "w") as package:
        for part, data in content.items():
            package.writestr(part, text if part == name else data)


def test_part_of_an_array_is_refused(context, made):
    path = made(lambda book, sheet: sheet.write_array_formula("B2:B4", "{=A2:A4*2}"))
    before = path.read_bytes()
    with pytest.raises(CannotEditError, match=r"B2:B4 of `Data` in .* is filled by one formula"):
        write_cell(context, path="book.xlsx", cell="B3", value=1)
    assert path.read_bytes() == before


def test_what_cannot_be_edited_is_refused_before_anything_is_written(context, made):
    def fill(book, sheet):
        chart = book.add_chart({"type": "line"})
        chart.add_series({"values": "=Data!$A$1:$A$2"})
        book.add_chartsheet("Picture").set_chart(chart)

    path = made(fill)
    with pytest.raises(CannotEditError, match=r"`Picture` in .* is a chart sheet"):
        write_cell(context, path="book.xlsx", sheet="Picture", cell="A1", value=1)
    with zipfile.ZipFile(path, "a") as package:
        package.writestr("_xmlsignatures/sig1.xml", "<Signature/>")
    before = path.read_bytes()
    with pytest.raises(CannotEditError, match="digital signature"):
        write_cell(context, path="book.xlsx", cell="A1", value=1)
    assert path.read_bytes() == before
    (context.work_folder / "secret.xlsx").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    with pytest.raises(CannotEditError, match="password"):
        write_cell(context, path="secret.xlsx", cell="A1", value=1)


def test_declared_types_are_refused(context, made):
    path = made(lambda book, sheet: sheet.write("A1", 1))
    content = parts(path)
    declaration = b'<!DOCTYPE worksheet [<!ENTITY a "b">]>'
    name = "xl/worksheets/sheet1.xml"
    content[name] = content[name].replace(b"<worksheet", declaration + b"<worksheet", 1)
    with zipfile.ZipFile(path, "w") as package:
        for part, data in content.items():
            package.writestr(part, data)
    with pytest.raises(NotAWorkbookError, match="DOCTYPE"):
        write_cell(context, path="book.xlsx", cell="A1", value=1)


def test_a_protected_sheet_is_written_and_told(context, made):
    made(lambda book, sheet: sheet.protect("secret"))
    assert "protected" in write_cell(context, path="book.xlsx", cell="A1", value=1).notes[0]


def test_unusual_xml_is_understood(context, made):
    """A prefix on each element, single quotes, comments, and cells without an address."""
    path = made(lambda book, sheet: sheet.write_column(0, 0, ["v", 1, 2]))
    content = parts(path)
    for name in ("xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml"):
        text = re.sub(r"<(/?)(?=[a-z])", r"<\1x:", content[name].decode())
        content[name] = text.replace('xmlns="', 'xmlns:x="', 1).encode()
    save(path, content)
    append_rows(context, path="book.xlsx", rows=rows({"v": 3}))
    assert b'<x:row r="4"><x:c r="A4"><x:v>3</x:v></x:c></x:row>' in parts(path)["xl/worksheets/sheet1.xml"]
    assert read_range(context, path="book.xlsx").rows.column("v") == [1, 2, 3]
    bare = re.sub(rb' r="[A-Z]*\d+"', b"", parts(path)["xl/worksheets/sheet1.xml"])
    save(path, parts(path) | {"xl/worksheets/sheet1.xml": bare.replace(b"<x:sheetData>", b"<x:sheetData><!-- a -->")})
    append_rows(context, path="book.xlsx", rows=rows({"v": date(2026, 1, 2)}))
    assert read_range(context, path="book.xlsx").rows.column("v") == [1, 2, 3, date(2026, 1, 2)]


def save(path: Path, content: dict[str, bytes]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for part, data in content.items():
            package.writestr(part, data)


def test_texts_of_all_kinds_come_back(context, made):
    made(lambda book, sheet: sheet.write("A1", "x"))
    values = [" spaces ", "a\nb", "<&>\"'", "_x0041_", "\x01\x0b", "=not a formula", "ä🎉", "x" * 32_767]
    write_range(context, path="book.xlsx", start="A2", rows=rows(*({"t": value} for value in values)), header=False)
    read = read_range(context, path="book.xlsx", header=False).rows.column("A")
    assert read[1:] == values
    with pytest.raises(InputError, match="surrogate"):
        write_cell(context, path="book.xlsx", cell="A1", value="a\ud800")


def test_newer_functions_are_stored_as_excel_does(context, made):
    path = made(lambda book, sheet: sheet.write("A1", 1))
    write_cell(context, path="book.xlsx", cell="B1", value='=IFS(A1>1,"IFS(",TRUE,XLOOKUP(A1,A:A,A:A))')
    sheet = parts(path)["xl/worksheets/sheet1.xml"].decode()
    assert '<f>_xlfn.IFS(A1&gt;1,"IFS(",TRUE,_xlfn.XLOOKUP(A1,A:A,A:A))</f></c>' in sheet


def test_formulas_are_computed_where_asked(context, made):
    def fill(book, sheet):
        sheet.write_column(0, 0, ["amount", 10, 20])
        sheet.write_formula("B1", '=IF(Other!A1>40,"many","few")', None, "few")
        book.add_worksheet("Other").write_formula("A1", "=SUM(Data!A2:A3)", None, 30)
        sheet.insert_textbox("D1", "kept")

    path = made(fill)
    before = parts(path)
    assert write_cell(context, path="book.xlsx", cell="A2", value=25, recalculate=True).notes == []
    assert read_cell(context, path="book.xlsx", cell="A1", sheet="Other").value == 45
    assert read_cell(context, path="book.xlsx", cell="B1").value == "many"
    changed = {name for name, content in parts(path).items() if before[name] != content}
    assert changed == {"xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml"}


def test_what_cannot_be_computed_is_refused_and_nothing_written(context, made):
    path = made(lambda book, sheet: sheet.write_formula("A1", "=CUBEVALUE(B1)+NOSUCH(1)", None, 1))
    before = path.read_bytes()
    with pytest.raises(CannotComputeError, match="cannot be computed here"):
        write_cell(context, path="book.xlsx", cell="B1", value=25, recalculate=True)
    assert path.read_bytes() == before
    assert [file.name for file in path.parent.iterdir()] == ["book.xlsx"]


def test_a_workbook_that_is_open_elsewhere_is_told(context, made):
    made(lambda book, sheet: sheet.write("A1", 1))
    (context.work_folder / "~$book.xlsx").write_bytes(b"Ada")
    assert "open in another program" in write_cell(context, path="book.xlsx", cell="A1", value=2).notes[0]


def test_a_pivot_table_over_changed_data_is_told(context, made):
    path = made(lambda book, sheet: sheet.write("A1", 1))
    cache = (
        '<pivotCacheDefinition><cacheSource type="worksheet"><worksheetSource ref="A1:B9" sheet="{}"/></cacheSource>'
    )
    with zipfile.ZipFile(path, "a") as package:
        package.writestr("xl/pivotCache/pivotCacheDefinition1.xml", cache.format("Data") + "</pivotCacheDefinition>")
        package.writestr("xl/pivotCache/pivotCacheDefinition2.xml", cache.format("Other") + "</pivotCacheDefinition>")
    notes = write_cell(context, path="book.xlsx", cell="A1", value=2).notes
    assert [note.partition(" in ")[0] for note in notes] == ["A pivot table over `Data`"]
