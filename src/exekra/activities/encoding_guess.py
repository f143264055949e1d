"""Guesses the encoding of text that is not UTF-8 from its letters, and says how sure that is."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from exekra.activities.encoding_names import codec_of, title_of

_CANDIDATES = (
    "cp1252",
    *("cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258", "cp874"),
    *("koi8-r", "koi8-u", "cp866", "iso-8859-2", "iso-8859-5", "iso-8859-7"),
    *("gb18030", "big5", "shift_jis", "euc-jp", "euc-kr"),
    *("cp850", "cp852", "cp437", "mac-roman"),
)
"""Encodings that a guess may name, the more usual of two first that read the same."""

_THEIR_NAMES = {
    "iso-8859-2": "iso8859-2",
    "iso-8859-5": "iso8859-5",
    "iso-8859-7": "iso8859-7",
    "big5": "big5hkscs",
    "shift_jis": "cp932",
    "euc-jp": "euc_jis_2004",
    "euc-kr": "cp949",
}
_LATIN = ("cp1250", "cp1254", "cp1257", "iso-8859-2")
"""Where letters as in cp1252 stand among those of ASCII: what else a plausible text may be."""

_OLD = ("cp850", "cp852", "cp437", "mac-roman")
"""Of DOS and old Macs: seldom seen, and like many others in a short text."""

_MARKS = "“”‘’‚„–—…•·€£¥§°©®™«»‹›½¼¾±²³µ¿¡×´`\xa0\xad ²ºª"
_LANGUAGES = tuple(
    frozenset(letters + letters.upper() + _MARKS)
    for letters in (
        "äöüßé",
        "àâäçéèêëîïôœùûüÿæ",
        "áéíóúñüç",
        "ãõáâàçéêíóôúü",
        "åäöæøéü",
        "þðæöáéíóúý",
        "àèéìíîòóùú",
        "áéëïíóöúüèê",
        "äöåõüšž",
    )
)
"""The letters of languages that cp1252 was made for: where all are of one language, the text is most likely right."""

_TURKISH = frozenset("þðýÞÐÝ")
_ICELANDIC = frozenset("æáéíóúÆÁÉÍÓÚ")
"""Icelandic has the first where Turkish has others in the same places, but never without the second."""

_UNLIKELY = re.compile(
    "[^\\W\\d_][¡-©«-´¶-¿×÷‚„…†‡ˆ‰‹›™˜][^\\W\\d_]"  # A sign between two letters,
    "|[¡-ÿ]{3}"  # or three of them in a row: no Western language has that.
)
_WORD = re.compile(r"[^\s,;|\"]{0,20}[^\x00-\x7f][^\s,;|\"]{0,20}")
_CONTROL = re.compile("[\x80-\x9f]")
_MOJIBAKE = re.compile(
    "[\u00c2-\u00f4](?:[\u0080-\u00bf]|[\u2013\u2014\u2018-\u2022\u201a\u201c-\u201e\u2026\u2030\u2039\u203a\u20ac\u2122\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc])+"
)


@dataclass(frozen=True, slots=True)
class Guess:
    """An encoding, and in words what speaks for another one; None where it is sure."""

    encoding: str
    doubt: str | None = None


def guess_legacy(sample: bytes) -> Guess:
    """The encoding of bytes that are not UTF-8.

    Windows' cp1252 where its letters are those of one Western language, as they are in most such files; otherwise the
    one whose letters follow each other as they do in texts.

    Args:
        sample: Lines that hold bytes above 127.
    """
    western = _windows(sample)
    plausible = _is_western(western)
    ranked = _ranked(sample)
    own = ranked.get("cp1252", 0.0) if plausible else ranked.get("cp1252", 0.0) / 2
    rivals = {
        name: share
        for name, share in ranked.items()
        if share > own and _decoded(sample, name) != western and not (plausible and name not in _LATIN)
    }
    if plausible and not rivals:
        return Guess("cp1252")
    best = max(rivals, key=lambda name: rivals[name], default=None)
    letters = {letter for letter in western or "" if ord(letter) > 127 and letter not in _MARKS}
    if plausible and (not letters or (len(letters) > 1 and own * 1.3 >= rivals.get(best or "", 0.0))):
        return Guess("cp1252")
    if best is None or (plausible and own * 2 >= rivals[best]):
        return Guess("cp1252", _doubt(sample, "cp1252", best))
    return Guess(best, _doubt(sample, best, "cp1252"))


def is_plausible_utf_16(sample: bytes, encoding: str) -> bool:
    """Whether bytes without a mark are text in this form of UTF-16 or UTF-32: letters that exist, none that control."""
    try:
        text = sample.decode(encoding)
    except UnicodeDecodeError:
        return False
    strange = sum(
        unicodedata.category(letter) in ("Cc", "Cn", "Co", "Cs") and letter not in "\t\r\n" for letter in text
    )
    return strange * 50 <= len(text)


def is_mojibake(text: str) -> str | None:
    """A piece of text that was once read in a wrong encoding, such as `MÃ¼ller`, or None."""
    for found in _MOJIBAKE.finditer(text):
        try:
            letters = found[0].encode("cp1252").decode("utf-8")
        except (UnicodeEncodeError, UnicodeDecodeError):
            continue
        if any("\u0700" <= letter <= "\u08ff" for letter in letters):
            continue  # Scripts that hardly any file is in: rather `ß€` or `Ü©`, as they stand there.
        start, end = max(0, found.start() - 8), found.end() + 8
        return (
            re.split(r"[\s,;|\"]", text[start : found.start()])[-1]
            + re.split(r"[\s,;|\"]", text[found.start() : end])[0]
        )
    return None


def high_lines(blocks: Iterable[bytes], limit: int) -> bytes:
    """The lines that hold a byte above 127, as many as fit in `limit` bytes: all that a guess can be made from."""
    kept, size = [], 0
    for block in blocks:
        for line in re.findall(rb"[^\r\n]*[\x80-\xff][^\r\n]*", block):
            kept.append(line[:1000])
            size += len(kept[-1])
            if size >= limit:
                return b"\n".join(kept)
    return b"\n".join(kept)


def _ranked(sample: bytes) -> dict[str, float]:
    from chardet import detect_all  # Only a file that is not UTF-8 pays for the models.

    found = detect_all(
        sample,
        ignore_threshold=True,
        include_encodings=[_THEIR_NAMES.get(name, name) for name in _CANDIDATES],
        compat_names=False,
    )
    names = {_THEIR_NAMES.get(name, name): name for name in _CANDIDATES}
    shares: dict[str, float] = {}
    for one in found:
        name = names.get(str(one["encoding"]))
        text = _decoded(sample, name) if name else None
        if name is None or text is None or _CONTROL.search(text):
            continue
        share = float(one["confidence"] or 0) * (0.3 if name in _OLD else 1)
        shares[name] = share / 2 if _UNLIKELY.search(text) else share
    # Two that read the same bytes as the same letters differ in nothing but chance: the more usual one comes first.
    return dict(sorted(shares.items(), key=lambda item: (-round(item[1], 3), _CANDIDATES.index(item[0]))))


def _is_western(text: str | None) -> bool:
    if text is None or _UNLIKELY.search(text):
        return False
    high = {letter for letter in text if ord(letter) > 127}
    if high & _TURKISH and not high & _ICELANDIC:
        return False
    return any(high <= letters for letters in _LANGUAGES)


def _windows(sample: bytes) -> str | None:
    """The text in cp1252, without the few bytes that mean nothing there; None where they are not few."""
    text = sample.decode("cp1252", "ignore")
    lost = len(sample) - len(text)
    return text if lost * 5 <= sum(byte > 127 for byte in sample) else None


def _decoded(sample: bytes, encoding: str) -> str | None:
    try:
        return sample.decode(codec_of(encoding))
    except UnicodeDecodeError:
        return None


def _doubt(sample: bytes, chosen: str, other: str | None) -> str:
    """In words: what the text holds by this guess, and what it would hold by the next."""
    text = sample.decode(codec_of(chosen), "replace")
    rival = _decoded(sample, other) if other else None
    words = [found[0] for found in _WORD.finditer(text)]
    if other is None or rival is None:
        return f"{chosen} ({title_of(chosen)}), in which it holds `{words[0] if words else text[:30]}`"
    pairs = zip(words, (found[0] for found in _WORD.finditer(rival)), strict=False)
    mine, theirs = next((pair for pair in pairs if pair[0] != pair[1]), (text[:30], rival[:30]))
    return f"{chosen} ({title_of(chosen)}), in which it holds `{mine}`; in {other} that is `{theirs}`"
