"""Answers as others send them: compressed in any way, in any encoding, called what they are not, cut off."""

import gzip
import json
import zlib
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import brotli
import pytest
import zstandard
from raw_http import answering, whole

from exekra.activities.http import decoding
from exekra.activities.http.errors import HttpConnectionError, HttpStatusError
from exekra.activities.http.request import request
from exekra.activities.http.session import HttpSession
from exekra.activities.http.transfer import download, upload

RAW = zlib.compressobj(wbits=-15)
BARE_DEFLATE = RAW.compress(b"hello world") + RAW.flush()


@pytest.fixture
async def session(context):
    session = await HttpSession.open(context)
    yield session
    await session.close()


@pytest.fixture
def ask(context, session):
    async def ask(*answers, **inputs):
        async with answering(*answers) as (url, _):
            return await request(context, session, url=url, **inputs)

    return ask


COMPRESSED = {
    "gzip": ("gzip", gzip.compress(b"hello world", mtime=0)),
    "its older name": ("x-gzip", gzip.compress(b"hello world", mtime=0)),
    "two members": ("gzip", gzip.compress(b"hello ", mtime=0) + gzip.compress(b"world", mtime=0)),
    "an empty member between": (
        "gzip",
        gzip.compress(b"hello ", mtime=0) + gzip.compress(b"", mtime=0) + gzip.compress(b"world", mtime=0),
    ),
    "zeros at the end": ("gzip", gzip.compress(b"hello world", mtime=0) + b"\0" * 512),
    "zeros between": ("gzip", gzip.compress(b"hello ", mtime=0) + b"\0\0\0" + gzip.compress(b"world", mtime=0)),
    "deflate": ("deflate", zlib.compress(b"hello world")),
    "deflate without a header": ("deflate", BARE_DEFLATE),
    "brotli": ("br", brotli.compress(b"hello world")),
    "zstandard": ("zstd", zstandard.compress(b"hello world")),
    "two frames": ("zstd", zstandard.compress(b"hello ") + zstandard.compress(b"world")),
    "one in another": ("gzip, br", brotli.compress(gzip.compress(b"hello world", mtime=0))),
    "identity": ("identity", b"hello world"),
    "letters in the wrong header": ("UTF-8", b"hello world"),
    "nothing": ("", b"hello world"),
}


@pytest.mark.parametrize(("kind", "body"), COMPRESSED.values(), ids=COMPRESSED)
@pytest.mark.parametrize("piece", [1, 1000])
async def test_every_compression_is_unpacked_whole(context, session, kind, body, piece):
    chunks = [body[start : start + piece] for start in range(0, len(body), piece)]
    answer = f"HTTP/1.1 200 OK\r\nContent-Encoding: {kind}\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
    answer += b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks) + b"0\r\n\r\n"
    async with answering(answer) as (url, _):
        assert (await request(context, session, url=url)).body == "hello world"
        assert (await download(context, session, url=url, path="got.txt")).size == 11
    assert (context.work_folder / "got.txt").read_bytes() == b"hello world"
    assert context.warnings == []


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("gzip", b"not packed"),
        ("gzip", gzip.compress(b"hello world", mtime=0)[:-9]),
        ("gzip", gzip.compress(b"hello world", mtime=0)[:-8] + b"\1\2\3\4\5\6\7\x08"),
        ("gzip", gzip.compress(b"hello ", mtime=0) + gzip.compress(b"world", mtime=0)[:-9]),
        ("deflate", zlib.compress(b"hello world")[:-1]),
        ("deflate", BARE_DEFLATE[:-1]),
        ("deflate", b"x"),
        ("br", brotli.compress(b"hello world")[:-1]),
        ("br", b"not packed"),
        ("zstd", zstandard.compress(b"hello world")[:-1]),
        ("zstd", b"not packed"),
    ],
)
async def test_damaged_data_is_an_error_and_never_half_an_answer(context, session, kind, body):
    async with answering(whole(body, f"Content-Encoding: {kind}")) as (url, _):
        with pytest.raises(HttpConnectionError, match="sent a damaged compressed answer"):
            await request(context, session, url=url)
        with pytest.raises(HttpConnectionError, match="sent a damaged compressed answer"):
            await download(context, session, url=url, path="got.txt")
    assert list(context.work_folder.iterdir()) == []


