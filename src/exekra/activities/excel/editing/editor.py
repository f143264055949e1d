"""A workbook that is being edited: what activities write, and what must change with it so that Excel agrees."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from difflib import get_close_matches
from functools import partial
from pathlib import Path
from typing import Any

from exekra.activities.excel.areas import Box, cell_name
from exekra.activities.excel.editing import markup
from exekra.activities.excel.editing.book import Book, SheetEntry
from exekra.activities.excel.editing.computing import compute
from exekra.activities.excel.editing.header import Header, headers_of
from exekra.activities.excel.editing.inserting import delete_rows, insert_rows
from exekra.activities.excel.editing.moves import RowMove, RowRemoval, RowShift
from exekra.activities.excel.editing.other_parts import change_other_sheets, change_part
from exekra.activities.excel.editing.package import Package
from exekra.activities.excel.editing.renaming import RenamedColumns
from exekra.activities.excel.editing.rows import RowWriter
from exekra.activities.excel.editing.sheet import RowEdit, RowsChange, SheetPart
from exekra.activities.excel.editing.shifting import ShiftedSheet
from exekra.activities.excel.editing.styles import Styles
from exekra.activities.excel.editing.tables import SheetTable, tables_of
from exekra.activities.excel.editing.values import Content, ValueWriter
from exekra.activities.excel.errors import CannotEditError, SheetMissingError, choose_sheet
from exekra.sdk.context import Context

Places = dict[tuple[int, int], Content]
"""Contents by row and column, both counted from 0."""


class Editor:
    """One workbook with its changes.

    Attributes:
        package: Its file.
        book: Its list of sheets.
        styles: Its formats of cells.
    """

    def __init__(self, context: Context, path: Path, package: Package, recalculate: bool) -> None:
        self._context = context
        self._recalculate = recalculate
        self._path = path
        self.package = package
        self.book = Book(package)
        self.styles = Styles(package, self.book)
        self._edited: list[SheetEditor] = []

    def sheet(self, sheet: str | int, new_sheet: bool) -> SheetEditor:
        """The sheet to write into.

        Args:
            sheet: Its name in any case, or its number counted from 1.
            new_sheet: Whether one of that name is added where there is none.

        Raises:
            SheetMissingError: There is none, and none may be added.
            InputError: Excel does not allow the name.
            CannotEditError: It has no cells.
        """
        names = [entry.name for entry in self.book.sheets]
        try:
            entry = self.book.worksheet(choose_sheet(self._path, sheet, names))
        except SheetMissingError:
            if not new_sheet or isinstance(sheet, int):
                raise
            entry = self.book.add_sheet(sheet)
            self._tell_added(sheet, names)
        editor = SheetEditor(self._context, self.package, self, entry)
        self._edited.append(editor)
        return editor

    def _tell_added(self, sheet: str, names: Sequence[str]) -> None:
        """Say that a sheet was added: as a warning where another one was probably meant."""
        text = f"{self._path.name} had no sheet `{sheet}`, so it was added to: {', '.join(names)}."
        close = get_close_matches(sheet, names, n=1)
        if sheet.isdecimal() and len(sheet) <= 2:
            self._context.warn(f"{text} If the number of a sheet is meant, the workbook has {len(names)}.")
        elif close and _without_digits(close[0]) != _without_digits(sheet):
            self._context.warn(f"{text} Did you mean `{close[0]}`?")
        else:
            self._context.log(text)

    def headers_of(self, target: SheetEditor) -> list[Header]:
        """The first rows of a sheet as headers; the first of them is the one that Read Excel takes."""
        return headers_of(self.package, self.book, target.entry.name, target.entry.part, target.part)

    def extend_filter(self, target: SheetEditor, data: Box, rows: int) -> None:
        """Let the filter of a list, and the hidden name that Excel has for it, cover the rows that it grows by.

        Args:
            target: The list's sheet.
            data: Where the data is, without its header, before it grows.
            rows: How many rows it grows by.
        """
        tail = target.part.outline.tail
        tag = re.search(r"<(?:\w+:)?autoFilter\s[^>]*>", tail)
        old = Box.parse(markup.attributes(tag[0]).get("ref", "A1")) if tag else data
        if not tag or (old.top + 1, old.bottom) != (data.top, data.bottom):
            return
        new = Box(old.top, old.left, old.bottom + rows, old.right)
        changed = markup.with_attributes(tag[0], {"ref": str(new)})
        target.part.outline.tail = tail[: tag.start()] + changed + tail[tag.end() :]
        pattern = rf"(<(?:\w+:)?definedName\s[^>]*_FilterDatabase[^>]*>[^<]*!){re.escape(old.absolute)}(?=<)"
        change_part(self.package, self.book.part, lambda xml: re.sub(pattern, lambda name: name[1] + new.absolute, xml))

    def insert_rows(self, target: SheetEditor, shift: RowShift, growing: Collection[SheetTable] = ()) -> None:
        """Put rows into a sheet; everything that names cells by their place follows.

        Raises:
            CannotEditError: The new rows would cut another table or a formula that fills several cells.
        """
        insert_rows(self.package, self.book, target.entry, target.part, target.tables, shift, growing)
        target.shift(shift)

    def delete_rows(self, target: SheetEditor, removal: RowRemoval) -> None:
        """Take rows out of a sheet; everything that names cells by their place follows.

        Raises:
            CannotEditError: The rows hold what cannot be parted, or something names cells of them alone.
        """
        delete_rows(self.package, self.book, target.entry, target.part, target.tables, removal)
        target.shift(removal)
        target.rewrite()

    def rename_columns(self, target: SheetEditor, table: SheetTable, names: Mapping[str, str]) -> RowsChange:
        """Let formulas follow that mention columns of a table; gives what must be done to the sheet's own rows."""
        change = RenamedColumns(table.name, names)
        change_other_sheets(
            self.package, self.book, target.entry, lambda prefix: RenamedColumns(table.name, names, prefix)
        )
        for part in (self.book.part, *(name for name in self.package.names() if name.startswith("xl/tables/"))):
            change_part(self.package, part, partial(change.part, own=part == table.part))
        return RenamedColumns(table.name, names, target.part.outline.prefix, table.box).rows

    def save(self, draft: Path) -> None:
        """Write the changed workbook to another file."""
        self.package.save(draft, self._settle)
        if self._recalculate:
            compute(self._context, self._path, draft)

    def _settle(self) -> None:
        """Bring the parts in line with what was written into the sheets."""
        self.styles.save()
        if not self._edited:
            return
        if any(edited.writer.removed or edited.moved for edited in self._edited):
            self.book.forget_calculation_chain()
        self._warn_of_pivots()
        written = sum(edited.writer.written for edited in self._edited)
        older = self._formulas() - sum(edited.writer.removed for edited in self._edited)
        if older or written:
            self.book.compute_on_opening()
        if older > 0 and not self._recalculate:
            self._context.warn(
                f"{older:,} formula{'s' if older > 1 else ''} in {self._path.name} kept the last result, which may be "
                "older than the data now. Excel computes when it opens the file."
            )

    def _warn_of_pivots(self) -> None:
        """Say which pivot tables show data that was written over: they keep a copy until they are refreshed."""
        for edited in self._edited:
            sources = {edited.entry.name.casefold(), *(table.name.casefold() for table in edited.tables)}
            for name in self.package.names():
                if not re.match(r"xl/pivotCache/pivotCacheDefinition\d*\.xml$", name, re.IGNORECASE):
                    continue
                tag = re.search(r"<(?:\w+:)?worksheetSource\s[^>]*>", self.package.text(name))
                values = markup.attributes(tag[0]) if tag else {}
                if {values.get("sheet", "").casefold(), values.get("name", "").casefold()} & sources:
                    self._context.warn(
                        f"A pivot table over `{values.get('sheet') or values.get('name')}` in {self._path.name} shows "
                        "the data of before until it is refreshed."
                    )

    def _formulas(self) -> int:
        """How many formulas the workbook had."""
        known = {edited.entry.part: edited.part.outline.formulas for edited in self._edited}
        total = 0
        for entry in self.book.sheets:
            if entry.kind == "worksheet" and self.package.name(entry.part):
                counted = known.get(entry.part)
                total += _count_formulas(self.package, entry.part) if counted is None else counted
        return total


