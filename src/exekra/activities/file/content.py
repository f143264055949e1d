"""The content of text files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from exekra.activities.disk import READ_ERRORS, WRITE_ERRORS, explained, make_folder, replacing, require_file
from exekra.activities.encodings import Encoding, detect_encoding
from exekra.sdk.activity import activity
from exekra.sdk.context import Context
from exekra.sdk.errors import BusinessError, InputError
from exekra.sdk.types import FilePath, MultilineText

CATEGORY = "File and Folder"
ICON = "file-text"

WrittenEncoding = Literal["utf-8", "utf-8-sig", "cp1252", "latin-1", "utf-16"]

LARGEST_TEXT = 100_000_000
"""Bytes of a text file that are read into memory."""


class TextFileError(BusinessError):
    """The file is not text in that encoding, or is too large to be held as one text."""


@dataclass(frozen=True, slots=True)
class TextRead:
    """What was read.

    Attributes:
        text: The whole text.
        lines: The number of its lines.
        encoding: How its letters are stored.
    """

    text: str
    lines: int
    encoding: str


@dataclass(frozen=True, slots=True)
class TextWritten:
    """What was written.

    Attributes:
        path: The file's absolute path.
        size: Its size in bytes.
    """

    path: str
    size: int


@activity(id="file.read_text", title="Read text file", raises=(*READ_ERRORS, TextFileError), blocking=True)
def read_text(context: Context, /, *, path: FilePath, encoding: Encoding = "auto") -> TextRead:
    """Read a text file.

    Args:
        path: The file; at most 100 MB.
        encoding: How letters are stored; `auto` takes UTF-8 where it fits, otherwise Windows (cp1252).
    """
    file = context.path(path)
    require_file(file, context)
    with explained(file):
        size = file.stat().st_size
        if size > LARGEST_TEXT:
            raise TextFileError(f"{file} has {size:,} bytes; {LARGEST_TEXT:,} can be read as one text. Use Read CSV.")
        known = detect_encoding(file) if encoding == "auto" else encoding
        try:
            text = file.read_text(encoding=known, errors="replace" if encoding == "auto" else "strict")
        except UnicodeDecodeError as error:
            raise TextFileError(
                f"{file} is not {known}: its byte {error.start} means nothing there. Choose the encoding `auto`."
            ) from None
    return TextRead(text, len(text.splitlines()), known)


@activity(id="file.write_text", title="Write text file", raises=WRITE_ERRORS, blocking=True)
def write_text(
    context: Context, /, *, path: FilePath, text: MultilineText, encoding: WrittenEncoding = "utf-8"
) -> TextWritten:
    """Write a text file.

    A file of that name is replaced once the new one is complete; missing folders are made.

    Args:
        path: The file.
        text: The text.
        encoding: How letters are stored.
    """
    file = context.path(path)
    raw = _encoded(text, encoding)
    with replacing(file) as draft:
        draft.write_bytes(raw)
    return TextWritten(str(file), len(raw))


@activity(id="file.append_text", title="Append to text file", raises=WRITE_ERRORS, blocking=True)
def append_text(
    context: Context,
    /,
    *,
    path: FilePath,
    text: MultilineText,
    new_line: bool = True,
    encoding: WrittenEncoding = "utf-8",
) -> TextWritten:
    """Add text at the end of a file.

    A missing file is created, with the folders it needs.

    Args:
        path: The file.
        text: The text.
        new_line: Whether the line ends after the text.
        encoding: How letters are stored.
    """
    file = context.path(path)
    make_folder(file.parent)
    with explained(file), file.open("ab") as target:
        marked = target.tell() == 0  # A byte order mark belongs at the beginning of a file only.
        known = encoding if marked else encoding.removesuffix("-sig").replace("utf-16", "utf-16-le")
        target.write(_encoded(f"{text}\n" if new_line else text, known))
        size = target.tell()
    return TextWritten(str(file), size)


def _encoded(text: str, encoding: str) -> bytes:
    try:
        return text.encode(encoding)
    except UnicodeEncodeError as error:
        raise InputError(
            f"{text[error.start : error.end]!r} cannot be written in {encoding}. Choose the encoding utf-8."
        ) from None
