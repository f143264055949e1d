"""Files that belong to workflows, laid beside them by a real Runner: each workflow's own, fetched once."""

from __future__ import annotations

import io
import signal
import zipfile
from pathlib import Path
from typing import Any

from .hub_and_runner import HubAndRunner, row

CODE = """
from pathlib import Path
from lib.prices import VAT
result = [VAT, sorted(path.name for path in Path(workflow_folder).iterdir() if path.name != "__pycache__")]
"""
CALLED = row("Called", ("read", "file.read_text", {"path": "rates.txt"})) | {
    "outputs": {"text": {"type": "text", "value": "{read.text}"}}
}
CALLER = row(
    "Caller",
    ("run", "python.run", {"code": CODE}),
    ("call", "call_workflow", {"workflow": "Called"}),
    ("spoil", "file.write_text", {"path": "rates.txt", "text": "spoilt"}),
    ("write", "file.write_text", {"path": "report.txt", "text": "stays"}),
    ("read", "file.read_text", {"path": "rates.txt"}),
) | {
    "outputs": {
        "python": {"type": "list", "value": "{run.result}"},
        "called": {"type": "text", "value": "{call.text}"},
        "own": {"type": "text", "value": "{read.text}"},
    }
}


async def bring_in(both: HubAndRunner, document: dict[str, Any], files: dict[str, bytes]) -> None:
    """Import a workflow with its files, and publish it."""
    packed = io.BytesIO()
    text = (await both.client.post("/api/workflows", json={"name": "Draft", "document": document})).json()
    exported = await both.client.get(f"/api/workflows/{text['workflow']['id']}/export", params={"format": "yaml"})
    await both.client.delete(f"/api/workflows/{text['workflow']['id']}")
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.flow.yaml", exported.content)
        for path, data in files.items():
            archive.writestr(path, data)
    name = {"name": document["name"]}
    answer = await both.client.post("/api/workflows/import", params=name, content=packed.getvalue())
    assert answer.status_code == 201, answer.text
    await both.post(f"/api/workflows/{answer.json()['workflow']['id']}/publish", {})


def cached(both: HubAndRunner) -> list[Path]:
    return [path for path in (both.folder / "runner" / "workflow-files").rglob("*") if path.is_file()]


async def test_each_workflow_finds_its_files_beside_itself(both: HubAndRunner) -> None:
    await bring_in(both, CALLED, {"rates.txt": b"of the called one"})
    await bring_in(both, CALLER, {"rates.txt": b"of the caller", "lib/prices.py": b"VAT = 19\n"})
    for _ in range(2):  # What one execution changes, the next does not see.
        ended = await both.until_state(await both.request("Caller"))
        assert ended["state"] == "COMPLETED", ended["failure"]
        assert ended["outputs"] == {
            "python": [19, ["lib", "rates.txt"]],
            "called": "of the called one",
            "own": "spoilt",
        }
    assert (both.folder / "report.txt").read_text() == "stays"
    assert not (both.folder / "rates.txt").exists()
    assert len(cached(both)) == 3
    assert list((both.folder / "runner" / "temporary").iterdir()) == []


async def test_a_content_that_was_damaged_on_the_runner_is_fetched_again(both: HubAndRunner) -> None:
    await bring_in(both, CALLED, {"rates.txt": b"right"})
    for _ in range(2):
        ended = await both.until_state(await both.request("Called"))
        assert ended["outputs"] == {"text": "right"}, ended["failure"]
        [content] = cached(both)
        content.write_bytes(b"wrong")


async def test_files_are_fetched_although_the_hub_is_killed_meanwhile(both: HubAndRunner) -> None:
    large = bytes(60_000_000)
    await bring_in(both, CALLED, {"a large one.bin": large, "rates.txt": b"right"})
    id = await both.request("Called")

    async def fetching() -> bool:
        return any(path.stat().st_size for path in cached(both))

    await both.until(fetching)
    await both.end(both.hub, signal.SIGKILL)
    await both.start_hub()
    ended = await both.until_state(id)
    assert ended["outputs"] == {"text": "right"}, ended["failure"]


async def test_what_is_not_used_makes_room(both: HubAndRunner) -> None:
    await both.end(both.runner)
    await both.start_runner(workflow_files_limit_mb="1")
    await bring_in(both, CALLED, {"rates.txt": b"x" * 700_000})
    await bring_in(both, CALLED | {"name": "Other"}, {"rates.txt": b"y" * 700_000})
    for name, letter in (("Called", "x"), ("Other", "y"), ("Called", "x")):
        ended = await both.until_state(await both.request(name))
        assert ended["state"] == "COMPLETED", ended["failure"]
        assert [path.read_bytes()[:1] for path in cached(both)] == [letter.encode()]
