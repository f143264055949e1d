"""The workbook's own part: its sheets, its system of dates, and the mark that makes Excel compute its formulas."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from exekra.activities.excel.areas import check_sheet_name
from exekra.activities.excel.editing import markup
from exekra.activities.excel.editing.package import Package
from exekra.activities.excel.errors import CannotEditError, not_a_workbook, sheet_missing

_ORDER = (
    "fileVersion",
    "fileSharing",
    "workbookPr",
    "AlternateContent",
    "revisionPtr",
    "absPath",
    "workbookProtection",
    "bookViews",
    "sheets",
    "functionGroups",
    "externalReferences",
    "definedNames",
    "calcPr",
)
"""The children of a workbook up to `calcPr`, in the schema's order."""

_STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_STRICT_RELATIONS = "http://purl.oclc.org/ooxml/officeDocument/relationships"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_MACRO_TYPE = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
_NO_CELLS = {"chartsheet": "a chart sheet", "dialogsheet": "a dialog sheet", "xlMacrosheet": "a macro sheet"}


@dataclass(frozen=True, slots=True)
class SheetEntry:
    """A sheet in the workbook's list.

    Attributes:
        name: Its name.
        part: The part that holds it.
        kind: `worksheet`, or what has no cells to write.
        hidden: Whether people do not see it.
    """

    name: str
    part: str
    kind: str
    hidden: bool = False


