"""The way to each server: directly, or through the proxy that the environment names for it."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import socksio

from exekra.activities.http.errors import HttpConnectionError, causes
from exekra.activities.http.proxies import Proxies, Proxy


class Routes(httpx.AsyncBaseTransport):
    """Pools of connections: one for servers that are reached directly, and one for each proxy."""

    def __init__(self, proxies: Proxies, trusted: ssl.SSLContext | None) -> None:
        """Take the certificates to trust; None trusts every server."""
        self._proxies = proxies
        self._verify: ssl.SSLContext | bool = trusted or False
        self._pools: dict[Proxy | None, httpx.AsyncHTTPTransport] = {}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request on its way.

        Raises:
            HttpConnectionError: The proxy cannot be used, cannot be reached, or refused.
            httpx.TransportError: The connection to the server failed.
        """
        proxy = self._proxies.find(request.url)
        pool = self._pools.get(proxy)
        if pool is None:
            pool = self._pools[proxy] = self._new_pool(proxy)
        if proxy is None:
            return await pool.handle_async_request(request)
        try:
            async with _closing_what_fails(request):
                return await pool.handle_async_request(request)
        except httpx.ProxyError as error:
            said = str(error).rstrip(".") or "no reason given"
            raise HttpConnectionError(
                f"{_capital(proxy.shown)} refused to connect to {request.url.host}: {said}."
            ) from None
        except (socksio.SOCKSError, AssertionError):  # The library asserts what the other side sends.
            raise HttpConnectionError(
                f"{_capital(proxy.shown)} does not speak SOCKS 5. Is it an http proxy?", retryable=False
            ) from None
        except httpx.ConnectTimeout:
            raise HttpConnectionError(f"{_capital(proxy.shown)} did not answer in time. Is it running?") from None
        except httpx.ConnectError as error:
            reasons = tuple(causes(error))
            if any(isinstance(cause, ssl.SSLError) for cause in reasons):
                raise
            refused = any(isinstance(cause, ConnectionRefusedError) for cause in reasons)
            reason = "refused the connection" if refused else "cannot be reached"
            raise HttpConnectionError(
                f"{_capital(proxy.shown)} {reason}. Is it running, and the variable right? "
                f"To reach {request.url.host} without it, name that host in NO_PROXY."
            ) from None

    async def aclose(self) -> None:
        """Close all connections."""
        for pool in self._pools.values():
            await pool.aclose()
        self._pools.clear()

    def _new_pool(self, proxy: Proxy | None) -> httpx.AsyncHTTPTransport:
        if proxy is None:
            return httpx.AsyncHTTPTransport(verify=self._verify, trust_env=False)
        context = self._verify if isinstance(self._verify, ssl.SSLContext) else None
        is_encrypted = proxy.url.startswith("https:")
        return httpx.AsyncHTTPTransport(
            verify=self._verify,
            trust_env=False,
            proxy=httpx.Proxy(proxy.url, ssl_context=context if is_encrypted else None),
        )


@asynccontextmanager
async def _closing_what_fails(request: httpx.Request) -> AsyncIterator[None]:
    """Close the connection to a SOCKS proxy that came to nothing, which the library leaves open."""
    opened: list[Any] = []

    async def note(event: str, info: dict[str, Any]) -> None:
        if event == "socks.connect_tcp.complete":
            opened.append(info["return_value"])

    request.extensions["trace"] = note
    try:
        yield
    except BaseException:
        for stream in opened:
            await stream.aclose()
        raise


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]
