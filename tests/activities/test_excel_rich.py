"""The matrix: a workbook with nearly every feature, each activity that edits, and the parts that may change."""

import io
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from exekra.activities.excel.changing import append_rows, write_cell, write_range
from exekra.activities.excel.reading import list_sheets, read_range
from exekra.sdk.table import Table

PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d4944415478da6364f8cf500f0003860180"
    "5a34da6b0000000049454e44ae426082"
)
SHEET, TABLES, PLAIN = "xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml", "xl/worksheets/sheet3.xml"
LIST = {"[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"}
NEW = Table.from_records([{"item": "c", "amount": 5}])


def fill_features(book: Any, sheet: Any) -> None:
    """What sheets hold beside values."""
    picture = {"image_data": io.BytesIO(PICTURE)}
    sheet.insert_image("H2", "logo.png", picture)
    sheet.embed_image("H8", "cell.png", {"image_data": io.BytesIO(PICTURE)})
    sheet.set_background(io.BytesIO(PICTURE))
    sheet.set_header("&L&G", {"image_left": "head.png", "image_data_left": io.BytesIO(PICTURE)})
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": "=Features!$A$1:$A$3", "name": "A"})
    sheet.insert_chart("J2", chart)
    sheet.add_sparkline("F1", {"range": "Features!A1:A3"})
    sheet.conditional_format("A1:A3", {"type": "data_bar", "data_bar_2010": True})
    sheet.conditional_format("A1:A3", {"type": "icon_set", "icon_style": "3_arrows"})
    sheet.write_rich_string("B1", "plain ", book.add_format({"bold": True}), "bold")
    sheet.data_validation("C1", {"validate": "list", "source": ["a", "b"]})
    sheet.write_comment("C2", "a comment")
    sheet.insert_button("J20", {"caption": "Press"})
    sheet.insert_textbox("J25", "text")
    sheet.insert_checkbox("C5", True)
    sheet.merge_range("A10:C10", "merged")
    sheet.write_dynamic_array_formula("D1:D3", "=_xlfn._xlws.SORT(A1:A3)", None, 1)
    sheet.write_array_formula("E1:E3", "{=A1:A3*2}", None, 2)
    sheet.write_url("B5", "https://example.org", string="a link")
    sheet.protect("", {"objects": True})


def make_rich(path: Path) -> None:
    book = xlsxwriter.Workbook(path)
    features = book.add_worksheet("Features")
    tables = book.add_worksheet("Tables")
    plain = book.add_worksheet("Plain")
    features.write_column("A1", [1, 2, 3])
    fill_features(book, features)
    columns: list[dict[str, str]] = [
        {"header": "item", "total_string": "Total"},
        {"header": "amount", "total_function": "sum"},
    ]
    data = [["a", 1], ["b", 2]]
    tables.add_table("A1:B4", {"name": "Orders", "total_row": True, "columns": columns, "data": data})
    plain.write_row("A1", ["item", "amount"])
    plain.write_row("A2", ["a", 1])
    plain.write_formula("D1", "=SUM(Orders[amount])", None, 3)
    book.define_name("Amounts", "=Tables!$B$2:$B$3")
    whole = book.add_chart({"type": "line"})
    whole.add_series({"values": "=Features!$A$1:$A$3"})
    book.add_chartsheet("Picture").set_chart(whole)
    book.close()
    with zipfile.ZipFile(path, "a") as package:
        package.writestr("customXml/item1.xml", "<kept/>")
        package.writestr("xl/vbaProject.bin", bytes(range(256)) * 16)


def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as package:
        assert package.testzip() is None
        return {name: package.read(name) for name in package.namelist()}


