"""Rows that are put into a sheet: what other parts say about its cells follows."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from html import unescape

from exekra.activities.excel.areas import Box
from exekra.activities.excel.editing import markup
from exekra.activities.excel.editing.book import Book, SheetEntry
from exekra.activities.excel.editing.formulas import RowShift, with_areas_mapped
from exekra.activities.excel.editing.other_parts import change_other_sheets, change_part
from exekra.activities.excel.editing.package import Package
from exekra.activities.excel.editing.sheet import SheetPart
from exekra.activities.excel.editing.shifting import ShiftedSheet
from exekra.activities.excel.editing.tables import SheetTable
from exekra.activities.excel.errors import CannotEditError

_FORMULA = re.compile(r"(<(?:\w+:)?f(?:\s[^>]*)?>)([^<]*)")
_NAME = re.compile(r"(<(?:\w+:)?definedName\s[^>]*>)([^<]*)")
_ANCHOR_ROW = re.compile(r"(<(?:xdr:)?row>)(\d+)(?=</)")
_MOVED_ANCHOR = re.compile(
    r"<(?:xdr:)?(?:twoCellAnchor|oneCellAnchor)[\s>].*?</(?:xdr:)?(?:twoCellAnchor|oneCellAnchor)>", re.DOTALL
)


def insert_rows(
    package: Package,
    book: Book,
    entry: SheetEntry,
    sheet: SheetPart,
    tables: Sequence[SheetTable],
    shift: RowShift,
    growing: SheetTable | None,
) -> None:
    """Let everything follow but the sheet's own part.

    Args:
        package: The workbook's package.
        book: Its list of sheets.
        entry: The sheet that gets the rows.
        sheet: Its part.
        tables: Its tables.
        shift: Where rows are put in, and how many.
        growing: The table that the rows are put into; it is not moved here.

    Raises:
        CannotEditError: The new rows would cut another table or a formula that fills several cells.
    """
    first = shift.row - 1
    for group in sheet.outline.groups:
        if group.top < first <= group.bottom:
            raise CannotEditError(
                f"Rows for the table would be put into {group} of `{entry.name}` in {package.path}, which one formula "
                "fills. Move it to another place first."
            )
    for table in tables:
        if table is growing:
            continue
        if table.box.top < first <= table.box.bottom:
            raise CannotEditError(
                f"New rows in `{entry.name}` of {package.path} would cut the table `{table.name}` in two. Move one of "
                "the tables to another sheet first."
            )
        if table.box.top >= first:
            box = table.box
            table.take(Box(box.top + shift.count, box.left, box.bottom + shift.count, box.right))
    change_other_sheets(package, book, entry, lambda prefix: ShiftedSheet(shift, entry.name, False, prefix))

    def formula(text: str) -> str:
        return with_areas_mapped(text, False, entry.name, shift.area)

    change_part(package, book.part, lambda xml: _mapped(_NAME, xml, formula))
    for known in package.relationships(entry.part):
        if known.kind == "drawing":
            change_part(package, known.target, lambda xml: _shifted_anchors(xml, shift))
        elif known.kind == "comments":
            change_part(package, known.target, lambda xml: _shifted_references(xml, "comment", shift))
        elif known.kind == "threadedComment":
            change_part(package, known.target, lambda xml: _shifted_references(xml, "threadedComment", shift))
        elif known.kind == "vmlDrawing":
            change_part(package, known.target, lambda xml: _shifted_vml(xml, shift))
        elif known.kind == "pivotTable":
            change_part(package, known.target, lambda xml: _shifted_references(xml, "location", shift))
    for name in package.names():
        if re.match(r"xl/charts/chart\d*\.xml$", name, re.IGNORECASE):
            change_part(package, name, lambda xml: _mapped(_FORMULA, xml, formula))
        elif re.match(r"xl/pivotCache/pivotCacheDefinition\d*\.xml$", name, re.IGNORECASE):
            change_part(package, name, lambda xml: _shifted_source(xml, entry.name, shift))


def _mapped(pattern: re.Pattern[str], xml: str, formula: Callable[[str], str]) -> str:
    def changed(match: re.Match[str]) -> str:
        old = unescape(match[2])
        new = formula(old)
        return match[0] if old == new else match[1] + markup.escaped(new)

    return pattern.sub(changed, xml)


def _shifted_anchors(xml: str, shift: RowShift) -> str:
    def moved(match: re.Match[str]) -> str:
        anchor = match[0]
        if 'editAs="absolute"' in anchor.partition(">")[0]:
            return anchor
        return _ANCHOR_ROW.sub(lambda row: row[1] + str(shift.number(int(row[2]) + 1) - 1), anchor)

    return _MOVED_ANCHOR.sub(moved, xml)


def _shifted_references(xml: str, name: str, shift: RowShift) -> str:
    def moved(match: re.Match[str]) -> str:
        reference = markup.attributes(match[0]).get("ref", "")
        return markup.with_attributes(match[0], {"ref": shift.area(reference)}) if reference else match[0]

    return re.sub(rf"<(?:\w+:)?{name}\s[^>]*>", moved, xml)


def _shifted_vml(xml: str, shift: RowShift) -> str:
    def row(match: re.Match[str]) -> str:
        return match[1] + str(shift.number(int(match[2]) + 1) - 1) + match[3]

    def anchor(match: re.Match[str]) -> str:
        numbers = [int(number) for number in match[2].split(",")]
        if len(numbers) == 8:
            numbers[2], numbers[6] = (shift.number(number + 1) - 1 for number in (numbers[2], numbers[6]))
        return match[1] + ", ".join(map(str, numbers)) + match[3]

    xml = re.sub(r"(<x:Row>)\s*(\d+)\s*(</x:Row>)", row, xml)
    return re.sub(r"(<x:Anchor>)([\s\d,]+)(</x:Anchor>)", anchor, xml)


def _shifted_source(xml: str, sheet: str, shift: RowShift) -> str:
    def moved(match: re.Match[str]) -> str:
        values = markup.attributes(match[0])
        if values.get("sheet", "").casefold() != sheet.casefold() or "ref" not in values:
            return match[0]
        return markup.with_attributes(match[0], {"ref": shift.area(values["ref"])})

    return re.sub(r"<(?:\w+:)?worksheetSource\s[^>]*>", moved, xml)
