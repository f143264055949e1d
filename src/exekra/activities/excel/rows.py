"""Insert and delete rows of workbooks (.xlsx, .xlsm) in place: what names cells by their place follows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated

from annotated_types import Ge, Le

from exekra.activities.disk import READ_ERRORS, WRITE_ERRORS
from exekra.activities.excel.areas import LAST_ROW
from exekra.activities.excel.changing import existing
from exekra.activities.excel.editing.moves import RowRemoval
from exekra.activities.excel.editing.new_rows import put_in
from exekra.activities.excel.errors import CannotComputeError, CannotEditError, NotAWorkbookError, SheetMissingError
from exekra.activities.excel.reading import Sheet
from exekra.sdk.activity import activity
from exekra.sdk.context import Context
from exekra.sdk.types import FilePath

CATEGORY = "Excel"
ICON = "file-spreadsheet"

_ERRORS = (*READ_ERRORS, *WRITE_ERRORS[1:], NotAWorkbookError, SheetMissingError, CannotEditError, CannotComputeError)

Row = Annotated[int, Ge(1), Le(LAST_ROW)]
"""The number of a row, as Excel shows it."""


@dataclass(frozen=True, slots=True)
class RowsMoved:
    """What was changed.

    Attributes:
        path: The workbook's absolute path.
        notes: What is doubtful, such as formulas whose results are older than the data.
    """

    path: str
    notes: list[str] = field(default_factory=list)


@activity(id="excel.insert_rows", title="Insert rows", raises=_ERRORS, blocking=True)
def insert_rows(
    context: Context,
    /,
    *,
    path: FilePath,
    row: Row,
    count: Row = 1,
    sheet: Sheet = 1,
    recalculate: bool = False,
) -> RowsMoved:
    """Insert empty rows into a sheet; the rows below move down.

    The new rows get the formats of the row that they move down. Formulas, names, charts, pictures, comments, rules and
    merged cells follow; a table (Insert, Table) grows, and its columns with formulas are continued.

    Args:
        path: The workbook (.xlsx or .xlsm).
        row: The row that the first new one becomes, counted from 1.
        count: How many rows are inserted.
        sheet: The sheet's name, or its number counted from 1.
        recalculate: Whether to compute all formulas at once. Otherwise their last results stay until a program such
            as Excel opens the file.
    """
    file = context.path(path)
    with existing(context, file, recalculate=recalculate) as editor:
        put_in(context, editor, editor.sheet(sheet, new_sheet=False), row, count)
    return RowsMoved(str(file), context.notes)


@activity(id="excel.delete_rows", title="Delete rows", raises=_ERRORS, blocking=True)
def delete_rows(
    context: Context,
    /,
    *,
    path: FilePath,
    row: Row,
    count: Row = 1,
    sheet: Sheet = 1,
    recalculate: bool = False,
) -> RowsMoved:
    """Delete rows of a sheet; the rows below move up.

    Comments, links and rules of the deleted cells go with them; whatever names other cells follows. Nothing is
    changed, and the error names the place, where a formula elsewhere, a chart or a name means cells of these rows
    alone, or where a table would lose its header.

    Args:
        path: The workbook (.xlsx or .xlsm).
        row: The first row to delete, counted from 1.
        count: How many rows are deleted.
        sheet: The sheet's name, or its number counted from 1.
        recalculate: Whether to compute all formulas at once. Otherwise their last results stay until a program such
            as Excel opens the file.
    """
    file = context.path(path)
    with existing(context, file, recalculate=recalculate) as editor:
        target = editor.sheet(sheet, new_sheet=False)
        editor.delete_rows(target, RowRemoval(f"`{target.entry.name}` in {file}", row, count))
    return RowsMoved(str(file), context.notes)