class SheetEditor:
    """One sheet that is being written into.

    Attributes:
        entry: What the workbook's list says of it.
        part: Its part.
        values: Turns values into contents of its cells.
        writer: Writes its rows.
        tables: Its tables.
        path: The workbook.
        moved: Whether rows moved, so that formulas stand elsewhere.
    """

    def __init__(self, context: Context, package: Package, editor: Editor, entry: SheetEntry) -> None:
        self._context = context
        self.path = package.path
        self.moved = False
        self._change: RowsChange | None = None
        self._editor = editor
        self._styles = editor.styles
        self.entry = entry
        self.part = SheetPart(package, entry.part)
        self.tables = tables_of(package, entry.part)
        self.values = ValueWriter(self.part.outline.prefix, editor.book.epoch)
        self._column_styles = _column_styles(self.part.outline.head)
        self.writer = RowWriter(self.part.outline.prefix, self._style_of_column, self._style)
        self._merges = _merges(self.part.outline.tail)
        if "sheetProtection" in self.part.outline.tail:
            context.warn(
                f"The sheet `{entry.name}` is protected. Excel would refuse the change; it was written all the same."
            )

    def write(
        self,
        box: Box,
        edits: Iterable[RowEdit],
        raw: Mapping[tuple[int, int], Any] | None = None,
        *,
        styles: Mapping[int, int] | None = None,
    ) -> None:
        """Write cells.

        Args:
            box: The cells that are written; they all lie in it.
            edits: Their contents by row.
            raw: The values that may become names or totals of a table, by row and column.
            styles: The formats of new cells by column, where these are not the columns' own.

        Raises:
            CannotEditError: The cells are part of something that can only be changed as a whole.
        """
        for group in self.part.outline.groups:
            if box.overlaps(group) and not box.contains(group):
                raise CannotEditError(
                    f"{group} of `{self.entry.name}` in {self.path} is filled by one formula, which can only be "
                    "replaced as a whole. Write over all of it, or none."
                )
        if any(box.overlaps(merge) for merge in self._merges):
            edits = self._into_merges(box, edits)
        self._tell_tables(raw or {})
        self._column_styles |= styles or {}
        self.part.cover(box)
        self.part.write(self.writer, edits, self._change)

    def rewrite(self) -> None:
        """Write the rows as they are after they moved, without new contents."""
        self.part.write(self.writer, (), self._change)

    def shift(self, shift: RowMove) -> None:
        """Move rows; what is written from now on is counted as afterwards."""
        shifted = ShiftedSheet(shift, self.entry.name, self.part.outline.prefix)
        self.part.outline.tail = shifted.tail(self.part.outline.tail)
        self.part.resize(shift.box)
        self._merges = _merges(self.part.outline.tail)
        self._change, self.moved = shifted.rows, True

    def extend_rules(self, data: Box, rows: int) -> None:
        """Let conditional formats and validations of whole columns of data grow with them.

        Args:
            data: Where the data is, without a header, before it grows.
            rows: How many rows it grows by.
        """

        def extended(areas: str) -> str:
            boxes = [Box.parse(area) for area in areas.split()]
            grown = [
                Box(box.top, box.left, box.bottom + rows, box.right)
                if box.bottom == data.bottom and box.top <= data.top and data.left <= box.left <= data.right
                else box
                for box in boxes
            ]
            return " ".join(map(str, grown)) if grown != boxes else areas

        def of_rule(match: re.Match[str]) -> str:
            areas = markup.attributes(match[0]).get("sqref", "")
            return (
                markup.with_attributes(match[0], {"sqref": extended(areas)}) if extended(areas) != areas else match[0]
            )

        tail = re.sub(r"<(?:\w+:)?(?:conditionalFormatting|dataValidation)\s[^<>]*>", of_rule, self.part.outline.tail)
        self.part.outline.tail = re.sub(
            r"(<xm:sqref>)([^<]*)(</xm:sqref>)", lambda match: match[1] + extended(match[2]) + match[3], tail
        )

    def _tell_tables(self, raw: Mapping[tuple[int, int], Any]) -> None:
        """Change the names and totals of tables whose header or totals row is written."""
        for table in self.tables:
            inside = {place: value for place, value in raw.items() if table.box.covers(*place)}
            names = {column: value for (row, column), value in inside.items() if row == table.box.top}
            totals = {column: value for (row, column), value in inside.items() if row > table.last_data_row}
            if names and table.has_header:
                changed = table.rename_columns(names)
                self._change = self._editor.rename_columns(self, table, changed) if changed else self._change
            if totals:
                table.set_totals(totals)

    def _into_merges(self, box: Box, edits: Iterable[RowEdit]) -> list[RowEdit]:
        """The edits, which lie in `box`, with what falls into merged cells in the first of them."""
        first_of = {
            (row, column): (merge.top, merge.left)
            for merge in self._merges  # Whole columns may be merged: only what is written counts.
            for row in range(max(merge.top, box.top), min(merge.bottom, box.bottom) + 1)
            for column in range(max(merge.left, box.left), min(merge.right, box.right) + 1)
        }
        placed: Places = {}
        given: dict[tuple[int, int], tuple[int, int]] = {}
        moved: tuple[tuple[int, int], tuple[int, int]] | None = None
        for number, cells in edits:
            for column, content in cells:
                asked = (number - 1, column)
                place = first_of.get(asked, asked)
                if place in given and not content.inner:
                    continue
                if place != asked and content.inner:
                    moved = moved or (asked, place)
                if place in given and placed[place].inner:
                    raise CannotEditError(
                        f"{cell_name(*given[place])} and {cell_name(*asked)} of `{self.entry.name}` in {self.path} "
                        "are merged into one cell, which cannot hold two values. Write one value there, or elsewhere."
                    )
                placed[place], given[place] = content, asked
        if moved:
            self._context.warn(
                f"{cell_name(*moved[0])} of `{self.entry.name}` is one of several merged cells, so its value stands in "
                f"the first of them, {cell_name(*moved[1])}."
            )
        return by_rows(placed)

    def _style_of_column(self, column: int) -> int:
        return self._column_styles.get(column, 0)

    def _style(self, style: int, content: Content) -> int:
        if content.header:
            return self._styles.header(style)
        return self._styles.for_value(style, content.shown)


