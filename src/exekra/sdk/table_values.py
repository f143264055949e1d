"""Values of tables in Python: small tables as they are, and as bytes what no column type of the engine holds."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from exekra.sdk.errors import InputError

CHUNK_ROWS = 4096
"""Rows in one chunk: how much is turned into Python's values at a time."""

Columns = tuple[Sequence[Any], ...]
"""Values by column: one sequence for each, all of the same length."""

Row = tuple[Any, ...]

_PLAIN = frozenset({type(None), bool, float, bytes})
_LARGEST_PLAIN = 2**63
_DATE_TIME, _DATE, _TIME, _DURATION, _DECIMAL, _LARGE_NUMBER, _TEXT, _OBJECT = range(1, 9)


class Values:
    """The content of a small table: its values as they were given."""

    __slots__ = ("columns", "length")

    def __init__(self, columns: Columns = (), length: int = 0) -> None:
        self.columns = columns
        self.length = length

    def chunks(self, start: int = 0) -> Iterator[Columns]:
        """The values from row `start` on."""
        if start < self.length:
            yield tuple(values[start:] for values in self.columns) if start else self.columns

    def row(self, position: int) -> Row:
        """One row, counted from 0."""
        return tuple(values[position] for values in self.columns)

    def column(self, number: int) -> list[Any]:
        """The values of one column, counted from 0."""
        return list(self.columns[number])

    def part(self, positions: range) -> Values:
        """Some of the rows."""
        step = slice(positions.start, None if positions.stop < 0 else positions.stop, positions.step)
        return Values(tuple(values[step] for values in self.columns), len(positions))


def joined(parts: Sequence[Columns]) -> Columns:
    """Several runs of rows as one."""
    if len(parts) == 1:
        return parts[0]
    return tuple(list(itertools.chain.from_iterable(runs)) for runs in zip(*parts, strict=True))


def encoded(value: Any) -> bytes | None:
    """A value of any kind as bytes; None for None.

    Raises:
        InputError: It is not data but, for example, an open resource; or it is nested too deeply.
    """
    if value is None:
        return None
    try:
        return _encoder.encode(_pack(value))
    except RecursionError:
        raise InputError("A table cannot keep a value that is nested so deeply, or that contains itself.") from None


def decoded(data: bytes | None) -> Any:
    """What `encoded` was given, with the same type."""
    return None if data is None else _decoder.decode(data)


def _pack(value: Any) -> Any:
    """The value as MessagePack can hold it: what it has no form for is an extension."""
    kind = type(value)
    if kind in _PLAIN:
        return value
    match value:
        case str():
            return _text(value)
        case bool() | float() | bytes():
            return value
        case int():
            small = -_LARGEST_PLAIN <= value < _LARGEST_PLAIN
            return int(value) if small else _extension(_LARGE_NUMBER, hex(value))
        case datetime():
            return _extension(_DATE_TIME, _moment_text(value))
        case date():
            return _extension(_DATE, value.isoformat())
        case time():
            return _extension(_TIME, _moment_text(value))
        case timedelta():
            return _extension(_DURATION, f"{value.days} {value.seconds} {value.microseconds}")
        case Decimal():
            return _extension(_DECIMAL, str(value))
        case Mapping():
            pairs = [(_pack(key), _pack(item)) for key, item in value.items()]
            if any(isinstance(key, msgspec.msgpack.Ext) for key, _ in pairs):  # They cannot be keys.
                return msgspec.msgpack.Ext(_OBJECT, _encoder.encode(pairs))
            return dict(pairs)
        case list() | tuple():
            return [_pack(item) for item in value]
    raise InputError(
        f"A table cannot keep a value of the type {kind.__name__}: only texts, numbers, dates, times, durations, lists "
        "and objects."
    )


def _extension(code: int, text: str) -> msgspec.msgpack.Ext:
    return msgspec.msgpack.Ext(code, text.encode())


def _text(value: str) -> str | msgspec.msgpack.Ext:
    text = str(value)
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:  # Half a character, which UTF-8 cannot hold.
        return msgspec.msgpack.Ext(_TEXT, text.encode("utf-8", "surrogatepass"))
    return text


def _moment_text(value: datetime | time) -> str:
    zone = value.tzinfo
    return f"{value.isoformat()} {value.fold} {zone.key if isinstance(zone, ZoneInfo) else ''}"


def _moment(kind: type[Any], text: str) -> Any:
    written, fold, zone = text.split(" ", 2)
    value = kind.fromisoformat(written)
    return value.replace(tzinfo=ZoneInfo(zone), fold=int(fold)) if zone else value.replace(fold=int(fold))


def _duration(text: str) -> timedelta:
    days, seconds, microseconds = map(int, text.split())
    return timedelta(days, seconds, microseconds)


def _unpack(code: int, data: memoryview) -> Any:
    if code == _TEXT:
        return str(data, "utf-8", "surrogatepass")
    if code == _OBJECT:
        return dict(_decoder.decode(data))
    text = str(data, "utf-8")
    return _READ[code](text)


_READ: Mapping[int, Callable[[str], Any]] = {
    _DATE_TIME: partial(_moment, datetime),
    _DATE: date.fromisoformat,
    _TIME: partial(_moment, time),
    _DURATION: _duration,
    _DECIMAL: Decimal,
    _LARGE_NUMBER: partial(int, base=16),
}

_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(ext_hook=_unpack, strict=False)
