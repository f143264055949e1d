"""Read workbooks (.xlsx, .xlsm, .xlsb, .xls, .ods): values as people see them, whatever wrote the file."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import chain, islice, repeat
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from exekra.activities.column_names import unique_names
from exekra.activities.disk import READ_ERRORS
from exekra.activities.excel.areas import Area, Box, column_letters, parse_area, parse_cell
from exekra.activities.excel.errors import NotAWorkbookError, SheetMissingError, choose_sheet, not_a_workbook
from exekra.activities.excel.opening import open_workbook
from exekra.activities.excel.survey import Survey, survey
from exekra.sdk.activity import activity
from exekra.sdk.context import Context
from exekra.sdk.table import Table, TableWriter
from exekra.sdk.types import FilePath, Text, Widget

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

CATEGORY = "Excel"
ICON = "file-spreadsheet"

Sheet = Annotated[str | int, Widget("text")]
"""A sheet's name, or its number counted from 1."""

Change = Callable[[Sequence[Any]], Sequence[Any]]
"""Changes the values of a column."""

_DURATION = re.compile(
    r"(-?)P(?:([0-9]{1,6})D)?T(?=[0-9])(?:([0-9]{1,9})H)?(?:([0-9]{1,9})M)?(?:([0-9]{1,9}(?:[.,][0-9]+)?)S)?"
)
_ROWS_AT_ONCE = 512
"""Fewer rows at a time than the objects after which Python looks for garbage, which takes a tenth of the time."""

_ROWS_BELOW_A_TITLE = 20
_MOST_NAMED = 5
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
        range: The cells to read: A1:D20, whole columns B:D from their first filled row on, or A3 for all from there
            on. Empty reads all that is filled.
        header: Whether the first row holds the columns' names. Otherwise they are named A, B, C.
        skip_empty_rows: Whether rows without any value are left out.
    """
    file = context.path(path)
    workbook = open_workbook(file, context)
    name = choose_sheet(file, sheet, workbook.sheet_names)
    area = parse_area(range) if range.strip() else None
    overlooked = survey(file, name, area)
    overlooked.warn(context, name)
    table = _read(context, _sheet(file, workbook, name, overlooked), area, overlooked, header, skip_empty_rows)
    overlooked.warn_of_negative(context, name)
    return RangeRead(table, len(table), name, context.notes)


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
    area = Area(row, column, row, column)
    overlooked = survey(file, name, area)
    overlooked.warn(context, name)
    values = next(_rows(_sheet(file, workbook, name, overlooked), area, overlooked), [""])
    overlooked.warn_of_negative(context, name)
    return CellRead(_clean(values)[0], context.notes)


@activity(id="excel.list_sheets", raises=(*READ_ERRORS, NotAWorkbookError), blocking=True)
def list_sheets(context: Context, /, *, path: FilePath) -> SheetsListed:
    """List the sheets of a workbook.

    Args:
        path: The workbook.
    """
    return SheetsListed(list(open_workbook(context.path(path), context).sheet_names))


def first_rows(sheet: CalamineSheet, overlooked: Survey) -> tuple[tuple[int, int], list[list[Any]]]:
    """The row and the column, counted from 0, where a sheet's data begins, and its rows as they are read."""
    box = _filled(sheet, overlooked)
    rows = [list(_clean(values)) for values in _rows(sheet, Area(), overlooked)]
    return (box.top, box.left) if box else (0, 0), [row[box.left :] for row in rows[box.top :]] if box else []


def _sheet(file: Path, workbook: CalamineWorkbook, name: str, overlooked: Survey) -> CalamineSheet:
    """The sheet, or its excerpt; the workbook, which holds all texts once more, is closed."""
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        if overlooked.excerpt:
            workbook.close()
            workbook = CalamineWorkbook.from_filelike(overlooked.excerpt)
        with workbook:
            return workbook.get_sheet_by_name(name)
    except CalamineError as error:
        raise not_a_workbook(file, f"sheet `{name}`: {error}") from None


