"""The claim: what the pages ask the Hub is answered in milliseconds over a million executions.

A thousand workflows; half of the executions belong to one of them; 33,000 a day for 30 days; one in a hundred failed.
Fifty Runners, a queue of 2,000, a month of noted load, and a million entries in the audit log. Each question is asked
with another period every time, so none is answered from what was kept a moment ago, unless the row says so.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import quote

from measure import percentile, report
from stage import Client, Stage, now, stage

GOAL_MS = 150.0
ROWS = 1_000_000
COUNT = 20

WORKFLOWS = """
INSERT INTO workflow (id, name, description, tags, latest_number)
SELECT md5(n::text)::uuid, 'Workflow ' || n, 'Checks the orders of branch ' || n, ARRAY['branch', 'tag' || n % 30], 1
FROM generate_series(1, 999) AS n
"""
EXECUTIONS = """
INSERT INTO execution (id, workflow_id, workflow_name, version_id, version, state, priority, requirement_id, runner_id,
    lease, last_sequence, source, unique_key, created_at, queued_at, assigned_at, started_at, finished_at, nodes,
    seconds, inputs, outputs, failure, node_totals)
SELECT
    (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || '70008000' || lpad(to_hex(n), 12, '0'))::uuid,
    CASE WHEN n % 2 = 0 THEN $1::uuid ELSE md5((1 + n % 999)::text)::uuid END, 'Light', v.id, 1,
    CASE WHEN n % 100 = 1 THEN 'FAILED' ELSE 'COMPLETED' END, 50, 1, md5('runner' || n % 50)::uuid, 1, 6, 'manual',
    CASE WHEN n % 10 = 0 THEN 'invoice-' || n END, at, at, at, at, at + make_interval(secs => 20), 3, 20,
    '{"number": 41}', '{"total": 42}',
    CASE WHEN n % 100 = 1 THEN '{"type": "FileNotFound", "message": "The file orders.xlsx does not exist."}'::json END,
    '{"work": [1, 0.1, 0]}'
FROM workflow_version v, generate_series(1, $2::integer) AS n,
    LATERAL (SELECT now() - make_interval(secs => 30 * 86400.0 * (1 - n::float8 / $2)) AS at) t
WHERE v.workflow_id = $1
"""
QUEUED = """
INSERT INTO execution (id, workflow_id, workflow_name, version_id, version, state, priority, requirement_id, lease,
    source, created_at, queued_at, inputs)
