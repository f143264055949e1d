"""What the texts of a CSV file mean: codes stay what they are, numbers are numbers, doubts are said."""

from datetime import date, datetime

import pytest

from exekra.activities.csv import read


@pytest.fixture
def column(context):
    """The values of one column, and the notes."""

    def of(texts, **inputs):
        (context.work_folder / "a.csv").write_text(
            "id;v\n" + "".join(f"1;{text}\n" for text in texts), encoding="utf-8"
        )
        context.notes.clear()
        got = read(context, path="a.csv", delimiter=";", **inputs)
        return got.rows.column("v"), got.notes

    return of


@pytest.mark.parametrize(
    "codes",
    [
        ["12E12", "13E10"],
        ["2E3", "3E5"],
        ["2E3", "1E+5"],
        ["007", "12"],
        ["1234567890123456789012", "1"],
        ["1_000", "2_000"],
        ["0x10", "0x20"],
        ["+49123", "+49124"],
        ["1e5", "2e5"],
        ["Infinity", "NaN"],
        ["inf", "-inf"],
        ["1.5", "1.123456789012345678901"],
        ["1.2.3", "10.4.12"],
        ["2026-01", "2026-02"],
        ["yes", "no"],
        ["081", "12", "5", "6", "7", "8"],
        ["192.168.1.10", "10.0.0.1"],
        ["\N{ARABIC-INDIC DIGIT ONE}", "\N{ARABIC-INDIC DIGIT TWO}"],
    ],
)
def test_codes_stay_texts(column, codes):
    assert column(codes) == (codes, [])


@pytest.mark.parametrize(
    "texts",
    [
        ["12,50 €", "7,00 €"],
        ["$5", "$6.50"],
        ["10%", "20 %"],
        ["1,23,456", "2,34,567"],
        ["1.", "2.5"],
        ["100-", "250"],
        ["1.234,50-", "7,00"],
    ],
)
def test_amounts_with_a_unit_stay_texts_and_are_said(column, texts):
    values, notes = column(texts)
    assert values == texts
    assert f"values such as `{texts[0]}` look like numbers with a unit or a sign" in notes[0]


@pytest.mark.parametrize(
    "texts", [["EUR", "USD"], ["SKU1", "SKU2"], ["A-1", "B-"], ["12-", "13-"], ["1-2", "3-4"], ["1.", "2."]]
)
def test_other_texts_are_none(column, texts):
    assert column(texts) == (texts, [])


@pytest.mark.parametrize(
    ("texts", "values"),
    [
        (["1.5e-3", "2.5E+10"], [0.0015, 2.5e10]),
        (["1", "1e+21", "1e-05", "1E+5"], [1, 1e21, 0.00001, 1e5]),
        (["1.5", "9.5e+299", "1e-300"], [1.5, 9.5e299, 1e-300]),
        ([" 1", "2 ", "", "   "], [1, 2, None, None]),
        (["-1.5", "0.0", "-0"], [-1.5, 0.0, 0]),
        ([".5", "-.250", "1"], [0.5, -0.25, 1]),
        (["123456789012345678"], [123456789012345678]),
        (["0.12345678901234567"], [0.12345678901234567]),
        (["2026-01-31T10:20Z"], [datetime.fromisoformat("2026-01-31T10:20+00:00")]),
    ],
)
def test_what_is_sure_is_converted_without_a_word(column, texts, values):
    got, notes = column(texts)
    assert (got, notes) == (values, [])
    assert list(map(type, got)) == list(map(type, values))


@pytest.mark.parametrize(
    ("texts", "values"),
    [
        (["01.11.2026", "1.1.2026", ""], [date(2026, 11, 1), date(2026, 1, 1), None]),
        (["01.11.2026 10:30", "1.1.2026 9:05"], [datetime(2026, 11, 1, 10, 30), datetime(2026, 1, 1, 9, 5)]),
        (["31.12.2026, 10:30:05", "1.1.2026 00:00:00.25"],
         [datetime(2026, 12, 31, 10, 30, 5), datetime(2026, 1, 1, 0, 0, 0, 250000)]),
    ],
)  # fmt: skip
def test_dates_with_dots_have_the_day_first(column, texts, values):
    assert column(texts) == (values, [])


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        (["01/11/2026", "02/11/2026"], "Convert column reads them by a pattern such as %d/%m/%Y or %m/%d/%Y"),
        (["2026-01-31", "2026-02-30"], "not all are in one of the forms"),
        (["31.01.2026", "32.01.2026"], "not all are in one of the forms"),
        (["31.01.26", "01.02.26"], "not all are in one of the forms"),
        (["2026-01-01", "2026-01-02 10:00"], "not all are in one of the forms"),
        (["01.11.2026", "02.11.2026 10:00"], "not all are in one of the forms"),
        (["2026-01-01 10:00:00.123456789"], "not all are in one of the forms"),
        (["2026-01-31T10:00:00.000+0000"], "not all are in one of the forms"),
        (["1.1.2026", "2.1.2026", "3.1.2026", "4.1.2026", "offen"], "but not `offen`, so all stay text"),
    ],
)
def test_texts_that_look_like_dates_and_stay_are_said(column, texts, said):
    values, notes = column(texts)
    assert values == texts
    assert len(notes) == 1
    assert said in notes[0]


def test_local_and_zoned_times_do_not_mix(column):
    texts = ["2026-01-31T10:20", "2026-01-31T10:20Z"]
    assert column(texts)[0] == texts


