"""Reads the rows of an ordinary large file by the engine for tables, which is many times quicker than Python.

It reads what it can prove to have read as the other reader does, and leaves all else to that one: damage, rows of
different lengths, unusual quotes. Texts come out, part by part; what they mean is found in `typed_columns`.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from exekra.activities.csv.blocks import Block, NotOrdinaryError, blocks
from exekra.activities.csv.dialect import Dialect
from exekra.activities.csv.types import BLANKS
from exekra.activities.encodings import Detected
from exekra.sdk.context import Context

if TYPE_CHECKING:
    import polars as pl

LEAST_BYTES = 500_000
"""Below this size, starting the engine takes longer than reading in Python."""


@dataclass(frozen=True, slots=True)
class QuickRows:
    """The rows behind the first lines of a file.

    Attributes:
        file: The file.
        found: Its encoding.
        dialect: How its rows are written.
        skip_lines: How many lines to skip at the beginning.
        width: How many fields a row has.
        skip_empty_rows: Whether rows without any content are left out.
        context: Tells of a stop.
    """

    file: Path
    found: Detected
    dialect: Dialect
    skip_lines: int
    width: int
    skip_empty_rows: bool
    context: Context

    @property
    def may_fit(self) -> bool:
        """Whether it is worth a try."""
        dialect = self.dialect
        is_plain = not dialect.blank and not dialect.backslash and len(dialect.mark.encode()) == 1
        return is_plain and self.width > 1 and self.file.stat().st_size >= LEAST_BYTES

    def parts(self) -> Iterator[pl.DataFrame]:
        """The rows as texts, some megabytes at a time: the columns "0", "1" and so on; an empty field may be null.

        Raises:
            NotOrdinaryError: The other reader is needed; what was read so far may be wrong, too.
        """
        source = blocks(self.file, self.found, self.dialect, self.skip_lines)
        try:
            with ThreadPoolExecutor(1) as reader:  # Reads the next block while this one becomes columns.
                block = next(source, None)
                if block is None:
                    raise NotOrdinaryError
                while block is not None:
                    following = reader.submit(next, source, None)
                    self.context.raise_if_stopped()
                    rows = self._read(block)
                    yield _without_empty_rows(rows) if self.skip_empty_rows else rows
                    block = following.result()
        except UnicodeDecodeError:
            raise NotOrdinaryError from None

    def _read(self, block: Block) -> pl.DataFrame:
        import polars as pl

        from exekra.sdk.table_frame import collected

        query = pl.scan_csv(
            block.content,
            has_header=False,
            schema={str(number): pl.String() for number in range(self.width)},
            separator=self.dialect.mark,
            quote_char=self.dialect.quote,
            infer_schema=False,
        )
        try:
            rows = collected(query)
        except pl.exceptions.PolarsError:
            raise NotOrdinaryError from None
        if not self._is_whole(rows, block):
            raise NotOrdinaryError
        return rows.rechunk()  # Some conversions look at each different text of a chunk.

    def _is_whole(self, rows: pl.DataFrame, block: Block) -> bool:
        """Whether the fields, and the signs around them, are all the bytes that there are."""
        import polars as pl

        signs = rows.height * self.width + block.quotes + block.returns
        if block.has_pairs or block.returns not in (0, rows.height):  # Some may stand within fields.
            signs -= _total(rows, pl.all().str.count_matches(f"[{self.dialect.quote or ''}\r]"))
        return _total(rows, pl.all().str.len_bytes()) + signs == len(block.content)


def _total(rows: pl.DataFrame, numbers: pl.Expr) -> int:
    return sum(rows.select(numbers.sum()).row(0))


def _without_empty_rows(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows that hold something."""
    import polars as pl

    hold = pl.Series([False])
    for column in rows:
        hold = hold | column.is_between("!", "~").fill_null(value=False)  # Begin with a sign that anybody sees.
        if hold.all():
            return rows
    return rows.filter(pl.any_horizontal(pl.all().str.contains(f"[^{BLANKS}]").fill_null(value=False)))
