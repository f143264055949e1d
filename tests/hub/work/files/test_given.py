"""Files that executions are given: uploaded, checked, theirs from then on, and fetched by their Runners."""

from __future__ import annotations

import hashlib
import os
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from at_work import HubAtWork, serve
from file_sender import sender
from signed_in import PASSWORD, TestClock, sign_in

from exekra.hub.contents.service import Contents
from exekra.hub.core.settings import Settings
from exekra.hub.work.files import store
from exekra.hub.work.files.uploads import Uploads
from exekra.protocol.messages import Assign
from exekra.testing.simulated_runner import SimulatedRunner

CHUNK = 64 * 1024
READ: dict[str, Any] = {
    "format": "exekra.flow/1",
    "name": "Read",
    "inputs": {
        "file": {"type": "file"},
        "more": {"type": "list", "default": []},
        "number": {"type": "number", "default": 1},
    },
    "variables": {"seen": {"type": "text", "default": ""}},
    "nodes": {"see": {"do": "set_variable", "with": {"variable": "seen", "value": "{file}"}}},
    "edges": ["start -> see"],
}


@pytest.fixture
async def small(settings: Settings, clock: TestClock) -> AsyncIterator[HubAtWork]:
    """A Hub that takes small chunks, and files of at most 2 MB, 3 MB an execution; `Read` is published."""
    small = replace(settings, sweep_seconds=3600.0, request_limit_bytes=CHUNK, largest_file_mb=2, largest_files_mb=3)
    async with serve(small, clock) as at_work:
        await at_work.publish(READ)
        yield at_work


async def upload(work: HubAtWork, name: str, data: bytes, client: httpx.AsyncClient | None = None) -> dict[str, Any]:
    answer = await (client or work.admin).post("/api/files", params={"name": name}, content=data)
    assert answer.status_code == 201, answer.text
    reference: dict[str, Any] = answer.json()
    return reference


async def fetch(work: HubAtWork, runner: SimulatedRunner, assignment: Assign, sha256: str, **more: Any) -> Any:
    async with httpx.AsyncClient(
        base_url=work.url, headers={"Authorization": f"Bearer {runner.token}"}, trust_env=False
    ) as client:
        return await client.get(
            f"/api/runner/executions/{assignment.execution_id}/contents/{sha256}",
            params={"lease": assignment.lease} | more,
        )


async def refused(work: HubAtWork, inputs: dict[str, Any], client: httpx.AsyncClient | None = None) -> dict[str, Any]:
    answer = await (client or work.admin).post("/api/executions", json={"workflow": "Read", "inputs": inputs})
    assert answer.is_client_error, answer.text
    error: dict[str, Any] = answer.json()["error"]
    return error


async def pass_hours(work: HubAtWork, hours: int) -> None:
    """As if all files and contents had come so much earlier; sessions go on."""
    earlier = f"- interval '{hours} hours'"
    await work.fetch(f"UPDATE uploaded_file SET created_at = created_at {earlier}")
    await work.fetch(f"UPDATE content SET touched_at = touched_at {earlier}")


async def test_an_upload_becomes_a_file_of_the_execution_that_its_runner_fetches(small: HubAtWork) -> None:
    data = os.urandom(3 * CHUNK + 17)
    uploaded = await upload(small, "Aufträge März.xlsx", data)
    assert (uploaded["name"], uploaded["size"]) == ("Aufträge März.xlsx", len(data))
    shouted = uploaded | {"$file": uploaded["$file"].upper()}
    runner = await small.runner(carry_out=None)
    started = await small.start("Read", inputs={"file": uploaded, "more": [uploaded, shouted, "other.txt"]})
    assignment = await runner.expect(Assign)
    [file] = assignment.files
    sha256 = hashlib.sha256(data).hexdigest()
    assert (file.name, file.size, file.sha256) == ("Aufträge März.xlsx", len(data), sha256)
    own = {"$file": file.id, "name": file.name, "size": file.size}
    assert file.id != uploaded["$file"], "the execution's own"
    assert assignment.inputs == {"file": own, "more": [own, own, "other.txt"]}

    fetched = b""
    while len(fetched) < len(data):
        part = await fetch(small, runner, assignment, sha256, offset=len(fetched))
        assert part.status_code == 200, part.text
        fetched += part.content
    assert fetched == data
    in_the_middle = await fetch(small, runner, assignment, sha256, offset=CHUNK + 5)
    assert in_the_middle.content == data[CHUNK + 5 : 2 * CHUNK]

    [listed] = (await small.admin.get(f"/api/executions/{started['id']}/files")).json()["items"]
    assert (listed["id"], listed["kind"], listed["name"], listed["sha256"]) == (file.id, "input", file.name, sha256)
    entry = (await small.admin.get("/api/audit", params={"action": "execution.start"})).json()["items"][0]
    assert entry["details"]["files"] == ["Aufträge März.xlsx"]
    entry = (await small.admin.get("/api/audit", params={"action": "file.upload"})).json()["items"][0]
    assert (entry["resource_id"], entry["details"]["name"]) == (uploaded["$file"], "Aufträge März.xlsx")


