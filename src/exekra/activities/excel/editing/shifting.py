"""The rows of a sheet, and what stands behind them, when rows are put in or taken out: what names cells by their place
follows."""

from __future__ import annotations

import re
from html import unescape

from exekra.activities.excel.areas import Box, column_number
from exekra.activities.excel.editing import markup
from exekra.activities.excel.editing.formulas import translated, with_areas_mapped
from exekra.activities.excel.editing.moves import RowMove
from exekra.activities.excel.editing.rows import patterns, row_end

_ONE_AREA = {"mergeCell", "hyperlink", "autoFilter", "sortState", "sortCondition"}
_AREAS = {"conditionalFormatting", "dataValidation", "protectedRange", "ignoredError"}
_LISTS = {
    "mergeCells": "mergeCell",
    "hyperlinks": "hyperlink",
    "dataValidations": "dataValidation",
    "protectedRanges": "protectedRange",
    "ignoredErrors": "ignoredError",
    "rowBreaks": "brk",
}
"""Lists of elements, and what they hold."""


class ShiftedSheet:
    """Shifts the sheet whose rows move, or the formulas of another.

    Args:
        shift: What becomes of the rows.
        sheet: The name of the sheet whose rows move.
        prefix: The prefix of the part's elements.
        other: The name of the other sheet whose formulas follow; None for the sheet itself.
    """

    def __init__(self, shift: RowMove, sheet: str, prefix: str, other: str | None = None) -> None:
        self._shift = shift
        self._sheet = sheet
        self._own = other is None
        self._name = sheet if other is None else other
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
            rows = self._place.sub(self._shifted_place, self._kept(rows))
        return rows

    def _kept(self, rows: bytes) -> bytes:
        """The rows without those that are taken out."""
        kept, position = [], 0
        for match in self._known.row.finditer(rows):
            if self._shift.removes(int(match[1])):
                kept.append(rows[position : match.start()])
                position = row_end(rows, match, self._known.row_close)
        return b"".join(kept) + rows[position:]

    def formula(self, formula: str, where: str) -> str:
        """A formula afterwards."""
        moved = with_areas_mapped(formula, self._own, self._sheet, self._shift.area)
        return self._shift.checked(formula, moved, where)

    def tail(self, xml: str) -> str:
        """What stands behind the rows, afterwards."""
        if self._own:
            xml = self._without_removed(xml) if self._shift.removes(self._shift.row) else xml
            xml = re.sub(r"<(?:\w+:)?(\w+)\s[^<>]*>", self._shifted_areas, xml)
            xml = re.sub(r"(<xm:sqref>)([^<]*)", self._shifted_extension, xml)
            xml = re.sub(r"(?s)<(?:\w+:)?rowBreaks[\s>].*?</(?:\w+:)?rowBreaks>", self._shifted_breaks, xml)
            xml = re.sub(r"(\s(?:linkedCell|listFillRange)=\")([^\"]*)", self._shifted_rule, xml)
        return re.sub(r"(<(?:xm:f|(?:\w+:)?formula[12]?)>)([^<]*)", self._shifted_rule, xml)

    def _shifted_areas(self, match: re.Match[str]) -> str:
        tag, name = match[0], match[1]
        key = "ref" if name in _ONE_AREA else "sqref" if name in _AREAS else None
        areas = markup.attributes(tag).get(key) if key else None
        if key and areas and self._shift.areas(areas) != areas:
            return markup.with_attributes(tag, {key: self._shift.areas(areas)})
        return tag

    def _shifted_breaks(self, match: re.Match[str]) -> str:
        return re.sub(
            r'(\sid=")(\d+)', lambda found: found[1] + str(self._shift.number(int(found[2]) + 1) - 1), match[0]
        )

    def _shifted_extension(self, match: re.Match[str]) -> str:
        areas = self._shift.areas(match[2])
        if not areas:
            raise self._shift.refusal(f"a rule or a sparkline for {match[2]}")
        return match[1] + areas

    def _without_removed(self, xml: str) -> str:
        """What stands behind the rows without what was for removed cells alone."""

        def kept(match: re.Match[str]) -> str:
            values = markup.attributes(match[0].partition(">")[0] + ">")
            areas = values.get("sqref") or values.get("ref") or ""
            if match[1] == "brk":
                return "" if self._shift.removes(markup.number(values, "id") + 1) else match[0]
            moved = self._shift.areas(areas)
            is_merge = match[1] == "mergeCell"  # One cell alone is not merged.
            return "" if areas and (not moved or (is_merge and Box.parse(moved).single)) else match[0]

        filtered = re.search(r'<(?:\w+:)?autoFilter\s[^<>]*?ref="([^"]+)"', xml)
        if filtered and self._shift.removes(Box.parse(filtered[1]).top + 1):
            raise self._shift.refusal(f"the filter of {filtered[1]}")
        for name in ("mergeCell", "hyperlink", *sorted(_AREAS)):
            xml = re.sub(rf"(?s)<(?:\w+:)?({name})\s[^<>]*?(?:/>|(?<!/)>.*?</(?:\w+:)?{name}>)", kept, xml)
        xml = re.sub(
            r"(?s)<(?:\w+:)?rowBreaks[\s>].*?</(?:\w+:)?rowBreaks>",
            lambda breaks: re.sub(r"<(?:\w+:)?(brk)\s[^<>]*/>", kept, breaks[0]),
            xml,
        )
        return re.sub(rf"(?s)<(?:\w+:)?({'|'.join(_LISTS)})(?:\s[^<>]*)?>(.*?)</(?:\w+:)?\1>", _counted, xml)

    def _shifted_rule(self, match: re.Match[str]) -> str:
        formula = unescape(match[2])
        shifted = self.formula(formula, f"a rule or a control of `{self._name}`")
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
            if not self._own and not self._mentions(first_text):
                return match[0]
            text = translated(first_text, row - first_row, column - first_column)
            tag = f"<{match[4].decode()}>"
        elif self._own and "ref" in values and not self._shift.removes(row):
            tag = markup.with_attributes(tag, {"ref": self._shift.area(values["ref"])})
        if self._own and self._shift.removes(row):
            return match[0]
        shifted = self.formula(text, f"the formula in {match[2].decode()}{row} of `{self._name}`")
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


def _counted(match: re.Match[str]) -> str:
    """A list of elements that says how many there are; nothing where there are none."""
    tag, inner = match[0].partition(">")[0] + ">", match[2]
    if not inner.strip():
        return ""
    count = len(re.findall(rf"<(?:\w+:)?(?:{'|'.join(_LISTS.values())})\s", inner))
    attributes = {name: count for name in ("count", "manualBreakCount") if f" {name}=" in tag}
    return markup.with_attributes(tag, attributes) + match[0][len(tag) :]
