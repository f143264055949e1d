"""The web pages as the Hub serves them."""

from __future__ import annotations

import gzip
from pathlib import Path

import httpx
import pytest

from exekra.hub.web.pages import files

SCRIPT = "console.log('one')" * 100


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Built pages, with a secret beside them that must not be served."""
    folder = tmp_path / "web"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text("<title>Exekra</title>")
    (folder / "favicon.svg").write_text("<svg/>")
    (folder / "built-from").write_text("fingerprint")
    (folder / "assets" / "index-1a2b.js").write_text(SCRIPT)
    (folder / "assets" / "index-1a2b.js.gz").write_bytes(gzip.compress(SCRIPT.encode()))
    (tmp_path / "secret").write_text("a well-kept word")
    monkeypatch.setattr(files, "BUILT", folder)
    return folder


@pytest.mark.usefixtures("built")
@pytest.mark.parametrize("path", ["/", "/workflows", "/executions/0193?tab=log", "/sign-in", "/built-from"])
async def test_every_address_that_is_no_file_is_the_application(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(path)
    assert (answer.status_code, answer.text) == (200, "<title>Exekra</title>")
    assert answer.headers["cache-control"] == "no-cache"
    assert "script-src" not in answer.headers["content-security-policy"]  # so default-src 'self' holds: nothing inline
    assert "default-src 'self'" in answer.headers["content-security-policy"]


@pytest.mark.usefixtures("built")
async def test_parts_are_kept_for_ever_and_come_compressed(client: httpx.AsyncClient) -> None:
    plain = await client.get("/assets/index-1a2b.js", headers={"Accept-Encoding": "identity"})
    assert plain.text == SCRIPT
    assert "content-encoding" not in plain.headers
    assert plain.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert plain.headers["content-type"].startswith("text/javascript")
    small = await client.get("/assets/index-1a2b.js", headers={"Accept-Encoding": "br, gzip"})
    assert (small.headers["content-encoding"], small.text) == ("gzip", SCRIPT)
    assert small.headers["vary"] == "Accept-Encoding"
    assert int(small.headers["content-length"]) < len(SCRIPT)


@pytest.mark.usefixtures("built")
@pytest.mark.parametrize(
    "path", ["/assets/gone.js", "/assets/..%2findex.html", "/assets/%2e%2e%2f%2e%2e%2fsecret", "/api/nothing", "/api"]
)
async def test_what_is_not_there_is_told_in_the_one_shape(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(path)
    assert answer.status_code == 404
    assert answer.json()["error"]["message"]
    assert (await client.post(path)).status_code in {404, 405}


@pytest.mark.usefixtures("built")
@pytest.mark.parametrize(
    "path", ["/..%2fsecret", "/..%5csecret", "/%2e%2e/secret", "/.hidden", "/assets%2f..%2f..%2fsecret"]
)
async def test_there_is_no_way_out_of_the_folder(client: httpx.AsyncClient, path: str) -> None:
    assert "a well-kept word" not in (await client.get(path)).text


async def test_only_names_that_the_folder_lists_are_served(
    built: Path, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On Windows `C:secret` and `index.html::$DATA` exist too, and a path that is joined to them leaves the folder."""
    listed = type(built)

    class WindowsPath(listed):  # type: ignore[misc, valid-type]  # the class of paths is the platform's
        def is_file(self) -> bool:
            return ":" in self.name or super().is_file()

        def read_bytes(self) -> bytes:
            return b"a well-kept word" if ":" in self.name else super().read_bytes()

    monkeypatch.setattr(files, "BUILT", WindowsPath(built))
    for path in ("/C:secret", "/index.html::$DATA", "/assets/C:secret", "/assets/index-1a2b.js::$DATA"):
        answer = await client.get(path)
        assert answer.status_code == (404 if path.startswith("/assets/") else 200)
        assert "a well-kept word" not in answer.text


async def test_pages_that_are_not_built_say_how_to_build_them(
    client: httpx.AsyncClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "BUILT", tmp_path)
    answer = await client.get("/")
    assert answer.status_code == 404
    assert "make web" in answer.text
