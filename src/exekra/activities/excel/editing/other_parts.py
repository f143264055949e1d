"""Parts that an edit reaches although it does not write into them: other sheets, names, charts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from exekra.activities.excel.editing.book import Book, SheetEntry
from exekra.activities.excel.editing.package import Package
from exekra.activities.excel.editing.rows import RowWriter
from exekra.activities.excel.editing.sheet import SheetPart

_FORMULAS_BEHIND_ROWS = ("ormula", "<xm:f>", " location=", "linkedCell=", "listFillRange=", "dataRef")
"""Marks of what mentions cells: formats, validations, sparklines, links, controls."""


class SheetChange(Protocol):
    """What becomes of the formulas of a sheet."""

    def rows(self, rows: bytes) -> bytes:
        """A piece of rows afterwards; pieces come in their order."""

    def tail(self, xml: str) -> str:
        """What stands behind the rows, afterwards."""


def change_other_sheets(package: Package, book: Book, entry: SheetEntry, make: Callable[[str], SheetChange]) -> None:
    """Change the formulas of all sheets but one, where they are concerned at all.

    Args:
        package: The workbook's package.
        book: Its list of sheets.
        entry: The sheet that is left out.
        make: Makes the change for a sheet whose elements have this prefix.
    """
    change_sheets(package, [other for other in book.sheets if other.part != entry.part], lambda _, prefix: make(prefix))


def change_sheets(
    package: Package, entries: Sequence[SheetEntry], make: Callable[[SheetEntry, str], SheetChange]
) -> None:
    """Change the formulas of sheets, where they are concerned at all.

    Args:
        package: The workbook's package.
        entries: The sheets.
        make: Makes the change for a sheet whose elements have this prefix.
    """
    for entry in entries:
        if entry.kind != "worksheet" or not package.name(entry.part):
            continue
        part = SheetPart(package, entry.part)
        if not part.outline.formulas and not any(mark in part.outline.tail for mark in _FORMULAS_BEHIND_ROWS):
            continue
        prefix = part.outline.prefix
        trial = make(entry, prefix)
        tail = trial.tail(part.outline.tail)
        if tail != part.outline.tail or any(trial.rows(rows) != rows for rows in part.rows()):
            part.outline.tail = tail
            part.write(RowWriter(prefix, lambda column: 0, lambda style, content: style), (), make(entry, prefix).rows)


def change_part(package: Package, part: str, change: Callable[[str], str]) -> None:
    """Change a part that may be there, if the change is one."""
    if package.name(part):
        old = package.text(part)
        new = change(old)
        if new != old:
            package.replace(part, new)