async def test_an_unknown_compression_is_not_taken_for_text(ask):
    with pytest.raises(HttpConnectionError, match="compressed its answer as `compress`, which cannot be unpacked"):
        await ask(whole(b"\x1f\x9d", "Content-Encoding: compress"))


async def test_what_follows_the_end_of_gzip_is_named(ask):
    answer = await ask(whole(gzip.compress(b"hello", mtime=0) + b"<!-- served in 3 ms -->", "Content-Encoding: gzip"))
    assert answer.body == "hello"
    assert "after the end of its gzip data" in answer.notes[0]


async def test_downloads_and_uploads_note_what_is_odd(context, session):
    (context.work_folder / "a.txt").write_text("a")
    async with answering(whole(gzip.compress(b"hello", mtime=0) + b"<!-- -->", "Content-Encoding: gzip")) as (url, _):
        got = await download(context, session, url=url, path="got.txt")
        sent = await upload(context, session, url=url, path="a.txt")
    assert "after the end of its gzip data" in got.notes[0]
    assert sent.notes == got.notes


async def test_no_body_needs_no_compression(ask):
    answer = await ask(b"HTTP/1.1 204 No Content\r\nContent-Encoding: gzip\r\n\r\n")
    assert (answer.status, answer.body, answer.json) == (204, "", None)
    empty = await ask(whole(b"", "Content-Encoding: gzip", "Content-Type: application/json"))
    assert (empty.body, empty.json, empty.notes) == ("", None, [])


@pytest.mark.parametrize("kind", ["gzip", "deflate", "br", "zstd"])
async def test_a_bomb_comes_out_in_bounded_blocks(context, session, monkeypatch, kind):
    monkeypatch.setattr(decoding, "_BLOCK", 10_000)
    zeros = bytes(3_000_000)
    packed = {
        "gzip": gzip.compress,
        "deflate": zlib.compress,
        "br": brotli.compress,
        "zstd": zstandard.compress,
    }[kind](zeros)
    blocks = []
    async with answering(whole(packed, f"Content-Encoding: {kind}")) as (url, _), HttpProbe(session, url) as response:
        async for block in decoding.unpacked(response, context.warn):
            blocks.append(len(block))  # noqa: PERF401 - a comprehension would hide what is measured
    assert sum(blocks) == 3_000_000
    # Brotli's buffer ends at the next power of two, and Zstandard gives whole blocks of its format.
    assert max(blocks) <= {"br": 40_000, "zstd": 3_000_000}.get(kind, 10_000)


class HttpProbe:
    """One call whose answer is still to be read."""

    def __init__(self, session, url):
        from exekra.activities.http.session import Identity

        nobody = Identity("none", "", None, "")
        self._call = session.send("GET", url, query=None, headers=None, identity=nobody, timeout=5, whole=True)

    async def __aenter__(self):
        return await self._call.__aenter__()

    async def __aexit__(self, *error):
        return await self._call.__aexit__(*error)


NAME = {"name": "Müller"}
TEXT = json.dumps(NAME, ensure_ascii=False)


@pytest.mark.parametrize(
    ("content_type", "raw"),
    [
        ("application/json", TEXT.encode()),
        ("application/json; charset=ISO-8859-1", TEXT.encode("latin-1")),
        ("application/json; charset=ISO-8859-15", TEXT.encode("iso-8859-15")),
        ("application/json;charset='windows-1252'", TEXT.encode("cp1252")),
        ("application/json; charset=GBK", TEXT.encode("gb18030")),
        ("application/json; charset=utf-8", b"\xef\xbb\xbf" + TEXT.encode()),
        ("application/json; charset=latin-1", b"\xef\xbb\xbf" + TEXT.encode()),
        ("application/json", b"\xff\xfe" + TEXT.encode("utf-16-le")),
        ("application/json; charset=utf-16", b"\xfe\xff" + TEXT.encode("utf-16-be")),
        ("application/problem+json", TEXT.encode()),
        ("Application/JSON", TEXT.encode()),
        ("text/json", TEXT.encode()),
        ("text/plain", TEXT.encode()),
        ("text/plain", b"\xef\xbb\xbf" + TEXT.encode()),
        ("text/html; charset=utf-8", b"\n" + TEXT.encode()),
        ("", TEXT.encode()),
    ],
)
async def test_json_in_every_encoding_under_every_name(ask, content_type, raw):
    answer = await ask(whole(raw, *([f"Content-Type: {content_type}"] if content_type else [])))
    assert answer.json == NAME
    assert answer.body.strip() == TEXT
    assert answer.notes == []


