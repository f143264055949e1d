"""Addresses of cells and ranges (`B7`, `A1:D20`, `B:D`, `A3`) as row and column numbers, and sheet names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from exekra.activities.excel.editing.markup import MarkupError
from exekra.sdk.errors import InputError

LAST_ROW = 1_048_576
LAST_COLUMN = 16_384
_LONGEST_SHEET_NAME = 31

_CORNER = re.compile(r"\$?([A-Za-z]{1,3})?\$?(\d{1,7})?")


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle of cells, counted from 0; an open end is None.

    Attributes:
        first_row: The first row.
        first_column: The first column.
        last_row: The last row.
        last_column: The last column.
        whole_columns: Whether no first row was named, so that it begins with the first row that is filled.
    """

    first_row: int = 0
    first_column: int = 0
    last_row: int | None = None
    last_column: int | None = None
    whole_columns: bool = False

    def covers(self, row: int, column: int) -> bool:
        """Whether a cell lies in it."""
        return (
            self.first_row <= row
            and self.first_column <= column
            and (self.last_row is None or row <= self.last_row)
            and (self.last_column is None or column <= self.last_column)
        )


@dataclass(frozen=True, slots=True)
class Box:
    """A closed rectangle of cells, counted from 0."""

    top: int
    left: int
    bottom: int
    right: int

    @classmethod
    def parse(cls, text: str) -> Box:
        """The rectangle of `A1:D20` or of one cell, as files write it.

        Raises:
            MarkupError: It is not a range.
        """
        try:
            area = parse_area(text)
        except InputError:
            raise MarkupError(f"`{text[:40]}` is not a range") from None
        if ":" not in text:
            return cls(area.first_row, area.first_column, area.first_row, area.first_column)
        bottom = LAST_ROW - 1 if area.last_row is None else area.last_row
        right = LAST_COLUMN - 1 if area.last_column is None else area.last_column
        return cls(area.first_row, area.first_column, bottom, right)

    def __str__(self) -> str:
        first = cell_name(self.top, self.left)
        return first if self.single else f"{first}:{cell_name(self.bottom, self.right)}"

    @property
    def absolute(self) -> str:
        """As formulas of names write it: `$A$1:$D$20`."""
        return ":".join(
            f"${column_letters(column)}${row + 1}" for row, column in ((self.top, self.left), (self.bottom, self.right))
        )

    @property
    def single(self) -> bool:
        """Whether it is one cell."""
        return self.top == self.bottom and self.left == self.right

    def covers(self, row: int, column: int) -> bool:
        """Whether a cell lies in it."""
        return self.top <= row <= self.bottom and self.left <= column <= self.right

    def overlaps(self, other: Box) -> bool:
        """Whether they share a cell."""
        return (
            self.top <= other.bottom
            and other.top <= self.bottom
            and self.left <= other.right
            and other.left <= self.right
        )

    def contains(self, other: Box) -> bool:
        """Whether all of the other lies in it."""
        return self.covers(other.top, other.left) and self.covers(other.bottom, other.right)

    def joined(self, other: Box) -> Box:
        """The smallest rectangle that holds both."""
        return Box(
            min(self.top, other.top),
            min(self.left, other.left),
            max(self.bottom, other.bottom),
            max(self.right, other.right),
        )


def parse_cell(text: str) -> tuple[int, int]:
    """Row and column, counted from 0, of an address such as `B7`.

    Raises:
        InputError: It is not the address of one cell.
    """
    row, column = _parse_corner(text.strip(), text)
    if row is None or column is None:
        raise InputError(f"`{text}` is not a valid cell. Write the column's letters and the row's number, such as B7.")
    return row, column


def parse_area(text: str) -> Area:
    """The area of `A1:D20`, of whole columns `B:D`, of whole rows `2:9`, or from one cell on (`A3`).

    Raises:
        InputError: It is not a valid range.
    """
    first, colon, last = text.strip().partition(":")
    top, left = _parse_corner(first, text)
    bottom, right = _parse_corner(last, text) if colon else (None, None)
    area = Area(top or 0, left or 0, bottom, right, whole_columns=top is None)
    backwards = (bottom is not None and bottom < area.first_row) or (right is not None and right < area.first_column)
    if backwards:
        raise InputError(f"The range `{text}` ends before it begins. Write the upper left corner first.")
    return area


def _parse_corner(corner: str, whole: str) -> tuple[int | None, int | None]:
    match = _CORNER.fullmatch(corner)
    if not match or not corner:
        raise InputError(f"`{whole}` is not a valid range. Write A1:D20, B:D, or A3 for everything from there on.")
    row = int(match[2]) - 1 if match[2] else None
    column = column_number(match[1]) if match[1] else None
    if row is not None and not 0 <= row < LAST_ROW:
        raise InputError(f"`{whole}` is outside a sheet: rows go from 1 to {LAST_ROW:,}.")
    if column is not None and column >= LAST_COLUMN:
        raise InputError(f"`{whole}` is outside a sheet: columns go from A to XFD.")
    return row, column


def column_number(letters: str) -> int:
    """The column of `letters`, counted from 0: A is 0, AA is 26."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def place_column(place: str) -> int:
    """The column, counted from 0, of a cell's place such as `B7`, as files write it.

    Raises:
        MarkupError: It is not the place of a cell.
    """
    letters = place.rstrip("0123456789")
    if not letters.isascii() or not letters.isalpha() or len(letters) > 3:
        raise MarkupError(f"`{place[:40]}` is not the place of a cell")
    return column_number(letters)


@lru_cache(maxsize=LAST_COLUMN)
def column_letters(number: int) -> str:
    """The letters of a column counted from 0."""
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def cell_name(row: int, column: int) -> str:
    """The address of a cell counted from 0, such as `B7`."""
    return f"{column_letters(column)}{row + 1}"


def check_sheet_name(name: str) -> None:
    """Refuse what Excel refuses as the name of a sheet.

    Raises:
        InputError: It is empty, longer than 31 characters, has one of []:*?/\\ or a control character in it, begins or
            ends with an apostrophe, or is `History`.
    """
    allowed = 0 < len(name) <= _LONGEST_SHEET_NAME and not re.search(r"[\[\]:*?/\\\x00-\x1f\ud800-\udfff]", name)
    if not allowed or name[0] == "'" or name[-1] == "'" or name.casefold() == "history":
        shown = name.encode("utf-8", "backslashreplace").decode()
        raise InputError(
            f"`{shown}` cannot name a sheet: 1 to {_LONGEST_SHEET_NAME} characters, none of them []:*?/\\, "
            "no apostrophe first or last, and not History, which Excel keeps for itself."
        )


def check_sheet_names(names: Iterable[str]) -> None:
    """Refuse names of sheets that Excel refuses, alone or together.

    Raises:
        InputError: As `check_sheet_name`, or two differ by case only.
    """
    seen: dict[str, str] = {}
    for name in names:
        check_sheet_name(name)
        other = seen.setdefault(name.casefold(), name)
        if other != name:
            raise InputError(f"The sheets `{other}` and `{name}` have the same name for Excel. Rename one of them.")
