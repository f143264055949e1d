"""Write and append rows with separators: as stated, or as the file already is."""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path
from typing import Any, Literal, TextIO

from exekra.activities.csv.date_forms import holds_dates, patterns_with_times
from exekra.activities.csv.dialect import (
    AUTO,
    LINE_ENDS,
    CsvError,
    Delimiter,
    LineEnd,
    Quoting,
    WrittenDelimiter,
    mark_of,
)
from exekra.activities.csv.file_form import FileForm, form_of
from exekra.activities.csv.quick_writing import write_quickly
from exekra.activities.csv.rows import DOS_END
from exekra.activities.csv.text_of_values import ValueForm, row_writer
from exekra.activities.date_pattern import OptionalPattern
from exekra.activities.disk import READ_ERRORS, WRITE_ERRORS, explained, replacing, require_file
from exekra.activities.encodings import Encoding, WrittenEncoding, codec_of
from exekra.activities.locking import locked
from exekra.kit.text import quoted
from exekra.sdk.activity import activity
from exekra.sdk.context import Context
from exekra.sdk.errors import InputError
from exekra.sdk.table import Table
from exekra.sdk.types import FilePath

CATEGORY = "CSV"
ICON = "file-type-csv"


_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?![0-9])")

_QUOTING: dict[str, Literal[0, 1, 2]] = {
    "where needed": csv.QUOTE_MINIMAL,
    "texts": csv.QUOTE_NONNUMERIC,
    "all": csv.QUOTE_ALL,
}


@dataclass(frozen=True, slots=True)
class CsvWritten:
    """What was written.

    Attributes:
        path: The file's absolute path.
        count: The number of rows written, without the header.
    """

    path: FilePath
    count: int


@dataclass(frozen=True, slots=True)
class CsvAppended:
    """What was appended.

    Attributes:
        path: The file's absolute path.
        count: The number of rows appended.
        notes: What is doubtful about the file that rows were appended to. Empty in the ordinary case.
    """

    path: FilePath
    count: int
    notes: list[str]


@activity(id="csv.write", title="Write CSV", raises=WRITE_ERRORS, blocking=True)
def write(
    context: Context,
    /,
    *,
    path: FilePath,
    rows: Table,
    delimiter: WrittenDelimiter = ",",
    encoding: WrittenEncoding = "utf-8",
    header: bool = True,
    decimal: Literal[".", ","] = ".",
    date_pattern: OptionalPattern = "",
    quoting: Quoting = "where needed",
    line_end: LineEnd = "crlf",
    guard_formulas: bool = False,
) -> CsvWritten:
    """Write a table into a CSV file.

    A file of that name is replaced once the new one is complete. Null is an empty field, dates are written as
    2026-01-31, lists and objects as JSON.

    Args:
        path: The file.
        rows: The rows: a table or a list of objects.
        delimiter: What separates the fields; any single sign can be written.
        encoding: How letters are stored; Excel recognises `utf-8-sig` automatically.
        header: Whether the columns' names are the first row.
        decimal: What separates the fraction of a number.
        date_pattern: How dates are written, such as %d.%m.%Y; empty writes 2026-01-31 and 2026-01-31 10:20:30.
            A time is added where the pattern has none and a column needs it.
        quoting: Which fields get quotes.
        line_end: How a row ends: as on Windows (crlf), which most programs expect, on Linux (lf), or old Macs (cr).
        guard_formulas: Whether texts that a spreadsheet would compute (that begin with =, +, -, @) get an apostrophe.
    """
    file = context.path(path)
    values = ValueForm(decimal, patterns_with_times(rows, date_pattern), guard_formulas)
    mark = mark_of(delimiter)
    end = LINE_ENDS[line_end]
    is_ordinary = quoting == "where needed" and encoding.startswith("utf-8") and not (date_pattern or guard_formulas)
    with (
        replacing(file) as draft,
        draft.open("wb") as raw,
        TextIOWrapper(raw, encoding=codec_of(encoding), newline="") as target,
        _writable(file, encoding),
    ):
        writer = row_writer(target, end, delimiter=mark, quoting=_QUOTING[quoting])
        if header:
            _write_names(writer, rows, values)
        target.write("")  # A byte order mark comes with the first text, even if there is none.
        target.flush()
        if not (is_ordinary and write_quickly(raw, rows, mark, end, decimal, context)):
            _write_rows(context, writer, rows, values)
    return CsvWritten(str(file), len(rows))


