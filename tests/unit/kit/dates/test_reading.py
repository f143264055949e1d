"""Every usual way to write a date, by people and by programs."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from exekra.kit.dates import DateError
from exekra.kit.dates.reading import read_iso, read_usual


def at(hours: float) -> timezone:
    return timezone(timedelta(hours=hours))


MORNING = datetime(2026, 3, 5, 10)
GMT = MORNING.replace(tzinfo=UTC)
CET = MORNING.replace(tzinfo=at(1))
DAY = date(2026, 3, 5)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        # Mails: RFC 5322, and its older forms.
        ("Thu, 05 Mar 2026 10:00:00 GMT", GMT),
        ("Thu, 05 Mar 2026 10:00:00 UT", GMT),
        ("Thu, 5 Mar 2026 10:00 +0100", CET),
        ("5 Mar 2026 10:00:00 +0100", CET),
        ("Thu, 5 Mar 2026 10:00:00 +0100 (CET)", CET),
        ("Thu, 5 Mar 2026 10:00:00 EST", MORNING.replace(tzinfo=at(-5))),
        ("Thu, 5 Mar 2026 10:00:00 CST", MORNING.replace(tzinfo=at(-6))),
        ("Thu, 05 Mar 2026 10:00:00 -0000", GMT),
        ("Thu,  5  Mar  26 10:00:00 Z", GMT),
        ("5 Mar 98 10:00 GMT", datetime(1998, 3, 5, 10, tzinfo=UTC)),
        ("5 mar 2026 10:00:00 gmt", GMT),
        # HTTP, Unix, Java, logs.
        ("Thursday, 05-Mar-26 10:00:00 GMT", GMT),
        ("Thu Mar  5 10:00:00 2026", MORNING),
        ("Thu Mar 5 10:00:00 CET 2026", CET),
        ("2026-03-05 10:00:00 +0100", CET),
        ("2026-03-05 10:00:00 UTC", GMT),
        ("2026-03-05 10:00:00,123", datetime(2026, 3, 5, 10, 0, 0, 123000)),
        ("2026-03-05T10:00:00.123456789Z", datetime(2026, 3, 5, 10, 0, 0, 123456, tzinfo=UTC)),
        ("2026-03-05T10:00+01:00[Europe/Berlin]", CET),
        ("2026-03-05 10:00 Europe/Berlin", MORNING.replace(tzinfo=ZoneInfo("Europe/Berlin"))),
        ("2026-03-05 10:00 UTC+1", CET),
        # ISO 8601.
        ("2026-03-05", DAY),
        ("20260305", DAY),
        ("2026-3-5", DAY),
        ("2026-W10-4", DAY),
        ("2026W104", DAY),
        ("2026-064", DAY),
        ("20260305T100000Z", GMT),
        ("20260305T1000+0100", CET),
        ("2026-03-05t10:00z", GMT),
        ("2026-03-05T10+01", CET),
        ("2026-03-04T24:00", datetime(2026, 3, 5)),
        ("2026-12-31T23:59:60Z", datetime(2027, 1, 1, tzinfo=UTC)),
        # People.
        ("05.03.2026", DAY),
        ("5. 3. 2026", DAY),
        ("05.03.2026 10:00", MORNING),
        ("05.03.2026, 10:00 Uhr", MORNING),
        ("05/03/2026", DAY),
        ("05-03-2026", DAY),
        ("2026/03/05 10:00", MORNING),
        ("5 March 2026", DAY),
        ("5th March 2026", DAY),
        ("March 5th, 2026", DAY),
        ("Mar 5, 2026", DAY),
        ("Mar. 5, 2026 10:00 AM", MORNING),
        ("Thursday, March 5, 2026 at 10:00", None),
        ("Thu 05 Mar 2026", DAY),
        ("5. März 2026", DAY),
        ("Donnerstag, 5. März 2026, 10:00 Uhr", MORNING),
        ("5 mars 2026", DAY),
        ("1er avril 2026", date(2026, 4, 1)),
        ("05-Mar-2026", DAY),
        ("5/3/2026 1:05 p.m.", datetime(2026, 3, 5, 13, 5)),
        ("5/3/2026 12:05 AM", datetime(2026, 3, 5, 0, 5)),
        ("  5   March\n2026 ", DAY),
    ],
)
def test_a_usual_form(text: str, moment: date | None) -> None:
    if moment is None:
        with pytest.raises(DateError, match="is not in a common date format"):
            read_usual(text)
        return
    got = read_usual(text).moment
    assert got == moment
    assert type(got) is type(moment)
    if isinstance(got, datetime) and isinstance(moment, datetime):
        assert got.utcoffset() == moment.utcoffset()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("tomorrow", "is not in a common date format. Set `pattern`"),
        ("05.03.26", "is not in a common date format"),
        ("30.02.2026", "is not a date: "),
        ("2026-02-29", "is not a date: "),
        ("Fri, 05 Mar 2026 10:00:00 GMT", "another day of the week"),
        ("2026-03-05 25:00", "is not a date: hour must be in"),
        ("2026-03-05 13:00 PM", "is not a date: hour must be in 1..12"),
        ("2026-366", "2026 has no day 366"),
        ("2026-03-05 10:00 XYZ", "is not in a common date format"),
        ("2026-03-05 10:00 CST", "is not in a common date format"),  # Of China, of the United States, or of Cuba.
        ("2026-03-05 10:00 +25:00", "is not in a common date format"),
        ("2026-03-05x", "is not in a common date format"),
        ("", "is not in a common date format"),
        ("1" * 300, "at most 200 characters"),
        ("5 Foo 2026", "is not in a common date format"),
    ],
)
def test_what_is_no_date(text: str, said: str) -> None:
    with pytest.raises(DateError) as caught:
        read_usual(text)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("text", "is_guess"),
    [("03/04/2026", True), ("03-04-2026", True), ("13-04-2026", False), ("13/04/2026", False), ("04/04/2026", False)],
)
def test_a_date_that_could_be_meant_the_other_way_round_is_a_guess(text: str, is_guess: bool) -> None:
    assert read_usual(text).is_guess is is_guess
    assert not read_usual("03.04.2026").is_guess


def test_only_iso() -> None:
    assert read_iso("2026-03-05T10:00Z") == GMT
    assert read_iso("2026-W10") == date(2026, 3, 2)
    assert read_iso("2026-064") == DAY
    assert read_iso("2026-03-05 10") == MORNING
    assert read_iso("2026-03-04T24:00") == datetime(2026, 3, 5)
    with pytest.raises(DateError, match="is not a date such as 2026-03-01"):
        read_iso("05.03.2026")
