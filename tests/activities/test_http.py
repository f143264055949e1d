"""Calls to a real server on loopback: what is sent, what comes back, and what every mishap says."""

import asyncio
import base64
import json
import os
import socket
import ssl
import threading
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from urllib.parse import parse_qsl, urlsplit

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from exekra.activities.disk import FileExistsAlreadyError, FileMissingError
from exekra.activities.http import request as request_module
from exekra.activities.http.errors import (
    AnswerTooLargeError,
    HttpConnectionError,
    HttpStatusError,
    HttpTimeoutError,
    HttpTlsError,
)
from exekra.activities.http.request import request
from exekra.activities.http.session import HttpSession, Identity
from exekra.activities.http.transfer import download, upload
from exekra.sdk.errors import InputError

SECRET = "s3cret-token"


class Service(BaseHTTPRequestHandler):
    """Answers by path: /echo tells what it got, /status/503 fails, and so on."""

    protocol_version = "HTTP/1.1"
    other: str = ""
    release = threading.Event()

    def log_message(self, *_):
        pass

    def answer(self, body, status=200, kind="application/json", **headers):
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(raw)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(raw)

    def handle_any(self):
        path = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode("latin-1")
        name = path.path.strip("/").split("/")
        match name[0]:
            case "echo":
                headers = {name.lower(): value for name, value in self.headers.items()}
                self.answer({"method": self.command, "query": parse_qsl(path.query), "headers": headers, "body": body})
            case "status":
                extra = {"Retry_After": "7"} if name[1] == "503" else {}
                self.answer(b"no  luck\ntoday", int(name[1]), "text/plain", **extra)
            case "redirect":
                self.answer(b"", 302, Location=f"{self.other if name[1] == 'away' else ''}/echo")
            case "circle":
                self.answer(b"", 302, Location="/circle")
            case "cookie":
                self.answer({"got": self.headers.get("Cookie")}, Set_Cookie="session=1")
            case "large":
                self.answer(b"x" * int(name[1]), kind="application/pdf")
            case "broken":
                self.answer(b"{", kind="application/json")
            case "latin":
                self.answer("ä".encode("latin-1"), kind="text/plain; charset=latin-1")
            case "silent":
                self.release.wait(10)
                self.close_connection = True
            case "half":
                self.send_response(200)
                self.send_header("Content-Length", "100")
                self.end_headers()
                self.wfile.write(b"x" * 10)
                self.close_connection = True

    def __getattr__(self, name):
        if name.startswith("do_"):
            return self.handle_any
        raise AttributeError(name)


class Server(ThreadingHTTPServer):
    """Says nothing of a client that hangs up: some tests are about that."""

    def handle_error(self, request, client_address):
        pass


@asynccontextmanager
async def serving(encryption=None):
    server = Server(("127.0.0.1", 0), Service)
    if encryption:
        server.socket = encryption.wrap_socket(server.socket, server_side=True)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"{'https' if encryption else 'http'}://127.0.0.1:{server.server_port}"
    finally:
        Service.release.set()
        await asyncio.to_thread(server.shutdown)
        server.server_close()
        thread.join()


@pytest.fixture
async def service():
    Service.release.clear()
    async with serving() as url, serving() as other:
        Service.other = other
        yield url


@pytest.fixture
async def session(context):
    session = await HttpSession.open(context)
    yield session
    await session.close()


async def test_json_goes_and_comes(context, session, service):
    answer = await request(
        context,
        session,
        method="POST",
        url=f"{service}/echo?a=1",
        query={"b": [1, True], "c": None},
        headers={"X-Number": 5},
        json={"sku": "ä"},
    )
    assert answer.status == 200
    assert answer.json["method"] == "POST"
    assert answer.json["query"] == [["a", "1"], ["b", "1"], ["b", "true"]]
    assert answer.json["headers"]["x-number"] == "5"
    assert json.loads(answer.json["body"].encode("latin-1")) == {"sku": "ä"}
    assert answer.url == f"{service}/echo"
    assert 0 < answer.seconds < 10


async def test_forms_and_text(context, session, service):
    form = await request(context, session, method="POST", url=f"{service}/echo", form={"a": "1 2", "b": None})
    assert form.json["body"] == "a=1+2"
    text = await request(
        context, session, method="PUT", url=f"{service}/echo", body="<a/>", headers={"Content-Type": "text/xml"}
    )
    assert (text.json["body"], text.json["headers"]["content-type"]) == ("<a/>", "text/xml")
    with pytest.raises(InputError, match="json and body are given"):
        await request(context, session, url=service, json=1, body="x")


