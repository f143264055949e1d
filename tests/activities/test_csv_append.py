"""Rows are added in the form that a file has, and written in the form that is asked for."""

from datetime import date, datetime

import pytest

from exekra.activities.csv import CsvError, append, read, write
from exekra.activities.csv.rows import read_rows
from exekra.sdk.errors import InputError
from exekra.sdk.table import Table

ROW = [{"b": "é", "a": 2.5}]


@pytest.fixture
def appended(context):
    """The bytes of a file after a row was appended."""

    def to(raw, rows=ROW, **inputs):
        file = context.work_folder / "a.csv"
        file.write_bytes(raw)
        append(context, path="a.csv", rows=Table.from_records(rows), **inputs)
        return file.read_bytes()

    return to


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "utf-16-le", "utf-16-be", "cp1252"])
def test_a_file_stays_as_it_is(appended, mark, end, encoding):
    before = f"a{mark}b{end}1.5{mark}ö{end}"
    assert appended(before.encode(encoding)) == f"{before}2.5{mark}é{end}".encode(encoding)


def test_big_endian_with_its_mark(appended):
    before = "\N{ZERO WIDTH NO-BREAK SPACE}a;b\r\n1;ö\r\n"
    assert appended(before.encode("utf-16-be")) == f"{before}2.5;é\r\n".encode("utf-16-be")


@pytest.mark.parametrize(
    ("before", "row"),
    [
        ("sep=;\r\na;b\r\n1;x\r\n", "2.5;é\r\n"),
        ('"a","b"\n"1","x"\n', '"2.5","é"\n'),
        ("a;b\n1,5;x\n", "2,5;é\n"),
        ("a;b\n1,5;x", "\n2,5;é\n"),
        ("a,b", "\r\n2.5,é\r\n"),
        ("b,a\n", "é,2.5\n"),
        ("a,b,c\n1,2,3\n", "2.5,é,\n"),
        ('a,b\n1,"x\r\ny\r\nz"\n', "2.5,é\n"),
        ('a,b\n1,"say \\"x\\", so"\n', "2.5,é\n"),
    ],
)
def test_marks_quotes_order_and_ends_are_followed(appended, before, row):
    assert appended(before.encode()).decode() == before + row


def test_backslashes_are_followed(appended):
    before = 'a,b\n1,"say \\"x\\", so"\n'
    assert appended(before.encode(), [{"a": 2, "b": 'a "b", c'}]).decode() == before + '2,"a \\"b\\", c"\n'


def test_files_of_a_mark_or_a_hint_alone(appended):
    mark = "\N{ZERO WIDTH NO-BREAK SPACE}"
    assert appended(mark.encode()).decode() == f"{mark}b,a\r\né,2.5\r\n"
    assert appended(b"sep=;\n").decode() == "sep=;\nb;a\né;2.5\n"


def test_names_in_a_file_of_a_mark_alone_are_guarded_too(appended):
    rows = [{"=name": "=1+1"}]
    assert appended(b"\xef\xbb\xbf", rows, guard_formulas=True) == b"\xef\xbb\xbf'=name\r\n'=1+1\r\n"


def test_without_names_the_order_counts(appended, context):
    assert appended(b"1;2\n", [{"x": 3, "y": 4}], header=False) == b"1;2\n3;4\n"
    with pytest.raises(InputError, match="has 2 columns, but the rows have 1"):
        append(context, path="a.csv", rows=Table.from_records([{"x": 1}]), header=False)


@pytest.mark.parametrize(
    ("raw", "rows", "error", "sentence"),
    [
        (b"a,b\n1,\xe9\xe8\n", [{"a": "☃"}], InputError, "`☃` cannot be written"),
        (b'a,b\n1,"x\n', ROW, CsvError, "never closed"),
        (b"a,b\n1,2\n", [{"c": 1}], InputError, "has no column `c`"),
        ("größe,b\n".encode()[:-1] + b"\xc3", ROW, CsvError, "is cut"),
    ],
)
def test_what_does_not_fit_leaves_the_file_alone(context, raw, rows, error, sentence):
    file = context.work_folder / "a.csv"
    file.write_bytes(raw)
    with pytest.raises(error, match=sentence):
        append(context, path="a.csv", rows=Table.from_records([*([{"a": 1}] * 5000), *rows]))
    assert file.read_bytes() == raw


def test_an_uncertain_encoding_is_said(context):
    (context.work_folder / "a.csv").write_bytes("id;город\n1;Москва\n".encode("cp1251"))
    done = append(context, path="a.csv", rows=Table.from_records([{"город": "Тверь"}]))
    assert any("read as cp1251" in note for note in done.notes)
    assert read(context, path="a.csv").rows.column("город") == ["Москва", "Тверь"]


