"""Reads dates and moments as people and programs usually write them. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache

from exekra.kit.dates import DateError
from exekra.kit.dates.parts import MONTHS_BY_NAME, WEEKDAYS_BY_NAME, clock, hour_of_half
from exekra.kit.dates.zones import zone_in_text
from exekra.kit.text import without_blanks

LONGEST_TEXT = 200
"""Characters of a text that is read as a date."""

_WORD = r"[^\W\d_]+"
_MONTH = rf"(?P<month>{_WORD})\.?"
_DAY = r"(?P<d>\d{1,2})"
_CLOCK = r"(?P<clock>\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?)"
_DATES = (
    r"(?P<Y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})",
    r"(?P<Y>\d{4})/(?P<m>\d{1,2})/(?P<d>\d{1,2})",
    r"(?P<Y>\d{4})\.(?P<m>\d{1,2})\.(?P<d>\d{1,2})",
    r"(?P<Y>\d{4})(?P<m>\d{2})(?P<d>\d{2})(?!\d)",
    r"(?P<Y>\d{4})-?W(?P<week>\d{2})(?:-?(?P<weekday>[1-7]))?(?!\d)",
    r"(?P<Y>\d{4})-(?P<yearday>\d{3})(?!\d)",
    r"(?P<d>\d{1,2})\.\s?(?P<m>\d{1,2})\.\s?(?P<Y>\d{4})",
    r"(?P<d>\d{1,2})(?P<either_way>[/-])(?P<m>\d{1,2})(?P=either_way)(?P<Y>\d{4})",
    rf"{_DAY}(?:\.|st|nd|rd|th|er)?[\s-]{{0,2}}{_MONTH}[\s,-]{{1,2}}(?P<Y>\d{{4}})",
    rf"{_DAY}[\s-]{_MONTH}[\s-](?P<short>\d{{2,3}})(?=\s+\d{{1,2}}:|,\s|\Z)",
    rf"{_MONTH}\s{_DAY}(?:st|nd|rd|th)?,?\s(?P<Y>\d{{4}})(?!\d)",
    rf"{_MONTH}\s{_DAY}\s{_CLOCK}(?:\s(?P<zone>[A-Za-z]+|[+-]\d{{4}}))?\s(?P<Y>\d{{4}})",
)
_BEFORE = rf"(?P<name>{_WORD})\.?,?\s(?=\S)"
_TIME = (
    r"(?:[T\s]|,\s?)\s?(?P<clock>\d{4}(?:\d{2}(?:[.,]\d{1,9})?)?(?!\d)|\d{1,2}(?::\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?)?)"
    r"(?:\s?(?P<half>[ap])\.?m\.?)?(?:\s?(?:Uhr|h))?"
)
_COMMENT = r"\([^()]*\)"
_ZONE_NAME = r"(?<=\S)\[[\w/+-]+\]$"


@cache
def _form(text: str) -> re.Pattern[str]:
    """Compiled when it is needed first: most workflows read no dates, and their start does not pay for it."""
    return re.compile(text, re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text was read as.

    Attributes:
        moment: The date, with a time of day where the text has one.
        is_guess: Whether day and month could be meant the other way round.
    """

    moment: date | datetime
    is_guess: bool = False


def read_usual(text: str) -> Reading:
    """Read a date or moment in one of the usual forms.

    These are ISO 8601 with all its parts, the forms of mails (RFC 5322 and older) and of HTTP, that of logs and of
    the Unix command `date`, and dates with the day first or the name of the month in English, German or French.

    Raises:
        DateError: It is in none of them, or there is no such day or time.
    """
    words = " ".join(without_blanks(text).split())
    if len(words) > LONGEST_TEXT:
        raise DateError(f"A date has at most {LONGEST_TEXT} characters, this text has {len(words):,}.")
    try:
        found = _read(words)
    except (ValueError, OverflowError) as error:
        raise DateError(f"`{_short(text)}` is not a date: {error}.") from None
    if found is None:
        raise DateError(
            f"`{_short(text)}` is not in a common date format. Set `pattern` to describe it, such as %d.%m.%y."
        )
    return found


def patterns_to_choose(text: str) -> str:
    """The two patterns that a text may be meant by whose reading is a guess."""
    mark = "-" if _form(r"\s*\D*\d+-").match(text) else "/"
    return f"%d{mark}%m{mark}%Y or %m{mark}%d{mark}%Y"


