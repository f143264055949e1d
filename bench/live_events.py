"""The claim: how long what a Runner tells takes to whoever reads the execution's stream, in milliseconds.

From the moment that the engine writes on the event to the moment that a client has read it, through a real Runner, Hub
and PostgreSQL. Three ways: single nodes of an interactive run, the same under a debugger that steps, and 2,000 lines of
log a second. Then a log of a million lines is opened at its end, searched and downloaded.
"""

from __future__ import annotations

import asyncio
import time
from typing import Any

import httpx
import msgspec

from measure import percentile, report
from stage import Client, Stage, real_runner, stage

NODES = 100
TICKS, LINES = 100, 200
GOAL_MS = 100.0
LONG = 1_000_000

WAIT = {"do": "general.wait", "with": {"duration": 0.02}}
CHAIN: dict[str, Any] = {
    "format": "exekra.flow/1",
    "name": "Chain",
    "nodes": {f"n{number}": WAIT for number in range(NODES)},
    "edges": [" -> ".join(["start", *(f"n{number}" for number in range(NODES))])],
}
CHATTER: dict[str, Any] = {
    "format": "exekra.flow/1",
    "name": "Chatter",
    "inputs": {"ticks": {"type": "list"}, "lines": {"type": "list"}},
    "nodes": {
        "tick": {"do": "for_each", "with": {"items": "{ticks}"}},
        "line": {"do": "for_each", "with": {"items": "{lines}", "item": "number"}},
        "log": {"do": "general.log", "with": {"message": "A line of ordinary length, number {number}"}},
        "rest": {"do": "general.wait", "with": {"duration": 0.085}},
    },
    "edges": ["start -> tick", "tick.body -> line", "line.body -> log", "line.done -> rest"],
}
FILL = """
INSERT INTO execution_event (execution_id, sequence, at, kind, level, node, body)
SELECT $1, n, now(), 'log', 'info', 'log', json_build_object(
    'event', 'log', 'at', 1.0, 'message', 'A line of ordinary length, number ' || n, 'node', 'log')
FROM generate_series($2::integer, $3::integer) AS n
"""


class Watched:
    """An execution whose stream is read; `late` are the milliseconds of each event by kind."""

    def __init__(self, http: httpx.AsyncClient, id: str) -> None:
        self.id = id
        self.late: dict[str, list[float]] = {}
        self.paused = asyncio.Event()
        self._http = http

    async def read(self) -> None:
        async with self._http.stream("GET", f"/api/executions/{self.id}/stream") as answer:
            async for line in answer.aiter_lines():
                if line.startswith("data: "):
                    self._note(msgspec.json.decode(line[6:]), time.time())

    def _note(self, event: dict[str, Any], now: float) -> None:
        kind = event.get("event")
        if kind is not None:
            self.late.setdefault(kind, []).append(1000 * (now - event["at"]))
        if kind == "debug.paused":
            self.paused.set()


async def start(http: httpx.AsyncClient, document: dict[str, Any], **more: Any) -> Watched:
    made = (await http.post("/api/workflows", json={"name": document["name"], "document": document})).json()
    workflow = made.get("workflow", {}).get("id", document["name"])
    answer = await http.post("/api/executions", json={"workflow": workflow, "version": 1, "interactive": True} | more)
    assert answer.status_code == 201, answer.text
    return Watched(http, answer.json()["id"])


async def step(http: httpx.AsyncClient, watched: Watched) -> list[float]:
    """Step to the end; the milliseconds from each command to the pause behind it."""
    taken = []
    await asyncio.wait_for(watched.paused.wait(), 20)
    for _ in range(NODES - 1):
        watched.paused.clear()
        began = time.perf_counter()
        await _say(http, watched, "step_over")
        await asyncio.wait_for(watched.paused.wait(), 20)
        taken.append(1000 * (time.perf_counter() - began))
    await _say(http, watched, "resume")
    return taken


async def _say(http: httpx.AsyncClient, watched: Watched, command: str) -> None:
    body = {"commands": [{"command": command}]}
    assert (await http.post(f"/api/executions/{watched.id}/debug", json=body)).status_code == 202


def row(what: str, taken: list[float]) -> dict[str, Any]:
    return {
        "what": what,
        "count": len(taken),
        "p50 ms": percentile(taken, 50),
        "p95 ms": percentile(taken, 95),
        "worst ms": max(taken),
    }


async def live(http: httpx.AsyncClient) -> list[dict[str, Any]]:
    rows = []
    plain = await start(http, CHAIN)
    await plain.read()
    rows.append(row("node entered, interactive run", plain.late["node.entered"]))
    session = await start(http, CHAIN, debug={"pause_at_start": True})
    reading = asyncio.create_task(session.read())
    steps = await step(http, session)
    await reading
    rows.append(row("node entered, stepping", session.late["node.entered"]))
    rows.append(row("from a step's command to the next pause (the node takes 20)", steps))
    began = time.perf_counter()
    inputs = {"ticks": list(range(TICKS)), "lines": list(range(LINES))}
    chatter = await start(http, CHATTER, inputs=inputs)
    await chatter.read()
    lines = chatter.late["log"]
    rows.append(row(f"a log line, at {len(lines) / (time.perf_counter() - began):,.0f} a second", lines))
    return rows


async def long_log(on: Stage, http: httpx.AsyncClient) -> list[dict[str, Any]]:
    id = await on.database.fetchval("SELECT id FROM execution ORDER BY id LIMIT 1")
    last = await on.database.fetchval("SELECT last_sequence FROM execution WHERE id = $1", id)
    await on.database.execute(FILL, id, last + 1, last + LONG, timeout=300)
    await on.database.execute("UPDATE execution SET last_sequence = $2 WHERE id = $1", id, last + LONG)
    await on.database.execute("VACUUM ANALYZE execution_event", timeout=300)
    rows = []
    for what, path, count in (
        ("a million lines: open at the end", "logs?order=newest&limit=200", 30),
        ("a million lines: open at the beginning", "logs?limit=200", 30),
        ("a million lines: look for what is not there, each request", "logs?order=newest&text=nothing", 10),
        ("a million lines: what each node did last", "nodes", 30),
        ("a million lines: where it can go on", "scope?node=n50", 30),
        ("a million lines: download", "logs/export", 1),
    ):
        taken = []
        for _ in range(count):
            began = time.perf_counter()
            answer = await http.get(f"/api/executions/{id}/{path}")
            taken.append(1000 * (time.perf_counter() - began))
            assert answer.status_code == 200, answer.text
        rows.append(row(what, taken))
    return rows


async def main() -> None:
    async with stage() as on:
        client = await Client(on.port, on.admin_token).open()
        headers = {"Authorization": f"Bearer {on.admin_token}"}
        async with httpx.AsyncClient(base_url=on.url, trust_env=False, timeout=120, headers=headers) as http:
            async with real_runner(on, client):
                rows = await live(http)
            rows += await long_log(on, http)
        client.close()
    report(
        "from the engine to the reader of a stream, a node entered, p95",
        round(float(rows[0]["p95 ms"]), 2),
        "ms",
        GOAL_MS,
        rows,
        notes=["The Hub, PostgreSQL, the Runner and the reader share the machine."],
    )


if __name__ == "__main__":
    asyncio.run(main())
