"""Text of other programs: in which encoding it is, how sure that is, and one error where it does not fit.

Everything that reads text which others wrote goes through here, so that the same bytes mean the same everywhere.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from exekra.activities.encoding_guess import guess_legacy, high_lines, is_mojibake, is_plausible_utf_16
from exekra.activities.encoding_names import AUTO, Encoding, WrittenEncoding, codec_of, known_encoding, title_of
from exekra.sdk.errors import BusinessError

__all__ = [
    "Decoded",
    "Encoding",
    "TextDamagedError",
    "WrittenEncoding",
    "codec_behind",
    "codec_of",
    "decode",
    "detect",
    "encoding_of_mark",
    "encoding_without_mark",
    "known_encoding",
    "open_text",
    "title_of",
]

_BLOCK = 1 << 16
_SAMPLE = 1 << 16

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # Begins as UTF-16's does, so it comes first.
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
_NO_TEXT = (
    (b"PK\3\4", "a ZIP file or a workbook or document of Office"),
    (b"\xd0\xcf\x11\xe0", "a workbook or document of an old Office (.xls, .doc)"),
    (b"\x1f\x8b", "compressed (gzip)"),
    (b"%PDF-", "a PDF document"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
)
"""How files begin that are given where text is expected, most often under a wrong name."""


class TextDamagedError(BusinessError):
    """The text does not fit its encoding."""


@dataclass(frozen=True, slots=True)
class Detected:
    """In which encoding text is.

    Attributes:
        encoding: Our name of it.
        codec: The Python codec to read it with.
        replaces: Whether bytes without a meaning become U+FFFD, because the encoding is only what was left.
        notes: What is doubtful, as sentences.
    """

    encoding: str
    codec: str
    replaces: bool = False
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text that was read.

    Attributes:
        text: The text, with its line ends as they were.
        encoding: Its encoding, by our name.
        notes: What is doubtful, as sentences.
    """

    text: str
    encoding: str
    notes: tuple[str, ...]


def detect(file: Path, encoding: str = AUTO, error: type[BusinessError] = TextDamagedError) -> Detected:
    """The encoding of a file: the stated one where it can be right, otherwise by its mark, its bytes and its letters.

    Args:
        file: The file; an OSError is the caller's to explain.
        encoding: `auto` or one of ours.
        error: What to raise.

    Raises:
        BusinessError: Of the type `error`: the file contradicts the stated encoding, or is damaged UTF-8.
    """

    def blocks() -> Iterator[bytes]:
        with file.open("rb") as source:
            while block := source.read(_BLOCK):
                yield block

    return _detect(blocks, str(file), encoding, error)


@contextmanager
def open_text(
    file: Path, detected: Detected, error: type[BusinessError] = TextDamagedError, newline: str | None = ""
) -> Iterator[TextIO]:
    """The text of a file; bytes that do not fit are one error of the type `error`, with their line."""
    try:
        errors = "replace" if detected.replaces else "strict"
        with file.open(encoding=detected.codec, errors=errors, newline=newline) as source:
            yield source
    except UnicodeDecodeError:
        with file.open("rb") as raw:
            place = _first_misfit(iter(lambda: raw.read(_BLOCK), b""), detected.codec)
        raise error(_misfit(str(file), detected.encoding, place)) from None


def decode(
    raw: bytes, encoding: str = AUTO, name: str = "The text", error: type[BusinessError] = TextDamagedError
) -> Decoded:
    """The text of bytes, as `detect` and `open_text` read a file.

    Args:
        raw: The bytes.
        encoding: `auto` or one of ours.
        name: What errors and notes call the bytes.
        error: What to raise.

    Raises:
        BusinessError: Of the type `error`: the bytes do not fit.
    """
    found = _detect(lambda: iter((raw,)), name, encoding, error)
    try:
        text = raw.decode(found.codec, "replace" if found.replaces else "strict")
    except UnicodeDecodeError:
        place = _first_misfit(iter((raw,)), found.codec)
        raise error(_misfit(name, found.encoding, place)) from None
    return Decoded(text, found.encoding, found.notes)


def codec_behind(head: bytes, codec: str) -> str:
    """The codec for text that is added behind text of `codec`: it writes no byte order mark.

    Args:
        head: The first bytes of the text that is there.
        codec: The codec that reads it.
    """
    if codec in ("utf-16", "utf-32"):
        return f"{codec}-be" if head[0] in (0, 0xFE) else f"{codec}-le"
    return codec.removesuffix("-sig")


