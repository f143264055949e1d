"""Texts as sentences show them."""

from datetime import date

import pytest

from exekra.kit.dates.patterns import read_moment
from exekra.kit.dates.reading import read_usual
from exekra.kit.numbers import NumberReading, read_number
from exekra.kit.text import quoted, without_blanks


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("it's", "`it's`"),
        ('say "no"', '`say "no"`'),
        ("C:\\new", "`C:\\new`"),
        ("a\nb\t\0", "`a␊b␉␀`"),
        ("\ud83d", "`\N{REPLACEMENT CHARACTER}`"),
        ("x" * 12, "`xxxxxxxxx…`"),
        ("", "an empty text"),
    ],
)
def test_a_text_in_a_sentence(text, shown):
    assert quoted(text, 10) == shown


@pytest.mark.parametrize("mark", ["\u200e", "\u200f", "\u202a", "\u2068", "\ufeff", "\u200b", "\N{NO-BREAK SPACE}"])
def test_marks_that_nobody_sees_stand_around_texts_without_a_meaning(mark):
    day = date(2026, 1, 31)
    assert without_blanks(f"{mark}a{mark}b{mark}") == f"a{mark}b"
    assert read_usual(f"{mark}31.01.2026{mark}").moment == day
    assert read_moment(f"{mark}01/31/2026{mark}", "%m/%d/%Y") == day
    assert read_number(f"{mark}1.5{mark}") == NumberReading(1.5)
