"""The rows of a sheet as bytes: one is found, read or written without touching its neighbours."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import unescape

from exekra.activities.excel.areas import column_letters, column_number, place_column
from exekra.activities.excel.editing import markup
from exekra.activities.excel.editing.formulas import translated
from exekra.activities.excel.editing.values import Content

CellEdit = tuple[int, Content]
"""A column, counted from 0, and what its cell holds from now on."""


@dataclass(frozen=True, slots=True)
class Patterns:
    """What rows and cells look like with one prefix."""

    row: re.Pattern[bytes]
    row_open: bytes
    row_close: bytes
    cell: re.Pattern[str]
    formula: re.Pattern[str]
    shared: re.Pattern[bytes]
    filled: tuple[bytes, ...]


@lru_cache(maxsize=8)
def patterns(prefix: str) -> Patterns:
    """The patterns for the prefix (with its colon) of a sheet's elements."""
    p = re.escape(prefix)
    b = p.encode()
    return Patterns(
        row=re.compile(rb"<" + b + rb'row\s(?:[^>]*?\s)?r="(\d+)"[^>]*>'),
        row_open=f"<{prefix}row".encode(),
        row_close=f"</{prefix}row>".encode(),
        cell=re.compile(rf"<{p}c(\s[^>]*?)?(?:/>|>(.*?)</{p}c>)", re.DOTALL),
        formula=re.compile(rf"<{p}f(\s[^>]*?)?(?:/>|>(.*?)</{p}f>)", re.DOTALL),
        shared=re.compile(
            rb"<"
            + b
            + rb'c\s(?:[^>]*?\s)?r="([A-Z]+)(\d+)"[^>]*>\s*(<'
            + b
            + rb'f\s[^>]*?si="(\d+)"[^>]*?(?:/>|></'
            + b
            + rb"f>))"
        ),
        filled=tuple(f"<{prefix}{name}".encode() for name in ("v", "f", "is")),
    )


@dataclass(frozen=True, slots=True)
class OldCell:
    """A cell that is there.

    Attributes:
        column: Its column, counted from 0.
        style: The number of its format.
        xml: The whole element.
        formula: The attributes and the text of its formula, or None.
        filled: Whether it has a value or a formula.
    """

    column: int
    style: int
    xml: str
    formula: tuple[str, str] | None
    filled: bool

    @property
    def is_number(self) -> bool:
        """Whether it holds a number or a date itself."""
        kind = markup.attributes(self.xml.partition(">")[0] + ">").get("t", "n")
        return self.filled and self.formula is None and kind in ("n", "d")

    @property
    def formula_text(self) -> str | None:
        """The formula as text, where the cell holds one itself."""
        return unescape(self.formula[1]) if self.formula and self.formula[1] else None


def cells_of(row: str, prefix: str) -> Iterator[OldCell]:
    """The cells of a row's XML, by their place even where they do not say it."""
    known = patterns(prefix)
    column = -1
    for match in known.cell.finditer(row):
        values = markup.attributes(match[1] or "")
        reference = values.get("r")
        column = place_column(reference) if reference else column + 1
        xml, inner = match[0], match[2] or ""
        if not reference:
            xml = xml.replace("<" + prefix + "c", f'<{prefix}c r="{column_letters(column)}{{}}"', 1)
        formula = known.formula.search(inner) if inner else None
        yield OldCell(
            column,
            markup.number(values, "s"),
            xml,
            ((formula[1] or ""), (formula[2] or "")) if formula else None,
            bool(formula) or any(mark.decode() in inner for mark in known.filled),
        )


