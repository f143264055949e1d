"""How an existing CSV file is written, so that more rows can be added in the same form."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from exekra.activities.csv.date_forms import pattern_of
from exekra.activities.csv.dialect import (
    SAMPLE,
    CsvError,
    Dialect,
    column_names,
    guess_dialect,
    line_end_of,
    quotes_all,
)
from exekra.activities.csv.numbers import ALL_FORMS, has_fraction
from exekra.activities.csv.rows import DOS_END, read_rows
from exekra.activities.csv.text_of_values import row_writer
from exekra.activities.encodings import Detected, codec_behind, detect, open_text
from exekra.sdk.context import Context

_SAMPLE_ROWS = 1000
"""How many rows show the form of each column."""

_BLOCK = 1 << 16

_MARK_SIZES = {"utf-16": 2, "utf-32": 4}


@dataclass(frozen=True, slots=True)
class FileForm:
    """How a file is written.

    Attributes:
        columns: The names of its columns, or as many names as it has columns.
        dialect: Its separator and quotes.
        encoding: Its encoding, by our name.
        codec: What writes more text behind its text: without a mark of its own.
        line_end: How its rows end.
        is_ended: Whether its last row has an end.
        quotes_all: Whether all of its fields have quotes.
        decimals: The decimal sign of each column.
        date_patterns: How each column's dates are written; empty where it has none, or where that is not known.
        booleans: What each column has for true and false; the usual where it has none.
        examples: A text of each column; empty where it has none.
        is_without_rows: Whether there is nothing in it but a mark or a line for Excel.
    """

    columns: tuple[str, ...]
    dialect: Dialect
    encoding: str
    codec: str
    line_end: str
    is_ended: bool
    quotes_all: bool
    decimals: tuple[str, ...]
    date_patterns: tuple[str, ...]
    booleans: tuple[tuple[str, str], ...]
    examples: tuple[str, ...]
    is_without_rows: bool

    def writer(self, target: TextIO) -> Any:
        """A writer of rows in this form."""
        dialect = self.dialect
        return row_writer(
            target,
            self.line_end,
            delimiter=dialect.mark,
            quotechar=dialect.quote or '"',
            doublequote=not dialect.backslash,
            escapechar="\\" if dialect.backslash else None,
            quoting=csv.QUOTE_ALL if self.quotes_all else csv.QUOTE_MINIMAL,
        )


def form_of(file: Path, context: Context, delimiter: str, encoding: str, header: bool) -> FileForm:
    """How a file that has content is written; doubts are warnings.

    Raises:
        CsvError: It is damaged as far as was read, or its encoding cannot be added to.
    """
    found = detect(file, encoding, CsvError)
    for note in found.notes:
        context.warn(note)
    if found.encoding == "iso-2022-jp":
        raise CsvError(
            f"{file} is {found.encoding}, to which nothing can be added. Read it and write it again as UTF-8."
        )
    with open_text(file, found, CsvError) as source:
        sample = source.read(SAMPLE)
        whole = len(sample) < SAMPLE
        dialect, notes = guess_dialect(
            sample, whole=whole, delimiter=delimiter, quote="auto", escape="auto", header=header, skip=0
        )
        for note in notes:
            context.warn(note)
        source.seek(0)
        columns: tuple[str, ...] = ()
        texts: list[list[str]] = []
        for _, row in read_rows(source, str(file), dialect, 1 if dialect.hint else 0, lambda message: None):
            context.raise_if_stopped()
            if not any(row):
                continue
            if not columns:
                columns = column_names(row if header else [""] * len(row))
                if header:
                    continue
            texts.append(row)
            if len(texts) == _SAMPLE_ROWS:
                _require_closed_quotes(file, found, dialect, context)
                break
    by_column = [[row[number] for row in texts if len(row) > number] for number in range(len(columns))]
    filled = [[text.strip() for text in column if text.strip()] for column in by_column]
    return FileForm(
        columns=columns,
        dialect=dialect,
        encoding=found.encoding,
        codec=codec_behind(_head(file), found.codec),
        line_end=line_end_of(sample),
        is_ended=_is_ended(file, found.codec),
        quotes_all=quotes_all(sample, dialect),
        decimals=tuple(map(_decimal, by_column)),
        date_patterns=tuple(map(pattern_of, filled)),
        booleans=tuple(map(_booleans, filled)),
        examples=tuple(column[0] if column else "" for column in filled),
        is_without_rows=not columns,
    )


def _require_closed_quotes(file: Path, found: Detected, dialect: Dialect, context: Context) -> None:
    """Look through a whole file, which is many times quicker than reading its rows, so that nothing is added to damage.

    Raises:
        CsvError: A quote is never closed, there is a zero byte, or the file does not fit its encoding.
    """
    quotes = 0
    is_odd = dialect.backslash
    with open_text(file, found, CsvError) as source:
        while block := source.read(_BLOCK):
            context.raise_if_stopped()
            quotes += block.count(dialect.quote) if dialect.quote else 0
            is_odd = is_odd or "\0" in block
        if is_odd or quotes % 2:  # Reading the rows says where, or that they are as they should be.
            source.seek(0)
            for _ in read_rows(source, str(file), dialect, 0, lambda message: None):
                context.raise_if_stopped()


def _head(file: Path) -> bytes:
    with file.open("rb") as source:
        return source.read(4)


def _is_ended(file: Path, codec: str) -> bool:
    """Whether the file ends with the end of a line."""
    unit = 4 if codec.startswith("utf-32") else 2 if codec.startswith("utf-16") else 1
    with file.open("rb") as source:
        source.seek(0, 2)
        size = source.tell()
        source.seek(max(0, size - unit))
        last = source.read(unit)
        if last == DOS_END.encode():
            source.seek(max(0, size - 2))
            last = source.read(1)
    return last.strip(b"\0") in (b"\r", b"\n") or size <= _MARK_SIZES.get(codec, 3 if codec == "utf-8-sig" else 0)


def _decimal(texts: list[str]) -> str:
    """The decimal sign of a column's numbers; the point where none has a fraction."""
    numbers = [text.strip() for text in texts if any(form.fits(text.strip()) for form in ALL_FORMS)]
    with_fraction = [text for text in numbers if has_fraction(text)]
    commas = sum(text.rfind(",") > text.rfind(".") for text in with_fraction)
    return "," if commas * 2 > len(with_fraction) else "."


def _booleans(texts: list[str]) -> tuple[str, str]:
    """What true and false are in a column: the usual, unless all of its texts have another form."""
    forms = (("true", "false"), ("True", "False"), ("TRUE", "FALSE"), *_OTHER_BOOLEANS)
    return next((form for form in forms if texts and set(texts) <= set(form)), forms[0])


_OTHER_BOOLEANS = (("yes", "no"), ("Yes", "No"), ("YES", "NO"), ("ja", "nein"), ("Ja", "Nein"), ("JA", "NEIN"))
