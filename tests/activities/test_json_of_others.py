"""JSON as other programs write it: marks, half characters, numbers that are none, doubled names, encodings."""

import json
from decimal import Decimal
from unittest.mock import Mock

import pytest

from exekra.activities.json import format as format_json
from exekra.activities.json import parse, read_file, read_lines, write_file
from exekra.activities.json_reading import JsonError

MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"


@pytest.fixture
def given(context):
    def put(raw):
        (context.work_folder / "a.json").write_bytes(raw)
        return "a.json"

    return put


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('{"price": NaN}', r"NaN is not a number in JSON, in line 1, column 11"),
        ('["NaN",\n -Infinity]', r"-Infinity is not a number in JSON, in line 2, column 2"),
        ('["1e400", 1e400]', "1e400 is larger than a number can be, in line 1, column 11"),
        ("-1E+999", "-1E.999 is larger"),
        ('["\\"", Infinity]', "column 8"),
        ("[1,\n" + "9" * 5000 + "]", "thousands of digits in it, in line 2, column 1"),
        (
            '{"a": 1}\n{"a": 2}',
            r"there is more after its end \(use Read JSON lines, if each line is a value\) in line 2, column 1",
        ),
        ("[1, 2", "in line 1, column 6"),
        ('{"a": "x\n', "control character"),
    ],
)
def test_what_is_no_json_is_refused_where_it_comes_in(context, given, text, sentence):
    with pytest.raises(JsonError, match=sentence):
        parse(context, text=text)
    with pytest.raises(JsonError, match=sentence):
        read_file(context, path=given(text.encode()))


def test_large_numbers_that_are_some(context):
    assert parse(context, text='[1e308, 1e-400, 123456789012345678901234567890, "1e999"]').value == [
        1e308,
        0.0,
        123456789012345678901234567890,
        "1e999",
    ]
    assert context.warnings == []


def test_a_mark_before_json_is_skipped(context):
    assert parse(context, text=f'{MARK}{{"a": 1}}').value == {"a": 1}


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-be"])
def test_files_in_every_form_of_unicode(context, given, encoding):
    assert read_file(context, path=given('{"a": "ü"}'.encode(encoding))).value == {"a": "ü"}
    assert list(read_lines(context, path=given('{"a": "ü"}\r\n\r\n{"a": 2}'.encode(encoding))).rows) == [
        {"a": "ü"},
        {"a": 2},
    ]


def test_other_encodings_must_be_stated(context, given):
    path = given('{"a": "Müller"}'.encode("cp1252"))
    with pytest.raises(JsonError, match="not UTF-8, which JSON has to be; by its letters it may be cp1252"):
        read_file(context, path=path)
    assert read_file(context, path=path, encoding="cp1252").value == {"a": "Müller"}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (r'{"t": "hi \ud83d"}', {"t": "hi \N{REPLACEMENT CHARACTER}"}),
        (r'["\ud83d\ude00", "\ude00\ud83d"]', ["😀", "\N{REPLACEMENT CHARACTER}" * 2]),
        (r'{"\udfff": [{"x": "a\ud800b"}]}', {"\N{REPLACEMENT CHARACTER}": [{"x": "a\N{REPLACEMENT CHARACTER}b"}]}),
        ('"\ud83d"', "\N{REPLACEMENT CHARACTER}"),
        (r'"\\ud83d"', "\\ud83d"),
    ],
)
def test_half_characters_are_replaced_and_said(context, text, value):
    read = parse(context, text=text)
    assert read.value == value
    assert len(read.notes) == ("\N{REPLACEMENT CHARACTER}" in str(value))


def test_half_characters_in_lines(context, given):
    read = read_lines(context, path=given(rb'{"t": "hi \ud83d"}'))
    assert read.rows.column("t") == ["hi \N{REPLACEMENT CHARACTER}"]
    assert "half of a character" in read.notes[0]


def test_half_characters_never_stop_writing(context):
    write_file(context, path="b.json", value=["\ud83d"])
    assert read_file(context, path="b.json").value == ["\N{REPLACEMENT CHARACTER}"]
    assert format_json(value="\ud83d").text == '"\N{REPLACEMENT CHARACTER}"'


def test_names_twice_are_said(context, given):
    read = parse(context, text='{"a": 1, "a": 2, "b": {"c": 1, "c": 1}}')
    assert read.value == {"a": 2, "b": {"c": 1}}
    assert read.notes == ["The text has objects with a name twice (`c`, `a`); the last value counts."]
    context.notes.clear()
    assert "`a`" in read_lines(context, path=given(b'{"a": 1, "a": 2}\n')).notes[0]


def test_digits_that_are_lost_are_said(context):
    read = parse(context, text='{"a": 12345678901234567.89, "b": 1.10, "c": "0.12345678901234567890"}')
    assert read.notes == [
        "The text has a number of more digits than are kept, such as 12345678901234567.89; it was rounded."
    ]


def test_decimals_keep_their_digits():
    values = [Decimal("12345678901234567.89"), Decimal("0.1"), Decimal("-1E+20"), Decimal("1.10")]
    assert format_json(value=values).text == "[12345678901234567.89, 0.1, -1e+20, 1.1]"


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        (b'{"a": 1}\n{"a": NaN}\n', r"line 2, is not JSON: NaN is not a number in JSON, in line 2, column 7"),
        (b'{"a": 1}\n\n{"a": }\n', r"line 3, is not JSON: expecting value in line 3, column 7"),
        (b'[{"a": 1}]\n', "line 1, is not an object.*Use Read JSON file"),
        (b'{"a": 1}\n{"a": "\xe9"}\n', r"not UTF-8"),
        (b'{"a": "\xc3\xb6\xc3\xb6\xc3\xb6"}\n{"a": "\xe9"}\n', r"byte \d+ \(0xE9, line 2\)"),
    ],
)
def test_wrong_lines_are_named(context, given, raw, sentence):
    with pytest.raises(JsonError, match=sentence):
        read_lines(context, path=given(raw))


def test_lines_with_separators_of_rfc_7464(context, given):
    assert len(read_lines(context, path=given(b'\x1e{"a": 1}\n\x1e{"a": 2}\n')).rows) == 2


def test_lines_of_empty_objects_are_said(context):
    (context.work_folder / "a.jsonl").write_text("{}\n{}\n")
    got = read_lines(context, path="a.jsonl")
    assert got.count == 0
    assert "All objects of" in got.notes[0]


def test_lines_are_read_by_one_decoder(context, monkeypatch):
    (context.work_folder / "a.jsonl").write_text('{"a": 1}\n' * 100)
    decoder = Mock(wraps=json.JSONDecoder)
    monkeypatch.setattr(json, "JSONDecoder", decoder)
    assert read_lines(context, path="a.jsonl").count == 100
    assert decoder.call_count <= 2
