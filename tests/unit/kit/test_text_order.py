"""Texts in the order in which people look for them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exekra.kit.text_order import LANGUAGES, TextOrder, UnknownLanguageError, text_key


@pytest.mark.parametrize(
    ("order", "language", "texts"),
    [
        ("code_point", "", ["apfel", "Birne", "Zug", "Äpfel"]),
        ("code_point", "", ["Rechnung 10", "Rechnung 2"]),
        ("natural", "", ["rechnung 1", "Rechnung 2", "Rechnung 02b", "Rechnung 10", "Rechnung 100000000000000000000"]),
        ("natural", "", ["v1.9.30", "v1.10.2", "v1.10.12"]),
        ("natural", "", ["5", "10", "a"]),
        ("language", "", ["apfel", "Apfel", "Äpfel", "Ofen", "Öl", "Strand", "Strasse", "Straße", "zebra", "Zug"]),
        ("language", "", ["Rechnung 2", "Rechnung 10"]),
        ("language", "", [" x", "-x", "1", "2", "10", "a", "b"]),
        ("language", "fr", ["cote", "coté", "côte", "côté"]),
        ("language", "de-AT", ["Muller", "Müller", "Mzz"]),
        ("language", "de-phonebook", ["Mueller", "Müller", "Muller", "Mzz"]),
        ("language", "sv_SE", ["Zug", "ål", "Åsa", "Äpfel", "Ödla"]),
        ("language", "da", ["zebra", "æble", "øl", "ål"]),
        ("language", "es", ["na", "nz", "ñu", "oz"]),
        ("language", "cs", ["cena", "čas", "den", "hora", "chata", "ibis"]),
        ("language", "pl", ["lot", "łapa", "mama", "zebra", "źle", "żaba"]),
        ("language", "tr", ["hız", "ılık", "Irmak", "izmir", "İzmit"]),
        ("language", "ru", ["лёд", "лес", "маи", "май", "мак"]),
        ("language", "el", None),
    ],
)
def test_an_order(order: TextOrder, language: str, texts: list[str] | None) -> None:
    if texts is None:
        with pytest.raises(UnknownLanguageError, match="There is no alphabet of the language `el`"):
            text_key(order, language)
        return
    shuffled = texts[1::2] + texts[::2]
    assert sorted(shuffled, key=text_key(order, language)) == texts


@given(st.text(), st.text(), st.sampled_from(("code_point", "natural", "language")), st.sampled_from(("", *LANGUAGES)))
def test_only_equal_texts_have_equal_keys(one: str, other: str, order: TextOrder, language: str) -> None:
    key = text_key(order, language if order == "language" else "")
    assert (key(one) == key(other)) == (one == other)
