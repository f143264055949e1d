"""How a text file stores its letters."""

from __future__ import annotations

import codecs
from pathlib import Path
from typing import Literal

Encoding = Literal["auto", "utf-8", "utf-8-sig", "cp1252", "latin-1", "utf-16"]

_BLOCK = 1_000_000

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def detect_encoding(file: Path) -> str:
    """The encoding by the file's byte order mark; without one UTF-8 where all of it fits, otherwise Windows' cp1252."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with file.open("rb") as source:
        block = source.read(_BLOCK)
        for mark, encoding in _MARKS:
            if block.startswith(mark):
                return encoding
        try:
            while block:
                decoder.decode(block)
                block = source.read(_BLOCK)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "cp1252"
    return "utf-8"
