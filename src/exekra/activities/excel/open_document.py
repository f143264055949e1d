"""What the XML of an OpenDocument spreadsheet tells before its reader reads it: which cells show an error."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice, product
from typing import IO
from xml.parsers import expat

_ERROR = b'value-type="error"'
_PIECE = 1 << 20
_MOST = 1_000_000
"""Cells that are noted: one that shows an error can be repeated to the end of a sheet."""


def error_cells(stream: IO[bytes], sheet: str) -> list[tuple[int, int]]:
    """The row and the column, counted from 0, of each cell of a sheet that shows an error.

    Nothing for a file that is damaged: its reader says so.
    """
    reader = _Reader(sheet)
    with (
        suppress(
            zipfile.BadZipFile, KeyError, RuntimeError, NotImplementedError, EOFError, zlib.error, expat.ExpatError
        ),
        zipfile.ZipFile(stream) as package,
    ):
        if _has_errors(package):  # Few have one, and to parse all takes its time.
            for piece in _pieces(package):
                reader.parser.Parse(piece)
    return reader.found


def _pieces(package: zipfile.ZipFile) -> Iterator[bytes]:
    with package.open("content.xml") as part:
        while piece := part.read(_PIECE):
            yield piece


def _has_errors(package: zipfile.ZipFile) -> bool:
    rest = b""
    for piece in _pieces(package):
        if _ERROR in rest + piece:
            return True
        rest = piece[-len(_ERROR) :]
    return False


class _Reader:
    """Counts rows and cells, which may stand for several."""

    def __init__(self, sheet: str) -> None:
        self.found: list[tuple[int, int]] = []
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self._sheet = sheet
        self._depth = 0
        self._row = self._next_row = self._column = 0

    def _start(self, name: str, given: dict[str, str]) -> None:
        kind = name.rpartition(":")[2]
        if kind == "table":
            inside = self._depth or _local(given, "name") == self._sheet
            self._depth += bool(inside)
        elif self._depth == 1 and kind == "table-row":
            self._row, self._column = self._next_row, 0
            self._next_row += _repeated(given, "number-rows-repeated")
        elif self._depth == 1 and kind in ("table-cell", "covered-table-cell"):
            width = _repeated(given, "number-columns-repeated")
            if "error" in (value for key, value in given.items() if key.endswith(":value-type")):
                rows, columns = range(self._row, self._next_row), range(self._column, self._column + width)
                self.found += islice(product(rows, columns), _MOST - len(self.found))
            self._column += width

    def _end(self, name: str) -> None:
        if self._depth and name.rpartition(":")[2] == "table":
            self._depth -= 1


def _local(given: dict[str, str], name: str) -> str | None:
    return next((value for key, value in given.items() if key.rpartition(":")[2] == name), None)


def _repeated(given: dict[str, str], name: str) -> int:
    text = _local(given, name) or ""
    return int(text) if text.isdecimal() else 1
