"""Regular expressions in expressions: those of `kit.patterns`, with the bounds of an evaluation."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from exekra.flow.expressions.errors import ExpressionBoundError, ExpressionError
from exekra.flow.expressions.work import Work
from exekra.kit.patterns import Pattern, PatternError, PatternTimeoutError, compile_pattern

MAX_PATTERN = 1_000
"""Characters of a pattern."""

MAX_SEARCHED = 1_000_000
"""Characters of a text that a pattern is matched against."""

MAX_SECONDS = 0.5
"""How long one match may take where it does not take linear time."""


def matches_whole(work: Work, text: str, pattern: str) -> bool:
    """Whether the pattern matches the text from the first to the last character."""
    with _bounded(work, text, pattern) as compiled:
        return compiled.fullmatch(text) is not None


def first_match(work: Work, text: str, pattern: str) -> str | None:
    """The first match, or its first group where the pattern has one; None where there is no match."""
    with _bounded(work, text, pattern) as compiled:
        found = compiled.search(text)
        return None if found is None else found[1 if compiled.groups else 0]


def all_matches(work: Work, text: str, pattern: str) -> list[Any]:
    """All matches: texts, or lists of groups where the pattern has several."""
    made: list[Any] = []
    with _bounded(work, text, pattern) as compiled:
        for found in compiled.finditer(text):
            work.spend(_MATCH_UNITS + compiled.groups * 4)
            made.append(list(found.groups()) if compiled.groups > 1 else found[compiled.groups])
    return made


def replace_matches(work: Work, text: str, pattern: str, new: str) -> str:
    """The text with each match replaced; `\\1` to `\\9` and `\\g<NAME>` in `new` are groups, `\\\\` is a backslash."""
    read = 0

    def note(length: int) -> None:
        nonlocal read
        work.spend(_MATCH_UNITS)
        work.check_text(length)
        work.read_text(length - read)
        read = length

    with _bounded(work, text, pattern) as compiled:
        changed, _ = compiled.replace(text, new, note=note)
    work.make_text(len(changed))
    return changed


_MATCH_UNITS = 150
"""Units of work for one match: about 60,000 in one evaluation."""


@contextmanager
def _bounded(work: Work, text: str, pattern: str) -> Iterator[Pattern]:
    if len(pattern) > MAX_PATTERN:
        raise ExpressionBoundError("pattern size", f"A pattern may have at most {MAX_PATTERN:,} characters")
    if len(text) > MAX_SEARCHED:
        raise ExpressionBoundError(
            "text size", f"Patterns work on texts of up to {MAX_SEARCHED:,} characters; split the text first"
        )
    try:
        compiled = compile_pattern(pattern, seconds=MAX_SECONDS)
        # At worst RE2 takes a step for each instruction of the pattern at each character, of some 6 nanoseconds.
        work.spend(_MATCH_UNITS + len(text) * (2 + compiled.program_size) // 10)
        yield compiled
    except PatternTimeoutError as error:
        raise ExpressionBoundError("work", str(error).removesuffix(".")) from None
    except PatternError as error:
        raise ExpressionError(str(error).removesuffix(".")) from None
