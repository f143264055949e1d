"""A Hub with workflows, Runners and a fortnight of believable history, for screenshots and for a look around.

`python tools/showcase.py` starts one and says how to sign in; all of it is gone when it ends.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import random
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx

from exekra.kit.ids import first_id

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "bench"))
from stage import Client, Stage, now, real_runner, stage  # noqa: E402 - it lies among the benches, which share it

EMAIL, PASSWORD = "ada@example.org", "correct horse battery"
DAYS = 14


@dataclass(frozen=True, kw_only=True)
class Story:
    """One workflow's history: how often it runs a day, how long it takes, how often and how it fails."""

    name: str
    tags: tuple[str, ...]
    description: str
    document: dict[str, Any]
    daily: int
    seconds: float
    failing: float
    failures: tuple[tuple[str, str, str], ...] = ()


def flow(name: str, nodes: dict[str, Any], edges: list[str], **more: Any) -> dict[str, Any]:
    """A document."""
    return {"format": "exekra.flow/1", "name": name, **more, "nodes": nodes, "edges": edges}


INVOICES = flow(
    "Invoice intake",
    {
        "find": {"do": "file.list", "with": {"folder": "{folder}", "pattern": "*.json"}},
        "each": {"do": "for_each", "with": {"items": "{find.files}", "item": "file"}},
        "attempt": {"do": "try"},
        "read": {"do": "file.read_text", "with": {"path": "{file.path}"}},
        "invoice": {"do": "json.parse", "with": {"text": "{read.text}"}},
        "is_large": {"do": "if", "with": {"condition": "{invoice.value.total > limit}"}},
        "ask": {
            "do": "general.log",
            "with": {"message": "{invoice.value.number} needs an approval", "level": "warning"},
        },
        "book": {
            "do": "http.request",
            "with": {"url": "{ledger}/bookings", "method": "POST", "json": {"number": "{invoice.value.number}"}},
            "retry": {"times": 3, "delay": 2, "backoff": 2},
        },
        "done": {"do": "add_to_list", "with": {"variable": "booked", "value": "{invoice.value.number}"}},
        "reject": {"do": "add_to_list", "with": {"variable": "rejected", "value": "{file.name}: {error.message}"}},
        "report": {"do": "general.log", "with": {"message": "{length(booked)} booked, {length(rejected)} rejected"}},
    },
    [
        "start -> find -> each",
        "each.body -> attempt",
        "attempt.try -> read -> invoice -> is_large",
        "is_large.then -> ask",
        "is_large.else -> book -> done",
        "attempt.catch -> reject",
        "each.done -> report",
    ],
    inputs={
        "folder": {"type": "file", "default": "inbox", "description": "Where the invoices arrive"},
        "limit": {"type": "number", "default": 5000, "description": "Above it a person approves"},
        "ledger": {"type": "text", "default": "http://127.0.0.1:4700", "description": "The ledger's address"},
    },
    outputs={"booked": {"type": "list"}, "rejected": {"type": "list"}},
    variables={"booked": {"type": "list", "default": []}, "rejected": {"type": "list", "default": []}},
)


def simple(name: str, url: str) -> dict[str, Any]:
    """Fetch, look through the rows, keep what counts."""
    return flow(
        name,
        {
            "fetch": {"do": "http.request", "with": {"url": url}},
            "rows": {"do": "for_each", "with": {"items": "{fetch.json.rows}", "item": "row"}},
            "counts": {"do": "if", "with": {"condition": "{row.amount > 0}"}},
            "keep": {"do": "add_to_list", "with": {"variable": "kept", "value": "{row}"}},
            "tell": {"do": "general.log", "with": {"message": "{length(kept)} rows kept"}},
        },
        ["start -> fetch -> rows", "rows.body -> counts", "counts.then -> keep", "rows.done -> tell"],
        variables={"kept": {"type": "list", "default": []}},
        outputs={"kept": {"type": "list"}},
    )


