"""JSON as text and on the disk."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from exekra.activities.json import format as format_json
from exekra.activities.json import parse, read_file, read_lines, write_file
from exekra.activities.json_reading import JsonError
from exekra.sdk.errors import InputError
from exekra.sdk.table import Table


def _nested() -> list[object]:
    nested: list[object] = []
    for _ in range(100_000):
        nested = [nested]
    return nested


def _cyclic() -> list[object]:
    cyclic: list[object] = []
    cyclic.append(cyclic)
    return cyclic


def test_parse_and_format(context):
    assert parse(context, text='{"a": [1, null, "é"]}').value == {"a": [1, None, "é"]}
    assert format_json(value={"a": [1, None, "é"]}).text == '{"a": [1, null, "é"]}'
    assert format_json(value=[1], indent=2).text == "[\n  1\n]"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('{"a": 1,}', "in line 1, column 9"),
        ("", "expecting value in line 1, column 1"),
        ("[" * 100_000, "nested too deeply"),
        ("9" * 5000, "thousands of digits"),
    ],
)
def test_what_is_no_json(context, text, sentence):
    with pytest.raises(JsonError, match=sentence):
        parse(context, text=text)


def test_values_without_a_form_of_their_own():
    value = {
        "day": date(2026, 1, 2),
        "wait": timedelta(minutes=1),
        "price": Decimal("1.5"),
        "rows": Table.from_records([{"a": 1}]),
    }
    assert format_json(value=value).text == '{"day": "2026-01-02", "wait": 60.0, "price": 1.5, "rows": [{"a": 1}]}'


def test_files(context):
    write_file(context, path="out/a.json", value={"a": "é"})
    assert (context.work_folder / "out" / "a.json").read_bytes() == '{\n  "a": "é"\n}\n'.encode()
    assert read_file(context, path="out/a.json").value == {"a": "é"}
    (context.work_folder / "b.json").write_bytes(b"\xef\xbb\xbf[1]")
    assert read_file(context, path="b.json").value == [1]
    (context.work_folder / "c.json").write_bytes(b'["\xe9"]')
    with pytest.raises(JsonError, match=r"c\.json is not UTF-8"):
        read_file(context, path="c.json")
    with pytest.raises(InputError):
        write_file(context, path="b.json", value=object())
    assert read_file(context, path="b.json").value == [1]


def test_lines(context):
    (context.work_folder / "a.jsonl").write_text('{"a": 1}\n\n{"b": 2}\n')
    assert list(read_lines(context, path="a.jsonl").rows.rows()) == [(1, None), (None, 2)]
    (context.work_folder / "b.jsonl").write_text('{"a": 1}\n[2]\n')
    with pytest.raises(JsonError, match="line 2, is not an object"):
        read_lines(context, path="b.jsonl")
    (context.work_folder / "c.jsonl").write_text("{\n")
    with pytest.raises(JsonError, match=r"c\.jsonl, line 1, is not JSON"):
        read_lines(context, path="c.jsonl")


def test_empty_objects_beside_others_are_rows(context):
    (context.work_folder / "a.jsonl").write_text('{}\n{"a": 1}\n')
    got = read_lines(context, path="a.jsonl")
    assert (got.count, got.notes) == (2, [])


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (10**5000, "a number in it has thousands of digits"),
        ([float("inf")], "a number in it is infinite, or is not a number (NaN)"),
        ([Decimal("sNaN")], "a number in it is infinite, or is not a number (NaN)"),
        ({(1, 2): 3}, "the names of fields must be texts or numbers"),
        ({1, 2}, "there is no form for set"),
        (_nested(), "it is nested too deeply"),
        (_cyclic(), "it contains itself"),
    ],
    ids=["digits", "infinite", "signalling", "names", "set", "deep", "cyclic"],
)
def test_what_cannot_be_written_says_why(value, reason):
    with pytest.raises(InputError) as caught:
        format_json(value=value)
    assert caught.value.message == f"The value cannot be written as JSON: {reason}."