@activity(id="csv.append", title="Append to CSV", raises=(*READ_ERRORS, *WRITE_ERRORS[1:], CsvError), blocking=True)
def append(
    context: Context,
    /,
    *,
    path: FilePath,
    rows: Table,
    delimiter: Delimiter = "auto",
    encoding: Encoding = "auto",
    header: bool = True,
    decimal: Literal["auto", ".", ","] = "auto",
    date_pattern: OptionalPattern = "",
    guard_formulas: bool = False,
) -> CsvAppended:
    """Add rows at the end of a CSV file, as the file is written.

    Columns are matched by the names in the file's first row, whatever their order. Its separator, encoding, line
    ends and quotes are kept, and so are each column's decimal sign and its forms of dates and of true and false.
    A missing file is created, with commas and in UTF-8 where nothing is stated.

    Args:
        path: The file.
        rows: The rows: a table or a list of objects.
        delimiter: What separates the fields; `auto` takes what the file has.
        encoding: How letters are stored; `auto` takes what the file has.
        header: Whether the file's first row holds the names of its columns. Otherwise the order counts.
        decimal: What separates the fraction of a number; `auto` takes what each column of the file has.
        date_pattern: How dates are written, such as %d.%m.%Y; empty takes what each column of the file has.
        guard_formulas: Whether texts that a spreadsheet would compute (that begin with =, +, -, @) get an apostrophe.
    """
    file = context.path(path)
    with locked(context, file), explained(file):
        if not file.exists() or file.stat().st_size == 0:
            created = write(
                context,
                path=path,
                rows=rows,
                delimiter="," if delimiter == AUTO else delimiter,
                encoding="utf-8" if encoding == AUTO else encoding,
                header=header,
                decimal="." if decimal == "auto" else decimal,
                date_pattern=date_pattern,
                guard_formulas=guard_formulas,
            )
            return CsvAppended(created.path, created.count, [])
        require_file(file)
        form = form_of(file, context, delimiter, encoding, header)
        aligned = _aligned(rows, form, file, header)
        decimals = form.decimals or "." if decimal == "auto" else decimal
        with _appending(file, form) as target, _writable(file, form.encoding):
            writer = form.writer(target)
            patterns = date_pattern or _patterns(context, aligned, form)
            values = ValueForm(
                decimals, patterns_with_times(aligned, patterns), guard_formulas, form.booleans[: len(aligned.columns)]
            )
            if form.is_without_rows and header:
                _write_names(writer, aligned, values)
            _write_rows(context, writer, aligned, values)
    return CsvAppended(str(file), len(rows), context.notes)


def _aligned(rows: Table, form: FileForm, file: Path, header: bool) -> Table:
    """The rows with their columns in the file's order."""
    if form.is_without_rows or rows.columns == form.columns:
        return rows
    if not header:
        if len(rows.columns) != len(form.columns):
            raise InputError(
                f"{file} has {len(form.columns)} columns, but the rows have {len(rows.columns)}. "
                "Without a `header`, both need the same number."
            )
        return rows
    unknown = ", ".join(f"`{name}`" for name in rows.columns if name not in form.columns)
    if unknown:
        raise InputError(f"{file} has no column {unknown}. Its columns: {', '.join(form.columns)}.")
    positions = [rows.columns.index(name) if name in rows.columns else None for name in form.columns]
    return Table.from_rows(
        form.columns,
        ([None if position is None else row[position] for position in positions] for row in rows.rows()),
    )


def _patterns(context: Context, rows: Table, form: FileForm) -> tuple[str, ...] | str:
    """How the dates of each column are written: as in the file; warns where its form is not known."""
    if form.is_without_rows:
        return ""
    for number, name in enumerate(form.columns):
        example = form.examples[number]
        if (
            example
            and not form.date_patterns[number]
            and not _ISO.match(example)
            and any(holds_dates(chunk[number]) for chunk in rows.chunks())
        ):
            context.warn(
                f"`{name}` has texts such as `{example[:40]}`, whose form of dates is not known. Dates are written as "
                "2026-01-31. State `date_pattern` to be sure."
            )
    return form.date_patterns


@contextmanager
def _appending(file: Path, form: FileForm) -> Iterator[TextIO]:
    """The end of a file, to write to; after an error the file is as long as it was."""
    size = file.stat().st_size
    end = _cut_dos_end(file)
    try:
        with file.open("a", encoding=form.codec, newline="") as target:
            if not form.is_ended:
                target.write(form.line_end)
            yield target
    except BaseException:
        with suppress(OSError):
            os.truncate(file, size - len(end))
            with file.open("ab") as raw:
                raw.write(end)
        raise


def _cut_dos_end(file: Path) -> bytes:
    """Remove DOS's sign at the end of a file, behind which rows would not be found; gives what was removed."""
    end = DOS_END.encode()
    with file.open("r+b") as raw:
        raw.seek(-1, os.SEEK_END)
        if raw.read(1) != end:
            return b""
        raw.seek(-1, os.SEEK_END)
        raw.truncate()
    return end


@contextmanager
def _writable(file: Path, encoding: str) -> Iterator[None]:
    try:
        yield
    except UnicodeEncodeError as error:
        raise InputError(
            f"{quoted(error.object[error.start : error.end])} cannot be written to {file.name} in {encoding}. "
            "Choose the encoding utf-8."
        ) from None
    except csv.Error as error:
        raise InputError(f"A row cannot be written to {file.name}: {error}.") from None


def _write_names(writer: Any, rows: Table, values: ValueForm) -> None:
    if rows.columns:
        writer.writerow(values.texts(rows.columns))


def _write_rows(context: Context, writer: Any, rows: Table, values: ValueForm) -> None:
    for columns in rows.chunks():
        context.raise_if_stopped()
        writer.writerows(zip(*values.columns(columns), strict=True))
