"""Dates out of a column of texts, by the engine."""

from __future__ import annotations

import polars as pl

from exekra.activities.csv.types import OFFSET

_TO_MINUTE, _TO_SECOND = len("2026-01-31 10:20"), len("2026-01-31 10:20:30")


def dates(value: pl.Expr) -> pl.Expr:
    return value.str.to_date("%Y-%m-%d", strict=False)


def without_dots(value: pl.Expr) -> pl.Expr:
    """Dates with dots, the day first, in the form of ISO 8601."""
    padded = value.str.replace(r"^([0-9])\.", "0$1.").str.replace(r"\.([0-9])\.", ".0$1.")
    hours = padded.str.replace(",? ", " ").str.replace(" ([0-9]):", " 0$1:")
    return pl.concat_str(
        hours.str.slice(6, 4),
        pl.lit("-"),
        hours.str.slice(3, 2),
        pl.lit("-"),
        hours.str.slice(0, 2),
        hours.str.slice(10),
    )


def moments(value: pl.Expr) -> pl.Expr:
    spaced = value.str.replace("T", " ", literal=True)
    to_second = (
        pl.when(value.str.len_bytes() == _TO_MINUTE).then(spaced + ":00").otherwise(spaced.str.slice(0, _TO_SECOND))
    )
    fraction = value.str.slice(_TO_SECOND + 1).str.pad_end(6, "0").cast(pl.Int64, strict=False)
    return seconds(to_second) + pl.duration(microseconds=fraction)


def seconds(value: pl.Expr) -> pl.Expr:
    # The engine reads this form many times quicker than one with parts that may be missing.
    return value.str.to_datetime("%Y-%m-%d %H:%M:%S", time_unit="us", strict=False)


def without_offset(value: pl.Expr) -> pl.Expr:
    return value.str.replace(f"{OFFSET}$", "")


def exists(shape: pl.Expr, moment: pl.Expr) -> pl.Expr:
    """Whether a text has the shape of a moment and is one that exists, also for Python, whose years begin with 1."""
    return pl.when(shape).then((moment.dt.year() >= 1).fill_null(value=False)).otherwise(shape)