@pytest.mark.parametrize(
    ("decimal", "texts", "values"),
    [
        (",", ["12,50", "1.234,00"], [12.5, 1234.0]),
        (",", ["12,50", "1234,5", "7"], [12.5, 1234.5, 7]),
        (",", ["1.234.567,5"], [1234567.5]),
        (",", ["1 234,5", "1\N{NO-BREAK SPACE}234\N{NARROW NO-BREAK SPACE}567,25"], [1234.5, 1234567.25]),
        (".", ["1,234.50", "12.00"], [1234.5, 12.0]),
        (".", ["1'234.50", "12\N{RIGHT SINGLE QUOTATION MARK}345.5"], [1234.5, 12345.5]),
        (",", ["-1.234,50"], [-1234.5]),
        (",", [",5", "1,5"], [0.5, 1.5]),
    ],
)
def test_a_stated_decimal_sign_reads_thousands_too(column, decimal, texts, values):
    assert column(texts, decimal=decimal) == (values, [])


def test_thousands_must_be_where_they_belong(column):
    for texts in (["1.23,50"], ["12.3456,5"], ["1.234,50", "1 234,50"], ["0.123,5"]):
        assert column(texts, decimal=",")[0] == texts


@pytest.mark.parametrize("texts", [["12,50", "7,90"], ["1.234,50", "12,00"], ["12,5", "3"]])
def test_a_decimal_comma_that_can_be_nothing_else_is_read_and_said(column, texts):
    values, notes = column(texts)
    assert values == [float(text.replace(".", "").replace(",", ".")) for text in texts]
    assert notes[0].startswith("`v`: 2 of 2 values, such as `")
    assert "look like numbers with a decimal comma" in notes[0]


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        (["1,234", "5,678"], "may be two different numbers"),
        (["12.345.678", "9.876.543"], "between thousands; they stay text"),
        (["1 234", "5 678"], "between thousands; they stay text"),
        (["1,5", "1.5"], "written in different forms"),
    ],
)
def test_what_may_be_something_else_stays_text_and_is_said(column, texts, said):
    values, notes = column(texts)
    assert values == texts
    assert said in notes[0]


def test_the_decimal_sign_is_one_for_the_file(context):
    (context.work_folder / "a.csv").write_text("price;rate;weight\n12,50;1.5;1.234\n")
    got = read(context, path="a.csv")
    assert list(got.rows.rows()) == [("12,50", 1.5, 1.234)]
    assert any("`price`: 1 of 1 values" in note and "other columns have a decimal point" in note for note in got.notes)
    (context.work_folder / "b.csv").write_text("price;weight\n12,50;1.234\n")
    context.notes.clear()
    got = read(context, path="b.csv")
    assert list(got.rows.rows()) == [(12.5, "1.234")]
    assert any("`weight`" in note and "may be two different numbers" in note for note in got.notes)


def test_another_sign_than_the_stated_is_said(column):
    values, notes = column(["12,50", "7,90"], decimal=".")
    assert values == ["12,50", "7,90"]
    assert "look like numbers with a decimal comma, which is not what was stated" in notes[0]


def test_codes_with_points_that_were_read_by_a_stated_comma_are_said(column):
    values, notes = column(["12.345.678"], decimal=",")
    assert values == [12345678]
    assert "may be codes" in notes[0]
    assert column(["12.345.678"], decimal=",", thousands="none")[0] == ["12.345.678"]


def test_texts_that_mean_null(column):
    values, notes = column(["1", "N/A", "2", "3", "4", "5"])
    assert values == ["1", "N/A", "2", "3", "4", "5"]
    assert "5 of 6 values look like numbers, but not `N/A`" in notes[0]
    assert column(["1", "N/A", "2"], nulls=("N/A",)) == ([1, None, 2], [])
    assert column(["x", "NULL"], nulls=("NULL",)) == (["x", None], [])


@pytest.mark.parametrize(
    ("texts", "example"),
    [
        (["1.9", "1.10", "1.11"], "`1.10` lose the zero at their end as numbers (1.1)"),
        (["1.1", "1.20", "1.10"], "`1.10` lose"),
        (["12.50", "7.00", "0.10"], None),
        (["1.0", "2.25", "3.0"], None),
        (["12.50", "3", "7"], None),
        (["12,50", "3,5"], "look like numbers with a decimal comma"),
    ],
)
def test_versions_that_become_numbers_are_noted(column, texts, example):
    values, notes = column(texts)
    assert all(isinstance(value, int | float) for value in values)
    assert [example in note for note in notes] == ([True] if example else [])


def test_only_two_texts_that_become_one_number_are_a_warning(context):
    for texts, is_warned in ((["1.9", "1.10"], False), (["1.1", "1.10"], True)):
        (context.work_folder / "a.csv").write_text("v\n" + "\n".join(texts))
        context.warnings.clear()
        read(context, path="a.csv")
        assert bool(context.warnings) is is_warned
        context.notes.clear()


def test_what_is_certain_is_a_note_and_no_warning(context):
    (context.work_folder / "a.csv").write_text("id;v;w\n1;12,50;5 €\n2;1.234,00;6 €\n")
    assert len(read(context, path="a.csv").notes) == 2
    assert context.warnings == []
    (context.work_folder / "a.csv").write_text("id;v\n1;1\n1;2\n1;3\n1;4\n1;5\n1;n/a\n")
    read(context, path="a.csv")
    assert len(context.warnings) == 1
