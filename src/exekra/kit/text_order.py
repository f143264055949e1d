"""The order of texts for people: numbers in them by their size, letters by a language's alphabet.

A key for each text, so that any sort can use it. The alphabet follows the root order of Unicode (accents count after
the letters, capitals last of all), with the letters that some languages have behind others. It is not a full collation,
but needs no library and no data (docs/decisions/0025).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from typing import Literal

TextOrder = Literal["code_point", "natural", "language"]
"""By code point without regard to case; the same, but with numbers by their size; or by a language's alphabet, too."""

TextKey = tuple[str, ...]


class UnknownLanguageError(ValueError):
    """There is no alphabet of that language; the message names those that there are."""


_BEHIND: dict[str, dict[str, str]] = {
    "cs": {"c": "č", "r": "ř", "s": "š", "z": "ž", "h": "ch"},
    "da": {"z": "æ ø å"},
    "de": {},
    "de-phonebook": {},
    "en": {},
    "es": {"n": "ñ"},
    "et": {"s": "š z ž", "w": "õ ä ö ü"},
    "fi": {"z": "å ä ö"},
    "fr": {},
    "hr": {"c": "č ć", "d": "dž đ", "l": "lj", "n": "nj", "s": "š", "z": "ž"},
    "hu": {
        "c": "cs", "d": "dz dzs", "g": "gy", "l": "ly", "n": "ny", "o": "ö", "s": "sz", "t": "ty", "u": "ü", "z": "zs",
    },
    "is": {"a": "á", "d": "ð", "e": "é", "i": "í", "o": "ó", "u": "ú", "y": "ý", "z": "þ æ ö"},
    "it": {},
    "lt": {"c": "č", "s": "š", "z": "ž"},
    "lv": {"c": "č", "g": "ģ", "k": "ķ", "l": "ļ", "n": "ņ", "s": "š", "z": "ž"},
    "nb": {"z": "æ ø å"},
    "nl": {},
    "nn": {"z": "æ ø å"},
    "no": {"z": "æ ø å"},
    "pl": {"a": "ą", "c": "ć", "e": "ę", "l": "ł", "n": "ń", "o": "ó", "s": "ś", "z": "ź ż"},
    "pt": {},
    "ro": {"a": "ă â", "i": "î", "s": "ș ş", "t": "ț ţ"},
    "ru": {},
    "sk": {"a": "ä", "c": "č", "h": "ch", "o": "ô", "s": "š", "z": "ž"},
    "sl": {"c": "č ć", "d": "đ", "s": "š", "z": "ž"},
    "sv": {"z": "å ä ö"},
    "tr": {"c": "ç", "g": "ğ", "h": "ı", "o": "ö", "s": "ş", "u": "ü"},
    "uk": {"г": "ґ", "е": "є", "и": "і ї й"},
}  # fmt: skip
"""The letters that a language has behind another one, in order; beside them, accents make no other letter."""

_AS_LETTERS = str.maketrans(
    {"æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "þ": "th", "ħ": "h", "ı": "i", "ŀ": "l", "ß": "ss"}
)
_PHONEBOOK = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
_NUMBER = re.compile(r"\d+")
LANGUAGES = tuple(_BEHIND)


def text_key(order: TextOrder, language: str = "") -> Callable[[str], TextKey]:
    """A function from a text to what it is sorted by; equal texts alone have equal keys.

    Args:
        order: Which order.
        language: The language of the order `language`, such as de or sv-SE; empty is the root order.

    Raises:
        UnknownLanguageError: There is no alphabet of that language.
    """
    if order == "code_point":
        return lambda text: (text.casefold(), text)
    if order == "natural":
        return lambda text: (_with_numbers(text.casefold()), text)
    alphabet = _alphabet(_known(language))
    return lambda text: (*alphabet(text), text.swapcase(), text)


def _known(language: str) -> str:
    name = language.strip().replace("_", "-").casefold()
    if not name:
        return ""
    name = name if name in _BEHIND else name.partition("-")[0]
    if name not in _BEHIND:
        raise UnknownLanguageError(
            f"There is no alphabet of the language `{language[:40]}`. Leave it empty, or choose one of "
            f"{', '.join(LANGUAGES)}."
        )
    return name


def _with_numbers(text: str) -> str:
    return _NUMBER.sub(lambda found: f"0{_sized(found[0])}", text)


@lru_cache(maxsize=64)
def _alphabet(language: str) -> Callable[[str], tuple[str, str]]:
    """What a text's letters are sorted by, and after them its accents."""
    own = {"й": "и\uffff"}
    for letter, behind in _BEHIND.get(language, {}).items():
        own |= {each: f"{letter}\uffff{place}" for place, each in enumerate(behind.split())}
    # Each of them is one character of the private use area until its place is known.
    stand_ins = {each: chr(0xE000 + place) for place, each in enumerate(own)}
    letters, marks = _Letters({stand_ins[each]: f"\x03{place}" for each, place in own.items()}), _Marks()
    pattern = re.compile("|".join(map(re.escape, sorted(own, key=len, reverse=True))))
    before = {"tr": {ord("I"): "ı", ord("İ"): "i"}}.get(language, {})
    after = _AS_LETTERS | (_PHONEBOOK if language == "de-phonebook" else {})

    def key(text: str) -> tuple[str, str]:
        small = unicodedata.normalize("NFC", text.translate(before).casefold())
        marked = pattern.sub(lambda found: stand_ins[found[0]], small).translate(after)
        spelt = unicodedata.normalize("NFKD", marked)
        return _NUMBER_OF_KEY.sub(_sized_key, spelt.translate(letters)), spelt.translate(marks)

    return key


class _Letters(dict[int, str]):
    """Each character behind the mark of its kind: blanks and signs, then digits, then letters; accents left out."""

    def __init__(self, own: dict[str, str]) -> None:
        super().__init__({ord(character): spelt for character, spelt in own.items()})

    def __missing__(self, code: int) -> str:
        character = chr(code)
        if unicodedata.combining(character):
            spelt = ""
        elif character.isdecimal():
            spelt = f"\x02{unicodedata.decimal(character)}"
        else:
            spelt = f"\x03{character}" if character.isalpha() else f"\x01{character}"
        self[code] = spelt
        return spelt


class _Marks(dict[int, str]):
    """Accents, each behind a sign for the character that it stands on."""

    def __missing__(self, code: int) -> str:
        self[code] = spelt = chr(code) if unicodedata.combining(chr(code)) else "\x01"
        return spelt


_NUMBER_OF_KEY = re.compile("(?:\x02[0-9])+")


def _sized_key(found: re.Match[str]) -> str:
    return f"\x02{_sized(found[0].replace(chr(2), ''))}"


def _sized(digits: str) -> str:
    """Digits such that longer numbers come behind shorter ones."""
    plain = "".join(str(unicodedata.decimal(digit)) for digit in digits).lstrip("0")
    return f"{chr(min(len(plain), 0xD000) + 1)}{plain}"