def _read(
    context: Context, sheet: CalamineSheet, area: Area | None, overlooked: Survey, header: bool, skip_empty_rows: bool
) -> Table:
    box = _filled(sheet, overlooked)
    if box is None:
        return Table(())
    area = area or Area(box.top, box.left)
    rows = _rows(sheet, area, overlooked)
    at = area.first_row
    first = next(rows, None)
    while header and area.whole_columns and first and at not in overlooked.rows and not any(v != "" for v in first):
        first, at = next(rows, None), at + 1
    if first is None:
        return Table(())
    if header:
        names = unique_names(_clean(first))
        rows = _warned_of_title(context, first, rows, _merged_in(sheet, at, area), at)
        at += 1
    else:
        names = tuple(column_letters(area.first_column + number) for number, _ in enumerate(first))
        rows = chain((first,), rows)
    writer = TableWriter(names)
    kinds: list[set[type]] = [set() for _ in names]
    while chunk := list(islice(rows, _ROWS_AT_ONCE)):
        context.raise_if_stopped()
        if skip_empty_rows:
            chunk, at = _not_empty(chunk, at, overlooked.rows), at + len(chunk)
        if not chunk:
            continue
        columns = tuple(zip(*chunk, strict=True))
        found = [set(map(type, values)) for values in columns]
        for known, more in zip(kinds, found, strict=True):
            known.update(more)
        writer.extend_columns(tuple(map(_cleaned, columns, found)))
    del sheet, rows  # All values of the sheet, before the table is put together, which takes memory.
    table = writer.finish()
    changes = [_change_for(known, overlooked) for known in kinds]
    return _changed(table, changes) if any(changes) else table


def _change_for(kinds: set[type], overlooked: Survey) -> Change | None:
    """What makes the values of a column comparable that has these kinds of them."""
    if date in kinds and datetime in kinds:
        return _midnights
    return _durations if overlooked.open_document and timedelta in kinds and time in kinds else None


def _merged_in(sheet: CalamineSheet, row: int, area: Area) -> list[Box]:
    """The merged cells over several columns in a row, counted from 0, of an area."""
    merged = [Box(*start, *end) for start, end in sheet.merged_cell_ranges or ()]
    return [box for box in merged if box.top == row and box.left < box.right and area.covers(row, box.left)]


def _warned_of_title(
    context: Context, first: list[Any], rows: Iterator[list[Any]], merged: Sequence[Box], row: int
) -> Iterator[list[Any]]:
    """The rows below the names, after a word about names that are rather a title."""
    filled = [value for value in first if value != ""]
    if len(first) == 1 or (len(filled) != 1 and not merged):
        return rows
    below = list(islice(rows, _ROWS_BELOW_A_TITLE))
    names = next((number for number, values in enumerate(below, row + 2) if len(values) - values.count("") > 1), 0)
    if names:
        if merged:
            cells = ", ".join(map(str, merged[:_MOST_NAMED]))
            what = f"The row with the names, {row + 1}, has merged cells ({cells}), of which only the first is a name"
        else:
            what = f"Only one column has a name, `{filled[0]}`"
        context.warn(f"{what}. If that is a title, let `range` begin at the row with the names, such as A{names}.")
    return chain(below, rows)


def _not_empty(rows: list[list[Any]], first: int, overlooked: set[int]) -> list[list[Any]]:
    """The rows, from number `first` on, that have a value or are among the overlooked ones."""
    width = len(rows[0])
    if not overlooked:
        return [row for row in rows if row[0] != "" or row.count("") != width]
    return [
        row for number, row in enumerate(rows, first) if row[0] != "" or row.count("") != width or number in overlooked
    ]


def _filled(sheet: CalamineSheet, overlooked: Survey) -> Box | None:
    """The rectangle around all filled cells, also those that the reader overlooks."""
    box = overlooked.box
    if overlooked.bottom >= 0:
        last = Box(overlooked.bottom, 0, overlooked.bottom, 0)
        box = box.joined(last) if box else last
    if sheet.start is None or sheet.end is None:
        return box
    read = Box(*sheet.start, *sheet.end)
    return box.joined(read) if box else read


