"""Columns of tables that get another name: formulas that mention them follow."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import unescape

from exekra.activities.excel.areas import Box, column_number
from exekra.activities.excel.editing import markup
from exekra.activities.excel.editing.formulas import with_columns_renamed

_NAMED = re.compile(r"(<(?:\w+:)?(?:definedName|calculatedColumnFormula|totalsRowFormula)(?:\s[^>]*)?>)([^<]*)")


class RenamedColumns:
    """Changes the formulas of sheets and of other parts.

    Args:
        table: The name of the table.
        names: The new names by the old ones.
        prefix: The prefix of the elements of the sheet.
        box: Where the table is on the sheet; None on other sheets.
    """

    def __init__(self, table: str, names: Mapping[str, str], prefix: str = "", box: Box | None = None) -> None:
        self._table = table
        self._names = names
        self._mark = table.encode()
        p = re.escape(prefix).encode()
        self._box = box
        self._formula = re.compile(
            rb"(<" + p + rb'c\s(?:[^>]*?\s)?r="([A-Z]+)(\d+)"[^>]*>\s*<' + p + rb"f(?:\s[^>]*)?>)([^<]*)"
        )

    def rows(self, rows: bytes) -> bytes:
        """A piece of a sheet's rows afterwards."""
        concerned = self._mark in rows or self._box is not None
        return self._formula.sub(self._renamed, rows) if concerned else rows

    def tail(self, xml: str) -> str:
        """What stands behind the rows: it mentions no columns of tables."""
        return xml

    def part(self, xml: str, *, own: bool = False) -> str:
        """The list of names, or a table, afterwards.

        Args:
            xml: The part.
            own: Whether it is the part of the table itself.
        """

        def renamed(match: re.Match[str]) -> str:
            formula = with_columns_renamed(unescape(match[2]), self._table, self._names, inside=own)
            return match[1] + markup.escaped(formula)

        return _NAMED.sub(renamed, xml) if self._table in xml else xml

    def _renamed(self, match: re.Match[bytes]) -> bytes:
        if b"[" not in match[4]:
            return match[0]
        formula = unescape(match[4].decode())
        place = int(match[3]) - 1, column_number(match[2].decode())
        inside = self._box is not None and self._box.covers(*place)
        renamed = with_columns_renamed(formula, self._table, self._names, inside=inside)
        return match[0] if renamed == formula else match[1] + markup.escaped(renamed).encode()
