"""How CSV files of other programs are laid out: separators, quotes, first lines; and damage that must not pass."""

import pytest

from exekra.activities.csv import CsvError, read


@pytest.fixture
def given(context):
    def put(content):
        raw = content if isinstance(content, bytes) else content.encode()
        (context.work_folder / "a.csv").write_bytes(raw)
        return "a.csv"

    return put


@pytest.mark.parametrize(
    ("content", "delimiter", "columns"),
    [
        ('id,desc\n1,"a;b;c;d"\n2,"e;f;g;h"\n', ",", ("id", "desc")),
        ('"id;x";"d"\n"a,b,c";"1"\n"d,e,f";"2"\n', ";", ("id;x", "d")),
        ("id,tags\n1,a;b\n2,c;d\n", ",", ("id", "tags")),
        ("id;amount\n1;x1,50\n2;x7,90\n", ";", ("id", "amount")),
        ("day;a;b\nMay 15, 2023;1;2\nMay 16, 2023;1;2\n", ";", ("day", "a", "b")),
        ("a\tb\nx1,5\tx2,000,000\n", "tab", ("a", "b")),
        ('a,b\n1,"x\n;;;;\n;;;;"\n2,y\n', ",", ("a", "b")),
        ("a|b\n1|x, y\n", "|", ("a", "b")),
        ("col1;col2;col3\n1;a,b,c;3\n", ";", ("col1", "col2", "col3")),
        ("a;b;c\n1;2;\n3;4;\n5;6\n", ";", ("a", "b", "c")),
    ],
)
def test_the_separator_that_cuts_all_rows_evenly(context, given, content, delimiter, columns):
    got = read(context, path=given(content))
    assert (got.delimiter, got.rows.columns) == (delimiter, columns)
    assert not any("separator" in note for note in got.notes)


@pytest.mark.parametrize(
    ("content", "values"),
    [("amount\n12,50\n7,90\n", [12.5, 7.9]), ("name\nDoe, John\nRoe, Jane\n", ["Doe, John", "Roe, Jane"])],
)
def test_a_separator_that_the_names_lack_is_none(context, given, content, values):
    got = read(context, path=given(content))
    assert got.rows.column(got.rows.columns[0]) == values
    assert any("read as one column, though later rows hold `,`" in note for note in got.notes)


def test_numbers_do_not_decide_without_names(context, given):
    got = read(context, path=given("101300;010114;733480,00;-733480,00\n106110;010114;7,16;-7,16\n"), header=False)
    assert got.delimiter == ";"


def test_two_separators_that_cut_as_evenly_are_said(context, given):
    got = read(context, path=given("a;b,c\n1;2,x\n"))
    assert any("The separator was taken to be `;`; `,` cuts the rows as evenly" in note for note in got.notes)


@pytest.mark.parametrize("mark", [";", ",", "|", "\t", ":"])
@pytest.mark.parametrize("hint", ["sep={}", "SEP={}", '"sep={}"'])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_excels_line_names_the_separator(context, given, mark, hint, encoding):
    content = f"{hint.format(mark)}\r\na{mark}b\r\n1{mark}2\r\n"
    got = read(context, path=given(content.encode(encoding)))
    assert list(got.rows) == [{"a": 1, "b": 2}]
    assert got.delimiter == ("tab" if mark == "\t" else mark)
    stated = read(context, path=given(content.encode(encoding)), delimiter=mark, skip_rows=1)
    assert stated.rows == got.rows


@pytest.mark.parametrize("mark", ["^", "~", ":", "\x1f", "space"])
def test_any_sign_can_be_stated(context, given, mark):
    sign = " " if mark == "space" else mark
    assert list(read(context, path=given(f"a{sign}b\n1{sign}2\n"), delimiter=mark).rows) == [{"a": 1, "b": 2}]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ('id,note,amt\n1,ok,5\n2,"broken,6\n3,x,7\n', "opens in line 3 is never closed"),
        ('a,b\n1,"x\ny"\n2,"z\n', "opens in line 4 is never closed"),
        ('a,b\n"1\n2","x\n', "opens in line 3 is never closed"),
        ('a,b\n1,"broken\n3,"x"\n', "opens in line 2 closes in line 3 in the middle"),
        ("a,b\n1,2\n3,4,5\n", r"The row in line 3 of .* has 3 fields, but there are 2 columns"),
        ('a,b\n1,"x\ny"\n\n3,4,5\n', "The row in line 5 of"),
        ("a,b\n" + "1,2\n" * 9000 + "1,2,3\n", "The row in line 9002 of"),
        ("a,b\n1,2\n3,\0\n", "zero byte in line 3"),
        ("Report of May\nid;name;city\n1;Ada;Rome\n", "If line 1 is not the row of names but a title"),
    ],
)
def test_damage_is_an_error_with_its_line(context, given, content, sentence):
    with pytest.raises(CsvError, match=sentence):
        read(context, path=given(content))


