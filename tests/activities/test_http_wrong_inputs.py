"""What cannot be sent is a wrong input, said before anything is sent, and never a fault of the activity."""

import asyncio
from contextlib import asynccontextmanager
from urllib.parse import quote, unquote, urlsplit

import pytest

from exekra.activities.http.errors import HttpConnectionError
from exekra.activities.http.request import request
from exekra.activities.http.session import HttpSession
from exekra.activities.http.transfer import download, upload
from exekra.sdk.errors import InputError

HALF = "\ud800"


@pytest.fixture
async def session(context):
    session = await HttpSession.open(context)
    yield session
    await session.close()


@asynccontextmanager
async def redirecting():
    """A server that redirects to whatever its path says, and notes every request."""
    seen = []

    async def answer(reader, writer):
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        seen.append(head)
        target = unquote(urlsplit(head.split(" ")[1]).path[1:], encoding="latin-1")
        status = f"302 Found\r\nLocation: {target}" if target else "200 OK"
        writer.write(f"HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode("latin-1"))
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/", seen


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://127.0.0.1:99999/", "ports go from 1 to 65535"),
        ("http://127.0.0.1:65536/", "ports go from 1 to 65535"),
        ("HTTPS://127.0.0.1:000080000/", "ports go from 1 to 65535"),
        ("http://[::1]:99999/", "ports go from 1 to 65535"),
        ("http://127.0.0.1:0/", "ports go from 1 to 65535"),
        ("http://127.0.0.1:-1/", "ports go from 1 to 65535"),
        ("http://host:99999999999999999999/", "ports go from 1 to 65535"),
        ("http://host:abc/", "invalid port"),
        ("http://host:80:80/", "invalid port"),
        ("http://[::1", "invalid port"),
        ("http://", "it has no host"),
        ("http:///path", "it has no host"),
        ("http://:80/", "it has no host"),
        ("http:/path", "it has no host"),
        ("example.com", "it must begin with http:// or https://"),
        ("//example.com", "it must begin with http:// or https://"),
        ("javascript:alert(1)", "it must begin with http:// or https://"),
        ("file://host/etc/passwd", "it must begin with http:// or https://"),
        ("http://two words/", "the name of its host is not valid"),
        ("http://a..b/", "the name of its host is not valid"),
        ("http://.a/", "the name of its host is not valid"),
        ("http://-a/", "the name of its host is not valid"),
        ("http://*/", "the name of its host is not valid"),
        ("http://%41/", "the name of its host is not valid"),
        (f"http://{'a' * 64}/", "the name of its host is not valid"),
        (f"http://{'a.' * 130}com/", "the name of its host is not valid"),
        ("http://xn--/", "the name of its host cannot be read"),
        ("http://\u2603/", "invalid IDNA hostname"),
        ("http://256.0.0.1/", "invalid IPv4 address"),
        ("http://[zz]/", "invalid IPv6 address"),
        ("http://a\nb/", "invalid non-printable ASCII character"),
        ("http://a/\0", "invalid non-printable ASCII character"),
        (f"http://a/{'x' * 70_000}", "it is too long"),
    ],
    ids=ascii,
)
@pytest.mark.parametrize("call", [request, download])
async def test_a_wrong_url_says_why(context, session, call, url, reason):
    more = {"path": "a"} if call is download else {}
    with pytest.raises(InputError) as caught:
        await call(context, session, url=url, **more)
    assert f"is not a valid URL: {reason}" in caught.value.message
    assert "Write it in full, such as https://example.com/path." in caught.value.message
    assert len(caught.value.message) < 400


@pytest.mark.parametrize(
    "url",
    [
        "http://joe:hunter2@host:99999/?token=hunter2#hunter2",
        "http://joe:hun/hunter2@host/",
        "http://joe:hunter2@ho st/",
        "http://host:hunter2/",
        "ftp://joe:hunter2@host/?hunter2",
        "http://joe:hunter2@host:99999",
    ],
)
async def test_no_error_about_a_url_tells_a_secret(context, session, url):
    with pytest.raises(InputError) as caught:
        await request(context, session, url=url)
    told = caught.value.message.replace("'http://host:hunter2/'", "")  # What stands for a port was no secret.
    assert "hunter2" not in told


