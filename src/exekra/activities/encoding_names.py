"""The encodings that text files of the world have: their names, how people choose one, and which Python reads."""

from __future__ import annotations

import codecs
from collections.abc import Mapping
from typing import Annotated

from pydantic import AfterValidator, WithJsonSchema

from exekra.sdk.types import Widget

AUTO = "auto"

_TITLES: Mapping[str, str] = {
    "utf-8": "Unicode (UTF-8)",
    "utf-8-sig": "Unicode (UTF-8 with byte order mark), as Excel writes it",
    "utf-16": "Unicode (UTF-16)",
    "utf-16-le": "Unicode (UTF-16, little-endian, without mark)",
    "utf-16-be": "Unicode (UTF-16, big-endian, without mark)",
    "utf-32": "Unicode (UTF-32)",
    "cp1252": "Western European (Windows)",
    "latin-1": "Western European (ISO 8859-1)",
    "iso-8859-15": "Western European with € (ISO 8859-15)",
    "cp850": "Western European (DOS)",
    "cp437": "Western European (DOS, United States)",
    "mac-roman": "Western European (old Mac)",
    "cp1250": "Central European (Windows)",
    "iso-8859-2": "Central European (ISO 8859-2)",
    "cp852": "Central European (DOS)",
    "mac-latin2": "Central European (old Mac)",
    "cp1251": "Cyrillic (Windows)",
    "koi8-r": "Cyrillic (KOI8-R, Russian)",
    "koi8-u": "Cyrillic (KOI8-U, Ukrainian)",
    "iso-8859-5": "Cyrillic (ISO 8859-5)",
    "cp866": "Cyrillic (DOS)",
    "mac-cyrillic": "Cyrillic (old Mac)",
    "cp1253": "Greek (Windows)",
    "iso-8859-7": "Greek (ISO 8859-7)",
    "cp1254": "Turkish (Windows)",
    "iso-8859-9": "Turkish (ISO 8859-9)",
    "cp1255": "Hebrew (Windows)",
    "iso-8859-8": "Hebrew (ISO 8859-8)",
    "cp1256": "Arabic (Windows)",
    "iso-8859-6": "Arabic (ISO 8859-6)",
    "cp1257": "Baltic (Windows)",
    "iso-8859-4": "Baltic (ISO 8859-4)",
    "iso-8859-13": "Baltic (ISO 8859-13)",
    "cp1258": "Vietnamese (Windows)",
    "cp874": "Thai (Windows)",
    "iso-8859-3": "Maltese, Esperanto (ISO 8859-3)",
    "iso-8859-10": "Nordic (ISO 8859-10)",
    "iso-8859-14": "Celtic (ISO 8859-14)",
    "iso-8859-16": "Romanian (ISO 8859-16)",
    "gb18030": "Chinese, simplified (GB 18030, GBK, GB 2312)",
    "big5": "Chinese, traditional (Big5)",
    "shift_jis": "Japanese (Shift JIS)",
    "euc-jp": "Japanese (EUC-JP)",
    "iso-2022-jp": "Japanese (ISO 2022-JP)",
    "euc-kr": "Korean (EUC-KR)",
    "ascii": "ASCII",
}
"""What people can choose, in the order of a list, by our name."""

_ALIASES: Mapping[str, str] = {
    "ansi": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "cp936": "gb18030",
    "cp932": "shift_jis",
    "windows-31j": "shift_jis",
    "cp949": "euc-kr",
    "cp950": "big5",
    "unicode": "utf-16",
    "utf-8-bom": "utf-8-sig",
    "utf8-bom": "utf-8-sig",
    "utf-16le": "utf-16-le",
    "utf-16be": "utf-16-be",
    "macintosh": "mac-roman",
    "windows-874": "cp874",
    "x-sjis": "shift_jis",
    "x-gbk": "gb18030",
    "x-euc-jp": "euc-jp",
    "utf8mb4": "utf-8",
}

_CODECS: Mapping[str, str] = {"shift_jis": "cp932", "euc-kr": "cp949", "big5": "cp950"}
"""Windows writes supersets under the old names, as browsers read them."""

_LARGER: Mapping[str, str] = {
    "ascii": "cp1252",
    "latin-1": "cp1252",
    "iso-8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
}
"""What servers send under the name of an encoding that is a part of it, as browsers read it."""

_NO_TEXT = ("idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined", "utf-7", "mbcs", "oem")
_OURS = {codecs.lookup(name).name: name for name in _TITLES}


def known_encoding(name: str) -> str:
    """Our name of an encoding; any name that Python knows will do, such as `windows-1251` for cp1251.

    Raises:
        ValueError: It is not an encoding of text.
    """
    asked = name.strip().lower()
    if asked == AUTO or asked in _TITLES:
        return asked
    if alias := _ALIASES.get(asked.replace("_", "-")):
        return alias
    try:
        codec = codecs.lookup(asked)
        "a".encode(asked)  # Refuses codecs of bytes, such as zip.
        if codec.name.replace("_", "-") in _NO_TEXT:
            raise LookupError
    except (LookupError, ValueError, TypeError):
        raise ValueError(
            f"`{name[:40]}` is not an encoding: choose one of the list, such as utf-8, cp1252 or cp1251"
        ) from None
    return _OURS.get(codec.name, codec.name)


def encoding_of_server(name: str) -> str | None:
    """Our name of the encoding that a server means by a name; None where there is no such encoding of text."""
    try:
        encoding = known_encoding(name)
    except ValueError:
        return None
    return None if encoding == AUTO else _LARGER.get(encoding, encoding)


def codec_of(encoding: str) -> str:
    """The Python codec that reads and writes an encoding of ours."""
    return _CODECS.get(encoding, encoding)


def title_of(encoding: str) -> str:
    """What people call an encoding: its title where it stands in the list, otherwise its name."""
    return _TITLES.get(encoding, encoding)


def _choices(*first: tuple[str, str]) -> WithJsonSchema:
    titles = (*first, *_TITLES.items())
    return WithJsonSchema(
        {"type": "string", "x-choices": [{"value": name, "title": f"{title}: {name}"} for name, title in titles]}
    )


Encoding = Annotated[str, AfterValidator(known_encoding), Widget("choice"), _choices((AUTO, "Automatic"))]
"""How a file that is read stores its letters."""


def written_encoding(name: str) -> str:
    """Our name of an encoding to write with, as `known_encoding` gives it; not `auto`.

    Raises:
        ValueError: It is not an encoding of text, or it is `auto`.
    """
    encoding = known_encoding(name)
    if encoding == AUTO:
        raise ValueError("`auto` is for reading: choose the encoding to write, such as utf-8")
    return encoding


WrittenEncoding = Annotated[str, AfterValidator(written_encoding), Widget("choice"), _choices()]
"""How a file that is written stores its letters."""
