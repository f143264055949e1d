"""One pool of connections for an execution, and how a call is prepared, secured and sent."""

from __future__ import annotations

import asyncio
import base64
import ssl
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http.cookiejar import Cookie, CookieJar, DefaultCookiePolicy
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self
from urllib.request import Request

from exekra.activities.http.address import (
    check_header_name,
    check_header_value,
    read_headers,
    read_url,
    why_not,
)
from exekra.activities.http.errors import HttpConnectionError, explain, timed_out
from exekra.activities.http.proxies import Proxies
from exekra.activities.wire import check_text, wire_fields
from exekra.sdk.context import Context
from exekra.sdk.errors import InputError
from exekra.sdk.resources import Resource
from exekra.sdk.types import CredentialRef, Text, When

if TYPE_CHECKING:
    import httpx

Authentication = Literal["none", "basic", "bearer", "header"]
User = Annotated[Text, When(authentication="basic")]
Secret = Annotated[CredentialRef | None, When(authentication=("basic", "bearer", "header"))]
HeaderName = Annotated[Text, When(authentication="header")]

_GUARD = "exekra.own_headers"
_HARMLESS = frozenset(
    {
        *("accept", "accept-charset", "accept-encoding", "accept-language", "cache-control", "connection"),
        *("content-encoding", "content-language", "content-length", "content-type", "date", "expect", "host"),
        *("if-match", "if-modified-since", "if-none-match", "if-range", "if-unmodified-since", "pragma", "prefer"),
        *("range", "te", "transfer-encoding", "upgrade-insecure-requests", "user-agent"),
    }
)
"""Headers that another server may get, too, when it is redirected to: they cannot carry a secret."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who asks: the kind of authentication with its secret, which `repr` leaves out."""

    kind: Authentication
    user: str
    secret: str | None
    header: str

    def __repr__(self) -> str:
        return f"<Identity {self.kind}>"

    def headers(self) -> dict[str, str]:
        """The header that carries the secret.

        Raises:
            InputError: The secret is missing, or it cannot be sent.
        """
        if self.kind == "none":
            return {}
        if not self.secret:
            raise InputError(f"`authentication` is {self.kind}, but `credential` is empty. Choose a credential.")
        check_text("The credential", self.secret)
        if self.kind == "basic":
            check_text("`user`", self.user)
            if ":" in self.user:
                raise InputError("`user` has a colon in it, which ends the name in basic authentication.")
            pair = base64.b64encode(f"{self.user}:{self.secret}".encode()).decode()
            return {"Authorization": f"Basic {pair}"}
        secret = check_header_value("The credential", self.secret)
        if self.kind == "bearer":
            return {"Authorization": f"Bearer {secret}"}
        check_header_name(self.header)
        return {self.header: secret}


class _SendableCookies(DefaultCookiePolicy):
    """Takes no cookie that the library could not send back: its letters must be ASCII."""

    def set_ok(self, cookie: Cookie, request: Request) -> bool:
        return f"{cookie.name}{cookie.value or ''}".isascii() and super().set_ok(cookie, request)


