"""Read workbooks (.xlsx, .xlsm, .xlsb, .xls, .ods): values as people see them, whatever wrote the file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from exekra.activities.column_names import unique_names
from exekra.activities.disk import READ_ERRORS
from exekra.activities.excel.areas import Area, column_letters, parse_area, parse_cell
from exekra.activities.excel.errors import NotAWorkbookError, SheetMissingError, choose_sheet, not_a_workbook
from exekra.activities.excel.extent import check_extent
from exekra.activities.excel.opening import open_workbook
from exekra.activities.excel.unread import warn_of_empty, warn_of_empty_cell
from exekra.sdk.activity import activity
from exekra.sdk.context import Context
from exekra.sdk.table import CHUNK_ROWS, Table, TableWriter
from exekra.sdk.types import FilePath, Text, Widget

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

CATEGORY = "Excel"
ICON = "file-spreadsheet"

Sheet = Annotated[str | int, Widget("text")]
"""A sheet's name, or its number counted from 1."""

_LARGEST_EXACT = 2.0**53
"""Beyond it, a float cannot tell neighbouring whole numbers apart."""


@dataclass(frozen=True, slots=True)
class RangeRead:
    """What was read.

    Attributes:
        rows: The rows as a table.
        count: The number of rows.
        sheet: The name of the sheet that was read.
        notes: What is doubtful, such as cells that show an error.
    """

    rows: Table
    count: int
    sheet: str
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class CellRead:
    """The cell's content.

    Attributes:
        value: Its value; null where the cell is empty.
        notes: What is doubtful, such as an error in the cell.
    """

    value: Any
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class SheetsListed:
    """The sheets of a workbook.

    Attributes:
        sheets: Their names, in the workbook's order.
    """

    sheets: list[str]


@activity(
    id="excel.read_range",
    title="Read Excel",
    raises=(*READ_ERRORS, NotAWorkbookError, SheetMissingError),
    blocking=True,
)
def read_range(
    context: Context,
    /,
    *,
    path: FilePath,
    sheet: Sheet = 1,
    range: Text = "",
    header: bool = True,
    skip_empty_rows: bool = True,
) -> RangeRead:
    """Read a sheet, or a range of it, as a table.

    Whole numbers come as whole numbers, dates as dates. Formulas give the value that was last computed; empty
    cells, and cells that show an error such as #N/A, give null. In a column that has times of day, a date alone
    counts as midnight. Reads .xlsx, .xlsm, .xlsb, .xls and .ods.

    Args:
        path: The workbook.
        sheet: The sheet's name, or its number counted from 1.
        range: The cells to read: A1:D20, whole columns B:D, or A3 for all from there on. Empty reads all that is
            filled.
        header: Whether the first row holds the columns' names. Otherwise they are named A, B, C.
        skip_empty_rows: Whether rows without any value are left out.
    """
    file = context.path(path)
    workbook = open_workbook(file, context)
    name = choose_sheet(file, sheet, workbook.sheet_names)
    area = parse_area(range) if range.strip() else None
    table, has_empty = _read(context, _sheet(file, workbook, name), area, header, skip_empty_rows)
    if has_empty:
        warn_of_empty(context, file, name)
    return RangeRead(table, len(table), name, context.warnings)


@activity(id="excel.read_cell", raises=(*READ_ERRORS, NotAWorkbookError, SheetMissingError), blocking=True)
def read_cell(context: Context, /, *, path: FilePath, cell: Text, sheet: Sheet = 1) -> CellRead:
    """Read one cell.

    A formula gives the value that was last computed.

    Args:
        path: The workbook.
        cell: The cell, such as B7.
        sheet: The sheet's name, or its number counted from 1.
    """
    file = context.path(path)
    row, column = parse_cell(cell)
    workbook = open_workbook(file, context)
    name = choose_sheet(file, sheet, workbook.sheet_names)
    values = next(_rows(_sheet(file, workbook, name), Area(row, column, row, column)), [""])
    if values == [""]:
        warn_of_empty_cell(context, file, name, row, column)
    return CellRead(_clean(values)[0], context.warnings)


@activity(id="excel.list_sheets", raises=(*READ_ERRORS, NotAWorkbookError), blocking=True)
def list_sheets(context: Context, /, *, path: FilePath) -> SheetsListed:
    """List the sheets of a workbook.

    Args:
        path: The workbook.
    """
    return SheetsListed(list(open_workbook(context.path(path), context).sheet_names))


