"""The content of text files."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from exekra.activities.disk import READ_ERRORS, WRITE_ERRORS, explained, make_folder, replacing, require_file
from exekra.activities.encodings import Encoding, WrittenEncoding, codec_behind, codec_of, decode, detect
from exekra.kit.text import quoted
from exekra.sdk.activity import activity
from exekra.sdk.context import Context
from exekra.sdk.errors import BusinessError, InputError
from exekra.sdk.types import FilePath, MultilineText

CATEGORY = "File and Folder"
ICON = "file-text"

LineEnds = Literal["keep", "lf", "crlf"]

LARGEST_TEXT = 100_000_000
"""Bytes of a text file that are read into memory."""


class TextFileError(BusinessError):
    """The file is not text in that encoding, or is too large to be held as one text."""


@dataclass(frozen=True, slots=True)
class TextRead:
    """What was read.

    Attributes:
        text: The whole text, with its line ends as they are.
        lines: The number of its lines.
        encoding: How its letters are stored.
        line_ends: How its lines end: `lf`, `crlf`, `cr`, `mixed`, or `none` where there is one line only.
        notes: What is doubtful about its encoding. Empty in the ordinary case.
    """

    text: str
    lines: int
    encoding: str
    line_ends: str
    notes: list[str]


@dataclass(frozen=True, slots=True)
class TextWritten:
    """What was written.

    Attributes:
        path: The file's absolute path.
        size: Its size in bytes.
    """

    path: FilePath
    size: int


@activity(id="file.read_text", title="Read text file", raises=(*READ_ERRORS, TextFileError), blocking=True)
def read_text(
    context: Context, /, *, path: FilePath, encoding: Encoding = "auto", line_ends: LineEnds = "keep"
) -> TextRead:
    """Read a text file.

    Args:
        path: The file; at most 100 MB.
        encoding: How letters are stored; `auto` takes the file's mark, UTF-8 where it fits, otherwise the encoding that
            its letters suggest.
        line_ends: What line ends become: as they are in the file, or all alike.
    """
    file = context.path(path)
    require_file(file, context)
    with explained(file):
        size = file.stat().st_size
        if size > LARGEST_TEXT:
            raise TextFileError(f"{file} has {size:,} bytes; {LARGEST_TEXT:,} can be read as one text. Use Read CSV.")
        read = decode(file.read_bytes(), encoding, str(file), TextFileError)
    for note in read.notes:
        context.warn(note)
    text = read.text.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}")
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise TextFileError(
            f"{file} holds a zero byte in line {line}: it is damaged, is not text, or its encoding is another one: "
            "choose `encoding`."
        )
    ends = _LINE_END.findall(text)
    lines = len(ends) + (not text.endswith(("\r", "\n")) and text != "")
    return TextRead(_with_line_ends(text, line_ends), lines, read.encoding, _named(ends), context.notes)


@activity(id="file.write_text", title="Write text file", raises=WRITE_ERRORS, blocking=True)
def write_text(
    context: Context,
    /,
    *,
    path: FilePath,
    text: MultilineText,
    encoding: WrittenEncoding = "utf-8",
    line_ends: LineEnds = "keep",
) -> TextWritten:
    """Write a text file.

    A file of that name is replaced once the new one is complete; missing folders are made.

    Args:
        path: The file.
        text: The text.
        encoding: How letters are stored.
        line_ends: What line ends become: as they are in the text, or all alike.
    """
    file = context.path(path)
    raw = _encoded(_with_line_ends(text, line_ends), encoding)
    with replacing(file) as draft:
        draft.write_bytes(raw)
    return TextWritten(str(file), len(raw))


@activity(id="file.append_text", title="Append to text file", raises=(*WRITE_ERRORS, TextFileError), blocking=True)
def append_text(
    context: Context,
    /,
    *,
    path: FilePath,
    text: MultilineText,
    new_line: bool = True,
    encoding: Encoding = "auto",
) -> TextWritten:
    """Add text at the end of a file.

    A missing file is created, with the folders it needs.

    Args:
        path: The file.
        text: The text.
        new_line: Whether the line ends after the text, as the lines of the file do.
        encoding: How letters are stored; `auto` takes that of the file, and UTF-8 for a new one.
    """
    file = context.path(path)
    make_folder(file.parent)
    with explained(file):
        if file.exists() and file.stat().st_size:
            known, end = _form_of(file, context, encoding)
        else:
            known, end = "utf-8" if encoding == "auto" else encoding, "\n"
        raw = _encoded(f"{text}{end}" if new_line else text, known)
        with file.open("ab") as target:
            target.write(raw)
            size = target.tell()
    return TextWritten(str(file), size)


def _form_of(file: Path, context: Context, encoding: str) -> tuple[str, str]:
    """The codec that goes on behind a file's text, without a mark of its own, and how the file's lines end."""
    found = detect(file, encoding, TextFileError)
    for note in found.notes:
        context.warn(note)
    with file.open("rb") as source:
        head = source.read(_HEAD)
    ends = _LINE_END.findall(head.decode(found.codec, "ignore"))
    return codec_behind(head, found.codec), max(("\n", "\r\n", "\r"), key=ends.count)


_HEAD = 65_536
_LINE_END = re.compile("\r\n|\r|\n")
_NAMES = {"\n": "lf", "\r\n": "crlf", "\r": "cr"}


def _named(ends: list[str]) -> str:
    kinds = set(ends)
    return "none" if not kinds else _NAMES[kinds.pop()] if len(kinds) == 1 else "mixed"


def _with_line_ends(text: str, line_ends: LineEnds) -> str:
    match line_ends:
        case "lf":
            return _LINE_END.sub("\n", text)
        case "crlf":
            return _LINE_END.sub("\r\n", text)
    return text


def _encoded(text: str, encoding: str) -> bytes:
    try:
        return text.encode(codec_of(encoding))
    except UnicodeEncodeError as error:
        raise InputError(
            f"{quoted(text[error.start : error.end])} cannot be written in {encoding}. Choose the encoding utf-8."
        ) from None
