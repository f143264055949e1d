"""The schema: made once, quick when it is there, safe for two Hubs at once."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from typing import Any

import asyncpg
import msgspec
import pytest

from exekra.flow.calls import call_of
from exekra.flow.model import Node
from exekra.hub.core.migrate import migrate, newest_revision, render
from exekra.sdk.errors import SettingsError
from exekra.testing.postgres import Postgres


async def test_migrates_an_empty_database_once(empty_database_url: str) -> None:
    assert await migrate(empty_database_url) is True
    assert await migrate(empty_database_url) is False
    connection = await asyncpg.connect(empty_database_url)
    assert await connection.fetchval("SELECT version_num FROM alembic_version") == newest_revision()
    await connection.close()


async def test_waits_for_a_server_that_is_starting(postgres: Postgres, empty_database_url: str) -> None:
    await postgres.cluster.stop()
    migrating = asyncio.create_task(migrate(empty_database_url, patience=30))
    await asyncio.sleep(0.2)
    assert not migrating.done()
    await postgres.cluster.start()
    assert await migrating is True


async def test_two_hubs_may_start_at_once(empty_database_url: str) -> None:
    assert sorted(await asyncio.gather(*(migrate(empty_database_url) for _ in range(4)))) == [False, False, False, True]


async def test_refuses_a_newer_database(database_url: str) -> None:
    connection = await asyncpg.connect(database_url)
    await connection.execute("UPDATE alembic_version SET version_num = '9999'")
    await connection.close()
    with pytest.raises(SettingsError, match="newer version of Exekra"):
        await migrate(database_url)


async def test_calls_that_pin_a_version_are_found_in_what_is_stored(empty_database_url: str) -> None:
    connection = await asyncpg.connect(empty_database_url)
    await connection.execute(render(None, "0006"))

    async def store(name: str, number: int, nodes: dict[str, Any], *, state: str, old: list[str]) -> None:
        document = json.dumps({"nodes": nodes, "edges": []})
        workflow = await connection.fetchval(
            "INSERT INTO workflow (id, name) VALUES (gen_random_uuid(), $1)"
            " ON CONFLICT (name) WHERE archived_at IS NULL DO UPDATE SET name = $1 RETURNING id",
            name,
        )
        version = await connection.fetchval(
            "INSERT INTO workflow_version (id, workflow_id, number, state, document, content_hash, activities, calls)"
            " VALUES (gen_random_uuid(), $1, $2, $3, $4, '', $5, $6) RETURNING id",
            *(workflow, number, state, document, ["old.activity"], old),
        )
        if state == "published":
            await connection.execute("UPDATE workflow SET published_version_id = $1 WHERE id = $2", version, workflow)

    def call(name: Any, **more: Any) -> dict[str, Any]:
        return {"do": "call_workflow", "with": {"workflow": name, **more}}

    await store("Word", 1, {"a": {"do": "old.words"}}, state="superseded", old=[])
    await store("Word", 2, {"a": {"do": "new.words"}}, state="published", old=[])
    nodes = {"a": call("Word", version=1), "b": {"do": "if"}, "c": {"do": "general.log", "with": {"workflow": "x"}}}
    await store("Pins", 1, nodes, state="published", old=["Word"])
    nodes = {
        **{"a": call("Word"), "b": call("Word", version=None), "c": call("Word@1"), "d": call("Über@"), "e": call("")},
        **{"f": call("Word", version="1"), "g": call("Word", version=2.0), "h": call("Word", version=1.5)},
        **{"i": call("Word", version=2**31), "j": call("Word", version=True), "k": call("Word", version=0)},
        **{"l": call(7, version=1), "m": {"do": "call_workflow"}, "n": call("Other", version=2**31 - 1)},
    }
    await store("Draft", 1, nodes, state="draft", old=["Word"])
    await store(
        "Strange", 1, {"a": call("Word", version=1), "b": {"do": "x", "note": "\0"}}, state="draft", old=["Word"]
    )
    assert await migrate(empty_database_url) is True
    rows = await connection.fetch(
        "SELECT w.name || ' ' || v.number AS version, v.calls, v.activities"
        " FROM workflow w JOIN workflow_version v ON v.workflow_id = w.id"
    )
    await connection.close()
    stored = {row["version"]: row["calls"] for row in rows}
    assert stored == {
        "Word 1": [],
        "Word 2": [],
        "Pins 1": ["Word@1"],
        "Draft 1": ["Other@2147483647", "Word", "Word@1@", "Word@2", "Über@@"],
        "Strange 1": ["Word"],
    }
    now = {one.key for node in msgspec.convert(nodes, dict[str, Node]).values() if (one := call_of(node))}
    assert stored["Draft 1"] == sorted(now), "as it would be stored now"
    needed = {row["version"]: row["activities"] for row in rows}
    assert needed.pop("Pins 1") == ["general.log", "old.words"]
    assert set(map(tuple, needed.values())) == {("old.activity",)}, "others are left as they are"


def test_needs_no_alembic_when_there_is_nothing_to_do(database_url: str) -> None:
    code = (
        "import asyncio, sys; from exekra.hub.core.migrate import migrate\n"
        f"asyncio.run(migrate({database_url!r}))\n"
        "assert not {'alembic', 'sqlalchemy'} & sys.modules.keys()"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