async def test_euro_signs_of_windows_under_the_name_of_latin(ask):
    answer = await ask(whole("5 €".encode("cp1252"), "Content-Type: text/plain; charset=iso-8859-1"))
    assert answer.body == "5 €"


@pytest.mark.parametrize(
    ("kind", "raw", "body"),
    [
        ("text/html", '<html><meta charset="windows-1251">Привет', "Привет"),
        ("text/html", '<meta http-equiv="Content-Type" content="text/html; charset=windows-1251">Привет', "Привет"),
        ("application/xml", '<?xml version="1.0" encoding="windows-1251"?><a>Привет</a>', "Привет"),
    ],
)
async def test_pages_that_name_their_encoding_inside(ask, kind, raw, body):
    answer = await ask(whole(raw.encode("cp1251"), f"Content-Type: {kind}"))
    assert body in answer.body
    assert answer.notes == []


async def test_doubts_about_letters_are_noted(ask, context):
    silent = await ask(whole("für".encode("cp1252"), "Content-Type: text/plain"))
    assert silent.body == "für"
    assert "does not say how its letters are stored, and they are not UTF-8" in silent.notes[0]
    russian = "Счёт на оплату: двести рублей. Просим оплатить до конца месяца."
    cyrillic = await ask(whole(russian.encode("cp1251"), "Content-Type: text/plain"))
    assert cyrillic.body == russian
    assert "read as cp1251 (Cyrillic (Windows))" in cyrillic.notes[-1]
    wrong = await ask(whole("für".encode("cp1252"), "Content-Type: text/plain; charset=utf-8"))
    assert wrong.body == "f\ufffdr"
    assert "but byte 1 is not" in wrong.notes[-1]
    unknown = await ask(whole(b"x", "Content-Type: text/plain; charset=klingon"))
    assert "`klingon`, which is unknown" in unknown.notes[-1]
    assert [level for level, _ in context.lines] == ["warning"] * 4


@pytest.mark.parametrize("charset", ["undefined", "idna", "rot13", "zlib_codec", "unicode_escape", "x" * 500, "\x7f"])
async def test_names_that_are_not_encodings_of_letters(ask, charset):
    answer = await ask(whole(b"hello", f"Content-Type: text/plain; charset={charset}"))
    assert answer.body == "hello"


async def test_json_in_lines(ask):
    answer = await ask(whole(b'{"a": 1}\n\n{"a": 2}\n', "Content-Type: application/x-ndjson"))
    assert answer.json == [{"a": 1}, {"a": 2}]


@pytest.mark.parametrize(
    ("raw", "value", "note"),
    [
        (b'{"a": NaN}', None, "NaN is not a number in JSON"),
        (b'{"a": 1e400}', None, "is larger than a number can be"),
        (b'{"t": "hi \\ud83d"}', {"t": "hi \ufffd"}, "half of a character"),
        (b'{"\\uDC00": ["\\ud83d\\ude00", "\\ud800"]}', {"\ufffd": ["\U0001f600", "\ufffd"]}, "half of a character"),
        (b'{"a": 1, "a": 2}', {"a": 2}, "a name twice"),
        (b'{"a": 12', None, "is called JSON, but it is not."),
        (b"[" * 100_000, None, "nested too deeply"),
        (b"9" * 5000, None, "thousands of digits"),
    ],
    ids=range(8),
)
async def test_what_is_odd_in_json_is_noted_and_never_passed_on(ask, raw, value, note):
    answer = await ask(whole(raw, "Content-Type: application/json"))
    assert answer.json == value
    assert len(answer.notes) == 1
    assert note in answer.notes[0]


