"""Functions on dates, times and durations."""

from __future__ import annotations

import calendar
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import TypeVar, get_args

from exekra.flow.expressions.errors import ExpressionBoundError, ExpressionError, nearest, shorten
from exekra.flow.expressions.functions import Items, Number, function
from exekra.flow.expressions.values import describe
from exekra.flow.expressions.work import Work
from exekra.kit.dates import DateError, DateRangeError, moments, patterns
from exekra.kit.dates.reading import read_iso, read_usual
from exekra.kit.dates.zones import zone as zone_of

_MAX_WORKDAYS = 100_000
_Made = TypeVar("_Made")


@function("date", name="date")
def make_date(year: str | date | int, month: int | None = None, day: int | None = None) -> date:
    """Make a date of year, month and day, of a text in ISO 8601, or of a datetime.

    Other ways of writing: parse_date.

    Examples:
        date(2026, 3, 1) == date("2026-03-01")
        date("2026-03-01T10:00:00") == date(2026, 3, 1)
        date(2026, 3, 1).month == 3
    """
    if isinstance(year, datetime):
        return year.date()
    if isinstance(year, date):
        return year
    if isinstance(year, str):
        return _read_iso(year).date()
    if month is None or day is None:
        raise ExpressionError('date() needs year, month and day, or a text as in "2026-03-01"')
    return _made(lambda: date(year, month, day))


@function("date", name="datetime")
def make_datetime(
    year: str | date | int,
    month: int | None = None,
    day: int | None = None,
    hour: int = 0,
    minute: int = 0,
    second: int = 0,
    zone: str | None = None,
) -> datetime:
    """Make a date with time of its parts, of a text in ISO 8601, or of a date (its midnight).

    With a zone ("Europe/Berlin", "UTC") it means a moment; without, what a clock on the wall shows.

    Examples:
        datetime(2026, 3, 1, 14, 30) == datetime("2026-03-01 14:30")
        datetime(2026, 3, 1, 14, 30).hour == 14
    """
    if isinstance(year, datetime):
        made = year
    elif isinstance(year, date):
        made = datetime.combine(year, time(hour, minute, second))
    elif isinstance(year, str):
        made = _read_iso(year)
    elif month is None or day is None:
        raise ExpressionError('datetime() needs year, month and day, or a text as in "2026-03-01T14:30"')
    else:
        made = _made(lambda: datetime(year, month, day, hour, minute, second))
    return made if zone is None else _in_zone(made, zone)


@function("date", name="time")
def make_time(hour: str | time | int, minute: int = 0, second: int = 0) -> time:
    """Make a time of day of its parts, of a text, or of a datetime.

    Examples:
        time(14, 30) == time("14:30")
        time(14, 30) < time(15)
    """
    if isinstance(hour, time):
        return hour
    if isinstance(hour, str):
        text = hour
        try:
            return time.fromisoformat(text.strip())
        except ValueError:
            raise ExpressionError(f'\'{shorten(text, 40)}\' is not a time such as "14:30" or "14:30:15"') from None
    return _made(lambda: time(hour, minute, second))


def _read_iso(text: str) -> datetime:
    try:
        return moments.at_midnight(read_iso(text))
    except DateError as error:
        raise ExpressionError(f'{str(error).removesuffix(".")}; otherwise use parse_date(text, "%d.%m.%Y")') from None


def _made(make: Callable[[], _Made]) -> _Made:
    try:
        return make()
    except DateRangeError:
        raise ExpressionBoundError("date range", "The date would be outside the years 1 to 9999") from None
    except DateError as error:
        raise ExpressionError(str(error).removesuffix(".")) from None
    except (ValueError, OverflowError) as error:
        raise ExpressionError(f"There is no such date or time: {error}") from None


def _in_zone(moment: datetime, zone: str) -> datetime:
    found = _made(lambda: zone_of(zone))
    return moments.existing(moment.replace(tzinfo=found)) if moment.tzinfo is None else moment.astimezone(found)


@function("date")
def in_zone(moment: datetime, zone: str) -> datetime:
    """Give the same moment in another time zone; a datetime without zone is taken to be in it.

    Examples:
        in_zone(datetime("2026-07-01T12:00:00Z"), "Europe/Berlin").hour == 14
    """
    return _in_zone(moment, zone)


