"""Dates by a pattern: what the letters mean, whichever machine reads and writes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from exekra.kit.dates import DateError
from exekra.kit.dates.patterns import read_moment, write_moment

CET = timezone(timedelta(hours=1))


@pytest.mark.parametrize(
    ("text", "pattern", "moment"),
    [
        ("Thu, 05 Mar 2026 10:00:00 GMT", "%a, %d %b %Y %H:%M:%S GMT", datetime(2026, 3, 5, 10, tzinfo=UTC)),
        ("2026-03-05T10:00:00Z", "%Y-%m-%dT%H:%M:%SZ", datetime(2026, 3, 5, 10, tzinfo=UTC)),
        ("2026-03-05 10:00 CET", "%F %R %Z", datetime(2026, 3, 5, 10, tzinfo=CET)),
        ("5. März 2026", "%d. %B %Y", date(2026, 3, 5)),
        ("5 Oct 2026", "%d %b %Y", date(2026, 10, 5)),
        ("2026/064", "%Y/%j", date(2026, 3, 5)),
        ("2026-W10-4", "%G-W%V-%u", date(2026, 3, 5)),
        ("1772704800", "%s", datetime(2026, 3, 5, 10, tzinfo=UTC)),
        ("1772704800.25", "%s", datetime(2026, 3, 5, 10, 0, 0, 250000, tzinfo=UTC)),
        ("1772704800250", "%Q", datetime(2026, 3, 5, 10, 0, 0, 250000, tzinfo=UTC)),
        ("04.03.2026 24:00", "%d.%m.%Y %H:%M", datetime(2026, 3, 5)),
        ("5.3.2026   10:00", "%-d.%-m.%Y %H:%M", datetime(2026, 3, 5, 10)),
        ("05.03.69", "%d.%m.%y", date(1969, 3, 5)),
        ("05.03.68", "%d.%m.%y", date(2068, 3, 5)),
    ],
)
def test_a_text_is_read(text: str, pattern: str, moment: date) -> None:
    got = read_moment(text, pattern)
    assert got == moment
    assert type(got) is type(moment)


@pytest.mark.parametrize(
    ("text", "pattern", "said"),
    [
        ("05.03.2026 10:00 XYZ", "%d.%m.%Y %H:%M %Z", "XYZ is not a time zone"),
        ("24:00", "%H:%M", "a time on the next day"),
        ("5 Foo 2026", "%d %B %Y", "does not match the date pattern"),
        ("-99999999999", "%s", "is not a date or time"),
        ("366/2026", "%j/%Y", "2026 has no day 366"),
    ],
)
def test_what_is_not_read(text: str, pattern: str, said: str) -> None:
    with pytest.raises(DateError, match=said):
        read_moment(text, pattern)


def test_a_moment_is_written() -> None:
    moment = datetime(2026, 3, 5, 9, 4, 3, tzinfo=CET)
    assert write_moment(moment, "%F %T %z %Z") == "2026-03-05 09:04:03 +01:00 UTC+01:00"
    assert (
        write_moment(moment, "%-d.%-m.%Y %-H:%M %e %D %R %h %w %U %W") == "5.3.2026 9:04  5 03/05/26 09:04 Mar 4 09 09"
    )
    assert write_moment(datetime(2026, 3, 5), "%-H%%T") == "0%T"
    for day in (date(2026, 1, 1), date(2023, 1, 1), date(2026, 12, 31)):
        assert write_moment(day, "%U %W") == day.strftime("%U %W")


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("dd.MM.yyyy", "`dd.MM.yyyy` names no part of a date. Its letters have a % before them: %d.%m.%Y"),
        ("YYYY-MM-DDTHH:mm:ss", "before them: %Y-%m-%dT%H:%M:%S"),
        ("M/d/yy h:mm tt", "before them: %-m/%-d/%y %-I:%M %p"),
        ("dd.mm.yyyy", "before them: %d.%m.%Y"),
        ("dd/mm/yyyy hh:mm", "before them: %d/%m/%Y %I:%M"),
        ("yyyymmddHHmmss", "before them: %Y%m%d%H%M%S"),
        ("mm:ss", "before them: %M:%S"),
        ("DD.MM.YYYY HH:MM:SS", "before them: %d.%m.%Y %H:%M:%S"),
        ("", r"\(empty\) names no part of a date. Its letters have a % before them: %d.%m.%Y"),
        ("100%%", "names no part of a date"),
        ("%d.%q", "`%q` has no meaning in a date"),
    ],
)
def test_a_pattern_that_would_stand_there_instead_of_dates_is_refused(pattern: str, said: str) -> None:
    with pytest.raises(DateError, match=said):
        write_moment(date(2026, 1, 31), pattern)


@pytest.mark.parametrize(
    ("text", "pattern", "said"),
    [
        ("Sunday 05.01.2026", "%A %d.%m.%Y", "2026-01-05 is a Monday"),
        ("Sun 5 Jan 26", "%a %e %b %y", "2026-01-05 is a Monday"),
        ("2026-01-05 7", "%Y-%m-%d %u", "2026-01-05 is a Monday"),
    ],
)
def test_a_weekday_that_is_not_that_of_the_day_is_refused(text: str, pattern: str, said: str) -> None:
    with pytest.raises(DateError, match=said):
        read_moment(text, pattern)
    assert read_moment("Monday 05.01.2026", "%A %d.%m.%Y") == date(2026, 1, 5)
