"""Dates as text, with the `%` letters that Python and C share.

Written out here instead of `strftime` and `strptime`: those depend on the machine's language and C library, and take
widths such as `%1000000000d`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta, timezone
from typing import Any

from exekra.flow.expressions.errors import ExpressionError, shorten

MAX_PATTERN = 200
"""Characters of a pattern, and of a text that is read with one."""

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

_WRITE_DATE: dict[str, Callable[[Any], str]] = {
    "Y": lambda moment: f"{moment.year:04d}",
    "y": lambda moment: f"{moment.year % 100:02d}",
    "m": lambda moment: f"{moment.month:02d}",
    "d": lambda moment: f"{moment.day:02d}",
    "B": lambda moment: MONTHS[moment.month - 1],
    "b": lambda moment: MONTHS[moment.month - 1][:3],
    "A": lambda moment: WEEKDAYS[moment.weekday()],
    "a": lambda moment: WEEKDAYS[moment.weekday()][:3],
    "j": lambda moment: f"{moment.timetuple().tm_yday:03d}",
    "V": lambda moment: f"{moment.isocalendar().week:02d}",
    "G": lambda moment: f"{moment.isocalendar().year:04d}",
    "u": lambda moment: str(moment.isoweekday()),
}
_WRITE_TIME: dict[str, Callable[[Any], str]] = {
    "H": lambda moment: f"{moment.hour:02d}",
    "I": lambda moment: f"{(moment.hour - 1) % 12 + 1:02d}",
    "p": lambda moment: "AM" if moment.hour < 12 else "PM",
    "M": lambda moment: f"{moment.minute:02d}",
    "S": lambda moment: f"{moment.second:02d}",
    "f": lambda moment: f"{moment.microsecond:06d}",
    "z": lambda moment: _offset_text(moment.utcoffset()),
}
_READ = {
    "Y": r"\d{4}",
    "y": r"\d{2}",
    "m": r"\d{1,2}",
    "d": r"\d{1,2}",
    "B": "|".join(MONTHS),
    "b": "|".join(month[:3] for month in MONTHS),
    "A": "|".join(WEEKDAYS),
    "a": "|".join(day[:3] for day in WEEKDAYS),
    "H": r"\d{1,2}",
    "I": r"\d{1,2}",
    "p": "AM|PM",
    "M": r"\d{1,2}",
    "S": r"\d{1,2}",
    "f": r"\d{1,6}",
    "z": r"Z|[+-]\d{2}:?\d{2}",
}
_LETTER = re.compile(r"%(.?)", re.DOTALL)


def write_moment(moment: date | time, pattern: str) -> str:
    """Write a date, datetime or time by a pattern; a date without time is its midnight.

    Raises:
        ExpressionError: A letter that does not exist, or that asks for what the moment does not have.
    """
    _check_length(pattern)
    clock = moment
    if isinstance(moment, date) and not isinstance(moment, datetime):
        clock = datetime.combine(moment, time())

    def write(found: re.Match[str]) -> str:
        letter = found[1]
        if letter == "%":
            return "%"
        if letter in _WRITE_TIME:
            return _WRITE_TIME[letter](clock)
        if letter not in _WRITE_DATE:
            raise _unknown_letter(letter, [*_WRITE_DATE, *_WRITE_TIME])
        if not isinstance(moment, date):
            raise ExpressionError(f"A time has no date, so it cannot be written with %{letter}")
        return _WRITE_DATE[letter](moment)

    return _LETTER.sub(write, pattern)


def read_moment(text: str, pattern: str) -> date | time:
    """Read a date, a datetime or a time by a pattern; what the pattern names decides which.

    Raises:
        ExpressionError: The text does not match the pattern, or there is no such day or time.
    """
    _check_length(pattern)
    _check_length(text)
    expression = ""
    letters: set[str] = set()
    position = 0
    for letter in _LETTER.finditer(pattern):
        expression += re.escape(pattern[position : letter.start()])
        position = letter.end()
        name = letter[1]
        if name == "%":
            expression += "%"
            continue
        if name not in _READ:
            raise _unknown_letter(name, list(_READ))
        if name in letters:
            raise ExpressionError(f"%{name} appears twice in the pattern")
        letters.add(name)
        expression += f"(?P<{name}>{_READ[name]})"
    expression += re.escape(pattern[position:])
    found = re.fullmatch(expression, text.strip(), re.IGNORECASE | re.ASCII)
    if found is None:
        raise ExpressionError(f"'{shorten(text, 40)}' does not match the pattern '{shorten(pattern, 40)}'")
    try:
        return _assemble(found.groupdict())
    except ValueError as error:
        raise ExpressionError(f"'{shorten(text, 40)}' is not a date or time: {error}") from None


def _assemble(found: dict[str, str]) -> date | time:
    day = _read_date(found) if found.keys() & {"Y", "y", "m", "d", "B", "b"} else None
    clock = _read_time(found) if found.keys() & {"H", "I", "M", "S"} else None
    if day is None and clock is None:
        raise ExpressionError("The pattern names neither a day (%Y %m %d) nor a time (%H %M)")
    if day is None:
        assert clock is not None
        return clock
    return day if clock is None else datetime.combine(day, clock)


def _read_date(found: dict[str, str]) -> date:
    if "Y" in found:
        year = int(found["Y"])
    elif "y" in found:
        # The rule of POSIX: 69 to 99 are of the last century.
        year = int(found["y"]) + (1900 if int(found["y"]) >= 69 else 2000)
    else:
        raise ExpressionError("The pattern names no year (%Y or %y)")
    if "m" in found:
        month = int(found["m"])
    else:
        short = found.get("B", found.get("b", "Jan"))[:3].capitalize()
        month = [name[:3] for name in MONTHS].index(short) + 1
    return date(year, month, int(found.get("d", 1)))


def _read_time(found: dict[str, str]) -> time:
    hour = int(found.get("H", 0))
    if "I" in found:
        hour = int(found["I"])
        if not 1 <= hour <= 12:
            raise ValueError("hour must be in 1..12")
        hour = hour % 12 + (12 if found.get("p", "AM").upper() == "PM" else 0)
    zone = None
    if "z" in found:
        written = found["z"].upper().replace(":", "")
        minutes = 0 if written == "Z" else int(written[1:3]) * 60 + int(written[3:5])
        zone = timezone(timedelta(minutes=-minutes if written.startswith("-") else minutes))
    fraction = int(found.get("f", "0").ljust(6, "0"))
    return time(hour, int(found.get("M", 0)), int(found.get("S", 0)), fraction, tzinfo=zone)


def _offset_text(offset: timedelta | None) -> str:
    if offset is None:
        return ""
    minutes = offset // timedelta(minutes=1)
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"


def _check_length(text: str) -> None:
    if len(text) > MAX_PATTERN:
        raise ExpressionError(f"A date or its pattern has at most {MAX_PATTERN} characters, this has {len(text):,}")


def _unknown_letter(letter: str, known: list[str]) -> ExpressionError:
    return ExpressionError(f"'%{letter}' has no meaning in a date; there are {' '.join(f'%{name}' for name in known)}")