def _without_digits(name: str) -> str:
    """What is left of a name when a year or a month changes."""
    return re.sub(r"\d", "", name).casefold()


def by_rows(places: Places) -> list[RowEdit]:
    """Contents in the order in which a sheet holds them."""
    rows: dict[int, list[tuple[int, Content]]] = {}
    for (row, column), content in sorted(places.items(), key=lambda item: item[0]):
        rows.setdefault(row + 1, []).append((column, content))
    return list(rows.items())


def _count_formulas(package: Package, part: str) -> int:
    count, tail = 0, b""
    for piece in package.pieces(part):
        text = tail + piece
        count += sum(text.count(mark) for mark in (b"<f>", b"<f ", b":f>", b":f "))
        tail = text[-2:]
    return count


def _column_styles(head: str) -> dict[int, int]:
    """The formats that columns give their empty cells."""
    styles: dict[int, int] = {}
    for tag in re.findall(r"<(?:\w+:)?col\s[^>]*>", head):
        values = markup.attributes(tag)
        style = markup.number(values, "style")
        if style:
            styles.update(
                dict.fromkeys(range(markup.number(values, "min", 1) - 1, markup.number(values, "max")), style)
            )
    return styles


def _merges(tail: str) -> list[Box]:
    tags = re.findall(r"<(?:\w+:)?mergeCell\s[^>]*>", tail)
    return [Box.parse(markup.attributes(tag).get("ref", "")) for tag in tags]
