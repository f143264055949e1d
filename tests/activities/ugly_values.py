"""Hypothesis strategies for what other people's data holds, and for the inputs of any activity."""

from __future__ import annotations

import string
import types
import typing
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any, Literal
from zoneinfo import ZoneInfo

from annotated_types import Ge, Le, MinLen
from hypothesis import strategies as st

from exekra.sdk.table import Table
from exekra.sdk.types import Widget

HALF = "\ud83d"

ODD_TEXTS = [
    *("", " ", "\0", HALF, f"hi {HALF}", "\udcfc", "\ufeffa", "a\r\nb", "\x85", "\u2028", "M\u00fcller", "\ufffd"),
    *("null", "NaN", "inf", "-0", "1e400", "1.234,56", "1,5", "00123", "12E5", "9" * 30, "TRUE", "0x1F", "1_000"),
    *("2026-02-30", "31.12.2026", "Sun, 06 Nov 1994 08:49:37 GMT", "0000-00-00", "24:00", "P1D", "2026-03-29T02:30"),
    *(
        "31.12.9999 24:00",
        "0001-01-01T00:00+14:00",
        "\u200e1/2/2026",
        "US/Pacific-New",
        "1E309",
        "-.5e-400",
        "\N{MINUS SIGN}1",
    ),
    *("=1+1", "'", '"', "a;b", "{a}", "{{b}}", "(", "[", "\\", "(a+)+$", "[[:alpha:]]", "%d %Q %", "$A$1", "A1:B2"),
    *("\U0001f469\u200d\U0001f467", "e\u0301", "\u202eabc", "x" * 300, "<b>&amp;</b>", '{"a": NaN}', "[1, 2", "ß"),
]
TEXTS = st.one_of(
    st.text(max_size=12),
    st.text(st.characters(codec=None), max_size=6),  # Half characters too.
    st.sampled_from(ODD_TEXTS),
)
INTEGERS = st.one_of(
    st.integers(-3, 12), st.sampled_from([2**31, 2**53 + 1, 2**63, -(2**63) - 1, 10**30, -(10**400), 10**4299])
)
FLOATS = st.one_of(st.floats(-10, 10), st.sampled_from([float("nan"), float("inf"), -0.0, 5e-324, 1e308, 1e16, 0.1]))
ZONES = st.sampled_from([None, UTC, timezone(timedelta(hours=-23, minutes=-59)), ZoneInfo("Europe/Berlin")])
DATETIMES = st.one_of(
    st.builds(lambda moment, zone: moment.replace(tzinfo=zone), st.datetimes(), ZONES),
    st.sampled_from([datetime.min, datetime.max, datetime.max.replace(tzinfo=UTC), datetime(2026, 3, 29, 2, 30)]),
)
DATES = st.one_of(st.dates(), st.sampled_from([date.min, date.max, date(1900, 2, 28), date(2024, 2, 29)]))
MOMENTS = st.one_of(DATES, DATETIMES)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    INTEGERS,
    FLOATS,
    TEXTS,
    MOMENTS,
    st.times(),
    st.builds(time, st.integers(0, 23), tzinfo=st.just(UTC)),
    st.timedeltas(),
    st.decimals(allow_nan=False),
    st.sampled_from([Decimal("1E+400"), Decimal("0.10"), timedelta.max, timedelta.min]),
    st.sampled_from([Decimal("NaN"), Decimal("sNaN"), Decimal("-Infinity"), Decimal("1E+999999")]),
)
NAMES = st.one_of(st.sampled_from(["a", "b", "A", "", " a", "a.b", "größe", HALF, "x" * 300, "Column 1"]), TEXTS)


def _table(names: list[str], rows: list[list[Any]]) -> Table:
    return Table.from_rows(names, [row[: len(names)] for row in rows])


def _nested(depth: int) -> list[Any]:
    value: list[Any] = []
    for _ in range(depth):
        value = [value]
    return value


