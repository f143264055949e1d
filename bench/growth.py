"""Two claims about an installation that has run for years.

What an execution costs the Hub and PostgreSQL (processor time) does not depend on how many are stored, each with 20
events. And retention removes them quickly, while new ones are dispatched as before.

What is stored is made by SQL, not by running. `growth.py 1000 100000 1000000` takes other numbers of stored executions
than the usual ones; the last one is what retention removes. A million takes longer than `make bench` gives a bench.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import msgspec
import psutil

from exekra.flow.events import AnyEvent
from exekra.hub.work.ledger import partition_store as partitions
from exekra.kit.ids import first_id
from exekra.protocol.messages import Acknowledge, Assign, HubMessage
from exekra.testing.simulated_runner import SimulatedRunner, complete
from measure import median_of, percentile, report
from stage import Client, Stage, now, request_body, stage

GOAL = 1.10
GOAL_RETENTION_SECONDS = 10.0
GOAL_P99 = 2.0
STORED = (1_000, 100_000)
EVENTS = 20
WEEKS = 12
"""What is stored was made within so many weeks, more than a year ago."""
RUNNERS = 20
UNDERWAY = 20
SECONDS = 6.0
RUNS = 3
PROBES = 4
"""So that many requests meet even a short run, and the Hub's connections to PostgreSQL are warm before it too."""
PROBE_SECONDS = 12.0
LIMIT_SECONDS = 240.0
"""Retention that takes longer has failed."""
FILLED_AT_ONCE = 50_000

ID = (
    "(lpad(to_hex((extract(epoch FROM $1::timestamptz + g * $2::interval) * 1000)::bigint), 12, '0')"
    " || '70008000' || lpad(to_hex(g), 12, '0'))::uuid"
)
FILL = f"""
INSERT INTO execution (id, workflow_id, workflow_name, version_id, version, state, priority, requirement_id, runner_id,
    lease, last_sequence, source, created_at, queued_at, assigned_at, started_at, finished_at, nodes, seconds, inputs,
    outputs, node_totals)
SELECT {ID}, w.id, w.name, w.published_version_id, 1, CASE WHEN g % 20 = 0 THEN 'FAILED' ELSE 'COMPLETED' END, 5, 1,
    (SELECT array_agg(id) FROM runner)[1 + g % {RUNNERS}], 1, {EVENTS}, 'manual', at, at, at, at, at, 1, 0.5,
    '{{"number": 41}}', '{{"total": 42}}', '{{"work": [1, 0.5, 0]}}'
FROM workflow w, generate_series($3::integer, $4::integer) g,
    LATERAL (SELECT $1::timestamptz + g * $2::interval AS at) made
"""
FILL_EVENTS = f"""
INSERT INTO execution_event (execution_id, sequence, at, kind, level, node, body)
SELECT {ID}, s, $1::timestamptz + g * $2::interval,
    CASE WHEN s = 1 THEN 'execution.started' WHEN s = {EVENTS} THEN 'execution.finished' WHEN s % 6 = 2 THEN 'log'
        WHEN s % 9 = 3 THEN 'checkpoint' WHEN s % 2 = 0 THEN 'node.entered' ELSE 'node.left' END,
    CASE WHEN s % 6 = 2 THEN 'info' END, 'step ' || s / 2,
    '{{"event": "node.left", "at": 1764500000.123, "node": "step", "port": "next", "preview": "a result"}}'
FROM generate_series($3::integer, $4::integer) g, generate_series(1, {EVENTS}) s
"""


