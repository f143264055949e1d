"""Regular expressions that cannot hang: RE2 matches in time linear in the text, whatever the pattern.

Python's own engine may take hours for a short pattern, cannot be interrupted, and holds every other thread meanwhile.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from exekra.flow.expressions.errors import ExpressionBoundError, ExpressionError, shorten
from exekra.flow.expressions.work import Work

MAX_PATTERN = 1_000
"""Characters of a pattern."""

MAX_SEARCHED = 1_000_000
"""Characters of a text that a pattern is matched against."""

_MEMORY = 1 << 20


def matches_whole(work: Work, text: str, pattern: str) -> bool:
    """Whether the pattern matches the text from the first to the last character."""
    return _compiled(work, text, pattern).fullmatch(text) is not None


def first_match(work: Work, text: str, pattern: str) -> str | None:
    """The first match, or its first group where the pattern has one; None where there is no match."""
    compiled = _compiled(work, text, pattern)
    found = compiled.search(text)
    if found is None:
        return None
    result: str | None = found.group(1 if compiled.groups else 0)
    return result


def all_matches(work: Work, text: str, pattern: str) -> list[Any]:
    """All matches: texts, or lists of groups where the pattern has several."""
    compiled = _compiled(work, text, pattern)
    made: list[Any] = []
    for found in compiled.finditer(text):
        work.spend(_MATCH_UNITS + compiled.groups * 4)
        if compiled.groups > 1:
            made.append(list(found.groups()))
        else:
            made.append(found.group(compiled.groups))
    return made


def replace_matches(work: Work, text: str, pattern: str, new: str) -> str:
    """The text with each match replaced; `\\1` to `\\9` in `new` are groups, `\\\\` is a backslash."""
    compiled = _compiled(work, text, pattern)
    parts = _replacement(new, compiled.groups)
    made: list[str] = []
    end = length = 0
    for found in compiled.finditer(text):
        work.spend(_MATCH_UNITS)
        pieces = [text[end : found.start()]]
        pieces += [(found.group(part) or "") if isinstance(part, int) else part for part in parts]
        end = found.end()
        length += sum(map(len, pieces))
        work.check_text(length)
        work.read_text(sum(map(len, pieces)))
        made += pieces
    work.make_text(length + len(text) - end)
    return "".join([*made, text[end:]])


_MATCH_UNITS = 150
"""Units of work for one match: about 60,000 in one evaluation."""


def _replacement(new: str, groups: int) -> list[str | int]:
    parts: list[str | int] = []
    position = 0
    while (backslash := new.find("\\", position)) >= 0:
        follower = new[backslash + 1 : backslash + 2]
        parts.append(new[position:backslash])
        if follower.isascii() and follower.isdigit():
            if int(follower) > groups:
                raise ExpressionError(f"The pattern has {groups} groups, so there is no \\{follower}")
            parts.append(int(follower))
        elif follower == "\\":
            parts.append("\\")
        else:
            parts.append("\\" + follower)
        position = backslash + 2
    return [*parts, new[position:]]


def _compiled(work: Work, text: str, pattern: str) -> Any:
    if len(pattern) > MAX_PATTERN:
        raise ExpressionBoundError("pattern size", f"A pattern may have at most {MAX_PATTERN:,} characters")
    if len(text) > MAX_SEARCHED:
        raise ExpressionBoundError(
            "text size", f"Patterns work on texts of up to {MAX_SEARCHED:,} characters; split the text first"
        )
    compiled = _compile(pattern)
    # At worst RE2 takes a step for each instruction of the pattern at each character, of some 6 nanoseconds.
    work.spend(_MATCH_UNITS + len(text) * (2 + compiled.programsize) // 10)
    return compiled


@lru_cache(maxsize=256)
def _compile(pattern: str) -> Any:
    import re2  # noqa: PLC0415  # Most workflows match no patterns, and a short one should start quickly.

    options = re2.Options()
    options.max_mem = _MEMORY
    options.log_errors = False
    try:
        return re2.compile(pattern, options)
    except re2.error as error:
        reason = error.args[0] if error.args else "?"
        reason = reason.decode(errors="replace") if isinstance(reason, bytes) else str(reason)
        advice = "; look-ahead, look-behind and back-references are not possible" if "perl operator" in reason else ""
        raise ExpressionError(f"'{shorten(pattern)}' is not a valid pattern: {shorten(reason)}{advice}") from None
