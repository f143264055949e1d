"""Patterns of file names, such as *.pdf: they mean the same on every system."""

from __future__ import annotations

import fnmatch
import re
import unicodedata
from functools import lru_cache

_MARKS = re.compile(r"[*?\[]")


def is_pattern(name: str) -> bool:
    """Whether a name has a `*`, a `?` or a `[` in it."""
    return _MARKS.search(name) is not None


def matches(name: str, pattern: str) -> bool:
    """Whether a file's name is of a pattern, or is the very text of it.

    Large and small letters are the same everywhere, and so are an accented letter and a letter with its accent, which
    macOS stores.
    """
    name, pattern = _folded(name), _folded(pattern)
    return name == pattern or _compiled(pattern).match(name) is not None


@lru_cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(fnmatch.translate(pattern))


def _folded(text: str) -> str:
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())
