"""Sheets whose cells lie far apart, or are filled but have nothing that a reader sees."""

import zipfile
from datetime import time, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from exekra.activities.excel import survey
from exekra.activities.excel.changing import append_rows
from exekra.activities.excel.errors import NotAWorkbookError
from exekra.activities.excel.reading import read_cell, read_range
from exekra.sdk.table import Table

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"


@pytest.fixture
def workbook(context):
    """Makes `a.xlsx` of the XML of its rows."""

    def make(rows: str) -> None:
        with zipfile.ZipFile(context.work_folder / "a.xlsx", "w") as package:
            for name, content in {
                "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
                '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
                '<Default Extension="xml" ContentType="application/xml"/></Types>',
                "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
                f'<Relationship Id="r1" Type="{_RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
                "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}">'
                '<sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>',
                "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" '
                f'Type="{_RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
                "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{_MAIN}"><sheetData>{rows}</sheetData></worksheet>',
            }.items():
                package.writestr(name, content)

    return make


def cell(place: str, content: str, kind: str = "") -> str:
    of_kind = f' t="{kind}"' if kind else ""
    return f'<c r="{place}"{of_kind}>{content}</c>'


def text(place: str, content: str) -> str:
    return cell(place, f"<is><t>{content}</t></is>", "inlineStr")


def rows(*rows: str) -> str:
    return "".join(f'<row r="{number}">{cells}</row>' for number, cells in enumerate(rows, 1) if cells)


@pytest.mark.parametrize(
    "far",
    [
        '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
        "<row r='1048576'><c r='xfd1048576'><v>1</v></c></row>",
        '<row r="1048550"><c s="0" r = "XFD1048550"><v>1</v></c></row>',
        '<row r="100000"><c r="XFD100000"><f>1</f><v>1</v></c></row>',
        '<row r="4000000000"><c r="A4000000000"><v>1</v></c></row>',
    ],
)
def test_a_stray_cell_does_not_end_the_process_though_the_sheet_claims_no_size(context, workbook, far):
    workbook(rows(text("A1", "n"), cell("A2", "<v>1</v>")) + far)
    with pytest.raises(NotAWorkbookError, match="too far to read them as one table"):
        read_range(context, path="a.xlsx")
    assert read_cell(context, path="a.xlsx", cell="A1").value == "n", "what is read lies close together"
    assert list(read_range(context, path="a.xlsx", range="A1:B3").rows) == [{"n": 1, "Column 2": None}]


def test_far_cells_that_are_only_formatted_do_no_harm(context, workbook):
    workbook(rows(text("A1", "n"), cell("A2", "<v>1</v>")) + '<row r="1048576"><c r="XFD1048576" s="0"/></row>')
    assert list(read_range(context, path="a.xlsx").rows) == [{"n": 1}]


def test_a_text_that_looks_like_a_far_cell_does_no_harm(context, workbook):
    far = 'r="' + "X" * 30_000 + '9" r="A' + "9" * 2_000 + '"'
    workbook(rows(text("A1", "n"), text("A2", far)))
    assert list(read_range(context, path="a.xlsx").rows) == [{"n": far}]


def test_rows_of_formulas_without_results_are_kept(context, workbook):
    workbook(
        rows(
            text("A1", "name") + text("B1", "total"),
            text("A2", "z") + cell("B2", "<v>1</v>"),
            cell("A3", '<f>"x"</f>') + cell("B3", "<f>1+1</f><v></v>"),
            "",
            cell("A5", '<f>"y"</f><v/>') + cell("B5", "<f>2+2</f><v />"),
        )
    )
    empty = {"name": None, "total": None}
    read = read_range(context, path="a.xlsx")
    assert list(read.rows) == [{"name": "z", "total": 1}, empty, empty]
    assert read.notes == [
        "4 formulas have no result yet in the sheet `S`; read as null. Open the file in Excel and save it."
    ]
    assert list(read_range(context, path="a.xlsx", skip_empty_rows=False).rows)[1:] == [empty] * 3
    part = read_range(context, path="a.xlsx", range="A1:B3")
    assert list(part.rows) == [{"name": "z", "total": 1}, empty]
    assert "2 formulas have" in context.warnings[-1]


