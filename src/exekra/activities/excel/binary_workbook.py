"""What an .xls file tells before its reader reads it: which cells show an error.

The file is a small file system (OLE), whose stream `Workbook` is a list of records (BIFF8).
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from contextlib import suppress
from typing import IO

_HEADER = 512
_END = 0xFFFFFFFA
"""From here on, the number of a sector means something else."""

_ENTRY = 128
_SMALL = 4096
"""Streams below this size lie elsewhere; a workbook is larger."""

_BEGIN, _BOUND_SHEET, _FORMULA, _BOOL_OR_ERROR, _EOF = 0x0809, 0x0085, 0x0006, 0x0205, 0x000A
_CANDIDATE = re.compile(rb"(?s)\x05\x02\x08\x00.{7}\x01|\x06\x00.{2}.{6}\x02.{5}\xff\xff")
"""What an error looks like, and perhaps something else."""


def error_cells(stream: IO[bytes], sheet: str) -> list[tuple[int, int]]:
    """The row and the column, counted from 0, of each cell of a sheet that shows an error.

    Nothing for a file that is damaged: its reader says so.
    """
    with suppress(struct.error, IndexError, UnicodeDecodeError):
        stream.seek(0)
        book = _workbook(stream.read())
        if _CANDIDATE.search(book):  # Few have one, and to walk through all records takes its time.
            return list(_errors(book, sheet))
    return []


def _workbook(data: bytes) -> bytes:
    """The stream with the records; empty where there is none."""
    size = 1 << struct.unpack_from("<H", data, 30)[0]
    first_directory = struct.unpack_from("<I", data, 48)[0]
    lists = list(struct.unpack_from("<109I", data, 76))
    more, left = struct.unpack_from("<II", data, 68)
    while more < _END and left:
        *numbers, more = struct.unpack_from(f"<{size // 4}I", data, _HEADER + more * size)
        lists += numbers
        left -= 1
    table: list[int] = []
    for number in lists:
        if number < _END:
            table += struct.unpack_from(f"<{size // 4}I", data, _HEADER + number * size)

    def chain(sector: int) -> bytes:
        parts: list[bytes] = []
        while sector < _END and len(parts) <= len(table):
            parts.append(data[_HEADER + sector * size : _HEADER + (sector + 1) * size])
            sector = table[sector]
        return b"".join(parts)

    directory = chain(first_directory)
    for place in range(0, len(directory), _ENTRY):
        length = struct.unpack_from("<H", directory, place + 64)[0]
        name = directory[place : place + max(length - 2, 0)].decode("utf-16-le")
        start, stored = struct.unpack_from("<II", directory, place + 116)
        if name in ("Workbook", "Book") and stored >= _SMALL:
            return chain(start)[:stored]
    return b""


def _records(book: bytes, place: int) -> Iterator[tuple[int, int, int]]:
    """The kind, the place and the length of each record from a place on."""
    while place + 4 <= len(book):
        kind, length = struct.unpack_from("<HH", book, place)
        yield kind, place + 4, length
        place += 4 + length


def _errors(book: bytes, sheet: str) -> Iterator[tuple[int, int]]:
    depth = 0
    for kind, place, _ in _records(book, _begin_of(book, sheet)):
        depth += (kind == _BEGIN) - (kind == _EOF)
        if not depth:  # Charts have a beginning and an end of their own.
            return
        if depth > 1:
            continue
        is_error = kind == _BOOL_OR_ERROR and book[place + 7] == 1
        if is_error or (kind == _FORMULA and book[place + 6] == 2 and book[place + 12 : place + 14] == b"\xff\xff"):
            yield struct.unpack_from("<HH", book, place)


def _begin_of(book: bytes, sheet: str) -> int:
    """Where the records of a sheet begin; behind all records where there is no such sheet."""
    for kind, place, length in _records(book, 0):
        if kind == _BOUND_SHEET:
            begin, characters, wide = struct.unpack_from("<I2xBB", book, place)
            name = book[place + 8 : place + length].decode("utf-16-le" if wide & 1 else "latin-1")
            if name[:characters] == sheet:
                return int(begin)
    return len(book)
