"""What an answer says: its text by its encoding, its data where it is JSON, and its headers."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from exekra.activities.encoding_guess import guess_legacy, high_lines
from exekra.activities.encoding_names import codec_of, encoding_of_server, title_of
from exekra.activities.encodings import encoding_of_mark, encoding_without_mark
from exekra.activities.json_reading import JsonError, JsonReader
from exekra.kit.text import quoted
from exekra.sdk.context import Context

if TYPE_CHECKING:
    import httpx

_SAMPLE = 65_536
"""Bytes by which an encoding is guessed."""

Warn = Callable[[str], None]

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
    if marked := encoding_of_mark(raw):
        return _decode(raw, marked, where, warn).removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}")
    named = _charset(response)
    encoding = encoding_of_server(named) if named else None
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
    encoding = encoding_without_mark(raw[:_SAMPLE]) or guess_legacy(high_lines(iter((raw,)), _SAMPLE)).encoding
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


def _declared(raw: bytes) -> str | None:
    """The encoding that HTML and XML name in their first lines, which can be read, so that it is not UTF-16."""
    found = _DECLARED.search(raw[:2048]) if raw.lstrip()[:1] == b"<" else None
    encoding = encoding_of_server((found[1] or found[2]).decode("ascii", "replace").lower()) if found else None
    return None if encoding is None or encoding.startswith(("utf-16", "utf-32")) else encoding


def _decode(raw: bytes, encoding: str, where: str, warn: Warn) -> str:
    try:
        return raw.decode(codec_of(encoding))
    except UnicodeDecodeError as error:
        warn(
            f"{where} says that its letters are stored as {encoding}, but byte {error.start:,} is not. "
            "What cannot be read became U+FFFD."
        )
        return raw.decode(codec_of(encoding), errors="replace")
