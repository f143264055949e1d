"""CSV files as they arrive: every separator, encoding and mishap."""

from datetime import date, datetime

import pytest

from exekra.activities.csv import CsvError, append, read, write
from exekra.activities.disk import FileMissingError
from exekra.sdk import table_frame
from exekra.sdk.errors import InputError
from exekra.sdk.table import Table


@pytest.fixture
def given(context):
    def put(content, name="a.csv"):
        raw = content if isinstance(content, bytes) else content.encode()
        (context.work_folder / name).write_bytes(raw)
        return name

    return put


@pytest.mark.parametrize(("mark", "name"), [(",", ","), (";", ";"), ("\t", "tab"), ("|", "|")])
def test_the_separator_is_found(context, given, mark, name):
    content = f'sku{mark}text\nA{mark}"x, y; z"\nB{mark}"a{mark}b"\n'
    got = read(context, path=given(content))
    assert got.delimiter == name
    assert list(got.rows.rows()) == [("A", "x, y; z"), ("B", f"a{mark}b")]


def test_one_column_has_no_separator(context, given):
    assert list(read(context, path=given("name\nAda\nBob\n")).rows) == [{"name": "Ada"}, {"name": "Bob"}]


@pytest.mark.parametrize(
    ("raw", "encoding"),
    [
        ("é;1\n".encode(), "utf-8"),
        ("\ufeffé;1\n".encode(), "utf-8-sig"),
        ("é;1\n".encode("cp1252"), "cp1252"),
        ("é;1\n".encode("utf-16"), "utf-16"),
        ("été à côté".encode("cp1252") + b"\x81;1\n", "cp1252"),
    ],
)
def test_the_encoding_is_found(context, given, raw, encoding):
    got = read(context, path=given(raw), header=False)
    assert got.encoding == encoding
    assert got.rows.columns == ("Column 1", "Column 2")
    assert got.rows[0]["Column 1"][0] == "é"


def test_a_stated_encoding_must_be_right(context, given):
    with pytest.raises(CsvError, match="is not utf-8: its byte 2 means nothing"):
        read(context, path=given(b"a\n\xe9\n"), encoding="utf-8")


def test_types_are_recognised_by_whole_columns(context, given):
    content = (
        "id,code,price,paid,day,at,mixed,empty,impossible\n"
        "1,007,1.5,true,2026-01-31,2026-01-31T10:20:30,1,,2026-02-28\n"
        ",12,-2,FALSE,,2026-01-31 10:20,x,,2026-02-30\n"
    )
    rows = list(read(context, path=given(content)).rows.rows())
    assert rows == [
        (1, "007", 1.5, True, date(2026, 1, 31), datetime(2026, 1, 31, 10, 20, 30), "1", None, "2026-02-28"),
        (None, "12", -2.0, False, None, datetime(2026, 1, 31, 10, 20), "x", None, "2026-02-30"),
    ]


def test_types_hold_over_chunks(context, given):
    content = "n\n" + "".join(f"{n}\n" for n in range(10_000)) + "x\n"
    values = read(context, path=given(content)).rows.column("n")
    assert set(map(type, values)) == {str}


def test_everything_may_stay_text(context, given):
    assert list(read(context, path=given("a,b\n1,\n"), types="text").rows) == [{"a": "1", "b": ""}]


def test_the_comma_of_a_fraction(context, given):
    got = read(context, path=given("a;b\n1,5;2\n"), decimal=",")
    assert list(got.rows) == [{"a": 1.5, "b": 2}]


def test_short_rows_are_filled_and_long_ones_refused(context, given):
    assert list(read(context, path=given("a,b\n1\n\n2,3,\n")).rows) == [{"a": 1, "b": None}, {"a": 2, "b": 3}]
    with pytest.raises(CsvError, match="has 3 fields, but there are 2 columns"):
        read(context, path=given("a,b\n1,2,3\n"))


def test_nothing_and_a_header_alone(context, given):
    assert read(context, path=given("")).rows == Table(())
    assert read(context, path=given("a,b\n")).rows == Table(("a", "b"))
    with pytest.raises(FileMissingError):
        read(context, path="none.csv")


def test_a_binary_file_is_one_sentence(context, given):
    with pytest.raises(CsvError, match="cannot be read as CSV"):
        read(context, path=given(b'a,b\n"' + b"x" * 10_000_001))


def test_what_was_written_is_read_again(context):
    rows = Table.from_records(
        [{"a": 1, "b": 'x;\n"é', "c": None, "d": True, "e": 1.5, "f": date(2026, 1, 2), "g": datetime(2026, 1, 2, 3)}]
    )
    for mark in (",", ";", "tab", "|"):
        for encoding in ("utf-8", "utf-8-sig", "cp1252", "utf-16"):
            write(context, path="out/a.csv", rows=rows, delimiter=mark, encoding=encoding, decimal=",")
            assert read(context, path="out/a.csv", decimal=",").rows == rows


def test_lists_become_json(context):
    write(context, path="a.csv", rows=Table.from_records([{"a": [1, date(2026, 1, 2)]}]))
    assert read(context, path="a.csv").rows[0] == {"a": '[1, "2026-01-02"]'}


def test_letters_that_an_encoding_lacks(context, given):
    given("old")
    with pytest.raises(InputError, match="`☃` cannot be written"):
        write(context, path="a.csv", rows=Table.from_records([{"a": "☃"}]), encoding="cp1252")
    assert (context.work_folder / "a.csv").read_text() == "old"


def test_rows_are_appended_as_the_file_is(context, given):
    path = given("a;b\n1;x".encode("utf-8-sig"))
    append(context, path=path, rows=Table.from_records([{"b": "é"}, {"a": 2}]))
    assert read(context, path=path).rows == Table.from_rows(("a", "b"), [(1, "x"), (None, "é"), (2, None)])
    with pytest.raises(InputError, match=r"no column `c`\. Its columns: a, b"):
        append(context, path=path, rows=Table.from_records([{"c": 1}]))
    append(context, path="new.csv", rows=Table.from_records([{"a": 1}]))
    assert (context.work_folder / "new.csv").read_text() == "a\n1\n"


def test_large_files_are_read_on_the_disk(context, given, monkeypatch):
    monkeypatch.setattr(table_frame, "SPILL_BYTES", 1000)
    content = "n,day\n" + "".join(f"{n},2026-01-{n % 28 + 1:02}\n" for n in range(10_000))
    rows = read(context, path=given(content)).rows
    assert list(rows.rows()) == [(n, date(2026, 1, n % 28 + 1)) for n in range(10_000)]
