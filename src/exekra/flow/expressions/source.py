"""Reads the text of an expression before Python's parser does: where it ends, whether brackets and quotes close.

Everything that Python's parser would take for more than an expression (comments, line continuations, triple quotes)
or answer with a warning (unknown escapes) is decided here, so parsing is silent, bounded and alike in every Python.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from keyword import iskeyword

from exekra.flow.expressions.errors import ExpressionSyntaxError

MAX_SOURCE = 10_000
"""Characters of one expression."""

MAX_NESTING = 50
"""Brackets inside each other."""

_PAIRS = {")": "(", "]": "[", "}": "{"}
_ESCAPE = re.compile(r"""\\(?:[\\'"nrt]|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U000[0-9a-fA-F]{5}|U0010[0-9a-fA-F]{4})""")
_WORD = re.compile(r"\w+\Z")
# Python reads `1if` as `1 if` with a warning; people who write it mean something else.
_NUMBER_GLUED_TO_WORD = re.compile(r"(?<!\w)\.?\d[\w.]{0,40}?(?:and|else|for|if|in|is|or|not)(?!\w)")


@dataclass(frozen=True, slots=True)
class PreparedSource:
    """An expression's text made ready for Python's parser.

    Attributes:
        text: One line; backslashes that begin no escape are doubled.
        inserted: Where in `text` those backslashes were put in, ascending.
    """

    text: str
    inserted: tuple[int, ...]

    def original(self, byte_offset: int) -> int:
        """The position in the original text for an offset in UTF-8 bytes, as Python's syntax tree has it."""
        position = len(self.text.encode()[:byte_offset].decode(errors="ignore"))
        return position - bisect_left(self.inserted, position)


class _Problem(Exception):
    """What is wrong at a position; translated by the callers, who know the whole text."""

    def __init__(self, problem: str, position: int) -> None:
        super().__init__(problem)
        self.problem = problem
        self.position = position


def prepare(source: str) -> PreparedSource:
    """Check quotes and brackets, and make the text ready for Python's parser.

    Raises:
        ExpressionSyntaxError: Too long, nested too deep, or brackets and quotes that do not close.
    """
    if len(source) > MAX_SOURCE:
        raise ExpressionSyntaxError(
            f"An expression may have at most {MAX_SOURCE:,} characters, this one has {len(source):,}",
            source=source,
            position=MAX_SOURCE,
        )
    if not source.strip():
        raise ExpressionSyntaxError("The expression is empty", source=source, position=0)
    try:
        source.encode()
        pieces: list[str] = []
        doubled: list[int] = []
        _walk(source, 0, pieces=pieces, doubled=doubled)
    except _Problem as problem:
        raise ExpressionSyntaxError(problem.problem, source=source, position=problem.position) from None
    except UnicodeEncodeError as error:
        raise ExpressionSyntaxError(
            "There is half a character here (a lone surrogate)", source=source, position=error.start
        ) from None
    return PreparedSource("".join(pieces), tuple(position + count for count, position in enumerate(doubled)))


def expression_end(text: str, start: int) -> int:
    """Find where an expression in braces ends.

    Args:
        text: A template.
        start: The first character after the opening brace.

    Returns:
        The position of the closing brace.

    Raises:
        ExpressionSyntaxError: There is no closing brace; its position counts in `text` from `start`.
    """
    try:
        end = _walk(text, start, in_template=True)
    except _Problem as problem:
        source = text[start : start + MAX_SOURCE]
        raise ExpressionSyntaxError(problem.problem, source=source, position=problem.position - start) from None
    return end


def _walk(
    text: str,
    start: int,
    *,
    in_template: bool = False,
    pieces: list[str] | None = None,
    doubled: list[int] | None = None,
) -> int:
    """Walk over an expression, collecting the prepared text; return where it ends."""
    opened: list[int] = []
    position = start
    limit = min(len(text), start + MAX_SOURCE + 1)
    while position < limit:
        character = text[position]
        if character in "\"'":
            end = _string_end(text, position, limit)
            if pieces is not None and doubled is not None:
                _check_prefix(text, position)
                _collect_string(text, position, end, pieces, doubled)
            position = end
            continue
        if character in "([{":
            opened.append(position)
            if len(opened) > MAX_NESTING:
                raise _Problem(f"More than {MAX_NESTING} nested brackets", position)
        elif character in ")]}":
            if not opened:
                if in_template and character == "}":
                    return position
                raise _Problem(f"This '{character}' closes nothing", position)
            opening = text[opened.pop()]
            if opening != _PAIRS[character]:
                raise _Problem(f"'{opening}' is closed by '{character}'", position)
        elif character in _UNUSABLE:
            raise _Problem(_UNUSABLE[character], position)
        if pieces is not None:
            pieces.append(" " if character in "\n\r\t\f\v" else character)
        position += 1
    if opened:
        raise _Problem(f"This '{text[opened[-1]]}' is not closed", opened[-1])
    if in_template:
        raise _Problem("The expression is not closed: a '}' is missing", start)
    found = _NUMBER_GLUED_TO_WORD.search(_without_strings(text)) if pieces is not None else None
    if found:
        raise _Problem("Put a space between the number and the word", found.start())
    return position


_UNUSABLE = {
    "#": "'#' has no meaning here; comments belong in the node's note",
    "\\": "A backslash has no meaning outside quotes",
    "“": 'Use straight quotes (") instead of “ ”',
    "”": 'Use straight quotes (") instead of “ ”',
    "„": 'Use straight quotes (") instead of „ “',
    "‘": "Use straight quotes (') instead of ‘ ’",
    "’": "Use straight quotes (') instead of ‘ ’",
    "\0": "There is a NUL character here",
}


def _string_end(text: str, start: int, limit: int) -> int:
    quote = text[start]
    if text.startswith(quote * 3, start):
        raise _Problem("Triple quotes are not part of the language; write one pair, and \\n for a new line", start)
    position = start + 1
    while position < limit:
        character = text[position]
        if character == quote:
            return position + 1
        if character == "\\":
            position += 1
            character = text[position] if position < limit else ""
        if character in ("\r", "\n"):
            raise _Problem("A text in quotes must end on its line; write \\n for a new line", position)
        position += 1
    raise _Problem(f"The text that begins with {quote} is not closed", start)


def _prefix(text: str, quote: int) -> str:
    word = _WORD.search(text[max(0, quote - 10) : quote])
    return word[0] if word and not iskeyword(word[0]) else ""


def _check_prefix(text: str, quote: int) -> None:
    prefix = _prefix(text, quote).lower()
    if prefix in ("f", "fr", "rf"):
        raise _Problem('Texts in f"..." are not part of the language; join with +, or write a template', quote - 1)
    if prefix not in ("", "r"):
        raise _Problem(f"{prefix!r} before a quote has no meaning here", quote - len(prefix))


def _collect_string(text: str, start: int, end: int, pieces: list[str], doubled: list[int]) -> None:
    raw = _prefix(text, start) != ""
    position = start
    while position < end:
        if text[position] != "\\":
            pieces.append(text[position])
            position += 1
            continue
        escape = _ESCAPE.match(text, position)
        if raw:
            piece = text[position : position + 2]
        elif escape:
            piece = escape[0]
        else:
            doubled.append(position)
            pieces.append("\\\\")
            position += 1
            continue
        pieces.append(piece)
        position += len(piece)


_STRING = re.compile(r"""(?P<quote>["'])(?:\\.|(?!(?P=quote)).)*(?P=quote)""", re.DOTALL)


def _without_strings(text: str) -> str:
    return _STRING.sub(lambda found: '"' * len(found[0]), text)
