"""Change workbooks in place (.xlsx, .xlsm): all that a step does not write stays as it was, byte for byte."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from exekra.activities.disk import READ_ERRORS, WRITE_ERRORS, require_file
from exekra.activities.excel.areas import Box, cell_name, check_sheet_name, parse_cell
from exekra.activities.excel.editing.appending import append
from exekra.activities.excel.editing.editor import Editor, SheetEditor
from exekra.activities.excel.editing.rows import CellEdit
from exekra.activities.excel.editing.sheet import RowEdit
from exekra.activities.excel.editing.syntax import check_formula
from exekra.activities.excel.editing.workbook_file import edited
from exekra.activities.excel.errors import CannotComputeError, CannotEditError, NotAWorkbookError, SheetMissingError
from exekra.activities.excel.reading import Sheet
from exekra.activities.excel.writing import check_size, check_suffix, write_empty
from exekra.activities.locking import locked
from exekra.sdk.activity import activity
from exekra.sdk.context import Context
from exekra.sdk.table import Table
from exekra.sdk.types import FilePath, Text

CATEGORY = "Excel"
ICON = "file-spreadsheet"

_ERRORS = (*READ_ERRORS, *WRITE_ERRORS[1:], NotAWorkbookError, SheetMissingError, CannotEditError, CannotComputeError)


@dataclass(frozen=True, slots=True)
class RowsWritten:
    """What was written.

    Attributes:
        path: The workbook's absolute path.
        count: The number of rows written, without the header.
        notes: What is doubtful, such as formulas whose results are older than the data.
    """

    path: FilePath
    count: int
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class CellWritten:
    """What was written.

    Attributes:
        path: The workbook's absolute path.
        notes: What is doubtful, such as formulas whose results are older than the data.
    """

    path: FilePath
    notes: list[str] = field(default_factory=list)


@activity(id="excel.write_range", raises=_ERRORS, blocking=True)
def write_range(
    context: Context,
    /,
    *,
    path: FilePath,
    rows: Table,
    sheet: Sheet = 1,
    start: Text = "A1",
    header: bool = True,
    new_sheet: bool = True,
    recalculate: bool = False,
) -> RowsWritten:
    """Write a table into an existing workbook, from one cell on.

    Everything else stays as it was: other cells, formats, formulas and their results, pictures, charts, macros. A
    missing workbook is created.

    Args:
        path: The workbook (.xlsx or .xlsm).
        rows: The rows: a table or a list of objects.
        sheet: The sheet's name, or its number counted from 1.
        start: The cell of the upper left corner.
        header: Whether the columns' names are written first.
        new_sheet: Whether to add a sheet of that name when there is none.
        recalculate: Whether to compute all formulas at once. Otherwise their last results stay until a program such
            as Excel opens the file.
    """
    file = context.path(path)
    row, column = parse_cell(start)
    check_size(file, rows, row + header, column)
    with _open(context, file, sheet, recalculate) as editor:
        target = editor.sheet(sheet, new_sheet)
        height = len(rows) + header
        if rows.columns and height:
            box = Box(row, column, row + height - 1, column + len(rows.columns) - 1)
            edits = _block(context, target, rows, row + header, column)
            if header:
                edits = _with_header(target, rows.columns, row, column, edits)
            target.write(box, edits, _table_cells(target, rows, box, header))
    return RowsWritten(str(file), len(rows), context.notes)


@activity(id="excel.append_rows", raises=_ERRORS, blocking=True)
def append_rows(
    context: Context,
    /,
    *,
    path: FilePath,
    rows: Table,
    sheet: Sheet = 1,
    new_sheet: bool = True,
    recalculate: bool = False,
) -> RowsWritten:
    """Add rows below the last filled row of a sheet, or to the table that its header belongs to.

    Columns are matched by their names as Read Excel gives them, whatever their order; an empty sheet gets the header
    first. A table (Insert, Table) grows: its totals stay below, and its columns with formulas are continued. A
    missing workbook is created.

    Args:
        path: The workbook (.xlsx or .xlsm).
        rows: The rows: a table or a list of objects.
        sheet: The sheet's name, or its number counted from 1.
        new_sheet: Whether to add a sheet of that name when there is none.
        recalculate: Whether to compute all formulas at once. Otherwise their last results stay until a program such
            as Excel opens the file.
    """
    file = context.path(path)
    check_size(file, rows, 1, 0)
    with _open(context, file, sheet, recalculate) as editor:
        target = editor.sheet(sheet, new_sheet)
        if target.part.outline.first_filled is None and not target.tables:
            box = Box(0, 0, len(rows), max(len(rows.columns) - 1, 0))
            edits = _with_header(target, rows.columns, 0, 0, _block(context, target, rows, 1, 0))
            if rows.columns:
                target.write(box, edits)
        else:
            append(context, editor, target, rows)
    return RowsWritten(str(file), len(rows), context.notes)


@activity(id="excel.write_cell", raises=_ERRORS, blocking=True)
def write_cell(
    context: Context,
    /,
    *,
    path: FilePath,
    cell: Text,
    value: Any,
    sheet: Sheet = 1,
    new_sheet: bool = True,
    recalculate: bool = False,
) -> CellWritten:
    """Write one cell of a workbook; all else stays as it was, byte for byte.

    A text that begins with `=` is a formula, in English and with commas. A cell inside a merged one is that merged
    one. A missing workbook is created.

    Args:
        path: The workbook (.xlsx or .xlsm).
        cell: The cell, such as B7.
        value: What to write; null empties the cell.
        sheet: The sheet's name, or its number counted from 1.
        new_sheet: Whether to add a sheet of that name when there is none.
        recalculate: Whether to compute all formulas at once. Otherwise their last results stay until a program such
            as Excel opens the file.
    """
    file = context.path(path)
    row, column = parse_cell(cell)
    name = cell_name(row, column)
    is_formula = isinstance(value, str) and value.startswith("=") and len(value) > 1
    if is_formula:
        check_formula(name, value)
    with _open(context, file, sheet, recalculate) as editor:
        target = editor.sheet(sheet, new_sheet)
        content = target.values.formula(value) if is_formula else target.values.content(name, value)
        target.write(Box(row, column, row, column), [(row + 1, [(column, content)])], {(row, column): value})
    return CellWritten(str(file), context.notes)


@contextmanager
def existing(context: Context, file: Path, *, recalculate: bool = False) -> Iterator[Editor]:
    """The workbook to change, by this step alone; one that is missing is an error."""
    check_suffix(file, {".xlsx", ".xlsm"})
    require_file(file, context)  # Before it is locked, which makes folders that are missing.
    with locked(context, file), edited(context, file, recalculate=recalculate) as editor:
        yield editor


@contextmanager
def _open(context: Context, file: Path, sheet: str | int, recalculate: bool) -> Iterator[Editor]:
    """The workbook to change, by this step alone; one that is missing is made, with one sheet of that name."""
    check_suffix(file, {".xlsx", ".xlsm"})
    with locked(context, file), _existing_or_new(context, file, sheet, recalculate) as editor:
        yield editor


@contextmanager
def _existing_or_new(context: Context, file: Path, sheet: str | int, recalculate: bool) -> Iterator[Editor]:
    if file.exists():
        with edited(context, file, recalculate=recalculate) as editor:
            yield editor
        return
    name = "Sheet1"
    if isinstance(sheet, str) and sheet != "1":
        check_sheet_name(sheet)
        name = sheet
    empty = context.temporary_folder / f"{secrets.token_hex(8)}.xlsx"  # Other branches make workbooks, too.
    write_empty(empty, name)
    try:
        with edited(context, file, empty, recalculate=recalculate) as editor:
            if file.suffix.lower() == ".xlsm":
                editor.book.allow_macros()
            yield editor
    finally:
        empty.unlink(missing_ok=True)


def _block(context: Context, target: SheetEditor, rows: Table, first_row: int, column: int) -> Iterator[RowEdit]:
    """The table's rows as edits, `first_row` counted from 0."""
    for number, values in enumerate(rows.rows(), first_row + 1):
        if number % 1000 == 0:
            context.raise_if_stopped()
        yield (
            number,
            [
                (column + offset, target.values.content(name, value))
                for offset, (name, value) in enumerate(zip(rows.columns, values, strict=True))
            ],
        )


def _with_header(
    target: SheetEditor, columns: Sequence[str], row: int, column: int, edits: Iterator[RowEdit]
) -> Iterator[RowEdit]:
    names: list[CellEdit] = [
        (column + offset, target.values.text(name, name, header=True)) for offset, name in enumerate(columns)
    ]
    yield row + 1, names
    yield from edits


def _table_cells(target: SheetEditor, rows: Table, box: Box, header: bool) -> dict[tuple[int, int], Any]:
    """The values that fall into the header or the totals of a table of the sheet."""
    special = {
        row for table in target.tables for row in (table.box.top, *range(table.last_data_row + 1, table.box.bottom + 1))
    }
    found = {}
    for row in (row for row in special if box.top <= row <= box.bottom):
        number = row - box.top - header
        values = rows.columns if number < 0 else tuple(rows[number].values())
        found.update({(row, box.left + offset): value for offset, value in enumerate(values)})
    return found
