"""Tables: rows under named columns, as activities and expressions pass them on.

A table is a handle: it is passed without copying, nobody can change it, and large content is in a temporary file
instead of in memory. Larger tables are columns of an engine (polars), which is imported when the first one needs it: a
workflow without tables never pays for it.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, overload

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

from exekra.sdk.errors import InputError
from exekra.sdk.table_values import CHUNK_ROWS, Columns, Row, Values, joined

if TYPE_CHECKING:
    from exekra.sdk.table_frame import Frame, FrameWriter

__all__ = ["CHUNK_ROWS", "Columns", "Row", "Table", "TableWriter"]


class Table(Sequence[dict[str, Any]]):
    """Rows under named columns.

    As a sequence its items are records (`{column: value}`), created when they are requested; `rows` gives the bare
    values, which is quicker. Values are JSON-like data, dates, times, durations and decimals.

    Attributes:
        columns: The names of the columns, each once, in order.
    """

    __slots__ = ("_content", "columns")

    def __init__(self, columns: tuple[str, ...], content: Values | Frame | None = None) -> None:
        """Take finished content; everyone else uses `from_rows`, `from_records` or a `TableWriter`.

        Raises:
            InputError: Two columns have the same name.
        """
        _check_names(columns)
        self.columns = columns
        self._content = content or Values(((),) * len(columns))

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
        return self._content.length

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
            return Table(self.columns, self._content.part(range(len(self))[index]))
        position = index + len(self) if index < 0 else index
        if not 0 <= position < len(self):
            raise IndexError(f"The table has {len(self)} rows; there is no row {index}.")
        return dict(zip(self.columns, self._content.row(position), strict=True))

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
        for columns in self._content.chunks(start):
            yield from zip(*columns, strict=True)

    def chunks(self) -> Iterator[Columns]:
        """Runs of rows by column, a few thousand rows each: the quickest way through a large table in Python."""
        return self._content.chunks()

    def frame(self) -> Frame:
        """The table as columns of the engine, for activities that work on whole columns.

        Raises:
            InputError: A value is not data but, for example, an open resource.
        """
        if isinstance(self._content, Values):
            from exekra.sdk.table_frame import frame_of

            self._content = frame_of(self._content.columns, self.columns)
        return self._content

    def column(self, name: str) -> list[Any]:
        """The values of one column.

        Raises:
            InputError: There is no such column; names the ones there are.
        """
        return self._content.column(self.position(name))

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
    """Makes a table row by row; keeps no more than a bounded part of it in memory.

    Args:
        columns: The names of the columns.

    Raises:
        InputError: Two columns have the same name.
    """

    def __init__(self, columns: Sequence[str]) -> None:
        self._columns = tuple(columns)
        _check_names(self._columns)
        self._rows: list[Sequence[Any]] = []
        self._pending: list[Columns] = []
        self._pending_rows = 0
        self._frames: FrameWriter | None = None
        self._length = 0

    def append(self, row: Sequence[Any]) -> None:
        """Add one row.

        Raises:
            InputError: It has more or fewer values than there are columns, or a value is not data.
            ApplicationError: The disk is full.
        """
        self._rows.append(row)
        if len(self._rows) == CHUNK_ROWS:
            self._close_rows()

    def extend(self, rows: Iterable[Sequence[Any]]) -> None:
        """Add many rows, quicker than one by one; raises what `append` raises."""
        remaining = iter(rows)
        while more := list(itertools.islice(remaining, CHUNK_ROWS - len(self._rows))):
            self._rows += more
            if len(self._rows) == CHUNK_ROWS:
                self._close_rows()

    def extend_columns(self, columns: Columns) -> None:
        """Add rows given by column: one sequence for each column, all of the same length."""
        self._close_rows()
        self._add(columns, len(columns[0]) if columns else 0)

    def finish(self) -> Table:
        """The table of all rows added so far; nothing may be added afterwards."""
        self._close_rows()
        if self._frames is None:
            content = Values(joined(self._pending), self._pending_rows) if self._pending else None
            return Table(self._columns, content)
        self._encode()
        return Table(self._columns, self._frames.finish())

    def _close_rows(self) -> None:
        rows, self._rows = self._rows, []
        if not rows:
            return
        width = len(self._columns)
        if set(map(len, rows)) != {width}:
            number, row = next((n, row) for n, row in enumerate(rows) if len(row) != width)
            raise InputError(
                f"Row {self._length + number + 1} has {len(row)} values, but the table has {width} columns "
                f"({', '.join(self._columns)})."
            )
        self._add(tuple(zip(*rows, strict=True)), len(rows))

    def _add(self, columns: Columns, length: int) -> None:
        if not columns or not length:
            return  # A table without columns has no rows.
        self._length += length
        self._pending.append(columns)
        self._pending_rows += length
        if self._pending_rows > CHUNK_ROWS:
            self._encode()

    def _encode(self) -> None:
        """Turn what is pending into columns of the engine, and into a file what has become too much."""
        if not self._pending:
            return
        from exekra.sdk.table_frame import FrameWriter, frame_of

        self._frames = self._frames or FrameWriter()
        self._frames.add(frame_of(joined(self._pending), self._columns))
        self._pending, self._pending_rows = [], 0


def _check_names(columns: Sequence[str]) -> None:
    if len(set(columns)) != len(columns):
        double = next(name for name in columns if columns.count(name) > 1)
        raise InputError(f"Two columns of the table are named `{double}`. Give each a name of its own.")
