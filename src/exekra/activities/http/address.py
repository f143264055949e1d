"""Checks URLs, headers and texts before anything is sent."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from exekra.activities.wire import check_text, wire_text
from exekra.sdk.errors import InputError

if TYPE_CHECKING:
    import httpx

LARGEST_PORT = 65_535
_FULL = "Write it in full, such as https://example.com/path."
_LABEL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?")
_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_FROM_BODY = frozenset({"content-length", "transfer-encoding"})


def read_url(text: str) -> httpx.URL:
    """The URL of a text that a person wrote.

    Raises:
        InputError: It is not a valid URL; says why, without user, password and query.
    """
    import httpx

    text = text.strip()
    shown = _shown(text)
    check_text("`url`", text)
    try:
        url = httpx.URL(text)
    except httpx.InvalidURL as error:
        reason = re.split("[:,]", str(error), maxsplit=1)[0]  # What follows may be a part of a password.
        reason = (
            reason.replace("URL", "it is").lower() if reason.startswith("URL ") else reason[:1].lower() + reason[1:]
        )
        raise InputError(f"{shown} is not a valid URL: {reason}. {_FULL}") from None
    reason = why_not(url)
    if reason is not None:
        raise InputError(f"{shown} is not a valid URL: {reason}. {_FULL}")
    return url


def why_not(url: httpx.URL) -> str | None:
    """Why nothing can be sent to a URL; None when something can."""
    if url.scheme not in ("http", "https"):
        return "it must begin with http:// or https://"
    if not url.raw_host:
        return "it has no host"
    port = url.port
    if port is not None and not 1 <= port <= LARGEST_PORT:
        return f"ports go from 1 to {LARGEST_PORT}"
    try:
        host = url.raw_host.decode("ascii")
        url.host  # noqa: B018  # It decodes international names, which may fail.
    except (UnicodeError, ValueError):
        return "the name of its host cannot be read"
    if ":" in host:
        return None  # An address of IPv6, which the library has looked at.
    labels = host.removesuffix(".").split(".")
    if len(host) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        return "the name of its host is not valid"
    return None


def read_headers(headers: Mapping[str, Any] | None) -> dict[str, str]:
    """Headers that a person gave, as texts; those with null are left out.

    Raises:
        InputError: A name or a value cannot be sent.
    """
    found: dict[str, str] = {}
    for name, value in (headers or {}).items():
        if value is None:
            continue
        check_header_name(name)
        if name.lower() in _FROM_BODY:
            raise InputError(f"The header `{name}` follows from the body. Leave it out.")
        what = f"The header `{name}`"
        found[name] = check_header_value(what, value if isinstance(value, str) else wire_text(what, value))
    return found


def check_header_name(name: str) -> None:
    """Refuse what cannot be the name of a header.

    Raises:
        InputError: It has a blank, a colon, a letter beyond ASCII or the like.
    """
    if not _NAME.fullmatch(name):
        shown = ascii(name[:60])
        raise InputError(f"{shown} is not a valid header name: use letters, digits and hyphens, as in X-API-Key.")


def check_header_value(what: str, value: str) -> str:
    """The value of a header without blanks around it. Errors never contain the value: it may be a secret.

    Raises:
        InputError: It has a line break, a NUL or a letter beyond ASCII.
    """
    if any(character in value for character in "\r\n\0"):
        raise InputError(f"{what} has a line break or a NUL in it, which cannot be sent. Remove it.")
    if not value.isascii():
        raise InputError(f"{what} has letters beyond ASCII, which cannot be sent. Encode the value first.")
    return value.strip()


def _shown(text: str) -> str:
    """A URL that is safe to show, quoted: without user, password, query and fragment."""
    bare = re.split(r"[?#]", text, maxsplit=1)[0]
    return ascii(re.sub(r"//.*@", "//", bare)[:200])
