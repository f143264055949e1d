"""Texts as sentences show them."""

import pytest

from exekra.kit.text import quoted


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
