"""Durations as text, the same in expressions and in activities."""

from __future__ import annotations

from datetime import timedelta


def duration_text(value: timedelta) -> str:
    """A duration in ISO 8601: `PT1H30M`, `P2DT4S`, `-PT5M`."""
    sign, rest = ("-", -value) if value < timedelta(0) else ("", value)
    minutes, seconds = divmod(rest.seconds, 60)
    hours, minutes = divmod(minutes, 60)
    fraction = f".{rest.microseconds:06d}".rstrip("0") if rest.microseconds else ""
    clock = "".join(
        [
            f"{hours}H" if hours else "",
            f"{minutes}M" if minutes else "",
            f"{seconds}{fraction}S" if seconds or fraction else "",
        ]
    )
    day = f"{rest.days}D" if rest.days else ""
    return f"{sign}P{day}{f'T{clock}' if clock else ''}" if day or clock else "PT0S"
