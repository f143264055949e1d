"""The rows of a CSV file with the line in which each begins; damage is an error that names its line."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator
from typing import TextIO

from exekra.activities.csv.dialect import CsvError, Dialect

_LONGEST_FIELD = 10_000_000

DOS_END = "\x1a"
"""The sign that programs of DOS and dBase put at the end of a file; it is not a part of its text."""

_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"

Warn = Callable[[str], None]


class _Lines:
    """The lines of a file, counted; keeps those of the row that is being read."""

    def __init__(self, source: TextIO, name: str, warn: Warn, comment: str) -> None:
        self._comment = comment
        self._source = source
        self._name = name
        self._warn = warn
        self.number = 0
        self._following: str | None = None
        self.of_row: list[str] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._next_line()
        while self._comment and not self.of_row and line.startswith(self._comment):
            line = self._next_line()
        self.of_row.append(line)
        return line

    def _next_line(self) -> str:
        line = self._following if self._following is not None else next(self._source)
        self._following = None
        if line.endswith(DOS_END):
            self._following = next(self._source, None)
            line = line if self._following is not None else line.rstrip(DOS_END)
            if not line:
                raise StopIteration
        self.number += 1
        if "\0" in line:
            raise CsvError(
                f"{self._name} holds a zero byte in line {self.number}: it is damaged, is not text, or its "
                "encoding is another one: choose `encoding`."
            )
        if line.startswith(_MARK) and self.number > 1:
            self._warn(
                f"{self._name}, line {self.number}: a byte order mark stands inside of the file, as where two were "
                "joined. It was left out; the names may stand there again."
            )
            line = line.removeprefix(_MARK)
        return line


def without_comments(text: str, comment: str) -> str:
    """The text without the lines that begin with `comment`."""
    return re.sub(rf"^{re.escape(comment)}[^\r\n]*(?:\r\n|\r|\n|\Z)", "", text, flags=re.MULTILINE) if comment else text


def read_rows(
    source: TextIO, name: str, dialect: Dialect, skip: int, warn: Warn, *, comment: str = ""
) -> Iterator[tuple[int, list[str]]]:
    """Each row with the number of the line in which it begins; a line without anything is an empty row.

    Args:
        source: The text, with its line ends as they are.
        name: The file, for sentences.
        dialect: How the rows are written.
        skip: How many lines to skip at the beginning.
        warn: Takes what is doubtful.
        comment: How lines begin that are left out.

    Raises:
        CsvError: A quote is never closed, or closes where no field ends; a zero byte; a field without an end.
    """
    csv.field_size_limit(_LONGEST_FIELD)
    lines = _Lines(source, name, warn, comment)
    for _ in range(skip):
        lines.of_row.clear()
        next(lines, None)
    reader = dialect.reader(lines, strict=True)
    while True:
        lines.of_row.clear()
        begin = lines.number + 1
        try:
            row = next(reader)
        except StopIteration:
            break
        except csv.Error as error:
            row = _mended(lines, begin, name, dialect, str(error), warn)
        if lines.number > begin:
            _look_for_swallowed_rows(row, begin, name, dialect, warn)
        yield begin, row


def _mended(lines: _Lines, begin: int, name: str, dialect: Dialect, error: str, warn: Warn) -> list[str]:
    """The row of a line with text behind a closing quote, as Excel reads it; all else is damage."""
    if "field larger" in error:
        raise CsvError(
            f"{name} cannot be read as CSV: a field that begins in line {begin} has more than {_LONGEST_FIELD:,} "
            "letters. A quote is never closed, or it is not a text file."
        )
    quote = dialect.quote or '"'
    if "expected after" in error and lines.number == begin:
        row = next(dialect.reader(lines.of_row, strict=False))
        warn(
            f"{name}, line {begin}: text follows a closing quote. The field was read as it stands; if fields "
            f"are wrong, choose the `quote` none, or the `escape` backslash."
        )
        return row
    opened = _opening_line(lines.of_row, begin, dialect)
    if "expected after" in error:
        raise CsvError(
            f"{name} is damaged: a quote ({quote}) that opens in line {opened} closes in line {lines.number} in the "
            "middle of a field. Close it where it belongs, or choose the `quote` none."
        )
    raise CsvError(
        f"{name} is damaged: a quote ({quote}) that opens in line {opened} is never closed. Close it, or choose the "
        "`quote` none; the file may be cut, too."
    )


def _opening_line(lines: list[str], begin: int, dialect: Dialect) -> int:
    """The line in which the last quote opens that is not closed there."""
    open_since, inside = begin, False
    for number, line in enumerate(lines, begin):
        for found in re.finditer(re.escape(dialect.quote or '"'), line):
            before = line[: found.start()].rstrip(" ") if dialect.blank else line[: found.start()]
            if inside:
                inside = False
            elif not before or before.endswith((dialect.mark, dialect.quote or '"')):
                open_since = open_since if before.endswith(dialect.quote or '"') else number
                inside = True
    return open_since


def _look_for_swallowed_rows(row: list[str], begin: int, name: str, dialect: Dialect, warn: Warn) -> None:
    """Say where a field of several lines holds what looks like rows: a quote too many does that."""
    for field in row:
        inner = re.split(r"\r\n|\r|\n", field)[1:-1]
        if len(row) > 1 and any(line.count(dialect.mark) == len(row) - 1 for line in inner):
            warn(
                f"{name}, line {begin}: a field in quotes spans {len(inner) + 2} lines that look like rows. "
                "If they are, a quote is missing, or there is one too many."
            )
