"""Excel's tables (Insert, Table): each has a part of its own, which must fit the cells."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import unescape

from exekra.activities.excel.areas import Box, cell_name
from exekra.activities.excel.editing import markup
from exekra.activities.excel.editing.package import Package
from exekra.activities.excel.errors import CannotEditError
from exekra.sdk.errors import InputError


class SheetTable:
    """One table of a sheet.

    Attributes:
        part: The name of its part.
        name: Its name in formulas.
        box: The cells that it takes, header and totals included.
        has_header: Whether its first row holds the names of the columns.
        totals_rows: How many rows at its end hold totals: 0 or 1.
    """

    def __init__(self, package: Package, part: str) -> None:
        self._package = package
        self.part = part
        xml = package.text(part)
        values = markup.attributes_of(xml, markup.root(xml))
        self.box = Box.parse(values.get("ref", "A1"))
        self.name = values.get("displayName") or values.get("name", "")
        self.has_header = values.get("headerRowCount", "1") != "0"
        self.totals_rows = markup.number(values, "totalsRowCount")

    @property
    def first_data_row(self) -> int:
        """The row, counted from 0, of the first data."""
        return self.box.top + self.has_header

    @property
    def last_data_row(self) -> int:
        """The row, counted from 0, of the last data."""
        return self.box.bottom - self.totals_rows

    @property
    def columns(self) -> list[str]:
        """The names of its columns."""
        xml = self._package.text(self.part)
        listed = markup.child(xml, "tableColumns")
        names = [markup.attributes_of(xml, column).get("name", "") for column in markup.children(xml, listed)]
        return [re.sub("_x000a_", "\n", name, flags=re.IGNORECASE) for name in names]

    def calculated(self) -> dict[int, str]:
        """The formulas that fill whole columns, without their `=`, by the column counted from 0."""
        found = {}
        for number, column in enumerate(self._columns()):
            formula = re.search(
                r"<(\w+:)?calculatedColumnFormula(?:\s[^>]*)?>(.*?)</(\w+:)?calculatedColumnFormula>", column, re.DOTALL
            )
            if formula and 'array="1"' not in formula[0].partition(">")[0]:
                found[self.box.left + number] = unescape(formula[2])
        return found

    def take(self, box: Box) -> None:
        """Set the cells that the table takes."""
        xml = self._sorted(self._package.text(self.part), box)
        self.box = box
        filtered = markup.child(xml, "autoFilter")
        if filtered:
            without_totals = Box(box.top, box.left, self.last_data_row, box.right)
            xml = markup.set_attributes(xml, filtered, {"ref": str(without_totals)})
        xml = markup.set_attributes(xml, markup.root(xml), {"ref": str(box)})
        self._package.replace(self.part, xml)

    def _sorted(self, xml: str, box: Box) -> str:
        """The table's part with the cells that it was sorted by where they are once the table takes others."""
        down = box.top - self.box.top
        last = box.bottom - self.totals_rows

        def moved(tag: re.Match[str]) -> str:
            old = Box.parse(markup.attributes(tag[0]).get("ref", "A1"))
            new = Box(old.top + down, old.left, min(old.bottom + down, last), old.right)
            return markup.with_attributes(tag[0], {"ref": str(new)})

        return re.sub(r"<(?:\w+:)?(?:sortState|sortCondition)\s[^>]*>", moved, xml)

    def rename_columns(self, names: Mapping[int, object]) -> dict[str, str]:
        """Keep the names of the columns as the cells of the header, which are about to change; gives the changes.

        Args:
            names: The new names by column, counted from 0.

        Raises:
            InputError: A name is empty or no text.
            CannotEditError: Two columns would have the same name.
        """
        xml = self._package.text(self.part)
        columns = self._elements(xml)
        texts = [markup.attributes_of(xml, column).get("name", "") for column in columns]
        for place, name in names.items():
            if not isinstance(name, str) or not name.strip():
                raise InputError(
                    f"{cell_name(self.box.top, place)} names a column of the table `{self.name}`, so it "
                    f"must be a text, not {name!r}."
                )
            texts[place - self.box.left] = name
        if len({text.casefold() for text in texts}) < len(texts):
            raise CannotEditError(
                f"The table `{self.name}` would have two columns of the same name: {', '.join(texts)}."
            )
        changed = {}
        for column, text in reversed(list(zip(columns, texts, strict=True))):
            old = markup.attributes_of(xml, column).get("name", "")
            if old != text:
                changed[old] = text
                xml = markup.set_attributes(xml, column, {"name": text.replace("\n", "_x000a_")})
        self._package.replace(self.part, xml)
        return changed

    def set_totals(self, values: Mapping[int, object]) -> None:
        """Keep what the totals row says of columns as its cells, which are about to change."""
        xml = self._package.text(self.part)
        columns = self._elements(xml)
        for place, value in sorted(values.items(), reverse=True):
            column = columns[place - self.box.left]
            text = value if isinstance(value, str) and not value.startswith("=") else None
            changed = xml[column.start : column.end]
            changed = re.sub(r"<(\w+:)?totalsRowFormula.*?</(\w+:)?totalsRowFormula>", "", changed, flags=re.DOTALL)
            tag = markup.root(changed)
            changed = markup.set_attributes(changed, tag, {"totalsRowFunction": None, "totalsRowLabel": text})
            xml = xml[: column.start] + changed + xml[column.end :]
        self._package.replace(self.part, xml)

    def _elements(self, xml: str) -> list[markup.Element]:
        """Its columns, one for each that it takes on the sheet."""
        columns = markup.children(xml, markup.child(xml, "tableColumns"))
        if len(columns) != self.box.right - self.box.left + 1:
            raise markup.MarkupError(f"the table `{self.name}` takes {self.box}, but has {len(columns)} columns")
        return columns

    def _columns(self) -> list[str]:
        xml = self._package.text(self.part)
        listed = markup.child(xml, "tableColumns")
        return [xml[column.start : column.end] for column in markup.children(xml, listed)] if listed else []


def tables_of(package: Package, sheet_part: str) -> list[SheetTable]:
    """The tables of a sheet."""
    related = package.relationships(sheet_part)
    return [SheetTable(package, known.target) for known in related if known.kind == "table"]
