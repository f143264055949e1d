"""Parts of texts that are found by patterns and marks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from exekra.kit.patterns import Match, Pattern, PatternError, compile_pattern
from exekra.sdk.errors import InputError

_OF_PATTERNS = re.compile(r"\\[bdswBDSW]|[.\])][*+]|\(\?|\[\^?.-.\]")


def looks_like_pattern(text: str) -> bool:
    """Whether a text holds what people write in regular expressions and hardly elsewhere, such as \\d or .*"""
    return _OF_PATTERNS.search(text) is not None


@contextmanager
def clear_errors() -> Iterator[None]:
    """Turn what is wrong with a pattern into an error of the input."""
    try:
        yield
    except PatternError as error:
        raise InputError(str(error)) from None


def split_at(pattern: Pattern, text: str) -> list[str]:
    """The texts between the matches, without what groups of the separator found."""
    parts, end = [], 0
    for match in pattern.finditer(text):
        parts.append(text[end : match.start()])
        end = match.end()
    return [*parts, text[end:]]


def groups_of(pattern: Pattern, match: Match) -> dict[str, str | None]:
    """What the groups of a match hold: named ones by their name, the others by their number."""
    names = {number: name for name, number in pattern.names.items()}
    return {names.get(number, str(number)): value for number, value in enumerate(match.groups(), 1)}


def part_by_pattern(text: str, pattern: str) -> str | None:
    """What the first group of a pattern finds, or all of it where it has none; None where it finds nothing."""
    with clear_errors():
        compiled = compile_pattern(pattern)
        match = compiled.search(text)
    if match is None:
        return None
    return match[1 if compiled.groups else 0]


def part_between(text: str, after: str, before: str) -> str | None:
    """What stands between two marks; None where one of them is missing."""
    start = text.find(after)
    if start < 0:
        return None
    start += len(after)
    end = text.find(before, start) if before else len(text)
    return text[start:end] if end >= 0 else None
