"""Time zones by their names, and by the abbreviations that mails and logs use."""

from __future__ import annotations

import re
from datetime import UTC, timedelta, timezone, tzinfo
from difflib import get_close_matches
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from exekra.kit.dates import DateError

_HOURS = {
    "GMT": 0, "UT": 0, "UTC": 0, "Z": 0, "WET": 0, "WEST": 1, "CET": 1, "CEST": 2, "MEZ": 1, "MESZ": 2,
    "EET": 2, "EEST": 3, "MSK": 3, "JST": 9, "AEST": 10, "AEDT": 11, "NZST": 12, "NZDT": 13,
    "EST": -5, "EDT": -4, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7,
}  # fmt: skip
"""Hours from UTC; with those of RFC 5322, but for CST, which is China's, too."""
_US = {"CST": -6}
_OFFSET = re.compile(r"(?:UTC|GMT)?([+-])(\d{1,2})(?::?(\d{2}))?(?::?(\d{2}))?")


def zone(name: str) -> ZoneInfo:
    """The time zone of that name.

    Raises:
        DateError: There is none; the nearest is suggested.
    """
    try:
        return ZoneInfo(name.strip())
    except (ZoneInfoNotFoundError, ValueError, OSError):
        known = available_timezones()
        by_city = {zone.rpartition("/")[2].casefold(): zone for zone in known}
        close = get_close_matches(name.rpartition("/")[2].replace(" ", "_").casefold()[:100], by_city, n=1)
        suggestion = f" Did you mean {by_city[close[0]]}?" if close else ""
        short = name if len(name) <= 40 else f"{name[:39]}…"
        raise DateError(f"There is no time zone `{short}`.{suggestion} Zones are written like Europe/Berlin.") from None


def zone_in_text(text: str, *, mail: bool = False) -> tzinfo | None:
    """The zone that stands behind a time: `+0100`, `UTC+1`, `GMT`, `Europe/Berlin`; None where it is not a zone.

    Args:
        text: The word.
        mail: Whether it stands in a mail, where CST is that of the United States.
    """
    word = text.strip("[]()")
    hours = _HOURS.get(word.upper(), _US.get(word.upper()) if mail else None)
    if hours is not None:
        return UTC if hours == 0 else timezone(timedelta(hours=hours))
    offset = _OFFSET.fullmatch(word.upper().replace("\N{MINUS SIGN}", "-"))
    if offset is not None:
        distance = timedelta(hours=int(offset[2]), minutes=int(offset[3] or 0), seconds=int(offset[4] or 0))
        if distance >= timedelta(days=1) or int(offset[3] or 0) > 59:
            return None
        return timezone(-distance if offset[1] == "-" else distance) if distance else UTC
    if "/" not in word:
        return None
    try:
        return ZoneInfo(word)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
