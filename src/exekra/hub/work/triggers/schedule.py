"""When a schedule fires: cron expressions in a time zone, over daylight-saving changes. Pure.

A time that the clocks skip in spring fires when they have been put forward. A time that comes twice in autumn fires at
the first of the two, unless the expression means each hour or several times an hour: then every one fires.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, cached_property
from itertools import islice
from zoneinfo import ZoneInfo, available_timezones

from cronsim import CronSim, CronSimError

from exekra.hub.core.errors import Invalid

FIELDS = 5
MOST_LOOKED_AT = 100_000
"""How many times are looked at before a schedule counts as one that never fires."""
LATEST_START = timedelta(days=50 * 365)
_NAMED = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
}


@dataclass(frozen=True)
class Schedule:
    """When something is due.

    Attributes:
        cron: Minute, hour, day of the month, month, day of the week; or a name such as `@daily`.
        time_zone: The name of a time zone, such as `Europe/Berlin`.
        starts_at: Before this moment, nothing is due.
        ends_at: After this moment, nothing is due.
    """

    cron: str
    time_zone: str = "UTC"
    starts_at: datetime | None = None
    ends_at: datetime | None = None

    def check(self, now: datetime) -> None:
        """Raise Invalid where the schedule cannot be read, or will never fire again."""
        _zone(self.time_zone)
        _parsed(self.cron, now)
        if self.starts_at is not None and self.ends_at is not None and self.ends_at <= self.starts_at:
            raise Invalid("The schedule ends before it starts.", where="body.ends_at")
        if self.starts_at is not None and self.starts_at - now > LATEST_START:
            years = LATEST_START.days // 365
            raise Invalid(f"The schedule starts more than {years} years from now.", where="body.starts_at")
        if self.next_after(now) is None:
            over = self.ends_at is not None and self.ends_at <= now
            reason = "its end has passed" if over else "none of its times is between its start and its end"
            raise Invalid(f"The schedule will not fire: {reason}.", code="never-fires", where="body.ends_at")

    def next_after(self, moment: datetime) -> datetime | None:
        """The first time after that moment, in UTC; None if there is none."""
        return next(self.after(moment), None)

    def after(self, moment: datetime) -> Iterator[datetime]:
        """All times after that moment, in UTC."""
        if self.starts_at is not None and moment < self.starts_at:
            moment = self.starts_at - timedelta(microseconds=1)
        times = CronSim(self._five, moment.astimezone(_zone(self.time_zone)))
        for time in islice(times, MOST_LOOKED_AT):
            due = time.astimezone(UTC)
            if due <= moment:
                continue  # Begun within the hour that comes twice, the library starts with its first pass.
            if self.ends_at is not None and due > self.ends_at:
                return
            yield due

    @cached_property
    def words(self) -> str:
        """The expression for people: "At 09:00 on Monday through Friday"."""
        text: str = CronSim(self._five, datetime.now(UTC)).explain()
        return text

    @property
    def _five(self) -> str:
        return _NAMED.get(self.cron.strip().lower(), self.cron)


@cache
def _zone_names() -> frozenset[str]:
    """The names of all time zones; to collect them takes a walk through the file system."""
    return frozenset(available_timezones())


def _zone(name: str) -> ZoneInfo:
    if name not in _zone_names():
        raise Invalid(
            f"There is no time zone {name!r}.", where="body.time_zone", hint="Use a name such as Europe/Berlin or UTC."
        )
    return ZoneInfo(name)


def _parsed(cron: str, now: datetime) -> None:
    text = cron.strip()
    hint = "Write minute, hour, day of the month, month, day of the week: `0 9 * * MON-FRI` is 9:00 on weekdays."
    if text.startswith("@"):
        if text.lower() not in _NAMED:
            known = ", ".join(_NAMED)
            raise Invalid(f"{text!r} is not the name of a schedule.", where="body.cron", hint=f"The names: {known}.")
        return
    if len(text.split()) != FIELDS:
        raise Invalid(
            f"{text!r} has {len(text.split())} fields, but a cron expression has {FIELDS}.",
            where="body.cron",
            hint=hint,
        )
    try:
        next(CronSim(text, now))
    except CronSimError as error:
        reason = str(error)
        raise Invalid(f"{text!r} is not a valid cron expression: {reason[0].lower()}{reason[1:]}.", where="body.cron",
                      hint=hint) from None  # fmt: skip
    except StopIteration:
        raise Invalid(f"{text!r} never fires: there is no such day.", code="never-fires", where="body.cron") from None