def _rows(sheet: CalamineSheet, area: Area, overlooked: Survey) -> Iterator[list[Any]]:
    """The rows of the area down to the last one that is filled, as wide as the area says; "" is an empty cell."""
    box = _filled(sheet, overlooked)
    if box is None:
        return iter(())
    last_column = box.right if area.last_column is None else area.last_column
    last_row = box.bottom if area.last_row is None else min(area.last_row, box.bottom)
    if last_column < area.first_column:
        return iter(())
    empty = [""] * (last_column - area.first_column + 1)
    if sheet.start is None or sheet.end is None:
        return repeat(empty, max(0, last_row - area.first_row + 1))
    left, right = sheet.start[1], sheet.end[1]
    before = max(0, min(left, last_column + 1) - area.first_column)
    after = max(0, last_column - max(right, area.first_column - 1))
    wanted = slice(max(0, area.first_column - left), max(0, last_column - left + 1))
    exact = not before and not after and wanted == slice(0, right - left + 1)
    rows: Iterator[list[Any]] = islice(sheet.iter_rows(), area.first_row, last_row + 1)
    if not exact:
        rows = ([""] * before + row[wanted] + [""] * after for row in rows)
    if overlooked.open_document:
        rows = map(_with_durations, rows)
    if overlooked.shown:
        rows = _without_errors(rows, area, overlooked)
    if overlooked.negative:
        rows = _with_negative(rows, area, overlooked)
    return chain(rows, repeat(empty, max(0, last_row - max(sheet.end[0], area.first_row - 1))))


def _without_errors(rows: Iterator[list[Any]], area: Area, overlooked: Survey) -> Iterator[list[Any]]:
    """The rows with nothing in the cells that show an error."""
    for number, row in enumerate(rows, area.first_row):
        for column in overlooked.shown.get(number, ()):
            row[column - area.first_column] = ""
        yield row


def _with_negative(rows: Iterator[list[Any]], area: Area, overlooked: Survey) -> Iterator[list[Any]]:
    """The rows with durations for what is before the first date, where the reader has a time of day."""
    for number, row in enumerate(rows, area.first_row):
        for column, value in overlooked.negative.get(number, {}).items():
            place = column - area.first_column
            if isinstance(row[place], date | time):
                row[place] = value
                overlooked.corrected += 1
        yield row


def _clean(values: Sequence[Any]) -> Sequence[Any]:
    """Values as they are handed on: whole numbers instead of floats, None instead of an empty text."""
    return _cleaned(values, set(map(type, values)))


def _cleaned(values: Sequence[Any], kinds: set[type]) -> Sequence[Any]:
    """Values of these kinds as they are handed on."""
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


def _changed(table: Table, changes: Sequence[Change | None]) -> Table:
    writer = TableWriter(table.columns)
    for columns in table.chunks():
        writer.extend_columns(
            tuple(change(values) if change else values for values, change in zip(columns, changes, strict=True))
        )
    return writer.finish()


def _midnights(values: Sequence[Any]) -> Sequence[Any]:
    return tuple(datetime.combine(value, time()) if type(value) is date else value for value in values)


def _durations(values: Sequence[Any]) -> Sequence[Any]:
    return tuple(datetime.combine(date.min, value) - datetime.min if type(value) is time else value for value in values)


def _with_durations(row: list[Any]) -> list[Any]:
    """A row of an OpenDocument sheet, whose durations of more than a day are read as texts such as PT36H00M00S."""
    return [_duration(value) if isinstance(value, str) and value[:1] in ("P", "-") else value for value in row]


def _duration(text: str) -> str | timedelta:
    match = _DURATION.fullmatch(text)
    if match is None:
        return text
    days, hours, minutes = (int(number or 0) for number in match.groups()[1:4])
    length = timedelta(days, hours=hours, minutes=minutes, seconds=float((match[5] or "0").replace(",", ".")))
    return -length if match[1] else length
