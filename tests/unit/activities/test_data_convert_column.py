"""Converting a column: numbers, dates, texts, true and false."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from exekra.activities.data.shape import convert_column
from exekra.activities.data.values import ConversionError
from exekra.sdk.table import Table
from exekra.testing.context import FakeContext


@pytest.mark.parametrize(
    ("to", "given", "converted"),
    [
        ("number", ["1", " -2 ", "1.5", "1e3", 4, True, None, ""], [1, -2, 1.5, 1000, 4, 1, None, None]),
        ("number", [Decimal("0.10"), "1"], [Decimal("0.10"), 1]),
        ("text", [1, 1.5, date(2026, 1, 2), True, "a"], ["1", "1.5", "2026-01-02", "true", "a"]),
        ("boolean", ["yes", "FALSE", 1, 0, True], [True, False, True, False, True]),
        ("date", ["2026-01-02", date(2026, 1, 3)], [date(2026, 1, 2), date(2026, 1, 3)]),
    ],
)
def test_convert_column(to, given, converted):
    table = Table.from_rows(("v",), ([value] for value in given))
    assert convert_column(FakeContext(), rows=table, column="v", to=to).rows.column("v") == converted


@pytest.mark.parametrize(
    ("to", "value"),
    [("number", "a"), ("number", "1_0"), ("number", "nan"), ("number", [1]), ("date", "31.1."), ("boolean", "2")],
)
def test_what_cannot_be_converted(to, value):
    table = Table.from_rows(("v",), [[None], [value]])
    with pytest.raises(ConversionError, match="Row 2, column `v` holds"):
        convert_column(FakeContext(), rows=table, column="v", to=to)
    assert convert_column(FakeContext(), rows=table, column="v", to=to, on_error="null").rows.column("v") == [
        None,
        None,
    ]
    assert convert_column(FakeContext(), rows=table, column="v", to=to, on_error="keep").rows.column("v") == [
        None,
        value,
    ]


@pytest.mark.parametrize(
    ("decimal", "thousands", "given", "converted"),
    [
        (",", "auto", ["1,5", "1.000"], [1.5, 1000]),
        (",", "auto", ["12,50", "1.234,00", "-1.234.567,5"], [12.5, 1234.0, -1234567.5]),
        (",", "none", ["1,5", "1.000"], [1.5, "1.000"]),
        (".", "auto", ["1,234.50", "1,234,567", "12"], [1234.5, 1234567, 12]),
        (".", "auto", ["1 234.5", "1\xa0234", "1'234'567", "1’234.5"], [1234.5, 1234, 1234567, 1234.5]),
        (".", ",", ["1,234", "1'234"], [1234, "1'234"]),
        (
            ".",
            "auto",
            ["1,23", "12,34,567", "1,234'567", "1,,234", "0,1234"],
            ["1,23", "12,34,567", "1,234'567", "1,,234", "0,1234"],
        ),
    ],
)
def test_signs_between_thousands(decimal, thousands, given, converted):
    table = Table.from_rows(("v",), ([value] for value in given))
    got = convert_column(
        FakeContext(), rows=table, column="v", to="number", decimal=decimal, thousands=thousands, on_error="keep"
    )
    assert got.rows.column("v") == converted
    assert [*map(type, got.rows.column("v"))] == [*map(type, converted)]


def test_a_sign_that_may_be_either_is_noted():
    table = Table.from_rows(("amount",), [["1,234"], ["5"], ["2,000"]])
    got = convert_column(FakeContext(), rows=table, column="amount", to="number")
    assert got.rows.column("amount") == [1234, 5, 2000]
    assert got.notes == [
        "2 values of `amount`, such as `1,234`, were read with a comma between thousands. State `thousands` to be "
        "sure, or `decimal` if it is a decimal comma."
    ]
    assert convert_column(FakeContext(), rows=table, column="amount", to="number", thousands=",").notes == []


@pytest.mark.parametrize(
    ("pattern", "given", "expected", "noted"),
    [
        ("", ["06.11.2026", "1.1.2026 10:30"], [date(2026, 11, 6), datetime(2026, 1, 1, 10, 30)], ""),
        ("", ["5 March 2026", "2026-03-05T10:00Z"], [date(2026, 3, 5), datetime(2026, 3, 5, 10, tzinfo=UTC)], ""),
        ("", ["01/11/2026", "25/12/2026"], [date(2026, 11, 1), date(2026, 12, 25)], "1 value of `v`, such as"),
        ("", ["01-11-2026", "2-3-2026"], [date(2026, 11, 1), date(2026, 3, 2)], "first. Set `pattern` to %d-%m-%Y"),
        ("%m/%d/%Y", ["01/11/2026"], [date(2026, 1, 11)], ""),
    ],
)  # fmt: skip
def test_dates_are_read_as_parse_date_reads_them(pattern, given, expected, noted):
    table = Table.from_rows(("v",), ([text] for text in given))
    got = convert_column(FakeContext(), rows=table, column="v", to="date", pattern=pattern)
    assert got.rows.column("v") == expected
    assert bool(got.notes) == bool(noted)
    assert noted in "".join(got.notes)


@pytest.mark.parametrize("text", ["1e309", "9" * 400 + ".5"])
def test_a_number_that_is_too_large_is_an_error_and_never_infinity(text):
    table = Table.from_rows(("v",), [["1"], [text]])
    with pytest.raises(ConversionError, match="cannot become a number: it is larger than a number"):
        convert_column(FakeContext(), rows=table, column="v", to="number")


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("it's", "`it's`"),
        ("a\nb", "`a␊b`"),
        ([1], "a list"),
        ({"a": 1}, "an object"),
        ("x" * 99, "`" + "x" * 59 + "…`"),
    ],
    ids=["apostrophe", "line feed", "list", "object", "long"],
)
def test_an_error_shows_a_value_as_people_write_it(value, shown):
    with pytest.raises(ConversionError) as caught:
        convert_column(FakeContext(), rows=Table.from_rows(("v",), [[value]]), column="v", to="number")
    assert f"column `v` holds {shown}, which cannot become a number." in str(caught.value)
