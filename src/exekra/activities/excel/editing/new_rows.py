"""Empty rows in the middle of a sheet: they look like the row that they move down, and tables grow by them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from exekra.activities.excel.areas import LAST_COLUMN, LAST_ROW, Box
from exekra.activities.excel.editing.appending import LastData, continued, styles_of
from exekra.activities.excel.editing.editor import Editor, SheetEditor
from exekra.activities.excel.editing.formulas import with_areas_mapped
from exekra.activities.excel.editing.moves import RowShift
from exekra.activities.excel.editing.rows import OldCell, cells_of
from exekra.activities.excel.editing.sheet import RowEdit
from exekra.activities.excel.editing.values import EMPTY, Content
from exekra.sdk.context import Context
from exekra.sdk.errors import InputError

_FIXED = re.compile(r"\$([0-9]+)")


def put_in(context: Context, editor: Editor, target: SheetEditor, row: int, count: int) -> None:
    """Put empty rows into a sheet.

    Args:
        context: The step, which is told of formulas that could not be continued.
        editor: The workbook.
        target: The sheet.
        row: The first new row, counted from 1.
        count: How many there are.

    Raises:
        InputError: Filled rows would be moved out of the sheet.
        CannotEditError: The new rows would cut what cannot be parted.
    """
    first = row - 1
    last = target.part.outline.last_filled
    filled = last[0] if last and last[0] >= row else row - 1
    if filled + count > LAST_ROW:
        raise InputError(
            f"The sheet `{target.entry.name}` of {target.path} has no room for {count:,} rows at row {row:,}: a sheet "
            f"ends at row {LAST_ROW:,}, and no filled row may be moved beyond."
        )
    shift = RowShift(row, count)

    def follow(formula: str) -> str:  # Relative references are right by being copied.
        return with_areas_mapped(formula, True, target.entry.name, lambda area: _FIXED.sub(moved, area))

    def moved(fixed: re.Match[str]) -> str:
        return f"${shift.number(int(fixed[1]))}"

    here, above = _cells(target, first), _cells(target, first - 1)
    growing = [table for table in target.tables if table.first_data_row <= first <= table.box.bottom]
    formulas: dict[int, Callable[[int], Content]] = {}
    for table in growing:
        before = _part(above, table.box) if first > table.first_data_row else {}
        after = _part(here, table.box) if first <= table.last_data_row else {}
        known = LastData(first + 1, after, before, 1 if before else 0) if after else LastData(first, before, {}, 0)
        formulas |= continued(context, target, table, (), known, follow)
    editor.insert_rows(target, shift, growing)
    for table in growing:
        box = table.box
        table.take(Box(box.top, box.left, box.bottom + count, box.right))
    is_before_totals = any(first > table.last_data_row for table in growing)
    styles = styles_of(above if is_before_totals or not here else here)
    columns = sorted({*styles, *formulas})
    if not columns:
        target.rewrite()
        return

    def content(column: int, number: int) -> Content:
        return formulas[column](number) if column in formulas else EMPTY

    edits: Iterator[RowEdit] = (
        (number + 1, [(column, content(column, number)) for column in columns])
        for number in range(first, first + count)
    )
    target.write(Box(first, columns[0], first + count - 1, columns[-1]), edits, styles=styles)


def _cells(target: SheetEditor, row: int) -> dict[int, OldCell]:
    """The cells of a row, counted from 0, by their columns; none in a row without values."""
    found = target.part.filled(Box(row, 0, row, LAST_COLUMN - 1)) if row >= 0 else []
    return {cell.column: cell for _, xml in found for cell in cells_of(xml, target.part.outline.prefix)}


def _part(cells: dict[int, OldCell], box: Box) -> dict[int, OldCell]:
    return {column: cell for column, cell in cells.items() if box.left <= column <= box.right}