@function("date", deterministic=False)
def now(zone: str | None = None) -> datetime:
    """Give the present date and time: in a zone, or without one as the machine's clock shows it.

    Examples:
        now().year >= 2026
    """
    # Without a zone it must be comparable with dates out of files, which have none.
    moment = datetime.now() if zone is None else _made(lambda: datetime.now(zone_of(zone)))
    return moment.replace(microsecond=0)


@function("date", deterministic=False)
def today(zone: str | None = None) -> date:
    """Give today's date, in a zone or by the machine's clock.

    Examples:
        date_diff(today(), now()) == 0
    """
    return now(zone).date()


@function("date")
def date_add(
    moment: date,
    days: Number = 0,
    weeks: Number = 0,
    months: int = 0,
    years: int = 0,
    hours: Number = 0,
    minutes: Number = 0,
    seconds: Number = 0,
) -> date:
    """Move a date or datetime forward, or back with negative numbers.

    Months and years come first; a day that the month lacks becomes its last. Days and weeks keep the time of day where
    clocks are put forward or back; hours, minutes and seconds pass. Hours make a datetime of a date.

    Examples:
        date_add(date(2026, 1, 31), months=1) == date(2026, 2, 28)
        date_add(date(2026, 1, 1), -1) == date(2025, 12, 31)
        date_add(date(2026, 1, 1), hours=36) == datetime(2026, 1, 2, 12)
    """
    wall = _duration(days, weeks, 0, 0, 0)
    passing = _duration(0, 0, hours, minutes, seconds)
    if passing or wall.seconds or wall.microseconds:
        moment = moments.at_midnight(moment)
    return _made(
        lambda: moments.later(moments.days_later(moments.months_later(moment, months + 12 * years), wall), passing)
    )


def _duration(days: Number, weeks: Number, hours: Number, minutes: Number, seconds: Number) -> timedelta:
    try:
        return timedelta(
            days=float(days), weeks=float(weeks), hours=float(hours), minutes=float(minutes), seconds=float(seconds)
        )
    except (ValueError, OverflowError):
        raise ExpressionBoundError("date range", "The duration is too long, or not a finite number") from None


@function("date")
def duration(
    days: Number = 0, weeks: Number = 0, hours: Number = 0, minutes: Number = 0, seconds: Number = 0
) -> timedelta:
    """Make a length of time, to add to dates or compare.

    Examples:
        datetime(2026, 1, 1) + duration(hours=2) == datetime(2026, 1, 1, 2)
        duration(minutes=90) == duration(hours=1.5)
    """
    return _duration(days, weeks, hours, minutes, seconds)


@function("date")
def duration_in(duration: timedelta, unit: str) -> float:
    """Give a duration as a number of weeks, days, hours, minutes or seconds.

    Examples:
        duration_in(duration(minutes=90), "hours") == 1.5
    """
    if unit not in moments.SECONDS:
        raise _unknown_unit(unit, list(moments.SECONDS))
    return duration / timedelta(seconds=moments.SECONDS[unit])


@function("date")
def date_diff(start: date, end: date, unit: str = "days") -> int:
    """Count the full years, months, weeks, days, hours, minutes or seconds from one date to another.

    Negative where the end is before the start. Where one is a date and the other a datetime, the date is its midnight.
    `calendar_days` counts midnights, whatever the time of day. Hours, minutes and seconds pass even while clocks are
    put forward or back. It is the whole part of what the activity Get time between dates computes.

    Examples:
        date_diff(date(2026, 1, 1), date(2026, 3, 1)) == 59
        date_diff(date(1990, 6, 15), date(2026, 6, 14), "years") == 35
        date_diff(date(2026, 1, 31), date(2026, 2, 28), "months") == 0
        date_diff(datetime(2026, 1, 1, 8), datetime(2026, 1, 1, 9, 30), "minutes") == 90
        date_diff(datetime(2026, 1, 1, 23), datetime(2026, 1, 2, 1), "calendar_days") == 1
    """
    known: dict[str, moments.Unit] = {name: name for name in get_args(moments.Unit)}
    if unit not in known:
        raise _unknown_unit(unit, list(known))
    return _made(lambda: int(moments.difference(start, end, known[unit])))


def _unknown_unit(unit: str, known: list[str]) -> ExpressionError:
    return ExpressionError(f"'{shorten(unit, 20)}' is not a unit; use {', '.join(known)}{nearest(unit, known)}")


