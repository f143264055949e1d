"""A few rows of a sheet as a workbook of their own, so that its reader need not read all others."""

from __future__ import annotations

import io
import zipfile

from exekra.activities.excel.editing.book import Book
from exekra.activities.excel.editing.package import CONTENT_TYPES, Package, relationships_name
from exekra.activities.excel.editing.rows import patterns, row_end
from exekra.activities.excel.editing.sheet import SheetPart


def rows_alone(package: Package, book: Book, part: str, first: int, last: int) -> tuple[io.BytesIO, int]:
    """A workbook whose only sheet with cells has some of its rows, and the last row of all that is filled.

    Args:
        package: The workbook's package.
        book: Its list of sheets.
        part: The name of the sheet's part.
        first: The first row that is kept, counted from 0.
        last: The last one.

    Returns:
        The workbook, and the last filled row counted from 0; -1 in an empty sheet.

    Raises:
        NotAWorkbookError: The sheet is damaged.
    """
    sheet = SheetPart(package, part)
    outline = sheet.outline
    known = patterns(outline.prefix)
    kept = [outline.head.encode()]
    for rows in sheet.rows():
        last_of_piece = known.row.search(rows, max(rows.rfind(known.row_open), 0))
        if last_of_piece is None or int(last_of_piece[1]) <= first:
            continue
        for match in known.row.finditer(rows):
            number = int(match[1]) - 1
            if number > last:
                break
            if number >= first:
                kept.append(rows[match.start() : row_end(rows, match, known.row_close)])
    kept.append(outline.tail.encode())
    filled = outline.last_filled
    return with_sheet(package, book, part, b"".join(kept)), filled[0] - 1 if filled else -1


def with_sheet(package: Package, book: Book, part: str, xml: bytes) -> io.BytesIO:
    """A workbook with what a reader needs for one sheet, and this as the XML of the sheet."""
    small = io.BytesIO()
    with zipfile.ZipFile(small, "w") as out:
        for source in ("", book.part):
            out.writestr(relationships_name(source), package.text(relationships_name(source)))
        strings = [known.target for known in package.relationships(book.part) if known.kind == "sharedStrings"]
        for kept in (CONTENT_TYPES, book.part, book.styles_part, *strings):
            if kept and package.name(kept):
                out.writestr(kept, b"".join(package.pieces(package.name(kept) or kept)))
        out.writestr(part, xml)
    small.seek(0)
    return small
