"""What one evaluation may cost, so that no expression can occupy a Runner or the Hub.

Work is counted in units of roughly 50 nanoseconds: one item that a function walks over, five characters of text,
a tenth of a simple comprehension's iteration. The count is deterministic: the same expression on the same data
always reaches a bound at the same place, whatever the machine.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from exekra.flow.expressions.errors import ExpressionBoundError
from exekra.flow.expressions.values import is_table

MAX_WORK = 10_000_000
"""Units of work in one evaluation: 1,000,000 iterations of a simple comprehension."""

MAX_TEXT = 10_000_000
"""Characters of a text that an expression makes."""

MAX_ITEMS = 1_000_000
"""Items of a list or an object that an expression makes."""

MAX_DEPTH = 100
"""Levels of lists and objects inside each other that are compared or written as text."""

ITERATION = 10
"""Units for one iteration of a comprehension with a simple body."""

CONTAINER = 12
"""Units for one list or object that is read completely, in addition to its items."""

CHARACTERS_PER_UNIT = 5
"""Characters of a text that are read or written in one unit."""


class Work:
    """Counts the work of one evaluation. Not shared between threads: each evaluation has its own.

    Attributes:
        left: The units that may still be spent.
    """

    # A class attribute instead of `__init__`: this is made for each evaluation, and it is twice as fast.
    left = MAX_WORK

    def spend(self, units: int) -> None:
        """Count work before it is done.

        Raises:
            ExpressionBoundError: The evaluation has used up its work.
        """
        self.left -= units
        if self.left < 0:
            raise ExpressionBoundError(
                "work",
                "This takes more work than one expression may do (about 1,000,000 iterations); "
                "use an activity, a loop, or smaller data",
            )

    def read_text(self, length: int) -> None:
        """Count the reading of a text of that many characters."""
        self.spend(1 + length // CHARACTERS_PER_UNIT)

    def check_text(self, length: int) -> None:
        """Bound a text that is about to be made."""
        if length > MAX_TEXT:
            raise ExpressionBoundError(
                "text size", f"The text would be longer than {MAX_TEXT:,} characters; write it to a file in parts"
            )

    def make_text(self, length: int) -> None:
        """Count and bound a text that is about to be made."""
        self.check_text(length)
        self.spend(1 + length // CHARACTERS_PER_UNIT)

    def check_items(self, count: int) -> None:
        """Bound a list or an object that is about to be made."""
        if count > MAX_ITEMS:
            raise ExpressionBoundError(
                "list size", f"The list would have more than {MAX_ITEMS:,} items; use a table, or smaller parts"
            )

    def make_items(self, count: int) -> None:
        """Count and bound a list or an object that is about to be made."""
        self.check_items(count)
        self.spend(1 + count)

    def items_of(self, items: Any) -> Any:
        """Count the walk over a list or table; gives a list or tuple, for a table the list of its rows."""
        if is_table(items):
            self.spend(1 + len(items) * (4 + 2 * len(items.columns)))
            return list(items)
        self.spend(1 + len(items))
        return items

    def read_value(self, value: Any) -> int:
        """Count the reading of a whole value, down to its last part.

        Parts that occur several times count each time, as they would when written out.

        Returns:
            The units spent.

        Raises:
            ExpressionBoundError: Too much work, or deeper than `MAX_DEPTH` levels (a value that holds itself).
        """
        before = self.left
        self._read(value, 0)
        return before - self.left

    def _read(self, value: Any, depth: int) -> None:
        if isinstance(value, str):
            self.spend(1 + len(value) // CHARACTERS_PER_UNIT)
        elif isinstance(value, (list, tuple, dict, set, frozenset)) or is_table(value):
            if depth >= MAX_DEPTH:
                raise ExpressionBoundError(
                    "depth", f"The value has more than {MAX_DEPTH} levels of nested lists and objects"
                )
            self.spend(CONTAINER + len(value))
            if isinstance(value, dict):
                for key, part in value.items():
                    if isinstance(key, str):
                        self.spend(len(key) // CHARACTERS_PER_UNIT)
                    self._read(part, depth + 1)
            else:
                for part in value:
                    if not isinstance(part, (int, float)):
                        self._read(part, depth + 1)
        else:
            self.spend(1)


class Evaluate(Protocol):
    """Gives the value of an expression or a template for a scope; `begin` makes the count of work for each."""

    def __call__(self, scope: Mapping[str, Any], begin: Callable[[], Work] = Work, /) -> Any: ...
