"""Reads the rows of an ordinary large file by the engine for tables, which is many times quicker than Python.

It reads what it can prove to have read as the other reader does, and leaves all else to that one: damage, rows of
different lengths, unusual quotes. Texts come out; what they mean is found in `typed_columns`.
"""

from __future__ import annotations

import mmap
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from exekra.activities.csv.dialect import Dialect
from exekra.activities.csv.rows import DOS_END
from exekra.activities.csv.types import BLANKS
from exekra.activities.encodings import Detected
from exekra.sdk.context import Context

if TYPE_CHECKING:
    import polars as pl

LEAST_BYTES = 500_000
"""Below this size, starting the engine takes longer than reading in Python."""

MOST_IN_MEMORY = 200_000_000
"""Above this size, a file is read twice in parts instead of once as a whole."""

_MOST_TO_TRANSCODE = 300_000_000


@dataclass(frozen=True, slots=True)
class QuickRows:
    """The rows of a file as a query of texts.

    Attributes:
        lazy: The columns "0", "1" and so on; an empty field is null.
        is_large: Whether the rows may not fit into memory.
        filled: How many fields of each column are not empty.
        may_be_empty: Whether some of the rows may hold nothing.
    """

    lazy: pl.LazyFrame
    is_large: bool
    filled: tuple[int, ...]
    may_be_empty: bool


def quick_rows(
    file: Path, found: Detected, dialect: Dialect, skip_lines: int, width: int, context: Context
) -> QuickRows | None:
    """The rows behind the first lines of a file, or None where the other reader is needed.

    Args:
        file: The file.
        found: Its encoding.
        dialect: How its rows are written.
        skip_lines: How many lines to skip at the beginning.
        width: How many fields a row has.
        context: Tells of a stop.
    """
    size = file.stat().st_size
    if size < LEAST_BYTES or width < 2 or dialect.blank or dialect.backslash or len(dialect.mark.encode()) > 1:
        return None
    if found.codec in ("utf-8", "utf-8-sig", "ascii"):
        return _read(file, None, size, dialect, skip_lines, width, context)
    if found.replaces or size > _MOST_TO_TRANSCODE:
        return None
    with suppress(UnicodeDecodeError):
        raw = file.read_bytes().decode(found.codec).encode()
        return _read(file, raw, size, dialect, skip_lines, width, context)
    return None


def _read(
    file: Path, raw: bytes | None, size: int, dialect: Dialect, skip_lines: int, width: int, context: Context
) -> QuickRows | None:
    with _bytes_of(file, raw) as content:
        start = _offset(content, skip_lines)
        expected = _count(content, start, dialect, context)
    if expected is None:
        return None
    import polars as pl

    from exekra.sdk.table_frame import collected

    is_large = size > MOST_IN_MEMORY
    try:
        lazy = pl.scan_csv(
            raw if raw is not None else file,
            has_header=False,
            schema={str(number): pl.String() for number in range(width)},
            separator=dialect.mark,
            quote_char=dialect.quote,
            skip_lines=skip_lines,
            infer_schema=False,
            glob=False,
        )
        if not is_large:
            lazy = collected(lazy, check=context.raise_if_stopped).lazy()
        questions = lazy.select(_questions(dialect, width, expected.has_quotes))
        seen = collected(questions, check=context.raise_if_stopped, streaming=is_large)
    except pl.exceptions.PolarsError:
        return None
    counts = seen.row(0, named=True)
    marks = counts["rows"] * (width - 1) + counts.get("marks", 0)
    if (marks, counts["rows"] + counts.get("lines", 0)) != (expected.marks, expected.lines):
        return None
    filled = tuple(counts[str(number)] for number in range(width))
    return QuickRows(lazy, is_large, filled, not counts["all_begin"])


@dataclass(frozen=True, slots=True)
class _Expected:
    """What stands in the bytes of the rows: separators, lines, and whether there are quotes."""

    marks: int
    lines: int
    has_quotes: bool