def test_text_behind_a_quote_is_read_as_excel_reads_it(context, given):
    got = read(context, path=given('a,b\n"x"y,1\nz,2\n'))
    assert list(got.rows.rows()) == [("xy", 1), ("z", 2)]
    assert any("line 2: text follows a closing quote" in note for note in got.notes)


def test_a_quote_in_the_middle_of_a_field_is_a_letter(context, given):
    got = read(context, path=given('size,n\n5" disk,1\n3.5",2\n'))
    assert list(got.rows.rows()) == [('5" disk', 1), ('3.5"', 2)]


def test_blanks_before_quotes(context, given):
    got = read(context, path=given('a, b\n"1, 2", "x, y"\n'))
    assert list(got.rows.rows()) == [("1, 2", "x, y")]


def test_backslashes_before_quotes_are_recognised(context, given):
    got = read(context, path=given('a,b\n"say \\"hi\\", now","C:\\temp"\n'))
    assert list(got.rows.rows()) == [('say "hi", now', "C:\\temp")]
    assert any("backslash before a quote" in note for note in got.notes)
    kept = read(context, path=given('a,b\n"C:\\dir\\","x"\n"D:\\","y"\n'))
    assert list(kept.rows.rows()) == [("C:\\dir\\", "x"), ("D:\\", "y")]


def test_other_quotes(context, given):
    assert list(read(context, path=given("a,b\n'x,5','it''s'\n"), quote="'").rows.rows()) == [("x,5", "it's")]
    assert list(read(context, path=given('a\tb\n"x\ty"\n'), quote="none", delimiter="tab").rows.rows()) == [
        ('"x', 'y"')
    ]


def test_lines_above_the_names_are_left_out(context, given):
    got = read(context, path=given("Report\n\nid;n\n1;2\n"), skip_rows=2)
    assert list(got.rows) == [{"id": 1, "n": 2}]


def test_a_quoted_field_that_swallowed_rows_is_said(context, given):
    got = read(context, path=given('a,b,c\n1,"x,2\n3,y,4\n5,z",6\n'))
    assert any("line 2: a field in quotes spans 3 lines that look like rows" in note for note in got.notes)


def test_short_rows_are_said_with_the_first(context, given):
    got = read(context, path=given("a,b\n1,2\n3\n4\n"))
    assert any("2 rows have fewer fields than there are columns, the first in line 3" in note for note in got.notes)


def test_names_that_are_doubled_missing_or_data(context, given):
    got = read(context, path=given("sku,sku,\n1,2,3\n"))
    assert got.rows.columns == ("sku", "sku 2", "Column 3")
    assert any("Several columns have the name `sku`" in note for note in got.notes)


def test_a_first_row_of_numbers_is_said(context, given):
    got = read(context, path=given("1,2.5\n2,3.5\n"))
    assert any("taken for the names of the columns, but holds numbers (1, 2.5)" in note for note in got.notes)


def test_line_ends_of_all_systems(context, given):
    for end in ("\n", "\r\n", "\r"):
        assert list(read(context, path=given(f"a,b{end}1,2{end}{end}3,4{end}")).rows.rows()) == [(1, 2), (3, 4)]


def test_one_column_keeps_its_empty_fields(context, given):
    assert list(read(context, path=given('a\nx\n""\n\ny\n')).rows.rows()) == [("x",), (None,), ("y",)]


def test_a_title_in_the_place_of_names_is_said(context, given):
    got = read(context, path=given("Report of May,,\nid,name,city\n1,Ada,Rome\n"))
    assert any(
        "Line 1 was taken for the names of 3 columns, but has only `Report of May`" in note for note in got.notes
    )


def test_two_files_that_were_joined(context, given):
    got = read(context, path=given("\ufeffa,b\n1,2\n\ufeff3,4\n"))
    assert list(got.rows.rows()) == [(1, 2), (3, 4)]
    assert any("line 3: a byte order mark stands inside of the file" in note for note in got.notes)


def test_names_have_no_signs_that_nobody_sees(context, given):
    assert read(context, path=given("\u200bid\u00a0,b\n1,2\n")).rows.columns == ("id", "b")


