"""Rows that are added below those of a list, or to a table, which grows with them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter

from exekra.activities.excel.areas import LAST_ROW, Box
from exekra.activities.excel.editing.editor import Editor, SheetEditor
from exekra.activities.excel.editing.formulas import translated
from exekra.activities.excel.editing.header import Header
from exekra.activities.excel.editing.moves import RowShift
from exekra.activities.excel.editing.rows import OldCell, cells_of
from exekra.activities.excel.editing.sheet import RowEdit
from exekra.activities.excel.editing.tables import SheetTable
from exekra.activities.excel.editing.values import Content
from exekra.sdk.context import Context
from exekra.sdk.errors import InputError
from exekra.sdk.table import Table


def append(context: Context, editor: Editor, target: SheetEditor, rows: Table) -> None:
    """Add rows to a sheet that is not empty.

    Raises:
        InputError: The sheet has no column of a name, or no room for so many rows.
    """
    place = _place(context, editor, target, rows.columns)
    if not len(rows):
        return
    if place.table is not None:
        _append_to_table(context, editor, target, place.table, place.columns, rows)
    else:
        _append_to_list(context, editor, target, place, rows)


def _append_to_list(context: Context, editor: Editor, target: SheetEditor, place: _Place, rows: Table) -> None:
    """Add rows below the last filled one; what covers the whole list grows with it."""
    last = target.part.outline.last_filled
    first = last[0] if last else 0
    end = first + len(rows)
    _check_room(target, end)
    model: dict[int, OldCell] = {}
    if last and first - 1 > place.row:
        model = {cell.column: cell for cell in cells_of(last[1], target.part.outline.prefix)}
        _warn_of_texts(context, editor, model, place.columns, rows)
        data = Box(place.row + 1, place.left, first - 1, place.right)
        target.extend_rules(data, len(rows))
        editor.extend_filter(target, data, len(rows))
    box = Box(first, min(place.columns), end - 1, max(place.columns))
    target.write(box, _edits(context, target, rows, place.columns, first, {}), styles=styles_of(model))


def _append_to_table(
    context: Context, editor: Editor, target: SheetEditor, table: SheetTable, places: Sequence[int], rows: Table
) -> None:
    """Fill the empty rows at the end of the table's data, and let it grow for the others."""
    last = _last_data(target, table)
    first, model = last.next_row, last.cells
    _warn_of_texts(context, editor, model, places, rows)
    end = first + len(rows)
    more = max(end - (table.last_data_row + 1), 0)
    _check_room(target, end + table.totals_rows)
    data = Box(table.first_data_row, table.box.left, table.last_data_row, table.box.right)
    if more:
        below = target.part.filled(Box(table.box.bottom + 1, table.box.left, table.box.bottom + more, table.box.right))
        if table.totals_rows or below:
            shift = RowShift(table.last_data_row + 2, more, (table.first_data_row + 1, table.last_data_row + 1))
            editor.insert_rows(target, shift, (table,))
        table.take(Box(table.box.top, table.box.left, table.box.bottom + more, table.box.right))
        target.extend_rules(data, more)
    formulas = continued(context, target, table, places, last)
    columns = [*places, *formulas]
    box = Box(first, min(columns), end - 1, max(columns))
    target.write(box, _edits(context, target, rows, places, first, formulas), styles=styles_of(model))


@dataclass(frozen=True, slots=True)
class _Place:
    """Where rows belong.

    Attributes:
        columns: The column of each name, counted from 0.
        row: The row of the header, counted from 0.
        left: The first column with a name that is beside them, without a gap.
        right: The last one.
        table: The table that they belong to, if any.
    """

    columns: list[int]
    row: int
    left: int
    right: int
    table: SheetTable | None = None


def _place(context: Context, editor: Editor, target: SheetEditor, columns: Sequence[str]) -> _Place:
    """Where the columns are: in the first row, as Read Excel has it, in a table, or below a title."""
    headers = editor.headers_of(target)
    if headers and (place := _under(headers[0], target, columns)):
        return place
    for table in target.tables:
        of_table = {name: table.box.left + offset for offset, name in enumerate(table.columns)}
        if all(name in of_table for name in columns):
            places = [of_table[name] for name in columns]
            return _Place(places, table.box.top, table.box.left, table.box.right, table)
    for header in headers[1:]:
        if set(columns) <= set(header.names) and (place := _under(header, target, columns)):
            context.warn(
                f"The columns were found in row {header.row + 1} of `{target.entry.name}`, below the first row that is "
                "filled."
            )
            return place
    names = headers[0].names if headers else ()
    strangers = ", ".join(f"`{name}`" for name in columns if name not in names)
    raise InputError(
        f"The sheet `{target.entry.name}` of {target.path} has no column {strangers}. "
        f"Its first row holds: {', '.join(names)}."
    )


def _under(header: Header, target: SheetEditor, columns: Sequence[str]) -> _Place | None:
    """Where the columns are under a header; None where it has not all of them."""
    known = {name: header.left + offset for offset, name in enumerate(header.names)}
    for name in columns:  # Columns without a name that Read Excel numbers, behind the last one with a name.
        if name.startswith("Column ") and name[7:].isdecimal() and int(name[7:]) > len(header.names):
            known.setdefault(name, header.left + int(name[7:]) - 1)
    if not all(name in known for name in columns):
        return None
    places = [known[name] for name in columns]
    for table in target.tables:
        in_header = table.has_header and table.box.top == header.row
        if in_header and all(table.box.covers(header.row, place) for place in places):
            return _Place(places, header.row, table.box.left, table.box.right, table)
    return _Place(places, header.row, *_neighbours(header, places))


