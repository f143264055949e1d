"""Periods are cut where people's days and hours begin."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from exekra.hub.core.errors import Invalid
from exekra.hub.core.periods import MOST_BUCKETS, WIDTHS, Bucket, Period

NOW = datetime(2026, 3, 30, 12, 34, 56, 789_000, tzinfo=UTC)
VIENNA = ZoneInfo("Europe/Vienna")


def period(length: timedelta) -> Period:
    return Period.of(NOW - length, None, NOW, usual=timedelta(hours=24))


def test_a_period_begins_at_five_full_seconds_and_ends_where_it_was_told() -> None:
    assert period(timedelta(hours=1)) == Period(datetime(2026, 3, 30, 11, 34, 55, tzinfo=UTC), NOW)


@pytest.mark.parametrize("length", [0.01, 1, 15, 24, 60, 24 * 7, 24 * 31, 24 * 60, 24 * 399])
@pytest.mark.parametrize("zone", [ZoneInfo("UTC"), VIENNA, ZoneInfo("Asia/Kathmandu")])
def test_buckets_cover_the_period_without_a_gap(length: float, zone: ZoneInfo) -> None:
    one = period(timedelta(hours=length))
    for bucket in Bucket:
        if (one.until - one.since) / WIDTHS[bucket] > MOST_BUCKETS:
            with pytest.raises(Invalid):
                one.buckets(bucket, zone)
            continue
        found = one.buckets(bucket, zone)
        assert (found[0].since, found[-1].until) == (one.since, one.until)
        assert all(part.since < part.until for part in found)
        assert [part.since for part in found[1:]] == [part.until for part in found[:-1]]
    assert len(one.buckets(one.bucket(), zone)) <= MOST_BUCKETS


def test_days_begin_at_midnight_also_where_the_clock_is_set() -> None:
    """On the 29th of March 2026 a day in Vienna has 23 hours."""
    found = period(timedelta(days=3)).buckets(Bucket.DAY, VIENNA)
    assert [part.since.astimezone(VIENNA).hour for part in found[1:]] == [0, 0, 0]
    assert found[2].until - found[2].since == timedelta(hours=23)
    assert [
        part.since.astimezone(VIENNA).weekday() for part in period(timedelta(days=20)).buckets(Bucket.WEEK, VIENNA)
    ][1:] == [0, 0, 0]


@pytest.mark.parametrize(
    ("since", "until"),
    [
        ("0001-01-01T00:00:00+14:00", "0001-01-02T00:00:00+14:00"),
        ("0001-01-01T00:00:00+00:00", "0001-01-02T00:00:00+00:00"),
        (None, "9999-12-31T23:59:59-12:00"),
        (None, "9999-12-31T23:59:59+00:00"),
        (None, "1970-01-01T00:00:00+00:00"),
    ],
)
def test_the_ends_of_time_are_refused(since: str | None, until: str) -> None:
    moments = (datetime.fromisoformat(since) if since else None, datetime.fromisoformat(until))
    with pytest.raises(Invalid):
        Period.of(*moments, NOW, usual=timedelta(hours=24))


@pytest.mark.parametrize("zone", [VIENNA, ZoneInfo("America/New_York")])
def test_hours_go_on_where_the_clock_is_set_back(zone: ZoneInfo) -> None:
    end = datetime(2026, 11, 2, tzinfo=UTC)
    found = Period(end - timedelta(days=9), end).buckets(Bucket.SIX_HOURS, zone)
    assert all(timedelta(0) < part.until - part.since <= timedelta(hours=7) for part in found)