@pytest.mark.parametrize("body", ["{base}", "[1, 2", "[NaN", "{}{}", "(1)"])
async def test_text_that_only_looks_like_json_is_text(ask, body):
    answer = await ask(whole(body.encode(), "Content-Type: text/plain"))
    assert (answer.json, answer.body, answer.notes) == (None, body, [])


async def test_headers_of_one_name_are_a_list(ask):
    cookies = ["a=1; Expires=Wed, 21 Oct 2026 07:28:00 GMT; Path=/", "b=2; Path=/"]
    links = ['<https://a/?q=1,2>; rel="next"', '<https://a/>; rel="last"']
    lines = [*(f"Set-Cookie: {cookie}" for cookie in cookies), *(f"link: {link}" for link in links), "X-One: 1, 2"]
    answer = await ask(whole(b"", *lines))
    assert answer.headers["set-cookie"] == cookies
    assert answer.headers["link"] == links
    assert answer.headers["x-one"] == "1, 2"
    one = await ask(whole(b"", "Set-Cookie: a=1"))
    assert one.headers["set-cookie"] == ["a=1"]


async def test_a_cookie_that_cannot_be_sent_back_is_left_out(context, session):
    async with answering(whole(b"", "Set-Cookie: a=\xff", "Set-Cookie: b=2")) as (url, seen):
        first = await request(context, session, url=url)
        await request(context, session, url=url)
    assert first.headers["set-cookie"] == ["a=\xff", "b=2"]
    assert "Cookie: b=2\r\n" in seen[1]


NOW = datetime(2030, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("3", 3),
        ("0", 0),
        ("1.5", 1.5),
        (format_datetime(NOW + timedelta(seconds=90), usegmt=True), 90),
        (format_datetime(NOW - timedelta(seconds=90), usegmt=True), 0),
        ("Tuesday, 01-Jan-30 00:00:30 GMT", 30),
        ("-5", None),
        ("soon", None),
        ("", None),
        ("99999999999999999999999999", None),
        ("Wed, 99 Foo 9999 99:99:99 GMT", None),
    ],
)
async def test_how_long_a_server_asks_to_wait(ask, value, seconds):
    date = f"Date: {format_datetime(NOW, usegmt=True)}"
    with pytest.raises(HttpStatusError) as caught:
        await ask(whole(b"", f"Retry-After: {value}", date, status="429 Too Many"))
    assert caught.value.retry_after == seconds


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"garbage\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        b"HTTP/1.1 200 OK\r\nbad header\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX-Large: " + b"x" * 200_000 + b"\r\n\r\n",
        b"SSH-2.0-OpenSSH_9.0\r\n",
    ],
    ids=range(11),
)
async def test_answers_that_break_off_or_are_not_http(context, session, raw):
    async with answering(raw) as (url, _):
        with pytest.raises(HttpConnectionError, match=r"^The connection to 127\.0\.0\.1:\d+ failed: "):
            await request(context, session, url=url)
        with pytest.raises(HttpConnectionError):
            await download(context, session, url=url, path="got.txt")
    assert list(context.work_folder.iterdir()) == []


async def test_a_redirect_that_drops_the_body_is_noted(context, session):
    async with answering(whole(b"", "Location: /new", status="301 Moved"), whole(b"done")) as (url, seen):
        answer = await request(context, session, url=url, method="POST", json={"a": 1})
    assert [line.split(" ")[0] for line in seen] == ["POST", "GET"]
    assert "redirected with the status 301, so POST became GET" in answer.notes[0]
    async with answering(whole(b"", "Location: /new", status="308 Moved"), whole(b"done")) as (url, seen):
        answer = await request(context, session, url=url, method="POST", json={"a": 1})
    assert [line.rpartition("\r\n")[2] for line in seen] == ['{"a":1}'] * 2
    assert len(answer.notes) == 1  # What the call before said.


async def test_what_the_library_could_not_read_is_shown_as_text(ask):
    with pytest.raises(HttpConnectionError, match=r"failed: illegal chunk header: `zz"):
        await ask(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello")
