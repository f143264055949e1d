"""Read text files of rows with separators: everything that is guessed can be stated, and every doubt is said."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Annotated, Any, Literal, TextIO

from annotated_types import Ge, Le

from exekra.activities.csv.blocks import NotOrdinaryError
from exekra.activities.csv.dialect import (
    LINE_END_NAMES,
    SAMPLE,
    CsvError,
    Delimiter,
    Dialect,
    Escape,
    LineEnd,
    Quote,
    Quoting,
    column_names,
    guess_dialect,
    line_end_of,
    name_of,
    not_rows,
    quotes_all,
)
from exekra.activities.csv.numbers import ALL_FORMS, Decimal
from exekra.activities.csv.quick import QuickRows
from exekra.activities.csv.rows import read_rows, without_comments
from exekra.activities.csv.types import BLANKS, Typed, TypeRules, typed_table
from exekra.activities.disk import READ_ERRORS, explained, require_file
from exekra.activities.encodings import Detected, Encoding, detect, open_text
from exekra.kit.numbers import Thousands
from exekra.kit.text import quoted
from exekra.sdk.activity import activity
from exekra.sdk.context import Context
from exekra.sdk.table import CHUNK_ROWS, Table, TableWriter
from exekra.sdk.types import FilePath, Text, When

CATEGORY = "CSV"
ICON = "file-type-csv"


@dataclass(frozen=True, slots=True)
class CsvRead:
    """What was read.

    Attributes:
        rows: The rows as a table.
        count: The number of rows.
        delimiter: The separator of the file.
        encoding: The encoding of the file.
        line_end: How its rows end: `crlf`, `lf` or `cr`.
        decimal: The decimal sign of its numbers.
        quoting: Which fields have quotes: `all` or `where needed`.
        notes: What is doubtful: guesses that may be wrong, and what looks odd. Empty in the ordinary case.
    """

    rows: Table
    count: int
    delimiter: str
    encoding: str
    line_end: LineEnd
    decimal: Literal[".", ","]
    quoting: Quoting
    notes: list[str]


@activity(id="csv.read", title="Read CSV", raises=(*READ_ERRORS, CsvError), blocking=True)
def read(
    context: Context,
    /,
    *,
    path: FilePath,
    delimiter: Delimiter = "auto",
    encoding: Encoding = "auto",
    header: bool = True,
    types: Literal["auto", "text"] = "auto",
    decimal: Annotated[Decimal, When(types="auto")] = "auto",
    thousands: Annotated[Thousands, When(types="auto")] = "auto",
    nulls: Annotated[tuple[str, ...], When(types="auto")] = (),
    quote: Quote = "auto",
    escape: Escape = "auto",
    skip_rows: Annotated[int, Ge(0), Le(1_000_000)] = 0,
    skip_empty_rows: bool = True,
    comment: Text = "",
) -> CsvRead:
    """Read a CSV file as a table.

    With the types `auto`, a column becomes numbers, true and false, or dates (2026-01-31, 31.01.2026) where every
    filled field of it is one, and empty fields become null. What may be a code stays text: 007, 12E12, numbers of
    more than 18 digits. A row that is too short is filled up; one that is too long is an error, as is a quote that is
    never closed. Excel's first line `sep=;` names the separator. What was guessed and may be wrong is in `notes`.

    Args:
        path: The file.
        delimiter: What separates the fields; `auto` finds it out. Any single sign can be written.
        encoding: How letters are stored; `auto` takes the file's mark, UTF-8 where it fits, otherwise the encoding that
            its letters suggest.
        header: Whether the first row holds the columns' names. Otherwise they are named Column 1, Column 2.
        types: Whether numbers and dates are recognised, or everything is kept as text.
        decimal: What separates the fraction of a number; `auto` takes the comma where a column can have no other.
        thousands: What separates thousands; `auto` takes what goes with the decimal sign.
        nulls: Texts that mean null, such as N/A.
        quote: What surrounds fields that hold the separator; `auto` is ".
        escape: How a quote inside of quotes is written: twice, or with a backslash before it.
        skip_rows: How many lines above the names, or the first row, are left out.
        skip_empty_rows: Whether rows without any content are left out.
        comment: How lines begin that are left out, such as #; empty leaves out none.
    """
    file = context.path(path)
    require_file(file, context)
    with explained(file):
        found = detect(file, encoding, CsvError)
        for note in found.notes:
            context.warn(note)
        with open_text(file, found, CsvError) as source:
            sample = without_comments(source.read(SAMPLE), comment)
            _require_rows(context, file, sample)
            dialect, notes = guess_dialect(
                sample,
                whole=source.read(1) == "",
                delimiter=delimiter,
                quote=quote,
                escape=escape,
                header=header,
                skip=skip_rows,
            )
            for note in notes:
                context.warn(note)
            source.seek(0)
            layout = _Layout(
                file, found, dialect, max(skip_rows, 1 if dialect.hint else 0), header, skip_empty_rows, comment
            )
            rules = TypeRules(decimal, thousands, frozenset(nulls)) if types == "auto" else None
            typed = _read(context, source, layout, rules)
    for name, remark in typed.remarks.items():
        (context.warn if remark.is_doubtful else context.note)(f"`{name}`: {remark.text}")
    if rules:
        _look_at_last_row(context, typed)
    return CsvRead(
        rows=typed.table,
        count=len(typed.table),
        delimiter=name_of(dialect.mark),
        encoding=found.encoding,
        line_end=LINE_END_NAMES[line_end_of(sample)],
        decimal=typed.decimal,
        quoting="all" if quotes_all(sample, dialect) else "where needed",
        notes=context.notes,
    )


@dataclass(frozen=True, slots=True)
class _Layout:
    """What is known of a file before its rows are read."""

    file: Path
    found: Detected
    dialect: Dialect
    skip: int
    header: bool
    skip_empty_rows: bool
    comment: str


def _read(context: Context, source: TextIO, layout: _Layout, rules: TypeRules | None) -> Typed:
    rows = read_rows(source, str(layout.file), layout.dialect, layout.skip, context.warn, comment=layout.comment)
    line, first = next(((line, row) for line, row in rows if any(map(_content, row))), (0, None))
    if first is None:
        return Typed(Table(()), {}, ".")
    names = column_names(first if layout.header else [""] * len(first))
    if layout.header:
        _look_at_names(context, first, line)
    above = line + sum(field.count("\n") for field in first) if layout.header else line - 1
    quick = QuickRows(layout.file, layout.found, layout.dialect, above, len(names), layout.skip_empty_rows, context)
    if not layout.comment and quick.may_fit and (typed := _read_quickly(quick, names, rules)):
        return typed
    table = _read_in_python(context, rows, layout, line, first, names)
    return typed_table(table, rules) if rules else Typed(table, {}, ".")


def _read_quickly(rows: QuickRows, names: Sequence[str], rules: TypeRules | None) -> Typed | None:
    """The rows by the engine, or None where the other reader is needed."""
    from exekra.activities.csv import typed_columns

    try:
        if rules is None:
            return Typed(typed_columns.text_columns(rows, names), {}, ".")
        return typed_columns.typed_columns(rows, names, rules)
    except NotOrdinaryError:
        return None


def _read_in_python(
    context: Context,
    rows: Iterator[tuple[int, list[str]]],
    layout: _Layout,
    line: int,
    first: list[str],
    names: Sequence[str],
) -> Table:
    if layout.skip_empty_rows:
        # A line `""` is the empty field of the one column that there is, and not an empty line.
        only = len(first) == 1
        rows = ((number, row) for number, row in rows if any(map(_content, row)) or (only and row))
    fitter = _Fitter(context, layout, len(names), line)
    writer = TableWriter(names)
    if not layout.header:
        writer.append(first)
    while chunk := list(islice(rows, CHUNK_ROWS)):
        context.raise_if_stopped()
        writer.extend(fitter.fitted(chunk))
    fitter.say()
    return writer.finish()


def _require_rows(context: Context, file: Path, sample: str) -> None:
    """Refuse what is surely another kind of text, and say what may be one."""
    match not_rows(sample):
        case "JSON":
            context.warn(f"{file} looks like JSON. If it is, use Read JSON file, or Read JSON lines.")
        case str() as kind:
            raise CsvError(f"{file} is {kind}, not rows with separators. Ask the program that wrote it for CSV.")


def _content(field: str) -> str:
    return field.strip(BLANKS)


def _look_at_names(context: Context, first: Sequence[str], line: int) -> None:
    """Say what is odd about a row of names."""
    filled = [name.strip() for name in first if name.strip()]
    doubled = dict.fromkeys(name for name in filled if filled.count(name) > 1)
    if doubled:
        listed = ", ".join(f"`{name}`" for name in list(doubled)[:5])
        context.warn(f"Several columns have the name {listed}; the later ones got a number behind it.")
    if len(filled) == 1 and len(first) > 2:
        context.warn(
            f"Line {line} was taken for the names of {len(first)} columns, but has only `{filled[0][:60]}`. If it is a "
            "title, leave it out with `skip_rows`."
        )
    if filled and all(any(form.fits(name) for form in ALL_FORMS[:2]) for name in filled):
        context.warn(
            f"The first row was taken for the names of the columns, but holds numbers ({', '.join(filled[:3])}). "
            "If it is data, switch `header` off."
        )


def _look_at_last_row(context: Context, typed: Typed) -> None:
    """Say where the last row looks like a footer: a text, in a column that has only numbers above it."""
    table = typed.table
    if not len(table):
        return
    last, above = table[len(table) - 1], table[-1 - _ROWS_ABOVE : -1]
    for name, value in last.items():
        if not isinstance(value, str) or _is_number(value) or name in typed.remarks:
            continue
        others = [other for other in above.column(name) if other is not None]
        if len(others) > 1 and all(map(_is_number, others)):
            context.warn(
                f"The last row looks like a footer: it has {quoted(value)} in `{name}`, with only numbers above it, so "
                "all stay text. Name the text in `nulls`, or filter the row out and use Convert column."
            )


_ROWS_ABOVE = 100
"""How many rows above a footer are looked at."""


def _is_number(value: Any) -> bool:
    return isinstance(value, str) and any(form.fits(value.strip(BLANKS)) for form in ALL_FORMS)


class _Fitter:
    """Gives each row as many fields as there are names, and remembers the rows that were too short."""

    def __init__(self, context: Context, layout: _Layout, width: int, names_line: int) -> None:
        self._context = context
        self._file = layout.file
        self._width = width
        self._names_line = names_line
        self._short = 0
        self._first_short = 0
        self._begins = ""
        self._last = 0

    def fitted(self, rows: Sequence[tuple[int, list[str]]]) -> Iterator[list[str]]:
        """The rows in the width of the table.

        Raises:
            CsvError: One has more fields that hold something.
        """
        width = self._width
        for line, row in rows:
            self._last = line
            if len(row) == width:
                yield row
            elif len(row) < width:
                if row:
                    self._short += 1
                    self._first_short = self._first_short or line
                    self._begins = self._begins or row[0]
                yield row + [""] * (width - len(row))
            elif any(row[width:]):
                raise self._too_long(line, row)
            else:
                yield row[:width]

    def say(self) -> None:
        """Warn of rows that were too short."""
        if not self._short:
            return
        many = "1 row has" if self._short == 1 else f"{self._short:,} rows have"
        reason = "The file may be cut or damaged there."
        if self._begins.startswith("#"):
            reason = "Lines that begin with # are left out by `comment`."
        elif self._first_short == self._last:
            reason = "It is the last row: it may be a footer, or the file may be cut."
        self._context.warn(
            f"{many} fewer fields than there are columns, the first in line {self._first_short}; the rest is null. "
            f"{reason}"
        )

    def _too_long(self, line: int, row: list[str]) -> CsvError:
        columns = "is 1 column" if self._width == 1 else f"are {self._width} columns"
        begins = ", ".join(map(quoted, row[:3]))
        message = (
            f"The row in line {line} of {self._file} has {len(row)} fields, but there {columns}. It begins "
            f"{begins}. Fields that hold the separator need quotes around them; or choose another `delimiter`."
        )
        if line <= self._names_line + 2:
            message += (
                f" If line {self._names_line} is not the row of names but a title or a comment, leave it out with "
                "`skip_rows` or `comment`."
            )
        return CsvError(message)
