"""Write workbooks (.xlsx, .xlsm): new ones quickly, existing ones in place; always the whole file or nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from exekra.activities.disk import READ_ERRORS, WRITE_ERRORS, explained, replacing, require_file
from exekra.activities.excel import cells
from exekra.activities.excel.areas import LAST_COLUMN, LAST_ROW, check_sheet_name, column_letters, parse_cell
from exekra.activities.excel.errors import NotAWorkbookError, SheetMissingError, choose_sheet, not_a_workbook
from exekra.activities.excel.reading import Sheet
from exekra.sdk.activity import activity
from exekra.sdk.context import Context
from exekra.sdk.errors import InputError
from exekra.sdk.table import Table
from exekra.sdk.types import FilePath, Text

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet
    from rustpy_xlsxwriter.rustpy_xlsxwriter import ColumnFormats

CATEGORY = "Excel"
ICON = "file-spreadsheet"

_HEADER_COLOUR = "#DDE6F0"


@dataclass(frozen=True, slots=True)
class WorkbookWritten:
    """What was written.

    Attributes:
        path: The workbook's absolute path.
        count: The number of rows written, without the header.
    """

    path: str
    count: int


@activity(id="excel.write_workbook", title="Write Excel", raises=WRITE_ERRORS, blocking=True)
def write_workbook(
    context: Context,
    /,
    *,
    path: FilePath,
    rows: Table,
    sheet: Text = "Sheet1",
    more_sheets: dict[str, Table] | None = None,
) -> WorkbookWritten:
    """Write a table into a new workbook.

    The header is bold, stays in view, and columns are as wide as their content. A file of that name is replaced,
    and only once the new one is complete. Times of day with a zone lose the zone; whole numbers of more than 15
    digits are written as text, which Excel would round; lists and objects as JSON.

    Args:
        path: The workbook to make (.xlsx).
        rows: The rows: a table or a list of objects.
        sheet: The name of the sheet.
        more_sheets: Further sheets: the table of each by its name.
    """
    file = context.path(path)
    _check_suffix(file, {".xlsx"})
    sheets = {sheet: rows, **(more_sheets or {})}
    for name, table in sheets.items():
        check_sheet_name(name)
        _check_size(file, table, 1, 0)
    _write_new(context, file, sheets)
    return WorkbookWritten(str(file), sum(map(len, sheets.values())))


@activity(
    id="excel.write_range",
    raises=(*READ_ERRORS, *WRITE_ERRORS[1:], NotAWorkbookError, SheetMissingError),
    blocking=True,
)
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
) -> WorkbookWritten:
    """Write a table into an existing workbook, from one cell on.

    Other cells, formulas and formats stay; drawn shapes are lost. For large tables Write Excel is much quicker.
    A missing workbook is created.

    Args:
        path: The workbook (.xlsx or .xlsm).
        rows: The rows: a table or a list of objects.
        sheet: The sheet's name, or its number counted from 1.
        start: The cell of the upper left corner.
        header: Whether the columns' names are written first.
        new_sheet: Whether to add a sheet of that name when there is none.
    """
    file = context.path(path)
    row, column = parse_cell(start)
    _check_size(file, rows, row + header, column)
    with _edited(file, sheet) as workbook:
        target = _find_or_add(file, workbook, sheet, new_sheet)
        if header:
            _put_header(target, rows.columns, row, column)
        for number, values in enumerate(rows.rows(), row + header):
            if number % 1000 == 0:
                context.raise_if_stopped()
            for offset, (name, value) in enumerate(zip(rows.columns, values, strict=True)):
                _put(target, number, column + offset, name, value)
    return WorkbookWritten(str(file), len(rows))


@activity(
    id="excel.append_rows",
    raises=(*READ_ERRORS, *WRITE_ERRORS[1:], NotAWorkbookError, SheetMissingError),
    blocking=True,
)
def append_rows(
    context: Context, /, *, path: FilePath, rows: Table, sheet: Sheet = 1, new_sheet: bool = True
) -> WorkbookWritten:
    """Add rows below the last filled row of a sheet.

    Columns are matched by their names in the sheet's first row, whatever their order; an empty sheet gets the
    header first. A missing workbook is created.

    Args:
        path: The workbook (.xlsx or .xlsm).
        rows: The rows: a table or a list of objects.
        sheet: The sheet's name, or its number counted from 1.
        new_sheet: Whether to add a sheet of that name when there is none.
    """
    file = context.path(path)
    with _edited(file, sheet) as workbook:
        target = _find_or_add(file, workbook, sheet, new_sheet)
        last = _last_filled_row(target)
        if last == 0:
            _put_header(target, rows.columns, 0, 0)
            last = 1
        places = _places(file, target, rows.columns)
        _check_size(file, rows, last, 0)
        for number, values in enumerate(rows.rows(), last):
            if number % 1000 == 0:
                context.raise_if_stopped()
            for name, place, value in zip(rows.columns, places, values, strict=True):
                _put(target, number, place, name, value)
    return WorkbookWritten(str(file), len(rows))


@activity(
    id="excel.write_cell", raises=(*READ_ERRORS, *WRITE_ERRORS[1:], NotAWorkbookError, SheetMissingError), blocking=True
)
def write_cell(
    context: Context, /, *, path: FilePath, cell: Text, value: Any, sheet: Sheet = 1, new_sheet: bool = True
) -> None:
    """Write one cell of a workbook; all else stays.

    A text that begins with `=` is a formula. A missing workbook is created.

    Args:
        path: The workbook (.xlsx or .xlsm).
        cell: The cell, such as B7.
        value: What to write; null empties the cell.
        sheet: The sheet's name, or its number counted from 1.
        new_sheet: Whether to add a sheet of that name when there is none.
    """
    file = context.path(path)
    row, column = parse_cell(cell)
    with _edited(file, sheet) as workbook:
        target = _find_or_add(file, workbook, sheet, new_sheet)
        _put(target, row, column, column_letters(column), value, formula=True)


def _write_new(context: Context, file: Path, sheets: Mapping[str, Table]) -> None:
    from rustpy_xlsxwriter import Format, write_worksheets

    formats: dict[str, ColumnFormats] = {}
    for name, table in sheets.items():
        shown = {c: cells.number_format(kinds) for c, kinds in _kinds(table).items()}
        formats[name] = {c: Format().set_num_format(pattern) for c, pattern in shown.items() if pattern}
    with replacing(file) as draft:
        write_worksheets(
            [(name, _records(context, table)) for name, table in sheets.items()],
            str(draft),
            autofit=True,
            datetime_format=cells.DATE_TIME_FORMAT,
            freeze_panes={"general": {"row": 1, "col": 0}},
            header_format={
                name: Format().set_bold().set_background_color(_HEADER_COLOUR).set_border_bottom("thin")
                for name in sheets
            },
            column_formats=formats,
        )


def _kinds(table: Table) -> dict[str, set[type]]:
    kinds: dict[str, set[type]] = {name: set() for name in table.columns}
    for columns in table.chunks():
        for known, values in zip(kinds.values(), columns, strict=True):
            known.update(map(type, values))
    return kinds


def _records(context: Context, table: Table) -> Iterator[dict[str, Any]]:
    """The rows as the library takes them, a chunk at a time; an empty table gives one empty row under its header."""
    if not len(table) and table.columns:
        yield dict.fromkeys(table.columns)
    for columns in table.chunks():
        context.raise_if_stopped()
        written = [cells.cell_values(name, values) for name, values in zip(table.columns, columns, strict=True)]
        for row in zip(*written, strict=True):
            yield dict(zip(table.columns, row, strict=True))


@contextmanager
def _edited(file: Path, sheet: str | int) -> Iterator[Workbook]:
    """The workbook to change in place; it replaces the file at the end."""
    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    _check_suffix(file, {".xlsx", ".xlsm"})
    if file.exists():
        require_file(file)
        try:
            with explained(file):
                workbook = openpyxl.load_workbook(file, keep_vba=file.suffix.lower() == ".xlsm")
        except (InvalidFileException, KeyError, ValueError, SyntaxError, EOFError) as error:
            raise not_a_workbook(file, error) from None
        except Exception as error:
            if type(error).__name__ != "BadZipFile":
                raise
            raise not_a_workbook(file, error) from None
    else:
        workbook = openpyxl.Workbook()
        first = workbook.worksheets[0]
        if isinstance(sheet, str) and not sheet.isdecimal():
            check_sheet_name(sheet)
            first.title = sheet
    yield workbook
    with replacing(file) as draft:
        workbook.save(draft)


def _find_or_add(file: Path, workbook: Workbook, sheet: str | int, new_sheet: bool) -> Worksheet:
    try:
        return cast("Worksheet", workbook[choose_sheet(file, sheet, workbook.sheetnames)])
    except SheetMissingError:
        if not new_sheet or isinstance(sheet, int) or sheet.isdecimal():
            raise
    check_sheet_name(sheet)
    return cast("Worksheet", workbook.create_sheet(sheet))


def _last_filled_row(sheet: Worksheet) -> int:
    """The number, counted from 1, of the last row with a value; 0 where the sheet is empty."""
    for row in range(sheet.max_row, 0, -1):
        if any(cell.value is not None for cell in sheet[row]):
            return row
    return 0


def _places(file: Path, sheet: Worksheet, columns: Sequence[str]) -> list[int]:
    header: list[Any] = [cell.value for cell in sheet[1]]
    known = {str(value).strip(): number for number, value in enumerate(header) if value is not None}
    strangers = [name for name in columns if name not in known]
    if strangers:
        raise InputError(
            f"The sheet {sheet.title!r} of {file} has no column {', '.join(f'`{name}`' for name in strangers)}. "
            f"Its first row holds: {', '.join(known)}."
        )
    return [known[name] for name in columns]


def _put_header(sheet: Worksheet, columns: Sequence[str], row: int, column: int) -> None:
    from openpyxl.styles import Font, PatternFill

    for offset, name in enumerate(columns):
        cell = _cell(sheet, row, column + offset)
        cell.value = name
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor=_HEADER_COLOUR.lstrip("#"))


def _put(sheet: Worksheet, row: int, column: int, name: str, value: Any, formula: bool = False) -> None:
    from openpyxl.utils.exceptions import IllegalCharacterError

    cell = _cell(sheet, row, column)
    try:
        cell.value = value if isinstance(value, time | timedelta) else cells.cell_value(name, value)
    except (IllegalCharacterError, ValueError):
        raise InputError(
            f"Column `{name}`, row {row + 1} of sheet {sheet.title!r}: {str(value)[:80]!r} cannot stand in a cell. "
            "Remove control characters, or turn the value into text first."
        ) from None
    if isinstance(value, str) and not formula:
        cell.data_type = "s"
    if isinstance(value, datetime):
        cell.number_format = cells.DATE_TIME_FORMAT
    elif isinstance(value, date):
        cell.number_format = cells.DATE_FORMAT


def _cell(sheet: Worksheet, row: int, column: int) -> Any:
    """The cell, counted from 0; untyped, because the library's types know fewer kinds of values than it takes."""
    return sheet.cell(row + 1, column + 1)


def _check_suffix(file: Path, allowed: set[str]) -> None:
    if file.suffix.lower() not in allowed:
        raise InputError(f"{file.name} cannot be written: the name must end in {' or '.join(sorted(allowed))}.")


def _check_size(file: Path, table: Table, first_row: int, first_column: int) -> None:
    if first_row + len(table) > LAST_ROW or first_column + len(table.columns) > LAST_COLUMN:
        raise InputError(
            f"{len(table):,} rows and {len(table.columns):,} columns do not fit into a sheet of {file.name}: "
            f"it has {LAST_ROW:,} rows and {LAST_COLUMN:,} columns. Split the table, or write a CSV file."
        )
