"""What a reader of a workbook does not see: cells that show an error, and formulas that nobody computed yet."""

from __future__ import annotations

import re
from pathlib import Path

from exekra.activities.excel.areas import Box
from exekra.activities.excel.editing.book import Book
from exekra.activities.excel.editing.package import Package
from exekra.activities.excel.editing.rows import cells_of
from exekra.activities.excel.editing.sheet import SheetPart
from exekra.sdk.context import Context
from exekra.sdk.errors import ExekraError

_ERROR = re.compile(rb'<(?:\w+:)?c\s[^>]*\bt="e"')
_NOT_COMPUTED = re.compile(
    rb"(?:</(?:\w+:)?f>|<(?:\w+:)?f\s[^>]*/>)\s*(?:</(?:\w+:)?c>|<(?:\w+:)?v\s*/>|<(?:\w+:)?v></)"
)
_OVERLAP = 256
"""Bytes that are looked at twice, so that nothing between two pieces is overlooked."""


def warn_of_empty(context: Context, file: Path, sheet: str) -> None:
    """Say how many cells of a sheet are read as empty although they are not; only .xlsx and .xlsm files tell."""
    errors = formulas = 0
    rest = b""
    try:
        with file.open("rb") as stream:
            package = Package(file, stream)
            for piece in package.pieces(Book(package).worksheet(sheet).part):
                text = rest + piece
                errors += len(_ERROR.findall(text)) - len(_ERROR.findall(rest))
                formulas += len(_NOT_COMPUTED.findall(text)) - len(_NOT_COMPUTED.findall(rest))
                rest = text[-_OVERLAP:]
    except (ExekraError, ValueError, LookupError, OSError):  # It was read; that it is odd is no news here.
        return
    _warn(context, sheet, errors, formulas)


def warn_of_empty_cell(context: Context, file: Path, sheet: str, row: int, column: int) -> None:
    """As `warn_of_empty`, for one cell, counted from 0."""
    try:
        with file.open("rb") as stream:
            package = Package(file, stream)
            part = SheetPart(package, Book(package).worksheet(sheet).part)
            for _, xml in part.filled(Box(row, column, row, column)):
                cell = next(cell for cell in cells_of(xml, part.outline.prefix) if cell.column == column)
                is_error = ' t="e"' in cell.xml.partition(">")[0]
                _warn(context, sheet, int(is_error), int(cell.formula is not None and not is_error))
    except (ExekraError, ValueError, LookupError, OSError):  # It was read; that it is odd is no news here.
        return


def _warn(context: Context, sheet: str, errors: int, formulas: int) -> None:
    if errors:
        cells = "1 cell shows" if errors == 1 else f"{errors:,} cells show"
        context.warn(f"{cells} an error such as #N/A in the sheet `{sheet}`; read as null.")
    if formulas:
        cells = "1 formula has" if formulas == 1 else f"{formulas:,} formulas have"
        context.warn(f"{cells} no result yet in the sheet `{sheet}`; read as null. Open the file in Excel and save it.")
