"""The errors of expressions, apart from what raises them so that operators and functions can share them."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Literal

from exekra.sdk.errors import ApplicationError, DocumentError

BoundName = Literal["work", "text size", "list size", "number size", "depth", "pattern size", "date range", "memory"]
"""The bounds that evaluating an expression may reach."""


def shorten(text: str, length: int = 60) -> str:
    """Cut a text for a message, on one line, with an ellipsis where something is left out."""
    line = " ".join(text[: length * 2].split())
    return line if len(line) <= length and len(text) <= length * 2 else f"{line[: length - 1]}…"


def nearest(name: str, known: Iterable[str]) -> str:
    """A suggestion to append to a message: `; did you mean 'price'?`, or nothing where no name is near."""
    by_lower = {str(candidate).lower(): str(candidate) for candidate in known}
    found = get_close_matches(name.lower()[:100], by_lower, n=1, cutoff=0.6)
    return f"; did you mean '{shorten(by_lower[found[0]])}'?" if found else ""


class ExpressionSyntaxError(DocumentError):
    """A text is not an expression of the language.

    Attributes:
        problem: What is wrong and what to do, without the place.
        source: The expression's text.
        position: Where in `source`, in characters from 0.
    """

    def __init__(self, problem: str, *, source: str, position: int) -> None:
        super().__init__(f"{problem} (at character {position + 1} of `{shorten(source)}`)")
        self.problem = problem
        self.source = source
        self.position = position


class ExpressionError(ApplicationError):
    """An expression could not be evaluated on this data.

    Doing the same again gives the same, so it is never retried.

    Attributes:
        problem: What is wrong and what to do, without the place.
        source: The whole expression; empty until the place is known.
        part: The part of it that failed; empty until the place is known.
        position: Where that part begins in the expression, in characters from 0.
    """

    retryable = False

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem
        self.source = ""
        self.part = ""
        self.position = 0

    def locate(self, source: str, part: str, position: int) -> None:
        """Add the place, and name it in the message."""
        self.source, self.part, self.position = source, part, position
        self.args = (f"{self.problem} (in `{shorten(part or source)}`)",)


class ExpressionBoundError(ExpressionError):
    """An expression reached a bound of work, depth or size.

    Attributes:
        bound: Which bound.
    """

    def __init__(self, bound: BoundName, problem: str) -> None:
        super().__init__(problem)
        self.bound = bound


class UnknownNameError(ExpressionError):
    """An expression names something that is not in scope.

    Attributes:
        name: The name as written.
    """

    def __init__(self, name: str, known: Iterable[str]) -> None:
        super().__init__(f"'{name}' is not known here{nearest(name, known)}")
        self.name = name