@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        ({"url": f"http://host/{HALF}"}, "`url` holds half of a surrogate pair"),
        ({"query": {"a": HALF}}, "`a` in `query` holds half of a surrogate pair"),
        ({"query": {HALF: 1}}, "`query` holds half of a surrogate pair"),
        ({"json": {"a": [{HALF: 1}]}}, "`json` holds half of a surrogate pair"),
        ({"form": {"a": HALF}}, "`a` in `form` holds half of a surrogate pair"),
        ({"body": HALF}, "`body` holds half of a surrogate pair"),
        ({"json": float("nan")}, "`json` cannot be sent"),
        ({"json": {"a": {1, 2}}}, "`json` cannot be sent"),
        ({"query": {"a": float("inf")}}, "`a` in `query` cannot be sent: it is inf, which is not a number"),
        ({"form": {"a": [b"x"]}}, "`a` in `form` cannot be sent: there is no text for a value of the type bytes"),
        ({"headers": {"X-A": {"a": {1}}}}, "The header `X-A` cannot be sent."),
        ({"headers": {"a b": "x"}}, "'a b' is not a valid header name"),
        ({"headers": {"": "x"}}, "'' is not a valid header name"),
        ({"headers": {"a:": "x"}}, "'a:' is not a valid header name"),
        ({"headers": {"a\r\nb": "x"}}, "is not a valid header name"),
        ({"headers": {"\u00e4": "x"}}, "is not a valid header name"),
        ({"headers": {HALF: "x"}}, "is not a valid header name"),
        ({"headers": {"X-A": "x\r\nX-B: y"}}, "The header `X-A` has a line break or a NUL"),
        ({"headers": {"X-A": "x\0"}}, "The header `X-A` has a line break or a NUL"),
        ({"headers": {"X-A": "\u00e4"}}, "The header `X-A` has letters beyond ASCII"),
        ({"headers": {"X-A": HALF}}, "The header `X-A` has letters beyond ASCII"),
        ({"headers": {"content-length": 5}}, "The header `content-length` follows from the body. Leave it out."),
        ({"headers": {"Transfer-Encoding": "gzip"}}, "The header `Transfer-Encoding` follows from the body."),
        ({"authentication": "header", "header_name": "X Key", "credential": "x"}, "'X Key' is not a valid header name"),
        ({"authentication": "header", "header_name": "", "credential": "x"}, "'' is not a valid header name"),
        ({"authentication": "header", "credential": "hunter2\0"}, "The credential has a line break or a NUL"),
        ({"authentication": "bearer", "credential": "hunter2\u00e4"}, "The credential has letters beyond ASCII"),
        ({"authentication": "bearer", "credential": f"hunter2{HALF}"}, "The credential holds half of"),
        ({"authentication": "basic", "user": "a:b", "credential": "hunter2"}, "`user` has a colon"),
        ({"authentication": "basic", "user": HALF, "credential": "hunter2"}, "`user` holds half of"),
    ],
    ids=ascii,
)
async def test_what_cannot_be_sent_is_a_wrong_input_and_nothing_is_sent(context, session, inputs, message):
    async with redirecting() as (address, seen):
        with pytest.raises(InputError) as caught:
            await request(context, session, **{"url": address, "method": "POST", **inputs})
    assert message in caught.value.message
    assert "hunter2" not in caught.value.message
    assert seen == []


async def test_blanks_around_a_header_are_left_out(context, session):
    async with redirecting() as (address, seen):
        await request(context, session, url=f" {address}\n", headers={"X-A": " x "})
    assert "X-A: x\r\n" in seen[0]


@pytest.mark.parametrize(
    "target",
    [
        "http://127.0.0.1:99999/",
        "http://127.0.0.1:0/",
        "http://host:abc/",
        "http://[::1",
        "http://a..b/",
        "ftp://host/",
        "mailto:somebody",
        "javascript:1",
    ],
)
async def test_a_redirect_to_nowhere_is_the_servers_fault(context, session, target):
    async with redirecting() as (address, _):
        with pytest.raises(HttpConnectionError, match="redirects to a URL that is not valid") as caught:
            await request(context, session, url=address + quote(target, safe=""))
    assert not caught.value.retryable


async def test_a_redirect_to_a_silent_host_names_that_one(context, session):
    async with redirecting() as (address, _):
        with pytest.raises(HttpConnectionError, match=r"^127\.0\.0\.1:1 refused the connection"):
            await request(context, session, url=address + quote("http://127.0.0.1:1/", safe=""))


async def test_an_upload_keeps_its_own_length(context, session):
    (context.work_folder / "a.txt").write_text("hello")
    async with redirecting() as (address, seen):
        with pytest.raises(InputError, match="`Content-Length` follows from the body"):
            await upload(context, session, url=address, path="a.txt", headers={"Content-Length": "1"}, send_as="body")
        await upload(context, session, url=address, path="a.txt", headers={"content-type": "x/y"}, send_as="body")
    assert "Content-Length: 5\r\n" in seen[0]
    assert seen[0].lower().count("content-type:") == 1
    assert "content-type: x/y\r\n" in seen[0]
