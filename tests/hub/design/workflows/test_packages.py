"""A workflow with its files as a ZIP file: exported, and imported from whatever packs such files."""

from __future__ import annotations

import hashlib
import io
import stat
import zipfile
from collections.abc import Callable
from dataclasses import replace

import httpx
import pytest
from at_work import serve
from signed_in import MakePerson, TestClock
from stored import create

from exekra.hub.core.settings import Settings

from .test_files import download, files_of, put

FLOW = b"""\
format: exekra.flow/1
name: Packed
nodes:
  a: {do: general.log, with: {message: hello}}
edges: [start -> a]
"""


@pytest.fixture
async def developer(person: MakePerson) -> httpx.AsyncClient:
    return (await person("DEVELOPER")).client


def packed(*members: tuple[str | zipfile.ZipInfo, bytes]) -> bytes:
    """A ZIP file."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return data.getvalue()


async def bring_in(client: httpx.AsyncClient, data: bytes) -> httpx.Response:
    return await client.post("/api/workflows/import", content=data)


async def imported(client: httpx.AsyncClient, data: bytes) -> tuple[str, int]:
    """Import a package; the workflow and the number of the version."""
    answer = await bring_in(client, data)
    assert answer.status_code == 201, answer.text
    return answer.json()["workflow"]["id"], answer.json()["version"]["number"]


async def test_a_workflow_with_files_is_exported_and_imported_as_a_zip_file(developer: httpx.AsyncClient) -> None:
    id = await create(developer, "Größe: 1/2")
    files = {"Übersicht.txt": b"1", "lib/prices.py": b"VAT = 0.19\n", "lib/empty": b"", "big.bin": bytes(3_000_000)}
    number = await put(developer, id, 1, files)
    exported = await developer.get(f"/api/workflows/{id}/export", params={"number": number})
    assert exported.headers["content-type"] == "application/zip"
    assert exported.headers["content-disposition"].endswith(".zip")
    with zipfile.ZipFile(io.BytesIO(exported.content)) as archive:
        assert archive.testzip() is None
        document, *others = archive.namelist()
        assert document == "Größe_ 1_2.flow.yaml"
        assert {name: archive.read(name) for name in others} == files
    again = await developer.get(f"/api/workflows/{id}/export", params={"number": number})
    assert again.content == exported.content
    other, version = await imported(developer, exported.content)
    assert other == id, "its name is the same"
    assert await files_of(developer, id, version) == {name: len(data) for name, data in files.items()}
    assert await download(developer, id, version, "lib/prices.py") == files["lib/prices.py"]


async def test_without_files_an_export_is_text(developer: httpx.AsyncClient) -> None:
    id = await create(developer)
    assert (await developer.get(f"/api/workflows/{id}/export")).headers["content-type"] == "application/yaml"
    number = await put(developer, id, 1, {"a.txt": b"a"})
    alone = await developer.get(f"/api/workflows/{id}/export", params={"number": number, "format": "yaml"})
    assert alone.headers["content-type"] == "application/yaml"


async def test_a_document_alone_keeps_the_files_and_a_zip_file_replaces_them(developer: httpx.AsyncClient) -> None:
    id, _ = await imported(developer, packed(("p.flow.yaml", FLOW), ("a.txt", b"a")))
    assert await imported(developer, FLOW) == (id, 2)
    assert await files_of(developer, id, 2) == {"a.txt": 1}
    assert await imported(developer, packed(("p.flow.yaml", FLOW), ("b.txt", b"bb"))) == (id, 3)
    assert await files_of(developer, id, 3) == {"b.txt": 2}


async def test_what_systems_put_into_zip_files_is_left_out(developer: httpx.AsyncClient) -> None:
    data = packed(
        ("Packed/", b""),
        ("Packed/p.flow.yaml", FLOW),
        ("Packed/lib/", b""),
        ("Packed/lib/a.txt", b"a"),
        ("Packed/.DS_Store", b"x"),
        ("Packed/lib/Thumbs.db", b"x"),
        ("Packed/._a.txt", b"x"),
        ("Packed/~$template.xlsx", b"x"),
        ("Packed/.git/config", b"x"),
        ("Packed/lib/__pycache__/prices.cpython-311.pyc", b"x"),
        ("__MACOSX/Packed/._p.flow.yaml", b"x"),
    )
    id, number = await imported(developer, data)
    assert await files_of(developer, id, number) == {"lib/a.txt": 1}


def _named(name: str, *, utf8: bool) -> bytes:
    """A package in which a name stands as UTF-8, with the flag that says so or without, as macOS writes it."""
    data = packed(("p.flow.yaml", FLOW), (name, b"x"))
    return data if utf8 else _with_flags(data, clear=0x800)


def _with_flags(data: bytes, *, clear: int = 0, add: int = 0) -> bytes:
    raw = bytearray(data)
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = raw.find(signature)
        while place >= 0:
            flags = int.from_bytes(raw[place + offset : place + offset + 2], "little")
            raw[place + offset : place + offset + 2] = (flags & ~clear | add).to_bytes(2, "little")
            place = raw.find(signature, place + 4)
    return bytes(raw)


@pytest.mark.parametrize(
    ("data", "path"),
    [
        (_named("Größe.txt", utf8=True), "Größe.txt"),
        (_named("Gro\u0308ße.txt", utf8=False), "Größe.txt"),
        (
            _named("Gr\u00f6\u00dfe.txt", utf8=False).replace("Größe".encode(), b"Gr\x94\xe1e".ljust(7, b"_")),
            "Größe__.txt",
        ),
        (_named("lib\\a.txt", utf8=True), "lib/a.txt"),
        (packed(("p.flow.yaml", FLOW), ("lib\\", b""), ("lib\\a.txt", b"x")), "lib/a.txt"),
        (packed(("./p.flow.yaml", FLOW), ("./lib/", b""), ("./lib/./a.txt", b"x")), "lib/a.txt"),
    ],
    ids=["utf-8", "macOS", "cp437", "backslash", "folder with backslash", "dot"],
)
async def test_names_are_read_as_they_were_written(developer: httpx.AsyncClient, data: bytes, path: str) -> None:
    id, number = await imported(developer, data)
    assert list(await files_of(developer, id, number)) == [path]


def _link() -> bytes:
    info = zipfile.ZipInfo("link")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return packed(("p.flow.yaml", FLOW), (info, b"/etc/passwd"))


def _damaged() -> bytes:
    data = bytearray(packed(("p.flow.yaml", FLOW), ("a.txt", b"abcdefgh" * 100)))
    place = data.find(b"a.txt") + 8
    data[place : place + 4] = b"\xff\xff\xff\xff"
    return bytes(data)


def _compressed(method: int) -> bytes:
    """A package with a member that says that it has 10 bytes, and has a hundred thousand times as many."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("p.flow.yaml", FLOW)
        archive.writestr("bomb", bytes(1_000_000), compress_type=method)
    return data.getvalue().replace((1_000_000).to_bytes(4, "little"), (10).to_bytes(4, "little"))