def test_a_column_of_formulas_without_results_has_rows(context, workbook):
    workbook(rows(text("A1", "total"), cell("A2", "<f>1+1</f>"), cell("A3", "<f>2+2</f>")))
    assert list(read_range(context, path="a.xlsx").rows) == [{"total": None}, {"total": None}]
    assert read_range(context, path="a.xlsx", header=False).count == 3


def test_a_header_of_formulas_without_results_is_the_header(context, workbook):
    workbook(rows(cell("A1", '<f>"na"&amp;"me"</f>'), text("A2", "z") + cell("B2", "<v>1</v>")))
    read = read_range(context, path="a.xlsx")
    assert list(read.rows) == [{"Column 1": "z", "Column 2": 1}]
    assert read.notes
    append_rows(context, path="a.xlsx", rows=Table.from_records([{"Column 1": "y", "Column 2": 2}]))
    assert list(read_range(context, path="a.xlsx").rows)[1] == {"Column 1": "y", "Column 2": 2}


def test_a_row_of_errors_is_kept_and_told(context, workbook):
    workbook(rows(text("A1", "n"), cell("A2", "<v>#N/A</v>", "e"), cell("A3", "<v>1</v>")))
    read = read_range(context, path="a.xlsx")
    assert list(read.rows) == [{"n": None}, {"n": 1}]
    assert read.notes == ["1 cell shows an error such as #N/A in the sheet `S`; read as null."]


def test_an_error_in_the_header_is_told(context, workbook):
    workbook(rows(cell("A1", "<f>B9</f><v>#REF!</v>", "e"), cell("A2", "<v>1</v>")))
    read = read_range(context, path="a.xlsx")
    assert list(read.rows) == [{"Column 1": 1}]
    assert "1 cell shows an error" in read.notes[0]


@pytest.mark.parametrize("result", ["<v></v>", "<v/>", "<v />"])
def test_an_empty_text_is_a_result(context, workbook, result):
    workbook(rows(text("A1", "n") + text("B1", "m"), cell("A2", f'<f>""</f>{result}', "str") + cell("B2", "<v>1</v>")))
    read = read_range(context, path="a.xlsx")
    assert list(read.rows) == [{"n": None, "m": 1}]
    assert read.notes == []
    assert read_cell(context, path="a.xlsx", cell="A2").notes == []


def test_only_what_is_read_is_told(context, workbook):
    workbook(rows(text("A1", "n") + cell("C1", "<f>1</f>"), cell("A2", "<v>1</v>"), cell("C3", "<v>#N/A</v>", "e")))
    assert read_range(context, path="a.xlsx", range="A1:B2").notes == []
    assert read_cell(context, path="a.xlsx", cell="B1").notes == []
    assert read_cell(context, path="a.xlsx", cell="C1").notes


def test_whole_columns_begin_with_the_first_filled_row(context, workbook):
    workbook(rows("", text("A2", "title"), "", "", text("C5", "id") + text("D5", "m"), cell("C6", "<v>1</v>")))
    assert list(read_range(context, path="a.xlsx", range="C:D").rows) == [{"id": 1, "m": None}]
    assert read_range(context, path="a.xlsx", range="C1:D").rows.columns == ("Column 1", "Column 2")


def test_formulas_between_two_pieces_of_a_large_sheet_are_told(context, workbook):
    long = "+".join(["1"] * 3000)
    workbook(rows(text("A1", "n"), *(cell(f"A{row}", f"<f>{long}</f>") for row in range(2, 602))))
    assert "600 formulas have no result yet" in read_range(context, path="a.xlsx").notes[0]