async def test_only_the_runner_that_has_the_execution_fetches_and_only_its_files(small: HubAtWork) -> None:
    uploaded = await upload(small, "a.txt", b"of the first")
    await upload(small, "b.txt", b"of nobody")
    mine, other = [await small.runner(carry_out=None) for _ in range(2)]
    await small.start("Read", inputs={"file": uploaded}, runner=small.id_of(mine))
    assignment = await mine.expect(Assign)
    sha256 = assignment.files[0].sha256
    not_its_own = hashlib.sha256(b"of nobody").hexdigest()
    for runner, wanted, more, code in (
        (other, sha256, {}, "not-yours"),
        (mine, sha256, {"lease": assignment.lease + 1}, "not-yours"),
        (mine, not_its_own, {}, "content-unknown"),
        (mine, sha256, {"offset": 12}, "wrong-offset"),
        (mine, "no hash", {}, "invalid"),
    ):
        answer = await fetch(small, runner, assignment, wanted, **more)
        assert answer.json()["error"]["code"] == code, (code, answer.text)
    assert (await small.admin.get(f"/api/runner/executions/{assignment.execution_id}/contents/{sha256}")).is_error


async def test_while_a_runner_fetches_it_is_not_taken_for_stuck(small: HubAtWork) -> None:
    uploaded = await upload(small, "a.txt", b"some")
    runner = await small.runner(carry_out=None)
    started = await small.start("Read", inputs={"file": uploaded})
    assignment = await runner.expect(Assign)
    assert (await small.get(started["id"]))["waiting"]["code"] == "not-begun"
    assert (await fetch(small, runner, assignment, assignment.files[0].sha256)).status_code == 200
    waiting = (await small.get(started["id"]))["waiting"]
    assert waiting["code"] == "fetching-files"
    assert waiting["message"].endswith("is fetching the files that it needs.")
    await small.fetch("UPDATE runner SET problem = 'The file a.txt could not be fetched: The storage is away.'")
    waiting = (await small.get(started["id"]))["waiting"]
    assert waiting["message"].endswith("needs. The file a.txt could not be fetched: The storage is away.")
    long_ago = "clock_timestamp() - interval '1 hour'"
    small.clock.ahead += timedelta(minutes=5)
    await small.fetch(f"UPDATE execution SET assigned_at = {long_ago} WHERE id = '{started['id']}'")
    assert (await fetch(small, runner, assignment, assignment.files[0].sha256)).status_code == 200
    given_up = f"SELECT given_up FROM execution WHERE id = '{started['id']}'"
    await small.dispatch.sweep.look()
    assert [row["given_up"] for row in await small.fetch(given_up)] == [0]
    await small.fetch(f"UPDATE execution SET fetching_at = {long_ago} WHERE id = '{started['id']}'")
    await small.dispatch.sweep.look()
    assert [row["given_up"] for row in await small.fetch(given_up)] == [1]


async def test_the_same_file_goes_on_to_other_executions_without_a_copy(small: HubAtWork) -> None:
    data = os.urandom(1000)
    uploaded = await upload(small, "a.bin", data)
    runner = await small.runner(carry_out=None)
    first = await small.start("Read", inputs={"file": uploaded})
    assignment = await runner.expect(Assign)
    output = await small.start("Read", inputs={"file": assignment.inputs["file"]})
    again = await small.admin.post(f"/api/executions/{first['id']}/again", json={})
    assert again.status_code == 201, again.text
    ids = {first["id"], output["id"], again.json()["id"]}
    rows = await small.fetch("SELECT id, execution_id, content_id FROM execution_file")
    assert {str(row["execution_id"]) for row in rows} == ids
    assert len({row["id"] for row in rows}) == 3
    assert len({row["content_id"] for row in rows}) == 1


