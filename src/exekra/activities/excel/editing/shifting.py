"""The rows of a sheet, and what stands behind them, when rows are put in: what names cells by their place follows."""

from __future__ import annotations

import re
from html import unescape

from exekra.activities.excel.areas import column_number
from exekra.activities.excel.editing import markup
from exekra.activities.excel.editing.formulas import RowShift, translated, with_areas_mapped
from exekra.activities.excel.editing.rows import patterns

_ONE_AREA = {"mergeCell", "hyperlink", "autoFilter", "sortState", "sortCondition"}
_AREAS = {"conditionalFormatting", "dataValidation", "protectedRange", "ignoredError"}


class ShiftedSheet:
    """Shifts the sheet that gets the new rows, or the formulas of another.

    Args:
        shift: Where rows are put in, and how many.
        sheet: The name of the sheet that gets them.
        own: Whether this is that sheet.
        prefix: The prefix of the part's elements.
    """

    def __init__(self, shift: RowShift, sheet: str, own: bool, prefix: str) -> None:
        self._shift = shift
        self._sheet = sheet
        self._own = own
        self._known = patterns(prefix)
        p = re.escape(prefix).encode()
        self._place = re.compile(rb"(<" + p + rb'(?:row|c)\s(?:[^>]*?\s)?r=")([A-Z]*)(\d+)(")')
        self._formula = re.compile(
            rb"(<"
            + p
            + rb'c\s(?:[^>]*?\s)?r="([A-Z]+)(\d+)"[^>]*>\s*)<('
            + p
            + rb"f)(\s[^>]*?)?(?:/>|>([^<]*)</"
            + p
            + rb"f>)"
        )
        self._shared: dict[str, tuple[int, int, str]] = {}

    def rows(self, rows: bytes) -> bytes:
        """A piece of rows afterwards; pieces must come in their order."""
        rows = self._formula.sub(self._shifted_formula, rows)
        last = self._known.row.search(rows, max(rows.rfind(self._known.row_open), 0))
        if self._own and last and int(last[1]) >= self._shift.row:
            rows = self._place.sub(self._shifted_place, rows)
        return rows

    def formula(self, formula: str) -> str:
        """A formula afterwards."""
        return with_areas_mapped(formula, self._own, self._sheet, self._shift.area)

    def tail(self, xml: str) -> str:
        """What stands behind the rows, afterwards."""
        xml = re.sub(r"<(?:\w+:)?(\w+)\s[^<>]*>", self._shifted_areas, xml) if self._own else xml
        if self._own:
            xml = re.sub(r"(<xm:sqref>)([^<]*)", lambda match: match[1] + self._shift.areas(match[2]), xml)
        return re.sub(r"(<(?:xm:f|(?:\w+:)?formula[12]?)>)([^<]*)", self._shifted_rule, xml)

    def _shifted_areas(self, match: re.Match[str]) -> str:
        tag, name = match[0], match[1]
        key = "ref" if name in _ONE_AREA else "sqref" if name in _AREAS else None
        areas = markup.attributes(tag).get(key) if key else None
        if key and areas and self._shift.areas(areas) != areas:
            return markup.with_attributes(tag, {key: self._shift.areas(areas)})
        if name == "brk" and re.search(r'id="\d+"', tag):
            return re.sub(r'(id=")(\d+)', lambda found: found[1] + str(self._shift.number(int(found[2]) + 1) - 1), tag)
        return tag

    def _shifted_rule(self, match: re.Match[str]) -> str:
        formula = unescape(match[2])
        shifted = self.formula(formula)
        return match[0] if shifted == formula else match[1] + markup.escaped(shifted)

    def _shifted_formula(self, match: re.Match[bytes]) -> bytes:
        values = markup.attributes((match[5] or b"").decode())
        column, row = column_number(match[2].decode()), int(match[3])
        text = unescape((match[6] or b"").decode())
        tag = f"<{match[4].decode()}{(match[5] or b'').decode()}>"
        shared = values.get("si") if values.get("t") == "shared" else None
        if shared is not None:
            if text:
                self._shared[shared] = (row, column, text)
            first_row, first_column, first_text = self._shared.get(shared, (row, column, text))
            if not self._own and self.formula(first_text) == first_text and not self._mentions(first_text):
                return match[0]
            text = translated(first_text, row - first_row, column - first_column)
            tag = f"<{match[4].decode()}>"
        elif self._own and "ref" in values:
            tag = markup.with_attributes(tag, {"ref": self._shift.area(values["ref"])})
        shifted = self.formula(text)
        if shared is None and shifted == text and f"<{match[4].decode()}{(match[5] or b'').decode()}>" == tag:
            return match[0]
        return match[1] + f"{tag}{markup.escaped(shifted)}</{match[4].decode()}>".encode()

    def _mentions(self, formula: str) -> bool:
        """Whether a formula of another sheet refers to this one at all."""
        found: list[str] = []

        def seen(area: str) -> str:
            found.append(area)
            return area

        with_areas_mapped(formula, self._own, self._sheet, seen)
        return bool(found)

    def _shifted_place(self, match: re.Match[bytes]) -> bytes:
        return match[1] + match[2] + str(self._shift.number(int(match[3]))).encode() + match[4]