def test_a_list_that_claims_more_texts_than_it_has_does_not_end_the_process(context, workbook):
    workbook(rows(text("A1", "n")))
    with zipfile.ZipFile(context.path("a.xlsx"), "a") as package:
        package.writestr("xl/sharedStrings.xml", f'<sst xmlns="{_MAIN}" uniqueCount="99999999999"></sst>')
    with pytest.raises(NotAWorkbookError, match="claims to have 99,999,999,999"):
        read_range(context, path="a.xlsx")


def test_a_title_that_is_read_as_names_is_told(context, workbook):
    workbook(rows(text("A1", "Report"), "", text("A3", "id") + text("B3", "m"), cell("A4", "<v>1</v>")))
    read = read_range(context, path="a.xlsx")
    assert read.rows.columns == ("Report", "Column 2")
    assert read.notes == [
        "Only one column has a name, `Report`. If that is a title, let `range` begin at the row with the names, "
        "such as A3."
    ]


def test_a_merged_title_that_is_read_as_names_is_told(context):
    book = openpyxl.Workbook()
    sheet: Any = book.active
    for row in (["Orders", None, None, "2026"], [], ["id", "customer", "amount", "paid"], [1, "Ada", 5, True]):
        sheet.append(row)
    sheet.merge_cells("A1:C1")
    sheet.merge_cells("A5:B5")
    book.save(context.path("a.xlsx"))
    assert read_range(context, path="a.xlsx").notes == [
        "The row with the names, 1, has merged cells (A1:C1), of which only the first is a name. If that is a title, "
        "let `range` begin at the row with the names, such as A3."
    ]
    context.notes.clear()
    context.warnings.clear()
    assert read_range(context, path="a.xlsx", range="A3").notes == []
    assert read_range(context, path="a.xlsx", range="D1:D4").notes == [], "merged cells beside the range"


def test_one_column_with_a_name_is_no_title(context, workbook):
    workbook(rows(text("A1", "n"), cell("A2", "<v>1</v>"), cell("B3", "<v>1</v>")))
    assert read_range(context, path="a.xlsx").notes == []


def test_negative_dates_and_times_are_durations(context):
    book = openpyxl.Workbook()
    book.active.append(["n"])
    for value, shown in [(-1, "yyyy-mm-dd"), (-0.25, "h:mm"), (-0.25, "[h]:mm"), (-2, "0"), (0.5, "h:mm")]:
        book.active.append([value])
        book.active[book.active.max_row][0].number_format = shown
    book.save(context.path("a.xlsx"))
    read = read_range(context, path="a.xlsx")
    quarter = timedelta(hours=-6)
    assert list(read.rows.column("n")) == [timedelta(days=-1), quarter, quarter, -2, time(12)]
    assert read.notes == [
        "2 cells hold a negative date or time, which Excel shows as ####, in the sheet `Sheet`; read as a duration."
    ]
    assert read_cell(context, path="a.xlsx", cell="A3").value == quarter


def test_zeros_that_only_a_format_shows_are_told(context):
    book = openpyxl.Workbook()
    book.active.append(["zip", "n"])
    for value in (1234, 98765, 7):
        book.active.append([value, value])
        book.active[book.active.max_row][0].number_format = "00000"
    book.save(context.path("a.xlsx"))
    read = read_range(context, path="a.xlsx")
    assert list(read.rows.column("zip")) == [1234, 98765, 7]
    assert read.notes == [
        "2 cells show a number with zeros in front by its format in the sheet `Sheet`, such as 01234; read as 1234."
    ]
    assert read_cell(context, path="a.xlsx", cell="B2").notes == read.notes


@pytest.mark.parametrize(("part", "kind"), [("word/document.xml", "a Word document"), ("readme.txt", "a ZIP file")])
def test_another_package_is_called_what_it_is(context, part, kind):
    with zipfile.ZipFile(context.path("a.xlsx"), "w") as package:
        package.writestr(part, "<x/>")
    with pytest.raises(NotAWorkbookError, match=kind):
        read_range(context, path="a.xlsx")


