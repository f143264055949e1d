"""Dates and times with their time zones: the two hard parts are months of unequal length and days of 23 or 25 hours."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator

from exekra.activities.date_pattern import WrittenPattern
from exekra.kit.dates import DateError, moments
from exekra.kit.dates.moments import Unit
from exekra.kit.dates.patterns import read_moment, write_moment
from exekra.kit.dates.reading import patterns_to_choose, read_iso, read_usual
from exekra.kit.dates.zones import zone
from exekra.sdk.activity import activity
from exekra.sdk.context import Context
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
            return read_iso(value)
        except DateError:
            pass
    raise ValueError("a date is needed, such as 2026-01-31 or 2026-01-31T10:00; use Parse Date for other forms")


Moment = Annotated[datetime | date, BeforeValidator(_moment), Widget("date")]
Weekday = Literal["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]

_WEEKDAYS: tuple[Weekday, ...] = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


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
class Parsed:
    """The date that was read.

    Attributes:
        date: The date, with a time of day where the text has one.
        notes: What was guessed.
    """

    date: datetime | date
    notes: list[str]


@dataclass(frozen=True, slots=True)
class Difference:
    """The time between two moments; below zero where the second is earlier.

    Attributes:
        value: The time in the requested unit, with its fraction (months, years and calendar days: whole ones only).
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
    with _clear_errors():
        moment = datetime.now(UTC).astimezone(zone(time_zone) if time_zone else None)
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
    holidays: list[Moment] | None = None,
) -> Shifted:
    """Add to a date; negative numbers go back in time.

    A month later than 31 January is the last of February. Days keep the time of day on the wall where clocks are
    put forward or back; hours, minutes and seconds are counted exactly. A date without a time stays one, unless
    hours, minutes or seconds are added. Five working days after a Saturday is the Friday, as in spreadsheets.

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
        holidays: Days off, which do not count.
    """
    with _clear_errors():
        moved = moments.months_later(date, years * 12 + months)
        wall, exact = _duration(weeks=weeks, days=days), _duration(hours=hours, minutes=minutes, seconds=seconds)
        if exact or wall.seconds or wall.microseconds:
            moved = moments.at_midnight(moved)
        moved = moments.later(moments.days_later(moved, wall), exact)
        free = {moments.at_midnight(holiday).date() for holiday in holidays or ()}
        return Shifted(moments.workdays_later(moved, work_days, free))


@activity(title="Get time between dates")
def difference(context: Context, *, start: Moment, end: Moment, unit: Unit = "days") -> Difference:
    """Compute the time between two moments.

    A date alone counts as its midnight. Where only one of the two has a time zone, the other counts as being in it.
    Hours pass even while clocks are put forward or back; days are those of the calendar. Months and years are complete
    ones: from 31 January to 28 February there is none. Calendar days count midnights: from 23:00 to 01:00 is one.

    Args:
        start: The earlier moment.
        end: The later moment.
        unit: What to count.
    """
    first, second = _in_one_zone(context, start, end)
    with _clear_errors():
        return Difference(moments.difference(first, second, unit), moments.elapsed(first, second).total_seconds())


@activity(title="Format date")
def format(*, date: Moment, pattern: WrittenPattern = "%Y-%m-%d") -> Formatted:
    """Write a date as text.

    Args:
        date: The date, with or without a time.
        pattern: How: %Y year, %m month, %d day, %H hour, %M minute, %S second, %A weekday, %B month's name, %z zone;
            %-d is without a leading zero.
    """
    with _clear_errors():
        return Formatted(write_moment(date, pattern))


@activity(title="Parse date", raises=(DateFormatError,))
def parse(context: Context, *, text: Text, pattern: Text = "", time_zone: Text = "") -> Parsed:
    """Read a date from a text.

    Without a pattern, 2026-01-31, 2026-01-31T10:20:30+01:00 and the other forms of ISO 8601, 31.01.2026, 31/01/2026 and
    31-01-2026 (the day first), 31 Jan 2026, Jan 31, 2026, names of months in English, German and French, and the forms
    of e-mails, HTTP and logs are understood, with their time zones.

    Args:
        text: The text.
        pattern: How it is written, such as %m/%d/%Y; empty recognises the usual forms. %s is seconds since 1970, %Q
            milliseconds.
        time_zone: The zone to take a time as, such as Europe/Berlin, where the text names none.
    """
    try:
        moment = read_moment(text, pattern) if pattern else _guessed(context, text)
    except DateError as error:
        raise DateFormatError(str(error)) from None
    if isinstance(moment, time):
        raise InputError(f"The pattern {pattern} names no day: add one, such as %Y-%m-%d.")
    if time_zone and isinstance(moment, datetime) and moment.tzinfo is None:
        moment = _placed(context, moment, time_zone)
    return Parsed(moment, context.notes)


@activity(title="Convert time zone")
def to_time_zone(context: Context, *, date: datetime, time_zone: Text, from_time_zone: Text = "") -> Shifted:
    """Convert between time zones.

    Args:
        date: The moment, with its time of day.
        time_zone: The zone to convert into, such as America/New_York.
        from_time_zone: The zone that the moment is in where it names none; empty is the zone of this machine.
    """
    moment = date
    if moment.tzinfo is None and from_time_zone:
        moment = _placed(context, moment, from_time_zone)
    with _clear_errors():
        return Shifted(moment.astimezone(zone(time_zone)))


@contextmanager
def _clear_errors() -> Iterator[None]:
    try:
        yield
    except DateError as error:
        raise InputError(str(error)) from None
    except (OverflowError, ValueError):  # Python has both words for it.
        raise InputError("The result is outside the years 1 to 9999.") from None


def _duration(**parts: float) -> timedelta:
    try:
        return timedelta(**parts)
    except ValueError:
        raise InputError("What is added must be a finite number.") from None


def _guessed(context: Context, text: str) -> datetime | date:
    reading = read_usual(text)
    if reading.is_guess:
        context.warn(
            f"`{text[:60]}` is taken with the day first, as {reading.moment:%Y-%m-%d}. Set `pattern` to "
            f"{patterns_to_choose(text)}."
        )
    return reading.moment


def _placed(context: Context, moment: datetime, name: str) -> datetime:
    """The moment in a zone, with a warning where the clocks skip it or show it twice."""
    with _clear_errors():
        placed = moment.replace(tzinfo=zone(name))
    if moments.is_skipped(placed):
        existing = moments.existing(placed)
        context.warn(
            f"{moment:%Y-%m-%d %H:%M} does not exist in {name}: the clocks skip it. {existing:%H:%M} is taken."
        )
        return existing
    if moments.is_twice(placed):
        context.warn(f"{moment:%Y-%m-%d %H:%M} is twice in {name}: the clocks are put back. The first one is taken.")
    return placed


def _in_one_zone(
    context: Context, start: datetime | date, end: datetime | date
) -> tuple[datetime | date, datetime | date]:
    """Both, such that both have a zone or none."""
    zones = [moment.tzinfo if isinstance(moment, datetime) else None for moment in (start, end)]
    for name, moment, other in (("start", start, zones[1]), ("end", end, zones[0])):
        if isinstance(moment, datetime) and moment.tzinfo is None and other is not None:
            context.warn(f"`{name}` has no time zone: it is taken to be in that of the other, {other}.")
            placed = moment.replace(tzinfo=other)
            return (placed, end) if name == "start" else (start, placed)
    return start, end
