"""Files that belong to a workflow: every change is a version, and the content is kept once."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from at_work import serve
from fastapi import FastAPI
from signed_in import MakePerson, TestClock
from stored import create, flow, save

from exekra.hub.contents.service import Contents
from exekra.hub.core.settings import Settings


@pytest.fixture
async def developer(person: MakePerson) -> httpx.AsyncClient:
    return (await person("DEVELOPER")).client


async def upload(client: httpx.AsyncClient, id: str, data: bytes) -> str:
    """Upload bytes; the id of the content."""
    answer = await client.post(f"/api/workflows/{id}/files/contents", content=data)
    assert answer.status_code == 201, answer.text
    assert answer.json()["sha256"] == hashlib.sha256(data).hexdigest()
    content: str = answer.json()["content_id"]
    return content


async def change(client: httpx.AsyncClient, id: str, based_on: int, *changes: dict[str, Any]) -> httpx.Response:
    """Change the files of a workflow."""
    body = json.dumps({"based_on": based_on, "changes": changes})
    return await client.post(f"/api/workflows/{id}/files", content=body, headers={"Content-Type": "application/json"})


async def put(client: httpx.AsyncClient, id: str, based_on: int, files: dict[str, bytes]) -> int:
    """Add or replace files; the number of the version that this made."""
    changes = [
        {"action": "put", "path": path, "content_id": await upload(client, id, data)} for path, data in files.items()
    ]
    answer = await change(client, id, based_on, *changes)
    assert answer.status_code == 201, answer.text
    number: int = answer.json()["version"]["number"]
    return number


async def files_of(client: httpx.AsyncClient, id: str, number: int) -> dict[str, int]:
    """The sizes of a version's files by path."""
    answer = await client.get(f"/api/workflows/{id}/versions/{number}/files")
    assert answer.status_code == 200, answer.text
    return {file["path"]: file["size"] for file in answer.json()["items"]}


async def download(client: httpx.AsyncClient, id: str, number: int, path: str) -> bytes:
    """The content of a version's file."""
    answer = await client.get(f"/api/workflows/{id}/versions/{number}/files/content", params={"path": path})
    assert answer.status_code == 200, answer.text
    return answer.content


async def test_files_belong_to_the_versions_that_follow(developer: httpx.AsyncClient) -> None:
    id = await create(developer)
    assert await put(developer, id, 1, {"rates.csv": b"a,b\n", "lib/prices.py": b"VAT = 0.19\n"}) == 2
    assert (await save(developer, id, 2, flow(description="Other"))).status_code == 201
    assert await files_of(developer, id, 1) == {}
    assert await files_of(developer, id, 2) == await files_of(developer, id, 3) == {"lib/prices.py": 11, "rates.csv": 4}
    assert await download(developer, id, 3, "lib/prices.py") == b"VAT = 0.19\n"
    version = (await developer.get(f"/api/workflows/{id}/versions/2")).json()
    assert version["file_count"] == 2
    assert version["note"] == "Added rates.csv, Added lib/prices.py"
    assert version["document"] == (await developer.get(f"/api/workflows/{id}/versions/1")).json()["document"]


async def test_files_are_replaced_renamed_and_removed(developer: httpx.AsyncClient) -> None:
    id = await create(developer)
    await put(developer, id, 1, {"a.txt": b"a", "b.txt": b"b", "c.txt": b"c"})
    new = await upload(developer, id, b"new")
    changed = await change(
        developer,
        id,
        2,
        {"action": "put", "path": "a.txt", "content_id": new},
        {"action": "rename", "path": "b.txt", "to": "deep/b.txt"},
        {"action": "remove", "path": "c.txt"},
    )
    assert changed.status_code == 201, changed.text
    assert await files_of(developer, id, 3) == {"a.txt": 3, "deep/b.txt": 1}
    assert await download(developer, id, 2, "a.txt") == b"a", "what a version has never changes"
    differ = (await developer.get(f"/api/workflows/{id}/diff", params={"from": 2, "to": 3})).json()["files"]
    assert differ == [
        {"path": "a.txt", "change": "changed", "was": None, "old_size": 1, "new_size": 3, "text": True},
        {"path": "c.txt", "change": "removed", "was": None, "old_size": 1, "new_size": None, "text": True},
        {"path": "deep/b.txt", "change": "renamed", "was": "b.txt", "old_size": 1, "new_size": 1, "text": True},
    ]


