"""Text that every interface can carry, and words of all languages."""

from __future__ import annotations

import base64
import re
import unicodedata
from typing import Literal

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


def well_formed(text: str) -> str:
    """The text with each lone surrogate replaced by U+FFFD; two halves that belong together become one character.

    Python's strings can contain lone surrogates: JSON may contain them, and names of the system that are not UTF-8 are
    decoded to them. UTF-8, and so files, pipes and databases, cannot represent them.
    """
    text = str.__str__(text)  # Plain text even for a subclass: encoders only accept that.
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def quoted(text: str, longest: int = 60) -> str:
    """A text as a sentence shows it: in backticks, on one line, cut where it is longer than `longest` characters.

    Signs that cannot be seen are those of Unicode that stand for them, such as ␊ for a line feed.
    """
    cut = text if len(text) <= longest else f"{text[: longest - 1]}…"
    return f"`{well_formed(cut).translate(_VISIBLE)}`" if text else "an empty text"


_VISIBLE = {code: 0x2400 + code for code in range(32)} | {127: 0x2421}


def title_case(text: str) -> str:
    """The text with a capital at the beginning of each word and small letters behind it.

    An apostrophe is within a word, a digit too, and a mark belongs to its letter.
    """
    made = []
    inside = False
    for character in text:
        made.append(character.lower() if inside else character.upper())
        inside = character.isalnum() or (inside and (character in "'’" or unicodedata.combining(character) > 0))
    return "".join(made)


def sentence_case(text: str) -> str:
    """The text in small letters, but for the first, which may stand behind blanks or quotes."""
    first = re.search(r"[^\W_]", text)
    start = first.start() if first else 0
    return text[:start] + text[start:].capitalize()


_BLANKS = (
    "\t\n\v\f\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
    "\u200b\u2060\ufeff"
    "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
"""What `str.strip` takes, blanks without width (the byte order mark among them), and marks of the writing direction."""


def without_blanks(text: str, side: Literal["start", "end", "both"] = "both") -> str:
    """The text without the blanks and line breaks at its ends, those without width too.

    Such are a byte order mark, and the marks of direction that Windows puts around dates and paths.
    """
    return {"start": str.lstrip, "end": str.rstrip, "both": str.strip}[side](text, _BLANKS)


def padded_at_start(text: str, length: int, fill: str) -> str:
    """The text filled up at its start; zeros stand between the sign of a number and its digits."""
    if fill == "0" and re.fullmatch(r"[+-][\d.,]+", text):
        return text.zfill(length)
    return text.rjust(length, fill)


def decoded_base64(text: str) -> str:
    """The UTF-8 text that is written as Base64, with or without padding, in the usual alphabet or that of URLs.

    Raises:
        ValueError: It is not Base64, or not of UTF-8.
    """
    digits = "".join(text.split()).translate({ord("-"): "+", ord("_"): "/"})
    if "=" not in digits:
        digits += "=" * (-len(digits) % 4)
    return base64.b64decode(digits, validate=True).decode()
