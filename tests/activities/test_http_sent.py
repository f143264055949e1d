"""What is sent stays what was meant: letters, parameters, and secrets only to the server that they are for."""

import pytest
from raw_http import answering, whole

from exekra.activities.http.errors import HttpStatusError
from exekra.activities.http.request import request
from exekra.activities.http.session import HttpSession
from exekra.activities.http.transfer import download, upload
from exekra.sdk.errors import InputError


@pytest.fixture
async def session(context):
    session = await HttpSession.open(context)
    yield session
    await session.close()


@pytest.mark.parametrize(
    ("kind", "body", "raw"),
    [
        ("text/plain; charset=iso-8859-1", "Grüße", "Grüße"),
        ('text/xml; Charset="UTF-16LE"', "é", "é\0"),
        ("text/plain", "é", "Ã©"),
        ("application/xml", "<?xml version='1.0' encoding='iso-8859-1'?><a>é</a>", "?><a>é</a>"),
    ],
)
async def test_a_body_is_sent_in_the_charset_that_is_named(context, session, kind, body, raw):
    async with answering(whole(b"")) as (url, seen):
        await request(context, session, url=url, method="POST", body=body, headers={"content-type": kind})
    assert seen[0].endswith(raw)


@pytest.mark.parametrize(
    ("charset", "sentence"),
    [
        ("iso-8859-1", "which has no `☃`"),
        ("klingon", "its charset `klingon` is unknown"),
        ("idna", "is unknown"),
        ("auto", "is unknown"),
    ],
)
async def test_a_charset_that_cannot_hold_the_body_is_refused(context, session, charset, sentence):
    with pytest.raises(InputError, match=sentence):
        await request(
            context,
            session,
            url="http://127.0.0.1:9",
            method="POST",
            body="☃",
            headers={"Content-Type": f"text/plain; charset={charset}"},
        )


async def test_a_form_is_not_sent_under_another_name(context, session):
    with pytest.raises(InputError, match="Leave that header out"):
        await request(
            context,
            session,
            url="http://127.0.0.1:9",
            method="POST",
            form={"a": 1},
            headers={"content-type": "multipart/form-data"},
        )


async def test_parameters_are_added_to_those_of_the_address(context, session):
    async with answering(whole(b"")) as (url, seen):
        await request(context, session, url=f"{url}/?a=1&b=%20x&sig=a%2Fb+c", query={"a": 2, "c": "ü x"})
    assert seen[0].split(" ")[1] == "/?a=1&b=%20x&sig=a%2Fb+c&a=2&c=%C3%BC+x"


async def test_headers_that_may_be_secret_do_not_follow_to_another_server(context, session):
    own = {"X-API-Key": "k", "X-Anything": "t", "Authorization": "a", "Cookie": "c=1", "Accept": "text/csv"}
    async with answering(whole(b"done")) as (other, seen):
        away = whole(b"", f"Location: {other}/new", status="302 Found")
        async with answering(away) as (url, _):
            answer = await request(context, session, url=url, headers=own)
        here = whole(b"", "Location: /new", status="302 Found")
        async with answering(here, whole(b"done")) as (url, at_home):
            stayed = await request(context, session, url=url, headers=own)
    assert answer.body == "done"
    sent = seen[0].lower()
    assert "accept: text/csv" in sent
    assert not any(name in sent for name in ("x-api-key", "x-anything", "authorization", "cookie"))
    assert "did not get `X-API-Key`, `X-Anything`, `Authorization`, `Cookie`" in answer.notes[0]
    assert "x-api-key: k" in at_home[1].lower()
    assert len(stayed.notes) == 1  # What the call before said.


async def test_what_is_no_text_is_said(context, session):
    async with answering(whole(b"%PDF-1.4\0\xff\xfe", "Content-Type: application/pdf")) as (url, _):
        answer = await request(context, session, url=url)
    assert "is application/pdf, which is not text" in answer.notes[0]


async def test_a_redirect_that_cannot_be_followed_is_no_file(context, session):
    (context.work_folder / "a.txt").write_text("a")
    async with answering(whole(b"moved", status="302 Found")) as (url, _):
        with pytest.raises(HttpStatusError, match="answered 302"):
            await download(context, session, url=url, path="got.txt")
        answer = await request(context, session, url=url)
        assert "a redirect, but does not say where to" in answer.notes[0]
    async with answering(whole(b"", "Location: /new?key=1", status="307 Moved")) as (url, _):
        with pytest.raises(HttpStatusError, match=rf"It redirects to {url}/new; use that URL"):
            await upload(context, session, url=url, path="a.txt")
    assert not (context.work_folder / "got.txt").exists()
