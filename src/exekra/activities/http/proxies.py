"""The proxies that the environment names: HTTP_PROXY, HTTPS_PROXY, ALL_PROXY, and NO_PROXY for what needs none.

On Windows and macOS the system's own settings count where the environment names none.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING
from urllib.request import getproxies

from exekra.activities.http.errors import HttpConnectionError
from exekra.kit.text import quoted

if TYPE_CHECKING:
    import httpx

_KINDS = {
    "http": "http",
    "https": "https",
    "socks": "socks5",  # As GNOME spells it.
    "socks5": "socks5",
    "socks5h": "socks5h",
}


@dataclass(frozen=True, slots=True)
class Proxy:
    """One proxy.

    Attributes:
        url: Where it is, with its user and password, if any.
        source: The variable that names it, such as HTTP_PROXY.
    """

    url: str
    source: str

    def __repr__(self) -> str:
        return f"<Proxy of {self.source}>"

    @property
    def shown(self) -> str:
        """How an error names it: without user and password."""
        place = re.sub(r"^[a-z0-9+.-]*://", "", self.url).rpartition("@")[2].split("/")[0]
        return f"the proxy {place[:200]} ({self.source})"


class Proxies:
    """Which proxy a URL needs."""

    def __init__(self, found: Mapping[str, str] | None = None) -> None:
        """Read the environment, or take what is `found` in it by kind: http, https, all, no."""
        known = {kind: value.strip() for kind, value in (getproxies() if found is None else found).items()}
        self._by_scheme = {kind: known[kind] for kind in ("http", "https", "all") if known.get(kind)}
        self._without = [entry.lower() for entry in re.split(r"[\s,]+", known.get("no", "")) if entry]

    def find(self, url: httpx.URL) -> Proxy | None:
        """The proxy for a URL; None where it is reached directly.

        Raises:
            HttpConnectionError: What the environment names is not a proxy, or of a kind that cannot be used.
        """
        scheme = url.scheme if url.scheme in self._by_scheme else "all"
        text = self._by_scheme.get(scheme)
        port = url.port or (443 if url.scheme == "https" else 80)
        if text is None or any(_matches(entry, url.raw_host.decode("ascii"), port) for entry in self._without):
            return None
        return _read(text, _variable(scheme))


def _read(text: str, source: str) -> Proxy:
    import httpx

    kind, separator, place = text.partition("://")
    if not separator:
        kind, place = "http", text
    proxy = Proxy(f"{_KINDS.get(kind.lower(), 'http')}://{place}", source)
    if kind.lower() not in _KINDS:
        raise HttpConnectionError(
            f"The environment names {proxy.shown}, whose kind {quoted(kind, 20)} cannot be used. Use http, https or "
            "socks5, or name the server in NO_PROXY.",
            retryable=False,
        )
    try:
        valid = bool(httpx.URL(proxy.url).host)
    except (httpx.InvalidURL, ValueError):
        valid = False
    if not valid:
        raise HttpConnectionError(
            f"{source} does not name a valid proxy. Write it as http://proxy.example.com:3128.", retryable=False
        )
    return proxy


def _variable(scheme: str) -> str:
    """The name of the variable as it is written in this environment."""
    for name in (f"{scheme}_proxy", f"{scheme}_proxy".upper()):
        if os.environ.get(name):
            return name
    return f"{scheme}_proxy".upper()


def _matches(entry: str, host: str, port: int) -> bool:
    """Whether an entry of NO_PROXY means a host: a name with all below it, an address, a network, or all (`*`)."""
    if entry == "*":
        return True
    entry = entry.partition("://")[2] or entry
    host = host.lower().rstrip(".")
    name, colon, wanted_port = entry.rpartition(":")
    if colon and wanted_port.isascii() and wanted_port.isdigit() and (name.endswith("]") or ":" not in name):
        if int(wanted_port) != port:
            return False
        entry = name
    entry = entry.strip("[]")
    try:
        address = ip_address(host)
    except ValueError:
        name = entry.removeprefix("*").strip(".")
        return bool(name) and (host == name or host.endswith(f".{name}"))
    try:
        return address in ip_network(entry, strict=False)
    except ValueError:
        return False
