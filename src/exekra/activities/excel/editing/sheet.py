"""A sheet's part: what stands before its rows, the rows as a stream, and what stands behind them.

A sheet can have a hundred megabytes of XML, so it is read twice in pieces: `scan` finds out what an edit must know, and
`write` copies the rows and changes those that are edited.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import IO

from exekra.activities.excel.areas import Box
from exekra.activities.excel.editing import markup
from exekra.activities.excel.editing.canonical import canonical
from exekra.activities.excel.editing.package import Package
from exekra.activities.excel.editing.rows import CellEdit, RowWriter, cells_of, patterns, row_end
from exekra.activities.excel.errors import NotAWorkbookError, not_a_workbook

RowEdit = tuple[int, list[CellEdit]]
"""A row's number, counted from 1, and its changed cells from left to right."""

RowsChange = Callable[[bytes], bytes]
"""Changes whole rows; used where cells move."""

_SHEET_DATA = re.compile(rb"<((?:[\w.-]+:)?)sheetData(\s[^>]*?)?(/?)>")
_GROUP = re.compile(rb'<(?:\w+:)?f\s[^>]*?t="(array|dataTable)"[^>]*>')
_ROWS_AT_ONCE = 1000
_TOP_ROWS = 20
_LONGEST_HEAD = 1 << 26


@dataclass(slots=True)
class Outline:
    """What a scan of a sheet found.

    Attributes:
        prefix: The prefix of the sheet's elements with the colon, or "".
        head: The XML before the rows, with the opening tag of `sheetData`.
        tail: The XML behind the rows, with the closing tag of `sheetData`.
        first_filled: The first row with a value or a formula, as XML, with its number; None in an empty sheet.
        last_filled: The last one.
        top: The first rows as XML, from the first filled one on; a header is among them.
        formulas: How many cells have a formula.
        groups: The areas that one formula fills.
        odd: Why the XML must be written in the usual form before it can be edited; "" where it need not.
    """

    prefix: str
    head: str
    tail: str = ""
    first_filled: tuple[int, str] | None = None
    last_filled: tuple[int, str] | None = None
    top: list[str] = field(default_factory=list)
    formulas: int = 0
    groups: list[Box] = field(default_factory=list)
    odd: str = ""


