"""Dates and times with one meaning wherever a workflow uses them: activities and expressions.

A moment with a time zone is a moment, not what a clock on the wall shows: two of them are compared, subtracted and
sorted as such. Hours, minutes and seconds pass; days, weeks, months and years go by the calendar and keep the time of
day.
"""

from __future__ import annotations


class DateError(ValueError):
    """A text, a pattern or a pair of moments does not mean what it should; the message says why, in sentences."""


class DateRangeError(DateError):
    """The result is outside the years 1 to 9999."""

    def __init__(self) -> None:
        super().__init__("The result is outside the years 1 to 9999.")
