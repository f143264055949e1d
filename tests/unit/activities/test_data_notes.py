"""What table activities say when a comparison cannot be meant, or keeps nothing of something."""

import math
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest

from exekra.activities.data.combine import join
from exekra.activities.data.computations import NotANumberError
from exekra.activities.data.filtering import filter as filter_rows
from exekra.activities.data.shape import convert_column
from exekra.activities.data.summary import group, pivot
from exekra.kit.number_text import number_text
from exekra.sdk.errors import InputError
from exekra.sdk.table import Table
from exekra.testing.context import FakeContext

AMOUNTS = Table.from_rows(("amount", "code"), [(5, "1"), (7, "2"), ("n/a", "3"), ("", "4"), (None, "5")])
NUMBERS_BESIDE_TEXT = (
    "2 rows have numbers in `amount`, which cannot be compared with texts (`o`): they do not meet the condition. "
    "Convert Column makes one kind of them."
)
TEXTS = Table.from_rows(("code",), [("5",), ("7",)])


@pytest.mark.parametrize(
    ("rows", "column", "operator", "value", "notes"),
    [
        (
            AMOUNTS,
            "amount",
            "greater",
            5,
            [
                "2 rows have texts in `amount`, which cannot be compared with numbers (5): they do not meet the "
                "condition. Convert Column makes one kind of them."
            ],
        ),
        (
            TEXTS,
            "code",
            "equals",
            5,
            [
                "2 rows have texts in `code`, which cannot be compared with numbers (5): they are never equal. Convert "
                "Column makes one kind of them."
            ],
        ),
        (
            TEXTS,
            "code",
            "less",
            date(2026, 1, 1),
            [
                "2 rows have texts in `code`, which cannot be compared with dates (2026-01-01): they do "
                "not meet the condition. Convert Column makes one kind of them."
            ],
        ),
        (TEXTS, "code", "equals", "8", ["None of the 2 rows meets the condition."]),
        (TEXTS, "code", "is_one_of", ["5", 7], []),
        (AMOUNTS, "amount", "equals", "n/a", []),
        (AMOUNTS, "amount", "greater", "o", [NUMBERS_BESIDE_TEXT]),
        (AMOUNTS, "amount", "is_empty", None, []),
        (AMOUNTS[:0], "amount", "equals", 9, []),
    ],
)
def test_filter(rows, column, operator, value, notes):
    context = FakeContext()
    got = filter_rows(context, rows=rows, column=column, operator=operator, value=value)
    assert got.notes == notes
    assert context.lines == [("info" if note.startswith("None of") else "warning", note) for note in notes]


@pytest.mark.parametrize(("operator", "kept"), [("greater", 1), ("less", 0), ("equals", 1), ("not_equals", 2)])
def test_what_is_not_a_number_meets_no_comparison(operator, kept):
    rows = Table.from_rows(("n",), [(math.nan,), (1.0,), (math.inf,)])
    assert filter_rows(FakeContext(), rows=rows, column="n", operator=operator, value=1).count == kept
    assert filter_rows(FakeContext(), rows=rows, column="n", operator="equals", value=math.nan).count == 0


def test_join_of_numbers_with_texts():
    orders = Table.from_rows(("sku", "n"), [(1, 1), (2, 2)])
    prices = Table.from_rows(("article", "price"), [("1", 5), ("2", 6)])
    got = join(FakeContext(), rows=orders, other=prices, on=("sku",), other_on=("article",))
    assert (got.count, len(got.unmatched)) == (0, 2)
    assert got.notes == [
        "`sku` holds numbers, but `article` of the other table holds texts, so no row has a partner. Convert Column "
        "makes one kind of them."
    ]


def test_join_that_finds_no_partner():
    got = join(FakeContext(), rows=Table.from_rows(("a",), [(1,)]), other=Table.from_rows(("a",), [(2,)]), on=("a",))
    assert got.notes == ["The only row has no partner in the only row of the other table."]
    found = join(
        FakeContext(), rows=Table.from_rows(("a",), [(1,)]), other=Table.from_rows(("a",), [(1.0,)]), on=("a",)
    )
    assert found.notes == []


