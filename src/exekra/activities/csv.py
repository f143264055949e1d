"""Read and write text files of rows with separators, whatever program and country they come from."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import islice
from pathlib import Path
from typing import Annotated, Any, Literal

from exekra.activities.column_names import unique_names
from exekra.activities.column_types import typed_table
from exekra.activities.disk import READ_ERRORS, WRITE_ERRORS, explained, replacing, require_file
from exekra.activities.encodings import Encoding, detect_encoding
from exekra.activities.json_text import json_text
from exekra.sdk.activity import activity
from exekra.sdk.context import Context
from exekra.sdk.errors import BusinessError, InputError
from exekra.sdk.table import CHUNK_ROWS, Table, TableWriter
from exekra.sdk.types import FilePath, When

CATEGORY = "CSV"
ICON = "file-type-csv"

Delimiter = Literal["auto", ",", ";", "tab", "|"]
WrittenDelimiter = Literal[",", ";", "tab", "|"]

_LONGEST_FIELD = 10_000_000
_SAMPLE = 65_536


class CsvError(BusinessError):
    """The file is not laid out as rows with separators."""


@dataclass(frozen=True, slots=True)
class CsvRead:
    """What was read.

    Attributes:
        rows: The rows as a table.
        count: The number of rows.
        delimiter: The separator of the file.
        encoding: The encoding of the file.
    """

    rows: Table
    count: int
    delimiter: str
    encoding: str


@dataclass(frozen=True, slots=True)
class CsvWritten:
    """What was written.

    Attributes:
        path: The file's absolute path.
        count: The number of rows written, without the header.
    """

    path: str
    count: int


@activity(title="Read CSV", raises=(*READ_ERRORS, CsvError), blocking=True)
def read(
    context: Context,
    /,
    *,
    path: FilePath,
    delimiter: Delimiter = "auto",
    encoding: Encoding = "auto",
    header: bool = True,
    types: Literal["auto", "text"] = "auto",
    decimal: Annotated[Literal[".", ","], When(types="auto")] = ".",
    skip_empty_rows: bool = True,
) -> CsvRead:
    """Read a CSV file as a table.

    With the types `auto`, a column becomes numbers, true and false, or dates (2026-01-31) where every filled field
    of it is one, and empty fields become null; numbers with leading zeros, such as 007, stay text. A row that is
    too short is filled up; one that is too long is an error.

    Args:
        path: The file.
        delimiter: What separates the fields; `auto` finds it out.
        encoding: How letters are stored; `auto` takes UTF-8 where it fits, otherwise Windows (cp1252).
        header: Whether the first row holds the columns' names. Otherwise they are named Column 1, Column 2.
        types: Whether numbers and dates are recognised, or everything is kept as text.
        decimal: What separates the fraction of a number.
        skip_empty_rows: Whether rows without any content are left out.
    """
    file = context.path(path)
    require_file(file, context)
    with explained(file):
        known_encoding = detect_encoding(file) if encoding == "auto" else encoding
        # cp1252 is what is left when nothing else fits, so it must take every byte; a stated encoding must be right.
        errors = "replace" if encoding == "auto" else "strict"
        with file.open(encoding=known_encoding, errors=errors, newline="") as source, _csv_errors(file):
            mark = _find_delimiter(source.read(_SAMPLE)) if delimiter == "auto" else _mark(delimiter)
            source.seek(0)
            table = _read(context, file, source, mark, header, skip_empty_rows)
    if types == "auto":
        table = typed_table(table, decimal)
    return CsvRead(table, len(table), "tab" if mark == "\t" else mark, known_encoding)


@activity(title="Write CSV", raises=WRITE_ERRORS, blocking=True)
def write(
    context: Context,
    /,
    *,
    path: FilePath,
    rows: Table,
    delimiter: WrittenDelimiter = ",",
    encoding: Literal["utf-8", "utf-8-sig", "cp1252", "latin-1", "utf-16"] = "utf-8",
    header: bool = True,
    decimal: Literal[".", ","] = ".",
) -> CsvWritten:
    """Write a table into a CSV file.

    A file of that name is replaced once the new one is complete. Null is an empty field, dates are written as
    2026-01-31, lists and objects as JSON.

    Args:
        path: The file.
        rows: The rows: a table or a list of objects.
        delimiter: What separates the fields.
        encoding: The character encoding; Excel recognises `utf-8-sig` automatically.
        header: Whether the columns' names are the first row.
        decimal: What separates the fraction of a number.
    """
    file = context.path(path)
    with replacing(file) as draft, draft.open("w", encoding=encoding, newline="") as target:
        _write(context, file, target, rows, list(rows.columns) if header else None, delimiter, decimal)
    return CsvWritten(str(file), len(rows))


@activity(title="Append to CSV", raises=(*READ_ERRORS, *WRITE_ERRORS[1:], CsvError), blocking=True)
def append(context: Context, /, *, path: FilePath, rows: Table, decimal: Literal[".", ","] = ".") -> CsvWritten:
    """Add rows at the end of a CSV file.

    Columns are matched by the names in the file's first row, whatever their order, and its separator and encoding
    are kept. A missing file is created.

    Args:
        path: The file.
        rows: The rows: a table or a list of objects.
        decimal: What separates the fraction of a number.
    """
    file = context.path(path)
    with explained(file):
        if not file.exists() or file.stat().st_size == 0:
            return write(context, path=path, rows=rows, decimal=decimal)
        require_file(file)
        encoding = detect_encoding(file)
        if encoding == "utf-16":
            raise CsvError(f"{file} is UTF-16, to which nothing can be added. Read it and write it again as UTF-8.")
        with file.open(encoding=encoding, newline="") as source, _csv_errors(file):
            mark = _find_delimiter(source.read(_SAMPLE))
            source.seek(0)
            columns = next(csv.reader(source, delimiter=mark))
        strangers = [name for name in rows.columns if name not in columns]
        if strangers:
            unknown = ", ".join(f"`{name}`" for name in strangers)
            raise InputError(f"{file} has no column {unknown}. Its columns: {', '.join(columns)}.")
        aligned = Table.from_rows(columns, ([record.get(name) for name in columns] for record in rows))
        with file.open("rb") as source_bytes:
            source_bytes.seek(-1, io.SEEK_END)
            ended = source_bytes.read(1) in b"\r\n"
        with file.open("a", encoding=encoding.removesuffix("-sig"), newline="") as target:
            if not ended:
                target.write("\r\n")
            _write(context, file, target, aligned, None, mark, decimal)
    return CsvWritten(str(file), len(rows))


def _read(context: Context, file: Path, source: io.TextIOBase, mark: str, header: bool, skip_empty_rows: bool) -> Table:
    csv.field_size_limit(_LONGEST_FIELD)
    reader = csv.reader(source, delimiter=mark)
    first = next((row for row in reader if any(row) or not skip_empty_rows), None)
    if first is None:
        return Table(())
    names = unique_names(first if header else [""] * len(first))
    width = len(names)
    writer = TableWriter(names)
    if not header:
        writer.append(first)
    while chunk := list(islice(reader, CHUNK_ROWS)):
        context.raise_if_stopped()
        if skip_empty_rows:
            chunk = [row for row in chunk if any(row)]
        if set(map(len, chunk)) - {width}:
            chunk = [_fitted(row, width, file, reader.line_num) for row in chunk]
        writer.extend(chunk)
    return writer.finish()


def _fitted(row: list[str], width: int, file: Path, line: int) -> list[str]:
    if len(row) > width and any(row[width:]):
        raise CsvError(
            f"A row of {file} (above line {line + 1}) has {len(row)} fields, but there are {width} columns. It begins "
            f"{row[:3]}. Fields that hold the separator need quotes around them; or choose another `delimiter`."
        )
    return row[:width] + [""] * (width - len(row))


@contextmanager
def _csv_errors(file: Path) -> Iterator[None]:
    try:
        yield
    except csv.Error as error:
        raise CsvError(f"{file} cannot be read as CSV: {error}. Is it a text file?") from None
    except UnicodeDecodeError as error:
        raise CsvError(
            f"{file} is not {error.encoding}: its byte {error.start} means nothing there. Choose the encoding `auto`."
        ) from None


def _find_delimiter(sample: str) -> str:
    """The separator that cuts the sample's rows into the most fields of the same number."""
    best, best_score = ",", 0.0
    lines = sample.splitlines(keepends=True)
    if len(sample) >= _SAMPLE:
        lines = lines[:-1]
    for mark in ",;\t|":
        try:
            widths = [len(row) for row in csv.reader(lines[:200], delimiter=mark) if row]
        except csv.Error:
            continue
        common = max(set(widths), key=widths.count, default=1)
        score = (common - 1) * (widths.count(common) / len(widths)) ** 2 if widths else 0.0
        if score > best_score:
            best, best_score = mark, score
    return best


def _mark(delimiter: str) -> str:
    return "\t" if delimiter == "tab" else delimiter


def _write(
    context: Context,
    file: Path,
    target: Any,
    rows: Table,
    header: list[str] | None,
    delimiter: str,
    decimal: str,
) -> None:
    writer = csv.writer(target, delimiter=_mark(delimiter))
    try:
        if header:
            writer.writerow(header)
        for columns in rows.chunks():
            context.raise_if_stopped()
            writer.writerows(zip(*(_fields(values, decimal) for values in columns), strict=True))
    except UnicodeEncodeError as error:
        raise InputError(
            f"{error.object[error.start : error.end]!r} cannot be written to {file.name} in {error.encoding}. "
            "Choose the encoding utf-8."
        ) from None


def _fields(values: Sequence[Any], decimal: str) -> Sequence[Any]:
    kinds = set(map(type, values))
    if kinds <= {str, int, type(None)} or (kinds <= {str, int, float, type(None)} and decimal == "."):
        return values
    return [_field(value, decimal) for value in values]


def _field(value: Any, decimal: str) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(value).replace(".", decimal)
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, list | tuple | dict):
        return json_text(value)
    return value