COLUMNS = st.lists(NAMES, max_size=4, unique=True)
WIDE = st.lists(st.lists(SCALARS, min_size=4, max_size=4), max_size=6)
PLAIN = st.lists(st.lists(st.integers(0, 5) | st.sampled_from("abc"), min_size=4, max_size=4), max_size=6)
TABLES = st.builds(_table, COLUMNS, WIDE | PLAIN)
OBJECTS = st.dictionaries(NAMES, SCALARS, max_size=4)
VALUES = st.one_of(
    st.recursive(
        SCALARS | TABLES,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=3),
        max_leaves=8,
    ),
    st.builds(_nested, st.sampled_from([65, 1_000])),
)

FILES = ["cp1252.csv", "utf16.txt", "rows.jsonl", "bom.json", "book.xlsx", "old.xls", "names.zip", "empty", "binary"]
NEW_FILES = ["new.txt", "new.xlsx", "new.csv", "sub/", "sub/new.csv", "empty/inside", "missing/deep", "~$book.xlsx"]
ODD_PATHS = ["a\0b", HALF, f"{HALF}.csv", "x" * 300, "M\u00fcller.csv", "\udcfc.txt", "*.csv", "[a]", " ", "con", "a:b"]
PATHS = st.one_of(
    # None that is absolute, or leads up: the activities really delete and move.
    st.sampled_from([*FILES, "sub"]),
    st.sampled_from(NEW_FILES),
    st.sampled_from(ODD_PATHS),
    st.text(string.ascii_letters + " äß*?[]", min_size=1, max_size=8).filter(lambda text: text.strip() != ""),
)
URLS = st.sampled_from(
    [
        "http://127.0.0.1:1/",
        "http://127.0.0.1:0/",
        "http://[::1",
        "http://",
        "ftp://a",
        "",
        "http://127.0.0.1:1/\0",
        HALF,
    ]
)
CODES = st.sampled_from(
    ["result = 1", "result = {1: {2}}", "result = float('nan')", "x(", f"result = '{HALF}'", "\0", "exit()", HALF]
)
SECONDS = st.sampled_from([0.0, 0.001, 0.01])
RIGHT = 9
"""How many of ten inputs are of the declared type."""


def input_values(hint: Any, name: str) -> st.SearchStrategy[Any]:
    """Values for an input: mostly of its type, sometimes not."""
    return st.integers(1, 10).flatmap(lambda turn: right_values(hint, name) if turn <= RIGHT else VALUES)


def right_values(hint: Any, name: str = "") -> st.SearchStrategy[Any]:
    """Values of a type, among them the odd ones."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is typing.Annotated:
        return _annotated(arguments[0], arguments[1:], name)
    if origin is Literal:
        return st.sampled_from(arguments)
    if origin in (typing.Union, types.UnionType):
        return st.one_of([right_values(argument, name) for argument in arguments])
    if origin is tuple:
        return st.lists(PATHS if name == "paths" else right_values(arguments[0]), max_size=3)
    if origin is list:
        return st.lists(right_values(arguments[0]), max_size=5)
    if origin is dict:
        return st.dictionaries(NAMES, right_values(arguments[1]), max_size=3)
    if typing.is_typeddict(hint):
        hints = typing.get_type_hints(hint, include_extras=True)
        return st.fixed_dictionaries({}, optional={key: right_values(part, key) for key, part in hints.items()})
    return {
        str: TEXTS if name != "url" else URLS,
        int: INTEGERS,
        float: FLOATS | INTEGERS,
        bool: st.booleans(),
        Table: TABLES,
        datetime: DATETIMES,
        date: DATES,
        type(None): st.none(),
    }.get(hint, VALUES)


def _annotated(hint: Any, notes: tuple[Any, ...], name: str) -> st.SearchStrategy[Any]:
    for note in notes:
        if isinstance(note, Widget):
            if note.name in ("file", "folder"):
                return PATHS
            if note.name == "seconds":
                return SECONDS
            if note.name == "code":
                return CODES
            if note.name == "credential":
                return TEXTS
    if name == "url":
        return URLS
    values = right_values(hint, name)
    lowest: list[Any] = [note.ge for note in notes if isinstance(note, Ge)]
    highest: list[Any] = [note.le for note in notes if isinstance(note, Le)]
    if hint is int and lowest:
        return st.integers(lowest[0], min([*highest, lowest[0] + 20])) | values
    if any(isinstance(note, MinLen) for note in notes):
        return values.filter(bool)
    return values
