"""Dates and times: the ends of months, the switch of clocks, and every usual way to write a date."""

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from exekra.activities import date as dates
from exekra.sdk.errors import InputError
from exekra.testing.context import FakeContext

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
        (date(2026, 11, 21), {"work_days": 5}, date(2026, 11, 27)),
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
        (date(2026, 1, 31), date(2026, 2, 28), "months", 0),
        (date(2026, 1, 15), date(2026, 2, 14), "months", 0),
        (date(2026, 2, 14), date(2026, 1, 15), "months", 0),
        (date(2000, 2, 29), date(2026, 2, 28), "years", 25),
        (date(2000, 3, 1), date(2026, 2, 28), "years", 25),
        (datetime(2026, 3, 28, 12, tzinfo=BERLIN), datetime(2026, 3, 29, 12, tzinfo=BERLIN), "days", 1),
        (datetime(2026, 1, 1, 12, tzinfo=UTC), datetime(2026, 1, 1, 12, tzinfo=BERLIN), "hours", -1),
        (datetime(2026, 1, 1, 12), datetime(2026, 1, 1, 13, tzinfo=BERLIN), "minutes", 60),
    ],
)
def test_difference(start, end, unit, value):
    assert dates.difference(FakeContext(), start=start, end=end, unit=unit).value == value


def test_format():
    assert dates.format(date=datetime(2026, 1, 31, 9, 5), pattern="%d.%m.%Y %H:%M").text == "31.01.2026 09:05"
    assert dates.format(date=date(2026, 1, 31)).text == "2026-01-31"
    with pytest.raises(InputError, match="at most 200 characters"):
        dates.format(date=date(2026, 1, 31), pattern="%d" * 101)


@pytest.mark.parametrize(
    "text",
    ["2026-01-31", "31.01.2026", "31/01/2026", "20260131", "31 Jan 2026", "January 31, 2026", " 31  January 2026 "],
)
def test_usual_dates(text):
    assert dates.parse(FakeContext(), text=text).date == date(2026, 1, 31)


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
    got = dates.parse(FakeContext(), text=text, **inputs).date
    assert got == moment
    assert isinstance(got, datetime)


@pytest.mark.parametrize(("text", "pattern"), [("tomorrow", ""), ("30.02.2026", ""), ("2026-01-31", "%d.%m.%Y")])
def test_what_is_no_date(text, pattern):
    with pytest.raises(
        dates.DateFormatError,
        match=rf"`{text}` (is not (a date: |in a common date format)|does not match the date pattern)",
    ):
        dates.parse(FakeContext(), text=text, pattern=pattern)


def test_time_zones():
    noon = datetime(2026, 7, 1, 12, tzinfo=BERLIN)
    assert dates.to_time_zone(FakeContext(), date=noon, time_zone="America/New_York").date == noon
    got = dates.to_time_zone(
        FakeContext(), date=datetime(2026, 7, 1, 12), time_zone="UTC", from_time_zone="Europe/Berlin"
    ).date
    assert got == datetime(2026, 7, 1, 10, tzinfo=UTC)
    with pytest.raises(InputError, match=r"no time zone `Europe/Berln`\. Did you mean Europe/Berlin\?"):
        dates.now(time_zone="Europe/Berln")
    with pytest.raises(InputError, match="no time zone"):
        dates.now(time_zone="../../etc/passwd")


def test_what_is_guessed_is_noted():
    context = FakeContext()
    got = dates.parse(context, text="03/04/2026")
    assert got.date == date(2026, 4, 3)
    assert got.notes == context.warnings
    assert "`03/04/2026` is taken with the day first, as 2026-04-03" in got.notes[0]
    noted = dates.parse(FakeContext(), text="5-1-2026 10:00").notes
    assert noted == [
        "`5-1-2026 10:00` is taken with the day first, as 2026-01-05. Set `pattern` to %d-%m-%Y or %m-%d-%Y."
    ]
    assert dates.parse(FakeContext(), text="03.04.2026").notes == []
    assert dates.parse(FakeContext(), text="03/04/2026", pattern="%m/%d/%Y").notes == []


@pytest.mark.parametrize(
    ("text", "said", "hours"),
    [
        ("2026-03-29 02:30", "does not exist in Europe/Berlin", 1.5),
        ("2026-10-25 02:30", "is twice in Europe/Berlin", 0.5),
    ],
)
def test_a_time_that_the_clocks_skip_or_show_twice_is_noted(text, said, hours):
    got = dates.parse(FakeContext(), text=text, time_zone="Europe/Berlin")
    assert said in got.notes[0]
    midnight = datetime.fromisoformat(text[:10]).replace(tzinfo=UTC)
    assert isinstance(got.date, datetime)
    assert (got.date.astimezone(UTC) - midnight) == timedelta(hours=hours)


def test_a_moment_without_a_zone_is_taken_to_be_in_that_of_the_other_with_a_warning():
    context = FakeContext()
    noon = datetime(2026, 1, 1, 12, tzinfo=BERLIN)
    assert dates.difference(context, start=datetime(2026, 1, 1, 11), end=noon, unit="hours").value == 1
    assert dates.difference(context, start=noon, end=datetime(2026, 1, 1, 11), unit="hours").value == -1
    assert [line.partition(":")[0] for line in context.warnings] == [
        "`start` has no time zone",
        "`end` has no time zone",
    ]
    assert dates.difference(FakeContext(), start=date(2026, 1, 1), end=noon, unit="hours").value == 12


def test_a_pattern_without_a_day_is_refused():
    with pytest.raises(InputError, match="names no day"):
        dates.parse(FakeContext(), text="10:20", pattern="%H:%M")


def test_holidays_are_no_working_days():
    christmas = [date(2026, 12, 25), datetime(2026, 12, 24, 12)]
    assert dates.add(date=date(2026, 12, 23), work_days=1, holidays=christmas).date == date(2026, 12, 28)


def test_a_date_in_a_form_may_have_any_form_of_iso():
    assert dates._moment("2026-W10-4") == date(2026, 3, 5)
    assert dates._moment("2026-03-05T10:00Z") == datetime(2026, 3, 5, 10, tzinfo=UTC)
    with pytest.raises(ValueError, match="use Parse Date"):
        dates._moment("05.03.2026")


@pytest.mark.parametrize("text", ["31.12.9999 24:00", "9999-12-31T23:59:60Z", "0000-01-01"])
def test_a_text_beyond_the_calendar_is_not_a_date(text):
    with pytest.raises(dates.DateFormatError, match=r"is not a date: .* out of range"):
        dates.parse(FakeContext(), text=text)


@pytest.mark.parametrize("moment", [datetime(1, 1, 1), datetime(9999, 12, 31, 23, 59, tzinfo=UTC)])
def test_a_time_elsewhere_beyond_the_calendar(moment):
    zone = "America/Los_Angeles" if moment.year == 1 else "Asia/Tokyo"
    with pytest.raises(InputError, match="outside the years 1 to 9999"):
        dates.to_time_zone(FakeContext(), date=moment, time_zone=zone, from_time_zone="UTC")
    with pytest.raises(InputError, match="outside the years 1 to 9999"):
        dates.to_time_zone(FakeContext(), date=moment, time_zone=zone)