async def test_what_no_execution_was_given_goes_after_a_day(small: HubAtWork) -> None:
    uploads = small.hub.get(Uploads)
    given, left = await upload(small, "given.bin", b"given"), await upload(small, "left.bin", b"left")
    await small.runner(carry_out=None)
    started = await small.start("Read", inputs={"file": given})
    await pass_hours(small, 23)
    await uploads.remove_old()
    assert len(await small.fetch("SELECT FROM uploaded_file")) == 2
    await pass_hours(small, 2)
    await uploads.remove_old()
    await small.hub.get(Contents).remove_unused()
    assert await small.fetch("SELECT FROM uploaded_file") == []
    rows = await small.fetch("SELECT sha256 FROM content")
    assert [bytes(row["sha256"]) for row in rows] == [hashlib.sha256(b"given").digest()]
    error = await refused(small, {"file": left})
    assert (error["code"], error["where"]) == ("file-unknown", "body.inputs.file")
    again = await small.admin.post(f"/api/executions/{started['id']}/again", json={})
    assert again.status_code == 201, "the execution has it still"


async def test_what_cannot_be_given_is_said(small: HubAtWork) -> None:
    for reference in ({"$file": str(uuid4())}, {"$file": "no id"}):
        error = await refused(small, {"file": reference})
        assert (error["code"], error["where"]) == ("file-unknown", "body.inputs.file")
        assert error["message"] == f"There is no file '{reference['$file']}', or it is not kept any more."
    error = await refused(small, {"file": {"$file": 5}})
    assert (error["code"], error["where"]) == ("inputs-invalid", "body.inputs.file")
    uploaded = await upload(small, "a.txt", b"a")
    error = await refused(small, {"file": uploaded, "number": uploaded})
    assert error["where"] == "body.inputs.number"
    large = [await upload(small, f"{number}.bin", bytes(1024 * 1024 - 10)) for number in range(2)]
    error = await refused(small, {"file": large[0], "more": [large[1], await whole_output(small)]})
    assert error["code"] == "files-too-large"


async def whole_output(small: HubAtWork) -> dict[str, Any]:
    """An output of another execution of 1.5 MB."""
    sending = await sender(small)
    data = bytes(1500 * 1024)
    return {"$file": await sending.send("out.bin", data, kind="output"), "name": "out.bin", "size": len(data)}


async def test_a_file_that_a_runner_still_sends_is_not_given(small: HubAtWork) -> None:
    sending = await sender(small)
    id = str(uuid4())
    assert (await sending.announce(id, "half.bin", 2 * CHUNK)).status_code == 200
    assert (await refused(small, {"file": {"$file": id}}))["code"] == "file-incomplete"


async def test_uploads_are_their_persons_own(small: HubAtWork) -> None:
    account = {"email": "op@example.org", "name": "Op", "role": "OPERATOR", "password": PASSWORD}
    assert (await small.admin.post("/api/users", json=account)).status_code == 201
    async with httpx.AsyncClient(base_url=small.url, trust_env=False) as client:
        assert (await client.post("/api/files", params={"name": "a"}, content=b"a")).status_code == 401
        client.headers["Authorization"] = f"Bearer {await sign_in(client, 'op@example.org')}"
        uploaded = await upload(small, "mine.txt", b"mine", client)
        assert (await refused(small, {"file": uploaded}))["code"] == "file-unknown"
        await small.runner(carry_out=None)
        body = {"workflow": "Read", "inputs": {"file": uploaded}}
        assert (await client.post("/api/executions", json=body)).status_code == 201


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("../a.txt", "must not contain / or"),
        ("a\\b.txt", "must not contain / or"),
        ("..", "is the name of a folder"),
        ("a\nb.txt", "must not contain control characters"),
        ("ä" * 150, "at most 255 bytes"),
        ("a" * 300, "at most 255"),
    ],
)
async def test_a_name_that_no_file_can_have_is_refused(small: HubAtWork, name: str, said: str) -> None:
    answer = await small.admin.post("/api/files", params={"name": name}, content=b"a")
    assert answer.status_code == 422
    assert said in answer.text
    assert answer.json()["error"]["where"] == "query.name"


async def test_uploads_have_bounds(small: HubAtWork) -> None:
    async def parts() -> AsyncIterator[bytes]:
        yield b"a"

    answer = await small.admin.post("/api/files", params={"name": "a"}, content=parts())
    assert answer.json()["error"]["code"] == "length-required"
    answer = await small.admin.post("/api/files", params={"name": "a"}, content=bytes(2 * 1024 * 1024 + 1))
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "file-too-large")
    assert (await upload(small, "empty", b""))["size"] == 0
    await upload(small, "a", bytes(2 * 1024 * 1024))
    answer = await small.admin.post("/api/files", params={"name": "b"}, content=bytes(2 * 1024 * 1024))
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "files-too-large")
    await pass_hours(small, 25)
    await small.hub.get(Uploads).remove_old()
    assert (await small.admin.post("/api/files", params={"name": "b"}, content=b"b")).status_code == 201