def first_rows(sheet: CalamineSheet) -> tuple[tuple[int, int], list[list[Any]]]:
    """The row and the column, counted from 0, where a sheet's data begins, and its rows as they are read."""
    return sheet.start or (0, 0), [list(_clean(values)) for values in _rows(sheet, None)]


def _sheet(file: Path, workbook: CalamineWorkbook, name: str) -> CalamineSheet:
    from python_calamine import CalamineError

    check_extent(file, name)
    try:
        return workbook.get_sheet_by_name(name)
    except CalamineError as error:
        raise not_a_workbook(file, f"sheet `{name}`: {error}") from None


def _read(
    context: Context, sheet: CalamineSheet, area: Area | None, header: bool, skip_empty_rows: bool
) -> tuple[Table, bool]:
    """The table, and whether any cell of it is empty."""
    rows = _rows(sheet, area)
    first = next(rows, None)
    if first is None:
        return Table(()), False
    if header:
        names = unique_names(_clean(first))
    else:
        left = area.first_column if area else (sheet.start or (0, 0))[1]
        names = tuple(column_letters(left + number) for number, _ in enumerate(first))
        rows = chain((first,), rows)
    writer = TableWriter(names)
    kinds: list[set[type]] = [set() for _ in names]
    has_empty = False
    while chunk := list(islice(rows, CHUNK_ROWS)):
        context.raise_if_stopped()
        if skip_empty_rows:
            width = len(names)
            chunk = [row for row in chunk if row[0] != "" or row.count("") != width]
        if not chunk:
            continue
        columns = tuple(zip(*chunk, strict=True))
        for known, values in zip(kinds, columns, strict=True):
            known.update(map(type, values))
        has_empty = has_empty or any("" in values for values in columns)
        writer.extend_columns(tuple(_clean(values) for values in columns))
    table = writer.finish()
    mixed = [date in known and datetime in known for known in kinds]
    return (_with_midnights(table, mixed) if any(mixed) else table), has_empty


def _rows(sheet: CalamineSheet, area: Area | None) -> Iterator[list[Any]]:
    """The rows of the area, or of all that is filled, as wide as the area says; "" is an empty cell."""
    if sheet.start is None or sheet.end is None:
        return iter(())
    left, right = sheet.start[1], sheet.end[1]
    area = area or Area(sheet.start[0], left, None, None)
    last_column = right if area.last_column is None else area.last_column
    if last_column < area.first_column:
        return iter(())
    before = max(0, min(left, last_column + 1) - area.first_column)
    after = max(0, last_column - max(right, area.first_column - 1))
    wanted = slice(max(0, area.first_column - left), max(0, last_column - left + 1))
    exact = not before and not after and wanted == slice(0, right - left + 1)
    until = None if area.last_row is None else area.last_row + 1
    rows = islice(sheet.iter_rows(), area.first_row, until)
    return rows if exact else ([""] * before + row[wanted] + [""] * after for row in rows)


def _clean(values: Sequence[Any]) -> Sequence[Any]:
    """The values of a column: whole numbers instead of floats, None instead of an empty text."""
    kinds = set(map(type, values))
    if kinds == {float}:
        return _numbers(values)
    if float in kinds:
        return [_whole(value) if type(value) is float else None if value == "" else value for value in values]
    if str in kinds and "" in values:
        values = [None if value == "" else value for value in values]
    return values


def _numbers(values: Sequence[float]) -> Sequence[float | int]:
    """Floats with whole ones as integers; by far the most columns are all of one sort, which is quick."""
    if not any(map(float.is_integer, values)):
        return values
    exact = min(values) > -_LARGEST_EXACT and max(values) < _LARGEST_EXACT
    if exact and all(map(float.is_integer, values)):
        return tuple(map(int, values))
    return [_whole(value) for value in values]


def _whole(value: float) -> float | int:
    return int(value) if value.is_integer() and -_LARGEST_EXACT < value < _LARGEST_EXACT else value


def _with_midnights(table: Table, mixed: Sequence[bool]) -> Table:
    """The table with dates as midnights in the columns that are `mixed`."""
    writer = TableWriter(table.columns)
    for columns in table.chunks():
        writer.extend_columns(
            tuple(
                _midnights(values) if with_times else values for values, with_times in zip(columns, mixed, strict=True)
            )
        )
    return writer.finish()


def _midnights(values: Sequence[Any]) -> Sequence[Any]:
    return tuple(datetime.combine(value, time()) if type(value) is date else value for value in values)
