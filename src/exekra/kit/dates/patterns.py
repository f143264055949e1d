"""Dates as text by a pattern, with the `%` letters that Python and C share.

Written out here instead of `strftime` and `strptime`: those depend on the machine's language and C library, and take
widths such as `%1000000000d`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any

from exekra.kit.dates import DateError
from exekra.kit.dates.parts import MONTHS_BY_NAME, WEEKDAYS_BY_NAME, clock, hour_of_half
from exekra.kit.dates.zones import zone_in_text
from exekra.kit.text import without_blanks

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
    "w": lambda moment: str(moment.isoweekday() % 7),
    "e": lambda moment: f"{moment.day:2d}",
    "U": lambda moment: f"{(moment.timetuple().tm_yday + 6 - moment.isoweekday() % 7) // 7:02d}",
    "W": lambda moment: f"{(moment.timetuple().tm_yday + 6 - moment.weekday()) // 7:02d}",
}
_WRITE_TIME: dict[str, Callable[[Any], str]] = {
    "H": lambda moment: f"{moment.hour:02d}",
    "I": lambda moment: f"{(moment.hour - 1) % 12 + 1:02d}",
    "p": lambda moment: "AM" if moment.hour < 12 else "PM",
    "M": lambda moment: f"{moment.minute:02d}",
    "S": lambda moment: f"{moment.second:02d}",
    "f": lambda moment: f"{moment.microsecond:06d}",
    "z": lambda moment: _offset_text(moment.utcoffset()),
    "Z": lambda moment: moment.tzname() or "",
}


def _any_of(names: Iterable[str]) -> str:
    return "|".join(map(re.escape, sorted(names, key=len, reverse=True)))


_READ = {
    "Y": r"\d{4}",
    "y": r"\d{2}",
    "m": r"\d{1,2}",
    "d": r"\d{1,2}",
    "B": _any_of(MONTHS_BY_NAME),
    "b": _any_of(MONTHS_BY_NAME),
    "A": _any_of(WEEKDAYS_BY_NAME),
    "a": _any_of(WEEKDAYS_BY_NAME),
    "H": r"\d{1,2}",
    "I": r"\d{1,2}",
    "p": "AM|PM",
    "M": r"\d{1,2}",
    "S": r"\d{1,2}",
    "f": r"\d{1,6}",
    "z": r"Z|[+-]\d{2}:?\d{2}",
    "Z": r"[A-Za-z]+(?:/[A-Za-z_/+-]+)?",
    "e": r" ?\d{1,2}",
    "j": r"\d{1,3}",
    "G": r"\d{4}",
    "V": r"\d{1,2}",
    "u": "[1-7]",
    "s": r"-?\d{1,11}(?:\.\d{1,6})?",
    "Q": r"-?\d{1,14}",
}
_OTHER_LETTERS = {
    "yyyy": "%Y", "YYYY": "%Y", "yy": "%y", "YY": "%y", "MMMM": "%B", "MMM": "%b", "MM": "%m", "M": "%-m",
    "mm": "%m", "m": "%-m",
    "dddd": "%A", "ddd": "%a", "dd": "%d", "DD": "%d", "d": "%-d", "D": "%-d", "HH": "%H", "H": "%-H", "hh": "%I",
    "h": "%-I", "ss": "%S", "SS": "%S", "s": "%-S", "tt": "%p", "fff": "%f", "SSS": "%f", "zzz": "%z",
}  # fmt: skip
"""The letters of .NET, Java, spreadsheets and JavaScript's libraries that people write instead."""
_OTHER = re.compile(r"([A-Za-z])\1*")
_COMPOSITES = {"%T": "%H:%M:%S", "%R": "%H:%M", "%F": "%Y-%m-%d", "%D": "%m/%d/%y", "%h": "%b"}
_COMPOSITE = re.compile(r"%[TRFDh%]")
_UTC = {"GMT", "UTC", "UT", "Z"}
"""What at the end of a pattern says that its times are in UTC."""
_LETTER = re.compile(r"%[-#]?(.?)", re.DOTALL)


def check_written(pattern: str) -> str:
    """The pattern, if dates can be written by it.

    Raises:
        DateError: It has no letter with `%`, so that it would stand there instead of each date; or one that does not
            exist.
    """
    _check_length(pattern)
    letters = [found[1] for found in _LETTER.finditer(_expanded(pattern))]
    if not set(letters) - {"%"}:
        ours = _ours(pattern)
        example = ours if ours != pattern else "%d.%m.%Y"
        raise DateError(
            f"The date pattern {f'`{_short(pattern)}`' if pattern else '(empty)'} names no part of a date. Its letters "
            f"have a % before them: {example}"
        )
    for letter in letters:
        if letter not in {"%", *_WRITE_DATE, *_WRITE_TIME}:
            raise _unknown_letter(letter, [*_WRITE_DATE, *_WRITE_TIME])
    return pattern


def _ours(pattern: str) -> str:
    """A pattern of other programs with our letters: `mm` is minutes behind hours or before seconds, else the month."""
    runs = [found[0] for found in _OTHER.finditer(pattern)]
    around = iter(zip(["", *runs], [*runs[1:], ""], strict=False))

    def ours(found: re.Match[str]) -> str:
        before, after = next(around)
        if found[0].lower() in ("m", "mm") and (before in ("H", "HH", "h", "hh") or after in ("s", "ss")):
            return "%M" if len(found[0]) == 2 else "%-M"
        return _OTHER_LETTERS.get(found[0], found[0])

    return _OTHER.sub(ours, pattern)


