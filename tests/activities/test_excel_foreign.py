"""Workbooks as other programs write them, in odd packages, and damaged: changed rightly, or refused."""

import io
import random
import re
import shutil
import zipfile
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exekra.activities.excel.binary_workbook import error_cells
from exekra.activities.excel.changing import append_rows, write_cell, write_range
from exekra.activities.excel.editing.workbook_file import edited
from exekra.activities.excel.errors import NotAWorkbookError
from exekra.activities.excel.reading import read_cell, read_range
from exekra.sdk.errors import ExekraError, InputError
from exekra.sdk.table import Table

WORKBOOKS = Path(__file__).with_name("workbooks")
"""The same data, saved by LibreOffice 7.4 in three formats, and by ExcelJS 4.4 as a stream."""

ORDERS = [{"item": f"item {n}", "day": date(2026, 1, n), "amount": n * 1.5, "twice": n * 3} for n in range(1, 6)]
NEW = {"item": "item 6", "day": date(2026, 1, 6), "amount": 9.5, "twice": None}


def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as package:
        assert package.testzip() is None
        return {name: package.read(name) for name in package.namelist()}


@pytest.mark.parametrize("name", sorted(path.name for path in WORKBOOKS.iterdir()))
def test_others_are_read(context, name):
    shutil.copy(WORKBOOKS / name, context.work_folder)
    assert list(read_range(context, path=name).rows) == ORDERS
    assert read_cell(context, path=name, sheet="totals", cell="A1").value == 22.5


@pytest.mark.parametrize("name", ["libreoffice.xlsx", "exceljs.xlsx"])
def test_others_are_changed(context, name):
    path = Path(shutil.copy(WORKBOOKS / name, context.work_folder))
    before = parts(path)
    append_rows(context, path=name, rows=Table.from_records([NEW]))
    write_cell(context, path=name, cell="F2", value=date(2026, 2, 3))
    assert list(read_range(context, path=name, range="A:D").rows) == [*ORDERS, NEW]
    assert read_cell(context, path=name, cell="F2").value == date(2026, 2, 3)
    after = parts(path)
    changed = {part for part in before if before[part] != after[part]}
    assert changed == {"xl/worksheets/sheet1.xml", "xl/styles.xml", "xl/workbook.xml"}
    assert after["xl/workbook.xml"].count(b'fullCalcOnLoad="1"') == 1


@pytest.fixture
def small(context) -> Path:
    path: Path = context.work_folder / "small.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("Data")
    sheet.add_table("A1:B3", {"columns": [{"header": "item"}, {"header": "amount"}], "data": [["a", 1], ["b", 2]]})
    sheet.merge_range("D1:E2", "merged")
    sheet.write_formula("D5", "=SUM(B2:B3)", None, 3)
    book.close()
    return path


def test_bytes_before_the_package_and_names_with_backslashes(context, small):
    content = parts(small)
    with zipfile.ZipFile(small, "w") as package:
        for name, data in content.items():
            package.writestr(name.replace("/", "\\"), data)
    small.write_bytes(b"#!a stub\n" + small.read_bytes())
    before = {name.replace("\\", "/"): data for name, data in parts(small).items()}
    write_cell(context, path="small.xlsx", cell="G1", value=5)
    after = {name.replace("\\", "/"): data for name, data in parts(small).items()}
    assert {name for name in before if before[name] != after[name]} == {"xl/worksheets/sheet1.xml"}
    assert read_cell(context, path="small.xlsx", cell="G1").value == 5


