"""A Hub with workflows, Runners and a fortnight of believable history, for screenshots and for a look around.

`python tools/showcase.py` starts one and says how to sign in; all of it is gone when it ends.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import random
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx

from exekra.kit.ids import first_id

ROOT = Path(__file__).resolve().parent.parent
ORDERS = ROOT / "examples" / "orders"
sys.path.insert(0, str(ROOT / "bench"))
from stage import Client, Stage, now, real_runner, stage  # noqa: E402 - it lies among the benches, which share it
from stories import INVOICES, RUNNERS, STORIES, Story, first_draft, write_inbox  # noqa: E402 - beside this file

EMAIL, PASSWORD = "ada@example.org", "correct horse battery"
DAYS = 14
FINAL = {"COMPLETED", "FAILED"}
BOOKING_SECONDS = 1.2


HISTORY = """
INSERT INTO execution (id, workflow_id, workflow_name, version_id, version, state, priority, requirement_id, runner_id,
    lease, last_sequence, source, created_at, queued_at, assigned_at, started_at, finished_at, nodes, seconds, inputs,
    outputs, failure, node_totals, metric_samples, cpu_average, cpu_peak, memory_average, memory_peak)
SELECT $1, $2, $3, v.id, v.number, $4, 50,
    (SELECT min(id) FROM requirement), $5, 1, 6, $6, $7, $7, $8, $8, $9, $10, $11, '{}', '{}', $12, $13, 9,
    $14::real, $14::real * 1.7, $15::real, $15::real * 1.2
FROM workflow_version v WHERE v.workflow_id = $2 ORDER BY v.number DESC LIMIT 1
"""


@asynccontextmanager
async def showcase() -> AsyncIterator[Stage]:
    """Start it; what it yields has the address."""
    async with AsyncExitStack() as stack:
        on = await stack.enter_async_context(stage())
        client = await Client(on.port, on.admin_token).open()
        desk = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="robots-")))
        await stack.enter_async_context(real_runner(on, client, work_folder=desk))
        await on.database.execute("UPDATE runner SET name = 'office-01', labels = '{office,browser}'")
        async with httpx.AsyncClient(
            base_url=on.url, headers={"Authorization": f"Bearer {on.admin_token}"}, timeout=30
        ) as api:
            prices = await stack.enter_async_context(price_service())
            ledger = await stack.enter_async_context(ledger_service())
            await fill(on, api, desk, prices, ledger)
        yield on
        client.close()


@asynccontextmanager
async def price_service() -> AsyncIterator[str]:
    """The example's price service; its address."""
    command = (sys.executable, ORDERS / "price_service.py", "--port", "0")
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    assert process.stdout is not None
    try:
        yield (await process.stdout.readline()).decode().split()[-1]
    finally:
        process.terminate()
        await process.wait()


