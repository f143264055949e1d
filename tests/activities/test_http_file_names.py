"""The name of a downloaded file, as the server gives it: in every form, and never a way out of the folder."""

import httpx
import pytest
from raw_http import answering, whole

from exekra.activities.disk import FileExistsAlreadyError
from exekra.activities.http.errors import HttpConnectionError
from exekra.activities.http.file_name import server_file_name
from exekra.activities.http.session import HttpSession
from exekra.activities.http.transfer import download


@pytest.fixture
async def session(context):
    session = await HttpSession.open(context)
    yield session
    await session.close()


def named(disposition, url="http://host/path", kind=""):
    headers = [(b"content-disposition", disposition.encode())] if disposition else []
    headers += [(b"content-type", kind.encode())] if kind else []
    return server_file_name(httpx.Response(200, headers=headers, request=httpx.Request("GET", url)))


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        ("attachment; filename=report.pdf", "report.pdf"),
        ('attachment; filename="annual report; 2026.pdf"', "annual report; 2026.pdf"),
        (r'attachment; filename="a \"b\".pdf"', "a _b_.pdf"),
        ("attachment; filename=\"fallback.pdf\"; filename*=UTF-8''%E2%82%AC%20M%C3%BCller.pdf", "€ Müller.pdf"),
        ("attachment; filename*=iso-8859-1'de'M%FCller.pdf; filename=x.pdf", "Müller.pdf"),
        ("attachment; filename*=klingon''M%C3%BCller.pdf", "Müller.pdf"),
        ("attachment; filename*=undefined''M%C3%BCller.pdf", "Müller.pdf"),
        ("attachment; filename*=UTF-8''; filename=x.pdf", "x.pdf"),
        ('ATTACHMENT; FileName = "Müller.pdf"', "Müller.pdf"),
        ("attachment; filename==?UTF-8?B?TcO8bGxlci5wZGY=?=", "Müller.pdf"),
        ("filename=bare.pdf", "bare.pdf"),
        (r'attachment; filename="..\..\evil.exe"', "evil.exe"),
        ("attachment; filename=/etc/passwd", "passwd"),
        ("attachment; filename*=UTF-8''..%2F..%2Fevil", "evil"),
        ("attachment; filename=../", "path"),
        ('attachment; filename=""', "path"),
        ("attachment; filename=con.txt", "_con.txt"),
        ('attachment; filename="a:b?.txt"', "a_b_.txt"),
        ("attachment; filename*=UTF-8''a%00b%0Ac.txt", "a_b_c.txt"),
        ("inline", "path"),
        (";;;=;filename", "path"),
    ],
)
def test_names_by_header(disposition, name):
    assert named(disposition) == name


def test_names_by_url():
    assert named("", "http://host/a/M%C3%BCller%20x.pdf?token=1") == "Müller x.pdf"
    assert named("", "http://host/a/%2e%2e%2fevil/") == "evil"
    assert named("", "http://host/", "text/csv; charset=utf-8") == "download.csv"
    assert named("", "http://host") == "download"
    assert len(named(f"attachment; filename={'x' * 5000}.pdf")) == 255


async def test_a_download_into_a_folder(context, session):
    (context.work_folder / "in").mkdir()
    answer = whole(b"x", 'Content-Disposition: attachment; filename="../a.pdf"')
    async with answering(answer) as (url, _):
        for path in ("in", "in/", "new/"):
            got = await download(context, session, url=url, path=path)
            assert got.path == str(context.work_folder / path / "a.pdf")
        with pytest.raises(FileExistsAlreadyError):
            await download(context, session, url=url, path="in", replace=False)


async def test_a_download_that_breaks_off_leaves_no_folder_entry(context, session):
    async with answering(whole(b"xxxxx", "X: y").replace(b"Content-Length: 5", b"Content-Length: 9")) as (url, _):
        (context.work_folder / "in").mkdir()
        with pytest.raises(HttpConnectionError):
            await download(context, session, url=url, path="in")
    assert list((context.work_folder / "in").iterdir()) == []