def _shorter_than_it_says() -> bytes:
    data = packed(("p.flow.yaml", FLOW), ("a.txt", b"x" * 1234))
    return data.replace((1234).to_bytes(4, "little"), (5678).to_bytes(4, "little"))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (_compressed(zipfile.ZIP_BZIP2), "'bomb' in it is compressed with bzip2"),
        (_compressed(zipfile.ZIP_LZMA), "'bomb' in it is compressed with LZMA"),
        (_shorter_than_it_says(), "'a.txt' in it has 1,234 bytes instead of 5,678"),
        (_named("a!b.txt", utf8=True).replace(b"a!b.txt", b"a\0b.txt"), "control characters"),
        (packed(("p.flow.yaml", FLOW), ("a:b.txt", b"x")), "Windows allows none of"),
        (packed(), "holds no workflow"),
        (b"in front" + packed(("p.flow.yaml", FLOW)), "has one in it"),
        (packed(("a.txt", b"a")), "holds no workflow"),
        (packed(("a.flow.yaml", FLOW), ("b.flow.yaml", FLOW)), "several workflows"),
        (packed(("p.flow.yaml", FLOW), ("/etc/passwd", b"x")), "leads out"),
        (packed(("p.flow.yaml", FLOW), ("../x", b"x")), "leads out"),
        (packed(("p.flow.yaml", FLOW), ("C:\\x", b"x")), "leads out"),
        (packed(("p.flow.yaml", FLOW), ("A.txt", b"x"), ("a.txt", b"x")), "one folder"),
        (packed(("p.flow.yaml", FLOW), ("nul.txt", b"x")), "reserves"),
        (packed(("p/p.flow.yaml", FLOW), ("readme.txt", b"x")), "outside"),
        (_link(), "link"),
        (_with_flags(packed(("p.flow.yaml", FLOW)), add=1), "encrypted"),
        (_damaged(), "cannot be read"),
        (packed(("p.flow.yaml", FLOW))[:-30], "only a part"),
        (packed(("p.flow.yaml", b"\xff\xfe")), "UTF-8"),
    ],
)
async def test_what_is_no_package_is_refused_in_one_sentence(
    developer: httpx.AsyncClient, data: bytes, words: str
) -> None:
    refused = await bring_in(developer, data)
    assert refused.status_code == 422, refused.text
    assert words in refused.json()["error"]["message"]
    assert (await developer.get("/api/workflows")).json()["items"] == []


