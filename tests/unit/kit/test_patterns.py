"""Patterns mean the same everywhere, know the letters of all languages, and end."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exekra.kit.patterns import PatternError, PatternTimeoutError, compile_pattern

NEW = "\U000e0fff"  # A character that no table of this time knows.


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        (r"Kunde: (\w+)", "Kunde: Jürgen Groß", "Kunde: Jürgen"),
        (r"\w+", "Ju\u0308rgen", "Ju\u0308rgen"),  # As file names of macOS have it: a mark behind its letter.
        (r"\w+", "Ελλάδα_2", "Ελλάδα_2"),
        (r"\W+", "ü, –x", ", –"),
        (r"\d+", "٣٤5", "٣٤5"),
        (r"\s", "a\u00a0b", "\u00a0"),
        (r"\s+", "a\v\u3000\nb", "\v\u3000\n"),
        (r"\S+", "\u2003ä\u2003", "ä"),
        (r"\b\w", "öl", "ö"),
        (r"\bler\b", "Müller", None),
        (r"\Bler", "Müller", "ler"),
        (r"\bz\b", "a z", "z"),
        (r"[^\W\d_]+", "1ü_", "ü"),
        (r"[^\W\d_]+", "1Müller_", "Müller"),
        (r"[\w.-]+@[\w.-]+", "an jürgen@müller.de, bitte", "jürgen@müller.de"),
        (r"[\w\W]+", f"a{NEW}\nü", f"a{NEW}\nü"),
        (r"[\s\S]+", f"a{NEW}\nü", f"a{NEW}\nü"),
        (r"[a\W]+", "üa, -x", "a, -"),
        (r"[\W]+", "ü, x", ", "),
        (r"[^\s,]+", " ,ü\u3000x", "ü"),
        (r"[]x]+", "]xü", "]x"),
        (r"[^]x]+", "]aü", "aü"),
        (r"[[:alpha:]]+", "1üb2", "üb"),
        (r"[[:upper:]\d]+\b", "aÄ1 b", "Ä1"),
        (r"[[a]+\b", "[a ü", "[a"),
        (r"\Qa.b\E+", "ü a.bb", "a.bb"),
        (r"\u00fc+", "xüü", "üü"),
        (r"\x{fc}\b", "ü", "ü"),
        (r"\pL\b", "1 ü", "ü"),
        (r"\p{Lu}\b", "ü Ü", "Ü"),
        (r"ü$", "ü\n", None),
        (r"\bü$", "ü\n", None),
        (r"(?m)\bü$", "ü\nb", "ü"),
        (r"ü\Z", "ü", "ü"),
        (r"\bü\z", "ü", "ü"),
        (r"(?i)\bäö", "ÄÖ", "ÄÖ"),
        (r"^(a+)+$", "a" * 30 + "!", None),
        (r"^(ä+)+$", "ä" * 30 + "!", None),
    ],
)
def test_what_a_pattern_finds(pattern: str, text: str, found: str | None) -> None:
    match = compile_pattern(pattern).search(text)
    assert (match and match[0]) == found


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("(a", r"`\(a` is not a valid regular expression: missing \)"),
        ("*", "no argument for repetition"),
        ("(?=a)b", "look-ahead, look-behind and back-references are not possible"),
        ("(?<!a)b", "look-ahead, look-behind and back-references are not possible"),
        (r"(a)\1", "look-ahead, look-behind and back-references are not possible"),
        (r"\p{Klingon}", "is not a valid regular expression"),
        ("a" * 10_001, "may have 10,000 characters"),
    ],
)
def test_what_is_no_pattern(pattern: str, said: str) -> None:
    with pytest.raises(PatternError, match=said):
        compile_pattern(pattern)


def test_a_pattern_that_only_backtracking_can_match_ends_too() -> None:
    pattern = compile_pattern(r"^(?:\w|\w\w)+\b\W\W$", seconds=0.05)
    with pytest.raises(PatternTimeoutError, match=r"takes longer than 0.05 s on this text. Write it without"):
        pattern.search("ä" * 200 + "!")


def test_an_empty_match_is_found_once() -> None:
    assert [match.start() for match in compile_pattern("$").finditer("aü")] == [2]
    assert compile_pattern("x*").replace("üxa", "-") == ("-ü--a-", 4)


def test_positions_are_characters() -> None:
    assert [match.start() for match in compile_pattern(r"\w+").finditer("ö äü")] == [0, 2]
    assert [match.start() for match in compile_pattern(r"\b\w+").finditer("ö äü")] == [0, 2]


@pytest.mark.parametrize("border", ["", r"\b"])
def test_groups_are_put_into_the_new_text(border: str) -> None:
    pattern = compile_pattern(rf"{border}(\w+)@(?P<host>\w+)(x)?{border}")
    assert pattern.replace("jö@hä a@b", r"\g<host> at \1\3 \\ \q") == (r"hä at jö \ \q b at a \ \q", 2)
    assert pattern.replace("jö@hä a@b", "-", first_only=True) == ("- a@b", 1)
    with pytest.raises(PatternError, match=r"has 3 groups, so there is no \\4"):
        pattern.replace("", r"\4")
    with pytest.raises(PatternError, match=r"there is no \\g<port>"):
        pattern.replace("", r"\g<port>")


def test_many_texts_at_once() -> None:
    found = compile_pattern(r"^\w+$", ignore_case=True).found_in(["Jürgen", None, "a b", "Jürgen", ""])
    assert found == [True, False, False, True, False]


def test_a_plain_text_to_look_for() -> None:
    assert compile_pattern("a.b (ü)", literal=True).search("xa.b (ü)") is not None
    assert compile_pattern("a.b", literal=True).search("axb") is None
    assert compile_pattern("ÄÖ", literal=True, ignore_case=True).search("äö") is not None


_ATOMS = st.sampled_from(
    [*"aü.$^", r"\w", r"\W", r"\d", r"\D", r"\s", r"\S", "[a-c]", r"[^\w]", r"[\s\d]", r"[^\W\d]", r"[\Wa]"]
)
_PATTERNS = st.lists(st.tuples(_ATOMS, st.sampled_from(["", "", "+", "*", "?"])), min_size=1, max_size=4).map(
    lambda parts: "".join(atom + (times if atom not in "^$" else "") for atom, times in parts)
)


@settings(max_examples=200, deadline=None)
@given(_PATTERNS, st.text(alphabet="abü1 \n_-Ж\u0301٣", max_size=8))
def test_both_engines_find_the_same(pattern: str, text: str) -> None:
    plain, bordered = compile_pattern(pattern), compile_pattern(rf"(?:{pattern})(?:\b|\B)")
    found = [(match.start(), match[0]) for match in plain.finditer(text + "ü")]
    assert [(match.start(), match[0]) for match in bordered.finditer(text + "ü")] == found