SELECT gen_random_uuid(), $1, 'Light', v.id, 1, 'QUEUED', 40 + n % 3, 1 + n % 4, 0, 'manual', now(), now(), '{}'
FROM workflow_version v, generate_series(1, 2000) AS n WHERE v.workflow_id = $1
"""
OTHERS = (
    """
    INSERT INTO runner (id, name, type, labels, machine_key, secret_hash, catalogue_hash)
    SELECT md5('runner' || n)::uuid, 'Runner ' || n, 'UNATTENDED', ARRAY['a', 'b'], 'FC-' || n, '', 'none'
    FROM generate_series(0, 49) AS n
    """,
    """
    INSERT INTO requirement (key, labels, activities) SELECT n::text, ARRAY['l' || n], '{}' FROM generate_series(1, 9) n
    """,
    """
    INSERT INTO load_sample SELECT at, 5, 3, 40, 3
    FROM generate_series(now() - interval '31 days', now(), '1 minute') at
    """,
    """
    INSERT INTO runner_metric SELECT md5('runner' || n)::uuid, at, 10, 20, 3000, 40
    FROM generate_series(0, 49) AS n, generate_series(now() - interval '1 day', now(), '30 seconds') at
    """,
    """
    INSERT INTO audit_log (id, at, actor_kind, actor_name, action, resource, resource_id, details)
    SELECT (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || '70008000' || lpad(to_hex(n), 12, '0'))
        ::uuid, at, 'user', CASE WHEN n % 100000 = 0 THEN 'zoe' ELSE 'ada' END || '@example.org', 'execution.start',
        'execution', md5(n::text)::uuid, '{"workflow": "Light", "version": 1, "source": "manual"}'
    FROM generate_series(1, 1000000) AS n, LATERAL (SELECT now() - make_interval(secs => 1000000 - n) AS at) t
    """,
)


async def fill(on: Stage) -> None:
    await on.database.execute("ALTER TABLE execution DISABLE TRIGGER USER")
    await on.database.execute(WORKFLOWS)
    for statement in OTHERS:
        await on.database.execute(statement, timeout=100)
    await on.database.execute(EXECUTIONS, on.workflow_id, ROWS, timeout=200)
    await on.database.execute(QUEUED, on.workflow_id)
    await on.database.execute("ALTER TABLE execution ENABLE TRIGGER USER")
    await on.database.execute("VACUUM ANALYZE", timeout=200)


def since(days: float, extra: str = "") -> Callable[[int], str]:
    """The parameters of a period of so many days, another one every time."""

    def parameters(turn: int) -> str:
        begin = now() - timedelta(days=days, minutes=turn)
        return f"?since={quote(begin.isoformat())}{extra}"

    return parameters


def same(parameters: str) -> Callable[[int], str]:
    return lambda _: parameters


async def questions(on: Stage) -> list[tuple[str, str, Callable[[int], str]]]:
    at = f"/api/workflows/{on.workflow_id}"
    runner = await on.database.fetchval("SELECT id FROM runner LIMIT 1")
    ids = [str(row["id"])[:13] for row in await on.database.fetch("SELECT id FROM execution LIMIT 20")]
    return [
        ("dashboard, a day", "/api/analytics/dashboard", since(1)),
        ("dashboard, 7 days", "/api/analytics/dashboard", since(7)),
        ("dashboard, 30 days", "/api/analytics/dashboard", since(30)),
        ("dashboard, kept", "/api/analytics/dashboard", same("")),
        ("workflows by name", "/api/workflows", same("")),
        ("workflows, those that failed most first", "/api/workflows", same("?sort=-failures")),
        ("workflows, those that ran last first", "/api/workflows", same("?sort=-last-run")),
        ("workflows with a text", "/api/workflows", same("?text=BRANCH+99")),
        ("tags", "/api/workflows/tags", same("")),
        ("search: a workflow", "/api/search", same("?q=branch+9")),
        ("search: a key", "/api/search", same("?q=invoice-99")),
        ("search: an id", "/api/search", lambda turn: f"?q={ids[turn % len(ids)]}"),
        ("timeline of 50 Runners, a day", "/api/analytics/runner-timeline", since(1)),
        ("timeline of 50 Runners, 7 days", "/api/analytics/runner-timeline", since(7)),
        ("statistics of a large workflow, 7 days", f"{at}/statistics", since(7)),
        ("statistics of a large workflow, 30 days", f"{at}/statistics", since(30)),
        ("audit log, a text that is rare", "/api/audit", same("?text=zoe")),
        ("audit log, a text that is nowhere", "/api/audit", same("?text=nowhere")),
        ("audit log, its actions", "/api/audit/actions", same("")),
        ("the system", "/api/system", same("")),
        ("a Runner", f"/api/runners/{runner}", same("")),
        ("a Runner's metrics, a day", f"/api/runners/{runner}/metrics", since(1)),
    ]


async def measure(on: Stage) -> list[dict[str, float | str]]:
    client = await Client(on.port, on.admin_token).open()
    rows: list[dict[str, float | str]] = []
    for what, path, parameters in await questions(on):
        taken, size = [], 0
        for turn in range(COUNT):
            began = time.perf_counter()
            status, body = await client.ask("GET", path + parameters(turn))
            taken.append((time.perf_counter() - began) * 1000)
            assert status == 200, (what, body)
            size = len(body)
        rows.append(
            {"question": what, "p50 ms": percentile(taken, 50), "most ms": max(taken), "answer kB": size / 1000}
        )
    client.close()
    return rows


async def main() -> None:
    async with stage() as on:
        await fill(on)
        rows = await measure(on)
    report(
        f"the dashboard of a day over {ROWS:,} executions, p50",
        round(float(rows[0]["p50 ms"]), 2),
        "ms",
        GOAL_MS,
        rows,
    )


if __name__ == "__main__":
    asyncio.run(main())
