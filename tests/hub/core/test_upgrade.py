"""A database with data, made by an earlier version, goes up to the newest schema without loss."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from exekra.hub.core.migrate import FOLDER, migrate, render
from exekra.hub.work.ledger import partition_store as partitions
from exekra.kit.ids import first_id, new_id

BEFORE_PARTITIONS = "0007"


def test_the_revisions_are_one_chain() -> None:
    files = sorted((FOLDER / "versions").glob("[0-9]*_*.py"))
    texts = [file.read_text() for file in files]
    revisions = [re.search(r'^revision = "(\d+)"$', text, re.M) for text in texts]
    names = [match[1] for match in revisions if match]
    assert names == [file.name.split("_")[0] for file in files], "a file is named by its revision"
    befores = [re.search(r'^down_revision = (?:"(\d+)"|None)$', text, re.M) for text in texts]
    assert [match and match[1] for match in befores] == [None, *names[:-1]], "each follows on the one before: one head"


async def rows(connection: Any, columns: dict[str, list[str]]) -> dict[str, list[str]]:
    """Every row of these tables as text, in these columns."""
    return {
        table: [
            row["row"]
            for row in await connection.fetch(
                f"SELECT to_jsonb(kept)::text AS row FROM (SELECT {', '.join(names)} FROM {table}) kept ORDER BY 1"
            )
        ]
        for table, names in columns.items()
    }


async def tables(connection: Any) -> dict[str, list[str]]:
    """The columns of all tables that are not Alembic's."""
    found = await connection.fetch(
        "SELECT table_name, array_agg(column_name::text ORDER BY ordinal_position) AS columns"
        " FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)"
        " WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND table_name <> 'alembic_version'"
        " GROUP BY table_name"
    )
    return {row["table_name"]: row["columns"] for row in found}


async def fill(connection: Any, executions: list[UUID]) -> None:
    """A user, a workflow, a Runner and these executions with three events each."""
    user, workflow, version, runner = (new_id() for _ in range(4))
    await connection.execute(
        "INSERT INTO app_user (id, email, name, role, password_hash)"
        " VALUES ($1, 'ada@example.org', 'Ada', 'ADMIN', 'x')",
        user,
    )
    await connection.execute(
        "INSERT INTO audit_log (id, actor_kind, actor_id, actor_name, action, resource)"
        " VALUES ($1, 'user', $2, 'Ada', 'workflow.create', 'workflow')",
        new_id(),
        user,
    )
    await connection.execute("INSERT INTO workflow (id, name, created_by) VALUES ($1, 'Light', $2)", workflow, user)
    await connection.execute(
        "INSERT INTO workflow_version (id, workflow_id, number, document, content_hash, activities, calls)"
        """ VALUES ($1, $2, 1, '{"nodes": {}, "edges": []}', 'hash', '{}', '{}')""",
        version,
        workflow,
    )
    await connection.execute(
        "INSERT INTO runner (id, name, type, machine_key, secret_hash) VALUES ($1, 'One', 'UNATTENDED', 'K', 's')",
        runner,
    )
    await connection.execute("INSERT INTO requirement (key, labels, activities) VALUES ('key', '{}', '{general.log}')")
    for id in executions:
        await connection.execute(
            "INSERT INTO execution (id, workflow_id, workflow_name, version_id, version, priority, requirement_id,"
            " source, created_at, queued_at, inputs)"
            " VALUES ($1, $2, 'Light', $3, 1, 5, 1, 'manual', now(), now(), '{}')",
            id,
            workflow,
            version,
        )
        for sequence, kind in enumerate(("execution.started", "log", "checkpoint"), start=1):
            await connection.execute(
                "INSERT INTO execution_event (execution_id, sequence, at, kind, level, node, body)"
                """ VALUES ($1, $2, now(), $3, 'info', 'work', '{"z": 1, "a": 2}')""",
                id,
                sequence,
                kind,
            )


async def test_data_from_before_partitions_goes_up_without_loss(empty_database_url: str) -> None:
    now = datetime.now(UTC)
    far_ahead = first_id(now + timedelta(days=400))
    connection = await asyncpg.connect(empty_database_url)
    await connection.execute(render(None, BEFORE_PARTITIONS))
    await fill(connection, [first_id(now - timedelta(days=500)), new_id(), far_ahead])
    known = await tables(connection)
    before = await rows(connection, known)
    file = await connection.fetchval("SELECT pg_relation_filenode('execution_event')")

    assert await migrate(empty_database_url) is True
    assert await rows(connection, known) == before
    found = await partitions.partitions(connection)
    assert found[0].name == "execution_event_first"
    assert await connection.fetchval("SELECT pg_relation_filenode('execution_event_first')") == file, "not rewritten"
    assert await connection.fetchval("SELECT count(*) FROM execution_event_first") == 6
    assert await connection.fetchval("SELECT count(*) FROM execution_event_default") == 3, "from a wrong clock"
    assert found[0].end is not None
    assert found[0].end > new_id(), "this week belongs to the old table; the next has its own"
    with pytest.raises(asyncpg.UniqueViolationError):
        await connection.execute("INSERT INTO execution_event SELECT * FROM execution_event_first LIMIT 1")
    await connection.close()


async def test_a_new_database_has_the_weeks_that_come(database_url: str) -> None:
    connection = await asyncpg.connect(database_url)
    found = await partitions.partitions(connection)
    await connection.close()
    assert [one.is_mixed for one in found] == [False, False, True]
    assert found[0].first is not None
    assert found[1].end is not None
    assert found[0].first <= new_id() < found[1].end
    assert found[1].first == found[0].end
    assert found[-1].name == partitions.DEFAULT