@pytest.mark.parametrize(
    ("content", "kind"),
    [("<html><body><table><tr><td>1", "HTML"), ("<!DOCTYPE html>\n", "HTML"), ('<?xml version="1.0"?><a/>', "XML")],
)
def test_what_is_surely_something_else_is_refused(context, given, content, kind):
    with pytest.raises(CsvError, match=f"is {kind}, not rows with separators"):
        read(context, path=given(content))


@pytest.mark.parametrize("content", ['[{"a": 1}, {"a": 2}]', '{"a": [1, 2]}'])
def test_what_looks_like_json_is_said(context, given, content):
    assert any("looks like JSON" in note for note in read(context, path=given(content)).notes)


@pytest.mark.parametrize("content", ["[a],{b}\n1,2\n", '"{x}",b\n1,2\n', "<a>,b\n1,2\n"])
def test_brackets_alone_are_names(context, given, content):
    assert read(context, path=given(content)).notes == []


@pytest.mark.parametrize("engine", [0, 1 << 40])
def test_the_sign_of_dos_at_the_end_is_no_row(context, monkeypatch, engine):
    monkeypatch.setattr("exekra.activities.csv.quick.LEAST_BYTES", engine)
    for raw in (b"a,b\r\n1,x\r\n2,y\r\n\x1a", b"a,b\r\n1,x\r\n2,y\x1a"):
        (context.work_folder / "a.csv").write_bytes(raw)
        got = read(context, path="a.csv")
        assert (list(got.rows.rows()), got.notes) == ([(1, "x"), (2, "y")], [])


@pytest.mark.parametrize("values", [["O&#039;Connor", "M&uuml;ller"], ["x; y", "a; b"]])
def test_semicolons_in_texts_of_one_column_do_not_separate(context, values):
    (context.work_folder / "a.csv").write_text("name\n" + "".join(f"{value}\n" for value in values))
    got = read(context, path="a.csv")
    assert got.rows.column("name") == values
    assert "read as one column" in got.notes[0]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_comments_are_left_out(context, end):
    lines = ["# exported by X; on Monday", "#", "a;b", "1;2", "# page 2", '3;"x', '# not a comment"', "#"]
    (context.work_folder / "a.csv").write_text(end.join(lines), newline="")
    got = read(context, path="a.csv", comment="#")
    assert list(got.rows.rows()) == [(1, "2"), (3, f"x{end}# not a comment")]
    assert (got.delimiter, got.notes) == (";", [])
    got = read(context, path="a.csv", comment="#", skip_rows=1, header=False)
    assert len(got.rows) == 2


def test_many_comments(context):
    (context.work_folder / "a.csv").write_text("a,b\n" + "# x\n" * 5000 + "1,2\n")
    assert list(read(context, path="a.csv", comment="#").rows.rows()) == [(1, 2)]


def test_what_may_be_a_comment_is_said(context):
    (context.work_folder / "a.csv").write_text("# exported\na;b\n1;2\n")
    with pytest.raises(
        CsvError, match=r"begins `a`, `b`.*title or a comment, leave it out with `skip_rows` or `comment`"
    ):
        read(context, path="a.csv")
    (context.work_folder / "a.csv").write_text("a;b\n1;2\n# page 2\n3;4\n")
    assert "Lines that begin with # are left out by `comment`." in read(context, path="a.csv").notes[0]


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("a;b;c\n1;x;2\n3;y;4\nTotal;;6\n", "it has `Total` in `a`, with only numbers above it"),
        ("a;b\n1;2\n3;4\nTotal\n", "It is the last row: it may be a footer, or the file may be cut."),
        ("a;b\nx;2\ny;4\nTotal;6\n", None),
        ("a;b\n007;2\n008;4\nTotal;6\n", None),
        ("a;b\n1;2\nTotal;6\n", None),
    ],
)
def test_a_last_row_that_looks_like_a_footer_is_said(context, text, note):
    (context.work_folder / "a.csv").write_text(text)
    notes = list(read(context, path="a.csv", delimiter=";").notes)
    context.notes.clear()
    assert any(note in said for said in notes) if note else notes == []
    assert not any("looks like a footer" in said for said in read(context, path="a.csv", types="text").notes)


def test_a_separator_and_a_quote_within_quotes_take_no_blanks_from_other_fields(context):
    (context.work_folder / "a.csv").write_text('a,b\n"he said, ""no""", x\n')
    assert list(read(context, path="a.csv", types="text").rows.rows()) == [('he said, "no"', " x")]
