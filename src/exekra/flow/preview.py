"""Values made small enough to be shown: the first of what there is, as JSON-like data of at most 2 kB."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any

import msgspec

from exekra.kit.dates.durations import duration_text
from exekra.kit.text import REPLACEMENT, well_formed
from exekra.sdk.resources import Handle
from exekra.sdk.selector import Selector
from exekra.sdk.table import Table

LARGEST_BYTES = 2048
DEEPEST = 5
CUT = "…"
"""Stands where something was left out: at the end of a text, in front of how much more there is, and as a key."""

MASK = "•••"
"""Stands where a secret was."""

LONGEST_NUMBER = 10_000
"""Bits of a whole number that is still written out."""

_LARGEST_INTEGER = 2**53  # What every reader of JSON takes exactly.

_ATTEMPTS = ((10, 300), (5, 80), (3, 24), (1, 12))
"""How many items and how many characters of a text are kept, in the order in which it is tried."""

_GENEROUS = ((200, 4000), (50, 1000), *_ATTEMPTS)
"""The same where more room is given."""

Mask = Callable[[str], str]


def preview(value: Any, mask: Mask = str, longest_secret: int = 0, largest: int = LARGEST_BYTES) -> Any:
    """The value as JSON-like data of at most `largest` bytes when encoded.

    Lists and objects end with a note of how much is left out; a table becomes its columns and first rows.
    Half a character becomes U+FFFD. `mask` hides secrets; `longest_secret` says how many characters it may need to see
    behind a cut.
    """
    for items, characters in _GENEROUS if largest > LARGEST_BYTES else _ATTEMPTS:
        small = _Shortening(items, characters, mask, longest_secret).shorten(value, 0)
        if len(msgspec.json.encode(small)) <= largest:
            return small
    return kind_of(value)


_KIND = re.compile(r"<\w+( \d+)?(, [^<>]*)?>…?")


def is_whole(shown: Any) -> bool:
    """Whether a preview is certainly the value itself: nothing left out, masked or replaced, and no table."""
    waiting = [shown]
    while waiting:
        value = waiting.pop()
        if isinstance(value, str):
            cut = value.endswith(CUT) or value.startswith(CUT)
            if cut or MASK in value or REPLACEMENT in value or _KIND.fullmatch(value):
                return False
        elif isinstance(value, dict):
            if CUT in value or value.keys() == {"columns", "rows", "length"}:
                return False
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)
    return True


def size_of(value: Any) -> int | None:
    """The length in items, rows or characters, for what has one."""
    return len(value) if isinstance(value, str | list | tuple | dict | Table) else None


class _Shortening:
    def __init__(self, items: int, characters: int, mask: Mask, longest_secret: int) -> None:
        self.items = items
        self.characters = characters
        self.mask = mask
        self.longest_secret = longest_secret

    def shorten(self, value: Any, depth: int) -> Any:
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, int | float | Decimal | date | time | timedelta):
            return plain_scalar(value)
        if isinstance(value, Selector | Handle):
            return self.text(str(value))
        if depth >= DEEPEST:
            return kind_of(value)
        if isinstance(value, Table):
            head = value.preview(self.items)
            rows = [[self.shorten(cell, depth + 2) for cell in row] for row in head.rows()]
            columns = [self.text(column) for column in head.columns[: 2 * self.items]]
            return {"columns": columns, "rows": [row[: 2 * self.items] for row in rows], "length": len(value)}
        if isinstance(value, list | tuple):
            shown = [self.shorten(item, depth + 1) for item in value[: self.items]]
            return [*shown, f"{CUT} {len(value) - self.items} more"] if len(value) > self.items else shown
        if isinstance(value, Mapping):
            return self.mapping(value, depth)
        return kind_of(value)

    def mapping(self, value: Mapping[Any, Any], depth: int) -> dict[str, Any]:
        shown: dict[str, Any] = {}
        for key, item in value.items():
            if len(shown) == 2 * self.items:
                shown[CUT] = f"{len(value) - len(shown)} more"
                break
            shown[self.text(str(key))] = self.shorten(item, depth + 1)
        return shown

    def text(self, value: str) -> str:
        shown = well_formed(self.mask(value[: self.characters + self.longest_secret]))
        cut = len(value) > self.characters
        return f"{shown[: self.characters]}{CUT}" if cut else shown


def plain_scalar(value: Any) -> Any:
    """A number, date, time or duration as JSON can carry it: what JSON's numbers cannot hold becomes text.

    Of anything else, only the kind is shown: other results of an activity than plain data have no text of their own.
    """
    if isinstance(value, bool):
        return value
    # Of subclasses, such as those of numpy, the plain number is what JSON can carry.
    if isinstance(value, int):
        return int(value) if abs(value) <= _LARGEST_INTEGER else _long_number(value)
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else str(float(value))
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return duration_text(value)
    return str(value) if isinstance(value, Decimal) else kind_of(value)


def _long_number(value: int) -> str:
    return str(int(value)) if value.bit_length() <= LONGEST_NUMBER else "a very long number"


def kind_of(value: Any) -> str:
    """What stands for a value that is not shown: never its own text, which may be long or secret."""
    length = size_of(value)
    name = well_formed(type(value).__name__)
    return f"<{name}>" if length is None else f"<{name}, {length:,} items>"
