"""Which execution goes to which Runner: decided in the database, once, however many ask."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from at_work import LIGHT, LOGGING, HubAtWork, as_uuid

from exekra.hub.core.settings import Settings
from exekra.kit.ids import new_id
from exekra.protocol.messages import Assign
from exekra.testing.patience import PATIENCE_SECONDS
from exekra.testing.simulated_runner import entry


async def test_the_highest_priority_goes_first_then_the_oldest(work: HubAtWork) -> None:
    await work.publish()
    made = {}
    for name, priority in (("old", 50), ("young", 50), ("urgent", 90), ("later", 10)):
        made[(await work.start(priority=priority))["id"]] = name
    runner = await work.runner()
    for id in made:
        await work.until(id, "COMPLETED")
    order = [made[message.execution_id] for message in runner.received if isinstance(message, Assign)]
    assert order == ["urgent", "old", "young", "later"]


async def test_labels_type_and_runner_are_respected(work: HubAtWork) -> None:
    await work.publish()
    plain = await work.runner("plain")
    attended = await work.runner("attended", type="ATTENDED")
    labelled = await work.runner("labelled", labels=["finance", "excel"])
    for wanted, runner in (
        ({"labels": ["excel"]}, labelled),
        ({"labels": ["excel", "finance"], "runner_type": "UNATTENDED"}, labelled),
        ({"runner_type": "ATTENDED"}, attended),
        ({"runner": "PLAIN"}, plain),
        ({"runner": work.id_of(plain)}, plain),
    ):
        ended = await work.until((await work.start(**wanted))["id"], "COMPLETED")
        assert ended["runner_id"] == work.id_of(runner), wanted
    waiting = await work.start(labels=["excel"], runner_type="ATTENDED")
    assert (await work.get(waiting["id"]))["state"] == "QUEUED"


async def test_only_a_runner_that_can_do_all_activities_is_chosen(work: HubAtWork) -> None:
    await work.publish(LOGGING)
    await work.runner("cannot", entries=(entry("excel.read_range"),))
    made = await work.start("Logging")
    able = await work.runner("can", entries=(entry("general.log"), entry("excel.read_range")))
    assert (await work.until(made["id"], "COMPLETED"))["runner_id"] == work.id_of(able)


async def test_of_free_runners_the_one_heard_last_is_chosen(work: HubAtWork) -> None:
    await work.publish()
    runners = [await work.runner() for _ in range(3)]
    work.clock.ahead += timedelta(seconds=5)
    await runners[1].heartbeat()
    await work.dispatch.heartbeats.write()
    await asyncio.sleep(0.05)
    await work.dispatch.heartbeats.write()
    ended = await work.until((await work.start())["id"], "COMPLETED")
    assert ended["runner_id"] == work.id_of(runners[1])


async def test_a_document_is_sent_over_a_connection_once(work: HubAtWork) -> None:
    await work.publish()
    runner = await work.runner()
    for _ in range(3):
        await work.until((await work.start())["id"], "COMPLETED")
    sent = [message.documents for message in runner.received if isinstance(message, Assign)]
    assert [len(documents) for documents in sent] == [1, 0, 0]
    assert next(iter(sent[0].values()))["name"] == "Light"


async def test_called_workflows_come_along(work: HubAtWork) -> None:
    await work.publish()
    calling = {
        "format": "exekra.flow/1",
        "name": "Caller",
        "nodes": {"call": {"do": "call_workflow", "with": {"workflow": "Light"}}},
        "edges": ["start -> call"],
    }
    await work.publish(calling)
    runner = await work.runner()
    await work.until((await work.start("Caller"))["id"], "COMPLETED")
    assignment = await runner.expect(Assign)
    assert set(assignment.workflows) == {"", "Light"}
    assert set(assignment.documents) == set(assignment.workflows.values())


def calls(name: str, *called: tuple[str, int | None]) -> dict[str, Any]:
    nodes = {
        f"call_{place}": {"do": "call_workflow", "with": {"workflow": callee, "version": version}}
        for place, (callee, version) in enumerate(called)
    }
    return {"format": "exekra.flow/1", "name": name, "nodes": nodes, "edges": [f"start -> {' -> '.join(nodes)}"]}


async def test_a_pinned_version_comes_along_whatever_is_published_later(work: HubAtWork) -> None:
    async def sent() -> dict[str, tuple[str, str]]:
        """What the Runner got for each key: the name of the workflow, and its description."""
        await work.until((await work.start("Caller"))["id"], "COMPLETED")
        message = await runner.expect(Assign)
        documents.update(message.documents)
        found = {key: documents[hash] for key, hash in message.workflows.items() if key}
        return {key: (document["name"], document.get("description", "")) for key, document in found.items()}

    documents: dict[str, dict[str, Any]] = {}
    leaf = await work.publish(LIGHT | {"name": "Leaf", "description": "first"})
    await work.publish(calls("Deep", ("Leaf", 1)))
    await work.publish(LIGHT | {"name": "Leaf@1", "description": "another"})
    await work.publish(calls("Caller", ("Deep", None), ("Leaf@1", None), ("Leaf", None)))
    runner = await work.runner()
    first = {
        "Deep": ("Deep", ""),
        "Leaf@1": ("Leaf", "first"),
        "Leaf@1@": ("Leaf@1", "another"),
        "Leaf": ("Leaf", "first"),
    }
    assert await sent() == first
    changed = {"document": LIGHT | {"description": "second"}, "based_on": 1}
    assert (await work.admin.post(f"/api/workflows/{leaf}/versions", json=changed)).status_code == 201
    assert await sent() == first
    assert (await work.admin.post(f"/api/workflows/{leaf}/publish", json={})).status_code == 200
    assert await sent() == first | {"Leaf": ("Leaf", "second")}
    assert (await work.admin.post(f"/api/workflows/{leaf}/archive?break_callers=true")).status_code == 200
    assert (await sent()).keys() == {"Deep", "Leaf@1@"}


async def test_what_a_called_workflow_needs_by_now_is_asked_of_a_runner(work: HubAtWork) -> None:
    leaf = await work.publish(LIGHT | {"name": "Leaf"})
    await work.publish(calls("Follows", ("Leaf", None)))
    await work.publish(calls("Pins", ("Leaf", 1)))
    await work.runner("cannot", entries=(entry("excel.read_range"),))
    for name in ("Follows", "Pins"):
        await work.until((await work.start(name))["id"], "COMPLETED")
    changed = {"document": LOGGING, "based_on": 1}
    assert (await work.admin.post(f"/api/workflows/{leaf}/versions", json=changed)).status_code == 201
    published = await work.admin.post(f"/api/workflows/{leaf}/publish", json={})
    assert published.status_code == 200, published.text
    follows = await work.start("Follows")
    await work.until((await work.start("Pins"))["id"], "COMPLETED")
    assert (await work.get(follows["id"]))["state"] == "QUEUED"
    able = await work.runner("can")
    assert (await work.until(follows["id"], "COMPLETED"))["runner_id"] == work.id_of(able)


async def test_a_draft_that_is_pinned_does_not_come_along(work: HubAtWork) -> None:
    leaf = await work.publish(LIGHT | {"name": "Leaf"})
    draft = {"document": LIGHT | {"description": "second"}, "based_on": 1}
    assert (await work.admin.post(f"/api/workflows/{leaf}/versions", json=draft)).status_code == 201
    caller = calls("Caller", ("Leaf", 2), ("Leaf", 2_147_483_647), ("Leaf", 2_147_483_648))
    await work.admin.post("/api/workflows", json={"name": "Caller", "document": caller})
    runner = await work.runner()
    made = await work.start("Caller", version=1, allow_errors=True)
    await work.until(made["id"], "COMPLETED")
    assert set((await runner.expect(Assign)).workflows) == {""}


@pytest.fixture
async def connections(settings: Settings, work: HubAtWork) -> list[asyncpg.Connection]:
    """Connections of several Hubs that do not know of each other."""
    made = [await asyncpg.connect(settings.database_url) for _ in range(4)]
    for connection in made:
        work.stack.push_async_callback(connection.close)
    return made


async def make_hubs_runners(work: HubAtWork, hub_id: UUID, count: int, labels: list[str] | None = None) -> None:
    async with work.hub.database.transaction() as connection:
        for _ in range(count):
            id = new_id()
            await connection.execute(
                "INSERT INTO runner (id, name, type, labels, machine_key, secret_hash, online, hub_id, connection_id)"
                " VALUES ($1, $2, 'UNATTENDED', $3, $2, '', true, $4, $1)",
                id,
                str(id),
                labels or [],
                hub_id,
            )
            await connection.execute("INSERT INTO runner_heartbeat (runner_id, at) VALUES ($1, now())", id)


async def queue(work: HubAtWork, count: int, **more: object) -> None:
    """Many executions, made as copies of one in the database."""
    first = await work.start(**more)
    async with work.hub.database.transaction() as connection:
        await connection.execute(
            "INSERT INTO execution (id, workflow_id, workflow_name, version_id, version, priority, requirement_id,"
            " source, created_at, queued_at, inputs)"
            " SELECT gen_random_uuid(), workflow_id, workflow_name, version_id, version, priority, requirement_id,"
            " source, created_at, queued_at, inputs FROM execution, generate_series(2, $2) WHERE id = $1",
            as_uuid(first["id"]),
            count,
        )


async def test_many_dispatchers_never_assign_twice(work: HubAtWork, connections: list[asyncpg.Connection]) -> None:
    await work.publish()
    await queue(work, 300)
    hubs = [new_id() for _ in connections]
    for hub_id in hubs:
        await make_hubs_runners(work, hub_id, 60)
    assigned: list[tuple[UUID, UUID, int]] = []

    async def dispatch(connection: asyncpg.Connection, hub_id: UUID) -> None:
        for _ in range(20):
            rows = await connection.fetch("SELECT * FROM assign_executions($1, 16)", hub_id)
            assigned.extend((row["assigned_execution"], row["assigned_runner"], row["assigned_lease"]) for row in rows)

    await asyncio.gather(*(dispatch(one, hub_id) for one, hub_id in zip(connections, hubs, strict=True)))
    assert len(assigned) == 240  # every Runner has one
    assert len({execution for execution, _, _ in assigned}) == 240
    assert len({runner for _, runner, _ in assigned}) == 240
    assert {lease for _, _, lease in assigned} == {1}
    rows = await work.fetch(
        "SELECT e.state FROM runner r JOIN execution e ON e.id = r.execution_id AND e.runner_id = r.id"
    )
    assert [row["state"] for row in rows] == ["ASSIGNED"] * 240


async def test_a_backlog_for_an_absent_label_does_not_slow_the_others(
    work: HubAtWork, connections: list[asyncpg.Connection]
) -> None:
    await work.publish()
    await queue(work, 50_000, labels=["nowhere"], priority=100)
    hub_id = new_id()
    await make_hubs_runners(work, hub_id, 50)
    await queue(work, 50, priority=1)
    await connections[0].fetch("SELECT * FROM assign_executions($1, 1)", hub_id)
    [explained] = await connections[0].fetch(
        "EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) SELECT * FROM assign_executions($1, 64)", hub_id
    )
    plan = json.loads(explained[0])[0]["Plan"]
    assert plan["Actual Rows"] == 49
    assert plan["Shared Hit Blocks"] + plan["Shared Read Blocks"] < 10_000, "49 assignments beside a backlog of 50,000"


async def test_an_assignment_waits_for_no_lock(work: HubAtWork, connections: list[asyncpg.Connection]) -> None:
    await work.publish()
    hub_id = new_id()
    await make_hubs_runners(work, hub_id, 2)
    first = await work.start(priority=90)
    second = await work.start()
    blocking = connections[0].transaction()
    await blocking.start()
    await connections[0].execute("SELECT FROM execution WHERE id = $1 FOR UPDATE", as_uuid(first["id"]))
    await connections[0].execute("SELECT FROM runner ORDER BY id LIMIT 1 FOR UPDATE")
    rows = await asyncio.wait_for(
        connections[1].fetch("SELECT * FROM assign_executions($1, 64)", hub_id), PATIENCE_SECONDS
    )
    assert [row["assigned_execution"] for row in rows] == [as_uuid(second["id"])]
    await blocking.rollback()
