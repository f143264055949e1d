"""Claim: Read Excel reads 100,000 rows of 10 columns in a second, as a node of a flow, with 150 MB at most.

Each measurement has a fresh process. openpyxl, in its two ways of reading, reads the same file beside it.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from measure import report

ROWS = 100_000
RUNS = 5
GOAL_SECONDS, GOAL_MB = 1.0, 150

FLOW = """
format: exekra.flow/1
name: Read a workbook
nodes:
  read:
    do: excel.read_range
    with: {path: FILE}
edges:
  - start -> read
"""


def make_workbook(path: Path) -> None:
    """Orders as a shop exports them: ten columns of texts, whole numbers, fractions, dates and booleans."""
    from rustpy_xlsxwriter import write_worksheet

    day = date(2026, 1, 1)
    records = (
        {
            "order": number,
            "reference": f"ORD-2026-{number:07}",
            "day": day + timedelta(days=number % 365),
            "customer": f"Customer {number % 5000}",
            "region": ("North", "East", "South", "West")[number % 4],
            "sku": f"SKU-{number % 500:04}",
            "quantity": number % 40 + 1,
            "price": (number % 9973) / 100,
            "paid": number % 3 == 0,
            "note": f"Line {number} of the export, packed by {number % 60}",
        }
        for number in range(ROWS)
    )
    write_worksheet(records, str(path), sheet_name="Orders", dedupe_strings=True)


def read_as_activity(path: str) -> int:
    """Run the flow by the engine; gives the number of rows that it logged on the way out."""
    from exekra.engine.run import run_flow
    from exekra.flow.document import load_flow

    text = FLOW.replace("FILE", json.dumps(path)) + "outputs: {count: {value: '{read.count}'}}\n"
    outcome = asyncio.run(run_flow(load_flow(text), inputs={}, emit=lambda event: None, work_folder=Path(path).parent))
    return int(outcome.outputs["count"])


def read_with_openpyxl(path: str, *, read_only: bool) -> int:
    """The peer: every row as a tuple of values, kept."""
    import openpyxl

    sheet: Any = openpyxl.load_workbook(path, read_only=read_only, data_only=True).worksheets[0]
    return len(list(sheet.iter_rows(values_only=True))) - 1


def prepare(way: str) -> None:
    """Import what the way needs, as a warm process has done."""
    if way == "activity":
        import exekra.activities.excel
        import exekra.engine.run
        import exekra.flow.document  # noqa: F401  # Only to be loaded.
    else:
        import openpyxl  # noqa: F401  # Only to be loaded.


def measure_here(way: str, path: str) -> None:
    """Measure one way in this process and print it as JSON."""
    prepare(way)
    before = peak_mb()
    started, worked = time.perf_counter(), time.process_time()
    count = read_as_activity(path) if way == "activity" else read_with_openpyxl(path, read_only=way == "read_only")
    seconds, processor = time.perf_counter() - started, time.process_time() - worked
    assert count == ROWS, count
    print(json.dumps({"seconds": seconds, "processor": processor, "peak_mb": peak_mb(), "before_mb": before}))


def peak_mb() -> float:
    """The most memory that this process ever had. (`getrusage` would count its parent's before the fork, too.)"""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    raise SystemExit("This bench reads /proc/self/status, so it needs Linux.")


def measure(way: str, path: Path, runs: int) -> dict[str, Any]:
    """The median of several fresh processes."""
    results = []
    for _ in range(runs):
        done = subprocess.run([sys.executable, __file__, way, str(path)], stdout=subprocess.PIPE, text=True, check=True)
        results.append(json.loads(done.stdout))
    return {key: statistics.median(result[key] for result in results) for key in results[0]}


def main() -> None:
    """Measure all ways and report."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "orders.xlsx"
        make_workbook(path)
        ours = measure("activity", path, RUNS)
        streamed = measure("read_only", path, 1)
        whole = measure("whole", path, 1)
    rows = [
        {"reader": "excel.read_range in a flow", **_row(ours, ours)},
        {"reader": "openpyxl, read only", **_row(streamed, ours)},
        {"reader": "openpyxl", **_row(whole, ours)},
    ]
    report(
        f"Read Excel of {ROWS:,} x 10 as an activity",
        round(ours["seconds"], 3),
        "s",
        GOAL_SECONDS,
        rows,
        notes=[
            f"Peak of the whole process {ours['peak_mb']:.0f} MB, of which {ours['before_mb']:.0f} MB before the read; "
            f"the goal is {GOAL_MB} MB."
        ],
    )


def _row(figures: dict[str, Any], ours: dict[str, Any]) -> dict[str, Any]:
    return {
        "seconds": round(figures["seconds"], 2),
        "processor s": round(figures["processor"], 2),
        "peak MB": round(figures["peak_mb"]),
        "times ours": round(figures["seconds"] / ours["seconds"], 1),
    }


if __name__ == "__main__":
    if len(sys.argv) == 3:
        measure_here(sys.argv[1], sys.argv[2])
    else:
        main()
