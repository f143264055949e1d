"""A database of an earlier version, with its data, goes up: nothing is lost, and work goes on.

`database_at_0008.sql` is a dump of a Hub at that revision: three workflows, a Runner that is gone, four executions that
are done, one that was stopped, and two that wait.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import pytest
from at_work import HubAtWork, serve
from signed_in import TestClock

from exekra.hub.core import migrate as migrations
from exekra.hub.core.migrate import migrate
from exekra.hub.core.settings import Settings
from exekra.protocol.messages import Assign

DUMP = Path(__file__).with_name("database_at_0008.sql")
DUMPED_AT = datetime(2026, 11, 30, 21, 30, tzinfo=UTC)


@pytest.fixture
async def old_database_url(empty_database_url: str) -> str:
    connection = await asyncpg.connect(empty_database_url)
    await connection.execute(DUMP.read_text(encoding="utf-8"))
    await connection.close()
    return empty_database_url


async def test_a_database_of_an_earlier_version_keeps_its_data(
    old_database_url: str, settings: Settings, clock: TestClock
) -> None:
    clock.ahead = DUMPED_AT - datetime.now(UTC)
    settings = replace(settings, database_url=old_database_url, sweep_seconds=3600.0)
    async with serve(settings, clock, first=False) as work:
        listed = (await work.admin.get("/api/executions")).json()["items"]
        assert sorted(one["state"] for one in listed) == ["COMPLETED"] * 4 + ["QUEUED"] * 2 + ["STOPPED"]
        done = next(one for one in listed if one["workflow_name"] == "Light" and one["state"] == "COMPLETED")
        assert [event["kind"] for event in await work.events(done["id"])][-1] == "execution.finished"
        assert [one["name"] for one in (await work.admin.get("/api/runners")).json()["items"]] == ["Old"]
        await _finish_what_waits(work, [one["id"] for one in listed if one["state"] == "QUEUED"])


async def _finish_what_waits(work: HubAtWork, waiting: list[str]) -> None:
    runner = await work.runner("New", labels=["waits"])
    for id in waiting:
        await work.until(id, "COMPLETED")
    assigned = [message.execution_id for message in runner.received if isinstance(message, Assign)]
    assert sorted(assigned) == sorted(waiting), "the decision stands in the database as this version makes it"


async def test_functions_are_applied_again_when_they_changed(
    old_database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "wing" / "slice" / "answer.sql"
    file.parent.mkdir(parents=True)
    monkeypatch.setattr(migrations, "WINGS", tmp_path)
    connection = await asyncpg.connect(old_database_url)
    for answer in (1, 2):
        file.write_text(
            "DROP FUNCTION IF EXISTS answer;\n"
            f"CREATE FUNCTION answer() RETURNS integer LANGUAGE sql AS $$ SELECT {answer} $$;\n",
            encoding="utf-8",
        )
        assert await migrate(old_database_url) is True
        assert await migrate(old_database_url) is False
        assert await connection.fetchval("SELECT answer()") == answer
    file.write_text("CREATE FUNCTION broken() RETURNS integer LANGUAGE sql AS $$ SELECT $$;", encoding="utf-8")
    with pytest.raises(asyncpg.PostgresError):
        await migrate(old_database_url)
    assert await connection.fetchval("SELECT answer()") == 2, "all of them are applied, or none"
    await connection.close()