class RowWriter:
    """Writes rows with changed cells.

    Args:
        prefix: The prefix of the sheet's elements.
        style_of_column: The format of the cells of a column that are not there yet.
        choose_style: The format for a content in a cell that has a format.

    Attributes:
        removed: How many formulas were overwritten so far.
        written: How many formulas were written so far.
        orphans: The shared formulas whose first cell was overwritten: row, column and text by their number.
    """

    def __init__(
        self, prefix: str, style_of_column: Callable[[int], int], choose_style: Callable[[int, Content], int]
    ) -> None:
        self._prefix = prefix
        self._patterns = patterns(prefix)
        self._style_of_column = style_of_column
        self._choose_style = choose_style
        self.removed = 0
        self.written = 0
        self.orphans: dict[int, tuple[int, int, str]] = {}

    def new(self, number: int, edits: Sequence[CellEdit]) -> bytes:
        """A row that was not there.

        Args:
            number: Its number, counted from 1.
            edits: Its cells from left to right.
        """
        style_of = self._style_of_column
        cells = "".join([self._cell(number, column, style_of(column), content) for column, content in edits])
        return f'<{self._prefix}row r="{number}">{cells}</{self._prefix}row>'.encode()

    def changed(self, row: bytes, number: int, edits: Iterable[CellEdit]) -> bytes:
        """A row with some cells changed.

        Args:
            row: The XML of the row as it is.
            number: Its number, counted from 1.
            edits: The changed cells from left to right.
        """
        text = row.decode()
        close = text.index(">") + 1
        tag, empty = text[:close], text[close - 2] == "/"
        body = "" if empty else text[close : text.rindex("</")]
        values = markup.attributes(tag)
        of_row = markup.number(values, "s") if values.get("customFormat") in ("1", "true") else None
        cells: dict[int, str] = {}
        old = {}
        rest = 0
        for cell in cells_of(body, self._prefix):
            old[cell.column] = cell
            cells[cell.column] = cell.xml.replace('{}"', f'{number}"', 1) if '{}"' in cell.xml else cell.xml
        ends = [match.end() for match in self._patterns.cell.finditer(body)]
        rest = ends[-1] if ends else 0
        for column, content in edits:
            present = old.get(column)
            if present is not None:
                self._forget(present, number)
                style = present.style
            else:
                if content.inner == "":
                    continue
                style = self._style_of_column(column) if of_row is None else of_row
            cells[column] = self._cell(number, column, style, content)
        if not cells:
            return row
        tag = markup.with_attributes(tag, {"spans": None}) if "spans" in tag and set(cells) - set(old) else tag
        tag = re.sub(r"\s*/>$", ">", tag)
        joined = "".join(cells[column] for column in sorted(cells))
        return f"{tag}{joined}{body[rest:].rstrip()}</{self._prefix}row>".encode()

    def with_orphans_expanded(self, rows: bytes) -> bytes:
        """Rows in which cells that shared an overwritten formula have a formula of their own."""
        if not self.orphans:
            return rows
        return self._patterns.shared.sub(self._expanded, rows)

    def _expanded(self, match: re.Match[bytes]) -> bytes:
        origin = self.orphans.get(int(match[4]))
        if origin is None:
            return match[0]
        row, column, text = origin
        own = translated(text, int(match[2]) - row, column_number(match[1].decode()) - column)
        formula = f"<{self._prefix}f>{markup.escaped(own)}</{self._prefix}f>".encode()
        return match[0][: match.start(3) - match.start()] + formula

    def _forget(self, cell: OldCell, row: int) -> None:
        """Note that a cell's old content goes."""
        if cell.formula is None:
            return
        self.removed += 1
        values = markup.attributes(cell.formula[0])
        if values.get("t") == "shared" and cell.formula[1]:
            self.orphans[markup.number(values, "si")] = (row, cell.column, unescape(cell.formula[1]))

    def _cell(self, row: int, column: int, style: int, content: Content) -> str:
        self.written += content.formula
        style = self._choose_style(style, content)
        shown = f' s="{style}"' if style else ""
        start = f'<{self._prefix}c r="{column_letters(column)}{row}"{shown}'
        return f"{start}{content.type}>{content.inner}</{self._prefix}c>" if content.inner else f"{start}/>"


def row_end(rows: bytes, match: re.Match[bytes], closing: bytes) -> int:
    """Where the row ends whose opening tag matched."""
    if match[0].endswith(b"/>"):
        return match.end()
    end = rows.find(closing, match.end())
    if end < 0:
        raise markup.MarkupError("a row is not closed")
    return end + len(closing)