@asynccontextmanager
async def without_indexes(on: Stage) -> AsyncIterator[None]:
    """Make the indexes of what is stored afterwards, at once.

    Those of executions underway stay: nothing that is stored is in them, and the Hub looks there all the time.
    """
    tables = """
        c.relname = 'execution' AND i.indpred IS NULL OR c.relname LIKE 'execution_event_2%' AND c.relkind = 'r'
    """
    rows = await on.database.fetch(
        f"""
        SELECT c.oid::regclass AS table, i.indexrelid::regclass AS index, k.conname AS key,
            CASE WHEN k.oid IS NULL THEN pg_get_indexdef(i.indexrelid)
                ELSE format('ALTER TABLE %s ADD CONSTRAINT %s %s', c.oid::regclass, k.conname,
                    pg_get_constraintdef(k.oid)) END AS make
        FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
        LEFT JOIN pg_constraint k ON k.conindid = i.indexrelid AND k.contype = 'p' WHERE {tables}
        """
    )
    for row in rows:
        constraint = f"ALTER TABLE {row['table']} DROP CONSTRAINT {row['key']}"
        await on.database.execute(f"DROP INDEX {row['index']}" if row["key"] is None else constraint)
    yield
    await on.database.execute("SET maintenance_work_mem = '512MB'")
    for row in rows:
        await on.database.execute(row["make"], timeout=600)


async def fill(on: Stage, already: int, stored: int, most: int) -> None:
    """Store more executions with their events, spread over some weeks of last year."""
    begin = partitions.monday_of(now() - timedelta(days=380, weeks=WEEKS))
    step = timedelta(weeks=WEEKS) / (most + 1)
    if not already:
        for week in range(WEEKS + 1):
            async with on.database.transaction():
                await partitions.make_week(on.database, begin + week * partitions.WEEK)
    await on.database.execute("ALTER TABLE execution DISABLE TRIGGER USER")
    async with without_indexes(on):
        for first in range(already + 1, stored + 1, FILLED_AT_ONCE):
            last = min(first + FILLED_AT_ONCE - 1, stored)
            for statement in (FILL, FILL_EVENTS):
                await on.database.execute(statement, begin, step, first, last, timeout=600)
    await on.database.execute("ALTER TABLE execution ENABLE TRIGGER USER")
    await on.database.execute("VACUUM ANALYZE", timeout=600)
    assert (
        await on.database.fetchval("SELECT count(*) FROM execution WHERE id < $1", first_id(now() - timedelta(1)))
        == stored
    )


def processor_seconds(on: Stage) -> tuple[float, float]:
    """What the Hub and PostgreSQL have used so far; processes that have ended count too."""
    server = psutil.Process(on.database_pid)
    living = sum(sum(child.cpu_times()[:2]) for child in server.children())
    return sum(psutil.Process(on.process.pid).cpu_times()[:2]), sum(server.cpu_times()[:4]) + living


@asynccontextmanager
async def connected(on: Stage, count: int) -> AsyncIterator[list[Client]]:
    """Clients; the Hub closes connections that nobody uses for a while."""
    clients = [await Client(on.port, on.admin_token).open() for _ in range(count)]
    try:
        yield clients
    finally:
        for client in clients:
            client.close()


class Load:
    """Asks for executions and knows when each was assigned and when it was stored as COMPLETED."""

    def __init__(self) -> None:
        self.assigned: dict[str, float] = {}
        self._ended: dict[str, asyncio.Event] = {}

    def carry_out(self, assignment: Assign) -> Sequence[AnyEvent]:
        self.assigned[assignment.execution_id] = time.perf_counter()
        return complete(assignment, lines=EVENTS - 4)

    def heard(self, message: HubMessage) -> None:
        if isinstance(message, Acknowledge) and message.sequence == EVENTS:
            self._ended.setdefault(message.execution_id, asyncio.Event()).set()

    async def one(self, client: Client) -> float:
        """Ask for one and wait until it is stored; seconds from the request to its assignment."""
        began = time.perf_counter()
        status, answer = await client.ask("POST", "/api/executions", request_body())
        assert status == 201, answer
        id = msgspec.json.decode(answer)["id"]
        await self._ended.setdefault(id, asyncio.Event()).wait()
        del self._ended[id]
        return self.assigned.pop(id) - began


async def cost(on: Stage, load: Load, clients: Sequence[Client], stored: int) -> dict[str, Any]:
    """A row of the table: processor time of an execution."""
    runs = []
    for run in range(RUNS + 1):
        until = time.perf_counter() + (SECONDS if run else SECONDS / 3)
        before = processor_seconds(on)

        async def ask(client: Client, until: float = until) -> int:
            count = 0
            while time.perf_counter() < until:
                await load.one(client)
                count += 1
            return count

        count = sum(await asyncio.gather(*map(ask, clients)))
        if run:
            used = processor_seconds(on)
            runs.append([(after - begun) / count * 1000 for begun, after in zip(before, used, strict=True)])
    hub, database = median_of(runs, key=sum)
    return {"stored": stored, "Hub ms": hub, "PostgreSQL ms": database, "together ms": hub + database}


