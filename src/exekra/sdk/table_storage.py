"""Where a table's rows lie: in memory, or encoded in a temporary file that disappears with them."""

from __future__ import annotations

import errno
import sys
import tempfile
import weakref
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from threading import Lock
from typing import IO, Any, Protocol

import msgspec

from exekra.sdk.errors import ApplicationError

Columns = tuple[Sequence[Any], ...]
"""Values by column: one sequence for each, all of the same length."""


def estimated_bytes(columns: Columns) -> int:
    """Roughly the bytes that the columns take in memory: every 16th value is weighed."""
    size = 0
    for values in columns:
        size += 8 * len(values) + 16 * sum(map(sys.getsizeof, values[::16]))
    return size


class Chunk(Protocol):
    """A run of rows, by column."""

    @property
    def length(self) -> int:
        """The number of rows."""

    def columns(self) -> Columns:
        """The values, one sequence for each column."""


class MemoryChunk:
    """Rows that are kept as they are."""

    __slots__ = ("_columns", "length")

    def __init__(self, columns: Columns, length: int) -> None:
        self._columns = columns
        self.length = length

    def columns(self) -> Columns:
        return self._columns


class StoredChunk:
    """Rows that lie in a file."""

    __slots__ = ("_file", "_offset", "_size", "length")

    def __init__(self, file: SpillFile, offset: int, size: int, length: int) -> None:
        self._file = file
        self._offset = offset
        self._size = size
        self.length = length

    def columns(self) -> Columns:
        return self._file.load(self._offset, self._size)


class SpillFile:
    """A nameless temporary file of chunks; it disappears with the last chunk in it.

    Raises:
        ApplicationError: There is no place for temporary files, or no space left in it.
    """

    def __init__(self) -> None:
        try:
            self._file: IO[bytes] = tempfile.TemporaryFile(prefix="exekra-table-")  # noqa: SIM115  # Lives as long as its chunks.
        except OSError as error:
            raise _cannot_keep(error) from None
        weakref.finalize(self, self._file.close)
        self._lock = Lock()
        self._end = 0
        self._latest: tuple[int, Columns] = (-1, ())

    def store(self, columns: Columns, length: int) -> StoredChunk:
        encoded = _encode(columns)
        with self._lock:
            offset = self._end
            try:
                self._file.seek(offset)
                self._file.write(encoded)
                self._file.flush()
            except OSError as error:
                raise _cannot_keep(error) from None
            self._end += len(encoded)
        return StoredChunk(self, offset, len(encoded), length)

    def load(self, offset: int, size: int) -> Columns:
        with self._lock:
            known, columns = self._latest
            if known == offset:
                return columns
            self._file.seek(offset)
            columns = tuple(_decoder.decode(self._file.read(size)))
            self._latest = (offset, columns)
            return columns


def _cannot_keep(error: OSError) -> ApplicationError:
    reason = "the disk is full" if error.errno == errno.ENOSPC else error.strerror or str(error)
    return ApplicationError(
        f"A large table could not be kept in a temporary file: {reason}. Free some space, or name a larger disk in the "
        "environment variable TMPDIR.",
        retryable=False,
    )


_PLAIN = frozenset({type(None), bool, float, str, bytes})
_LARGEST_PLAIN = 2**63

_TO_EXTENSION = {datetime: 1, date: 2, time: 3}
_DURATION, _DECIMAL, _LARGE_NUMBER = 4, 5, 6


def _encode(columns: Columns) -> bytes:
    packed = [
        values if _PLAIN.issuperset(map(type, values)) else [_pack(value) for value in values] for values in columns
    ]
    return msgspec.msgpack.encode(packed)


def _pack(value: Any) -> Any:
    """What MessagePack has no form for, as an extension; everything else as it is."""
    kind = type(value)
    if kind is int:
        small = -_LARGEST_PLAIN <= value < _LARGEST_PLAIN
        return value if small else msgspec.msgpack.Ext(_LARGE_NUMBER, hex(value).encode())
    if kind in _TO_EXTENSION:
        return msgspec.msgpack.Ext(_TO_EXTENSION[kind], value.isoformat().encode())
    if kind is timedelta:
        parts = f"{value.days} {value.seconds} {value.microseconds}"
        return msgspec.msgpack.Ext(_DURATION, parts.encode())
    if kind is Decimal:
        return msgspec.msgpack.Ext(_DECIMAL, str(value).encode())
    if kind is dict:
        return {key: _pack(item) for key, item in value.items()}
    if kind in (list, tuple):
        return [_pack(item) for item in value]
    return value


def _unpack(code: int, data: memoryview) -> Any:
    text = str(data, "utf-8")
    if code == _DURATION:
        days, seconds, microseconds = map(int, text.split())
        return timedelta(days, seconds, microseconds)
    if code == _DECIMAL:
        return Decimal(text)
    if code == _LARGE_NUMBER:
        return int(text, 16)
    return {1: datetime, 2: date, 3: time}[code].fromisoformat(text)  # type: ignore[attr-defined]  # All three have it.


_decoder = msgspec.msgpack.Decoder(ext_hook=_unpack)
