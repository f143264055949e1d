"""Columns of tables that get another name: formulas that mention them follow."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import unescape

from exekra.activities.excel.editing import markup
from exekra.activities.excel.editing.formulas import with_columns_renamed

_NAMED = re.compile(r"(<(?:\w+:)?(?:definedName|calculatedColumnFormula|totalsRowFormula)(?:\s[^>]*)?>)([^<]*)")


class RenamedColumns:
    """Changes the formulas of sheets and of other parts.

    Args:
        table: The name of the table.
        names: The new names by the old ones.
        prefix: The prefix of the elements of the sheet.
    """

    def __init__(self, table: str, names: Mapping[str, str], prefix: str = "") -> None:
        self._table = table
        self._names = names
        self._mark = table.encode()
        p = re.escape(prefix).encode()
        self._formula = re.compile(rb"(<" + p + rb"f(?:\s[^>]*)?>)([^<]*)")

    def rows(self, rows: bytes) -> bytes:
        """A piece of a sheet's rows afterwards."""
        return self._formula.sub(self._renamed, rows) if self._mark in rows else rows

    def tail(self, xml: str) -> str:
        """What stands behind the rows: it mentions no columns of tables."""
        return xml

    def part(self, xml: str) -> str:
        """The list of names, or a table, afterwards."""

        def renamed(match: re.Match[str]) -> str:
            return match[1] + markup.escaped(with_columns_renamed(unescape(match[2]), self._table, self._names))

        return _NAMED.sub(renamed, xml) if self._table in xml else xml

    def _renamed(self, match: re.Match[bytes]) -> bytes:
        formula = unescape(match[2].decode())
        renamed = with_columns_renamed(formula, self._table, self._names)
        return match[0] if renamed == formula else match[1] + markup.escaped(renamed).encode()
