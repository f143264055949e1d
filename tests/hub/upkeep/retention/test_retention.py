"""What is kept no longer is removed; what has not ended, and the audit log, never."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from at_work import HubAtWork, eventually, serve
from file_sender import sender
from signed_in import MakePerson, TestClock

from exekra.flow.events import Checkpoint, ExecutionFinished, ExecutionStarted, Log, NodeEntered, NodeLeft
from exekra.hub.core.settings import Settings
from exekra.hub.upkeep.retention import service
from exekra.hub.upkeep.retention.models import Kind
from exekra.hub.upkeep.retention.service import Outcome, Retention
from exekra.hub.work.ledger import partition_store as partitions
from exekra.kit.ids import first_id
from exekra.protocol.messages import Assign

STORAGE = "/api/storage"
EVENTS = (
    ExecutionStarted(at=1),
    NodeEntered(at=1, node="work"),
    Log(at=1, level="info", message="Hello", node="work"),
    NodeLeft(at=1, node="work", port="out", seconds=0.1),
    Checkpoint(at=1, node="work", port="out", scope={"total": 1}),
)


async def ended(work: HubAtWork) -> str:
    """An execution that told a bit of everything, and has ended."""
    runner = await work.runner(carry_out=None)
    made = await work.start(runner=work.id_of(runner))
    await runner.report(await runner.expect(Assign), *EVENTS, ExecutionFinished(at=2, state="COMPLETED"))
    await work.until(made["id"], "COMPLETED")
    id: str = made["id"]
    return id


async def underway(work: HubAtWork) -> str:
    """An execution that told the same, and has not ended."""
    runner = await work.runner(carry_out=None)
    made = await work.start(runner=work.id_of(runner))
    await runner.report(await runner.expect(Assign), *EVENTS)
    await work.until(made["id"], "RUNNING")
    id: str = made["id"]
    return id


async def run_after(work: HubAtWork, days: float) -> Outcome:
    """A run as it would be so many days from now, while the Hub itself goes on in the present."""
    later = TestClock()
    later.ahead = timedelta(days=days)
    async with work.hub.database.transaction() as connection:
        await connection.execute("UPDATE retention_run SET next_at = now()")
    outcome = await Retention(replace(work.hub, clock=later)).run_if_due()
    assert outcome is not None
    return outcome


async def kinds_of(work: HubAtWork, id: str) -> list[str]:
    rows = await work.fetch("SELECT kind FROM execution_event WHERE execution_id = $1 ORDER BY sequence", UUID(id))
    return [row["kind"] for row in rows]


ALL = ["execution.started", "node.entered", "log", "node.left", "checkpoint", "execution.finished"]


async def test_each_kind_is_kept_for_its_own_time(work: HubAtWork) -> None:
    await work.publish()
    id = await ended(work)
    audit = await work.fetch("SELECT count(*) AS count FROM audit_log")
    assert await kinds_of(work, id) == ALL
    await run_after(work, 20)
    assert await kinds_of(work, id) == ALL
    outcome = await run_after(work, 38)
    assert outcome.removed[Kind.VALUES].rows == 1
    assert outcome.removed[Kind.VALUES].bytes > 0
    assert await kinds_of(work, id) == [kind for kind in ALL if kind != "checkpoint"]
    times = {"executions": 365, "logs": 60, "events": 90, "values": 30, "files": 90}
    assert (await work.admin.put(f"{STORAGE}/retention", json=times)).status_code == 200
    await run_after(work, 70)
    assert await kinds_of(work, id) == [kind for kind in ALL if kind not in {"checkpoint", "log"}]
    outcome = await run_after(work, 100)
    assert outcome.removed[Kind.EVENTS].rows == 4
    assert await kinds_of(work, id) == []
    assert (await work.get(id))["state"] == "COMPLETED", "the execution itself stays"
    outcome = await run_after(work, 380)
    assert outcome.removed[Kind.EXECUTIONS].rows == 1
    assert (await work.admin.get(f"/api/executions/{id}")).status_code == 404
    assert (await work.fetch("SELECT count(*) AS count FROM audit_log"))[0]["count"] == audit[0]["count"] + 1


async def test_what_has_not_ended_is_not_touched(work: HubAtWork) -> None:
    await work.publish()
    queued = (await work.start(labels=["rare"]))["id"]
    running = await underway(work)
    over = await ended(work)
    outcome = await run_after(work, 1000)
    assert outcome.held_back
    assert await kinds_of(work, running) == ALL[:-1]
    assert {(await work.get(id))["state"] for id in (queued, running)} == {"QUEUED", "RUNNING"}
    assert (await work.get(over))["state"] == "COMPLETED", "its events are in the same week"
    assert (await work.admin.get(STORAGE)).json()["run"]["held_back"] == len(outcome.held_back)


async def test_an_execution_that_ended_late_is_kept_from_its_end_on(work: HubAtWork) -> None:
    await work.publish()
    id = await ended(work)
    async with work.hub.database.transaction() as connection:
        await connection.execute("UPDATE execution SET finished_at = now() + interval '300 days'")
    await run_after(work, 320)
    assert await kinds_of(work, id) == ALL
    await run_after(work, 1000)
    assert (await work.fetch("SELECT count(*) AS count FROM execution_event"))[0]["count"] == 0


async def test_files_are_kept_for_a_time_after_the_end(work: HubAtWork) -> None:
    runner = await sender(work)
    await runner.send("report.pdf", b"one")
    await run_after(work, 100)
    assert len(await work.fetch("SELECT FROM execution_file")) == 1, "its execution has not ended"
    await runner.runner.report(runner.assignment, ExecutionStarted(at=1), ExecutionFinished(at=2, state="COMPLETED"))
    await work.until(runner.execution, "COMPLETED")
    await run_after(work, 80)
    assert len(await work.fetch("SELECT FROM execution_file")) == 1
    outcome = await run_after(work, 100)
    assert outcome.removed[Kind.FILES].rows == 1
    assert await work.fetch("SELECT FROM execution_file") == []


async def test_files_go_with_their_execution(work: HubAtWork) -> None:
    runner = await sender(work)
    await runner.send("report.pdf", b"one")
    await runner.runner.report(runner.assignment, ExecutionStarted(at=1), ExecutionFinished(at=2, state="COMPLETED"))
    await work.until(runner.execution, "COMPLETED")
    async with work.hub.database.transaction() as connection:
        await connection.execute("UPDATE execution_file SET kept_at = now() + interval '1000 days'")
    assert (await run_after(work, 400)).removed[Kind.EXECUTIONS].rows == 1
    assert await work.fetch("SELECT FROM execution_file") == []


async def test_requirements_go_after_the_last_execution_that_had_them(work: HubAtWork) -> None:
    await work.publish()
    runner = await work.runner(carry_out=None, labels=["one", "two"])
    id = (await work.start(labels=["one"]))["id"]
    await runner.report(await runner.expect(Assign), ExecutionStarted(at=1), ExecutionFinished(at=2, state="FAILED"))
    await work.until(id, "FAILED")
    await run_after(work, 300)
    assert len(await work.fetch("SELECT FROM requirement")) == 1
    await run_after(work, 400)
    assert await work.fetch("SELECT FROM requirement") == []
    work.clock.ahead = timedelta(hours=2)
    again = await work.start(labels=["one"])
    assert (await work.get(again["id"]))["labels"] == ["one"]


async def test_working_copies_go_once_nothing_needs_them(work: HubAtWork) -> None:
    id = await work.publish()
    path = f"/api/workflows/{id}/versions"
    document = (await work.admin.get(f"{path}/1")).json()["document"]
    for number in (1, 2, 3):
        body = {"document": document | {"description": str(number)}, "based_on": number, "working": True}
        assert (await work.admin.post(path, json=body)).status_code == 201
    await work.start(version=3)

    async def numbers() -> list[int]:
        listed = await work.admin.get(path, params={"working": True})
        return [one["number"] for one in listed.json()["items"]]

    await run_after(work, 6)
    assert await numbers() == [4, 3, 2, 1]
    await run_after(work, 8)
    assert await numbers() == [4, 3, 1], "the newest one is edited, and an execution needs another"


async def test_events_without_a_partition_are_kept_and_moved_when_it_is_made(work: HubAtWork) -> None:
    await work.publish()
    async with work.hub.database.transaction() as connection:
        for partition in await partitions.partitions(connection):
            if partition.end is not None:
                await partitions.detach(connection, partition)
        await partitions.drop_detached(connection)
    id = await ended(work)
    assert await kinds_of(work, id) == ALL
    assert len(await work.fetch(f"SELECT FROM {partitions.DEFAULT}")) == len(ALL)
    await work.hub.get(Retention).make_partitions()
    assert await work.fetch(f"SELECT FROM {partitions.DEFAULT}") == []
    assert await kinds_of(work, id) == ALL
    told = (await work.admin.get(f"/api/executions/{id}/events")).json()["items"]
    assert [one["sequence"] for one in told] == [1, 2, 3, 4, 5, 6]


async def test_the_default_partition_is_thinned_row_by_row(work: HubAtWork, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "ROWS_AT_ONCE", 1)
    monkeypatch.setattr(service, "EXECUTIONS_AT_ONCE", 1)
    monkeypatch.setattr(service, "VALUES_AT_ONCE", 1)
    await work.publish()
    async with work.hub.database.transaction() as connection:
        for partition in await partitions.partitions(connection):
            if partition.end is not None:
                await partitions.detach(connection, partition)
        await partitions.drop_detached(connection)
    over, running = [await ended(work), await ended(work)], await underway(work)

    async def nothing(_: Retention) -> None:
        return

    monkeypatch.setattr(Retention, "make_partitions", nothing)
    await run_after(work, 38)
    assert [await kinds_of(work, id) for id in over] == [[kind for kind in ALL if kind != "checkpoint"]] * 2
    await run_after(work, 100)
    assert [await kinds_of(work, id) for id in over] == [[], []]
    outcome = await run_after(work, 380)
    assert outcome.removed[Kind.EXECUTIONS].rows == 2
    assert await kinds_of(work, running) == ALL[:-1]


async def test_only_one_hub_at_a_time(work: HubAtWork, settings: Settings, clock: TestClock) -> None:
    async with serve(replace(settings, sweep_seconds=3600.0), clock, first=False) as other:
        clock.ahead = timedelta(days=1)
        outcomes = await asyncio.gather(*(one.hub.get(Retention).run_if_due() for one in (work, other, work, other)))
        assert len([outcome for outcome in outcomes if outcome is not None]) == 1
        clock.ahead = timedelta(days=1, minutes=59)
        assert await other.hub.get(Retention).run_if_due() is None
        clock.ahead = timedelta(days=1, minutes=62)
        assert await other.hub.get(Retention).run_if_due() is not None


async def test_a_hub_that_died_in_a_run_is_followed_by_another(work: HubAtWork) -> None:
    async with work.hub.database.transaction() as connection:
        await connection.execute(
            "UPDATE retention_run SET next_at = now(), run_id = gen_random_uuid(),"
            " claimed_until = now() + interval '5 minutes'"
        )
    assert (await work.admin.get(STORAGE)).json()["run"]["running"] is True
    assert await work.hub.get(Retention).run_if_due() is None
    work.clock.ahead = timedelta(minutes=6)
    assert await work.hub.get(Retention).run_if_due() is not None


async def test_what_somebody_reads_is_left_for_the_next_run(
    work: HubAtWork, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "ATTEMPTS", 1)
    await work.publish()
    id = await ended(work)
    reader = await asyncpg.connect(settings.database_url)
    reading = reader.transaction()
    await reading.start()
    await reader.fetch("SELECT FROM execution_event")
    outcome = await run_after(work, 100)
    assert outcome.problem is not None
    assert "In use" in outcome.problem
    assert "In use" in (await work.admin.get(STORAGE)).json()["run"]["problem"]
    assert await kinds_of(work, id) == ALL
    await reading.rollback()
    await reader.close()
    assert (await run_after(work, 100)).problem is None
    assert await kinds_of(work, id) == []


async def test_a_partition_that_a_crash_left_detached_is_dropped(work: HubAtWork) -> None:
    async with work.hub.database.transaction() as connection:
        await partitions.make_week(connection, datetime(2020, 1, 6, tzinfo=UTC))
        oldest = (await partitions.partitions(connection))[0]
        assert oldest.name == "execution_event_20200106"
        await partitions.detach(connection, oldest)
        await connection.execute('CREATE TABLE execution_event_20191230 (LIKE "execution_event_20200106.detached")')
    tables = "SELECT relname FROM pg_class WHERE relname LIKE 'execution_event_20200106%'"
    assert await work.fetch(tables) != []
    assert (await run_after(work, 1)).problem is None
    assert await work.fetch(tables) == []
    assert await work.fetch("SELECT FROM execution_event_20191230") == [], "what a person detached stays"


async def test_storage_is_told_while_a_partition_is_dropped(work: HubAtWork, monkeypatch: pytest.MonkeyPatch) -> None:
    await work.publish()
    await ended(work)
    async with work.hub.database.transaction() as connection:
        listed = await partitions.partitions(connection)
        for partition in listed:
            if partition.end is not None:
                await partitions.detach(connection, partition)
        await partitions.drop_detached(connection)

    async def listed_before(_: object) -> list[partitions.Partition]:
        return listed

    monkeypatch.setattr(partitions, "partitions", listed_before)
    assert (await work.admin.get(STORAGE)).status_code == 200
    times = {"executions": 365, "logs": 60, "events": 90, "values": 30, "files": 90}
    assert (await work.admin.put(f"{STORAGE}/retention", json=times)).json()["times"] == times


async def test_files_of_workflows_are_counted_apart(work: HubAtWork) -> None:
    runner = await sender(work)
    await runner.send("report.pdf", b"four")
    workflow = (await work.admin.get("/api/workflows")).json()["items"][0]["id"]
    content = await work.admin.post(f"/api/workflows/{workflow}/files/contents", content=b"template")
    for base, path in ((1, "a.txt"), (2, "b.txt")):
        change = {"action": "put", "path": path, "content_id": content.json()["content_id"]}
        changed = await work.admin.post(
            f"/api/workflows/{workflow}/files", json={"based_on": base, "changes": [change]}
        )
        assert changed.status_code == 201, changed.text
    storage = (await work.admin.get(STORAGE)).json()
    assert storage["workflow_files_bytes"] == len(b"template")
    assert {one["kind"]: one["bytes"] for one in storage["kinds"]}["files"] == len(b"four")


async def test_the_times_are_changed_and_audited(work: HubAtWork) -> None:
    await work.publish()
    await ended(work)
    storage = (await work.admin.get(STORAGE)).json()
    assert storage["times"] == {"executions": 365, "logs": 90, "events": 90, "values": 30, "files": 90}
    used = {one["kind"]: one for one in storage["kinds"]}
    assert used.keys() == {"executions", "logs", "events", "values", "files"}
    del used["files"]
    assert all(one["bytes"] > 0 and one["oldest"] is not None for one in used.values())
    times: dict[str, Any] = {"executions": None, "logs": 10, "events": 90, "values": 30, "files": 90}
    answer = await work.admin.put(f"{STORAGE}/retention", json=times)
    assert answer.status_code == 200, answer.text
    assert answer.json()["times"] == times
    entry = (await work.admin.get("/api/audit", params={"action": "retention.change"})).json()["items"][0]
    assert entry["details"] == {
        "before": {"executions": 365, "logs": 90},
        "after": {"executions": None, "logs": 10},
    }
    for wrong, where in (
        (times | {"executions": 5}, "body.logs"),
        (times | {"executions": 100, "events": None}, "body.events"),
        (times | {"values": 0}, "body.values"),
        (times | {"values": 10**9}, "body.values"),
        ({"executions": 5}, "body.logs"),
        (times | {"audit": 5}, "body.audit"),
    ):
        refused = await work.admin.put(f"{STORAGE}/retention", json=wrong)
        assert refused.status_code == 422, refused.text
        assert refused.json()["error"]["where"] == where


async def test_a_run_begins_at_once_when_asked_for(work: HubAtWork) -> None:
    answer = await work.admin.post(f"{STORAGE}/retention/run")
    assert answer.status_code == 202

    async def has_ended() -> bool:
        return (await work.admin.get(STORAGE)).json()["run"]["ended_at"] is not None

    await eventually(has_ended, "it does not run")
    system = (await work.admin.get("/api/system")).json()
    assert system["retention"]["ended_at"] is not None
    assert system["retention"]["next_at"] > system["retention"]["ended_at"]
    assert system["retention"]["removed_rows"] == 0


async def test_only_administrators_see_and_change_it(person: MakePerson) -> None:
    client = (await person("DEVELOPER")).client
    for method, path in (("GET", STORAGE), ("PUT", f"{STORAGE}/retention"), ("POST", f"{STORAGE}/retention/run")):
        assert (await client.request(method, path)).status_code == 403


def test_weeks_begin_on_monday() -> None:
    monday = datetime(2026, 11, 30, tzinfo=UTC)
    assert partitions.monday_of(monday) == monday
    assert partitions.monday_of(monday + timedelta(days=7) - timedelta(microseconds=1)) == monday
    assert first_id(partitions.monday_of(monday)) == first_id(monday)
