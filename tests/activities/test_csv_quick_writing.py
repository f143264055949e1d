"""The engine writes a table as Python does, byte for byte, and what was written is read again."""

from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exekra.activities.csv import quick_writing, read, write
from exekra.sdk.table import Table

COLUMNS = st.sampled_from(
    [
        st.none() | st.text(max_size=4) | st.sampled_from(['a"b', "a,b", "a;b", "a\nb", "a\rb", " ", "=1", "é😀"]),
        st.none() | st.integers(-(2**63), 2**63 - 1),
        st.integers(),
        st.none() | st.floats(),
        st.floats(-1000, 1000) | st.integers(-1000, 1000),
        st.none() | st.booleans(),
        st.none() | st.dates(),
        st.none() | st.datetimes(),
        st.datetimes(timezones=st.just(UTC)),
        st.times(),
        st.none(),
        st.integers() | st.text(max_size=3),
        st.decimals(allow_nan=False, allow_infinity=False, places=2),
        st.lists(st.integers(), max_size=2),
    ]
)


@st.composite
def tables(draw):
    kinds = draw(st.lists(COLUMNS, min_size=2, max_size=4))
    rows = draw(st.lists(st.tuples(*kinds), max_size=6))
    return Table.from_rows([f"c{number}" for number in range(len(kinds))], rows)


@given(
    rows=tables(),
    inputs=st.fixed_dictionaries(
        {},
        optional={
            "delimiter": st.sampled_from([";", "tab", "^", ":", "space", "-", "."]),
            "decimal": st.just(","),
            "line_end": st.just("lf"),
            "header": st.just(False),
            "encoding": st.sampled_from(["utf-8-sig", "utf-16"]),
        },
    ),
)
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_both_write_the_same_bytes(context, monkeypatch, rows, inputs):
    written = []
    for least in (-1, 1 << 40):
        monkeypatch.setattr(quick_writing, "LEAST_ROWS", least)
        write(context, path="a.csv", rows=rows, **inputs)
        written.append((context.work_folder / "a.csv").read_bytes())
    assert written[0] == written[1]


@given(
    rows=st.lists(
        st.tuples(*[st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=5)] * 2), max_size=5
    ),
    inputs=st.fixed_dictionaries(
        {"line_end": st.sampled_from(["lf", "crlf"]), "quoting": st.sampled_from(["where needed", "texts", "all"])}
    ),
)
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_texts_are_read_as_they_were_written(context, rows, inputs):
    table = Table.from_rows(("a", "b"), rows)
    write(context, path="a.csv", rows=table, **inputs)
    got = read(context, path="a.csv", types="text", skip_empty_rows=False, delimiter=",", escape="doubled")
    assert list(got.rows.rows()) == rows


def test_an_ordinary_table_is_written_by_the_engine(context, monkeypatch):
    monkeypatch.setattr("exekra.activities.csv.writing._write_rows", None)
    row = (1, 'a,"b"', 2.5, True, date(2026, 1, 31), datetime(2026, 1, 31, 10, 20), None)
    rows = Table.from_rows("abcdefg", [row] * 10_000)
    write(context, path="a.csv", rows=rows, encoding="utf-8-sig")
    line = '1,"a,""b""",2.5,true,2026-01-31,2026-01-31 10:20:00,\r\n'
    assert (context.work_folder / "a.csv").read_bytes() == ("a,b,c,d,e,f,g\r\n" + line * 10_000).encode("utf-8-sig")


@pytest.mark.parametrize("value", [Decimal("1.5"), time(10, 20), [1], datetime(2026, 1, 31, tzinfo=UTC)])
def test_what_the_engine_cannot_write_is_written_by_python(context, value):
    write(context, path="a.csv", rows=Table.from_rows("ab", [(1, value)] * 5000))
    assert read(context, path="a.csv").count == 5000


@pytest.mark.parametrize("delimiter", [":", "space", "-", ".", "+"])
def test_a_separator_that_stands_in_numbers_and_dates_needs_quotes(context, monkeypatch, delimiter):
    monkeypatch.setattr(quick_writing, "LEAST_ROWS", 0)
    row = (-1, 2.5, date(2026, 1, 31), datetime(2026, 1, 31, 10, 20))
    write(context, path="a.csv", rows=Table.from_rows("abcd", [row] * 3), delimiter=delimiter)
    assert list(read(context, path="a.csv", delimiter=delimiter).rows.rows()) == [row] * 3


def test_a_stop_ends_the_writing_in_the_middle_and_keeps_the_old_file(context, monkeypatch):
    monkeypatch.setattr(quick_writing, "_PART_ROWS", 1000)
    rows = Table.from_rows("ab", [(number, "text") for number in range(10_000)])
    (context.work_folder / "a.csv").write_text("old")
    sizes = []

    class Stopped(Exception):
        pass

    def stop_after_some_rows():
        sizes.append(sum(file.stat().st_size for file in context.work_folder.iterdir()))
        if sizes[-1] > 20_000:
            raise Stopped

    monkeypatch.setattr(context, "raise_if_stopped", stop_after_some_rows)
    with pytest.raises(Stopped):
        write(context, path="a.csv", rows=rows)
    assert sizes[-1] < 60_000, "All rows were written before the stop was noticed."
    assert [file.read_text() for file in context.work_folder.iterdir()] == ["old"]
