"""Formats of cells: the format that a cell has, with another number format where its value needs one.

Formats are only added, so the number that a cell refers to its format by never changes its meaning.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Literal

from exekra.activities.excel import cells
from exekra.activities.excel.editing import markup
from exekra.activities.excel.editing.book import Book
from exekra.activities.excel.editing.package import Package
from exekra.activities.excel.errors import CannotEditError

Shown = Literal["any", "number", "date", "datetime", "time", "duration"]
"""What a value needs of its format: a number must not look like a date, nor a date like a number."""

_FIRST_CUSTOM = 164
_MOST_FORMATS = 65_490
_FORMATS = {
    "date": cells.DATE_FORMAT,
    "datetime": cells.DATE_TIME_FORMAT,
    "time": cells.TIME_FORMAT,
    "duration": cells.DURATION_FORMAT,
}
_ORDER = ("numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs")
_BUILT_IN_DATES = frozenset({14, 15, 16, 17, *range(27, 37), *range(50, 59)})
_BUILT_IN_TIMES = frozenset({18, 19, 20, 21, 45, 46, 47})
_NO_PATTERN = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
_PLAIN_STYLES = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<styleSheet xmlns="{}"><fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '</fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs></styleSheet>'
)
_STYLES_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"
_PLAIN_FORMAT = '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'


class Styles:
    """The part with the formats of cells; it is written only if a format was added."""

    def __init__(self, package: Package, book: Book) -> None:
        self._package = package
        self._book = book
        self._part = book.styles_part
        self._xml = package.text(self._part) if self._part else _PLAIN_STYLES.format(book.namespace)
        self._patterns = self._read_patterns()
        self._formats = self._read("cellXfs") or [_PLAIN_FORMAT]
        self._known = len(self._read("cellXfs"))
        self._new_patterns: dict[str, int] = {}
        self._new_header: dict[int, int] = {}
        self._chosen: dict[tuple[int, str], int] = {}

    def for_value(self, style: int, shown: Shown) -> int:
        """The format for a value in a cell that has the format `style`: that one, or a copy that shows it rightly."""
        if shown == "any":
            return style
        key = (style, shown)
        if key not in self._chosen:
            self._chosen[key] = self._choose(style, shown)
        return self._chosen[key]

    def header(self, style: int) -> int:
        """A bold, coloured format for a cell in a header; a cell that has a format of its own keeps it."""
        if style:
            return style
        if 0 not in self._new_header:
            prefix = markup.root(self._xml).prefix
            font = self._add("fonts", self._bold(prefix))
            colour = f"FF{cells.HEADER_COLOUR.lstrip('#')}"
            pattern = (
                f'<{prefix}patternFill patternType="solid"><{prefix}fgColor rgb="{colour}"/></{prefix}patternFill>'
            )
            fill = self._add("fills", f"<{prefix}fill>{pattern}</{prefix}fill>")
            changes: dict[str, str | int | None] = {"fontId": font, "applyFont": 1, "fillId": fill, "applyFill": 1}
            self._new_header[0] = self._copy(0, changes)
        return self._new_header[0]

    def save(self) -> None:
        """Give the package the part, if formats were added."""
        if len(self._formats) == self._known or (not self._chosen and not self._new_header):
            return
        xml = self._xml
        for pattern, number in self._new_patterns.items():
            prefix = markup.root(xml).prefix
            code = markup.escaped(pattern, quote=True)
            xml = _added(xml, "numFmts", [f'<{prefix}numFmt numFmtId="{number}" formatCode="{code}"/>'])
        xml = _added(xml, "cellXfs", self._formats[self._known :])
        if self._part is None:
            self._part = posixpath.join(posixpath.dirname(self._book.part), "styles.xml")
            self._package.set_content_type(self._part, _STYLES_TYPE)
            self._package.relate(self._book.part, f"{self._book.relation_base}/styles", self._part)
        self._package.replace(self._part, xml)

    def _choose(self, style: int, shown: str) -> int:
        shows = self.shows(style)
        if shown == "number":
            general = self._pattern("General") if 0 in self._patterns else 0
            return self._copy(style, {"numFmtId": general}) if shows else style
        wanted = "time" if shown in ("time", "duration") else "date"
        if wanted in shows and (shown != "time" or "date" not in shows):
            return style
        return self._copy(style, {"numFmtId": self._pattern(_FORMATS[shown]), "applyNumberFormat": 1})

    def shows(self, style: int) -> frozenset[str]:
        """Which of `date` and `time` a format shows."""
        if style >= len(self._formats):
            return frozenset()
        number = markup.number(markup.attributes(self._formats[style].partition(">")[0] + ">"), "numFmtId")
        if number in self._patterns:
            return shown_by(self._patterns[number])
        return frozenset(
            (["date"] if number in _BUILT_IN_DATES or number == 22 else [])
            + (["time"] if number in _BUILT_IN_TIMES or number == 22 else [])
        )

    def codes(self) -> dict[int, str]:
        """The number format of each format of cells that has one of its own."""
        numbers = (
            markup.number(markup.attributes(known.partition(">")[0] + ">"), "numFmtId") for known in self._formats
        )
        return {style: self._patterns[number] for style, number in enumerate(numbers) if number in self._patterns}

    def _copy(self, style: int, changes: Mapping[str, str | int | None]) -> int:
        """The number of a new format: another one with some attributes changed."""
        source = self._formats[min(style, len(self._formats) - 1)] if style < len(self._formats) else self._formats[0]
        close = source.index(">") + 1
        self._formats.append(markup.with_attributes(source[:close], changes) + source[close:])
        if len(self._formats) > _MOST_FORMATS:
            raise CannotEditError(f"{self._package.path} has no room for another format of cells; Excel allows 65,490.")
        return len(self._formats) - 1

    def _pattern(self, code: str) -> int:
        number = next((known for known, pattern in self._patterns.items() if pattern == code), None)
        if number is None:
            number = max([*self._patterns, _FIRST_CUSTOM - 1]) + 1
            self._patterns[number] = code
            self._new_patterns[code] = number
        return number

    def _bold(self, prefix: str) -> str:
        fonts = self._read("fonts")
        font = fonts[0] if fonts else f"<{prefix}font></{prefix}font>"
        if font.endswith("/>") and "<" not in font[1:]:
            font = f"{font[:-2]}></{prefix}font>"
        inner = markup.root(font).inner
        return font if re.search(r"<(\w+:)?b[\s/>]", font) else f"{font[:inner]}<{prefix}b/>{font[inner:]}"

    def _add(self, group: str, element: str) -> int:
        """Add a font or a fill now; gives its number."""
        number = len(self._read(group))
        self._xml = _added(self._xml, group, [element])
        return number

    def _read(self, group: str) -> list[str]:
        found = markup.child(self._xml, group)
        return [self._xml[one.start : one.end] for one in markup.children(self._xml, found)] if found else []

    def _read_patterns(self) -> dict[int, str]:
        values = [markup.attributes(pattern) for pattern in self._read("numFmts")]
        return {markup.number(known, "numFmtId"): known.get("formatCode", "") for known in values}


def _added(xml: str, group: str, elements: list[str]) -> str:
    """The text with more elements in a group, and the group's count right; a group that is missing is made."""
    whole = markup.root(xml)
    found = markup.child(xml, group, whole)
    if found is None:
        xml = markup.insert_in_order(xml, f"<{whole.prefix}{group}/>", group, _ORDER)
        found = markup.child(xml, group)
    if found is None:
        raise markup.MarkupError(f"it has no place for `{group}`")
    count = len(markup.children(xml, found)) + len(elements)
    xml = markup.append_to(xml, found, "".join(elements))
    found = markup.child(xml, group)
    return markup.set_attributes(xml, found, {"count": count}) if found else xml


@lru_cache(maxsize=512)
def shown_by(pattern: str) -> frozenset[str]:
    """Which of `date` and `time` a number format shows; nothing for other numbers."""
    plain = _NO_PATTERN.sub("", pattern.partition(";")[0]).lower().replace("general", "")
    shown = set()
    if re.search(r"[yde]", plain) and not re.search(r"e[+-]", plain):
        shown.add("date")
    if re.search(r"[hs]", plain):
        shown.add("time")
    if "m" in plain and not shown:
        shown.add("date")
    return frozenset(shown)