class HttpSession(Resource):
    """Connections and cookies that the calls of one execution share."""

    def __init__(self) -> None:
        self._clients: dict[bool, httpx.AsyncClient] = {}
        self._proxies = Proxies()

    @classmethod
    async def open(cls, context: Context) -> Self:
        """Nothing is connected before the first call."""
        return cls()

    async def close(self) -> None:
        """Close all connections."""
        for client in self._clients.values():
            await client.aclose()
        self._clients.clear()

    def _client(self, verify: bool) -> httpx.AsyncClient:
        if verify not in self._clients:
            import httpx

            from exekra.activities.http.routes import Routes

            self._clients[verify] = httpx.AsyncClient(
                transport=Routes(self._proxies, _trusted() if verify else None),
                trust_env=False,
                cookies=CookieJar(_SendableCookies()),
                headers={"User-Agent": "Exekra"},
                event_hooks={"request": [_check_redirect, _keep_secret_at_home]},
            )
        return self._clients[verify]

    @asynccontextmanager
    async def send(
        self,
        method: str,
        url: str,
        *,
        query: Mapping[str, Any] | None,
        headers: Mapping[str, Any] | None,
        identity: Identity,
        timeout: float,
        whole: bool,
        own_headers: Mapping[str, str] | None = None,
        follow_redirects: bool = True,
        verify: bool = True,
        note: Callable[[str], None] | None = None,
        **body: Any,
    ) -> AsyncIterator[httpx.Response]:
        """Send a request and give its answer, whose body is still to be read.

        Args:
            timeout: Seconds; 0 waits for ever.
            own_headers: Headers that describe the body; those in `headers` replace them.
            whole: Whether the limit covers the whole call; otherwise it covers each period of silence from the server.
            note: Called to say which headers did not follow a redirect to another server.
            body: `content`, `data` and `files` as httpx takes them.

        Raises:
            HttpConnectionError: The server cannot be reached, or the connection broke.
            HttpTimeoutError: The time is over.
            HttpTlsError: The certificate is not trusted.
            InputError: The URL, the query or a header cannot be sent.
        """
        import httpx

        client = self._client(verify)
        limit = timeout or None
        silence = httpx.Timeout(None if whole else limit)
        given = read_headers(headers)
        names = {name.lower() for name in given}
        sent = given | {name: value for name, value in (own_headers or {}).items() if name.lower() not in names}
        request = _prepare(client, method, url, query, sent, identity, {**body, "timeout": silence}, note)
        try:
            async with asyncio.timeout(limit if whole else None):
                response = await client.send(request, stream=True, follow_redirects=follow_redirects)
                try:
                    yield response
                finally:
                    await response.aclose()
        except TimeoutError:
            raise timed_out(request.url, timeout, self._proxy(request.url)) from None
        except (httpx.RequestError, httpx.InvalidURL, ExceptionGroup) as error:
            raise explain(error, request.url, timeout, self._proxy(request.url)) from None

    def _proxy(self, url: httpx.URL) -> str:
        """The proxy through which a URL is asked, as an error names it; empty where there is none."""
        proxy = self._proxies.find(url)
        return proxy.shown if proxy else ""


def _trusted() -> ssl.SSLContext:
    """Trust the certificates of this machine, where an organisation adds its own; certifi's where it has none."""
    context = ssl.create_default_context()
    if not context.cert_store_stats()["x509_ca"]:
        import certifi

        context.load_verify_locations(certifi.where())
    return context


def _prepare(
    client: httpx.AsyncClient,
    method: str,
    url: str,
    query: Mapping[str, Any] | None,
    headers: Mapping[str, str],
    identity: Identity,
    body: Mapping[str, Any],
    note: Callable[[str], None] | None,
) -> httpx.Request:
    import httpx

    address = read_url(url)
    if query:
        # The library would write the present parameters anew, which breaks addresses that are signed.
        added = str(httpx.QueryParams(wire_fields("`query`", query))).encode()
        address = address.copy_with(query=b"&".join(part for part in (address.query, added) if part))
    all_headers = {**headers, **identity.headers()}
    own = tuple(name for name in all_headers if name.lower() not in _HARMLESS)
    extensions = {_GUARD: _OwnHeaders(own, address, note)} if own else {}
    return client.build_request(method, address, headers=all_headers, extensions=extensions, **body)


@dataclass(frozen=True, slots=True)
class _OwnHeaders:
    """The headers of a call that may carry a secret, and the server that they are for."""

    names: tuple[str, ...]
    home: httpx.URL
    note: Callable[[str], None] | None

    def may_follow(self, url: httpx.URL) -> bool:
        """Whether a URL is of the same server, or of the same host by https instead of http."""
        if _origin(url) == _origin(self.home):
            return True
        ports = (self.home.scheme, self.home.port, url.scheme, url.port)
        return url.host == self.home.host and ports == ("http", None, "https", None)


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port


async def _check_redirect(request: httpx.Request) -> None:
    """Refuse to follow to where nothing can be sent; what a person wrote was looked at before."""
    reason = why_not(request.url)
    if reason is not None:
        raise HttpConnectionError(f"The server redirects to a URL that is not valid: {reason}.", retryable=False)


async def _keep_secret_at_home(request: httpx.Request) -> None:
    """Drop what may be a secret when a redirect leads to another server."""
    own: _OwnHeaders | None = request.extensions.get(_GUARD)
    if own is None or own.may_follow(request.url):
        return
    for name in own.names:
        if name.lower() != "cookie":  # Those of the new server are in it by now; the library drops the others.
            request.headers.pop(name, None)
    if own.note:
        listed = ", ".join(f"`{name}`" for name in own.names)
        own.note(
            f"{own.home.host} redirected to {request.url.host}, which did not get {listed}: it may be a secret. Where "
            "that server is meant, give its URL."
        )
