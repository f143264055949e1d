"""How far the cells of a sheet reach: the reader makes room for all of the rectangle, which one stray cell blows up."""

from __future__ import annotations

import re
from pathlib import Path

from exekra.activities.excel.areas import Box, cell_name, column_number
from exekra.activities.excel.editing import markup
from exekra.activities.excel.editing.book import Book
from exekra.activities.excel.editing.package import Package
from exekra.activities.excel.editing.sheet import SheetPart
from exekra.activities.excel.errors import NotAWorkbookError
from exekra.sdk.errors import ExekraError

_MOST_CELLS = 100_000_000
_DIMENSION = re.compile(rb"<(?:\w+:)?dimension\s[^>]*>")


def check_extent(file: Path, sheet: str) -> None:
    """Refuse a sheet of an .xlsx file whose filled cells span more than can be held in memory.

    Raises:
        NotAWorkbookError: They do; the message says how far they reach.
    """
    try:
        with file.open("rb") as stream:
            package = Package(file, stream)
            part = Book(package).worksheet(sheet).part
            tag = _DIMENSION.search(next(package.pieces(part), b""))
            claimed = Box.parse(markup.attributes(tag[0].decode()).get("ref", "A1")) if tag else Box(0, 0, 0, 0)
            box = _filled(SheetPart(package, part)) if _cells(claimed) > _MOST_CELLS else claimed
    except (ExekraError, ValueError, LookupError, OSError):  # The reader says what is wrong.
        return
    if _cells(box) > _MOST_CELLS:
        raise NotAWorkbookError(
            f"The sheet `{sheet}` of {file} has cells as far apart as {cell_name(box.top, box.left)} and "
            f"{cell_name(box.bottom, box.right)}, too far to read them as one table. Delete the stray cells in Excel."
        )


def _filled(sheet: SheetPart) -> Box:
    """The rectangle around the filled cells."""
    first, last = sheet.outline.first_filled, sheet.outline.last_filled
    if not first or not last:
        return Box(0, 0, 0, 0)
    prefix = re.escape(sheet.outline.prefix).encode()
    cell = re.compile(rb'r="([A-Z]+)\d+"[^>]*>\s*<' + prefix + rb"(?:v|f|is)")
    columns = sorted({column_number(name.decode()) for rows in sheet.rows() for name in set(cell.findall(rows))})
    return Box(first[0] - 1, columns[0], last[0] - 1, columns[-1])


def _cells(box: Box) -> int:
    return (box.bottom - box.top + 1) * (box.right - box.left + 1)