@pytest.mark.parametrize(
    ("inputs", "raw"),
    [
        ({}, 'a,b,c,d\r\n1,x,2.5,2026-01-31\r\n,"y,""z""",,2026-01-31 10:20:00\r\n'),
        ({"line_end": "lf"}, 'a,b,c,d\n1,x,2.5,2026-01-31\n,"y,""z""",,2026-01-31 10:20:00\n'),
        ({"delimiter": ";", "decimal": ","}, 'a;b;c;d\r\n1;x;2,5;2026-01-31\r\n;"y,""z""";;2026-01-31 10:20:00\r\n'),
        ({"decimal": ","}, 'a,b,c,d\r\n1,x,"2,5",2026-01-31\r\n,"y,""z""",,2026-01-31 10:20:00\r\n'),
        (
            {"quoting": "all"},
            '"a","b","c","d"\r\n"1","x","2.5","2026-01-31"\r\n"","y,""z""","","2026-01-31 10:20:00"\r\n',
        ),
        (
            {"quoting": "texts", "delimiter": ";", "decimal": ","},
            '"a";"b";"c";"d"\r\n1;"x";2,5;"2026-01-31"\r\n"";"y,""z""";"";"2026-01-31 10:20:00"\r\n',
        ),
        ({"date_pattern": "%d.%m.%Y"}, 'a,b,c,d\r\n1,x,2.5,31.01.2026 00:00\r\n,"y,""z""",,31.01.2026 10:20\r\n'),
    ],
)
def test_a_file_is_written_as_asked(context, inputs, raw):
    rows = Table.from_rows(
        ("a", "b", "c", "d"), [(1, "x", 2.5, date(2026, 1, 31)), (None, 'y,"z"', None, datetime(2026, 1, 31, 10, 20))]
    )
    write(context, path="a.csv", rows=rows, **inputs)
    assert (context.work_folder / "a.csv").read_bytes().decode() == raw


def test_dates_are_written_by_the_rules_of_format_date(context):
    rows = Table.from_rows(("day",), [(date(850, 1, 2),)])
    write(context, path="a.csv", rows=rows, date_pattern="%-d %B %Y")
    assert (context.work_folder / "a.csv").read_bytes() == b"day\r\n2 January 0850\r\n"
    with pytest.raises(InputError, match="`%Q` has no meaning in a date"):
        write(context, path="a.csv", rows=rows, date_pattern="%Q")


def test_formulas_are_guarded_where_asked(context):
    rows = Table.from_records([{"=a": "=1+1", "b": -5}, {"=a": "@x", "b": 1}])
    write(context, path="a.csv", rows=rows, guard_formulas=True, line_end="lf")
    assert (context.work_folder / "a.csv").read_text() == "'=a,b\n'=1+1,-5\n'@x,1\n"
    write(context, path="a.csv", rows=rows, line_end="lf")
    assert (context.work_folder / "a.csv").read_text() == "=a,b\n=1+1,-5\n@x,1\n"


@pytest.mark.parametrize("encoding", ["cp1251", "koi8-r", "cp866", "iso-8859-5", "mac-cyrillic"])
def test_other_encodings_are_written_and_read(context, encoding):
    rows = Table.from_records([{"город": "Москва"}])
    write(context, path="a.csv", rows=rows, encoding=encoding)
    assert read(context, path="a.csv", encoding=encoding).rows == rows


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "utf-16-be"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(
    "text",
    ["a;b\n1,5;ö\n12,25;x\n", "a,b\n1.5,ö\n", '"a"\t"b"\n"1.5"\t"ö"\n', "a|b\n7|ö\n"],
    ids=["comma", "point", "all", "bar"],
)
def test_what_was_read_can_be_written_in_the_same_form(context, encoding, end, text):
    raw = text.replace("\n", end).encode(encoding)
    (context.work_folder / "a.csv").write_bytes(raw)
    got = read(context, path="a.csv")
    write(
        context,
        path="b.csv",
        rows=got.rows,
        delimiter=got.delimiter,
        encoding=got.encoding,
        line_end=got.line_end,
        decimal=got.decimal,
        quoting=got.quoting,
    )
    assert (context.work_folder / "b.csv").read_bytes() == raw