async def test_two_people_cannot_overwrite_each_others_files(developer: httpx.AsyncClient, person: MakePerson) -> None:
    id = await create(developer)
    ada = await person("DEVELOPER")
    content = await upload(developer, id, b"x")
    assert (await save(ada.client, id, 1)).status_code == 201
    refused = await change(developer, id, 1, {"action": "put", "path": "x.txt", "content_id": content})
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "version-conflict")
    assert ada.email in refused.json()["error"]["message"]
    assert await put(ada.client, id, 2, {"y.txt": b"y"}) == 3
    assert (await save(developer, id, 2)).status_code == 409, "and the document not over somebody's files"


async def test_a_roll_back_and_a_duplicate_bring_the_files(developer: httpx.AsyncClient) -> None:
    id = await create(developer)
    await put(developer, id, 1, {"a.txt": b"a"})
    assert (await change(developer, id, 2, {"action": "remove", "path": "a.txt"})).status_code == 201
    back = await developer.post(f"/api/workflows/{id}/versions/2/roll-back")
    assert back.json()["version"]["file_count"] == 1
    assert await files_of(developer, id, 3) == {}
    copy = (await developer.post(f"/api/workflows/{id}/duplicate", json={"name": "Copy"})).json()["workflow"]["id"]
    assert await download(developer, copy, 1, "a.txt") == b"a"


@pytest.mark.parametrize(
    "path",
    [
        "/etc/passwd",
        "../up.txt",
        "a/../../up.txt",
        "a//b.txt",
        "C:/x.txt",
        "a\\b.txt",
        "con.txt",
        "lib/LPT1",
        "trailing.",
        " leading.txt",
        "half\ud83d.txt",
        "what?.txt",
        "x" * 201,
        "other.flow.yaml",
        "",
    ],
)
async def test_a_path_that_not_every_system_can_have_is_refused(developer: httpx.AsyncClient, path: str) -> None:
    id = await create(developer)
    content = await upload(developer, id, b"x")
    refused = await change(developer, id, 1, {"action": "put", "path": path, "content_id": content})
    assert refused.status_code == 422, refused.text
    assert await files_of(developer, id, 1) == {}


@pytest.mark.parametrize(("first", "second"), [("A.txt", "a.txt"), ("a", "a/b.txt"), ("Straße.txt", "STRASSE.TXT")])
async def test_paths_that_are_one_file_somewhere_are_refused(
    developer: httpx.AsyncClient, first: str, second: str
) -> None:
    id = await create(developer)
    await put(developer, id, 1, {first: b"x"})
    content = await upload(developer, id, b"y")
    refused = await change(developer, id, 2, {"action": "put", "path": second, "content_id": content})
    assert (refused.status_code, refused.json()["error"]["code"]) == (422, "path-taken")


async def test_what_is_not_there_is_not_changed(developer: httpx.AsyncClient) -> None:
    id = await create(developer)
    for unknown in ({"action": "remove", "path": "a.txt"}, {"action": "rename", "path": "a.txt", "to": "b.txt"}):
        refused = await change(developer, id, 1, unknown)
        assert (refused.status_code, refused.json()["error"]["code"]) == (404, "file-unknown")
    gone = {"action": "put", "path": "a.txt", "content_id": "00000000-0000-0000-0000-000000000000"}
    refused = await change(developer, id, 1, gone)
    assert (refused.status_code, refused.json()["error"]["code"]) == (422, "upload-gone")
    assert (
        await developer.get(f"/api/workflows/{id}/versions/1/files/content", params={"path": "a.txt"})
    ).status_code == 404


async def test_an_operator_sees_files_and_changes_none(developer: httpx.AsyncClient, person: MakePerson) -> None:
    id = await create(developer)
    await put(developer, id, 1, {"a.txt": b"a"})
    operator = (await person("OPERATOR")).client
    assert await download(operator, id, 2, "a.txt") == b"a"
    assert (await operator.post(f"/api/workflows/{id}/files/contents", content=b"x")).status_code == 403
    assert (await change(operator, id, 2, {"action": "remove", "path": "a.txt"})).status_code == 403


