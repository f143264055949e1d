"""All formulas of a workbook, wherever they stand: in cells, rules, names, charts, drawings, tables and links."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from urllib.parse import unquote

from exekra.activities.excel.editing import markup
from exekra.activities.excel.editing.book import Book, SheetEntry
from exekra.activities.excel.editing.other_parts import change_part, change_sheets
from exekra.activities.excel.editing.package import Package

Change = Callable[[str, str], str]
"""Gives the new text of a formula; the second argument says where it stands."""

_ELEMENT = re.compile(
    r"(<(?:[\w.-]+:)?(?:f|formula[12]?|definedName|calculatedColumnFormula|totalsRowFormula|Fmla\w+)(?:\s[^<>]*)?(?<!/)>)"
    r"([^<]+)"
)
_ATTRIBUTE = re.compile(r'(\s(?:textlink|fmla\w+|linkedCell|listFillRange|location)=")([^"]*)(?=")')
_LINK = re.compile(r'(\sTarget="#)([^"]*)(?=")')
_SOURCE = re.compile(r"<(?:\w+:)?(?:worksheetSource|dataRef)\s[^>]*>")
_HOLDS_FORMULAS = re.compile(
    r"xl/(?:.*/)?(?:chart|drawing|vmldrawing|ctrlprop|table|pivotcachedefinition)[^/]*\.(?:xml|vml|xml\.rels)$",
    re.IGNORECASE,
)


def change_formulas(package: Package, book: Book, change: Change, *, without: SheetEntry | None = None) -> None:
    """Change the formulas of a workbook.

    Args:
        package: The workbook's package.
        book: Its list of sheets.
        change: The change.
        without: A sheet whose own part is left out.
    """
    entries = [entry for entry in book.sheets if without is None or entry.part != without.part]
    change_sheets(package, entries, lambda entry, prefix: SheetFormulas(entry.name, prefix, change))
    change_part(package, book.part, lambda xml: changed_formulas(xml, "the defined names", change))
    for name in package.names():
        is_link = re.match(r"xl/worksheets/_rels/.*\.rels$", name, re.IGNORECASE)
        if _HOLDS_FORMULAS.match(name) or is_link:
            change_part(package, name, lambda xml, name=name: changed_formulas(xml, name, change))  # type: ignore[misc]  # Bound.


class SheetFormulas:
    """Changes the formulas of a sheet.

    Args:
        sheet: Its name.
        prefix: The prefix of its elements.
        change: The change.
    """

    def __init__(self, sheet: str, prefix: str, change: Change) -> None:
        self._sheet = sheet
        self._change = change
        p = re.escape(prefix).encode()
        self._formula = re.compile(
            rb"(<" + p + rb'c\s(?:[^>]*?\s)?r="([A-Z]+\d+)"[^>]*>\s*<' + p + rb"f(?:\s[^>]*)?(?<!/)>)([^<]+)"
        )

    def rows(self, rows: bytes) -> bytes:
        """A piece of rows afterwards."""

        def changed(match: re.Match[bytes]) -> bytes:
            old = unescape(match[3].decode())
            new = self._change(old, f"{self._sheet}!{match[2].decode()}")
            return match[0] if new == old else match[1] + markup.escaped(new).encode()

        return self._formula.sub(changed, rows)

    def tail(self, xml: str) -> str:
        """What stands behind the rows, afterwards."""
        return changed_formulas(xml, f"the rules of {self._sheet}", self._change)


def changed_formulas(xml: str, where: str, change: Change) -> str:
    """A part with its formulas changed.

    Args:
        xml: The part.
        where: What it is.
        change: The change.
    """

    def element(match: re.Match[str]) -> str:
        old = unescape(match[2])
        new = change(old, where)
        return match[0] if new == old else match[1] + markup.escaped(new)

    def attribute(match: re.Match[str]) -> str:
        old = unescape(match[2])
        new = change(old, where)
        return match[0] if new == old else match[1] + markup.escaped(new, quote=True)

    def link(match: re.Match[str]) -> str:
        old = unquote(unescape(match[2]))
        new = change(old, where)
        return match[0] if new == old else match[1] + markup.escaped(new, quote=True)

    def source(match: re.Match[str]) -> str:
        values = markup.attributes(match[0])
        sheet, name = values.get("sheet"), values.get("name")
        if "id" in values:  # It stands in another workbook.
            return match[0]
        if sheet:
            # As a formula would name it, so that each change needs to know one form only.
            old = "'" + sheet.replace("'", "''") + "'!A1"
            new = change(old, where)
            plain = new.removesuffix("!A1").removeprefix("'").removesuffix("'").replace("''", "'")
            return match[0] if new == old else markup.with_attributes(match[0], {"sheet": plain})
        if not name:
            return match[0]
        new = change(name, where)
        return match[0] if new == name else markup.with_attributes(match[0], {"name": new})

    for pattern, work in ((_ELEMENT, element), (_ATTRIBUTE, attribute), (_LINK, link), (_SOURCE, source)):
        xml = pattern.sub(work, xml)
    return xml