async def test_authentication(context, session, service):
    async def headers(**inputs):
        answer = await request(context, session, url=f"{service}/echo", **inputs)
        return answer.json["headers"]

    basic = await headers(authentication="basic", user="me", credential=SECRET)
    assert base64.b64decode(basic["authorization"].removeprefix("Basic ")).decode() == f"me:{SECRET}"
    assert (await headers(authentication="bearer", credential=SECRET))["authorization"] == f"Bearer {SECRET}"
    assert (await headers(authentication="header", credential=SECRET))["x-api-key"] == SECRET
    assert "authorization" not in await headers()
    with pytest.raises(InputError, match="`credential` is empty"):
        await headers(authentication="bearer")
    with pytest.raises(InputError, match="line break"):
        await headers(authentication="bearer", credential="a\nb")
    assert SECRET not in repr(Identity("bearer", "", SECRET, ""))


@pytest.mark.parametrize("kind", ["basic", "bearer", "header"])
async def test_a_secret_stays_with_its_server(context, session, service, kind):
    def sent(answer):
        return SECRET in str(answer.json["headers"]) or "authorization" in answer.json["headers"]

    inputs = {"authentication": kind, "user": "me", "credential": SECRET}
    assert sent(await request(context, session, url=f"{service}/redirect/here", **inputs))
    assert not sent(await request(context, session, url=f"{service}/redirect/away", **inputs))


async def test_redirects_can_be_left_alone(context, session, service):
    answer = await request(context, session, url=f"{service}/redirect/here", follow_redirects=False)
    assert (answer.status, answer.headers["location"]) == (302, "/echo")
    with pytest.raises(HttpConnectionError, match="circle"):
        await request(context, session, url=f"{service}/circle")


async def test_cookies_last_for_the_execution(context, session, service):
    await request(context, session, url=f"{service}/cookie")
    assert (await request(context, session, url=f"{service}/cookie")).json == {"got": "session=1"}


@pytest.mark.parametrize(("status", "retryable"), [(400, False), (404, False), (408, True), (429, True), (503, True)])
async def test_error_statuses(context, session, service, status, retryable):
    with pytest.raises(HttpStatusError, match=f"GET {service}/status/{status} answered {status}") as caught:
        await request(context, session, url=f"{service}/status/{status}?key={SECRET}")
    assert caught.value.status == status
    assert caught.value.retryable is retryable
    assert "It said: no luck today" in caught.value.message
    assert SECRET not in caught.value.message
    assert caught.value.retry_after == (7 if status == 503 else None)
    answer = await request(context, session, url=f"{service}/status/{status}", fail_on_error_status=False)
    assert (answer.status, answer.body, answer.json) == (status, "no  luck\ntoday", None)


async def test_text_by_its_encoding(context, session, service):
    assert (await request(context, session, url=f"{service}/latin")).body == "ä"


async def test_json_that_is_none_is_said_in_the_log(context, session, service):
    answer = await request(context, session, url=f"{service}/broken")
    assert (answer.json, answer.body) == (None, "{")
    assert context.lines[0][0] == "warning"


async def test_an_answer_too_large_for_memory(context, session, service, monkeypatch):
    monkeypatch.setattr(request_module, "LARGEST_ANSWER", 1000)
    with pytest.raises(AnswerTooLargeError, match="Use Download"):
        await request(context, session, url=f"{service}/large/1001")


async def test_a_silent_server(context, session, service):
    with pytest.raises(HttpTimeoutError, match=r"127\.0\.0\.1 did not answer within 0\.05 s") as caught:
        await request(context, session, url=f"{service}/silent", timeout=0.05)
    assert caught.value.retryable
    with pytest.raises(HttpTimeoutError):
        await download(context, session, url=f"{service}/silent", path="a.pdf", timeout=0.05)


async def test_a_refused_connection(context, session):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    with pytest.raises(HttpConnectionError, match=f"127.0.0.1:{port} refused the connection") as caught:
        await request(context, session, url=f"http://me:{SECRET}@127.0.0.1:{port}/?token={SECRET}")
    assert SECRET not in caught.value.message
    assert caught.value.retryable


async def test_an_unknown_host(context, session):
    with pytest.raises(HttpConnectionError, match=r"no host named nowhere\.invalid"):
        await request(context, session, url="http://nowhere.invalid/")


