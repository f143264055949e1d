"""Dates out of a column of texts, by the engine. A text that names no day that exists becomes null."""

from __future__ import annotations

import polars as pl

from exekra.activities.csv.types import OFFSET

_TO_MINUTE, _TO_SECOND = len("2026-01-31 10:20"), len("2026-01-31 10:20:30")


def dates(value: pl.Expr) -> pl.Expr:
    """2026-01-31."""
    return value.str.to_date("%Y-%m-%d", strict=False, cache=False)  # Quicker to read than to look up.


def dotted_dates(value: pl.Expr) -> pl.Expr:
    """31.01.2026 and 1.2.2026."""
    return value.str.to_date("%d.%m.%Y", strict=False)


def moments(value: pl.Expr) -> pl.Expr:
    """2026-01-31 10:20, and with seconds, their fraction, or a T."""
    spaced = value.str.replace("T", " ", literal=True)
    to_second = (
        pl.when(value.str.len_bytes() == _TO_MINUTE).then(spaced + ":00").otherwise(spaced.str.slice(0, _TO_SECOND))
    )
    fraction = value.str.slice(_TO_SECOND + 1).str.pad_end(6, "0").cast(pl.Int64, strict=False)
    return seconds(to_second) + pl.duration(microseconds=fraction)


def dotted_moments(value: pl.Expr) -> pl.Expr:
    """31.01.2026 10:20 and 1.2.2026, 9:05, and with seconds and their fraction."""
    usual = _read(value, "%d.%m.%Y %H:%M")
    other = pl.when(usual.is_null()).then(value.str.replace(",", "", literal=True))
    is_to_minute = other.str.count_matches(":", literal=True) == 1
    to_second = pl.when(is_to_minute).then(other + ":00").otherwise(other)
    return pl.coalesce(usual, _read(to_second, "%d.%m.%Y %H:%M:%S%.f"))


def seconds(value: pl.Expr) -> pl.Expr:
    """2026-01-31 10:20:30, which the engine reads many times quicker than a form with parts that may be missing."""
    return _read(value, "%Y-%m-%d %H:%M:%S")


def without_offset(value: pl.Expr) -> pl.Expr:
    return value.str.replace(f"{OFFSET}$", "")


def _read(value: pl.Expr, form: str) -> pl.Expr:
    # Times hardly repeat, so a cache of those that were read would cost more than it saves.
    return value.str.to_datetime(form, time_unit="us", strict=False, cache=False)