async def test_what_only_claims_to_be_a_zip_file_is_refused_as_such(developer: httpx.AsyncClient) -> None:
    headers = {"Content-Type": "application/zip"}
    for data in (b"", b"PK", b"format: nothing\n", packed(("p.flow.yaml", FLOW))[20:]):
        refused = await developer.post("/api/workflows/import", content=data, headers=headers)
        assert (refused.status_code, refused.json()["error"]["code"]) == (422, "package-invalid")
        assert "is not a ZIP file" in refused.json()["error"]["message"]


async def test_the_same_files_have_the_same_hash(developer: httpx.AsyncClient) -> None:
    id, _ = await imported(developer, packed(("p.flow.yaml", FLOW), ("b/ä.txt", b"b"), ("a.txt", b"a")))
    await imported(developer, packed(("p.flow.yaml", FLOW), ("b/ä.txt", b"other"), ("a.txt", b"a")))
    await imported(developer, packed(("p.flow.yaml", FLOW), ("a.txt", b"a"), ("b/ä.txt", b"b")))
    await imported(developer, packed(("p.flow.yaml", FLOW)))
    versions = [(await developer.get(f"/api/workflows/{id}/versions/{number}")).json() for number in (1, 2, 3, 4)]
    assert len({version["content_hash"] for version in versions}) == 1
    first, second, third, none = [version["files_hash"] for version in versions]
    lines = [(hashlib.sha256(data).hexdigest(), path) for path, data in (("a.txt", b"a"), ("b/ä.txt", b"b"))]
    assert first == third == hashlib.sha256("".join(f"{sha}  {path}\n" for sha, path in lines).encode()).hexdigest()
    assert second not in {first, None}
    assert none is None


def _many(count: int) -> bytes:
    return packed(("p.flow.yaml", FLOW), *((f"{number:04}", b"") for number in range(count)))


def _zip64(data: bytes) -> bytes:
    end = data.rfind(b"PK\x05\x06")
    return data[:end] + b"PK\x06\x07" + bytes(16) + data[end:]


@pytest.mark.parametrize(
    "package",
    [
        lambda: packed(("p.flow.yaml", FLOW), ("bomb", bytes(3 * 1024 * 1024))),
        lambda: packed(("p.flow.yaml", FLOW), ("a", bytes(1024 * 1024)), ("b", bytes(1024 * 1024)), ("c", b"x")),
        lambda: packed(("p.flow.yaml", bytes(100_000))),
        lambda: _many(1001),
        lambda: _many(40_000),
        lambda: _zip64(packed(("p.flow.yaml", FLOW))),
    ],
    ids=["one", "together", "document", "members", "directory", "zip64"],
)
async def test_a_package_that_holds_too_much_is_refused(
    settings: Settings, clock: TestClock, package: Callable[[], bytes]
) -> None:
    small = replace(settings, largest_workflow_file_mb=2, largest_workflow_files_mb=2, request_limit_bytes=64 * 1024)
    async with serve(small, clock) as work:
        refused = await bring_in(work.admin, package())
        assert refused.status_code == 413, refused.text


async def test_a_body_is_bounded_by_what_it_is(settings: Settings, clock: TestClock) -> None:
    small = replace(settings, largest_workflow_file_mb=1, largest_workflow_files_mb=1, request_limit_bytes=64 * 1024)
    async with serve(small, clock) as work:
        assert (await bring_in(work.admin, b"#" * 70_000)).status_code == 413
        assert (await bring_in(work.admin, b"PK\x03\x04" + bytes(1_200_000))).status_code == 413
