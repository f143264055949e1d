"""In which form a column's dates are written, so that none loses its time, and more can be added in the same form."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, time
from itertools import product

from exekra.kit.dates import DateError
from exekra.kit.dates.patterns import read_moment, write_moment
from exekra.sdk.table import Table

_DAYS = (
    "%Y-%m-%d", "%d.%m.%Y", "%-d.%-m.%Y", "%d.%m.%y", "%d/%m/%Y", "%m/%d/%Y", "%-d/%-m/%Y", "%-m/%-d/%Y",
    "%d/%m/%y", "%m/%d/%y", "%d-%m-%Y", "%m-%d-%Y", "%Y/%m/%d", "%Y.%m.%d", "%d %b %Y", "%d-%b-%Y",
)  # fmt: skip
_TIMES = (" %H:%M:%S", " %H:%M", " %-H:%M", ", %H:%M:%S", ", %H:%M", "T%H:%M:%S", "T%H:%M", " %I:%M %p", " %-I:%M %p")
_PATTERNS = (*_DAYS, *map("".join, product(_DAYS, _TIMES)))
_DATE = re.compile("[0-9]{1,4}[-./ ][0-9A-Za-z]")
_TIME_LETTERS = ("%H", "%I", "%-H", "%#H", "%-I", "%#I", "%T", "%R")


def pattern_of(texts: Sequence[str]) -> str:
    """The pattern by which all of the texts are written; empty where there is none, or where several would do.

    Several would do where nothing shows whether 01/02/2026 is in January or in February.
    """
    different = dict.fromkeys(texts)
    first = next(iter(different), "")
    if not _DATE.match(first):
        return ""
    fitting = [pattern for pattern in _PATTERNS if all(_is_written(text, pattern) for text in different)]
    meanings = {read_moment(first, pattern) for pattern in fitting}
    return fitting[0] if len(meanings) == 1 else ""


def _is_written(text: str, pattern: str) -> bool:
    try:
        return write_moment(read_moment(text, pattern), pattern) == text
    except DateError:
        return False


def patterns_with_times(rows: Table, patterns: str | Sequence[str]) -> list[str]:
    """The pattern of each column, with the time behind it where the column's dates have one and the pattern does not.

    Args:
        rows: The table.
        patterns: The pattern of all columns, or of each; empty is the usual form.
    """
    stated = [patterns] * len(rows.columns) if isinstance(patterns, str) else list(patterns)
    times = [""] * len(stated)
    without = [number for number, pattern in enumerate(stated) if pattern and not _names_time(pattern)]
    if without:
        for chunk in rows.chunks():
            for number in without:
                times[number] = max([times[number], *map(_time_of, chunk[number])], key=len)
    return [pattern + behind for pattern, behind in zip(stated, times, strict=True)]


def _names_time(pattern: str) -> bool:
    return any(letter in pattern for letter in _TIME_LETTERS)


def _time_of(value: object) -> str:
    """What writes the time of a date; empty at midnight."""
    if not isinstance(value, datetime) or (value.time() == time() and value.tzinfo is None):
        return ""
    zone = "%z" if value.tzinfo else ""
    if value.microsecond:
        return f" %H:%M:%S.%f{zone}"
    return f" %H:%M:%S{zone}" if value.second or zone else " %H:%M"


def holds_dates(values: Sequence[object]) -> bool:
    """Whether some of the values are dates."""
    return any(isinstance(value, date) for value in values)