def _neighbours(header: Header, places: Sequence[int]) -> tuple[int, int]:
    """The first and the last of the columns with names around these, without a gap."""
    named = {header.left + number for number, name in enumerate(header.names) if name != f"Column {number + 1}"}
    left, right = min(places, default=0), max(places, default=0)
    while left - 1 in named:
        left -= 1
    while right + 1 in named:
        right += 1
    return left, right


@dataclass(frozen=True, slots=True)
class LastData:
    """The last data of a table.

    Attributes:
        next_row: The row, counted from 0, for the first new data.
        cells: The cells of the last row with data, by column; none in an empty table.
        above: Those of the row with data before.
        distance: How many rows that is above the last one; 0 where there is none.
    """

    next_row: int
    cells: dict[int, OldCell]
    above: dict[int, OldCell]
    distance: int


def _last_data(target: SheetEditor, table: SheetTable) -> LastData:
    found = target.part.filled(Box(table.first_data_row, table.box.left, table.last_data_row, table.box.right))[-2:]
    cells = [{cell.column: cell for cell in cells_of(row, target.part.outline.prefix)} for _, row in found]
    if not found:
        return LastData(table.first_data_row, {}, {}, 0)
    if len(found) == 1:
        return LastData(found[0][0] + 1, cells[0], {}, 0)
    return LastData(found[1][0] + 1, cells[1], cells[0], found[1][0] - found[0][0])


def continued(
    context: Context,
    target: SheetEditor,
    table: SheetTable,
    places: Sequence[int],
    last: LastData,
    follow: Callable[[str], str] = str,
) -> dict[int, Callable[[int], Content]]:
    """What gives the formula of each calculated column for a row, counted from 0, as `follow` changes it.

    A column that the table does not call calculated is one where its last two cells have the same formula: some
    programs do not say it.
    """
    first, model = last.next_row, last.cells
    formulas: dict[int, str | None] = {**_formulas_in_cells(table, last), **table.calculated()}
    found: dict[int, Callable[[int], Content]] = {}
    for column, formula in formulas.items():
        if column in places:
            continue
        relative = formula is None or translated(formula, 1, 0) != formula
        text = model[column].formula_text if column in model else None
        if formula is not None and not relative:
            found[column] = lambda row, formula=formula: target.values.formula(follow(formula))  # type: ignore[misc]  # Bound.
        elif text:
            found[column] = lambda row, text=text: target.values.formula(follow(translated(text, row - first + 1, 0)))  # type: ignore[misc]  # Bound.
        else:
            context.warn(f"The formula of a column of the table `{table.name}` could not be continued.")
    return found


def _formulas_in_cells(table: SheetTable, last: LastData) -> dict[int, str | None]:
    """The formulas of columns whose last cells have the same one; None where the cell only shares another's."""
    found: dict[int, str | None] = {}
    for column, cell in last.cells.items():
        if cell.formula is None or "array" in cell.formula[0] or not table.box.left <= column <= table.box.right:
            continue
        if last.distance:
            above = last.above.get(column)
            if above is None or above.formula is None:
                continue
            copied = above.formula_text and translated(above.formula_text, last.distance, 0)
            if copied and cell.formula_text and copied != cell.formula_text:
                continue
        found[column] = cell.formula_text
    return found


def _edits(
    context: Context,
    target: SheetEditor,
    rows: Table,
    places: Sequence[int],
    first: int,
    formulas: dict[int, Callable[[int], Content]],
) -> Iterator[RowEdit]:
    content = target.values.content
    order = sorted(range(len(places)), key=places.__getitem__)
    ordered = [(rows.columns[number], places[number], number) for number in order]
    for row, values in enumerate(rows.rows(), first):
        if row % 1000 == 0:
            context.raise_if_stopped()
        cells = [(place, content(name, values[number])) for name, place, number in ordered]
        if formulas:
            cells += [(column, formula(row)) for column, formula in formulas.items()]
            cells.sort(key=itemgetter(0))
        yield row + 1, cells


def styles_of(cells: dict[int, OldCell]) -> dict[int, int]:
    """The formats of cells by their columns."""
    return {column: cell.style for column, cell in cells.items() if cell.style}


def _warn_of_texts(
    context: Context, editor: Editor, model: dict[int, OldCell], places: Sequence[int], rows: Table
) -> None:
    """Say where texts come below a number or a date: Excel neither computes nor sorts them as such."""
    found: dict[int, int] = {}
    numbers = [number for number, place in enumerate(places) if place in model and model[place].is_number]
    for columns in rows.chunks() if numbers else ():
        for number in numbers:
            texts = sum(type(value) is str for value in columns[number])
            if texts:
                found[number] = found.get(number, 0) + texts
    for number, count in found.items():
        shown = editor.styles.shows(model[places[number]].style)
        kind = "date" if "date" in shown else "time" if shown else "number"
        added = "1 text was" if count == 1 else f"{count:,} texts were"
        context.warn(
            f"{added} added to `{rows.columns[number]}` below a {kind}, and Excel takes them for texts. Convert column "
            f"makes {kind}s of them first."
        )


def _check_room(target: SheetEditor, last: int) -> None:
    if last > LAST_ROW:
        raise InputError(
            f"The sheet `{target.entry.name}` of {target.path} has no room for these rows: it ends at row {LAST_ROW:,}."
        )
