"""The content of a larger table: columns of the engine, in memory or in temporary files that disappear with them.

This is the one module that runs the engine's queries. It names the engine and asks for the order of rows everywhere,
because the engine's defaults keep neither.
"""

from __future__ import annotations

import atexit
import errno
import os
import shutil
import tempfile
import threading
import time
import weakref
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
from polars.lazyframe.in_process import InProcessQuery

from exekra.sdk.errors import ApplicationError, InputError
from exekra.sdk.table_kinds import EMPTY, INTEGER, LARGEST_EXACT, Kind, common_kind, encode, widened
from exekra.sdk.table_values import CHUNK_ROWS, Columns, Row

SPILL_BYTES = 256 * 1024 * 1024
"""Above this size, a table's rows go into a temporary file."""

_BUDGET_MB = 700
_COMPRESSION = 8  # A file is rarely smaller than its rows in memory by more than this.
_LONG_PART_ROWS = 16 * CHUNK_ROWS  # Parts of a column that are shorter slow down what works on whole columns.
_WINDOW_ROWS = 256  # How many rows are read when one is asked for by its number: mostly its neighbours follow.
_LONGEST_PAUSE = 0.05  # Seconds between two looks at a long query.

Check = Callable[[], object]
"""Raises where the work should not continue."""


class Spill:
    """A temporary file of a table's columns; it disappears with the last frame that reads it.

    Raises:
        ApplicationError: There is no place for temporary files.
    """

    def __init__(self) -> None:
        try:
            folder = tempfile.mkdtemp(prefix="exekra-table-")
        except OSError as error:
            raise _cannot_keep(error) from None
        self.path = Path(folder) / "rows.arrow"
        weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)

    def scan(self) -> pl.LazyFrame:
        return pl.scan_ipc(self.path, glob=False)


class Frame:
    """Columns of the engine, named by their position ("0", "1", ...): so no name of the user's means anything to it.

    Attributes:
        kinds: How each column is stored.
        length: The number of rows.
        spills: The temporary files that hold the rows; none where they are in memory.
    """

    __slots__ = ("_data", "_window", "kinds", "length", "spills")

    def __init__(
        self, kinds: Sequence[Kind], data: pl.DataFrame | pl.LazyFrame, length: int, spills: tuple[Spill, ...] = ()
    ) -> None:
        self.kinds = tuple(kinds)
        self.length = length
        self._data = data
        self.spills = spills
        self._window: tuple[int, list[Row]] = (0, [])

    @property
    def bytes(self) -> int:
        """Roughly the bytes in memory, or in the temporary files."""
        if isinstance(self._data, pl.DataFrame):
            return int(self._data.estimated_size())
        return sum(spill.path.stat().st_size for spill in self.spills)

    def lazy(self) -> pl.LazyFrame:
        """The columns as a query that can be extended. It needs this frame to stay alive."""
        return self._data.lazy()

    def chunks(self, start: int = 0) -> Iterator[Columns]:
        """The values from row `start` on, a few thousand rows at a time."""
        for part in self.parts(CHUNK_ROWS, start):
            yield self._decoded(part)

    def parts(self, rows: int, start: int = 0) -> Iterator[pl.DataFrame]:
        """The columns from row `start` on, about `rows` rows at a time."""
        if isinstance(self._data, pl.DataFrame):
            for first in range(start, self.length, rows):
                yield self._data.slice(first, rows)
            return
        with engine_errors():
            yield from self._data.slice(start).collect_batches(chunk_size=rows, maintain_order=True, engine="streaming")

    def row(self, position: int) -> Row:
        """One row, counted from 0."""
        first, rows = self._window
        if not first <= position < first + len(rows):
            first = position - position % _WINDOW_ROWS
            rows = list(zip(*self._decoded(self._slice(first, _WINDOW_ROWS)), strict=True))
            self._window = (first, rows)
        return rows[position - first]

    def column(self, number: int) -> list[Any]:
        """The values of one column, counted from 0."""
        return self.kinds[number].decode(self.series(number))

    def series(self, number: int) -> pl.Series:
        """One column, counted from 0."""
        return collected(self.lazy().select(str(number))).to_series()

    def pick(self, numbers: Sequence[int | None]) -> Frame:
        """Some columns, in a new order, without a copy; None is a column without values."""
        columns = [
            pl.lit(None, dtype=EMPTY.dtype).alias(str(place))
            if number is None
            else pl.col(str(number)).alias(str(place))
            for place, number in enumerate(numbers)
        ]
        kinds = [EMPTY if number is None else self.kinds[number] for number in numbers]
        if not any(number is not None for number in numbers):
            data: pl.DataFrame | pl.LazyFrame = pl.DataFrame({str(n): [None] * self.length for n in range(len(kinds))})
            data = data.cast(EMPTY.dtype)
        else:
            data = self._data.select(columns)
        return Frame(kinds, data, self.length if kinds else 0, self.spills)

    def part(self, positions: range) -> Frame:
        """Some of the rows."""
        lazy = self.lazy()
        if not positions:
            lazy = lazy.clear()
        elif positions.step > 0:
            lazy = lazy.slice(positions.start, positions.stop - positions.start).gather_every(positions.step)
        else:
            lazy = (
                lazy.slice(positions[-1], positions.start - positions[-1] + 1).reverse().gather_every(-positions.step)
            )
        return stored(lazy, self.kinds, on_disk=bool(self.spills))

    def _slice(self, start: int, length: int) -> pl.DataFrame:
        if isinstance(self._data, pl.DataFrame):
            return self._data.slice(start, length)
        return collected(self._data.slice(start, length))

    def _decoded(self, data: pl.DataFrame) -> Columns:
        return tuple(kind.decode(series) for kind, series in zip(self.kinds, data.get_columns(), strict=True))


