"""Write new workbooks (.xlsx), quickly; always the whole file or nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from exekra.activities.disk import WRITE_ERRORS, replacing
from exekra.activities.excel import cells
from exekra.activities.excel.areas import LAST_COLUMN, LAST_ROW, check_sheet_names
from exekra.activities.locking import locked
from exekra.sdk.activity import activity
from exekra.sdk.context import Context
from exekra.sdk.errors import InputError
from exekra.sdk.table import Table
from exekra.sdk.types import FilePath, Text

if TYPE_CHECKING:
    from rustpy_xlsxwriter.rustpy_xlsxwriter import ColumnFormats

CATEGORY = "Excel"
ICON = "file-spreadsheet"


@dataclass(frozen=True, slots=True)
class WorkbookWritten:
    """What was written.

    Attributes:
        path: The workbook's absolute path.
        count: The number of rows written, without the header.
    """

    path: FilePath
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
    check_suffix(file, {".xlsx"})
    sheets = {sheet: rows, **(more_sheets or {})}
    check_sheet_names(sheets)
    for table in sheets.values():
        check_size(file, table, 1, 0)
        for column in table.columns:
            cells.check_text(column, column)
    _write_new(context, file, sheets)
    return WorkbookWritten(str(file), sum(map(len, sheets.values())))


def write_empty(file: Path, sheet: str) -> None:
    """Make a workbook of one empty sheet."""
    from rustpy_xlsxwriter import write_worksheet

    write_worksheet([], str(file), sheet_name=sheet)


def _write_new(context: Context, file: Path, sheets: Mapping[str, Table]) -> None:
    from rustpy_xlsxwriter import Format, write_worksheets

    formats: dict[str, ColumnFormats] = {}
    for name, table in sheets.items():
        shown = {c: cells.number_format(kinds) for c, kinds in _kinds(table).items()}
        formats[name] = {c: Format().set_num_format(pattern) for c, pattern in shown.items() if pattern}
    with locked(context, file), replacing(file) as draft, _texts_checked(sheets):
        write_worksheets(
            [(name, _records(context, table)) for name, table in sheets.items()],
            str(draft),
            autofit=True,
            datetime_format=cells.DATE_TIME_FORMAT,
            freeze_panes={"general": {"row": 1, "col": 0}},
            header_format={
                name: Format().set_bold().set_background_color(cells.HEADER_COLOUR).set_border_bottom("thin")
                for name in sheets
            },
            column_formats=formats,
        )


@contextmanager
def _texts_checked(sheets: Mapping[str, Table]) -> Iterator[None]:
    """Find the text that could not be written, which the library does not say."""
    try:
        yield
    except UnicodeEncodeError:
        for table in sheets.values():
            for columns in table.chunks():
                for name, values in zip(table.columns, columns, strict=True):
                    for text in values:
                        if isinstance(text, str):
                            cells.check_text(name, text)
        raise


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


def check_suffix(file: Path, allowed: set[str]) -> None:
    """Refuse a file that is written under another ending.

    Raises:
        InputError: Its name does not end in one of `allowed`.
    """
    if file.suffix.lower() not in allowed:
        raise InputError(f"{file.name} cannot be written: the name must end in {' or '.join(sorted(allowed))}.")


def check_size(file: Path, table: Table, first_row: int, first_column: int) -> None:
    """Refuse a table that no sheet can hold from a cell on, counted from 0.

    Raises:
        InputError: It has too many rows or columns.
    """
    if first_row + len(table) > LAST_ROW or first_column + len(table.columns) > LAST_COLUMN:
        raise InputError(
            f"{len(table):,} rows and {len(table.columns):,} columns do not fit into a sheet of {file.name}: "
            f"it has {LAST_ROW:,} rows and {LAST_COLUMN:,} columns. Split the table, or write a CSV file."
        )