def test_entries_whose_sizes_stand_behind_them(context, small):
    """As programs write that stream: the header says nothing, a descriptor follows."""
    content = parts(small)

    class Pipe:
        """A file that cannot seek."""

        def __init__(self, file):
            self.write, self.flush, self.close = file.write, file.flush, file.close

    with small.open("wb") as file, zipfile.ZipFile(Pipe(file), "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in content.items():
            package.writestr(name, data)
    write_cell(context, path="small.xlsx", cell="G1", value=5)
    write_cell(context, path="small.xlsx", cell="G2", value=6)
    after = parts(small)
    assert {name for name in content if content[name] != after[name]} == {"xl/worksheets/sheet1.xml"}


def test_a_stray_cell_at_the_end_of_a_sheet_does_not_end_the_process(context, small):
    write_cell(context, path="small.xlsx", cell="XFD1048576", value=1)
    with pytest.raises(NotAWorkbookError, match=r"as far apart as A1 and XFD1048576.* Delete the stray cells"):
        read_range(context, path="small.xlsx")
    write_cell(context, path="small.xlsx", cell="XFD1048576", value=None)
    assert read_range(context, path="small.xlsx", range="A:B").rows.column("amount") == [1, 2]


def test_errors_in_a_binary_workbook_are_told(context):
    """A formula whose result is an error, and one that is a value."""
    data = (WORKBOOKS / "libreoffice.xls").read_bytes()
    not_available, divided = b"\x02\x00\x2a\x00\x00\x00\xff\xff", b"\x02\x00\x07\x00\x00\x00\xff\xff"
    for row, error in ((2, not_available), (3, divided)):
        place = re.search(rb"(?s)\x06\x00..%b\x00\x03\x00..(?=.{7}[\x3f\x40])" % bytes([row]), data)
        assert place
        data = data[: place.end()] + error + data[place.end() + 8 :]
    (context.work_folder / "a.xls").write_bytes(data)
    read = read_range(context, path="a.xls")
    assert read.rows.column("twice") == [3, None, None, 12, 15]
    assert read.notes == ["2 cells show an error such as #N/A in the sheet `Data`; read as null."]
    context.notes.clear()
    assert read_cell(context, path="a.xls", cell="D3").value is None
    assert list(context.notes) == ["1 cell shows an error such as #N/A in the sheet `Data`; read as null."]


@settings(max_examples=100, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_a_damaged_binary_workbook_tells_nothing_but_ends(seed):
    chance = random.Random(seed)
    content = bytearray((WORKBOOKS / "libreoffice.xls").read_bytes())
    for _ in range(chance.randrange(1, 20)):
        content[chance.randrange(len(content))] = chance.randrange(256)
    assert isinstance(error_cells(io.BytesIO(content + b"\x05\x02\x08\x00" + b"\x01" * 8), "Data"), list)


def test_a_fault_elsewhere_is_not_called_one_of_the_workbook(context, small):
    before = small.read_bytes()
    with pytest.raises(KeyError, match="a fault elsewhere"), edited(context, small):
        raise KeyError("a fault elsewhere")
    assert small.read_bytes() == before


def test_a_new_workbook_for_macros_is_called_one(context):
    write_cell(context, path="new.xlsm", cell="A1", value=1)
    types = parts(context.work_folder / "new.xlsm")["[Content_Types].xml"]
    assert types.count(b"macroEnabled.main+xml") == 1
    assert b"sheet.main+xml" not in types
    assert read_cell(context, path="new.xlsm", cell="A1").value == 1


@pytest.mark.parametrize("formula", ["=SUM(\ud800)", '=A1&"\x01"', "=" + "1+" * 5000 + "1"])
def test_a_formula_that_no_file_can_hold(context, small, formula):
    with pytest.raises(InputError, match="A formula has at most"):
        write_cell(context, path="small.xlsx", cell="G1", value=formula)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(seed=st.integers(0, 2**32))
def test_a_damaged_workbook_is_changed_or_refused(context, small, seed):
    """Whatever is wrong in a part, an error of ours says so, and leaves the file alone."""
    chance = random.Random(seed)
    content = parts(small) if not hasattr(context, "whole") else context.whole
    context.whole = content
    broken = dict(content)
    name = chance.choice(sorted(name for name in broken if name.endswith((".xml", ".rels"))))
    broken[name] = damaged(chance, broken[name])
    with zipfile.ZipFile(small, "w", zipfile.ZIP_DEFLATED) as package:
        for part, data in broken.items():
            package.writestr(part, data)
    before = small.read_bytes()
    new = Table.from_records([{"item": "c", "amount": 3}])
    for edit in (
        lambda: append_rows(context, path="small.xlsx", rows=new),
        lambda: write_range(context, path="small.xlsx", rows=new, start="D4"),
        lambda: write_cell(context, path="small.xlsx", cell="B2", value=date(2026, 1, 2)),
        lambda: read_cell(context, path="small.xlsx", cell="D5"),
    ):
        small.write_bytes(before)
        try:
            edit()
        except ExekraError:
            assert small.read_bytes() == before


def damaged(chance: random.Random, data: bytes) -> bytes:
    content = bytearray(data)
    place = chance.randrange(len(content))
    match chance.randrange(4):
        case 0:
            content[place] = chance.randrange(256)
        case 1:
            content[place:place] = chance.choice(
                [b"<", b">", b'"', b"&", b"<!-- x -->", b"<![CDATA[x]]>", b"\x00", b"\xff"]
            )
        case 2:
            del content[place : place + chance.choice((1, 3, 50, 1000))]
        case 3:
            start = content.find(b'="', place) + 2
            end = content.find(b'"', start)
            content[start:end] = chance.choice([b"", b"-1", b"x", b"A1:B2:C3", b"99999999999", b"A1048577", b"ZZZZ1"])
    return bytes(content)
