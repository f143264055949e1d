"""The workbook's own part: its sheets, its system of dates, and the mark that makes Excel compute its formulas."""

from __future__ import annotations

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
    """

    name: str
    part: str
    kind: str


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
                found.append(SheetEntry(values.get("name", ""), related.target, related.kind))
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

    def add_sheet(self, name: str) -> SheetEntry:
        """Add an empty sheet behind the others.

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
        xml = self._package.text(self.part)
        listed = markup.child(xml, "sheets")
        if listed is None:
            raise not_a_workbook(self._package.path, "it has no list of sheets")
        ids = [markup.number(markup.attributes_of(xml, sheet), "sheetId") for sheet in markup.children(xml, listed)]
        entry = (
            f'<{listed.prefix}sheet name="{markup.escaped(name, quote=True)}" sheetId="{max(ids, default=0) + 1}" '
            f'r:id="{relation}" xmlns:r="{self.relation_base}"/>'
        )
        self._package.replace(self.part, markup.append_to(xml, listed, entry))
        return SheetEntry(name, part, "worksheet")

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