@function("date")
def format_date(moment: date | time, pattern: str) -> str:
    """Write a date, datetime or time by a pattern.

    %Y year, %m month, %d day, %H hour, %M minute, %S second; %y short year, %B %b month's name, %A %a weekday's name,
    %I %p hour with AM and PM, %j day of the year, %V week of the year %G, %u weekday's number, %f microseconds,
    %z distance from UTC, %T %R %F %D for %H:%M:%S %H:%M %Y-%m-%d %m/%d/%y. %-d is without a leading zero.

    Examples:
        format_date(date(2026, 3, 1), "%d.%m.%Y") == "01.03.2026"
        format_date(datetime(2026, 3, 1, 15, 5), "%A, %I:%M %p") == "Sunday, 03:05 PM"
    """
    return _made(lambda: patterns.write_moment(moment, pattern))


@function("date")
def parse_date(work: Work, text: str, pattern: str = "") -> date | time:
    """Read a date, a datetime or a time out of a text by a pattern; its letters are those of format_date.

    %s is seconds since 1970, %Q milliseconds. Without a pattern, the usual forms are understood, as in the activity
    Parse date: with the day first.

    Examples:
        parse_date("01.03.2026", "%d.%m.%Y") == date(2026, 3, 1)
        parse_date("Thu, 05 Mar 2026 10:00:00 GMT") == datetime("2026-03-05T10:00:00Z")
        parse_date("3/1/26 2:05 PM", "%m/%d/%y %I:%M %p") == datetime(2026, 3, 1, 14, 5)
    """
    work.spend(150)
    return _made(lambda: patterns.read_moment(text, pattern) if pattern else read_usual(text).moment)


@function("date")
def weekday(moment: date) -> int:
    """Give the day of the week as a number: Monday 1 to Sunday 7.

    Examples:
        weekday(date(2026, 3, 1)) == 7
    """
    return moment.isoweekday()


@function("date")
def start_of(moment: date, unit: str) -> date:
    """Give the first day of the week (Monday), month, quarter or year, or the start of the day or hour.

    Examples:
        start_of(date(2026, 5, 20), "month") == date(2026, 5, 1)
        start_of(date(2026, 5, 20), "week") == date(2026, 5, 18)
        start_of(datetime(2026, 5, 20, 14, 30), "day") == datetime(2026, 5, 20)
    """
    if unit == "hour":
        return moments.at_midnight(moment).replace(minute=0, second=0, microsecond=0)
    if isinstance(moment, datetime):
        moment = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    if unit == "week":
        return moment - timedelta(days=moment.weekday())
    months = {"month": moment.month, "quarter": (moment.month - 1) // 3 * 3 + 1, "year": 1}
    if unit in months:
        return moment.replace(month=months[unit], day=1)
    if unit == "day":
        return moment
    raise _unknown_unit(unit, ["hour", "day", "week", *months])


@function("date")
def end_of(moment: date, unit: str) -> date:
    """Give the last day of the week (Sunday), month, quarter or year, as a date.

    Examples:
        end_of(date(2024, 2, 5), "month") == date(2024, 2, 29)
        end_of(date(2026, 5, 20), "year") == date(2026, 12, 31)
    """
    months = {"month": 1, "quarter": 3, "year": 12}
    day = make_date(moment)
    if unit == "week":
        return _made(lambda: day + timedelta(days=6 - day.weekday()))
    if unit not in months:
        raise _unknown_unit(unit, ["week", *months])
    last = months[unit] * ((day.month - 1) // months[unit] + 1)
    return day.replace(month=last, day=calendar.monthrange(day.year, last)[1])


@function("date")
def workday_add(work: Work, moment: date, days: int, holidays: Items = ()) -> date:
    """Move a date by working days, Monday to Friday; the days listed as holidays do not count.

    As in spreadsheets: five working days after a Saturday is the Friday.

    Examples:
        workday_add(date(2026, 3, 6), 1) == date(2026, 3, 9)
        workday_add(date(2026, 3, 6), 1, [date(2026, 3, 9)]) == date(2026, 3, 10)
        workday_add(date(2026, 3, 9), -1) == date(2026, 3, 6)
    """
    if abs(days) > _MAX_WORKDAYS:
        raise ExpressionBoundError("date range", f"workday_add() moves by at most {_MAX_WORKDAYS:,} days")
    free = set()
    for holiday in work.items_of(holidays):
        if not isinstance(holiday, date):
            raise ExpressionError(f"Holidays are dates, not {describe(holiday)}; use date(...)")
        free.add(make_date(holiday))
    work.spend(10 + len(free) * 10)
    return _made(lambda: moments.workdays_later(moment, days, free))
