"""Text that every border can hold."""

from __future__ import annotations

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


def well_formed(text: str) -> str:
    """The text with each half of a character replaced by U+FFFD; two halves that belong together become whole.

    Python's texts can hold such halves (lone surrogates): JSON may contain them, and the system's names that are not
    UTF-8 are given with them. UTF-8, and so files, pipes and databases, cannot.
    """
    text = str.__str__(text)  # Of a subclass the plain text: encoders know no others.
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text
