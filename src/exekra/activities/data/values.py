"""Convert single values: texts to numbers, dates, true and false."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from exekra.activities.json_text import plain_text
from exekra.kit.dates import DateError
from exekra.kit.dates.patterns import read_moment
from exekra.kit.dates.reading import read_usual
from exekra.kit.numbers import DecimalSign, Thousands, read_number
from exekra.sdk.errors import BusinessError
from exekra.sdk.table import Table

Target = Literal["number", "text", "date", "boolean"]


def with_columns(rows: Table, names: Sequence[str]) -> Table:
    """The table; one without rows and columns, such as a service's empty list, gets the columns that are asked for."""
    return rows if rows.columns or len(rows) else Table(tuple(dict.fromkeys(names)))


class ConversionError(BusinessError):
    """A value of the table cannot be converted."""


class NumberReader:
    """Reads numbers as people write them, and remembers what may have meant another number.

    Args:
        decimal: What separates the fraction.
        thousands: What separates thousands; `auto` is any sign but `decimal`.

    Attributes:
        doubtful: How many values would be another number if their sign between thousands were the decimal sign.
        example: The first of them.
    """

    def __init__(self, decimal: DecimalSign, thousands: Thousands) -> None:
        self.decimal: DecimalSign = decimal
        self.doubtful = 0
        self.example = ""
        self._thousands = thousands

    def number(self, value: Any) -> int | float | Decimal:
        """The number.

        Raises:
            TypeError: The value is neither a number nor a text.
            ValueError: The text is not a number, or one that is too large.
        """
        if isinstance(value, bool):
            return int(value)
        if isinstance(value, int | float | Decimal):
            return value
        if not isinstance(value, str):
            raise TypeError
        reading = read_number(value, self.decimal, self._thousands)
        if reading is None:
            raise ValueError
        if reading.is_guess:
            self.doubtful += 1
            self.example = self.example or value.strip()
        return reading.value


class DateReader:
    """Reads dates as people write them, and remembers where day and month may be meant the other way round.

    Args:
        pattern: How they are written; empty recognises the usual forms.

    Attributes:
        doubtful: How many dates may be others.
        example: The first of them.
    """

    def __init__(self, pattern: str) -> None:
        self.doubtful = 0
        self.example = ""
        self._pattern = pattern

    def date(self, value: Any) -> date:
        """The date, with a time of day where there is one.

        Raises:
            TypeError: The value is neither a date nor a text.
            ValueError: The text is not a date.
        """
        if isinstance(value, date):
            return value
        if not isinstance(value, str):
            raise TypeError
        try:
            if self._pattern:
                moment = read_moment(value, self._pattern)
                if not isinstance(moment, date):
                    raise DateError(f"The pattern {self._pattern} names no day: add one, such as %Y-%m-%d.")
                return moment
            reading = read_usual(value)
        except DateError as error:
            raise ValueError(str(error)) from None
        if reading.is_guess:
            self.doubtful += 1
            self.example = self.example or value.strip()
        return reading.moment


def converted_value(value: Any, to: Target, reader: NumberReader, dates: DateReader) -> Any:
    """The value as another kind; None and an empty text become None.

    Raises:
        TypeError: A value of its type cannot be converted.
        ValueError: Its text cannot be converted.
    """
    if value is None or value == "":
        return None
    match to:
        case "text":
            return plain_text(value)
        case "boolean":
            return _boolean(value)
        case "date":
            return dates.date(value)
    return reader.number(value)


def _boolean(value: Any) -> bool:
    known = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
    text = plain_text(value).strip().casefold()
    if text not in known:
        raise ValueError
    return known[text]
