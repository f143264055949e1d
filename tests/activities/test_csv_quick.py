"""The engine reads a CSV file as Python does: the same rows, types and notes, or it leaves the file to Python."""

import csv
import io

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from exekra.activities.csv import CsvError, blocks, quick, read, reading, typed_columns
from exekra.sdk import table, table_frame
from exekra.sdk.errors import ExekraError

VALUES = st.sampled_from(
    [
        *(
            "",
            " ",
            "1",
            "-2",
            "007",
            "1.5",
            "12,50",
            "1.234,50",
            "1,234.5",
            "1,234",
            "12.345.678",
            "1 234",
            "1'234.5",
            "-0",
        ),
        *(
            "0.1",
            "1.5e-3",
            "12E12",
            "123456789012345678",
            "1234567890123456789",
            "9007199254740993",
            "1.1234567890123456",
        ),
        *("1.12345678901234567", "true", "FALSE", "2026-01-31", "2026-02-30", "0000-01-01", "2026-01-31 10:20", " 5 "),
        *(
            "2026-01-31T10:20:30.5",
            "2026-01-31T24:00",
            "2026-01-31T10:20Z",
            "2026-01-31T10:20+01:00",
            "n/a",
            "N/A",
            "ü",
            "😀",
        ),
        *(
            "a,b",
            "a;b",
            'say "hi"',
            "two\nlines",
            "two\r\nlines",
            "tab\there",
            "x\ry",
            '"',
            '""',
            "=1+1",
            "\N{NO-BREAK SPACE}7",
        ),
    ]
)
LIKE = [
    ["1", "2", "-3", " 4", ""],
    ["1.5", "2", "0.25", ""],
    ["1.5", "2.5", ".5"],
    ["1.5", "2.5", ".5", ".5e-3"],
    ["0.5", "12.345678901234567", "1.2345678901234567", "9.123456789012345", "12345678901234.5"],
    ["0.5", "12", "123456789012345", "9007199254740993", "1.2345678901234567"],
    ["1.5", "2", "1e-05", "1e+21"],
    ["1e+21", "2e-5", "9.1e+307", "3"],
    ["12,5", "1e+21", "2"],
    ["1,23,456", "2,34,567"],
    ["1.", "2.5"],
    ["100-", "250"],
    ["12,50", "7,9", "1.234,00"],
    ["1,234", "5,678"],
    ["12.345.678", "1.234.567"],
    ["1 234,5", "12"],
    ["true", "False"],
    ["2026-01-31", "2026-02-28", ""],
    ["2026-01-31 10:20", "2026-01-31T10:20:30.123456"],
    ["2026-01-31T10:20Z", "2026-01-31T10:20:30+00:00"],
    ["2026-01-31T10:20+01:00", "2026-01-31T10:20:30+02:00"],
    ["31.01.2026", "1.2.2026", "29.02.2024", ""],
    ["31.01.2026 10:20", "1.2.2026, 9:05:30.5", "1.2.2026 09:05:30"],
    ["31.01.2026", "30.02.2026", "31.12.0000"],
    ["01/11/2026", "1/2/26 9:05 PM"],
    ["2026-01-31 10:20", "2026-01-31"],
    ["31.01.2026", "1.2.2026", "3.2.2026", "4.2.2026", "5.2.2026", "offen"],
    ["9007199254740993", "1.5"],
    ["1", "2", "3", "4", "n/a"],
    ["", "N/A"],
    ["text", "", " blank "],
    ["12,50 €", "7 €"],
    ["10%", "20 %"],
    ["1.234,50-", "7,00"],
    ["north", "south"],
    ["n/a", "12"],
    ["007", "12", "13", "14", "15", "16"],
]
COLUMN = st.one_of(VALUES, st.text(max_size=5)).map(lambda value: [value]) | st.sampled_from(LIKE)