def frame_of(columns: Columns, names: Sequence[str]) -> Frame:
    """A frame of values.

    Raises:
        InputError: A value is not data; names its column.
    """
    kinds, series = [], []
    for number, (values, name) in enumerate(zip(columns, names, strict=True)):
        try:
            kind, column = encode(values)
        except InputError as error:
            raise InputError(f"Column `{name}`: {error.message}") from None
        kinds.append(kind)
        series.append(column.alias(str(number)))
    return Frame(kinds, pl.DataFrame(series), len(columns[0]) if columns else 0)


def appended(frames: Sequence[Frame]) -> Frame:
    """The rows of several frames of the same number of columns, one below the other; files are not copied."""
    if len(frames) == 1:
        return frames[0]
    kinds = [
        common_kind(found, lambda number=number: all(_exact(frame, number) for frame in frames))  # type: ignore[misc]  # Each has its own number.
        for number, found in enumerate(zip(*(frame.kinds for frame in frames), strict=True))
    ]
    length = sum(frame.length for frame in frames)
    together = pl.concat([_widened(frame, kinds) for frame in frames], rechunk=length < len(frames) * _LONG_PART_ROWS)
    spills = tuple(spill for frame in frames for spill in frame.spills)
    if spills:
        return Frame(kinds, together, length, spills)
    return stored(together, kinds)


class FrameWriter:
    """Makes a frame part by part; what becomes too much for the memory goes into temporary files."""

    def __init__(self) -> None:
        self._frames: list[Frame] = []
        self._files: list[Frame] = []
        self._bytes = 0

    def add(self, frame: Frame) -> None:
        """Add rows below those that are there.

        Raises:
            ApplicationError: The disk is full.
        """
        self._frames.append(frame)
        self._bytes += frame.bytes
        if self._bytes > SPILL_BYTES:
            self._spill()

    def finish(self) -> Frame:
        """All rows, at least one part of them; nothing may be added afterwards.

        Raises:
            ApplicationError: The disk is full.
        """
        if self._files and self._frames:
            self._spill()  # The last rows, too: a table that lives long keeps nothing in memory then.
        return appended(self._files or self._frames)

    def _spill(self) -> None:
        whole = appended(self._frames)
        self._files.append(whole if whole.spills else spilled(whole.lazy(), whole.kinds))
        self._frames, self._bytes = [], 0


def _widened(frame: Frame, kinds: Sequence[Kind]) -> pl.LazyFrame:
    return frame.lazy().select(
        widened(pl.col(str(number)), kind, wider).alias(str(number))
        for number, (kind, wider) in enumerate(zip(frame.kinds, kinds, strict=True))
    )


def _exact(frame: Frame, number: int) -> bool:
    if frame.kinds[number] != INTEGER:
        return True
    column = pl.col(str(number))
    least, most = collected(frame.lazy().select(column.min().alias("least"), column.max().alias("most"))).row(0)
    return least is None or (least >= -LARGEST_EXACT and most <= LARGEST_EXACT)


