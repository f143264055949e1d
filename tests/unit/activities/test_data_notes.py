"""What table activities say when a comparison cannot be meant, or keeps nothing of something."""

import math
from datetime import date

import pytest

from exekra.activities.data.combine import join
from exekra.activities.data.filtering import filter as filter_rows
from exekra.sdk.table import Table
from exekra.testing.context import FakeContext

AMOUNTS = Table.from_rows(("amount", "code"), [(5, "1"), (7, "2"), ("n/a", "3"), ("", "4"), (None, "5")])
NUMBERS_BESIDE_TEXT = (
    "2 rows have numbers in `amount`, which cannot be compared with texts ('o'): they do not meet the condition. "
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
                "2 rows have texts in `code`, which cannot be compared with dates (datetime.date(2026, 1, 1)): they do "
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
    assert context.lines == [("warning", note) for note in notes]


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
    assert got.notes == ["None of the 1 rows has a partner among the 1 rows of the other table."]
    found = join(
        FakeContext(), rows=Table.from_rows(("a",), [(1,)]), other=Table.from_rows(("a",), [(1.0,)]), on=("a",)
    )
    assert found.notes == []