AWAY = ("HttpConnectionError", "The server ledger.example.org cannot be reached: the connection was refused.", "fetch")
SLOW = ("HttpTimeoutError", "shop.example.org did not answer within 30 s.", "fetch")
SHEET = (
    "SheetMissingError",
    "The workbook stock.xlsx has no sheet `November`. It has `October`, `September`.",
    "fetch",
)
STORIES = (
    Story(
        name="Invoice intake",
        tags=("finance", "daily"),
        description="Reads the invoices that arrived, books the small ones, asks a person about the large ones.",
        document=INVOICES,
        daily=96,
        seconds=42,
        failing=0.03,
        failures=(AWAY,),
    ),
    Story(
        name="Website price watch",
        tags=("sales",),
        description="Looks every quarter of an hour what competitors ask.",
        document=simple("Website price watch", "https://shop.example.org/prices"),
        daily=96,
        seconds=8,
        failing=0.06,
        failures=(SLOW,),
    ),
    Story(
        name="Daily sales report",
        tags=("sales", "daily"),
        description="The figures of the day for the people who decide.",
        document=simple("Daily sales report", "https://crm.example.org/sales"),
        daily=4,
        seconds=190,
        failing=0.02,
        failures=(SLOW,),
    ),
    Story(
        name="Stock reconciliation",
        tags=("logistics",),
        description="Compares the warehouse's stock with the shop's.",
        document=simple("Stock reconciliation", "https://stock.example.org/levels"),
        daily=24,
        seconds=75,
        failing=0.18,
        failures=(SHEET, SLOW),
    ),
    Story(
        name="Customer onboarding",
        tags=("sales", "crm"),
        description="Makes the accounts that a new customer needs.",
        document=simple("Customer onboarding", "https://crm.example.org/new"),
        daily=31,
        seconds=28,
        failing=0.01,
        failures=(AWAY,),
    ),
    Story(
        name="Payroll export",
        tags=("finance", "people"),
        description="Hands the month's hours to payroll.",
        document=simple("Payroll export", "https://people.example.org/hours"),
        daily=2,
        seconds=640,
        failing=0.0,
    ),
    Story(
        name="Archive old tickets",
        tags=("service",),
        description="Moves tickets that nobody touched for a year.",
        document=simple("Archive old tickets", "https://desk.example.org/tickets"),
        daily=12,
        seconds=15,
        failing=0.0,
    ),
)
RUNNERS = (
    ("finance-01", "UNATTENDED", ("finance", "excel")),
    ("finance-02", "UNATTENDED", ("finance",)),
    ("sales-01", "UNATTENDED", ("sales", "browser")),
    ("warehouse-01", "UNATTENDED", ("logistics",)),
    ("desk-of-grace", "ATTENDED", ("service",)),
)

HISTORY = """
INSERT INTO execution (id, workflow_id, workflow_name, version_id, version, state, priority, requirement_id, runner_id,
    lease, last_sequence, source, created_at, queued_at, assigned_at, started_at, finished_at, nodes, seconds, inputs,
    outputs, failure, node_totals, metric_samples, cpu_average, cpu_peak, memory_average, memory_peak)
SELECT $1, $2, $3, v.id, v.number, $4, 50, 1, $5, 1, 6, $6, $7, $7, $8, $8, $9, $10, $11, '{}', '{}', $12, $13, 9,
    $14::real, $14::real * 1.7, $15::real, $15::real * 1.2
FROM workflow_version v WHERE v.workflow_id = $2 ORDER BY v.number DESC LIMIT 1
"""


@asynccontextmanager
async def showcase() -> AsyncIterator[Stage]:
    """Start it; what it yields has the address."""
    async with AsyncExitStack() as stack:
        on = await stack.enter_async_context(stage())
        client = await Client(on.port, on.admin_token).open()
        await stack.enter_async_context(real_runner(on, client))
        await on.database.execute("UPDATE runner SET name = 'office-01', labels = '{office,browser}'")
        async with httpx.AsyncClient(
            base_url=on.url, headers={"Authorization": f"Bearer {on.admin_token}"}, timeout=30
        ) as api:
            await fill(on, api)
        yield on
        client.close()


async def fill(on: Stage, api: httpx.AsyncClient) -> None:
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
    chance = random.Random(7)  # noqa: S311 - the same picture every time
    await on.database.execute("ALTER TABLE execution DISABLE TRIGGER USER")
    for story in STORIES:
        named = {"name": story.name, "description": story.description, "tags": list(story.tags)}
        made = await api.post("/api/workflows", json=named | {"document": story.document})
        id = made.raise_for_status().json()["workflow"]["id"]
        published = await api.post(f"/api/workflows/{id}/publish", json={})
        assert published.is_success, published.text
        await past(on, story, id, runners, chance)
    await on.database.execute("ALTER TABLE execution ENABLE TRIGGER USER")
    await on.database.execute("ANALYZE")


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
