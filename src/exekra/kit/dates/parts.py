"""What dates are written with: names of months and days of the week, and times of day."""

from __future__ import annotations

from datetime import time, timedelta, tzinfo

_NAMES = (
    "january januar janvier|february februar février fevrier|march märz maerz mars|april avril|may mai|june juni juin|"
    "july juli juillet|august août aout|september septembre|october oktober octobre|november novembre|"
    "december dezember décembre decembre"
)
_SHORT = "jan jän janv|feb févr fevr fév|mar mär mrz|apr avr|may|jun|jul juil|aug|sep sept|oct okt|nov|dec dez déc"
MONTHS_BY_NAME = {
    name: number
    for names in (_NAMES, _SHORT)
    for number, group in enumerate(names.split("|"), 1)
    for name in group.split()
}
WEEKDAYS_BY_NAME = {
    name: number
    for number, group in enumerate(
        (
            "mon monday mo montag lun lundi", "tue tues tuesday di dienstag mar mardi",
            "wed wednesday mi mittwoch mer mercredi", "thu thur thurs thursday do donnerstag jeu jeudi",
            "fri friday fr freitag ven vendredi", "sat saturday sa samstag sonnabend sam samedi",
            "sun sunday so sonntag dim dimanche",
        )
    )
    for name in group.split()
}  # fmt: skip
"""Months from 1 and days of the week from 0 (Monday), by their names in small letters: English, German and French."""


def hour_of_half(hour: int, half: str) -> int:
    """The hour of 24 from one of 12 with `a` or `p` (or AM and PM).

    Raises:
        ValueError: There is no such hour.
    """
    if not 1 <= hour <= 12:
        raise ValueError("hour must be in 1..12")
    return hour % 12 + (12 if half[:1].lower() == "p" else 0)


def clock(hour: int, minute: int, second: int, microsecond: int, zone: tzinfo | None) -> tuple[time, timedelta]:
    """A time of day, and what is to be added to it: 24:00 is the end of the day, second 60 the next minute.

    Raises:
        ValueError: There is no such time.
    """
    extra = timedelta()
    if (hour, minute, second, microsecond) == (24, 0, 0, 0):
        hour, extra = 0, timedelta(days=1)
    if second == 60:
        second, extra = 59, extra + timedelta(seconds=1)
    return time(hour, minute, second, microsecond, tzinfo=zone), extra
