"""Texts as requests may hold them."""

from __future__ import annotations

from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field

from exekra.hub.core.errors import Invalid


def _without_nul(text: str) -> str:
    if "\0" in text:
        raise ValueError("a text may not hold the NUL character")
    return text


PlainText = Annotated[str, AfterValidator(_without_nul)]
"""A text that PostgreSQL can hold."""

Label = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.:/-]{0,62}$", examples=["finance"])]
"""What Runners are chosen by."""


def time_zone_of(name: str) -> ZoneInfo:
    """The time zone of that IANA name, such as `Europe/Vienna`.

    Raises:
        Invalid: There is none.
    """
    try:
        return ZoneInfo(name)
    except (LookupError, ValueError, OSError):
        raise Invalid(
            f"{name!r} is not a time zone.", where="query.time_zone", hint="Write it like Europe/Vienna, or UTC."
        ) from None
