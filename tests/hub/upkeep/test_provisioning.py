"""What a new installation gets: once, and never against people's will."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from fastapi import FastAPI

from exekra.hub.core.actor import SYSTEM
from exekra.hub.core.hub import Hub
from exekra.hub.design.workflows import store as workflows_store
from exekra.hub.design.workflows.service import Workflows
from exekra.hub.fleet.runners.service import Runners
from exekra.hub.identity.people.service import People
from exekra.hub.upkeep import provisioning
from exekra.kit import json
from exekra.sdk.errors import SettingsError

GIVEN = {"EXEKRA_ADMIN_EMAIL": "Ada@Example.org", "EXEKRA_ADMIN_PASSWORD": "correct horse battery"}
LEAF = "format: exekra.flow/1\nname: Z leaf\nnodes: {}\nedges: []\n"
CALLER = """format: exekra.flow/1
name: A caller
nodes:
  call:
    do: call_workflow
    with: {workflow: Z leaf}
edges:
- start -> call
"""


@pytest.fixture
def hub(app: FastAPI) -> Hub:
    hub: Hub = app.state.hub
    return hub


@pytest.fixture
def examples(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    files = [tmp_path / "a.flow.yaml", tmp_path / "z.flow.yaml"]
    for file, text in zip(files, (CALLER, LEAF), strict=True):
        file.write_text(text)
    monkeypatch.setattr(provisioning, "example_files", lambda: files)
    return files


async def provision(hub: Hub, environ: Mapping[str, str] = GIVEN) -> list[str]:
    said: list[str] = []
    await provisioning.provision(hub, environ, said.append)
    return said


async def test_the_first_start_makes_everything_and_the_second_nothing(hub: Hub, examples: list[Path]) -> None:
    assert await provision(hub) == [
        "First administrator: ada@example.org, password as given",
        "2 example workflows are ready to run.",
    ]
    assert (await hub.get(People).sign_in(SYSTEM, email="ada@example.org", password="correct horse battery")).token
    runner = hub.settings.home / "runner"
    before = (runner / "runner.json").read_bytes(), (runner / "machine-secret").read_bytes()
    assert await provision(hub) == []
    assert ((runner / "runner.json").read_bytes(), (runner / "machine-secret").read_bytes()) == before


async def test_what_examples_work_on_lies_where_the_runner_looks(hub: Hub, examples: list[Path]) -> None:
    for name in ("orders.xlsx", "README.md", ".gitignore", "own.csv"):
        (examples[0].parent / name).write_text("example")
    files = hub.settings.home / "runner" / "files"
    files.mkdir(parents=True)
    (files / "own.csv").write_text("mine")
    await provision(hub)
    assert sorted(file.name for file in files.iterdir()) == ["orders.xlsx", "own.csv"]
    assert (files / "own.csv").read_text() == "mine"


async def test_the_runner_of_this_machine_can_sign_in(hub: Hub) -> None:
    await provision(hub)
    folder = hub.settings.home / "runner"
    assert (folder / "machine-secret").stat().st_mode & 0o777 == 0o600
    key = json.decode((folder / "runner.json").read_bytes())["machine_key"]
    secret = (folder / "machine-secret").read_text()
    assert (await hub.get(Runners).authenticate(SYSTEM, machine_key=key, machine_secret=secret)).token


async def test_a_lost_folder_gets_a_runner_of_another_name(hub: Hub) -> None:
    await provision(hub)
    (hub.settings.home / "runner" / "runner.json").unlink()
    await provision(hub)
    assert (hub.settings.home / "runner" / "runner.json").exists()


@pytest.mark.parametrize("version", ["", ", version: 1"], ids=["follows", "pins"])
async def test_an_example_is_published_after_those_that_it_calls(hub: Hub, examples: list[Path], version: str) -> None:
    examples[0].write_text(CALLER.replace("workflow: Z leaf", f"workflow: Z leaf{version}"))
    assert (await provision(hub))[-1] == "2 example workflows are ready to run."


async def test_deleted_examples_stay_deleted(hub: Hub, examples: list[Path]) -> None:
    await provision(hub)
    async with hub.database.transaction() as connection:
        caller = await workflows_store.find_by_name(connection, "A caller")
        assert caller is not None
        assert caller.published_number == 1
        await hub.get(Workflows).delete(connection, SYSTEM, caller.id)
    await provision(hub)
    async with hub.database.reading() as connection:
        assert await workflows_store.find_by_name(connection, "A caller") is None
        assert await workflows_store.find_by_name(connection, "Z leaf") is not None


async def test_an_example_that_cannot_be_used_keeps_nobody_from_starting(hub: Hub, examples: list[Path]) -> None:
    examples[0].write_text(CALLER.replace("call_workflow", "no.such_activity"))
    examples[1].write_text("format: exekra.flow/1\nnodes: 3\n")
    said = await provision(hub)
    assert any(line.startswith("The example 'A caller' stays a draft.") for line in said)
    assert any(line.startswith(f"The example {examples[1]} was skipped.") for line in said)
    assert said[-1] == "0 example workflows are ready to run."


@pytest.mark.parametrize(
    "wrong", [{"EXEKRA_ADMIN_PASSWORD": "short"}, {"EXEKRA_ADMIN_EMAIL": "nobody"}], ids=["password", "email"]
)
async def test_what_cannot_be_used_is_said(hub: Hub, wrong: dict[str, str]) -> None:
    with pytest.raises(SettingsError, match="The first administrator cannot be created"):
        await provision(hub, {**GIVEN, **wrong})


async def test_a_generated_password_is_told_once(hub: Hub) -> None:
    said = await provision(hub, {})
    password = said[0].split("password ")[1].split()[0]
    assert (await hub.get(People).sign_in(SYSTEM, email="admin@localhost", password=password)).token
    assert not any(password in line for line in await provision(hub, {}))