@pytest.mark.parametrize(
    ("before", "value", "field"),
    [
        ("31.01.2026", date(2026, 2, 1), "01.02.2026"),
        ("31.1.2026", date(2026, 2, 1), "1.2.2026"),
        ("31/01/2026", date(2026, 2, 1), "01/02/2026"),
        ("01/31/2026", date(2026, 2, 1), "02/01/2026"),
        ("31.01.2026 10:30", datetime(2026, 2, 1, 9, 5), "01.02.2026 09:05"),
        ("31.01.2026", datetime(2026, 2, 1), "01.02.2026"),
        ("31.01.2026", datetime(2026, 2, 1, 9, 5), "01.02.2026 09:05"),
        ("2026-01-31", date(2026, 2, 1), "2026-02-01"),
        ("TRUE", True, "TRUE"),
        ("False", True, "True"),
        ("nein", True, "ja"),
        ("0.5", 0.00001, "0.00001"),
    ],
)
def test_values_have_the_form_of_their_column(appended, before, value, field):
    assert appended(f"a;b\nx;{before}\n".encode(), [{"a": "y", "b": value}]) == f"a;b\nx;{before}\ny;{field}\n".encode()


def test_a_form_of_dates_that_is_not_known_is_said(context):
    file = context.work_folder / "a.csv"
    file.write_text("a;b\nx;01/02/2026\n")
    got = append(context, path="a.csv", rows=Table.from_records([{"a": "y", "b": date(2026, 3, 1)}]))
    assert "`b` has texts such as `01/02/2026`, whose form of dates is not known" in got.notes[0]
    assert file.read_text().endswith("y;2026-03-01\n")


def test_a_pattern_without_a_time_loses_none(context):
    rows = Table.from_records(
        [{"day": date(2026, 1, 31), "midnight": datetime(2026, 1, 31), "at": datetime(2026, 1, 31, 9, 30, 5)}]
    )
    write(context, path="a.csv", rows=rows, date_pattern="%d.%m.%Y")
    assert (context.work_folder / "a.csv").read_text() == (
        "day,midnight,at\n31.01.2026,31.01.2026,31.01.2026 09:30:05\n"
    )
    assert read(context, path="a.csv").rows.column("at") == [datetime(2026, 1, 31, 9, 30, 5)]


@pytest.mark.parametrize("numbers", [[1.5, 0.00001], [1, 1e21], [1e-300, 1.0], [-2.5e-7, 12.25], [1e16, 0.5]])
@pytest.mark.parametrize("decimal", [".", ","])
def test_numbers_come_back_whatever_their_size(context, numbers, decimal):
    rows = Table.from_records([{"a": number, "b": "x"} for number in numbers])
    write(context, path="a.csv", rows=rows, decimal=decimal, delimiter=";")
    assert read(context, path="a.csv", decimal=decimal).rows.column("a") == numbers


def test_rows_come_before_the_sign_of_dos_at_the_end(appended, context):
    assert appended(b"a,b\r\n1,x\r\n\x1a") == "a,b\r\n1,x\r\n2.5,é\r\n".encode()
    assert appended(b"a,b\r\n1,x\x1a") == "a,b\r\n1,x\r\n2.5,é\r\n".encode()
    file = context.work_folder / "a.csv"
    file.write_bytes(b"a,b\r\n1,\xe9\r\n\x1a")
    with pytest.raises(InputError, match="cannot be written"):
        append(context, path="a.csv", rows=Table.from_records([{"a": "☃"}]))
    assert file.read_bytes() == b"a,b\r\n1,\xe9\r\n\x1a"


def test_of_a_long_file_only_the_first_rows_are_read(appended, monkeypatch):
    count = 0

    def counted(*arguments):
        nonlocal count
        for row in read_rows(*arguments):
            count += 1
            yield row

    monkeypatch.setattr("exekra.activities.csv.file_form.read_rows", counted)
    before = b"a;b\n" + b'1,5;"x"\n' * 20_000
    assert appended(before) == before + "2,5;é\n".encode()
    assert count == 1001


@pytest.mark.parametrize(
    ("behind", "sentence"),
    [(b'2;"never closed\n', "line 2002 is never closed"), (b"3;\0\n", "zero byte in line 2002")],
)
def test_damage_behind_the_first_rows_is_found(context, behind, sentence):
    before = b"a;b\n" + b"1;x\n" * 2000 + behind + b"2;y\n" * 2000
    (context.work_folder / "a.csv").write_bytes(before)
    with pytest.raises(CsvError, match=sentence):
        append(context, path="a.csv", rows=Table.from_records(ROW))
    assert (context.work_folder / "a.csv").read_bytes() == before


def test_a_quote_within_a_field_behind_the_first_rows_is_no_damage(appended):
    before = b"a;b\n" + b"1;x\n" * 2000 + b'2;5" pipe\n'
    assert appended(before) == before + "2.5;é\n".encode()