def read_iso(text: str) -> date | datetime:
    """Read a date or moment in ISO 8601 only.

    Raises:
        DateError: It is not in this form, or there is no such day or time.
    """
    words = without_blanks(text)
    with suppress(ValueError):
        return date.fromisoformat(words) if len(words) <= 10 else datetime.fromisoformat(words)
    if re.match(r"\d{4}-?(?:\d{2}-?\d{2}|W\d{2}|\d{3}(?!\d))", words):
        return read_usual(words).moment
    raise DateError(f"`{_short(text)}` is not a date such as 2026-03-01 or 2026-03-01T14:30.")


def _read(words: str) -> Reading | None:
    weekday = None
    # Comments of mails, and the zone's name that Java puts behind its offset.
    words = _form(_ZONE_NAME).sub("", _form(_COMMENT).sub(" ", words)) if words[-1:] in ("]", ")") else words
    words = " ".join(words.split())
    before = _form(_BEFORE).match(words)
    if before is not None and (name := before["name"].casefold()) in WEEKDAYS_BY_NAME and name not in _ONLY_MONTHS:
        weekday, words = WEEKDAYS_BY_NAME[name], words[before.end() :]
    for form in _DATES:
        found = _form(form).match(words)
        if found is None:
            continue
        parts = found.groupdict()
        if parts.get("month") and parts["month"].casefold() not in MONTHS_BY_NAME:
            continue
        clock = _clock_behind(words[found.end() :], parts, mail=parts.get("month") is not None)
        if clock is None:
            continue
        day = _day(parts)
        if weekday is not None and day.weekday() != weekday:
            raise ValueError(f"{day:%Y-%m-%d} is another day of the week")
        is_guess = parts.get("either_way") is not None and day.month != day.day and day.day <= 12
        return Reading(clock(day), is_guess)
    return None


_ONLY_MONTHS = frozenset({"mar"})  # Also the French Tuesday, which mails do not use.


def _day(parts: dict[str, str | None]) -> date:
    year = int(parts.get("Y") or 0)
    if parts.get("short"):
        # The rule of RFC 5322: 00 to 49 are of this century; three digits count from 1900.
        digits = parts["short"] or ""
        year = int(digits) + (2000 if len(digits) == 2 and int(digits) < 50 else 1900)
    if parts.get("week"):
        return date.fromisocalendar(year, int(parts["week"] or 0), int(parts.get("weekday") or 1))
    if parts.get("yearday"):
        number = int(parts["yearday"] or 0)
        day = date(year, 1, 1) + timedelta(days=number - 1)
        if number < 1 or day.year != year:
            raise ValueError(f"{year} has no day {number}")
        return day
    month = MONTHS_BY_NAME[(parts["month"] or "").casefold()] if parts.get("month") else int(parts["m"] or 0)
    return date(year, month, int(parts["d"] or 0))


def _clock_behind(rest: str, parts: dict[str, str | None], *, mail: bool) -> Callable[[date], date] | None:
    """What the rest of the text makes of the day; None where it is not a time."""
    if parts.get("clock"):
        return _at(parts["clock"] or "", None, parts.get("zone") or "", mail=True) if not rest else None
    if rest in ("", "."):
        return lambda day: day
    found = _form(_TIME).match(rest)
    if found is None:
        return None
    written = found["clock"]
    if ":" not in written and not found["half"] and rest[0] not in "Tt":
        return None
    return _at(written, found["half"], rest[found.end() :].strip(), mail=mail)


def _at(written: str, half: str | None, zone_text: str, *, mail: bool) -> Callable[[date], date] | None:
    zone = zone_in_text(zone_text, mail=mail) if zone_text else None
    if zone_text and zone is None:
        return None
    whole, _, fraction = written.replace(",", ".").partition(".")
    hour, minute, second = (*map(int, re.findall(r"\d\d?", whole)), 0, 0)[:3]
    if half is not None:
        hour = hour_of_half(hour, half)
    microsecond = int(fraction[:6].ljust(6, "0")) if fraction else 0
    made, extra = clock(hour, minute, second, microsecond, zone)
    return lambda day: datetime.combine(day, made) + extra


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:59]}…"
