"""Rows that are put into a sheet or taken out of it: what would be cut is refused, and everything else follows."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from exekra.activities.excel.areas import Box
from exekra.activities.excel.editing.book import Book, SheetEntry
from exekra.activities.excel.editing.following import let_others_follow
from exekra.activities.excel.editing.moves import RowRemoval, RowShift
from exekra.activities.excel.editing.package import Package
from exekra.activities.excel.editing.sheet import SheetPart
from exekra.activities.excel.editing.tables import SheetTable
from exekra.activities.excel.errors import CannotEditError


def insert_rows(
    package: Package,
    book: Book,
    entry: SheetEntry,
    sheet: SheetPart,
    tables: Sequence[SheetTable],
    shift: RowShift,
    growing: Collection[SheetTable],
) -> None:
    """Let everything follow but the sheet's own part.

    Args:
        package: The workbook's package.
        book: Its list of sheets.
        entry: The sheet that gets the rows.
        sheet: Its part.
        tables: Its tables.
        shift: Where rows are put in, and how many.
        growing: The tables that the rows are put into; they are not changed here.

    Raises:
        CannotEditError: The new rows would cut another table or a formula that fills several cells.
    """
    first = shift.row - 1
    for group in sheet.outline.groups:
        if group.top < first <= group.bottom:
            raise CannotEditError(
                f"The new rows would be put into {group} of `{entry.name}` in {package.path}, which one formula fills. "
                "Move it to another place first."
            )
    for table in tables:
        if table in growing:
            continue
        if table.box.top < first <= table.box.bottom:
            raise CannotEditError(
                f"New rows in `{entry.name}` of {package.path} would cut the table `{table.name}` in two. Move one of "
                "the tables to another sheet first."
            )
        if table.box.top >= first:
            box = table.box
            table.take(Box(box.top + shift.count, box.left, box.bottom + shift.count, box.right))
    let_others_follow(package, book, entry, shift)


def delete_rows(
    package: Package,
    book: Book,
    entry: SheetEntry,
    sheet: SheetPart,
    tables: Sequence[SheetTable],
    removal: RowRemoval,
) -> None:
    """Let everything follow but the sheet's own part.

    Args:
        package: The workbook's package.
        book: Its list of sheets.
        entry: The sheet that loses the rows.
        sheet: Its part.
        tables: Its tables.
        removal: Which rows are taken out.

    Raises:
        CannotEditError: The rows hold what cannot be parted, or something names cells of them alone.
    """
    for group in sheet.outline.groups:
        gone = [removal.removes(row + 1) for row in range(group.top, group.bottom + 1)]
        if any(gone) and not all(gone):
            raise removal.refusal(f"the formula that fills {group}")
    for table in tables:
        edges = {table.box.top} if table.has_header else set()
        edges |= set(range(table.last_data_row + 1, table.box.bottom + 1))
        data = range(table.first_data_row, table.last_data_row + 1)
        if any(removal.removes(row + 1) for row in edges) or all(removal.removes(row + 1) for row in data):
            raise removal.refusal(f"the table `{table.name}`, which needs its header, its totals and a row of data,")
        box = removal.box(table.box)
        if box != table.box:
            table.take(box)
    let_others_follow(package, book, entry, removal)