def stored(lazy: pl.LazyFrame, kinds: Sequence[Kind], *, on_disk: bool = False, check: Check | None = None) -> Frame:
    """Run a query and keep its rows: in memory, or in a temporary file where they are many.

    Args:
        lazy: The query; its columns become "0", "1" and so on.
        kinds: Their kinds.
        on_disk: Whether the rows go to a file as they come, because they may not fit into memory.
        check: Called while a long query runs; the query is cancelled when it raises.

    Raises:
        ApplicationError: The disk is full, or the engine failed.
    """
    if on_disk:
        frame = spilled(lazy, kinds, check=check)
        if frame.bytes * _COMPRESSION > SPILL_BYTES:
            return frame
        return Frame(frame.kinds, collected(frame.lazy()), frame.length)
    data = collected(lazy, check=check)
    data.columns = [str(number) for number in range(data.width)]
    if data.estimated_size() > SPILL_BYTES:
        return spilled(data.lazy(), kinds, check=check)
    return Frame(kinds, data, data.height)


def spilled(lazy: pl.LazyFrame, kinds: Sequence[Kind], *, check: Check | None = None) -> Frame:
    """Run a query and keep its rows in a temporary file; raises what `stored` raises."""
    _bound_memory()
    spill = Spill()
    with engine_errors():
        lazy = lazy.rename(dict(zip(lazy.collect_schema(), map(str, range(len(kinds))), strict=True)))
        _run(
            lazy.sink_ipc(spill.path, engine="streaming", maintain_order=True, compression="lz4", lazy=True),
            "streaming",
            check,
        )
        length = int(spill.scan().select(pl.len()).collect(engine="streaming").item())
    return Frame(kinds, spill.scan(), length, (spill,))


@cache
def _bound_memory() -> None:
    """Let the engine move to the disk what it sorts or groups beyond a budget, from the first large table on.

    It slows down large sorts and is an estimate of the engine's own, so it bounds nothing else: small tables never
    come near it, and large ones are files anyway.
    """
    try:
        folder = tempfile.mkdtemp(prefix="exekra-sort-")
    except OSError as error:
        raise _cannot_keep(error) from None
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ.setdefault("POLARS_OOC_MEMORY_BUDGET_MB", str(_BUDGET_MB))
    os.environ.setdefault("POLARS_OOC_SPILL_DIR", folder)
    pl.Config.reload_env_vars()


def collected(lazy: pl.LazyFrame, *, check: Check | None = None, streaming: bool = False) -> pl.DataFrame:
    """The rows of a query, in memory and in their order.

    Args:
        lazy: The query.
        check: Called while a long query runs; the query is cancelled when it raises.
        streaming: Whether to read what is asked about in parts: for counts and the like of what may not fit into
            memory. Only then is the order of rows not kept.

    Raises:
        ApplicationError: The engine failed.
    """
    with engine_errors():
        return _run(lazy, "streaming" if streaming else "in-memory", check)


def _run(lazy: pl.LazyFrame, engine: Any, check: Check | None) -> pl.DataFrame:
    if check is None:
        return lazy.collect(engine=engine)
    query = lazy.collect(engine=engine, background=True)
    pause = 0.0002
    while (rows := query.fetch()) is None:
        time.sleep(pause)
        pause = min(2 * pause, _LONGEST_PAUSE)
        try:
            check()
        except BaseException:
            query.cancel()
            # The engine aborts the whole process where a query ends that nobody holds any more.
            threading.Thread(target=_outlive, args=(query,), daemon=True, name="cancelled query").start()
            raise
    return rows


def _outlive(query: InProcessQuery) -> None:
    with suppress(Exception, pl.exceptions.PanicException):
        while query.fetch() is None:
            time.sleep(_LONGEST_PAUSE)


@contextmanager
def engine_errors() -> Iterator[None]:
    """Failures of the engine as errors of ours: a full disk, and a fault of its own, which is not an `Exception`."""
    try:
        yield
    except OSError as error:
        raise _cannot_keep(error) from None
    except pl.exceptions.ComputeError as error:
        if "No space left" in str(error):
            raise _cannot_keep(OSError(errno.ENOSPC, "")) from None
        raise
    except pl.exceptions.PanicException as error:
        raise ApplicationError(
            f"The engine for tables failed: {str(error)[:200]}. This is a fault of Exekra or of the engine; please "
            "report it with the step's inputs.",
            retryable=False,
        ) from None


def _cannot_keep(error: OSError) -> ApplicationError:
    full = error.errno == errno.ENOSPC or "No space left" in str(error)
    reason = "the disk is full" if full else error.strerror or str(error)
    return ApplicationError(
        f"A large table could not be kept in a temporary file: {reason}. Free some space, or name a larger disk in the "
        "environment variable TMPDIR.",
        retryable=False,
    )