class SheetPart:
    """One sheet of a package, to be read and changed.

    Args:
        package: The package.
        part: The name of the sheet's part.

    Attributes:
        outline: What stands around the rows; an edit may set its `head` and `tail`.
    """

    def __init__(self, package: Package, part: str) -> None:
        self._package = package
        self._part = part
        self._canonical: bytes | None = None
        self.outline = self._scan()
        if self.outline.odd:
            try:
                self._canonical = canonical(b"".join(package.pieces(part)))
            except ValueError as error:
                raise not_a_workbook(package.path, f"part `{part}`: {error}") from None
            self.outline = self._scan()

    def rows(self) -> Iterator[bytes]:
        """The rows in pieces that hold whole rows."""
        return (content for kind, content in self._split() if kind == "rows")

    def filled(self, box: Box) -> list[tuple[int, str]]:
        """The rows, by their number counted from 0 and as XML, that have a filled cell in this area."""
        known = patterns(self.outline.prefix)
        found: list[tuple[int, str]] = []
        for rows in self.rows():
            last = known.row.search(rows, max(rows.rfind(known.row_open), 0))
            if last is None or int(last[1]) <= box.top:
                continue
            for match in known.row.finditer(rows):
                row = int(match[1]) - 1
                if row > box.bottom:
                    return found
                if row >= box.top:
                    xml = rows[match.start() : row_end(rows, match, known.row_close)].decode()
                    if any(cell.filled and box.covers(row, cell.column) for cell in cells_of(xml, self.outline.prefix)):
                        found.append((row, xml))
        return found

    def write(self, writer: RowWriter, edits: Iterable[RowEdit], change: RowsChange | None = None) -> None:
        """Set the part's content to the rows with these changes, once the package is saved.

        Args:
            writer: Writes the changed rows.
            edits: The changes, in ascending order of rows as they are numbered after `change`.
            change: What is done to all rows before.
        """

        def written(out: IO[bytes]) -> None:
            waiting = iter(edits)
            pending = next(waiting, None)
            known = patterns(self.outline.prefix)
            out.write(self.outline.head.encode())
            for rows in map(change, self.rows()) if change else self.rows():
                last = known.row.search(rows, max(rows.rfind(known.row_open), 0))
                if pending is None or (last and pending[0] > int(last[1])):
                    out.write(writer.with_orphans_expanded(rows))
                    continue
                pending = self._edit(out, writer, rows, pending, waiting)
            if pending is not None:
                out.write(writer.new(*pending))
            while batch := list(islice(waiting, _ROWS_AT_ONCE)):
                out.write(b"".join([writer.new(number, cells) for number, cells in batch]))
            out.write(self.outline.tail.encode())

        self._package.rewrite(self._part, written)

    def _edit(
        self, out: IO[bytes], writer: RowWriter, rows: bytes, pending: RowEdit | None, waiting: Iterator[RowEdit]
    ) -> RowEdit | None:
        """Write a piece with its changes; gives the first change that lies behind it."""
        known = patterns(self.outline.prefix)
        position = 0
        for match in known.row.finditer(rows):
            number = int(match[1])
            if pending is None:
                break
            if number < pending[0]:
                continue
            out.write(writer.with_orphans_expanded(rows[position : match.start()]))
            position = match.start()
            while pending is not None and pending[0] < number:
                out.write(writer.new(*pending))
                pending = next(waiting, None)
            if pending is not None and pending[0] == number:
                position = row_end(rows, match, known.row_close)
                changed = writer.changed(rows[match.start() : position], *pending)
                out.write(writer.with_orphans_expanded(changed))
                pending = next(waiting, None)
        out.write(writer.with_orphans_expanded(rows[position:]))
        return pending

    def cover(self, box: Box) -> None:
        """Say in the head that the sheet's cells reach over this area, too."""
        self.resize(lambda old: old.joined(box))

    def resize(self, change: Callable[[Box], Box]) -> None:
        """Change what the head says of the area of the sheet's cells, where it says it."""
        head = self.outline.head
        whole = re.search(r"<(?:\w+:)?dimension\s[^>]*>", head)
        reference = markup.attributes(whole[0]).get("ref") if whole else None
        if whole and reference:
            tag = markup.with_attributes(whole[0], {"ref": str(change(Box.parse(reference)))})
            self.outline.head = head[: whole.start()] + tag + head[whole.end() :]

    def _split(self) -> Iterator[tuple[str, bytes]]:
        """The part as ("head", ...), any number of ("rows", ...), and ("tail", ...)."""
        pieces = iter((self._canonical,)) if self._canonical else self._package.pieces(self._part)
        buffer, match = b"", None
        while match is None:
            piece = next(pieces, b"")
            buffer += piece
            match = _SHEET_DATA.search(buffer)
            if match is None and (not piece or len(buffer) > _LONGEST_HEAD):
                raise not_a_workbook(self._package.path, f"part `{self._part}` has no cells")
        prefix = match[1]
        tag = buffer[match.start() : match.end()]
        yield "head", buffer[: match.start()] + (re.sub(rb"\s*/>$", b">", tag))
        if match[3]:
            yield "tail", b"</" + prefix + b"sheetData>" + buffer[match.end() :] + b"".join(pieces)
            return
        opening, closing = b"<" + prefix + b"row", b"</" + prefix + b"sheetData"
        rest = buffer[match.end() :]
        while (end := rest.find(closing)) < 0:
            cut = rest.rfind(opening)
            if cut > 0:
                yield "rows", rest[:cut]
                rest = rest[cut:]
            piece = next(pieces, b"")
            if not piece:
                raise not_a_workbook(self._package.path, f"part `{self._part}` ends too early")
            rest += piece
        if rest[:end]:
            yield "rows", rest[:end]
        yield "tail", rest[end:] + b"".join(pieces)

    def _scan(self) -> Outline:
        split = self._split()
        head = next(split)[1]
        if head[:2] in (b"\xff\xfe", b"\xfe\xff") or not _is_utf8(head):
            return Outline("", "", odd="encoding")
        match = _SHEET_DATA.search(head)
        prefix = match[1].decode() if match else ""
        outline = Outline(prefix, head.removeprefix(b"\xef\xbb\xbf").decode())
        previous = 0
        for kind, content in split:
            if b"<!" in content:
                outline.odd = "comments"
            if kind == "tail":
                outline.tail = content.decode()
            elif content.strip():
                previous = self._scan_rows(outline, content, previous)
        if "<!" in outline.head:
            outline.odd = "comments"
        return outline

    def _scan_rows(self, outline: Outline, rows: bytes, previous: int) -> int:
        """Add what a piece of rows tells; gives its last row's number."""
        known = patterns(outline.prefix)
        numbers = [int(number) for number in known.row.findall(rows)]
        if len(numbers) != rows.count(known.row_open):
            outline.odd = "rows without a number"
            return previous
        if numbers and (numbers[0] <= previous or numbers != sorted(set(numbers))):
            raise NotAWorkbookError(
                f"{self._package.path} cannot be changed: the rows of part `{self._part}` are not in order. Open it in "
                "Excel and save it."
            )
        outline.formulas += sum(rows.count(known.filled[1] + after) for after in (b">", b" "))
        if b'"array"' in rows or b'"dataTable"' in rows:
            for group in _GROUP.finditer(rows):
                outline.groups.append(Box.parse(markup.attributes(group[0].decode()).get("ref", "A1")))
        filled = [place for mark in known.filled if (place := rows.rfind(mark)) >= 0]
        if filled:
            outline.last_filled = _row_at(rows, max(filled), outline.prefix)
            if outline.first_filled is None:
                first = [place for mark in known.filled if (place := rows.find(mark)) >= 0]
                outline.first_filled = _row_at(rows, min(first), outline.prefix)
                for match in known.row.finditer(rows, rows.rfind(known.row_open, 0, min(first))):
                    outline.top.append(rows[match.start() : row_end(rows, match, known.row_close)].decode())
                    if len(outline.top) == _TOP_ROWS:
                        break
        return numbers[-1] if numbers else previous


def _row_at(rows: bytes, place: int, prefix: str) -> tuple[int, str]:
    """The number and the XML of the row around a place."""
    known = patterns(prefix)
    match = known.row.search(rows, rows.rfind(known.row_open, 0, place))
    if match is None:
        raise markup.MarkupError("a cell stands outside of a row")
    return int(match[1]), rows[match.start() : row_end(rows, match, known.row_close)].decode()


def _is_utf8(head: bytes) -> bool:
    declared = re.match(rb"""<\?xml[^>]*?encoding\s*=\s*["']([\w.-]+)["']""", head.removeprefix(b"\xef\xbb\xbf"))
    return not declared or declared[1].lower() in (b"utf-8", b"utf8", b"us-ascii")
