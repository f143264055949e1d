"""What an answer says: its text by its encoding, its data where it is JSON, and its headers."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from exekra.activities.encoding_guess import guess_legacy, high_lines
from exekra.activities.encoding_names import codec_of, title_of
from exekra.activities.json_reading import JsonError, JsonReader
from exekra.kit.text import quoted
from exekra.sdk.context import Context

if TYPE_CHECKING:
    import httpx

_SAMPLE = 65_536
"""Bytes by which an encoding is guessed."""

Warn = Callable[[str], None]

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # Begins like the mark of UTF-16, and so comes before it.
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_MEANT = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
}
"""Encodings that servers name where they use the larger one that contains it, as browsers read them."""
_OTHER_NAMES = {"x-sjis": "cp932", "windows-31j": "cp932", "x-gbk": "gb18030", "x-euc-jp": "euc_jp", "utf8mb4": "utf-8"}
_NOT_FOR_ANSWERS = {"idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape", "mbcs", "oem"}
_DECLARED = re.compile(
    rb"""<\?xml[^>]{0,100}?encoding\s*=\s*["']([\w.:-]+)|<meta[^>]{0,200}?charset\s*=\s*["']?([\w.:-]+)"""
)
_LINES = re.compile(r"application/(?:x-)?(?:ndjson|jsonl|jsonlines|json-lines)\b")
_TEXTS = ("", "text/plain", "text/html", "text/javascript", "application/octet-stream")
"""What servers call JSON when they do not call it so."""
_LISTED = "set-cookie"


def header_fields(headers: httpx.Headers) -> dict[str, str | list[str]]:
    """Headers by their names in small letters: a list for Set-Cookie and for each that comes several times."""
    fields: dict[str, list[str]] = {}
    for name, value in headers.multi_items():
        fields.setdefault(name.lower(), []).append(value)
    return {name: values if len(values) > 1 or name == _LISTED else values[0] for name, values in fields.items()}


def read_body(raw: bytes, response: httpx.Response, where: str, warn: Warn) -> str:
    """The body as text: by its byte order mark, else by the charset that the server names, else by what it looks like.

    Args:
        where: The address, for warnings.
    """
    for mark, marked in _MARKS:
        if raw.startswith(mark):
            return _decode(raw[len(mark) :], marked, where, warn)
    named = _charset(response)
    encoding = _known(named) if named else None
    if named and encoding is None:
        warn(f"{where} names the encoding {quoted(named, 40)}, which is unknown. Check the letters of its answer.")
    if encoding is None:
        encoding = _declared(raw)
    if encoding is not None:
        return _decode(raw, encoding, where, warn)
    try:
        return raw.decode()
    except UnicodeDecodeError:
        pass
    kind = response.headers.get("content-type", "")
    if kind and "json" not in kind and not kind.startswith("text/") and "xml" not in kind:
        warn(
            f"The answer of {where} is {kind.partition(';')[0].strip()[:60]}, which is not text, so `body` is not what "
            "was sent. Use Download to get it as a file."
        )
        return raw.decode("cp1252", errors="replace")
    encoding = _by_zeros(raw) or guess_legacy(high_lines(iter((raw,)), _SAMPLE)).encoding
    warn(
        f"{where} does not say how its letters are stored, and they are not UTF-8. They were read as "
        f"{encoding} ({title_of(encoding)}): check them."
    )
    return raw.decode(codec_of(encoding), errors="replace")


def read_json(text: str, response: httpx.Response, where: str, context: Context) -> Any:
    """The body as data: where the server calls it JSON, or calls it text and all of it is a JSON object or list.

    What is not JSON is null, with a warning where the server calls it JSON.
    """
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    is_called_json = "json" in kind
    if not text.strip() or not (is_called_json or _looks_like_json(kind, text)):
        return None
    reader = JsonReader(where)
    try:
        if _LINES.match(kind):
            lines = enumerate(re.split("\r\n|\r|\n", text), 1)  # JSON may hold other line ends.
            value: Any = [reader.read(line, number) for number, line in lines if line.strip()]
        else:
            value = reader.read(text)
    except JsonError as error:
        if is_called_json:
            context.warn(f"The answer is called JSON, but it is not. {error.message}")
        return None
    reader.say(context)
    return value


def _looks_like_json(kind: str, text: str) -> bool:
    return kind in _TEXTS and text.strip()[0] + text.strip()[-1] in ("{}", "[]")


def _charset(response: httpx.Response) -> str:
    return (response.charset_encoding or "").strip(" '\"").lower()


def _known(name: str) -> str | None:
    """Python's name of the encoding that is meant; None where there is no such encoding of letters."""
    try:
        codec = codecs.lookup(_OTHER_NAMES.get(name, name))
        "".encode(codec.name)
    except (LookupError, ValueError):
        return None
    return None if codec.name in _NOT_FOR_ANSWERS else _MEANT.get(codec.name, codec.name)


def _declared(raw: bytes) -> str | None:
    """The encoding that HTML and XML name in their first lines, which can be read, so that it is not UTF-16."""
    found = _DECLARED.search(raw[:2048]) if raw.lstrip()[:1] == b"<" else None
    encoding = _known((found[1] or found[2]).decode("ascii", "replace").lower()) if found else None
    return None if encoding is None or encoding.startswith(("utf-16", "utf-32")) else encoding


def _by_zeros(raw: bytes) -> str | None:
    """UTF-16 by its zeros, which text in other encodings does not have."""
    even, odd = raw[:1000:2].count(0), raw[1:1000:2].count(0)
    if max(even, odd) <= len(raw[:1000]) // 5:
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _decode(raw: bytes, encoding: str, where: str, warn: Warn) -> str:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        warn(
            f"{where} says that its letters are stored as {encoding}, but byte {error.start:,} is not. "
            "What cannot be read became U+FFFD."
        )
        return raw.decode(encoding, errors="replace")
