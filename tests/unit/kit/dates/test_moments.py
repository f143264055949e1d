"""Moments and days: over changes of the clocks, at the ends of months, over weekends and holidays."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exekra.kit.dates import DateError, DateRangeError, moments
from exekra.kit.dates.moments import Unit

BERLIN = ZoneInfo("Europe/Berlin")
HOUR = timedelta(hours=1)


def berlin(year: int, month: int, day: int, hour: int = 0, minute: int = 0, *, fold: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=BERLIN, fold=fold)


@pytest.mark.parametrize(
    ("start", "end", "unit", "value"),
    [
        (berlin(2026, 3, 29), berlin(2026, 3, 29, 6), "hours", 5),  # The clocks go forward.
        (berlin(2026, 10, 25), berlin(2026, 10, 25, 6), "hours", 7),
        (berlin(2026, 10, 25, 2, 30), berlin(2026, 10, 25, 2, 30, fold=1), "minutes", 60),
        (berlin(2026, 3, 28, 12), berlin(2026, 3, 29, 12), "days", 1),
        (berlin(2026, 3, 28, 12), berlin(2026, 3, 29, 12), "hours", 23),
        (berlin(2026, 3, 29), datetime(2026, 3, 29, 4, tzinfo=UTC), "hours", 5),
        (berlin(2026, 1, 31, 23), datetime(2026, 2, 27, 22, 30, tzinfo=UTC), "months", 0),
        (date(2026, 1, 31), date(2026, 2, 28), "months", 0),
        (date(2026, 2, 28), date(2026, 1, 31), "months", 0),
        (date(2026, 1, 31), date(2026, 3, 1), "months", 1),
        (date(2026, 1, 30), date(2026, 2, 28), "months", 0),
        (date(2026, 1, 28), date(2026, 2, 28), "months", 1),
        (datetime(2026, 1, 28, 12), datetime(2026, 2, 28, 11), "months", 0),
        (date(2000, 2, 29), date(2026, 2, 28), "years", 25),
        (date(2000, 2, 29), date(2026, 3, 1), "years", 26),
        (date(2026, 2, 28), date(2000, 2, 29), "years", -25),
        (datetime(2026, 1, 1, 23), datetime(2026, 1, 2, 1), "days", 2 / 24),
        (datetime(2026, 1, 1, 23), datetime(2026, 1, 2, 1), "calendar_days", 1),
        (datetime(2026, 1, 1, 1), datetime(2026, 1, 1, 23), "calendar_days", 0),
        (datetime(2026, 1, 1, 12), date(2026, 1, 2), "hours", 12),
        (date(2026, 3, 29), berlin(2026, 3, 29, 6), "hours", 5),  # A date is its midnight, in the zone of the other.
        (date(2026, 1, 15), date(2026, 1, 1), "weeks", -2),
    ],
)
def test_the_time_between(start: date, end: date, unit: Unit, value: float) -> None:
    assert moments.difference(start, end, unit) == pytest.approx(value)


def test_a_moment_with_a_zone_and_one_without_have_no_time_between_them() -> None:
    with pytest.raises(DateError, match="One has a time zone and the other has none"):
        moments.difference(berlin(2026, 1, 1), datetime(2026, 1, 1), "hours")


def test_time_passes_while_the_clocks_change() -> None:
    assert moments.later(berlin(2026, 3, 29, 1, 30), HOUR) == berlin(2026, 3, 29, 3, 30)
    again = moments.later(berlin(2026, 10, 25, 2, 30), HOUR)
    assert (again.hour, again.fold, again.utcoffset()) == (2, 1, HOUR)


def test_days_and_months_keep_the_time_of_day() -> None:
    assert moments.days_later(berlin(2026, 3, 28, 12), timedelta(days=1)) == berlin(2026, 3, 29, 12)
    skipped = moments.days_later(berlin(2026, 3, 28, 2, 30), timedelta(days=1))
    assert (skipped.hour, skipped.minute) == (3, 30)
    assert moments.months_later(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert moments.months_later(berlin(2026, 2, 28, 2, 30), 1).hour == 2
    assert moments.months_later(datetime(2026, 2, 28, 2, 30, tzinfo=BERLIN) + timedelta(days=1), 1) == berlin(
        2026, 4, 1, 2, 30
    )


@pytest.mark.parametrize(
    ("start", "count", "holidays", "end"),
    [
        (date(2026, 11, 21), 5, [], date(2026, 11, 27)),  # Five working days after a Saturday: WORKDAY has the Friday.
        (date(2026, 11, 22), 1, [], date(2026, 11, 23)),
        (date(2026, 11, 22), -1, [], date(2026, 11, 20)),
        (date(2026, 11, 21), -5, [], date(2026, 11, 16)),
        (date(2026, 11, 20), 1, [], date(2026, 11, 23)),
        (date(2026, 11, 20), 11, [], date(2026, 12, 7)),
        (date(2026, 11, 21), 0, [], date(2026, 11, 21)),
        (date(2026, 12, 23), 2, [date(2026, 12, 25)], date(2026, 12, 28)),
        (date(2026, 12, 24), 1, [date(2026, 12, 25), date(2026, 12, 26), date(2026, 12, 28)], date(2026, 12, 29)),
        (date(2026, 12, 25), 1, [date(2026, 12, 25)], date(2026, 12, 28)),
        (date(2026, 12, 28), -1, [date(2026, 12, 25)], date(2026, 12, 24)),
        (datetime(2026, 11, 20, 9), 1, [date(2026, 11, 23)], datetime(2026, 11, 24, 9)),
    ],
)
def test_working_days(start: date, count: int, holidays: list[date], end: date) -> None:
    assert moments.workdays_later(start, count, holidays) == end


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(-60, 60), st.sets(st.integers(-90, 90)))
def test_working_days_are_those_that_one_counts(start: date, count: int, offsets: set[int]) -> None:
    holidays = {start + timedelta(days=offset) for offset in offsets}
    end, left = start, abs(count)
    while left:
        end += timedelta(days=1 if count > 0 else -1)
        left -= end.weekday() < 5 and end not in holidays
    assert moments.workdays_later(start, count, holidays) == end


@pytest.mark.parametrize(
    "move",
    [
        lambda: moments.months_later(date(2026, 1, 1), 12 * 8000),
        lambda: moments.days_later(date(2026, 1, 1), timedelta(days=10**7)),
        lambda: moments.later(berlin(2026, 1, 1), timedelta(days=10**7)),
        lambda: moments.workdays_later(date(9999, 12, 31), 5),
        lambda: moments.workdays_later(date(2026, 1, 1), 10**7),
    ],
)
def test_beyond_the_calendar(move: Any) -> None:
    with pytest.raises(DateRangeError, match="years 1 to 9999"):
        move()


def test_times_that_the_clocks_skip_or_show_twice() -> None:
    assert moments.is_skipped(berlin(2026, 3, 29, 2, 30))
    assert not moments.is_twice(berlin(2026, 3, 29, 2, 30))
    assert moments.is_twice(berlin(2026, 10, 25, 2, 30))
    assert not moments.is_skipped(berlin(2026, 10, 25, 2, 30))
    assert not moments.is_twice(berlin(2026, 7, 1))
