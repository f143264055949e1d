"""Numbers in texts: which texts are numbers, and that all who read them agree."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exekra.activities.csv.numbers import ALL_FORMS
from exekra.activities.data.conditions import forms_of
from exekra.activities.data.values import NumberReader
from exekra.flow.expressions import compile_expression
from exekra.kit.numbers import NumberRangeError, NumberReading, read_number


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12", 12),
        (" -12\t", -12),
        ("\N{MINUS SIGN}5", -5),
        ("+5", 5),
        ("007", 7),
        ("5.", 5.0),
        (".5", 0.5),
        ("1.5e3", 1500.0),
        ("1,234", 1234),
        ("1,234,567.5", 1234567.5),
        ("1\N{THIN SPACE}234", 1234),
        ("1\N{RIGHT SINGLE QUOTATION MARK}234", 1234),
        ("9" * 40, int("9" * 40)),
        ("１２", None),
        ("", None),
        ("-", None),
        ("1_000", None),
        ("nan", None),
        ("Infinity", None),
        ("0x10", None),
        ("1,5", None),
        ("0,123", None),
        ("12,34,567", None),
        ("1,234 567", None),
        ("1,234e5", None),
        ("1.234.567", None),
        ("9" * 3001, None),
    ],
)
def test_texts_and_the_numbers_that_they_write(text, value):
    reading = read_number(text)
    assert (reading and reading.value) == value
    assert type(reading and reading.value) is type(value)


def test_the_comma_as_decimal_sign():
    assert read_number("1.234,5", ",") == NumberReading(1234.5)
    assert read_number("1.5", ",") is None
    assert read_number("1,5", ",", "none") == NumberReading(1.5)


@pytest.mark.parametrize("text", ["1,234", "-12,345"])
def test_one_sign_that_may_be_the_decimal_sign_is_a_guess(text):
    value = int(text.replace(",", ""))
    assert read_number(text) == NumberReading(value, is_guess=True)
    assert read_number(text, thousands=",") == NumberReading(value)
    assert read_number(f"{text}.") == NumberReading(float(value))
    assert read_number(f"{text},000") == NumberReading(value * 1000)


@pytest.mark.parametrize("text", ["1E309", "-1e400", "9" * 400 + ".0"])
def test_what_no_number_can_hold_is_refused(text):
    with pytest.raises(NumberRangeError, match="larger than a number can be"):
        read_number(text)


NUMBERLIKE = st.text(st.sampled_from("0123456789.,'’ \u00a0\u202f\u2009-+−eE"), max_size=12)


@given(NUMBERLIKE, st.sampled_from([".", ","]))
def test_expressions_conversions_and_conditions_read_the_same(text, decimal):
    try:
        reading = read_number(text, decimal)
    except NumberRangeError:
        reading = None
    values = {"text": text, "point": decimal}
    assert compile_expression("is_number(text, point)").evaluate(values) is (reading is not None)
    if reading is None:
        with pytest.raises(ValueError):  # noqa: PT011  # It says nothing: the caller does.
            NumberReader(decimal, "auto").number(text)
        return
    assert NumberReader(decimal, "auto").number(text) == reading.value
    assert compile_expression("number(text, point)").evaluate(values) == reading.value
    plain = read_number(text, thousands="none")
    assert forms_of(text, ignore_case=False).get("number") == (plain and plain.value)


@given(
    st.from_regex(r"-?[1-9][0-9]{0,2}(?:[.,' ][0-9]{3}){0,2}(?:[.,][0-9]{1,3})?(?:[eE][+-][0-9]{1,2})?", fullmatch=True)
)
def test_what_a_column_of_a_csv_file_reads_as_a_number_is_read_so_everywhere(text):
    for form in ALL_FORMS:
        if form.fits(text):
            reading = read_number(text, form.decimal, form.thousands)  # type: ignore[arg-type]  # A form has the same signs.
            assert reading is not None
            assert reading.value == form.value(text)