def _count(content: bytes | mmap.mmap, start: int, dialect: Dialect, context: Context) -> _Expected | None:
    """What the rows hold; None where the engine would read them otherwise: a bare CR, a zero byte, an odd quote."""
    mark, quote = dialect.mark.encode(), (dialect.quote or '"').encode()
    around = re.escape(mark + b"\r\n" + quote)
    # The quote comes first in the pattern: so the search goes from one to the next, twenty times quicker.
    odd = re.compile(rb"%b(?<![%b]%b)(?![%b])" % (quote, around, quote, around))
    ends, pair = re.escape(mark + b"\r\n"), quote * 2
    pairs_before_text = re.compile(rb"%b(?<=[%b]%b)(?:%b)*(?![%b])" % (pair, ends, pair, pair, around))
    if content[-1:] == DOS_END.encode():
        return None
    if content.find(b"\n\xef\xbb\xbf", max(0, start - 1)) >= 0:
        return None  # A mark that the engine would take for text.
    above = content[:start]
    if above.count(b"\r") != above.count(b"\r\n"):
        return None  # Lines above the rows were counted otherwise.
    marks = lines = quotes = 0
    step = 1 << 24
    end = len(content)
    for begin in range(start, end, step):
        context.raise_if_stopped()
        block = content[begin : begin + step]
        following = content[begin + step : begin + step + 1] or b"\n"
        returns = block.count(b"\r")
        if b"\0" in block or (returns and (block + following).count(b"\r\n") != returns):
            return None
        here = block.count(quote)
        if here and dialect.quote:
            before = content[max(start, begin - 2) : begin] or b"\n"
            text, at = before + block + following, len(before)
            found = odd.search(text, at)
            if found and found.start() < at + len(block):
                return None
            outside = quotes
            for found in pairs_before_text.finditer(text, at):
                outside += text.count(quote, at, found.start())
                at = found.start()
                if outside % 2 == 0:
                    return None  # Not within quotes, where pairs are quotes of the text: a quote that closes at once.
        quotes += here
        marks += block.count(mark)
        lines += block.count(b"\n")
        if isinstance(content, mmap.mmap) and hasattr(mmap, "MADV_DONTNEED"):
            content.madvise(mmap.MADV_DONTNEED)  # What was looked at need not stay in memory.
    if quotes % 2 and dialect.quote:
        return None
    if end > start and content[end - 1 : end] != b"\n":
        lines += 1
    return _Expected(marks, lines, bool(quotes and dialect.quote))


def _questions(dialect: Dialect, width: int, has_quotes: bool) -> list[pl.Expr]:
    """What shows whether all rows were read as they stand in the file, and what is known of their fields by the way."""
    import polars as pl

    columns = [pl.col(str(number)) for number in range(width)]
    asked = [
        pl.len().alias("rows"),
        columns[0].str.contains(f"[^{BLANKS}]").fill_null(value=False).all().alias("all_begin"),
    ]
    asked += [(column != "").sum() for column in columns]
    if has_quotes:
        asked += [
            pl.sum_horizontal(column.str.count_matches(sign, literal=True).sum() for column in columns).alias(name)
            for sign, name in ((dialect.mark, "marks"), ("\n", "lines"))
        ]
    return asked


def _offset(content: bytes | mmap.mmap, lines: int) -> int:
    """Where the line after the first `lines` begins."""
    position = 3 if content[:3] == b"\xef\xbb\xbf" and not lines else 0
    for _ in range(lines):
        found = content.find(b"\n", position)
        if found < 0:
            return len(content)
        position = found + 1
    return position


@contextmanager
def _bytes_of(file: Path, raw: bytes | None) -> Iterator[bytes | mmap.mmap]:
    if raw is not None:
        yield raw
        return
    with file.open("rb") as source, mmap.mmap(source.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
        yield mapped