EDITS: dict[str, tuple[Callable[[Any], object], set[str]]] = {
    "a number": (lambda c: write_cell(c, path="rich.xlsx", cell="A2", value=7), {SHEET}),
    "a text": (lambda c: write_cell(c, path="rich.xlsx", cell="G30", value="x"), {SHEET}),
    "a formula": (lambda c: write_cell(c, path="rich.xlsx", cell="G30", value="=A1*2"), {SHEET}),
    "a date": (
        lambda c: write_cell(c, path="rich.xlsx", cell="G30", value=date(2026, 1, 2)),
        {SHEET, "xl/styles.xml"},
    ),
    "nothing": (lambda c: write_cell(c, path="rich.xlsx", cell="A2", value=None), {SHEET}),
    "into merged cells": (lambda c: write_cell(c, path="rich.xlsx", cell="B10", value="x"), {SHEET}),
    "a range": (lambda c: write_range(c, path="rich.xlsx", start="G40", rows=NEW, header=False), {SHEET}),
    "a range with its header": (
        lambda c: write_range(c, path="rich.xlsx", start="G40", rows=NEW),
        {SHEET, "xl/styles.xml"},
    ),
    "rows below a list": (lambda c: append_rows(c, path="rich.xlsx", sheet="plain", rows=NEW), {PLAIN}),
    "rows of a table": (
        lambda c: append_rows(c, path="rich.xlsx", sheet="Tables", rows=NEW),
        {TABLES, "xl/tables/table1.xml", "xl/workbook.xml"},  # The name `Amounts` grows with the table.
    ),
    "a new sheet": (lambda c: write_cell(c, path="rich.xlsx", sheet="New", cell="A1", value=1), LIST),
}


@pytest.mark.parametrize("edit", EDITS)
def test_only_the_parts_that_are_named_change(context, edit):
    path = context.work_folder / "rich.xlsx"
    make_rich(path)
    before = parts(path)
    assert len(before) > 30
    work, expected = EDITS[edit]
    work(context)
    after = parts(path)
    assert {name for name in before if after.get(name) != before[name]} == expected
    assert len(after) - len(before) == (edit == "a new sheet")
    assert list(before) == list(after)[: len(before)]


def test_the_rest_of_the_sheet_stays_too(context):
    path = context.work_folder / "rich.xlsx"
    make_rich(path)
    before = parts(path)[SHEET]
    write_cell(context, path="rich.xlsx", cell="A2", value=7)
    assert parts(path)[SHEET] == before.replace(b'<c r="A2"><v>2</v></c>', b'<c r="A2"><v>7</v></c>')


def test_the_rich_workbook_is_read_as_before(context):
    path = context.work_folder / "rich.xlsx"
    make_rich(path)
    append_rows(context, path="rich.xlsx", sheet="Tables", rows=NEW)
    assert list_sheets(context, path="rich.xlsx").sheets == ["Features", "Tables", "Plain", "Picture"]
    assert read_range(context, path="rich.xlsx", sheet="Tables").rows.column("item") == ["a", "b", "c", "Total"]
    assert b">Tables!$B$2:$B$4</definedName>" in parts(path)["xl/workbook.xml"]


def test_the_list_of_formulas_is_removed_where_it_would_be_wrong(context):
    path = context.work_folder / "rich.xlsx"
    make_rich(path)
    content = parts(path)
    chain = '<calcChain xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><c r="D1" i="3"/></calcChain>'
    relation = (
        '<Relationship Id="rId99" Target="calcChain.xml" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/calcChain"/></Relationships>'
    )
    override = (
        '<Override PartName="/xl/calcChain.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.calcChain+xml"/></Types>'
    )
    content["xl/calcChain.xml"] = chain.encode()
    for name, end, more in (
        ("xl/_rels/workbook.xml.rels", b"</Relationships>", relation),
        ("[Content_Types].xml", b"</Types>", override),
    ):
        content[name] = content[name].replace(end, more.encode())
    with zipfile.ZipFile(path, "w") as package:
        for name, data in content.items():
            package.writestr(name, data)
    write_cell(context, path="rich.xlsx", sheet="Plain", cell="E1", value="=1+1")
    assert "xl/calcChain.xml" in parts(path)
    write_cell(context, path="rich.xlsx", sheet="Plain", cell="D1", value=3)
    after = parts(path)
    assert "xl/calcChain.xml" not in after
    assert b"calcChain" not in after["[Content_Types].xml"] + after["xl/_rels/workbook.xml.rels"]
