"""What other parts say about the cells of a sheet whose rows move: names, charts, drawings, comments, pivot tables."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

from exekra.activities.excel.areas import Box
from exekra.activities.excel.editing import markup
from exekra.activities.excel.editing.book import Book, SheetEntry
from exekra.activities.excel.editing.every_formula import Change, changed_formulas
from exekra.activities.excel.editing.formulas import with_areas_mapped
from exekra.activities.excel.editing.moves import GONE, RowMove
from exekra.activities.excel.editing.other_parts import change_part, change_sheets
from exekra.activities.excel.editing.package import Package
from exekra.activities.excel.editing.shifting import ShiftedSheet

_FORMULA = re.compile(r"(<(?:\w+:)?f(?:\s[^>]*)?>)([^<]*)")
_NAME = re.compile(r"(<(?:\w+:)?definedName\s[^>]*>)([^<]*)")
_ANCHOR_ROW = re.compile(r"(<(?:xdr:)?row>)(\d+)(?=</)")
_MOVED_ANCHOR = re.compile(
    r"<(?:xdr:)?(?:twoCellAnchor|oneCellAnchor)[\s>].*?</(?:xdr:)?(?:twoCellAnchor|oneCellAnchor)>", re.DOTALL
)


_CONTROLS = re.compile(r"xl/(?:ctrlProps/.*\.xml|drawings/[^/]*\.(?:xml|vml))$", re.IGNORECASE)


def let_others_follow(package: Package, book: Book, entry: SheetEntry, move: RowMove) -> None:
    """Let everything follow but the sheet's own part and its tables.

    Args:
        package: The workbook's package.
        book: Its list of sheets.
        entry: The sheet whose rows move.
        move: What becomes of them.

    Raises:
        CannotEditError: Something names cells that are gone, or lies in them alone.
    """
    change_sheets(
        package,
        [other for other in book.sheets if other.part != entry.part],
        lambda other, prefix: ShiftedSheet(move, entry.name, prefix, other.name),
    )

    def formulas(pattern: re.Pattern[str], where: str) -> Callable[[str], str]:
        return lambda xml: _mapped(
            pattern,
            xml,
            lambda text: move.checked(text, with_areas_mapped(text, False, entry.name, move.area), where),
        )

    def follow(is_own: bool) -> Change:
        """What becomes of a cell that a control or a shape shows; of its own sheet it needs no name."""
        return lambda text, where: move.checked(
            text, with_areas_mapped(text, is_own, entry.name, move.area), f"what {where} shows"
        )

    change_part(package, book.part, formulas(_NAME, "a defined name"))
    for known in package.relationships(entry.part):
        if known.kind == "drawing":
            change_part(package, known.target, lambda xml: _moved_anchors(xml, move))
        elif known.kind == "comments":
            change_part(package, known.target, lambda xml: _moved_references(xml, "comment", move))
        elif known.kind == "threadedComment":
            change_part(package, known.target, lambda xml: _moved_references(xml, "threadedComment", move))
        elif known.kind == "vmlDrawing":
            change_part(package, known.target, lambda xml: _moved_vml(xml, move))
        elif known.kind == "pivotTable":
            change_part(package, known.target, lambda xml: _moved_pivot(xml, move))
    own = {known.target for known in package.relationships(entry.part)}
    for name in package.names():
        if _CONTROLS.match(name):
            change_part(package, name, lambda xml, name=name: changed_formulas(xml, f"`{name}`", follow(name in own)))  # type: ignore[misc]  # Bound.
        if re.match(r"xl/charts/chart\w*\.xml$", name, re.IGNORECASE):
            change_part(package, name, formulas(_FORMULA, f"the chart {name}"))
        elif re.match(r"xl/pivotCache/pivotCacheDefinition\d*\.xml$", name, re.IGNORECASE):
            change_part(package, name, lambda xml: _moved_source(xml, entry.name, move))


def _mapped(pattern: re.Pattern[str], xml: str, formula: Callable[[str], str]) -> str:
    def changed(match: re.Match[str]) -> str:
        old = unescape(match[2])
        new = formula(old)
        return match[0] if old == new else match[1] + markup.escaped(new)

    return pattern.sub(changed, xml)


def _moved_anchors(xml: str, move: RowMove) -> str:
    def moved(match: re.Match[str]) -> str:
        anchor = match[0]
        if 'editAs="absolute"' in anchor.partition(">")[0]:
            return anchor
        if all(move.removes(int(row[2]) + 1) for row in _ANCHOR_ROW.finditer(anchor)):
            raise move.refusal("a picture, a chart or a shape in them")
        return _ANCHOR_ROW.sub(lambda row: row[1] + str(move.number(int(row[2]) + 1) - 1), anchor)

    return _MOVED_ANCHOR.sub(moved, xml)


def _moved_references(xml: str, name: str, move: RowMove) -> str:
    """The comments, or the conversations, of the cells that are left."""

    def moved(match: re.Match[str]) -> str:
        reference = markup.attributes(match[1]).get("ref", "")
        area = move.area(reference)
        if area == GONE:
            return ""
        return markup.with_attributes(match[1], {"ref": area}) + match[2] if reference else match[0]

    return re.sub(rf"(?s)(<(?:\w+:)?{name}\s[^>]*>)((?<=/>)|.*?</(?:\w+:)?{name}>)", moved, xml)


def _moved_vml(xml: str, move: RowMove) -> str:
    def kept(shape: re.Match[str]) -> str:
        row = re.search(r"<x:Row>\s*(\d+)", shape[0])
        return "" if row and move.removes(int(row[1]) + 1) else shape[0]

    def row(match: re.Match[str]) -> str:
        return match[1] + str(move.number(int(match[2]) + 1) - 1) + match[3]

    def anchor(match: re.Match[str]) -> str:
        numbers = list(map(int, re.findall(r"\d+", match[2])))
        if len(numbers) == 8:
            numbers[2], numbers[6] = (move.number(number + 1) - 1 for number in (numbers[2], numbers[6]))
        return match[1] + ", ".join(map(str, numbers)) + match[3]

    xml = re.sub(r"(?s)<v:shape\s.*?</v:shape>\s*", kept, xml)
    xml = re.sub(r"(<x:Row>)\s*(\d+)\s*(</x:Row>)", row, xml)
    return re.sub(r"(<x:Anchor>)([\s\d,]+)(</x:Anchor>)", anchor, xml)


def _moved_pivot(xml: str, move: RowMove) -> str:
    def moved(match: re.Match[str]) -> str:
        reference = markup.attributes(match[0]).get("ref")
        if reference is None:
            return match[0]
        box = Box.parse(reference)
        if any(move.removes(row + 1) for row in range(box.top, box.bottom + 1)):
            raise move.refusal(f"the pivot table in {reference}")
        return markup.with_attributes(match[0], {"ref": move.area(reference)})

    return re.sub(r"<(?:\w+:)?location\s[^>]*>", moved, xml)


def _moved_source(xml: str, sheet: str, move: RowMove) -> str:
    def moved(match: re.Match[str]) -> str:
        values = markup.attributes(match[0])
        if values.get("sheet", "").casefold() != sheet.casefold() or "ref" not in values:
            return match[0]
        area = move.checked(values["ref"], move.area(values["ref"]), "the data of a pivot table")
        return markup.with_attributes(match[0], {"ref": area})

    return re.sub(r"<(?:\w+:)?worksheetSource\s[^>]*>", moved, xml)
