"""The names of a sheet's columns, exactly as Read Excel gives them: its reader reads the first rows for us."""

from __future__ import annotations

import re
from dataclasses import dataclass

from exekra.activities.column_names import unique_names
from exekra.activities.excel.areas import column_letters, column_number
from exekra.activities.excel.editing.book import Book
from exekra.activities.excel.editing.package import Package
from exekra.activities.excel.editing.rows import patterns
from exekra.activities.excel.editing.sheet import SheetPart
from exekra.activities.excel.errors import not_a_workbook
from exekra.activities.excel.excerpt import with_sheet
from exekra.activities.excel.reading import first_rows
from exekra.activities.excel.survey import survey_xml


@dataclass(frozen=True, slots=True)
class Header:
    """A row that may hold the names of the columns.

    Attributes:
        row: The row, counted from 0.
        left: The column, counted from 0, where the sheet's data begins.
        names: The names of the columns from there on.
    """

    row: int
    left: int
    names: tuple[str, ...]


def headers_of(package: Package, book: Book, name: str, part: str, sheet: SheetPart) -> list[Header]:
    """The first rows of a sheet as headers; the first of them is the one that Read Excel takes.

    Args:
        package: The workbook's package.
        book: Its list of sheets.
        name: The sheet's name.
        part: The name of the sheet's part.
        sheet: The sheet.
    """
    from python_calamine import CalamineError, CalamineWorkbook

    outline = sheet.outline
    only_header = outline.head + "".join(outline.top) + outline.tail
    small = with_sheet(package, book, part, only_header.encode())
    try:
        found = CalamineWorkbook.from_filelike(small).get_sheet_by_name(name)
        begin, rows = first_rows(found, survey_xml([only_header.encode()]))
    except (CalamineError, OSError) as error:
        raise not_a_workbook(package.path, error) from None
    if not rows:
        return []
    row, column = begin
    left = min(column, _leftmost(sheet, column))
    before = [None] * (column - left)
    return [Header(row + number, left, unique_names(before + values)) for number, values in enumerate(rows)]


def _leftmost(sheet: SheetPart, before: int) -> int:
    """The first column that has a filled cell in any row; `before` where none is further left."""
    if not before:
        return 0
    letters = "|".join(map(column_letters, range(before))).encode()
    marks = b"|".join(map(re.escape, patterns(sheet.outline.prefix).filled))
    cell = re.compile(rb'r="(' + letters + rb')\d+"[^>]*>\s*(?:' + marks + rb")")
    found = {column for rows in sheet.rows() for column in cell.findall(rows)}
    return min((column_number(column.decode()) for column in found), default=before)
