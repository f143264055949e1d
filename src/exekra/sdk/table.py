"""Tables: rows under named columns, as activities and expressions pass them on.

A table is a handle: it is passed without copying, nobody can change it, and large content is in a temporary file
instead of in memory. Rows are kept by column in chunks, which is small in memory and quick to scan.
"""

from __future__ import annotations

import itertools
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, overload

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

from exekra.sdk.errors import InputError
from exekra.sdk.table_storage import Chunk, Columns, MemoryChunk, SpillFile, estimated_bytes

CHUNK_ROWS = 4096
"""Rows in one chunk: how much is read back from disk at a time."""

SPILL_BYTES = 64 * 1024 * 1024
"""Above this estimated size in memory, a table's chunks go into a temporary file."""

Row = tuple[Any, ...]


class Table(Sequence[dict[str, Any]]):
    """Rows under named columns.

    As a sequence its items are records (`{column: value}`), created when they are requested; `rows` gives the bare
    values, which is quicker. Values are JSON-like data, dates, times, durations and decimals.

    Attributes:
        columns: The names of the columns, each once, in order.
    """

    __slots__ = ("_chunks", "_ends", "columns")

    def __init__(self, columns: tuple[str, ...], chunks: tuple[Chunk, ...] = ()) -> None:
        """Take finished chunks; everyone else uses `from_rows`, `from_records` or a `TableWriter`."""
        self.columns = columns
        self._chunks = chunks
        self._ends = tuple(itertools.accumulate(chunk.length for chunk in chunks))

    @classmethod
    def from_rows(cls, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> Table:
        """A table of `rows`, each with one value for each column.

        Raises:
            InputError: Two columns have the same name, or a row has more or fewer values than there are columns.
        """
        writer = TableWriter(columns)
        writer.extend(rows)
        return writer.finish()

    @classmethod
    def from_records(cls, records: Iterable[Mapping[str, Any]]) -> Table:
        """A table of objects: its columns are their keys, in the order of first appearance; what one lacks is None."""
        known = list(records)
        names: dict[str, None] = {}
        for record in known:
            names.update(dict.fromkeys(record))
        columns = tuple(names)
        return cls.from_rows(columns, ([record.get(name) for name in columns] for record in known))

    def __len__(self) -> int:
        return self._ends[-1] if self._ends else 0

    def __iter__(self) -> Iterator[dict[str, Any]]:
        columns = self.columns
        for row in self.rows():
            yield dict(zip(columns, row, strict=True))

    @overload
    def __getitem__(self, index: int) -> dict[str, Any]: ...

    @overload
    def __getitem__(self, index: slice) -> Table: ...

    def __getitem__(self, index: int | slice) -> dict[str, Any] | Table:
        if isinstance(index, slice):
            return self._slice(range(len(self))[index])
        position = index + len(self) if index < 0 else index
        if not 0 <= position < len(self):
            raise IndexError(f"The table has {len(self)} rows; there is no row {index}.")
        number = bisect_right(self._ends, position)
        chunk = self._chunks[number]
        within = position - (self._ends[number] - chunk.length)
        return {name: values[within] for name, values in zip(self.columns, chunk.columns(), strict=True)}

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Table):
            return NotImplemented
        if self.columns != other.columns or len(self) != len(other):
            return False
        return all(mine == theirs for mine, theirs in zip(self.rows(), other.rows(), strict=True))

    __hash__ = None  # type: ignore[assignment]  # Equal by content, which may be long: no key for a mapping.

    def __repr__(self) -> str:
        return f"<Table of {len(self)} rows: {', '.join(self.columns)}>"

    def rows(self, start: int = 0) -> Iterator[Row]:
        """The bare values of each row from row `start` on, in the order of `columns`."""
        first = bisect_right(self._ends, start)
        for number in range(first, len(self._chunks)):
            chunk = self._chunks[number]
            skip = max(0, start - (self._ends[number] - chunk.length))
            yield from itertools.islice(zip(*chunk.columns(), strict=True), skip, None)

    def chunks(self) -> Iterator[Columns]:
        """Runs of rows by column, a few thousand rows each: the quickest way through a large table."""
        for chunk in self._chunks:
            yield chunk.columns()

    def column(self, name: str) -> list[Any]:
        """The values of one column.

        Raises:
            InputError: There is no such column; names the ones there are.
        """
        number = self.position(name)
        return list(itertools.chain.from_iterable(chunk.columns()[number] for chunk in self._chunks))

    def position(self, name: str) -> int:
        """Where the column `name` stands, counted from 0.

        Raises:
            InputError: There is no such column; names the ones there are.
        """
        try:
            return self.columns.index(name)
        except ValueError:
            raise InputError(
                f"The table has no column `{name}`. Its columns: {', '.join(self.columns) or 'none'}."
            ) from None

    def preview(self, count: int) -> Table:
        """The first `count` rows."""
        return self[:count]

    def to_plain(self, limit: int | None = None) -> dict[str, Any]:
        """JSON-like data: `columns`, `rows` (lists of values, at most `limit` of them) and `length` (of all rows)."""
        rows = itertools.islice(self.rows(), limit)
        return {"columns": list(self.columns), "rows": [list(row) for row in rows], "length": len(self)}

    def _slice(self, positions: range) -> Table:
        if positions.step == 1:
            rows = itertools.islice(self.rows(positions.start), len(positions))
            return Table.from_rows(self.columns, rows)
        if positions.step > 1:
            rows = itertools.islice(self.rows(positions.start), 0, positions.stop - positions.start, positions.step)
            return Table.from_rows(self.columns, rows)
        return Table.from_rows(self.columns, (tuple(self[position].values()) for position in positions))

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            _accept, serialization=core_schema.plain_serializer_function_ser_schema(lambda table: table.to_plain())
        )

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"anyOf": [{"type": "array"}, {"type": "object"}], "x-widget": "table"}