class Book:
    """The workbook part of a package.

    Raises:
        NotAWorkbookError: The package holds no workbook of the .xlsx kind.
    """

    def __init__(self, package: Package) -> None:
        self._package = package
        office = [known for known in package.relationships("") if known.kind == "officeDocument"]
        if not office:
            raise not_a_workbook(package.path, "it is a ZIP file, but not a workbook")
        self.part = office[0].target
        xml = package.text(self.part)
        whole = markup.root(xml)
        if whole.name != "workbook" or not markup.child(xml, "sheets", whole):
            raise not_a_workbook(package.path, "its main part is not a workbook")
        self._strict = _STRICT in xml[whole.start : whole.inner]
        if any(known.kind == "revisionHeaders" for known in package.relationships(self.part)):
            raise CannotEditError(
                f"{package.path} is a shared workbook with a history of changes, which an edit would contradict. Stop "
                "sharing it in Excel first."
            )

    @property
    def sheets(self) -> list[SheetEntry]:
        """The sheets in the workbook's order."""
        xml = self._package.text(self.part)
        targets = {known.id: known for known in self._package.relationships(self.part)}
        found = []
        listed = markup.child(xml, "sheets")
        for element in markup.children(xml, listed):
            values = markup.attributes_of(xml, element)
            related = targets.get(values.get("id", ""))
            if related:
                hidden = values.get("state", "visible") != "visible"
                found.append(SheetEntry(values.get("name", ""), related.target, related.kind, hidden))
        return found

    def worksheet(self, name: str) -> SheetEntry:
        """The sheet of that name.

        Raises:
            SheetMissingError: There is none.
            CannotEditError: It has no cells: it is a chart, a dialog or a macro sheet.
        """
        entry = next((sheet for sheet in self.sheets if sheet.name == name), None)
        if entry is None:
            raise sheet_missing(self._package.path, name, [sheet.name for sheet in self.sheets])
        if entry.kind != "worksheet":
            kind = _NO_CELLS.get(entry.kind, "not a sheet of cells")
            raise CannotEditError(f"`{name}` in {self._package.path} is {kind}, so nothing can be written into it.")
        return entry

    @property
    def epoch(self) -> datetime:
        """The day that the serial number 0 of a date stands for, as of March 1900."""
        xml = self._package.text(self.part)
        properties = markup.child(xml, "workbookPr")
        since_1904 = properties and markup.attributes_of(xml, properties).get("date1904", "0") in ("1", "true", "on")
        return datetime(1904, 1, 1) if since_1904 else datetime(1899, 12, 30)

    @property
    def styles_part(self) -> str | None:
        """The name of the part that holds the formats of cells."""
        return self._related("styles")

    @property
    def relation_base(self) -> str:
        """The beginning of the types of relationships, which differs in strict files."""
        return _STRICT_RELATIONS if self._strict else _RELATIONS

    @property
    def namespace(self) -> str:
        """The namespace of the workbook's parts."""
        return _STRICT if self._strict else _MAIN

    def add_sheet(self, name: str, position: int | None = None) -> SheetEntry:
        """Add an empty sheet.

        Args:
            name: Its name.
            position: Where it stands, counted from 1; None is behind the others.

        Raises:
            InputError: Excel does not allow the name.
        """
        check_sheet_name(name)
        part = self._package.free_name("xl/worksheets/sheet{}.xml")
        self._package.replace(
            part,
            '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
            f'<worksheet xmlns="{self.namespace}"><sheetData/></worksheet>',
        )
        self._package.set_content_type(part, _SHEET_TYPE)
        relation = self._package.relate(self.part, f"{self.relation_base}/worksheet", part)
        xml, listed, elements = self._listed()
        ids = [markup.number(markup.attributes_of(xml, sheet), "sheetId") for sheet in elements]
        entry = (
            f'<{listed.prefix}sheet name="{markup.escaped(name, quote=True)}" sheetId="{max(ids, default=0) + 1}" '
            f'r:id="{relation}" xmlns:r="{self.relation_base}"/>'
        )
        if position is None or position > len(elements):
            xml = markup.append_to(xml, listed, entry)
        else:
            place = elements[position - 1].start
            xml = _renumbered(xml[:place] + entry + xml[place:], lambda number: number + (number >= position - 1))
        self._package.replace(self.part, xml)
        return SheetEntry(name, part, "worksheet")

    def rename_sheet(self, old: str, new: str) -> None:
        """Give a sheet of the list another name."""
        xml, _, elements = self._listed()
        element = next(found for found in elements if markup.attributes_of(xml, found).get("name") == old)
        self._package.replace(self.part, markup.set_attributes(xml, element, {"name": new}))

    def remove_sheet(self, entry: SheetEntry) -> None:
        """Take a sheet, and the names that belong to it, out of the list; its part stays."""
        xml, _, elements = self._listed()
        names = [markup.attributes_of(xml, element).get("name") for element in elements]
        place = names.index(entry.name)
        xml = xml[: elements[place].start] + xml[elements[place].end :]
        own = re.compile(
            rf"""<(\w+:)?definedName\s(?=[^>]*\blocalSheetId="{place}")[^>]*?(?:/>|>[^<]*</(?:\w+:)?definedName>)"""
        )
        xml = markup.without_empty(own.sub("", xml), "definedNames")
        xml = _renumbered(xml, lambda number: max(number - (number >= place and number > 0), 0))
        self._package.unrelate(self.part, entry.part)
        self._package.replace(self.part, xml)
        self._show_one()

    def _show_one(self) -> None:
        """Let the workbook open with the first sheet that people see, where the one it would open with is hidden."""
        sheets = self.sheets
        visible = next((number for number, sheet in enumerate(sheets) if not sheet.hidden), 0)

        def shown(tag: re.Match[str]) -> str:
            active = markup.number(markup.attributes(tag[0]), "activeTab")
            is_hidden = active >= len(sheets) or sheets[active].hidden
            return markup.with_attributes(tag[0], {"activeTab": visible}) if is_hidden else tag[0]

        xml = self._package.text(self.part)
        self._package.replace(self.part, re.sub(r"<(?:\w+:)?workbookView\s[^>]*>", shown, xml))

    def forget_pivot_cache(self, part: str) -> None:
        """Take the data of a pivot table that is gone out of the list."""
        ids = {known.id for known in self._package.relationships(self.part) if known.target == part}
        xml = self._package.text(self.part)
        listed = markup.child(xml, "pivotCaches")
        for element in reversed(markup.children(xml, listed) if listed else []):
            if markup.attributes_of(xml, element).get("id") in ids:
                xml = xml[: element.start] + xml[element.end :]
        self._package.replace(self.part, markup.without_empty(xml, "pivotCaches"))
        self._package.unrelate(self.part, part)

    def _listed(self) -> tuple[str, markup.Element, list[markup.Element]]:
        """The XML of the workbook, its list of sheets, and the sheets in it."""
        xml = self._package.text(self.part)
        listed = markup.child(xml, "sheets")
        if listed is None:
            raise not_a_workbook(self._package.path, "it has no list of sheets")
        return xml, listed, markup.children(xml, listed)

    def allow_macros(self) -> None:
        """Call the workbook one that may have macros: Excel does not open an .xlsm file that is called otherwise."""
        self._package.set_content_type(self.part, _MACRO_TYPE)

    def compute_on_opening(self) -> None:
        """Mark the workbook so that Excel computes all formulas when it opens it."""
        xml = self._package.text(self.part)
        element = markup.child(xml, "calcPr")
        if element:
            xml = markup.set_attributes(xml, element, {"fullCalcOnLoad": 1})
        else:
            prefix = markup.root(xml).prefix
            xml = markup.insert_in_order(xml, f'<{prefix}calcPr fullCalcOnLoad="1"/>', "calcPr", _ORDER)
        self._package.replace(self.part, xml)

    def forget_calculation_chain(self) -> None:
        """Remove the list of the cells with formulas, which Excel makes anew; an entry without a formula is damage."""
        chain = self._related("calcChain")
        if chain:
            self._package.unrelate(self.part, chain)
            self._package.set_content_type(chain, None)
            self._package.remove(chain)

    def _related(self, kind: str) -> str | None:
        found = (known.target for known in self._package.relationships(self.part) if known.kind == kind)
        part = next(found, None)
        return part if part and self._package.name(part) else None


def _renumbered(xml: str, change: Callable[[int], int]) -> str:
    """The XML of a workbook whose sheets stand at other places: what names them by their place follows."""

    def moved(tag: re.Match[str], *names: str) -> str:
        values = markup.attributes(tag[0])
        places = {name: (markup.number(values, name), change(markup.number(values, name))) for name in names}
        return markup.with_attributes(tag[0], {name: new for name, (old, new) in places.items() if old != new})

    xml = re.sub(r"<(?:\w+:)?definedName\s[^>]*localSheetId=[^>]*>", lambda tag: moved(tag, "localSheetId"), xml)
    return re.sub(r"<(?:\w+:)?workbookView\s[^>]*>", lambda tag: moved(tag, "activeTab", "firstSheet"), xml)