@pytest.mark.parametrize(
    ("operator", "value", "is_noted"),
    [
        ("less_or_equal", "2026-01-31", True),
        ("equals", date(2026, 1, 31), True),
        ("greater", "2026-01-31", True),
        ("is_one_of", ["2026-01-31"], True),
        ("less", "2026-01-31", False),
        ("greater_or_equal", date(2026, 1, 31), False),
        ("less_or_equal", "2026-02-01", False),
        ("less_or_equal", "2026-01-31T10:00", False),
    ],
)
def test_a_day_that_leaves_out_its_times_is_noted(operator, value, is_noted):
    rows = Table.from_rows(("at",), [(datetime(2026, 1, 31, 10),), (datetime(2026, 1, 1),), (datetime(2026, 3, 1),)])
    notes = filter_rows(FakeContext(), rows=rows, column="at", operator=operator, value=value).notes
    assert any("1 row has a time of 2026-01-31 in `at`, and a day alone is its midnight" in note for note in notes) == (
        is_noted
    )


def test_an_empty_list_has_no_rows_rather_than_no_columns():
    nothing = Table.from_records([])
    rows = Table.from_rows(("k", "v"), [(1, 2)])
    got = join(FakeContext(), rows=rows, other=nothing, on=("k",), keep="all")
    assert list(got.rows.rows()) == [(1, 2)]
    assert join(FakeContext(), rows=nothing, other=rows, on=("k",)).count == 0
    assert group(FakeContext(), rows=nothing, by=("k",), compute={"total": {"sum": "v"}}).rows.columns == ("k", "total")
    assert filter_rows(FakeContext(), rows=nothing, column="k", value=1).count == 0
    assert convert_column(FakeContext(), rows=nothing, column="k", to="number").count == 0
    assert pivot(FakeContext(), rows=nothing, by=("k",), columns="c", values="v").count == 0
    with pytest.raises(InputError, match="no column `x`"):
        join(FakeContext(), rows=rows, other=nothing, on=("x",))


def test_a_sum_beyond_all_bounds_is_an_error():
    rows = Table.from_rows(("v",), [(1e308,), (1e308,)])
    with pytest.raises(NotANumberError, match="The sum of `v` is larger than a number can be"):
        group(FakeContext(), rows=rows, compute={"total": {"sum": "v"}})
    assert group(FakeContext(), rows=rows, compute={"mean": {"average": "v"}}).rows.column("mean") == [1e308]


def test_a_mean_is_rounded_once():
    rows = Table.from_rows(("v",), [(0.1,), (0.7,)])
    got = group(FakeContext(), rows=rows, compute={"mean": {"average": "v"}}).rows.column("mean")
    assert got == [float((Fraction(0.1) + Fraction(0.7)) / 2)]


def test_numbers_become_the_texts_of_expressions():
    rows = Table.from_rows(("v",), [(2.0,), (1.5,), (1e15,), (Decimal("2.50"),)])
    assert convert_column(FakeContext(), rows=rows, column="v", to="text").rows.column("v") == [
        number_text(value) for value in (2.0, 1.5, 1e15, Decimal("2.50"))
    ]
    assert number_text(2.0) == "2"
    sold = Table.from_rows(("k", "year", "v"), [("a", 2025.0, 1), ("a", 2026.0, 2)])
    assert pivot(FakeContext(), rows=sold, by=("k",), columns="year", values="v").rows.columns == ("k", "2025", "2026")


def test_sentences_write_dates_as_people_do():
    rows = Table.from_rows(("v",), [(date(2026, 1, 31),)])
    with pytest.raises(NotANumberError, match="holds 2026-01-31, which"):
        group(FakeContext(), rows=rows, compute={"total": {"sum": "v"}})
