"""When schedules fire: expressions, time zones, daylight-saving changes. No Hub is needed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

import pytest

from exekra.hub.core.errors import Invalid
from exekra.hub.work.triggers.schedule import Schedule

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)


def local_times(schedule: Schedule, after: datetime, count: int) -> list[str]:
    zone = ZoneInfo(schedule.time_zone)
    return [f"{time.astimezone(zone):%a %m-%d %H:%M %z}" for time in islice(schedule.after(after), count)]


def test_weekdays_at_nine_in_berlin() -> None:
    schedule = Schedule("0 9 * * MON-FRI", "Europe/Berlin")
    assert local_times(schedule, datetime(2026, 12, 3, 12, tzinfo=BERLIN), 3) == [
        "Fri 12-04 09:00 +0100", "Mon 12-07 09:00 +0100", "Tue 12-08 09:00 +0100",
    ]  # fmt: skip
    assert schedule.words == "At 09:00 on Monday through Friday"


def test_a_time_that_spring_skips_fires_when_the_clocks_are_forward() -> None:
    schedule = Schedule("30 2 * * *", "Europe/Berlin")
    assert local_times(schedule, datetime(2026, 3, 28, 12, tzinfo=BERLIN), 2) == [
        "Sun 03-29 03:00 +0200", "Mon 03-30 02:30 +0200",
    ]  # fmt: skip


def test_a_time_that_autumn_repeats_fires_once() -> None:
    schedule = Schedule("30 2 * * *", "Europe/Berlin")
    assert local_times(schedule, datetime(2026, 10, 24, 12, tzinfo=BERLIN), 2) == [
        "Sun 10-25 02:30 +0200", "Mon 10-26 02:30 +0100",
    ]  # fmt: skip
    again = datetime(2026, 10, 25, 0, 45, tzinfo=UTC)  # 02:45 in summer time: its first pass is over
    assert local_times(schedule, again, 1) == ["Mon 10-26 02:30 +0100"]


def test_every_half_hour_fires_in_both_passes_of_the_repeated_hour() -> None:
    schedule = Schedule("*/30 * * * *", "Europe/Berlin")
    times = list(islice(schedule.after(datetime(2026, 10, 24, 23, 45, tzinfo=UTC)), 6))
    assert {later - earlier for earlier, later in pairwise(times)} == {timedelta(minutes=30)}


@pytest.mark.parametrize(
    ("cron", "after", "times"),
    [
        ("15 2 * * *", datetime(2026, 10, 3, 14, tzinfo=UTC), ["Sun 10-04 02:30 +1100", "Mon 10-05 02:15 +1100"]),
        ("45 1 * * *", datetime(2026, 4, 4, 14, tzinfo=UTC), ["Sun 04-05 01:45 +1100", "Mon 04-06 01:45 +1030"]),
        ("45 1 * * *", datetime(2026, 4, 4, 15, 5, tzinfo=UTC), ["Mon 04-06 01:45 +1030"]),
        ("*/30 * * * *", datetime(2026, 4, 4, 14, 25, tzinfo=UTC), ["Sun 04-05 01:30 +1100", "Sun 04-05 01:30 +1030"]),
    ],
)
def test_clocks_that_change_by_half_an_hour(cron: str, after: datetime, times: list[str]) -> None:
    assert local_times(Schedule(cron, "Australia/Lord_Howe"), after, len(times)) == times


def test_leap_days() -> None:
    assert [time.year for time in islice(Schedule("0 0 29 2 *").after(NOW), 3)] == [2028, 2032, 2036]


def test_names_and_both_sundays() -> None:
    assert local_times(Schedule("@daily"), NOW, 1) == ["Wed 12-02 00:00 +0000"]
    assert local_times(Schedule("0 0 * * 0"), NOW, 2) == local_times(Schedule("0 0 * * 7"), NOW, 2)


def test_beginning_and_end() -> None:
    schedule = Schedule("0 9 * * *", "UTC", datetime(2026, 12, 10, tzinfo=UTC), datetime(2026, 12, 11, 9, tzinfo=UTC))
    assert local_times(schedule, NOW, 5) == ["Thu 12-10 09:00 +0000", "Fri 12-11 09:00 +0000"]
    assert schedule.next_after(datetime(2026, 12, 11, 9, tzinfo=UTC)) is None


@pytest.mark.parametrize(
    ("cron", "message"),
    [
        ("0 9 * *", "has 4 fields, but a cron expression has 5"),
        ("* * * * * *", "has 6 fields"),
        ("0 0 30 2 *", "never fires|not a valid"),
        ("61 * * * *", "not a valid cron expression: bad minute"),
        ("@fortnightly", "is not the name of a schedule"),
        ("", "has 0 fields"),
    ],
)
def test_what_is_no_schedule(cron: str, message: str) -> None:
    with pytest.raises(Invalid, match=message):
        Schedule(cron).check(NOW)


def test_a_time_zone_that_is_gone_and_an_end_that_has_passed() -> None:
    with pytest.raises(Invalid, match="There is no time zone 'Mars/Base'"):
        Schedule("@daily", "Mars/Base").check(NOW)
    with pytest.raises(Invalid, match="its end has passed"):
        Schedule("@daily", "UTC", None, NOW - timedelta(days=1)).check(NOW)
    with pytest.raises(Invalid, match="ends before it starts"):
        Schedule("@daily", "UTC", NOW + timedelta(days=2), NOW + timedelta(days=1)).check(NOW)
    with pytest.raises(Invalid, match="none of its times is between its start and its end"):
        Schedule("@daily", "UTC", None, NOW + timedelta(hours=1)).check(NOW)
    with pytest.raises(Invalid, match="starts more than 50 years from now"):
        Schedule("@daily", "UTC", datetime.max.replace(tzinfo=UTC)).check(NOW)
