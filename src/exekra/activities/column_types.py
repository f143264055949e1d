"""Recognise what the texts of a column mean, for files that know text only.

A column changes its type only where every filled field of it fits, so that no value is ever half understood.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from exekra.sdk.table import Table, TableWriter


@dataclass(frozen=True, slots=True)
class _Kind:
    """A type that texts may have: which ones fit, and their values."""

    fits: Callable[[str], object]
    value: Callable[[str], Any]


_BOOLEANS = {"true": True, "false": False, "True": True, "False": False, "TRUE": True, "FALSE": False}
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_DATE_TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)?", re.ASCII)


def _in_calendar(pattern: re.Pattern[str], value: Callable[[str], Any]) -> Callable[[str], bool]:
    """Whether a text has the pattern and names a day that exists, which only the calendar can tell."""

    def fits(text: str) -> bool:
        if not pattern.fullmatch(text):
            return False
        try:
            value(text)
        except ValueError:
            return False
        return True

    return fits


def _kinds(decimal: str) -> tuple[_Kind, ...]:
    pattern = rf"-?(0|[1-9][0-9]{{0,17}})(\{decimal}[0-9]+)?([eE][+-]?[0-9]{{1,2}})?"
    is_number = re.compile(pattern, re.ASCII).fullmatch

    def number(text: str) -> int | float:
        digits = text.removeprefix("-")
        return int(text) if digits.isdecimal() else float(text.replace(decimal, "."))

    return (
        _Kind(is_number, number),
        _Kind(_BOOLEANS.__contains__, _BOOLEANS.__getitem__),
        _Kind(_in_calendar(_DATE, date.fromisoformat), date.fromisoformat),
        _Kind(_in_calendar(_DATE_TIME, datetime.fromisoformat), datetime.fromisoformat),
    )


def typed_table(table: Table, decimal: str = ".") -> Table:
    """The table with its columns of texts turned into numbers, booleans and dates; empty texts become None.

    Args:
        decimal: What separates the fraction of a number, "." or ",".
    """
    open_kinds: list[tuple[_Kind, ...]] = [_kinds(decimal)] * len(table.columns)
    for columns in table.chunks():
        open_kinds = [_narrow(kinds, values) for kinds, values in zip(open_kinds, columns, strict=True)]
    writer = TableWriter(table.columns)
    for columns in table.chunks():
        writer.extend_columns(tuple(_convert(kinds, values) for kinds, values in zip(open_kinds, columns, strict=True)))
    return writer.finish()


def _narrow(kinds: tuple[_Kind, ...], values: Sequence[str]) -> tuple[_Kind, ...]:
    filled = [value for value in values if value]
    return tuple(kind for kind in kinds if all(map(kind.fits, filled)))


def _convert(kinds: tuple[_Kind, ...], values: Sequence[str]) -> Sequence[Any]:
    if not kinds:
        return [value or None for value in values] if "" in values else values
    value_of = kinds[0].value
    return [value_of(value) if value else None for value in values]
