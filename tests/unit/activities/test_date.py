"""Dates and times: the ends of months, the switch of clocks, and every usual way to write a date."""

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from exekra.activities import date as dates
from exekra.sdk.errors import InputError

BERLIN = ZoneInfo("Europe/Berlin")


def test_now():
    got = dates.now(time_zone="Europe/Berlin")
    assert got.now.tzinfo == BERLIN
    assert got.date == got.now.date()
    assert got.weekday == got.now.strftime("%A")
    assert got.timestamp == got.now.timestamp()
    assert dates.now().now.tzinfo is not None


@pytest.mark.parametrize(
    ("start", "inputs", "end"),
    [
        (date(2026, 1, 31), {"months": 1}, date(2026, 2, 28)),
        (date(2024, 2, 29), {"years": 1}, date(2025, 2, 28)),
        (date(2026, 1, 15), {"months": -13}, date(2024, 12, 15)),
        (date(2026, 1, 1), {"weeks": 1, "days": -1}, date(2026, 1, 7)),
        (date(2026, 1, 1), {"hours": 25}, datetime(2026, 1, 2, 1)),
        (date(2026, 1, 1), {"days": 0.5}, datetime(2026, 1, 1, 12)),
        (datetime(2026, 3, 28, 12, tzinfo=BERLIN), {"days": 1}, datetime(2026, 3, 29, 12, tzinfo=BERLIN)),
        (datetime(2026, 3, 28, 12, tzinfo=BERLIN), {"hours": 24}, datetime(2026, 3, 29, 13, tzinfo=BERLIN)),
        (date(2026, 11, 20), {"work_days": 1}, date(2026, 11, 23)),
        (date(2026, 11, 20), {"work_days": 11}, date(2026, 12, 7)),
        (date(2026, 11, 23), {"work_days": -1}, date(2026, 11, 20)),
        (date(2026, 11, 21), {"work_days": 5}, date(2026, 11, 30)),
        (date(2026, 11, 21), {"work_days": 0}, date(2026, 11, 21)),
    ],
)
def test_add(start, inputs, end):
    got = dates.add(date=start, **inputs).date
    assert got == end
    assert type(got) is type(end)


@pytest.mark.parametrize("inputs", [{"years": 8000}, {"days": 1e9}, {"work_days": 10**7}, {"months": -(10**9)}])
def test_beyond_the_calendar(inputs):
    with pytest.raises(InputError, match="years 1 to 9999"):
        dates.add(date=date(2026, 1, 1), **inputs)


@pytest.mark.parametrize(
    ("start", "end", "unit", "value"),
    [
        (date(2026, 1, 1), date(2026, 1, 31), "days", 30),
        (date(2026, 1, 31), date(2026, 1, 1), "days", -30),
        (datetime(2026, 1, 1, 12), date(2026, 1, 2), "hours", 12),
        (date(2026, 1, 31), date(2026, 2, 28), "months", 1),
        (date(2026, 1, 15), date(2026, 2, 14), "months", 0),
        (date(2026, 2, 14), date(2026, 1, 15), "months", 0),
        (date(2000, 2, 29), date(2026, 2, 28), "years", 26),
        (date(2000, 3, 1), date(2026, 2, 28), "years", 25),
        (datetime(2026, 3, 28, 12, tzinfo=BERLIN), datetime(2026, 3, 29, 12, tzinfo=BERLIN), "days", 1),
        (datetime(2026, 1, 1, 12, tzinfo=UTC), datetime(2026, 1, 1, 12, tzinfo=BERLIN), "hours", -1),
        (datetime(2026, 1, 1, 12), datetime(2026, 1, 1, 13, tzinfo=BERLIN), "minutes", 60),
    ],
)
def test_difference(start, end, unit, value):
    assert dates.difference(start=start, end=end, unit=unit).value == value


def test_format():
    assert dates.format(date=datetime(2026, 1, 31, 9, 5), pattern="%d.%m.%Y %H:%M").text == "31.01.2026 09:05"
    assert dates.format(date=date(2026, 1, 31)).text == "2026-01-31"
    with pytest.raises(InputError, match="longer than 200"):
        dates.format(date=date(2026, 1, 31), pattern="%d" * 101)


@pytest.mark.parametrize(
    "text",
    ["2026-01-31", "31.01.2026", "31/01/2026", "20260131", "31 Jan 2026", "January 31, 2026", " 31  January 2026 "],
)
def test_usual_dates(text):
    assert dates.parse(text=text).date == date(2026, 1, 31)


@pytest.mark.parametrize(
    ("text", "inputs", "moment"),
    [
        ("2026-01-31T10:20:30Z", {}, datetime(2026, 1, 31, 10, 20, 30, tzinfo=UTC)),
        ("2026-01-31 10:20", {}, datetime(2026, 1, 31, 10, 20)),
        ("2026-01-31 10:20", {"time_zone": "Europe/Berlin"}, datetime(2026, 1, 31, 10, 20, tzinfo=BERLIN)),
        ("31.01.2026 10:20", {}, datetime(2026, 1, 31, 10, 20)),
        ("Sat, 31 Jan 2026 10:20:00 +0200", {}, datetime(2026, 1, 31, 10, 20, tzinfo=timezone(timedelta(hours=2)))),
        ("01/31/26 5 PM", {"pattern": "%m/%d/%y %I %p"}, datetime(2026, 1, 31, 17)),
    ],
)
def test_usual_times(text, inputs, moment):
    got = dates.parse(text=text, **inputs).date
    assert got == moment
    assert isinstance(got, datetime)


@pytest.mark.parametrize(("text", "pattern"), [("tomorrow", ""), ("30.02.2026", ""), ("2026-01-31", "%d.%m.%Y")])
def test_what_is_no_date(text, pattern):
    with pytest.raises(
        dates.DateFormatError, match=rf"`{text}` (is not in a common date format|does not match the date pattern)"
    ):
        dates.parse(text=text, pattern=pattern)


def test_time_zones():
    noon = datetime(2026, 7, 1, 12, tzinfo=BERLIN)
    assert dates.to_time_zone(date=noon, time_zone="America/New_York").date == noon
    got = dates.to_time_zone(date=datetime(2026, 7, 1, 12), time_zone="UTC", from_time_zone="Europe/Berlin").date
    assert got == datetime(2026, 7, 1, 10, tzinfo=UTC)
    with pytest.raises(InputError, match=r"no time zone `Europe/Berln`\. Did you mean Europe/Berlin\?"):
        dates.now(time_zone="Europe/Berln")
    with pytest.raises(InputError, match="no time zone"):
        dates.now(time_zone="../../etc/passwd")
