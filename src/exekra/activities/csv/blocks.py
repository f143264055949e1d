"""The bytes of a file in runs of whole rows, with what stands in them: so what the engine reads can be checked."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TextIO

from exekra.activities.csv.dialect import Dialect
from exekra.activities.csv.rows import DOS_END
from exekra.activities.encodings import Detected

BLOCK_BYTES = 1 << 22
"""About how much is read at a time."""

_MORE_BYTES = 1 << 20
_LONGEST_LINE = 1 << 24
_BARE_RETURN = re.compile(rb"\r(?!\n)")


class NotOrdinaryError(Exception):
    """The file holds what the engine may read in another way than Python does."""


@dataclass(frozen=True, slots=True)
class Block:
    """Whole rows of a file.

    Attributes:
        content: The rows in UTF-8, each with an end.
        returns: How many ends of lines are CR and LF.
        quotes: How many quotes there are.
        has_pairs: Whether two quotes stand side by side: one within a field, or a field of nothing but quotes.
    """

    content: bytes
    returns: int
    quotes: int
    has_pairs: bool


def blocks(file: Path, found: Detected, dialect: Dialect, skip_lines: int) -> Iterator[Block]:
    """The rows behind the first lines.

    Args:
        file: The file.
        found: Its encoding.
        dialect: How its rows are written.
        skip_lines: How many lines to skip at the beginning.

    Raises:
        NotOrdinaryError: There is a CR without LF, a zero byte, a byte order mark or an unusual quote.
        UnicodeDecodeError: The file does not fit its encoding.
    """
    with _bytes_of(file, found) as source:
        for _ in range(skip_lines):
            line = source.readline(-1)
            if line.count(b"\r") != line.endswith(b"\r\n") or line.endswith(DOS_END.encode()):
                raise NotOrdinaryError
        quote = (dialect.quote or "").encode()
        while content := _lines(source, BLOCK_BYTES):
            quotes = content.count(quote) if quote and quote in content else 0
            while quotes % 2:  # The last field goes on.
                more = _lines(source, _MORE_BYTES)
                if not more or len(content) > _LONGEST_LINE:
                    raise NotOrdinaryError
                content += more
                quotes += more.count(quote)
            yield _block(content, quotes, dialect)


class _Source(Protocol):
    """What bytes are read from."""

    def read(self, size: int, /) -> bytes: ...

    def readline(self, size: int, /) -> bytes: ...


class _Encoded:
    """A text as bytes of UTF-8."""

    def __init__(self, text: TextIO) -> None:
        self._text = text

    def read(self, size: int, /) -> bytes:
        return self._text.read(size).encode()

    def readline(self, size: int, /) -> bytes:
        return self._text.readline(size).encode()


@contextmanager
def _bytes_of(file: Path, found: Detected) -> Iterator[_Source]:
    """The file in UTF-8 without a byte order mark."""
    if found.codec in ("utf-8", "utf-8-sig", "ascii"):
        with file.open("rb") as source:
            if source.read(len(codecs.BOM_UTF8)) != codecs.BOM_UTF8:
                source.seek(0)
            yield source
        return
    errors = "replace" if found.replaces else "strict"
    with file.open(encoding=found.codec, errors=errors, newline="\n") as text:
        yield _Encoded(text)


def _lines(source: _Source, size: int) -> bytes:
    """About `size` bytes of whole lines; the last line gets an end."""
    begun = source.read(size)
    rest = source.readline(_LONGEST_LINE)
    content = begun + rest
    if not content or content.endswith(b"\n"):
        return content
    if len(rest) >= _LONGEST_LINE or content.endswith(DOS_END.encode()):
        raise NotOrdinaryError
    return content + b"\n"


def _block(content: bytes, quotes: int, dialect: Dialect) -> Block:
    if b"\0" in content or (not content.isascii() and codecs.BOM_UTF8 in content):
        raise NotOrdinaryError
    returns = 0
    if b"\r" in content:
        if _BARE_RETURN.search(content):
            raise NotOrdinaryError
        returns = content.count(b"\r")
    has_pairs = bool(quotes) and _has_quotes_to_look_at(content, dialect)
    return Block(content, returns, quotes, has_pairs)


def _has_quotes_to_look_at(text: bytes, dialect: Dialect) -> bool:
    """Whether two quotes stand side by side somewhere.

    Raises:
        NotOrdinaryError: A quote stands in the middle of a field, or two close a field at once that goes on.
    """
    mark, quote = dialect.mark.encode(), (dialect.quote or "").encode()
    ends, around = re.escape(mark + b"\r\n"), re.escape(mark + b"\r\n" + quote)
    in_the_middle = rb"(?<![%b]%b)(?<!\A%b)(?![%b])" % (around, quote, quote, around)
    # The quote comes first in the patterns: so the search goes from one to the next, twenty times quicker.
    if not re.search(rb"%b(?:(?=%b)|%b)" % (quote, quote, in_the_middle), text):
        return False
    if re.search(quote + in_the_middle, text):
        raise NotOrdinaryError
    pair = quote * 2
    at_begin = rb"(?:(?<=[%b]%b)|(?<=\A%b))" % (ends, pair, pair)
    at = before = 0
    for found in re.finditer(rb"%b%b(?:%b)*(?![%b])" % (pair, at_begin, pair, around), text):
        before += text.count(quote, at, found.start())
        at = found.start()
        if before % 2 == 0:
            raise NotOrdinaryError  # Not within quotes, where pairs are quotes of the text.
    return True
