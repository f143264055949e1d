"""Text that every interface can carry, and words of all languages."""

from __future__ import annotations

import unicodedata

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
