"""How a server names the file that it sends."""

from __future__ import annotations

import mimetypes
import re
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from typing import TYPE_CHECKING
from urllib.parse import unquote, unquote_to_bytes

from exekra.kit.names import portable_file_name, safe_file_name

if TYPE_CHECKING:
    import httpx

_PARAMETER = re.compile(r""";\s*([\w-]+\*?)\s*=\s*("(?:\\.|[^"\\])*"|[^;]*)""")


def server_file_name(response: httpx.Response) -> str:
    """The file's name by Content-Disposition (RFC 6266), else by the URL; never a path, and valid on every system."""
    for given in (_disposition(response.headers.get("content-disposition", "")), unquote(response.url.path)):
        name = re.split(r"[/\\]", given.rstrip("/\\"))[-1].strip()
        if name.strip(". "):
            return portable_file_name(safe_file_name(name))
    kind = response.headers.get("content-type", "").partition(";")[0].strip()
    return f"download{mimetypes.guess_extension(kind) or ''}"


def _disposition(header: str) -> str:
    found: dict[str, str] = {name.lower(): value.strip() for name, value in _PARAMETER.findall(f";{header}")}
    extended = found.get("filename*", "").strip('"')
    charset, quote, rest = extended.partition("'")
    text = rest.partition("'")[2] if quote else ""
    if text:
        try:
            return unquote_to_bytes(text).decode(charset or "utf-8", errors="replace")
        except (LookupError, ValueError):  # No encoding of letters.
            return unquote(text)
    plain = found.get("filename", "")
    if plain.startswith('"'):
        plain = re.sub(r'\\(["\\])', r"\1", plain[1:-1])
    if plain.startswith("=?"):  # As mail encodes names, which some servers do too.
        try:
            return str(make_header(decode_header(plain)))
        except (HeaderParseError, LookupError, ValueError):
            return plain
    return plain