def open_document(path: Path, rows: str) -> None:
    """Write an .ods file of one sheet, `S`, of the XML of its rows."""
    names = {"office": "office", "table": "table", "text": "text"}
    namespaces = " ".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for short, name in names.items()
    )
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr("META-INF/manifest.xml", "<manifest/>")
        package.writestr(
            "content.xml",
            f'<office:document-content {namespaces} xmlns:calcext="urn:calcext"><office:body><office:spreadsheet>'
            f'<table:table table:name="S">{rows}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        )


def test_durations_of_an_open_document_sheet(context):
    values = ("PT36H00M00S", "PT06H00M00S", "-PT06H30M00S", "P2DT3H", "PT90M", "PT1.5S")
    cells = "".join(
        f'<table:table-row><table:table-cell office:value-type="time" office:time-value="{value}"/></table:table-row>'
        for value in values
    )
    open_document(context.path("a.ods"), cells)
    read = read_range(context, path="a.ods", header=False)
    assert list(read.rows.column("A")) == [
        timedelta(hours=36),
        timedelta(hours=6),
        -timedelta(hours=6, minutes=30),
        timedelta(days=2, hours=3),
        timedelta(minutes=90),
        timedelta(seconds=1.5),
    ]
    assert read_cell(context, path="a.ods", cell="A1").value == timedelta(hours=36)


def test_errors_of_an_open_document_sheet_are_null_and_told(context):
    """LibreOffice writes them as texts, with or without a value; older programs as 0."""
    error = 'calcext:value-type="error"'
    rows = (
        '<office:value-type="string"><text:p>n</text:p>',
        f'<table:number-columns-repeated="2" office:value-type="float" office:value="0" {error}><text:p>#N/A</text:p>',
        '<office:value-type="float" office:value="3">',
        f'<office:value-type="string" office:string-value="" {error}><text:p>#DIV/0!</text:p>',
        f'<office:value-type="string" {error}><text:p>#REF!</text:p>',
    )
    open_document(
        context.path("a.ods"),
        "".join(f"<table:table-row><table:table-cell {row[1:]}</table:table-cell></table:table-row>" for row in rows),
    )
    read = read_range(context, path="a.ods")
    assert read.rows.column("n") == [None, 3, None, None]
    assert read.notes == ["4 cells show an error such as #N/A in the sheet `S`; read as null."]
    context.notes.clear()
    context.warnings.clear()
    assert read_cell(context, path="a.ods", cell="B2").value is None
    assert context.warnings == ["1 cell shows an error such as #N/A in the sheet `S`; read as null."]


@pytest.mark.parametrize("area", ["A1:C4", "B2:B3", "A398:B400", "A200:C203", "Y1:AB3", "A401:B409"])
@pytest.mark.parametrize("skip", [True, False])
def test_a_part_of_a_sheet_is_read_alone_as_with_all_others(context, workbook, monkeypatch, area, skip):
    far = cell("A400", "<v>5</v>") + cell("Z400", "<f>1/0</f><v>#DIV/0!</v>", "e")
    workbook(
        rows(text("A1", "n") + text("C1", "m"), "", cell("B3", "<v>1</v>"), cell("C4", "<f>1</f>"))
        + f'<row r="399">{text("B399", "x")}</row><row r="400">{far}</row>'
    )

    def read(many: int, header: bool) -> Any:
        monkeypatch.setattr(survey, "_MANY_CELLS", many)
        context.notes.clear()
        found = read_range(context, path="a.xlsx", range=area, header=header, skip_empty_rows=skip)
        return list(found.rows), found.rows.columns, list(found.notes)

    for header in (True, False):
        assert read(1, header) == read(10**9, header)


def test_a_part_of_a_sheet_with_cells_far_apart_is_read(context, workbook):
    workbook(rows(text("A1", "n"), cell("A2", "<v>1</v>")) + f'<row r="1000000">{cell("XFD1000000", "<v>1</v>")}</row>')
    assert list(read_range(context, path="a.xlsx", range="A1:A5").rows) == [{"n": 1}]
    assert read_cell(context, path="a.xlsx", cell="XFD1000000").value == 1
