"""Whatever a file holds, the activities that read it give data or one of their own errors; nothing else happens."""

import csv as python_csv
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exekra.activities import csv
from exekra.activities.csv import quick
from exekra.activities.encoding_names import known_encoding
from exekra.activities.file import content
from exekra.activities.json import read_file, read_lines
from exekra.sdk.errors import ExekraError
from exekra.sdk.table import Table

PIECES = st.sampled_from(
    [
        *(
            b"a",
            b"1",
            b",",
            b";",
            b"\t",
            b"|",
            b'"',
            b"'",
            b"\\",
            b"\n",
            b"\r\n",
            b"\r",
            b"\0",
            b" ",
            b"sep=;\n",
            b"12,50",
        ),
        *(
            b"\xef\xbb\xbf",
            b"\xff\xfe",
            b"\xfe\xff",
            b"\xff\xfe\0\0",
            b"\x84\x31\x95\x33",
            b"\x1b$B",
            b"PK\3\4",
            b"\x1f\x8b",
        ),
        *(
            "ü".encode(),
            b"\xfc",
            b"\xe9",
            "Москва".encode("cp1251"),
            "東京".encode("shift_jis"),
            "a".encode("utf-16-le"),
        ),
        *(
            b"{",
            b"}",
            b"[",
            b"]",
            b":",
            b'"a":',
            b"NaN",
            b"1e999",
            b'"\\ud83d"',
            b"null",
            b"\xed\xa0\x80",
            b"2026-01-31",
        ),
    ]
)
FILES = (
    st.lists(PIECES, max_size=20).map(b"".join)
    | st.binary(max_size=200)
    | st.text(max_size=80).map(lambda text: text.encode("utf-8", "surrogatepass"))
)
ENCODINGS = st.sampled_from(
    [
        *("auto", "utf-8", "utf-8-sig", "utf-16", "utf-32", "utf-16-be", "cp1252", "latin-1", "cp1251", "shift_jis"),
        *("gb18030", "big5", "euc-kr", "iso-2022-jp", "mac-roman", "cp437", "ascii", "utf-7", "hz", "cp037"),
    ]
)


def known(name):
    try:
        return known_encoding(name)
    except ValueError:
        return "auto"


fuzzed = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def survives(work):
    """Run it: its own errors are an answer, and what it gives can be sent on."""
    try:
        return work()
    except ExekraError as error:
        error.message.encode()
        return None


@fuzzed
@given(
    raw=FILES,
    encoding=ENCODINGS,
    inputs=st.fixed_dictionaries(
        {},
        optional={
            "delimiter": st.sampled_from(["auto", ",", "tab", "space", "^", "\x1f", "€"]),
            "header": st.booleans(),
            "types": st.sampled_from(["auto", "text"]),
            "decimal": st.sampled_from([".", ","]),
            "quote": st.sampled_from(["none", "'"]),
            "escape": st.sampled_from(["doubled", "backslash"]),
            "skip_rows": st.integers(0, 3),
            "skip_empty_rows": st.booleans(),
            "nulls": st.just(("1", "a")),
        },
    ),
    least=st.sampled_from([0, 1 << 40]),
)
def test_read_csv(context, monkeypatch, raw, encoding, inputs, least):
    monkeypatch.setattr(quick, "LEAST_BYTES", least)
    (context.work_folder / "a.csv").write_bytes(raw)
    read = survives(lambda: csv.read(context, path="a.csv", encoding=known(encoding), **inputs))
    if read:
        assert read.count == len(list(read.rows.rows()))
        json.dumps([list(map(str, row)) for row in read.rows.rows()], ensure_ascii=False).encode()


@fuzzed
@given(raw=FILES, encoding=ENCODINGS, header=st.booleans())
def test_append_to_csv(context, raw, encoding, header):
    file = context.work_folder / "a.csv"
    file.write_bytes(raw)
    rows = Table.from_records([{"a": 1.5, "1": 'x"\n', "ü": None}])
    if survives(lambda: csv.append(context, path="a.csv", rows=rows, encoding=known(encoding), header=header)):
        assert file.read_bytes().startswith(raw)
    else:
        assert file.read_bytes() == raw


@fuzzed
@given(raw=FILES, encoding=ENCODINGS)
def test_text_files(context, raw, encoding):
    (context.work_folder / "a.txt").write_bytes(raw)
    read = survives(lambda: content.read_text(context, path="a.txt", encoding=known(encoding)))
    if read:
        read.text.encode()
    survives(lambda: content.append_text(context, path="a.txt", text="ü\n", encoding=known(encoding)))


@fuzzed
@given(
    raw=FILES
    | st.recursive(
        st.none() | st.text() | st.floats(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
    ).map(lambda value: json.dumps(value).encode()),
    encoding=ENCODINGS,
)
@pytest.mark.parametrize("activity", [read_file, read_lines])
def test_json_files(context, activity, raw, encoding):
    (context.work_folder / "a.json").write_bytes(raw)
    read = survives(lambda: activity(context, path="a.json", encoding=known(encoding)))
    if activity is read_file and read:
        json.dumps(read.value, ensure_ascii=False, allow_nan=False).encode()


FIELDS = st.text(st.sampled_from("ab1 \"',;\t|\né#="), max_size=6)


def _rows(width: int) -> st.SearchStrategy[list[list[str]]]:
    return st.lists(st.lists(FIELDS, min_size=width, max_size=width), min_size=1, max_size=6)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.integers(2, 4).flatmap(
        lambda width: st.lists(st.lists(FIELDS, min_size=width, max_size=width), min_size=1)
    ),
    mark=st.sampled_from(",;\t|"),
    quoting=st.sampled_from([python_csv.QUOTE_MINIMAL, python_csv.QUOTE_ALL]),
    end=st.sampled_from(["\n", "\r\n"]),
)
def test_what_the_csv_module_of_python_writes_is_read_as_it_was(context, rows, mark, quoting, end):
    names = [f"n{number}" for number in range(len(rows[0]))]
    with (context.work_folder / "a.csv").open("w", encoding="utf-8", newline="") as file:
        python_csv.writer(file, delimiter=mark, quoting=quoting, lineterminator=end).writerows([names, *rows])
    got = csv.read(context, path="a.csv", delimiter=mark, types="text", skip_empty_rows=False)
    assert [list(row) for row in got.rows.rows()] == rows
