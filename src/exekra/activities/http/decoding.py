"""Unpack what a server compressed: all members of a gzip, both forms of deflate, Brotli and Zstandard.

What comes out at a time is bounded, so that a small answer cannot fill the memory.
"""

from __future__ import annotations

import zlib
from collections.abc import AsyncGenerator, Callable, Iterator
from typing import TYPE_CHECKING, Protocol

from exekra.activities.encoding_names import encoding_of_server
from exekra.activities.http.errors import HttpConnectionError, place
from exekra.kit.text import quoted

if TYPE_CHECKING:
    import httpx

_BLOCK = 1_000_000
"""The most bytes that are unpacked at a time."""

_SLICE = 1_024
"""The bytes that Zstandard gets at a time, which cannot bound what comes out: four may become 128 kB."""

_GZIP = b"\x1f\x8b"
_NOT_COMPRESSED = {"", "identity", "none", "binary", "7bit", "8bit", "aws-chunked"}


class DamagedError(Exception):
    """The compressed data is damaged or cut off."""


class Decoder(Protocol):
    """Unpacks one kind of compression."""

    def feed(self, data: bytes) -> Iterator[bytes]:
        """What comes out for `data`, in blocks.

        Raises:
            DamagedError: It is not of this kind.
        """

    def finish(self) -> None:
        """Take note that all data was given.

        Raises:
            DamagedError: Something is missing.
        """


async def unpacked(response: httpx.Response, warn: Callable[[str], None]) -> AsyncGenerator[bytes, None]:
    """The body of an answer without its compression, block by block.

    Raises:
        HttpConnectionError: The body is damaged, or compressed in an unknown way.
    """
    decoders: list[Decoder] | None = None
    where = place(response.url)
    try:
        async for data in response.aiter_raw():
            if decoders is None:
                decoders = _decoders(response)
            for block in _through(decoders, data):
                yield block
        for number, decoder in enumerate(decoders or []):
            decoder.finish()
            if isinstance(decoder, _Gzip) and decoder.ignored:
                warn(f"{where} sent something after the end of its gzip data (layer {number + 1}). It was left out.")
    except (DamagedError, zlib.error) as error:
        raise HttpConnectionError(f"{where} sent a damaged compressed answer: {error}.") from None


def _decoders(response: httpx.Response) -> list[Decoder]:
    """What to unpack with, in order: the encoding that was applied last comes off first."""
    kinds: dict[str, Callable[[], Decoder]] = {
        "gzip": _Gzip,
        "x-gzip": _Gzip,
        "deflate": _Deflate,
        "br": _Brotli,
        "zstd": _Zstandard,
    }
    decoders = []
    for name in reversed(response.headers.get("content-encoding", "").lower().split(",")):
        kind = name.strip()
        if kind in kinds:
            decoders.append(kinds[kind]())
        elif kind not in _NOT_COMPRESSED and encoding_of_server(kind) is None:  # Some name it here.
            raise HttpConnectionError(
                f"{place(response.url)} compressed its answer as {quoted(kind, 40)}, which cannot be unpacked. "
                "Send the header Accept-Encoding: gzip.",
                retryable=False,
            )
    return decoders


def _through(decoders: list[Decoder], data: bytes) -> Iterator[bytes]:
    if not decoders:
        yield data
        return
    first, *others = decoders
    for block in first.feed(data):
        yield from _through(others, block)


class _Gzip:
    """Members one after the other, as RFC 1952 allows; zeros may fill up the end."""

    def __init__(self) -> None:
        self._member: zlib._Decompress | None = None
        self._head = b""
        self.ignored = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        while data and not self.ignored:
            if self._member is None:
                self._member = zlib.decompressobj(31)
            elif self._member.eof:
                self._head += data
                data = self._head if self._head[:2] == _GZIP else self._head.lstrip(b"\0")
                if data and not _GZIP.startswith(data[:2]):
                    self.ignored = True
                self._head = data if len(data) < len(_GZIP) else b""
                if self.ignored or self._head or not data:
                    return
                self._member = zlib.decompressobj(31)
            yield from _pieces(self._member, data)
            data = self._member.unused_data

    def finish(self) -> None:
        if self._member is not None and not self._member.eof:
            raise DamagedError("it ends too early")


class _Deflate:
    """The form with a header (RFC 1950), or the bare one that some servers send (RFC 1951)."""

    def __init__(self) -> None:
        self._stream: zlib._Decompress | None = None
        self._head = b""

    def feed(self, data: bytes) -> Iterator[bytes]:
        if self._stream is None:
            self._head += data
            if len(self._head) < 2:
                return
            data = self._head
            has_header = data[0] & 0x0F == 8 and int.from_bytes(data[:2]) % 31 == 0
            self._stream = zlib.decompressobj(zlib.MAX_WBITS if has_header else -zlib.MAX_WBITS)
        yield from _pieces(self._stream, data)

    def finish(self) -> None:
        if self._stream is None or not self._stream.eof:
            raise DamagedError("it ends too early")


class _Brotli:
    def __init__(self) -> None:
        import brotli

        self._error: type[Exception] = brotli.error
        self._stream = brotli.Decompressor()

    def feed(self, data: bytes) -> Iterator[bytes]:
        try:
            yield self._stream.process(data, output_buffer_limit=_BLOCK)
            while more := self._stream.process(b"", output_buffer_limit=_BLOCK):
                yield more
        except self._error:
            raise DamagedError("it is not Brotli") from None

    def finish(self) -> None:
        if not self._stream.is_finished():
            raise DamagedError("it ends too early")


class _Zstandard:
    """Frames one after the other (RFC 8878)."""

    def __init__(self) -> None:
        import zstandard

        self._error: type[Exception] = zstandard.ZstdError
        self._new = zstandard.ZstdDecompressor().decompressobj
        self._frame = self._new()

    def feed(self, data: bytes) -> Iterator[bytes]:
        try:
            for start in range(0, len(data), _SLICE):
                part = data[start : start + _SLICE]
                while part:
                    if self._frame.eof:
                        self._frame = self._new()
                    yield self._frame.decompress(part)
                    part = self._frame.unused_data if self._frame.eof else b""
        except self._error:
            raise DamagedError("it is not Zstandard") from None

    def finish(self) -> None:
        if not self._frame.eof:
            raise DamagedError("it ends too early")


def _pieces(stream: zlib._Decompress, data: bytes) -> Iterator[bytes]:
    while True:
        piece = stream.decompress(data, _BLOCK)
        yield piece
        data = stream.unconsumed_tail
        if stream.eof or (not data and len(piece) < _BLOCK):
            return