async def test_a_server_without_encryption(context, session, service):
    with pytest.raises(HttpTlsError, match="An encrypted connection to"):
        await request(context, session, url=service.replace("http:", "https:"))


async def test_certificates_are_checked(context, session, tmp_path, monkeypatch):
    certificate = self_signed(tmp_path)
    server_context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server_context.load_cert_chain(certificate)
    async with serving(server_context) as url:
        with pytest.raises(
            HttpTlsError, match=r"The certificate of 127\.0\.0\.1:\d+ is not trusted: self.signed"
        ) as caught:
            await request(context, session, url=f"{url}/echo")
        assert not caught.value.retryable
        assert (await request(context, session, url=f"{url}/echo", verify=False)).status == 200
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        trusting = await HttpSession.open(context)
        assert (await request(context, trusting, url=f"{url}/echo")).status == 200
        await trusting.close()


@pytest.mark.parametrize(
    ("certificate", "sentence"),
    [
        ({"address": "127.0.0.2"}, "Use the name that the certificate has"),
        ({"days": (-3, -2)}, "expired. Compare this machine's clock"),
        ({"days": (2, 3)}, "not yet valid. Compare this machine's clock"),
    ],
)
async def test_what_to_do_about_a_certificate(context, tmp_path, monkeypatch, certificate, sentence):
    file = self_signed(tmp_path, **certificate)
    server_context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server_context.load_cert_chain(file)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    session = await HttpSession.open(context)
    async with serving(server_context) as url:
        with pytest.raises(HttpTlsError) as caught:
            await request(context, session, url=f"{url}/echo")
    await session.close()
    assert sentence in caught.value.message


def self_signed(folder, address="127.0.0.1", days=(-1, 1)):
    """A certificate that nobody vouches for, with its key, in one file; `days` from now it begins and ends."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now + timedelta(days=days[0]))
        .not_valid_after(now + timedelta(days=days[1]))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(address))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / "server.pem"
    pem = serialization.Encoding.PEM
    file.write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + certificate.public_bytes(pem)
    )
    return file


@pytest.mark.parametrize("url", ["example.com", "ftp://example.com", "http://", "http://a:b:c", "/orders", "{base}/x"])
async def test_what_is_no_address(context, session, url):
    with pytest.raises(InputError, match="in full"):
        await request(context, session, url=url)


async def test_a_download(context, session, service):
    got = await download(context, session, url=f"{service}/large/3000000", path="in/a.pdf")
    file = context.work_folder / "in" / "a.pdf"
    assert (got.path, got.size, got.content_type) == (str(file), 3_000_000, "application/pdf")
    assert file.read_bytes() == b"x" * 3_000_000
    assert os.listdir(file.parent) == ["a.pdf"]
    with pytest.raises(FileExistsAlreadyError):
        await download(context, session, url=f"{service}/large/1", path="in/a.pdf", replace=False)


async def test_a_download_that_fails_leaves_nothing(context, session, service):
    with pytest.raises(HttpStatusError, match="404"):
        await download(context, session, url=f"{service}/status/404", path="a.pdf")
    with pytest.raises(HttpConnectionError, match="failed"):
        await download(context, session, url=f"{service}/half", path="a.pdf")
    assert os.listdir(context.work_folder) == []


async def test_uploads(context, session, service):
    (context.work_folder / "a.txt").write_text("hello")
    form = {"kind": "note", "tags": ["a", None, {"b": True}], "day": date(2026, 1, 31), "none": None}
    sent = await upload(context, session, url=f"{service}/echo", path="a.txt", form=form)
    body = json.loads(sent.body)["body"]
    assert [part.split("\r\n\r\n")[1].split("\r\n")[0] for part in body.split("--") if "form-data" in part] == [
        *("note", "a", '{"b":true}', "2026-01-31"),
        "hello",
    ]
    assert 'name="file"; filename="a.txt"' in body
    assert "Content-Type: text/plain" in body
    assert "hello" in body
    assert 'name="kind"' in body
    whole = await upload(context, session, url=f"{service}/echo", path="a.txt", send_as="body", method="PUT")
    assert json.loads(whole.body)["body"] == "hello"
    assert (whole.status, whole.size) == (200, 5)
    with pytest.raises(FileMissingError, match=r"Did you mean `a\.txt`"):
        await upload(context, session, url=f"{service}/echo", path="b.txt")
    with pytest.raises(HttpStatusError, match="302"):
        await upload(context, session, url=f"{service}/redirect/here", path="a.txt")
