"""The claim: the first page of a list of a million executions, by the API, in milliseconds.

Half of the rows belong to one workflow, the other half to a thousand; one in a hundred failed. A schedule asked for
four in five, a person for the others, an old webhook for 80; one in a thousand was interactive, one in ten of these a
debug session.
"""

from __future__ import annotations

import asyncio
import time
from uuid import UUID

from exekra.kit import json
from measure import percentile, report
from stage import Client, Stage, stage

GOAL_MS = 20.0
ROWS = 1_000_000
COUNT = 60
MANY, FEW = UUID(int=1), UUID(int=2)
"""Who started many of them, and who started few."""

FILL = """
INSERT INTO execution (id, workflow_id, workflow_name, version_id, version, state, priority, requirement_id, runner_id,
    lease, last_sequence, source, interactive, debug, created_by, created_at, queued_at, assigned_at, started_at,
    finished_at, nodes, seconds, inputs, outputs, failure)
SELECT
    (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || '70008000' || lpad(to_hex(n), 12, '0'))::uuid,
    CASE WHEN n % 2 = 0 THEN $1::uuid ELSE md5((n % 1000)::text)::uuid END, 'Light', v.id, 1,
    CASE WHEN n % 100 = 1 THEN 'FAILED' ELSE 'COMPLETED' END, 50, 1, md5('runner' || n % 50)::uuid, 1, 6,
    CASE WHEN n % 5 <> 0 THEN 'schedule' WHEN n BETWEEN 1000 AND 1400 THEN 'webhook' ELSE 'manual' END,
    n % 1000 = 0, CASE WHEN n % 10000 = 0 THEN '{}'::json END, CASE WHEN n % 5 = 0 THEN $3::uuid END,
    at, at, at, at, at, 3, 0.1, '{"number": 41}', '{"total": 42}', NULL
FROM workflow_version v, generate_series(1, $2::integer) AS n,
    LATERAL (SELECT now() - make_interval(secs => 8640000 - 8.64 * n) AS at) t
WHERE v.workflow_id = $1
"""


async def fill(on: Stage) -> None:
    await on.database.execute("ALTER TABLE execution DISABLE TRIGGER USER")
    await on.database.execute(FILL, on.workflow_id, ROWS, MANY, timeout=100)
    await on.database.execute(
        "UPDATE execution SET created_by = $1 WHERE id IN (SELECT id FROM execution LIMIT 20)", FEW
    )
    await on.database.execute("ALTER TABLE execution ENABLE TRIGGER USER")
    await on.database.execute("VACUUM ANALYZE execution", timeout=100)


async def timed(client: Client, path: str) -> tuple[list[float], int]:
    """How many milliseconds each answer took, and how many items it had."""
    taken, size = [], 0
    for _ in range(COUNT):
        began = time.perf_counter()
        status, body = await client.ask("GET", path)
        taken.append((time.perf_counter() - began) * 1000)
        assert status == 200, body
        size = len(json.trusted(body)["items"])
    return taken, size


async def measure(on: Stage) -> list[dict[str, float | str]]:
    client = await Client(on.port, on.admin_token).open()
    runner = await on.database.fetchval("SELECT runner_id FROM execution LIMIT 1")
    rare = await on.database.fetchval("SELECT workflow_id FROM execution WHERE workflow_id <> $1", on.workflow_id)
    rows: list[dict[str, float | str]] = []
    for what, query in (
        ("all", ""),
        ("FAILED", "&state=FAILED"),
        ("QUEUED (none)", "&state=QUEUED"),
        ("a large workflow", f"&workflow_id={on.workflow_id}"),
        ("a large workflow, FAILED (none)", f"&workflow_id={on.workflow_id}&state=FAILED"),
        ("a small workflow", f"&workflow_id={rare}"),
        ("a runner", f"&runner_id={runner}"),
        ("a name", "&text=ligh"),
        ("a source", "&source=schedule"),
        ("a rare source", "&source=webhook"),
        ("a rare source of a large workflow", f"&source=webhook&workflow_id={on.workflow_id}"),
        ("interactive runs", "&interactive=true"),
        ("debug sessions", "&debug=true"),
        ("a person", f"&created_by={MANY}"),
        ("a person who started few", f"&created_by={FEW}"),
        ("a day", "&since=2000-01-01T00:00:00Z&until=2030-01-01T00:00:00Z"),
    ):
        taken, size = await timed(client, f"/api/executions?limit=50{query}")
        counting, _ = await timed(client, f"/api/executions/counts?{query.removeprefix('&')}")
        rows.append(
            {
                "list": what,
                "rows": size,
                "p50 ms": percentile(taken, 50),
                "p99 ms": percentile(taken, 99),
                "counts, p50 ms": percentile(counting, 50),
            }
        )
    cursor = ""
    for _ in range(5):
        _, body = await client.ask("GET", f"/api/executions?limit=200{cursor}")
        cursor = f"&cursor={json.trusted(body)['next_cursor']}"
    client.close()
    return rows


async def main() -> None:
    async with stage() as on:
        await fill(on)
        rows = await measure(on)
    report(
        f"first page of {ROWS:,} executions by the API, p50",
        round(float(rows[0]["p50 ms"]), 2),
        "ms",
        GOAL_MS,
        rows,
        notes=["50 items a page."],
    )


if __name__ == "__main__":
    asyncio.run(main())
