"""Values as the fields of a CSV file."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, TextIO

from exekra.activities.json_text import json_text
from exekra.kit.dates import DateError
from exekra.kit.dates.patterns import write_moment
from exekra.sdk.errors import InputError

_BOOLEANS = ("true", "false")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def row_writer(target: TextIO, line_end: str, **options: Any) -> Any:
    """A writer of the `csv` module that puts quotes around each kind of line end, whatever the end of a row is."""
    writes: Any = target if line_end == "\r\n" else _LineEnds(target, line_end)
    return csv.writer(writes, lineterminator="\r\n", **options)


class _LineEnds:
    """Takes rows that end with CRLF, which makes the `csv` module quote both letters, and ends them otherwise."""

    def __init__(self, target: TextIO, line_end: str) -> None:
        self._target = target
        self._line_end = line_end

    def write(self, row: str) -> None:
        self._target.write(row.removesuffix("\r\n") + self._line_end)


@dataclass(frozen=True, slots=True)
class ValueForm:
    """How values become fields.

    Attributes:
        decimal: What separates the fraction of a number; a list has one for each column.
        date_pattern: How dates are written; empty writes 2026-01-31. A list has one for each column.
        booleans: What true and false are in each column; the usual where a column has none.
        guard: Whether a text that a spreadsheet would compute gets an apostrophe before it.
    """

    decimal: str | Sequence[str]
    date_pattern: str | Sequence[str] = ""
    guard: bool = False
    booleans: Sequence[tuple[str, str]] = ()

    def columns(self, columns: Sequence[Sequence[Any]]) -> Iterator[Sequence[Any]]:
        """The values of each column as the `csv` module writes them.

        Raises:
            InputError: The date pattern is not valid.
        """
        for number, values in enumerate(columns):
            decimal = self.decimal if isinstance(self.decimal, str) else self.decimal[number]
            pattern = self.date_pattern if isinstance(self.date_pattern, str) else self.date_pattern[number]
            yield self._column(values, decimal, pattern, self.booleans[number] if self.booleans else _BOOLEANS)

    def texts(self, names: Sequence[str]) -> list[str]:
        """The names of columns, guarded as values are."""
        return [self._guarded(name) for name in names] if self.guard else list(names)

    def _column(self, values: Sequence[Any], decimal: str, pattern: str, booleans: tuple[str, str]) -> Sequence[Any]:
        kinds = set(map(type, values))
        if not (self.guard and str in kinds) and kinds <= {str, int, type(None)}:
            return values
        return [self._field(value, decimal, pattern, booleans) for value in values]

    def _field(self, value: Any, decimal: str, pattern: str, booleans: tuple[str, str]) -> Any:
        match value:
            case str():
                return self._guarded(value) if self.guard else value
            case bool():
                return booleans[not value]
            case float() | Decimal():
                text = _digits(value)
                return value if text == str(value) and decimal == "." else _Number(text.replace(".", decimal))
            case datetime():
                return _dated(value, pattern) if pattern else value.isoformat(sep=" ")
            case date():
                return _dated(value, pattern) if pattern else value.isoformat()
            case time():
                return value.isoformat()
            case list() | tuple() | dict():
                return json_text(value)
        return value

    @staticmethod
    def _guarded(text: str) -> str:
        return f"'{text}" if text.startswith(_FORMULA) else text


def _dated(value: date, pattern: str) -> str:
    try:
        return write_moment(value, pattern)
    except DateError as error:
        raise InputError(str(error)) from None


def _digits(value: float | Decimal) -> str:
    """A small number without an exponent; a large one with it, since so many digits would be read as a code."""
    text = str(value)
    return f"{Decimal(text):f}" if "E-" in text.upper() else text


class _Number(float):
    """A number with a decimal comma: for the `csv` module a number, so that it gets no quotes of a text."""

    _text: str

    def __new__(cls, text: str) -> _Number:
        made = super().__new__(cls, 0)
        made._text = text
        return made

    def __str__(self) -> str:
        return self._text

    __repr__ = __str__