@st.composite
def files(draw):
    """A file as programs write it, now and then with a wound."""
    kinds = draw(st.lists(COLUMN, min_size=2, max_size=4))
    rows = draw(st.lists(st.tuples(*(st.sampled_from(kind) for kind in kinds)), max_size=8))
    out = io.StringIO()
    writer = csv.writer(
        out,
        delimiter=draw(st.sampled_from(",;\t|")),
        lineterminator=draw(st.sampled_from(["\n", "\r\n"])),
        quoting=draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL])),
    )
    if draw(st.booleans()):
        writer.writerow([f"c{number}" for number in range(len(kinds))])
    writer.writerows(rows)
    text = out.getvalue()
    if draw(st.integers(0, 3)) == 0:
        place = draw(st.integers(0, len(text)))
        text = (
            text[:place] + draw(st.sampled_from(['"', ",", "\n", "\r", "\0", "x", " ", ";;", '""', ""])) + text[place:]
        )
    return text.encode(draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16"])), "replace")


def outcome(context, least_bytes, first_rows, monkeypatch, **inputs):
    monkeypatch.setattr(quick, "LEAST_BYTES", least_bytes)
    monkeypatch.setattr(blocks, "BLOCK_BYTES", 50)
    for module in (reading, typed_columns, table, table_frame):
        monkeypatch.setattr(module, "CHUNK_ROWS", first_rows)
    context.notes.clear()
    try:
        got = read(context, path="a.csv", **inputs)
    except ExekraError as error:
        return type(error), error.message
    rows = list(got.rows.rows())
    types = [[type(value) for value in row] for row in rows]
    return got.rows.columns, rows, types, got.delimiter, got.encoding, got.notes


@given(
    content=files(),
    inputs=st.fixed_dictionaries(
        {},
        optional={
            "header": st.booleans(),
            "types": st.sampled_from(["auto", "text"]),
            "decimal": st.sampled_from([".", ","]),
            "nulls": st.just(("N/A", "n/a")),
            "skip_empty_rows": st.booleans(),
            "quote": st.sampled_from(["none", "'"]),
            "thousands": st.sampled_from(["none", "space"]),
        },
    ),
    first_rows=st.sampled_from([3, 4096]),
)
@example(content=b'a,b\n""x"",1\n', inputs={}, first_rows=4096)
@example(content=b'a,b\n"x,""y""",1\n', inputs={}, first_rows=4096)
@example(content=b';;" "," "\n', inputs={"header": False}, first_rows=4096)
@example(content=b"a,b\n1.5,x\n1.5,x\n1.5,x\n.5e-3,y\n", inputs={}, first_rows=3)
@example(content='a,b\n1,"12,50 €"\n'.encode(), inputs={}, first_rows=4096)
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_both_readers_read_the_same(context, monkeypatch, content, inputs, first_rows):
    (context.work_folder / "a.csv").write_bytes(content)
    by_engine = outcome(context, 0, first_rows, monkeypatch, **inputs)
    assert by_engine == outcome(context, 1 << 40, first_rows, monkeypatch, **inputs)


@pytest.fixture
def engine(monkeypatch):
    monkeypatch.setattr(quick, "LEAST_BYTES", 0)


@pytest.mark.parametrize("spill_bytes", [1000, 1 << 40])
def test_an_ordinary_file_is_read_by_the_engine(context, monkeypatch, engine, spill_bytes):
    monkeypatch.setattr(table_frame, "SPILL_BYTES", spill_bytes)
    monkeypatch.setattr("exekra.activities.csv.reading._read_in_python", None)
    (context.work_folder / "a.csv").write_text(
        "id;v;w;when\n" + "".join(f'{n};{n},5;"a;""{n}""";2026-01-{n % 28 + 1:02}\n' for n in range(10_000))
    )
    got = read(context, path="a.csv")
    assert got.count == 10_000
    assert got.rows[9_999]["v"] == 9999.5
    assert got.rows[9_999]["w"] == 'a;"9999"'


def test_damage_in_a_file_for_the_engine_has_its_line(context, engine):
    (context.work_folder / "a.csv").write_text("a,b\n" + "1,2\n" * 5000 + "1,2,3\n")
    with pytest.raises(CsvError, match="The row in line 5002 of"):
        read(context, path="a.csv")


def test_short_rows_in_a_file_for_the_engine_are_said(context, engine):
    (context.work_folder / "a.csv").write_text("a,b\n" + "1,2\n" * 50 + "1\n")
    assert any("the first in line 52" in note for note in read(context, path="a.csv").notes)


@pytest.mark.parametrize("encoding", ["cp1252", "shift_jis", "utf-16"])
def test_a_file_in_another_encoding_is_read_by_the_engine(context, monkeypatch, engine, encoding):
    monkeypatch.setattr("exekra.activities.csv.reading._read_in_python", None)
    word = "カタカナ" if encoding == "shift_jis" else "Müller"
    (context.work_folder / "a.csv").write_text("name,number\n" + f"{word},1\n" * 50, encoding=encoding)
    stated = encoding if encoding == "shift_jis" else "auto"
    assert list(read(context, path="a.csv", encoding=stated).rows.rows()) == [(word, 1)] * 50


def test_a_column_that_turns_out_otherwise_behind_the_first_rows_stays_what_it_is(context, engine):
    rows = "".join(f"{number},text,{number}.5\n" for number in range(5000))
    (context.work_folder / "a.csv").write_text(f"a,b,c\n{rows}n/a,7,\n")
    got = read(context, path="a.csv")
    assert [type(value) for value in got.rows[0].values()] == [str, str, float]
    assert got.rows[5000] == {"a": "n/a", "b": "7", "c": None}
    assert ["`a`: 5,000 of 5,001 values look like numbers, but not `n/a`" in note for note in got.notes] == [True]


def test_a_quoted_field_may_go_on_behind_the_block_that_is_read(context, monkeypatch, engine):
    monkeypatch.setattr(blocks, "BLOCK_BYTES", 64)
    monkeypatch.setattr("exekra.activities.csv.reading._read_in_python", None)
    long = "\n".join(f"line {number}" for number in range(100))
    (context.work_folder / "a.csv").write_text(f'a,b\n1,"{long}"\n2,short\n')
    assert list(read(context, path="a.csv").rows.rows()) == [(1, long), (2, "short")]
