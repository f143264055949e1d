"""Proxies of the environment: who is asked through which, who is not, and what is said when one fails."""

import asyncio
import socket
from contextlib import asynccontextmanager, suppress

import httpx
import pytest
from raw_http import answering, whole

from exekra.activities.http.errors import HttpConnectionError, HttpTimeoutError
from exekra.activities.http.proxies import Proxies
from exekra.activities.http.request import request
from exekra.activities.http.session import HttpSession

SECRET = "hunter2"
VARIABLES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")


@pytest.fixture(autouse=True)
def _no_proxies(monkeypatch):
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
def ask(context, monkeypatch):
    async def ask(url, *, timeout=30, **environment):
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        session = await HttpSession.open(context)
        try:
            return await request(context, session, url=url, timeout=timeout)
        finally:
            await session.close()

    return ask


@pytest.fixture
def closed():
    """A port on loopback at which nobody listens."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{unused.getsockname()[1]}"


@asynccontextmanager
async def socks(reply=0):
    """A proxy that speaks SOCKS 5, connects to wherever it is asked to, and notes where."""
    asked = []

    async def pump(reader, writer):
        while block := await reader.read(65_536):
            writer.write(block)
            await writer.drain()
        writer.close()

    async def serve(reader, writer):
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            await reader.readexactly(2 + (await reader.readexactly(2))[1] - 2)
            writer.write(b"\5\0")
            kind = (await reader.readexactly(4))[3]
            size = 4 if kind == 1 else (await reader.readexactly(1))[0]
            host = await reader.readexactly(size)
            name = ".".join(map(str, host)) if kind == 1 else host.decode()
            port = int.from_bytes(await reader.readexactly(2))
            asked.append(name)
            writer.write(bytes([5, reply, 0, 1, 0, 0, 0, 0, 0, 0]))
            if not reply:
                theirs = await asyncio.open_connection("127.0.0.1", port)
                await asyncio.gather(pump(reader, theirs[1]), pump(theirs[0], writer))
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}", asked


async def test_a_proxy_is_asked_for_the_whole_url(ask):
    async with answering(whole(b"from the proxy")) as (proxy, seen):
        answer = await ask("http://example.com/a", HTTP_PROXY=proxy.replace("http://", f"http://me:{SECRET}@"))
    assert answer.body == "from the proxy"
    assert seen[0].startswith("GET http://example.com/a HTTP/1.1\r\n")
    assert "Proxy-Authorization: Basic " in seen[0]


@pytest.mark.parametrize("kind", ["socks5", "socks5h", "socks", "SOCKS5"])
async def test_proxies_that_speak_socks(ask, kind):
    async with answering(whole(b"ok")) as (url, _), socks() as (proxy, asked):
        answer = await ask(url.replace("127.0.0.1", "somewhere.test"), all_proxy=f"{kind}://{proxy}/")
    assert (answer.body, asked) == ("ok", ["somewhere.test"])


@pytest.mark.parametrize("without", ["127.0.0.1", "*", "example.com, 127.0.0.0/8", ".test 127.0.0.1"])
@pytest.mark.parametrize("kind", ["socks5", "socks4", "http", "nonsense"])
async def test_a_server_in_no_proxy_needs_no_proxy(ask, closed, kind, without):
    async with answering(whole(b"ok")) as (url, _):
        assert (await ask(url, ALL_PROXY=f"{kind}://{closed}", NO_PROXY=without)).body == "ok"


@pytest.mark.parametrize("kind", ["http", "https", "socks5"])
async def test_a_proxy_that_is_down_is_named(ask, closed, kind):
    async with answering(whole(b"ok")) as (url, _):
        with pytest.raises(HttpConnectionError) as caught:
            await ask(url, HTTP_PROXY=f"{kind}://me:{SECRET}@{closed}")
    assert caught.value.message.startswith(f"The proxy {closed} (HTTP_PROXY) refused the connection.")
    assert "To reach 127.0.0.1 without it, name that host in NO_PROXY." in caught.value.message
    assert SECRET not in caught.value.message
    assert caught.value.retryable


async def test_a_proxy_with_an_unknown_name(ask):
    with pytest.raises(HttpConnectionError, match=r"The proxy proxy\.invalid:1 \(http_proxy\) cannot be reached"):
        await ask("http://example.com", http_proxy="proxy.invalid:1")


async def test_what_a_proxy_refuses(ask):
    async with answering(whole(b"", status="407 Proxy Authentication Required")) as (proxy, _):
        with pytest.raises(HttpConnectionError, match=r"\(HTTPS_PROXY\) refused to connect to example.com: 407 Proxy"):
            await ask("https://example.com", HTTPS_PROXY=proxy)
    async with socks(reply=4) as (proxy, _):
        with pytest.raises(HttpConnectionError, match=r"refused to connect to a\.test: .*Host unreachable\.$"):
            await ask("http://a.test", ALL_PROXY=f"socks5://{proxy}")


async def test_a_proxy_that_does_not_speak_socks(ask):
    async def answer(reader, writer):
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        proxy = f"socks5://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        with pytest.raises(HttpConnectionError, match=r"The proxy .* \(ALL_PROXY\) does not speak SOCKS 5") as caught:
            await ask("http://a.test", ALL_PROXY=proxy)
    assert not caught.value.retryable


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("socks4://proxy:1080", "kind `socks4` cannot be used. Use http, https or socks5"),
        ("ftp://proxy", "kind `ftp` cannot be used"),
        ("http://", "HTTP_PROXY does not name a valid proxy"),
        ("http://proxy:port", "HTTP_PROXY does not name a valid proxy"),
        (f"http://me:{SECRET}@[::1", "HTTP_PROXY does not name a valid proxy"),
    ],
)
async def test_what_is_not_a_proxy(ask, text, message):
    with pytest.raises(HttpConnectionError, match="proxy") as caught:
        await ask("http://example.com", HTTP_PROXY=text)
    assert message in caught.value.message
    assert SECRET not in caught.value.message
    assert not caught.value.retryable


async def test_silence_behind_a_proxy_names_it(ask):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        proxy = f"127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(HttpTimeoutError, match=rf"example\.com did not answer through the proxy {proxy}"):
            await ask("http://example.com", HTTP_PROXY=proxy, timeout=0.05)


@pytest.mark.parametrize(
    ("without", "url", "direct"),
    [
        ("example.com", "http://example.com", True),
        ("example.com", "http://www.example.com", True),
        ("example.com", "http://notexample.com", False),
        (".example.com", "http://www.example.com", True),
        ("*.example.com", "http://www.example.com", True),
        ("EXAMPLE.com", "http://Example.COM.", True),
        ("example.com:8080", "http://example.com:8080", True),
        ("example.com:8080", "http://example.com", False),
        ("example.com:443", "https://example.com", True),
        ("http://example.com", "http://example.com", True),
        ("10.0.0.0/8", "http://10.1.2.3", True),
        ("10.0.0.0/8", "http://11.1.2.3", False),
        ("10.1.2.3", "http://10.1.2.3:8080", True),
        ("10.1.2", "http://10.1.2.3", False),
        ("::1", "http://[::1]:80", True),
        ("[::1]:81", "http://[::1]:80", False),
        ("fd00::/8", "http://[fd12::1]", True),
        ("localhost", "http://localhost", True),
        (" , ,", "http://localhost", False),
        ("10.0.0.0/99", "http://10.1.2.3", False),
    ],
)
def test_who_needs_no_proxy(without, url, direct):
    proxies = Proxies({"all": "proxy:1", "no": without})
    assert (proxies.find(httpx.URL(url)) is None) is direct


def test_each_scheme_has_its_proxy():
    def found(url, **proxies):
        proxy = Proxies(proxies).find(httpx.URL(url))
        assert proxy is not None
        assert SECRET not in repr(proxy)
        return proxy.url

    three = {"http": "a:1", "https": "https://b:2", "all": f"http://me:{SECRET}@c:3"}
    assert found("http://x", **three) == "http://a:1"
    assert found("https://x", **three) == "https://b:2"
    assert found("https://x", all="c:3") == "http://c:3"