async def test_a_change_of_files_is_in_the_audit_log(developer: httpx.AsyncClient, admin: httpx.AsyncClient) -> None:
    id = await create(developer)
    await put(developer, id, 1, {"a.txt": b"a"})
    uploads = (await admin.get("/api/audit", params={"action": "workflow.upload-file"})).json()["items"]
    assert {entry["resource_id"] for entry in uploads} == {id}
    assert all(set(entry["details"]) == {"size", "sha256"} for entry in uploads)
    entries = (await admin.get("/api/audit", params={"action": "workflow.change-files"})).json()["items"]
    assert [entry["details"] for entry in entries] == [{"number": 2, "changes": ["Added a.txt"]}]


async def test_files_are_bounded(settings: Settings, clock: TestClock) -> None:
    small = replace(settings, largest_workflow_file_mb=1, largest_workflow_files_mb=2, request_limit_bytes=64 * 1024)
    megabyte = bytes(1024 * 1024)
    async with serve(small, clock) as work:
        id = await create(work.admin)
        refused = await work.admin.post(f"/api/workflows/{id}/files/contents", content=megabyte + b"x")
        assert (refused.status_code, refused.json()["error"]["code"]) == (413, "file-too-large")
        number = await put(work.admin, id, 1, {"a": megabyte, "b": megabyte})
        assert await download(work.admin, id, number, "b") == megabyte
        content = await upload(work.admin, id, b"x")
        refused = await change(work.admin, id, number, {"action": "put", "path": "c", "content_id": content})
        assert (refused.status_code, refused.json()["error"]["code"]) == (413, "files-too-large")


async def test_the_same_content_is_kept_once_and_goes_with_the_last_version(
    app: FastAPI, developer: httpx.AsyncClient, settings: Settings, clock: TestClock
) -> None:
    contents = app.state.hub.get(Contents)
    id = await create(developer)
    number = await put(developer, id, 1, {"a.bin": b"same", "b.bin": b"same"})
    await put(developer, id, number, {"c.bin": b"same"})
    await upload(developer, id, b"nobody names this")
    clock.ahead += timedelta(hours=25)
    await contents.remove_unused()
    assert [path.read_bytes() for path in stored_files(settings)] == [b"same"]
    assert (await developer.delete(f"/api/workflows/{id}")).status_code == 204
    await contents.remove_unused()
    assert stored_files(settings) == []


def stored_files(settings: Settings) -> list[Path]:
    return [path for path in (settings.home / "files").rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("CON.txt", "`CON.txt` cannot be a file of a workflow: Windows reserves the name CON."),
        ("lib/", "`lib/` cannot be a file of a workflow: a path must name a file, and so not end with /."),
        ("a//b", "`a//b` cannot be a file of a workflow: a path must not contain //."),
        ("./b", "`./b` cannot be a file of a workflow: `.` is the name of a folder."),
        ("/b", "`/b` cannot be a file of a workflow: a path must be relative, and so not begin with /."),
    ],
)
async def test_a_wrong_path_is_refused_in_words(developer: httpx.AsyncClient, path: str, message: str) -> None:
    id = await create(developer)
    content = await upload(developer, id, b"x")
    refused = await change(developer, id, 1, {"action": "put", "path": path, "content_id": content})
    assert (refused.status_code, refused.json()["error"]["message"]) == (422, message)


async def test_a_text_that_is_too_long_is_refused_in_words(developer: httpx.AsyncClient) -> None:
    id = await create(developer)
    body = {"based_on": 1, "changes": [{"action": "remove", "path": "a"}], "note": "x" * 5_000}
    refused = (await developer.post(f"/api/workflows/{id}/files", json=body)).json()["error"]
    assert refused["message"].startswith("body.note: must have at most ")
    assert refused["message"].endswith(" characters, not 5,000")


async def test_a_form_is_no_content(developer: httpx.AsyncClient) -> None:
    id = await create(developer)
    for path in (f"/api/workflows/{id}/files/contents", "/api/workflows/import", "/api/workflows/read"):
        answer = await developer.post(path, files={"file": ("a.txt", b"x")})
        assert (answer.status_code, answer.json()["error"]["code"]) == (415, "unsupported-format"), path