def encoding_of_mark(head: bytes) -> str | None:
    """The encoding whose byte order mark text begins with, or None."""
    return next((encoding for mark, encoding in _MARKS if head.startswith(mark)), None)


_Blocks = Callable[[], Iterator[bytes]]


def _detect(blocks: _Blocks, name: str, stated: str, error: type[BusinessError]) -> Detected:
    head = next(blocks(), b"")[:_SAMPLE]
    if kind := next((kind for magic, kind in _NO_TEXT if head.startswith(magic)), None):
        raise error(f"{name} is not a text file, but {kind}.")
    marked = encoding_of_mark(head)
    if stated == AUTO:
        if marked:
            return Detected(marked, marked, notes=_lost(name, head, marked))
        if unmarked := encoding_without_mark(head):
            return Detected(unmarked, unmarked)
        return _by_bytes(blocks, name, error)
    return _stated(name, head, stated, marked, error)


def _stated(name: str, head: bytes, stated: str, marked: str | None, error: type[BusinessError]) -> Detected:
    if marked and _family(stated) == _family(marked):
        return Detected(marked, marked)  # A mark is never a part of the text.
    if marked and marked != "gb18030":
        raise error(
            f"{name} is not {stated}: it begins with the byte order mark of {_family(marked).upper()}. "
            "Choose the encoding `auto`."
        )
    unmarked = encoding_without_mark(head)
    if unmarked and _family(stated) != _family(unmarked):
        raise error(f"{name} is not {stated}: by its zero bytes it is {unmarked}. Choose that encoding, or `auto`.")
    if head and _family(stated) in ("utf-16", "utf-32"):
        if not unmarked and _utf_8_share(head)[1] == 0 and b"\0" not in head:
            raise error(f"{name} is not {stated}: its bytes are those of UTF-8. Choose the encoding `auto`.")
        return Detected(stated, (unmarked or f"{stated}-le") if stated == _family(stated) else stated)
    if _family(stated) == "utf-8":
        return Detected("utf-8", "utf-8", notes=_lost(name, head, "utf-8"))
    notes: tuple[str, ...] = ()
    codec = codec_of(stated)
    if codec.startswith(("cp", "latin", "iso", "mac", "koi")) and (word := _utf_8_word(head)):
        notes = (
            f"{name} looks like UTF-8, but is read as {stated}, where it holds `{word}`. Try the encoding `auto`.",
        )
    elif stated == "latin-1" and re.search(rb"[\x80-\x9f]", head):
        notes = (f"{name} holds bytes that mean nothing in latin-1, and letters such as € in cp1252. Try cp1252.",)
    return Detected(stated, codec, notes=notes)


def _by_bytes(blocks: _Blocks, name: str, error: type[BusinessError]) -> Detected:
    """UTF-8 where all of it fits; otherwise what its letters suggest."""
    head = b""
    decoder = codecs.getincrementaldecoder("utf-8")()
    high = False
    try:
        for block in blocks():
            head = head or block[:_SAMPLE]
            if block.isascii() and not decoder.getstate()[0]:
                continue  # The same letters in UTF-8.
            high = True
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return _legacy(blocks, name, error)
    if not high and re.search(rb"\x1b(\$[@B]|\([BJ])", head):
        return Detected("iso-2022-jp", "iso-2022-jp")
    return Detected("utf-8", "utf-8", notes=_lost(name, head, "utf-8") if high else ())


def _legacy(blocks: _Blocks, name: str, error: type[BusinessError]) -> Detected:
    sample = high_lines(blocks(), _SAMPLE)
    whole, broken = _utf_8_share(sample)
    place = _first_misfit(blocks(), "utf-8")
    if whole and (place.at_end or (whole >= 2 * broken and whole > 1)):
        raise error(_damage(name, place))
    guess = guess_legacy(sample)
    codec = codec_of(guess.encoding)
    notes = []
    if place.at_end and place.byte in (0xC2, 0xC3):  # As other letters, these hardly end a text.
        notes.append(
            f"{name} ends with what may be half of a letter of UTF-8. It was read as {guess.encoding}; the file may be "
            "cut."
        )
    if guess.doubt:
        notes.append(
            f"{name} does not name its encoding. It was read as {guess.doubt}. "
            "If that is wrong, choose another `encoding`."
        )
    try:
        sample.decode(codec)
    except UnicodeDecodeError as misfit:
        notes.append(
            f"{name} holds bytes that mean nothing in {guess.encoding}, such as 0x{sample[misfit.start]:02X}; "
            "they became \N{REPLACEMENT CHARACTER}."
        )
    return Detected(guess.encoding, codec, True, tuple(notes))


