"""Compares, moves and measures dates and moments."""

from __future__ import annotations

import calendar
from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal, TypeVar

from exekra.kit.dates import DateError, DateRangeError

Unit = Literal["seconds", "minutes", "hours", "days", "weeks", "months", "years", "calendar_days"]
"""What a difference is counted in; `calendar_days` are midnights."""

SECONDS = {"weeks": 604_800, "days": 86_400, "hours": 3_600, "minutes": 60, "seconds": 1}
MOST_WORKDAYS = 1_000_000

Day = TypeVar("Day", bound=date)


def instant(moment: datetime) -> datetime:
    """Something to compare and sort by: the moment in UTC; without a zone, itself."""
    return moment if moment.tzinfo is None else moment.astimezone(UTC)


def at_midnight(moment: date) -> datetime:
    """A date as its midnight, without a zone; a moment as itself."""
    return moment if isinstance(moment, datetime) else datetime.combine(moment, time())


def paired(first: date, second: date) -> tuple[datetime, datetime]:
    """Two dates or moments as two that can be compared: both in the zone of the first, or both without one.

    A date is its midnight, in the zone of the other.

    Raises:
        DateError: Only one of two moments has a zone.
    """
    one, two = at_midnight(first), at_midnight(second)
    if (one.tzinfo is None) == (two.tzinfo is None):
        return one, two if two.tzinfo is None else two.astimezone(one.tzinfo)
    if not isinstance(first, datetime):
        return one.replace(tzinfo=two.tzinfo), two
    if not isinstance(second, datetime):
        return one, two.replace(tzinfo=one.tzinfo)
    raise DateError("One has a time zone and the other has none. Use in_zone(...) to give it one.")


def elapsed(first: date, second: date) -> timedelta:
    """The time that passes from the first to the second, over changes of the clocks too.

    Raises:
        DateError: Only one of two moments has a zone.
    """
    one, two = paired(first, second)
    return instant(two) - instant(one)


def difference(first: date, second: date, unit: Unit) -> float:
    """The time from the first to the second in a unit; below zero where the second is earlier.

    Seconds, minutes and hours pass. Days and weeks are those of a clock on the wall in the zone of the first, with
    their fraction. Months and years are complete ones: from 31 January to 28 February there is none.

    Raises:
        DateError: Only one of two moments has a zone.
    """
    one, two = paired(first, second)
    if unit in ("months", "years"):
        months = _whole_months(one, two)
        return months if unit == "months" else towards_zero(months, 12)
    if unit == "calendar_days":
        return two.toordinal() - one.toordinal()
    wall = unit in ("days", "weeks")
    passed = two.replace(tzinfo=None) - one.replace(tzinfo=None) if wall else instant(two) - instant(one)
    return passed / timedelta(seconds=SECONDS[unit])


def _whole_months(first: datetime, second: datetime) -> int:
    months = (second.year - first.year) * 12 + second.month - first.month
    rest_first, rest_second = (first.day, first.time()), (second.day, second.time())
    if months > 0 and rest_second < rest_first:
        return months - 1
    if months < 0 and rest_second > rest_first:
        return months + 1
    return months


def towards_zero(count: int, size: int) -> int:
    """How many whole times `size` goes into `count`."""
    return count // size if count >= 0 else -(-count // size)


def later(moment: Day, duration: timedelta) -> Day:
    """The moment after a time has passed, over changes of the clocks too; for a date, days later.

    Raises:
        DateRangeError: It is outside the years 1 to 9999.
    """
    try:
        if isinstance(moment, datetime) and moment.tzinfo is not None:
            return (moment.astimezone(UTC) + duration).astimezone(moment.tzinfo)
        return moment + duration
    except OverflowError:
        raise DateRangeError from None


def days_later(moment: Day, days: timedelta) -> Day:
    """The same time of day, days later; where the clocks skip it, as much later as they skip.

    Raises:
        DateRangeError: It is outside the years 1 to 9999.
    """
    try:
        return existing(moment + days)
    except OverflowError:
        raise DateRangeError from None


def months_later(moment: Day, months: int) -> Day:
    """The same day, months later; the last of the month where that has no such day.

    Raises:
        DateRangeError: It is outside the years 1 to 9999.
    """
    if not months:
        return moment
    year, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        raise DateRangeError
    day = min(moment.day, calendar.monthrange(year, month + 1)[1])
    return existing(moment.replace(year=year, month=month + 1, day=day))


def existing(moment: Day) -> Day:
    """A moment that exists: one that the clocks skip is as much later as they skip. Others stay as they are."""
    if not isinstance(moment, datetime) or moment.tzinfo is None:
        return moment
    try:
        return moment.astimezone(UTC).astimezone(moment.tzinfo)
    except OverflowError:
        return moment


def is_skipped(moment: datetime) -> bool:
    """Whether the clocks of its zone never show it."""
    return existing(moment).replace(tzinfo=None) != moment.replace(tzinfo=None)


def is_twice(moment: datetime) -> bool:
    """Whether the clocks of its zone show it twice."""
    return not is_skipped(moment) and moment.utcoffset() != moment.replace(fold=1 - moment.fold).utcoffset()


def workdays_later(moment: Day, count: int, holidays: Collection[date] = ()) -> Day:
    """The day, Monday to Friday and no holiday, that is so many of them later; earlier with a number below zero.

    As WORKDAY of spreadsheets: five working days after a Saturday is the Friday. With 0 it stays.

    Raises:
        DateRangeError: It is outside the years 1 to 9999.
    """
    if abs(count) > MOST_WORKDAYS:
        raise DateRangeError
    if not count:
        return moment
    free = {day for day in holidays if day.weekday() < 5}
    here, left = moment, count
    try:
        while True:
            there = _weekdays_later(here, left)
            low, high = sorted((_day(here), _day(there)))
            met = {day for day in free if low <= day <= high and day != _day(here)}
            if not met:
                return existing(there)
            free -= met
            here, left = there, len(met) if count > 0 else -len(met)
    except OverflowError:
        raise DateRangeError from None


def _weekdays_later(moment: Day, count: int) -> Day:
    weekday = moment.weekday()
    if weekday > 4:  # Counted from the working day before it: the Friday, or backwards the Monday.
        moment += timedelta(days=4 - weekday if count > 0 else 7 - weekday)
        weekday = moment.weekday()
    weeks, rest = divmod(abs(count), 5)
    over = weekday + rest > 4 if count > 0 else weekday - rest < 0
    days = weeks * 7 + rest + (2 if over else 0)
    return moment + timedelta(days=days if count > 0 else -days)


def _day(moment: date) -> date:
    return moment.date() if isinstance(moment, datetime) else moment