@asynccontextmanager
async def ledger_service() -> AsyncIterator[str]:
    """Something that books whatever is sent, after a while; its address."""

    async def book(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        await asyncio.sleep(BOOKING_SECONDS)
        writer.write(b"HTTP/1.1 201 Created\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(book, "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def fill(on: Stage, api: httpx.AsyncClient, desk: Path, prices: str, ledger: str) -> None:
    """Workflows, people, Runners and what they did."""
    for name, email, role in (
        ("Grace Hopper", "grace@example.org", "DEVELOPER"),
        ("Alan Turing", "alan@example.org", "OPERATOR"),
    ):
        body = {"name": name, "email": email, "role": role, "password": PASSWORD}
        (await api.post("/api/users", json=body)).raise_for_status()
    await on.database.execute("UPDATE app_user SET name = 'Ada Lovelace', email = $1 WHERE role = 'ADMIN'", EMAIL)
    reset = await api.put(f"/api/users/{await administrator(on)}/password", json={"password": PASSWORD})
    reset.raise_for_status()
    session = await api.post("/api/session", json={"email": EMAIL, "password": PASSWORD})
    api.cookies.clear()
    on.admin_token = session.json()["token"]  # A new password ends all sessions.
    api.headers["Authorization"] = f"Bearer {on.admin_token}"
    (await api.post(f"/api/workflows/{on.workflow_id}/archive")).raise_for_status()
    runners = []
    for name, type, labels in RUNNERS:
        answer = await api.post("/api/runners", json={"name": name, "type": type, "labels": list(labels)})
        runners.append(answer.raise_for_status().json()["id"])
    await on.database.execute("UPDATE runner SET host = name || '.example.org', version = '0.1.0', platform = 'Linux'")
    for folder in ("examples/orders", "examples/control"):
        for file in sorted((ROOT / folder).glob("*.flow.yaml")):
            answer = await api.post(
                "/api/workflows/import",
                content=file.read_bytes(),
                headers={"Content-Type": "application/yaml"},
            )
            answer.raise_for_status()
    await carried_out(api, desk, prices)
    INVOICES["inputs"]["ledger"]["default"] = ledger
    chance = random.Random(7)  # noqa: S311 - the same picture every time
    await on.database.execute("ALTER TABLE execution DISABLE TRIGGER USER")
    empty = {
        "name": "Reminders",
        "document": {"format": "exekra.flow/1", "name": "Reminders", "nodes": {}, "edges": []},
    }
    (await api.post("/api/workflows", json=empty)).raise_for_status()
    for story in STORIES:
        named = {"name": story.name, "description": story.description, "tags": list(story.tags)}
        document = {**story.document, "description": story.description}
        first = {**first_draft(), "description": story.description} if story.document is INVOICES else document
        made = await api.post("/api/workflows", json=named | {"document": first})
        id = made.raise_for_status().json()["workflow"]["id"]
        if first is not document:
            second = {
                "document": document,
                "based_on": 1,
                "note": "Try bookings again; let people choose the limit",
            }
            (await api.post(f"/api/workflows/{id}/versions", json=second)).raise_for_status()
        published = await api.post(f"/api/workflows/{id}/publish", json={})
        assert published.is_success, published.text
        await past(on, story, id, runners, chance)
    await on.database.execute("ALTER TABLE execution ENABLE TRIGGER USER")
    await on.database.execute("ANALYZE")


async def carried_out(api: httpx.AsyncClient, desk: Path, prices: str) -> None:
    """What the Runner really does: one completes, one fails in its last step, one in what it calls; another waits."""
    shutil.copy(ORDERS / "orders.xlsx", desk)
    (desk / "archive").write_text("A file where a folder is expected.", encoding="utf-8")
    write_inbox(desk / "inbox")
    for name in ("Price the orders", "Price of an article", "First cheap article"):
        await publish(api, name)
    asked = ["sofa", "chair"]
    started = [
        ("Price the orders", {"prices_url": prices}),
        ("Price the orders", {"prices_url": prices, "folder": "archive"}),
        ("First cheap article", {"skus": asked}),
    ]
    for name, inputs in started:
        body = {"workflow": name, "inputs": inputs}
        id = (await api.post("/api/executions", json=body)).raise_for_status().json()["id"]
        async with asyncio.timeout(60):
            while (await api.get(f"/api/executions/{id}")).json()["state"] not in FINAL:  # noqa: ASYNC110 - a tool may ask
                await asyncio.sleep(0.2)
    waiting = {"workflow": "Price of an article", "labels": ["warehouse"]}
    (await api.post("/api/executions", json=waiting)).raise_for_status()


async def publish(api: httpx.AsyncClient, name: str) -> None:
    """Publish the newest version of a workflow."""
    found = (await api.get("/api/workflows", params={"text": name})).json()["items"]
    id = next(workflow["id"] for workflow in found if workflow["name"] == name)
    (await api.post(f"/api/workflows/{id}/publish", json={})).raise_for_status()


async def administrator(on: Stage) -> Any:
    """The first administrator's id."""
    return await on.database.fetchval("SELECT id FROM app_user WHERE role = 'ADMIN'")


async def past(on: Stage, story: Story, workflow_id: str, runners: list[str], chance: random.Random) -> None:
    """A fortnight of one workflow: office hours are busier, weekends calmer, a bad afternoon here and there."""
    rows = []
    end = now()
    for number in range(story.daily * DAYS):
        at = end - timedelta(days=DAYS * chance.random())
        if (at.weekday() > 4 or not 6 <= at.hour <= 19) and chance.random() < 0.55:
            continue
        seconds = story.seconds * chance.lognormvariate(0, 0.35)
        bad_day = int(hashlib.sha256(f"{story.name}{at.date()}".encode()).hexdigest(), 16) % 6 == 0
        failed = bool(story.failures) and chance.random() < story.failing * (3 if bad_day else 1)
        failure = None
        if failed:
            type, message, node = chance.choice(story.failures)
            failure = json.dumps({"type": type, "message": message, "node": node, "retryable": True})
            seconds *= 0.4
        state = "FAILED" if failed else "STOPPED" if chance.random() < 0.006 else "COMPLETED"
        begun = at + timedelta(seconds=chance.expovariate(1.2))
        if begun + timedelta(seconds=seconds) >= end:
            continue
        totals = {
            node: [1 + number % 40, seconds * chance.random() / len(story.document["nodes"]), 0]
            for node in story.document["nodes"]
        }
        rows.append(
            (
                UUID(int=first_id(at).int | 0x7000 << 64 | 2 << 62 | chance.getrandbits(60)),
                workflow_id,
                story.name,
                state,
                runners[(number + len(story.name)) % 4],
                chance.choice(("schedule", "schedule", "manual", "webhook")),
                at,
                begun,
                begun + timedelta(seconds=seconds),
                20 + number % 180,
                seconds,
                failure,
                json.dumps(totals),
                20 + 60 * chance.random(),
                90 + 240 * chance.random(),
            )
        )
    await on.database.executemany(HISTORY, rows)


async def main() -> None:
    """Serve until Ctrl-C."""
    async with showcase() as on:
        print(f"Open {on.url} and sign in as {EMAIL} with the password {PASSWORD!r}. Ctrl-C ends it.", flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    try:
        asyncio.run(main())
    except KeyboardInterrupt:
        sys.exit(130)
