"""Where the rows of a sheet are after some were put in or taken out, and what becomes of areas that name them."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod

from exekra.activities.excel.areas import LAST_ROW, Box
from exekra.activities.excel.errors import CannotEditError

GONE = "#REF!"
"""What formulas have in the place of an area that is gone."""


class RowMove(ABC):
    """What becomes of rows, counted from 1.

    Attributes:
        row: The first row that is not where it was.
    """

    row: int

    @abstractmethod
    def number(self, row: int) -> int:
        """Where a row is afterwards; for one that is taken out, where the next one is."""

    @abstractmethod
    def area(self, area: str) -> str:
        """An area as text, such as `$B$2:$B$9`, afterwards; `GONE` where nothing is left of it."""

    def removes(self, row: int) -> bool:
        """Whether a row is taken out."""
        return False

    def refusal(self, what: str) -> CannotEditError:
        """The error for what cannot follow."""
        return CannotEditError(f"{what} cannot follow. Nothing was changed.")

    def checked(self, formula: str, moved: str, where: str) -> str:
        """The moved formula.

        Raises:
            CannotEditError: All cells that an area of it named are gone.
        """
        if GONE in moved and GONE not in formula:
            raise self.refusal(where)
        return moved

    def box(self, box: Box) -> Box:
        """Where the cells of a rectangle, counted from 0, are afterwards, if any is left."""
        return Box(self.number(box.top + 1) - 1, box.left, self.number(box.bottom + 1) - 1, box.right)

    def areas(self, areas: str) -> str:
        """Several areas, separated by blanks, afterwards; those that are gone are left out."""
        return " ".join(area for area in map(self.area, areas.split()) if area != GONE)


class RowShift(RowMove):
    """Rows are put in.

    Args:
        row: The row that the first new row gets; it and all below move down.
        count: How many rows are put in.
        grown: The first and last row of data that grew into the new rows: an area with exactly these rows grows too.
    """

    def __init__(self, row: int, count: int, grown: tuple[int, int] | None = None) -> None:
        self.row = row
        self.count = count
        self._grown = grown

    def number(self, row: int) -> int:
        return min(row + self.count, LAST_ROW) if row >= self.row else row

    def area(self, area: str) -> str:
        rows = [int(digits) for digits in re.findall(r"\d+", area)]
        if self._grown and tuple(rows) == self._grown:
            first, last = area.split(":")
            return f"{first}:{re.sub(r'[0-9]+', str(rows[1] + self.count), last)}"
        return re.sub(r"\d+", lambda digits: str(self.number(int(digits[0]))), area)


class RowRemoval(RowMove):
    """Rows are taken out.

    Args:
        place: The sheet and its workbook, for errors.
        row: The first of the rows.
        count: How many there are.
    """

    def __init__(self, place: str, row: int, count: int) -> None:
        self.row = row
        self.count = count
        self.last = row + count - 1
        self._place = place

    def removes(self, row: int) -> bool:
        return self.row <= row <= self.last

    def number(self, row: int) -> int:
        return row if row < self.row else max(row - self.count, self.row)

    def box(self, box: Box) -> Box:
        bottom = self._end(box.bottom + 1) - 1
        return Box(min(self.number(box.top + 1) - 1, max(bottom, 0)), box.left, max(bottom, 0), box.right)

    def area(self, area: str) -> str:
        rows = [int(digits) for digits in re.findall(r"\d+", area)]
        if not rows or (min(rows), max(rows)) == (1, LAST_ROW):
            return area
        first = min(rows)
        if self.removes(first) and self.removes(max(rows)):
            return GONE
        return re.sub(
            r"\d+",
            lambda digits: str(self.number(first) if int(digits[0]) == first else self._end(int(digits[0]))),
            area,
        )

    def refusal(self, what: str) -> CannotEditError:
        rows = f"Row {self.row}" if self.count == 1 else f"Rows {self.row} to {self.last}"
        return CannotEditError(
            f"{rows} of {self._place} cannot be deleted: {what} would be broken. Nothing was changed. Change that "
            "first."
        )

    def _end(self, row: int) -> int:
        """The last row of an area that ended in this one."""
        return self.row - 1 if self.removes(row) else self.number(row)