def _accept(value: Any) -> Table:
    """What is accepted where a table is expected: a table, records, rows under a header row, or `to_plain`'s form."""
    if isinstance(value, Table):
        return value
    if isinstance(value, Mapping) and isinstance(value.get("columns"), list) and isinstance(value.get("rows"), list):
        return _from_rows(value["columns"], value["rows"])
    if isinstance(value, list | tuple):
        if all(isinstance(item, Mapping) for item in value):
            return Table.from_records(value)
        if all(isinstance(item, list | tuple) for item in value):
            return _from_rows(value[0], value[1:])
    raise ValueError("a table is needed: a table of an earlier step, or a list of objects")


def _from_rows(columns: Sequence[Any], rows: Iterable[Sequence[Any]]) -> Table:
    try:
        return Table.from_rows([str(column) for column in columns], rows)
    except InputError as error:
        raise ValueError(error.message) from None


class TableWriter:
    """Makes a table row by row; keeps no more than `SPILL_BYTES` of it in memory.

    Args:
        columns: The names of the columns.

    Raises:
        InputError: Two columns have the same name.
    """

    def __init__(self, columns: Sequence[str]) -> None:
        self._columns = tuple(columns)
        if len(set(self._columns)) != len(self._columns):
            double = next(name for name in self._columns if self._columns.count(name) > 1)
            raise InputError(f"Two columns of the table are named `{double}`. Give each a name of its own.")
        self._chunks: list[Chunk] = []
        self._rows: list[Sequence[Any]] = []
        self._length = 0
        self._bytes = 0
        self._file: SpillFile | None = None

    def append(self, row: Sequence[Any]) -> None:
        """Add one row.

        Raises:
            InputError: It has more or fewer values than there are columns.
            ApplicationError: The disk is full.
        """
        self._rows.append(row)
        if len(self._rows) == CHUNK_ROWS:
            self._close_chunk()

    def extend(self, rows: Iterable[Sequence[Any]]) -> None:
        """Add many rows, quicker than one by one; raises what `append` raises."""
        remaining = iter(rows)
        while more := list(itertools.islice(remaining, CHUNK_ROWS - len(self._rows))):
            self._rows += more
            if len(self._rows) == CHUNK_ROWS:
                self._close_chunk()

    def extend_columns(self, columns: Columns) -> None:
        """Add rows given by column: one sequence for each column, all of the same length, at most `CHUNK_ROWS`."""
        if self._rows:
            self._close_chunk()
        self._add(columns, len(columns[0]) if columns else 0)

    def finish(self) -> Table:
        """The table of all rows added so far; nothing may be added afterwards."""
        if self._rows:
            self._close_chunk()
        return Table(self._columns, tuple(self._chunks))

    def _close_chunk(self) -> None:
        rows, self._rows = self._rows, []
        width = len(self._columns)
        if set(map(len, rows)) != {width}:
            number, row = next((n, row) for n, row in enumerate(rows) if len(row) != width)
            raise InputError(
                f"Row {self._length + number + 1} has {len(row)} values, but the table has {width} columns "
                f"({', '.join(self._columns)})."
            )
        self._add(tuple(zip(*rows, strict=True)), len(rows))

    def _add(self, columns: Columns, length: int) -> None:
        if not columns:
            return  # Rows without a value are none.
        self._length += length
        self._bytes += estimated_bytes(columns)
        chunk = MemoryChunk(columns, length)
        if self._bytes <= SPILL_BYTES:
            self._chunks.append(chunk)
            return
        if self._file is None:
            self._file = SpillFile()
            self._chunks = [self._file.store(known.columns(), known.length) for known in self._chunks]
        self._chunks.append(self._file.store(columns, length))
