"""What the XML of a sheet tells before its reader reads it: how far the cells reach, and which of them it overlooks.

The reader makes room for the whole rectangle around the filled cells, which one stray cell blows up. And it takes cells
for empty that show an error, or whose formula nobody computed yet. Only .xlsx and .xlsm files tell; .xls and .ods files
tell of their errors.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import IO

from exekra.activities.excel import binary_workbook, open_document
from exekra.activities.excel.areas import LAST_COLUMN, LAST_ROW, Area, Box, cell_name, column_number
from exekra.activities.excel.editing.book import Book
from exekra.activities.excel.editing.package import Package
from exekra.activities.excel.editing.styles import Styles
from exekra.activities.excel.errors import NotAWorkbookError
from exekra.activities.excel.excerpt import rows_alone
from exekra.sdk.context import Context
from exekra.sdk.errors import ExekraError

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MOST_CELLS = 100_000_000
_MANY_CELLS = 1_000_000
_FEW_ROWS = 10_000
_FILLED = re.compile(rb"""\br\s*=\s*["']([A-Za-z]+)(\d+)["'][^>]*>\s*<(?:\w+:)?(?:v|f|is)\b""")
_ERROR = re.compile(rb"""<(?:\w+:)?c(\s[^>]*?\bt=["']e["'][^>]*)>""")
_NOT_COMPUTED = re.compile(
    rb"<(?:\w+:)?c(\s[^>]*)>\s*<(?:\w+:)?f(?:\s[^>]*?)?(?:/>|>[^<]*</(?:\w+:)?f>)\s*"
    rb"(</(?:\w+:)?c>|<(?:\w+:)?v\s*/>|<(?:\w+:)?v></)"
)
_NEGATIVE = re.compile(
    rb"<(?:\w+:)?c(\s[^>]*)>\s*(?:<(?:\w+:)?f(?:\s[^>]*?)?(?:/>|>[^<]*</(?:\w+:)?f>)\s*)?"
    rb"<(?:\w+:)?v>\s*(-[\d.]+(?:[eE][+-]?\d+)?)\s*<"
)
_STYLE = re.compile(rb"""\bs=["'](\d+)["']""")
_NUMBER = re.compile(
    rb"""<(?:\w+:)?c(\s[^>]*\bs=["'](\d+)["'][^>]*)>\s*(?:<(?:\w+:)?f(?:\s[^>]*?)?(?:/>|>[^<]*</(?:\w+:)?f>)\s*)?"""
    rb"<(?:\w+:)?v>\s*(\d+)\s*<"
)
_OTHER_TYPE = re.compile(rb"""\bt=["'](?!n["'])""")
_PLACE = re.compile(rb"""\br=["']([A-Za-z]+)(\d+)["']""")
_ODD_PLACE = re.compile(rb"r(?:=['\s]|\s+=)")
_IS_ERROR = re.compile(rb"""\bt=["']e["']""")
_IS_TEXT = re.compile(rb"""\bt=["']str["']""")


@dataclass(slots=True)
class Survey:
    """The cells of an area that are filled, but are read as empty.

    Attributes:
        errors: How many show an error.
        formulas: How many have a formula without a result.
        rows: Their rows, counted from 0.
        columns: Their columns, counted from 0.
        negative: Days before the first date, which the reader takes for a time of day, by row and column.
        corrected: How many of those were read as durations.
        padded: How many numbers are shown with zeros in front, by their format.
        example: One of them, as it is shown.
        open_document: Whether it is a sheet of an .ods file.
        excerpt: The rows of the area as a workbook of their own, where the sheet has far more.
        bottom: The last filled row of the whole sheet, counted from 0, where there is an excerpt.
        shown: The columns of its cells that show an error, by row; the reader takes them for texts or for 0.
    """

    errors: int = 0
    formulas: int = 0
    rows: set[int] = field(default_factory=set)
    columns: set[int] = field(default_factory=set)
    negative: dict[int, dict[int, timedelta]] = field(default_factory=dict)
    corrected: int = 0
    padded: int = 0
    example: str = ""
    open_document: bool = False
    shown: dict[int, set[int]] = field(default_factory=dict)
    excerpt: BytesIO | None = None
    bottom: int = -1

    @property
    def box(self) -> Box | None:
        """The rectangle around them; None where there are none."""
        if not self.rows:
            return None
        return Box(min(self.rows), min(self.columns), max(self.rows), max(self.columns))

    def warn(self, context: Context, sheet: str) -> None:
        """Say how many there are."""
        if self.errors:
            cells = "1 cell shows" if self.errors == 1 else f"{self.errors:,} cells show"
            context.warn(f"{cells} an error such as #N/A in the sheet `{sheet}`; read as null.")
        if self.formulas:
            cells = "1 formula has" if self.formulas == 1 else f"{self.formulas:,} formulas have"
            context.warn(
                f"{cells} no result yet in the sheet `{sheet}`; read as null. Open the file in Excel and save it."
            )

        if self.padded:
            cells = "1 cell shows" if self.padded == 1 else f"{self.padded:,} cells show"
            context.warn(
                f"{cells} a number with zeros in front by its format in the sheet `{sheet}`, such as {self.example}; "
                f"read as {int(self.example)}."
            )

    def warn_of_negative(self, context: Context, sheet: str) -> None:
        """Say how many dates and times were read as durations."""
        if self.corrected:
            cells = "1 cell holds" if self.corrected == 1 else f"{self.corrected:,} cells hold"
            what = "a negative date or time, which Excel shows as ####,"
            context.warn(f"{cells} {what} in the sheet `{sheet}`; read as a duration.")

    def add(self, xml: bytes, area: Area, formats: _Formats | None = None) -> None:
        """Look at whole cells.

        Args:
            xml: The cells.
            area: Those that count.
            formats: What the formats of the workbook show.
        """
        if formats is not None:
            self._add_shown(xml, area, formats)
        # One letter is looked for ten times as quickly as two, and most sheets have none of these.
        if b"e" in xml and (b't="e"' in xml or b"t='e'" in xml):
            self.errors += sum(self._take(cell[1], area) for cell in _ERROR.finditer(xml))
        if b"f" in xml and (b"<f" in xml or b":f" in xml):
            for cell in _NOT_COMPUTED.finditer(xml):
                is_empty_text = _IS_TEXT.search(cell[1]) and not cell[2].endswith(b"c>")
                if not is_empty_text and not _IS_ERROR.search(cell[1]):
                    self.formulas += self._take(cell[1], area)

    def _add_shown(self, xml: bytes, area: Area, formats: _Formats) -> None:
        """Look at numbers that show something else."""
        if b"-" in xml and b"v>-" in xml:
            for cell in _NEGATIVE.finditer(xml):
                style, place = _STYLE.search(cell[1]), _place(cell[1])
                if style and place and area.covers(*place) and formats.shows_date(int(style[1])):
                    self.negative.setdefault(place[0], {})[place[1]] = timedelta(days=float(cell[2]))
        if any(b's="%d"' % style in xml for style in formats.digits):
            for cell in _NUMBER.finditer(xml):
                place, digits = _place(cell[1]), formats.digits.get(int(cell[2]), 0)
                if len(cell[3]) < digits and not _OTHER_TYPE.search(cell[1]) and place and area.covers(*place):
                    self.padded += 1
                    self.example = self.example or cell[3].decode().zfill(digits)

    def _take(self, attributes: bytes, area: Area) -> bool:
        place = _place(attributes)
        if place is None:
            return True
        if not area.covers(*place):
            return False
        self.rows.add(place[0])
        self.columns.add(place[1])
        return True


def _place(attributes: bytes) -> tuple[int, int] | None:
    """The row and the column, counted from 0, that a cell names."""
    place = _PLACE.search(attributes)
    return (int(place[2]) - 1, column_number(place[1].decode())) if place else None


def survey(file: Path, sheet: str, area: Area | None = None) -> Survey:
    """Look at a sheet before it is read.

    Raises:
        NotAWorkbookError: Its filled cells span more than can be held in memory; the message says how far they reach.
    """
    found = Survey()
    try:
        with file.open("rb") as stream:
            start = stream.read(200)
            if b"opendocument.spreadsheet" in start:
                return _survey_open_document(stream, sheet, area or Area())
            if start.startswith(_OLE):
                return _with_errors(Survey(), binary_workbook.error_cells(stream, sheet), area or Area())
            stream.seek(0)
            package = Package(file, stream, to_change=False)
            book = Book(package)
            part = book.worksheet(sheet).part
            formats = _formats(package, book)
            reach = _Reach()
            for xml in _whole_cells(package.pieces(part)):
                reach.add(xml)
                found.add(xml, area or Area(), formats)
            if reach.cells > _MANY_CELLS and area is not None:
                _take_excerpt(found, package, book, part, area)
            many = reach.cells > _MOST_CELLS and found.excerpt is None
            box = _filled(package.pieces(part)) if many else None
    except (ExekraError, ValueError, LookupError, OSError):  # The reader says what is wrong.
        return Survey()
    if box and (box.bottom - box.top + 1) * (box.right - box.left + 1) > _MOST_CELLS:
        raise NotAWorkbookError(
            f"The sheet `{sheet}` of {file} has cells as far apart as {cell_name(box.top, box.left)} and "
            f"{cell_name(box.bottom, box.right)}, too far to read them as one table. Delete the stray cells in Excel."
        )
    return found


def _take_excerpt(found: Survey, package: Package, book: Book, part: str, area: Area) -> None:
    """Note the rows of a small area by themselves; nothing where the sheet is unusual, and so is read as a whole."""
    if area.last_row is not None and area.last_column is not None and area.last_row - area.first_row < _FEW_ROWS:
        with suppress(NotAWorkbookError, ValueError):
            found.excerpt, found.bottom = rows_alone(package, book, part, area.first_row, area.last_row)


def _survey_open_document(stream: IO[bytes], sheet: str, area: Area) -> Survey:
    cells = open_document.error_cells(stream, sheet)
    found = _with_errors(Survey(open_document=True), cells, area)
    for row, column in cells:
        if area.covers(row, column):
            found.shown.setdefault(row, set()).add(column)
    return found


def _with_errors(found: Survey, cells: Iterable[tuple[int, int]], area: Area) -> Survey:
    """Note the cells of an area that show an error."""
    for row, column in cells:
        if area.covers(row, column):
            found.errors += 1
            found.rows.add(row)
            found.columns.add(column)
    return found


class _Formats:
    """What the formats of a workbook show of a number.

    Attributes:
        digits: The least digits that a format shows, where it only fills up with zeros, by the format's number.
    """

    def __init__(self, package: Package, book: Book) -> None:
        self._styles = Styles(package, book)
        self.digits = {style: len(code) for style, code in self._styles.codes().items() if set(code) == {"0"}}

    def shows_date(self, style: int) -> bool:
        """Whether it shows a date or a time."""
        return bool(self._styles.shows(style))


def _formats(package: Package, book: Book) -> _Formats | None:
    """What the formats show; None where they cannot be read."""
    try:
        return _Formats(package, book)
    except (ExekraError, ValueError, LookupError):
        return None


def survey_xml(pieces: Iterable[bytes]) -> Survey:
    """Look at the XML of a sheet that is known to be small."""
    found = Survey()
    for xml in _whole_cells(pieces):
        found.add(xml, Area())
    return found


class _Reach:
    """The most rows and columns that the places of cells can name, by the number of their digits and letters."""

    def __init__(self) -> None:
        self._letters = self._digits = 1
        self._set()

    def _set(self) -> None:
        further = rf"[A-Za-z]{{0,{self._letters}}}+(?:[A-Za-z]|\d{{{self._digits + 1}}})"
        # Not `xmlns:r="http`. Looking back comes second, so that the search is for three letters that are known.
        self._further = re.compile(rf'r="(?<!:r="){further}'.encode())
        self._oddly_spelt = re.compile(rf"""(?<!:)r\s*=\s*["']{further}""".encode())

    def add(self, xml: bytes) -> None:
        """Look at whole cells, as long as it is not known that they may be too many."""
        is_odd = _ODD_PLACE.search(xml) is not None
        while self.cells <= _MOST_CELLS and (place := (self._oddly_spelt if is_odd else self._further).search(xml)):
            if place[0][-1:].isdigit():
                self._digits += 1
            else:
                self._letters += 1
            self._set()

    @property
    def cells(self) -> int:
        """The most cells that the rectangle around them has; more than any sheet has for what is no place in one."""
        if self._letters > 3 or self._digits > 7:
            return LAST_ROW * LAST_COLUMN
        rows = int("9" * self._digits)
        return rows * min(column_number("Z" * self._letters) + 1, LAST_COLUMN)


def _whole_cells(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The pieces, each up to where a cell begins."""
    rest = b""
    for piece in pieces:
        xml = rest + piece
        cut = xml.rfind(b"<", 0, max(xml.rfind(b"c r="), 0))
        yield xml[:cut] if cut > 0 else xml
        rest = xml[cut:] if cut > 0 else b""
    yield rest


def _filled(pieces: Iterable[bytes]) -> Box | None:
    """The rectangle around the filled cells."""
    rows: set[bytes] = set()
    columns: set[bytes] = set()
    for xml in _whole_cells(pieces):
        for column, row in _FILLED.findall(xml):
            rows.add(row)
            columns.add(column)
    if not rows:
        return None
    numbers = [int(row) - 1 for row in rows]
    letters = [column_number(column.decode()) for column in columns]
    return Box(min(numbers), min(letters), max(numbers), max(letters))
