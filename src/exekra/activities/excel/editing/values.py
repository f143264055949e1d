"""One value as the XML of a cell."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from exekra.activities.excel import cells
from exekra.activities.excel.editing import markup
from exekra.activities.excel.editing.formulas import stored_formula
from exekra.activities.excel.editing.styles import Shown

_LEAP_BUG = datetime(1900, 3, 1)
"""Excel believes in 29 February 1900: what is before counts one day less."""

_DAY = timedelta(days=1)


@dataclass(slots=True)
class Content:
    """What stands in a cell.

    Attributes:
        type: The cell's attribute `t`, ready to be written, or "".
        inner: The XML in the cell, for the sheet's prefix.
        shown: What it needs of the cell's format.
        formula: Whether it is a formula.
        header: Whether it is the name of a column, which is shown bold.
    """

    type: str
    inner: str
    shown: Shown = "any"
    formula: bool = False
    header: bool = False


EMPTY = Content("", "")


class ValueWriter:
    """Writes values for one sheet.

    Args:
        prefix: The prefix of the sheet's elements with the colon, or "".
        epoch: The day that the serial number 0 stands for.
    """

    def __init__(self, prefix: str, epoch: datetime) -> None:
        self._value = (f"<{prefix}v>", f"</{prefix}v>")
        self._formula = (f"<{prefix}f>", f"</{prefix}f>")
        self._text = (f"<{prefix}is><{prefix}t", f"</{prefix}t></{prefix}is>")
        self._epoch = epoch
        self._first_day = max(epoch, datetime(1900, 1, 1))

    def content(self, column: str, value: Any) -> Content:
        """What a value looks like in a cell; a text stays a text, whatever it begins with.

        Raises:
            InputError: A cell cannot hold it; the message names the column.
        """
        kind = type(value)
        if value is None:
            return EMPTY
        if kind is bool:
            return Content(' t="b"', self._wrapped("1" if value else "0"))
        if kind is datetime or kind is date:
            return self._date(column, value)
        value = cells.cell_value(column, value)
        if isinstance(value, str):
            return self.text(column, value)
        shown: Shown = "time" if kind is time else "duration" if kind is timedelta else "number"
        return Content("", self._wrapped(repr(value)), shown)

    def text(self, column: str, text: str, *, header: bool = False) -> Content:
        """A text.

        Raises:
            InputError: It is too long, or holds half of a surrogate pair.
        """
        text = cells.check_text(column, text)
        space = ' xml:space="preserve">' if text[:1].isspace() or text[-1:].isspace() or "\n" in text else ">"
        inner = f"{self._text[0]}{space}{markup.cell_text(text)}{self._text[1]}"
        return Content(' t="inlineStr"', inner, header=header)

    def formula(self, text: str) -> Content:
        """A formula, without a result until a program computes it.

        Args:
            text: The formula with its `=`.
        """
        return Content("", self._formula[0] + markup.escaped(stored_formula(text)) + self._formula[1], formula=True)

    def _date(self, column: str, value: date) -> Content:
        moment = value.replace(tzinfo=None) if isinstance(value, datetime) else datetime(*value.timetuple()[:3])
        if moment < self._first_day:
            return self.text(column, value.isoformat())
        days = (moment - self._epoch) / _DAY
        if moment < _LEAP_BUG and self._epoch.year < 1900:
            days -= 1
        serial = repr(int(days)) if days.is_integer() else repr(days)
        return Content("", self._wrapped(serial), "datetime" if isinstance(value, datetime) else "date")

    def _wrapped(self, text: str) -> str:
        return f"{self._value[0]}{text}{self._value[1]}"