def write_moment(moment: date | time, pattern: str) -> str:
    """Write a date, datetime or time by a pattern; a date without time is its midnight.

    Raises:
        DateError: The pattern is not one (see `check_written`), or asks for what the moment does not have.
    """
    check_written(pattern)
    clock = moment
    if isinstance(moment, date) and not isinstance(moment, datetime):
        clock = datetime.combine(moment, time())

    def write(found: re.Match[str]) -> str:
        written = written_by(found[1])
        return (written.lstrip("0 ") or "0") if found[0][1:2] in "-#" else written

    def written_by(letter: str) -> str:
        if letter == "%":
            return "%"
        if letter in _WRITE_TIME:
            return _WRITE_TIME[letter](clock)
        if not isinstance(moment, date):
            raise DateError(f"A time has no date, so it cannot be written with %{letter}.")
        return _WRITE_DATE[letter](moment)

    return _LETTER.sub(write, _expanded(pattern))


def read_moment(text: str, pattern: str) -> date | time:
    """Read a date, a datetime or a time by a pattern; what the pattern names decides which.

    Raises:
        DateError: The text does not match the pattern, or there is no such day or time.
    """
    _check_length(pattern)
    _check_length(text)
    expression = ""
    letters: set[str] = set()
    position = 0
    pattern = _expanded(pattern)
    for letter in _LETTER.finditer(pattern):
        expression += _plain(pattern[position : letter.start()])
        position = letter.end()
        name = letter[1]
        if name == "%":
            expression += "%"
            continue
        if name not in _READ:
            raise _unknown_letter(name, list(_READ))
        if name in letters:
            raise DateError(f"%{name} appears twice in the pattern.")
        letters.add(name)
        expression += f"(?P<{name}>{_READ[name]})"
    expression += _plain(pattern[position:])
    found = re.fullmatch(expression, without_blanks(text), re.IGNORECASE | re.ASCII)
    if found is None:
        raise DateError(f"`{_short(text)}` does not match the date pattern {_short(pattern)}.")
    zone = UTC if pattern[position:].strip() in _UTC and not letters & {"z", "Z"} else None
    try:
        return _assemble(found.groupdict(), zone)
    except DateError:
        raise
    except (ValueError, OverflowError) as error:
        raise DateError(f"`{_short(text)}` is not a date or time: {error}.") from None


def _assemble(found: dict[str, str], zone: tzinfo | None) -> date | time:
    for letter, size in (("s", 1), ("Q", 1_000)):
        if letter in found:
            return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=float(found[letter]) / size)
    day = _read_date(found) if found.keys() & {*"YymdeBbjGV"} else None
    if not found.keys() & {*"HIMS"}:
        if day is None:
            raise DateError("The pattern names neither a day (%Y %m %d) nor a time (%H %M).")
        return day
    hour = hour_of_half(int(found["I"]), found.get("p", "AM")) if "I" in found else int(found.get("H", 0))
    if written := found.get("z", found.get("Z")):
        zone = zone_in_text(written)
        if zone is None:
            raise ValueError(f"{written} is not a time zone")
    microsecond = int(found.get("f", "0").ljust(6, "0"))
    made, extra = clock(hour, int(found.get("M", 0)), int(found.get("S", 0)), microsecond, zone)
    if day is not None:
        return datetime.combine(day, made) + extra
    if extra:
        raise ValueError("this is a time on the next day")
    return made


def _read_date(found: dict[str, str]) -> date:
    if "G" in found and "V" in found:
        return date.fromisocalendar(int(found["G"]), int(found["V"]), int(found.get("u", 1)))
    if "Y" in found:
        year = int(found["Y"])
    elif "y" in found:
        # The rule of POSIX: 69 to 99 are of the last century.
        year = int(found["y"]) + (1900 if int(found["y"]) >= 69 else 2000)
    else:
        raise DateError("The pattern names no year (%Y or %y).")
    if "j" in found:
        day = date(year, 1, 1) + timedelta(days=int(found["j"]) - 1)
        if day.year != year:
            raise ValueError(f"{year} has no day {found['j']}")
        return day
    name = found.get("B", found.get("b", "January")).casefold()
    month = int(found["m"]) if "m" in found else MONTHS_BY_NAME[name]
    made = date(year, month, int(found.get("d", found.get("e", 1))))
    if not found.keys() & {"d", "e"}:
        return made
    named = found.get("A", found.get("a"))
    weekday = WEEKDAYS_BY_NAME[named.casefold()] if named else int(found.get("u", made.isoweekday())) - 1
    if weekday != made.weekday():
        raise ValueError(f"{made} is a {WEEKDAYS[made.weekday()]}")
    return made


def _offset_text(offset: timedelta | None) -> str:
    if offset is None:
        return ""
    minutes = offset // timedelta(minutes=1)
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"


def _check_length(text: str) -> None:
    if len(text) > MAX_PATTERN:
        raise DateError(f"A date or its pattern has at most {MAX_PATTERN} characters, this has {len(text):,}.")


def _unknown_letter(letter: str, known: list[str]) -> DateError:
    return DateError(f"`%{letter}` has no meaning in a date; there are {' '.join(f'%{name}' for name in known)}.")


def _expanded(pattern: str) -> str:
    return _COMPOSITE.sub(lambda found: _COMPOSITES.get(found[0], found[0]), pattern)


def _plain(text: str) -> str:
    """The text between the letters, where any blanks match any others."""
    return r"\s+".join(re.escape(part) for part in re.split(r"\s+", text))


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:59]}…"
