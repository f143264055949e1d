"""Add, rename, copy and delete sheets of workbooks (.xlsx, .xlsm) in place."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

from annotated_types import Ge

from exekra.activities.disk import READ_ERRORS, WRITE_ERRORS
from exekra.activities.excel.changing import existing
from exekra.activities.excel.editing.sheets import Sheets
from exekra.activities.excel.errors import CannotEditError, NotAWorkbookError, SheetExistsError, SheetMissingError
from exekra.activities.excel.reading import Sheet
from exekra.sdk.activity import activity
from exekra.sdk.context import Context
from exekra.sdk.types import FilePath, Text

CATEGORY = "Excel"
ICON = "file-spreadsheet"

_ERRORS = (*READ_ERRORS, *WRITE_ERRORS[1:], NotAWorkbookError, CannotEditError)

Position = Annotated[int | None, Ge(1)]
"""Where a sheet stands among the others, counted from 1."""


@dataclass(frozen=True, slots=True)
class SheetChanged:
    """What was changed.

    Attributes:
        path: The workbook's absolute path.
        sheet: The name of the sheet, as it is spelt in the workbook.
        notes: What is doubtful, such as macros that mention the sheet.
    """

    path: str
    sheet: str
    notes: list[str] = field(default_factory=list)


@activity(id="excel.add_sheet", raises=(*_ERRORS, SheetExistsError), blocking=True)
def add_sheet(context: Context, /, *, path: FilePath, name: Text, position: Position = None) -> SheetChanged:
    """Add an empty sheet to a workbook.

    Args:
        path: The workbook (.xlsx or .xlsm).
        name: The name of the new sheet.
        position: Where it stands among the others, counted from 1; behind them otherwise.
    """
    with _sheets(context, path) as (file, sheets):
        sheets.add(name, position)
    return SheetChanged(str(file), name, context.notes)


@activity(id="excel.rename_sheet", raises=(*_ERRORS, SheetMissingError, SheetExistsError), blocking=True)
def rename_sheet(context: Context, /, *, path: FilePath, sheet: Sheet, name: Text) -> SheetChanged:
    """Give a sheet another name; formulas, names, charts, links and pivot tables that mention it follow.

    Args:
        path: The workbook (.xlsx or .xlsm).
        sheet: The sheet's name, or its number counted from 1.
        name: Its new name.
    """
    with _sheets(context, path) as (file, sheets):
        sheets.rename(sheets.find(sheet), name)
    return SheetChanged(str(file), name, context.notes)


@activity(id="excel.copy_sheet", raises=(*_ERRORS, SheetMissingError, SheetExistsError), blocking=True)
def copy_sheet(
    context: Context, /, *, path: FilePath, sheet: Sheet, name: Text, position: Position = None
) -> SheetChanged:
    """Copy a sheet within its workbook: values, formulas, formats, widths, rules, comments, pictures and charts.

    What the sheet says of itself, the copy says of itself: its charts show its own cells. Its tables (Insert, Table)
    get names of their own, such as Orders_2. A sheet with a pivot table, a slicer or a control is refused.

    Args:
        path: The workbook (.xlsx or .xlsm).
        sheet: The name of the sheet to copy, or its number counted from 1.
        name: The name of the copy.
        position: Where the copy stands among the sheets, counted from 1; behind them otherwise.
    """
    with _sheets(context, path) as (file, sheets):
        sheets.copy(sheets.find(sheet), name, position)
    return SheetChanged(str(file), name, context.notes)


@activity(id="excel.delete_sheet", raises=(*_ERRORS, SheetMissingError), blocking=True)
def delete_sheet(context: Context, /, *, path: FilePath, sheet: Sheet) -> SheetChanged:
    """Delete a sheet with its tables, pictures and charts.

    A sheet is kept, with an error that names the places, where a formula, a chart or a pivot table elsewhere mentions
    it. Defined names for its cells go with it.

    Args:
        path: The workbook (.xlsx or .xlsm).
        sheet: The sheet's name, or its number counted from 1.
    """
    with _sheets(context, path) as (file, sheets):
        entry = sheets.find(sheet)
        sheets.delete(entry)
    return SheetChanged(str(file), entry.name, context.notes)


@contextmanager
def _sheets(context: Context, path: str) -> Iterator[tuple[Path, Sheets]]:
    """The sheets of the workbook to change, by this step alone."""
    file = context.path(path)
    with existing(context, file) as editor:
        sheets = Sheets(context, editor.package, editor.book)
        yield file, sheets
    sheets.warn()
