"""Claim: Read Excel reads 100,000 rows of 10 columns in 0.8 s, as a node of a flow, with 150 MB at most.

Each measurement has a fresh process. openpyxl, in its two ways of reading, reads the same file beside it.
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from fresh import measure_here, medians, row
from measure import report

ROWS = 100_000
RUNS = 5
GOAL_SECONDS, GOAL_MB = 0.8, 150

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


def measure_way(way: str, path: str) -> None:
    """Measure one way in this process."""
    prepare(way)

    def work() -> None:
        count = read_as_activity(path) if way == "activity" else read_with_openpyxl(path, read_only=way == "read_only")
        assert count == ROWS, count

    measure_here(work)


def main() -> None:
    """Measure all ways and report."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "orders.xlsx"
        make_workbook(path)
        ours = medians(__file__, "activity", path, runs=RUNS)
        streamed = medians(__file__, "read_only", path, runs=1)
        whole = medians(__file__, "whole", path, runs=1)
    rows = [
        {"reader": "excel.read_range in a flow", **row(ours, ours)},
        {"reader": "openpyxl, read only", **row(streamed, ours)},
        {"reader": "openpyxl", **row(whole, ours)},
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


if __name__ == "__main__":
    if len(sys.argv) == 3:
        measure_way(sys.argv[1], sys.argv[2])
    else:
        main()
