"""Dates and times with their time zones: the two hard parts are months of unequal length and days of 23 or 25 hours."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from difflib import get_close_matches
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from pydantic import BeforeValidator

from exekra.sdk.activity import activity
from exekra.sdk.errors import BusinessError, InputError
from exekra.sdk.types import Text, Widget

CATEGORY = "Date and Time"
ICON = "calendar"


def _moment(value: Any) -> datetime | date:
    """A date out of a form: 2026-01-31 is a date, 2026-01-31T10:00 has a time."""
    if isinstance(value, date):
        return value
    if isinstance(value, str):
        try:
            return date.fromisoformat(value) if len(value) <= 10 else datetime.fromisoformat(value)
        except ValueError:
            pass
    raise ValueError("a date is needed, such as 2026-01-31 or 2026-01-31T10:00; use Parse Date for other forms")


Moment = Annotated[datetime | date, BeforeValidator(_moment), Widget("date")]
Weekday = Literal["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
Unit = Literal["seconds", "minutes", "hours", "days", "weeks", "months", "years"]

_WEEKDAYS: tuple[Weekday, ...] = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

_PATTERNS = (
    "%Y-%m-%d",
    "%d.%m.%Y",
    "%d/%m/%Y",
    "%Y/%m/%d",
    "%d-%m-%Y",
    "%Y%m%d",
    "%d %b %Y",
    "%d %B %Y",
    "%b %d, %Y",
    "%B %d, %Y",
    "%d.%m.%Y %H:%M",
    "%d.%m.%Y %H:%M:%S",
    "%d/%m/%Y %H:%M",
    "%d/%m/%Y %H:%M:%S",
    "%a, %d %b %Y %H:%M:%S %z",
)


class DateFormatError(BusinessError):
    """The text is not a date in the expected format."""


@dataclass(frozen=True, slots=True)
class Now:
    """This moment.

    Attributes:
        now: Date and time with their zone.
        date: The day.
        weekday: The day of the week in English.
        timestamp: Seconds since 1970-01-01 00:00 UTC.
    """

    now: datetime
    date: date
    weekday: Weekday
    timestamp: float


@dataclass(frozen=True, slots=True)
class Shifted:
    """The result.

    Attributes:
        date: The date, with a time of day where there was one.
    """

    date: datetime | date


@dataclass(frozen=True, slots=True)
class Difference:
    """The time between two moments; below zero where the second is earlier.

    Attributes:
        value: The time in the requested unit, with its fraction (months and years: whole ones only).
        seconds: The time in seconds.
    """

    value: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Formatted:
    """The date as text.

    Attributes:
        text: The text.
    """

    text: str


@activity(title="Get current date and time")
def now(*, time_zone: Text = "") -> Now:
    """Get the current date and time.

    Args:
        time_zone: A zone such as Europe/Berlin; empty is the zone of this machine.
    """
    moment = datetime.now(UTC).astimezone(_zone(time_zone) if time_zone else None)
    return Now(moment, moment.date(), _WEEKDAYS[moment.weekday()], moment.timestamp())


@activity(title="Add to date")
def add(
    *,
    date: Moment,
    years: int = 0,
    months: int = 0,
    weeks: float = 0,
    days: float = 0,
    hours: float = 0,
    minutes: float = 0,
    seconds: float = 0,
    work_days: int = 0,
) -> Shifted:
    """Go forward or, with numbers below zero, back in time.

    A month later than 31 January is the last of February. Days keep the time of day on the wall where clocks are
    put forward or back; hours, minutes and seconds are counted exactly. A date without a time stays one, unless
    hours, minutes or seconds are added.

    Args:
        date: Where to start.
        years: Years to add.
        months: Months to add.
        weeks: Weeks to add.
        days: Days to add.
        hours: Hours to add.
        minutes: Minutes to add.
        seconds: Seconds to add.
        work_days: Days from Monday to Friday to add, after everything else.
    """
    try:
        moved = _add_months(date, years * 12 + months)
        wall = timedelta(weeks=weeks, days=days)
        exact = timedelta(hours=hours, minutes=minutes, seconds=seconds)
        if not isinstance(moved, datetime) and (exact or wall.seconds or wall.microseconds):
            moved = datetime(moved.year, moved.month, moved.day)
        moved = moved + wall
        if exact:
            moved = _add_exactly(moved, exact)
        return Shifted(_add_work_days(moved, work_days))
    except (OverflowError, ValueError):
        raise InputError("The result is outside the years 1 to 9999.") from None


@activity(title="Get time between dates")
def difference(*, start: Moment, end: Moment, unit: Unit = "days") -> Difference:
    """Compute the time from one moment to another.

    A date alone counts as its midnight. Where only one of the two has a time zone, the other counts as being in it.

    Args:
        start: The earlier moment.
        end: The later moment.
        unit: What to count.
    """
    first, second = _moments(start, end)
    seconds = (second - first).total_seconds()
    if unit in ("months", "years"):
        months = _whole_months(first, second)
        return Difference(months if unit == "months" else int(months / 12), seconds)
    size = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86_400, "weeks": 604_800}[unit]
    if unit in ("days", "weeks") and first.tzinfo is second.tzinfo:
        seconds_on_the_wall = (second.replace(tzinfo=None) - first.replace(tzinfo=None)).total_seconds()
        return Difference(seconds_on_the_wall / size, seconds)
    return Difference(seconds / size, seconds)


@activity(title="Format date")
def format(*, date: Moment, pattern: Text = "%Y-%m-%d") -> Formatted:
    """Write a date as text.

    Args:
        date: The date, with or without a time.
        pattern: How: %Y year, %m month, %d day, %H hour, %M minute, %S second, %A weekday, %B month's name.
    """
    if len(pattern) > 200:
        raise InputError("The pattern is longer than 200 characters. Shorten it.")
    try:
        return Formatted(date.strftime(pattern))
    except ValueError as error:
        raise InputError(f"`{pattern}` is not a valid date pattern: {error}. Example: %d.%m.%Y %H:%M.") from None


@activity(title="Parse date", raises=(DateFormatError,))
def parse(*, text: Text, pattern: Text = "", time_zone: Text = "") -> Shifted:
    """Read a date out of a text.

    Without a pattern, 2026-01-31, 2026-01-31T10:20:30+01:00, 31.01.2026, 31/01/2026 (the day first), 31 Jan 2026,
    Jan 31, 2026 and the form of e-mails are understood.

    Args:
        text: The text.
        pattern: How it is written, such as %m/%d/%Y; empty recognises the usual forms.
        time_zone: The zone to take a time as, such as Europe/Berlin, where the text names none.
    """
    words = " ".join(text.split())
    if pattern:
        try:
            moment = datetime.strptime(words, pattern)
        except ValueError:
            raise DateFormatError(f"`{text[:60]}` does not match the date pattern {pattern}.") from None
        has_time = any(mark in pattern for mark in ("%H", "%I", "%M", "%S", "%c", "%X", "%T"))
    else:
        moment, has_time = _recognise(words, text)
    if not has_time:
        return Shifted(moment.date())
    if time_zone and moment.tzinfo is None:
        moment = moment.replace(tzinfo=_zone(time_zone))
    return Shifted(moment)


@activity(title="Convert time zone")
def to_time_zone(*, date: datetime, time_zone: Text, from_time_zone: Text = "") -> Shifted:
    """Show what time a moment is elsewhere.

    Args:
        date: The moment, with its time of day.
        time_zone: The zone to convert into, such as America/New_York.
        from_time_zone: The zone that the moment is in where it names none; empty is the zone of this machine.
    """
    moment = date
    if moment.tzinfo is None and from_time_zone:
        moment = moment.replace(tzinfo=_zone(from_time_zone))
    return Shifted(moment.astimezone(_zone(time_zone)))


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name.strip())
    except (ZoneInfoNotFoundError, ValueError, OSError):
        known = available_timezones()
        by_city = {zone.rpartition("/")[2].casefold(): zone for zone in known}
        close = get_close_matches(name.rpartition("/")[2].replace(" ", "_").casefold(), by_city, n=1)
        suggestion = f" Did you mean {by_city[close[0]]}?" if close else ""
        raise InputError(f"There is no time zone `{name}`.{suggestion} Zones are written like Europe/Berlin.") from None


def _add_months(moment: datetime | date, months: int) -> datetime | date:
    if not months:
        return moment
    year, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        raise OverflowError
    last_day = calendar.monthrange(year, month + 1)[1]
    return moment.replace(year=year, month=month + 1, day=min(moment.day, last_day))


def _add_exactly(moment: datetime | date, duration: timedelta) -> datetime | date:
    if isinstance(moment, datetime) and moment.tzinfo is not None:
        return (moment.astimezone(UTC) + duration).astimezone(moment.tzinfo)
    return moment + duration


def _add_work_days(moment: datetime | date, count: int) -> datetime | date:
    if abs(count) > 1_000_000:
        raise OverflowError
    step = timedelta(days=1 if count > 0 else -1)
    weeks, rest = divmod(abs(count), 5)
    moment += step * 7 * weeks
    while rest or (count and moment.weekday() >= 5):
        moment += step
        rest -= 1 if rest and moment.weekday() < 5 else 0
    return moment


def _moments(start: datetime | date, end: datetime | date) -> tuple[datetime, datetime]:
    first = start if isinstance(start, datetime) else datetime(start.year, start.month, start.day)
    second = end if isinstance(end, datetime) else datetime(end.year, end.month, end.day)
    if first.tzinfo is None and second.tzinfo is not None:
        first = first.replace(tzinfo=second.tzinfo)
    elif second.tzinfo is None and first.tzinfo is not None:
        second = second.replace(tzinfo=first.tzinfo)
    return first, second


def _whole_months(first: datetime, second: datetime) -> int:
    if second < first:
        return -_whole_months(second, first)
    months = (second.year - first.year) * 12 + second.month - first.month
    reached = _add_months(first, months)
    assert isinstance(reached, datetime)
    return months - (reached > second)


def _recognise(words: str, text: str) -> tuple[datetime, bool]:
    try:
        return datetime.fromisoformat(words), len(words) > 10
    except ValueError:
        pass
    for pattern in _PATTERNS:
        try:
            return datetime.strptime(words, pattern), "%H" in pattern
        except ValueError:
            continue
    raise DateFormatError(
        f"`{text[:60]}` is not in a common date format. Set `pattern` to describe it, such as %d.%m.%y."
    )