def _lost(name: str, head: bytes, encoding: str) -> tuple[str, ...]:
    """What shows that the text was read wrongly before it came here."""
    text = head.decode(encoding, "replace" if encoding.startswith("utf-16") else "ignore")
    if not encoding.startswith("utf-16") and "\N{REPLACEMENT CHARACTER}" in text:
        return (f"{name} holds the sign \N{REPLACEMENT CHARACTER}: letters were lost before it came here.",)
    if word := is_mojibake(text):
        return (f"{name} holds `{word}`: an earlier program read it in the wrong encoding.",)
    return ()


def encoding_without_mark(head: bytes) -> str | None:
    """The form of UTF-16 or UTF-32 whose zero bytes these are, or None."""
    if b"\0" not in head:
        return None
    for width, encodings in ((4, ("utf-32-le", "utf-32-be")), (2, ("utf-16-le", "utf-16-be"))):
        cut = head[: len(head) - len(head) % width] if len(head) == _SAMPLE else head
        if len(cut) % width:
            continue
        counts = [cut[place::width].count(0) for place in range(width)]
        least = len(cut) // width
        if width == 4 and max(min(counts[2:]), min(counts[:2])) < least:
            continue
        little, big = counts[-1], counts[0]
        encoding = encodings[0] if little > big else encodings[1]
        if (
            max(little, big) > 20 * min(little, big)
            and max(little, big) * 20 > least
            and _is_no_utf_8(cut, counts, least)
        ):
            trimmed = (
                cut[:-2]
                if len(head) == _SAMPLE and width == 2 and 0xD8 <= cut[-1 if little > big else -2] < 0xDC
                else cut
            )
            if is_plausible_utf_16(trimmed, encoding):
                return encoding
    return None


def _is_no_utf_8(cut: bytes, counts: list[int], least: int) -> bool:
    """Whether zero bytes cannot be strays in a text of single bytes."""
    if max(counts) * 4 > least:
        return True
    try:
        return _CONTROL.search(cut.replace(b"\0", b"").decode("utf-8")) is not None
    except UnicodeDecodeError:
        return True


def _utf_8_word(head: bytes) -> str | None:
    whole, broken = _utf_8_share(head)
    if whole and not broken:
        return is_mojibake(head.decode("cp1252", "replace"))
    return None


_CONTROL = re.compile("[\1-\x08\x0e-\x1f]")
_UTF_8_LETTER = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_HIGH = re.compile(rb"[\x80-\xff]+")


def _utf_8_share(sample: bytes) -> tuple[int, int]:
    """How many letters of UTF-8 there are, and how many runs of other bytes above 127."""
    whole = len(_UTF_8_LETTER.findall(sample))
    return whole, len(_HIGH.findall(_UTF_8_LETTER.sub(b"", sample)))


def _family(encoding: str) -> str:
    return encoding.removesuffix("-sig").removesuffix("-le").removesuffix("-be")


@dataclass(frozen=True, slots=True)
class _Place:
    line: int
    offset: int
    byte: int
    at_end: bool


def _first_misfit(blocks: Iterator[bytes], codec: str) -> _Place:
    """Where the bytes stop to fit a codec."""
    decoder = codecs.getincrementaldecoder(codec)()
    line, fed = 1, 0
    last = False
    while not last:
        block = next(blocks, b"")
        last = not block
        try:
            line += decoder.decode(block, final=last).count("\n")
        except UnicodeDecodeError as misfit:
            good = misfit.object[: misfit.start]
            offset = fed - (len(misfit.object) - len(block)) + misfit.start
            return _Place(line + good.count(b"\n"), max(offset, 0), misfit.object[misfit.start], last)
        fed += len(block)
    return _Place(line, fed, 0, True)


def _damage(name: str, place: _Place) -> str:
    if place.at_end:
        return f"{name} is cut: it is UTF-8 that ends inside of a letter (line {place.line}). Get the whole file."
    return (
        f"{name} is damaged: it is UTF-8, but its byte {place.offset} (0x{place.byte:02X}, line {place.line}) is not. "
        "Repair the file, or choose another `encoding` to read it all the same."
    )


def _misfit(name: str, encoding: str, place: _Place) -> str:
    if place.at_end:
        return f"{name} is not {encoding}, or is cut: its last letter (line {place.line}) is incomplete."
    return (
        f"{name} is not {encoding}: its byte {place.offset} means nothing there (0x{place.byte:02X}, line "
        f"{place.line}). Choose the encoding `auto`, or another."
    )