async def probe(load: Load, clients: Sequence[Client], until: asyncio.Event) -> list[float]:
    """Milliseconds from requests to their assignments: each client asks one after the other, with rests."""
    waited = []

    async def ask(client: Client) -> None:
        while not until.is_set():
            waited.append(await load.one(client) * 1000)
            await asyncio.sleep(0.015)

    await asyncio.gather(*map(ask, clients))
    return waited


async def retention(on: Stage, load: Load, clients: Sequence[Client], stored: int) -> dict[str, Any]:
    """Remove all that is stored, and look at dispatch before and meanwhile."""
    quiet, ended = asyncio.Event(), asyncio.Event()
    asyncio.get_running_loop().call_later(PROBE_SECONDS, quiet.set)
    before = await probe(load, clients, quiet)
    meanwhile = asyncio.create_task(probe(load, clients, ended))
    async with connected(on, 1) as (asking,):
        status, answer = await asking.ask("POST", "/api/storage/retention/run")
    assert status == 202, answer
    async with asyncio.timeout(LIMIT_SECONDS):
        while (run := await on.database.fetchrow("SELECT * FROM retention_run"))["ended_at"] is None:  # noqa: ASYNC110 - the database rings no bell
            await asyncio.sleep(0.05)
    took = (run["ended_at"] - run["began_at"]).total_seconds()
    ended.set()
    during = await meanwhile
    left = await on.database.fetchval("SELECT count(*) FROM execution WHERE id < $1", first_id(now() - timedelta(1)))
    removed = run["removed"] if isinstance(run["removed"], dict) else msgspec.json.decode(run["removed"])
    assert left == 0, f"{left} executions are left: {run['problem']}"
    assert removed["executions"]["rows"] == stored, removed
    return {
        "took": took,
        "before": percentile(before, 99),
        "during": percentile(during, 99),
        "samples": len(during),
    }


async def main(sizes: Sequence[int]) -> None:
    async with stage() as on:
        await on.database.execute("UPDATE retention_run SET next_at = now() + interval '1 day'")
        tokens = await on.make_runners(RUNNERS)
        load = Load()
        runners = [
            SimulatedRunner(hub_url=on.url, token=one, carry_out=load.carry_out, heard=load.heard) for one in tokens
        ]
        for runner in runners:
            await runner.connect()
        async with connected(on, 1) as (client,):
            await load.one(client)
        rows, already = [], 0
        for stored in sizes:
            began = time.perf_counter()
            await fill(on, already, stored, sizes[-1])
            print(f"{stored:,} executions are stored after {time.perf_counter() - began:.0f} s", file=sys.stderr)
            async with connected(on, UNDERWAY) as clients:
                rows.append(await cost(on, load, clients, stored))
            already = stored
        async with connected(on, PROBES) as clients:
            removal = await retention(on, load, clients, already)
        for runner in runners:
            await runner.leave()
    worst = max(row["together ms"] for row in rows) / rows[0]["together ms"]
    slower = removal["during"] / removal["before"]
    report(
        f"cost of an execution with {sizes[-1]:,} stored, against {sizes[0]:,}",
        round(worst, 3),
        "x",
        GOAL,
        rows,
        notes=[
            f"Retention of {already:,} executions: {removal['took']:.1f} s (wanted: {GOAL_RETENTION_SECONDS:.0f} s).",
            f"Request to assignment, p99: {removal['before']:.1f} ms before it, {removal['during']:.1f} ms during it, "
            f"which is {slower:.2f}x (wanted: under {GOAL_P99:.0f}x; {removal['samples']} samples).",
        ],
    )


if __name__ == "__main__":
    asyncio.run(main([int(size) for size in sys.argv[1:]] or STORED))
