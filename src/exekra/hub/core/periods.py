"""Periods, and the buckets that they are divided into. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Self
from uuid import UUID
from zoneinfo import ZoneInfo

from exekra.hub.core.errors import Invalid
from exekra.kit.ids import first_id

EARLIEST, LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)
LONGEST = timedelta(days=400)
MOST_BUCKETS = 62
GRAIN = timedelta(seconds=5)
"""The start of a period is rounded to this, so that browsers that ask one after another ask the same."""


class Bucket(StrEnum):
    """How wide the columns of a chart are."""

    MINUTE = "minute"
    QUARTER = "quarter-hour"
    HOUR = "hour"
    SIX_HOURS = "six-hours"
    DAY = "day"
    WEEK = "week"


WIDTHS = {
    Bucket.MINUTE: timedelta(minutes=1),
    Bucket.QUARTER: timedelta(minutes=15),
    Bucket.HOUR: timedelta(hours=1),
    Bucket.SIX_HOURS: timedelta(hours=6),
    Bucket.DAY: timedelta(days=1),
    Bucket.WEEK: timedelta(days=7),
}


@dataclass(frozen=True, slots=True)
class Period:
    """The time from `since` to before `until`."""

    since: datetime
    until: datetime

    @classmethod
    def of(cls, since: datetime | None, until: datetime | None, now: datetime, *, usual: timedelta) -> Self:
        """The period of a request; without an end it ends now, without a start it has the default length.

        Raises:
            Invalid: It has no length, is longer than 400 days, or is before 1970 or after 9998.
        """
        try:
            end = (until or now).astimezone(UTC)
            begin = since.astimezone(UTC) if since else end - usual
        except OverflowError:
            raise _out_of_range() from None
        if begin < EARLIEST or end > LATEST:
            raise _out_of_range()
        begin -= (begin - EARLIEST) % GRAIN
        length = end - begin
        if not timedelta(0) < length <= LONGEST:
            raise Invalid(
                f"The time from `since` to `until` must be longer than zero and at most {LONGEST.days} days.",
                where="query.since",
            )
        return cls(begin, end)

    @property
    def before(self) -> Period:
        """The period of the same length that ended when this one began."""
        return Period(self.since - (self.until - self.since), self.since)

    @property
    def ids(self) -> tuple[UUID, UUID]:
        """The smallest id of the period, and the smallest one after it."""
        return first_id(self.since), first_id(self.until)

    @property
    def freshness(self) -> float:
        """How many seconds old an answer about it may be: less changes in a long period in the same time."""
        return 2.0 if self.until - self.since <= timedelta(days=3) else 10.0

    def parts(self, count: int) -> list[Period]:
        """That many parts of the same length."""
        step = (self.until - self.since) / count
        edges = [*(self.since + step * number for number in range(count)), self.until]
        return [Period(begin, end) for begin, end in pairwise(edges)]

    def bucket(self) -> Bucket:
        """The narrowest bucket that a chart of this period has room for."""
        length = self.until - self.since
        return next(bucket for bucket in Bucket if length / WIDTHS[bucket] <= MOST_BUCKETS - 2)

    def buckets(self, bucket: Bucket, zone: ZoneInfo) -> list[Period]:
        """The buckets of the period, aligned to full hours, days or weeks of that time zone; the first and the last one
        may be shorter.

        Raises:
            Invalid: There are too many of them.
        """
        if (self.until - self.since) / WIDTHS[bucket] > MOST_BUCKETS:
            raise Invalid(
                f"The chart would have more than {MOST_BUCKETS} columns.",
                where="query.bucket",
                hint="Use a wider bucket or a shorter period, or omit `bucket`.",
            )
        edges = [self.since]
        while (edge := _next_edge(edges[-1], bucket, zone)) < self.until:
            edges.append(edge)
        return [Period(begin, end) for begin, end in zip(edges, [*edges[1:], self.until], strict=True)]


def _out_of_range() -> Invalid:
    return Invalid("That period is out of range.", where="query.until")


def _next_edge(moment: datetime, bucket: Bucket, zone: ZoneInfo) -> datetime:
    """The first full hour, day or week after a moment, as clocks in that zone show it."""
    local = moment.astimezone(zone)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
    width = WIDTHS[bucket]
    if width >= timedelta(days=1):
        days = 7 - midnight.weekday() if bucket is Bucket.WEEK else 1
        return (midnight + timedelta(days=days)).replace(tzinfo=zone).astimezone(UTC)
    passed = local.replace(tzinfo=None) - midnight
    edge = (midnight + (passed // width + 1) * width).replace(tzinfo=zone, fold=local.fold).astimezone(UTC)
    return edge if edge > moment else moment.astimezone(UTC) + width


def id_bounds(periods: Sequence[Period]) -> tuple[list[UUID], list[UUID]]:
    """The smallest ids of the periods, and the smallest ids after each."""
    return [period.ids[0] for period in periods], [period.ids[1] for period in periods]


def time_zone_of(name: str) -> ZoneInfo:
    """The time zone with that IANA name, such as `Europe/Vienna`.

    Raises:
        Invalid: There is none.
    """
    try:
        return ZoneInfo(name)
    except (LookupError, ValueError, OSError):
        raise Invalid(
            f"{name!r} is not a valid time zone.", where="query.time_zone", hint="Write it like Europe/Vienna, or UTC."
        ) from None