async def test_people_of_each_role_have_files_and_nobody_else_has(small: HubAtWork) -> None:
    sending = await sender(small)
    id = await sending.send("Bericht.pdf", b"of the execution")
    listed = f"/api/executions/{sending.execution}/files"

    async def answers(client: httpx.AsyncClient) -> list[int]:
        upload = await client.post("/api/files", params={"name": "a"}, content=b"a")
        return [upload.status_code, *[(await client.get(path)).status_code for path in (listed, f"{listed}/{id}")]]

    assert await answers(sending.client) == [403, 403, 403], "a Runner is no user"
    async with httpx.AsyncClient(base_url=small.url, trust_env=False) as client:
        assert await answers(client) == [401, 401, 401]
        for role in ("OPERATOR", "DEVELOPER"):
            account = {"email": f"{role}@example.org", "name": role, "role": role, "password": PASSWORD}
            assert (await small.admin.post("/api/users", json=account)).status_code == 201
            client.headers["Authorization"] = f"Bearer {await sign_in(client, account['email'])}"
            assert await answers(client) == [201, 200, 200]


async def test_an_older_runner_is_given_none(small: HubAtWork) -> None:
    registered = await small.register("Old")
    old = await small.connect(registered, carry_out=None, capabilities=("ask",))
    uploaded = await upload(small, "a.txt", b"a")
    started = await small.start("Read", inputs={"file": uploaded})
    waiting = (await small.get(started["id"]))["waiting"]
    assert waiting["code"] == "runner-too-old"
    assert waiting["message"] == (
        "'Old' is too old to fetch the files of an execution: upgrade it to the version of the Hub."
    )
    body = {"workflow": "Read", "inputs": {"file": uploaded}, "interactive": True, "runner": "Old"}
    answer = await small.admin.post("/api/executions", json=body)
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "runner-too-old")
    await small.start("Read", inputs={"file": "local.txt"})
    assert (await old.expect(Assign)).inputs == {"file": "local.txt"}
    new = await small.runner(carry_out=None)
    assert (await new.expect(Assign)).execution_id == started["id"]


async def test_a_download_is_in_the_audit_log_once(small: HubAtWork) -> None:
    sending = await sender(small)
    id = await sending.send("Bericht.pdf", bytes(1000))
    address = f"/api/executions/{sending.execution}/files/{id}"
    for wanted in ("bytes=0-99", "bytes=100-999"):
        assert (await small.admin.get(address, headers={"Range": wanted})).status_code == 206
    [entry] = (await small.admin.get("/api/audit", params={"action": "file.download"})).json()["items"]
    assert (entry["actor_name"], entry["resource_id"]) == ("admin@example.org", id)
    assert entry["details"] == {"execution": sending.execution, "name": "Bericht.pdf"}


async def test_removal_of_an_execution_forgets_what_it_was_given(small: HubAtWork, settings: Settings) -> None:
    uploaded = await upload(small, "a.txt", b"a")
    await small.runner(carry_out=None)
    started = await small.start("Read", inputs={"file": uploaded})
    await pass_hours(small, 48)
    await small.hub.get(Uploads).remove_old()
    async with small.hub.database.transaction() as connection:
        assert await store.forget_of(connection, [UUID(started["id"])]) == 1
    await small.hub.get(Contents).remove_unused()
    assert await small.fetch("SELECT FROM content") == []
    assert [path for path in (settings.home / "files").rglob("*") if path.is_file()] == []


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("name=%20", "must not be empty"),
        ("name=..", "is the name of a folder"),
        ("name=%FF.csv", "UTF-8"),
        ("name=a/b", "must not contain /"),
        ("name=" + "a" * 300, "must have at most 255 characters, not 300"),
    ],
    ids=["blank", "folder", "not UTF-8", "path", "long"],
)
async def test_a_wrong_name_is_refused_in_words(small: HubAtWork, query: str, says: str) -> None:
    answer = await small.admin.post(f"/api/files?{query}", content=b"x")
    assert answer.status_code == 422, answer.text
    error = answer.json()["error"]
    assert says in error["message"]
    assert "Value error" not in error["message"]
    assert error["where"] == "query.name"


async def test_a_form_is_not_stored_as_a_file(small: HubAtWork) -> None:
    answer = await small.admin.post("/api/files", params={"name": "e.csv"}, files={"file": ("e.csv", b"a,b")})
    assert answer.status_code == 415, answer.text
    assert "--data-binary" in answer.json()["error"]["hint"]
    assert await small.fetch("SELECT 1 FROM uploaded_file") == []
