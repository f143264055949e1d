"""Claim: 100 cells of a workbook of 100,000 rows are changed in 0.8 s, all else kept, with 150 MB at most.

The same cells are changed by openpyxl, which drops what it does not know. Each measurement has a fresh process.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from excel import ROWS, make_workbook
from fresh import measure_here, medians, row
from measure import report

RUNS = 5
CELLS = 100
GOAL_SECONDS, GOAL_MB = 0.8, 150
FIRST_ROW = ROWS // 2

FLOW = """
format: exekra.flow/1
name: Change a workbook
nodes:
  write:
    do: excel.write_range
    with: {path: FILE, start: START, header: false, rows: ROWS}
edges:
  - start -> write
outputs: {count: {value: '{write.count}'}}
"""


def write_as_activity(path: str) -> None:
    """Run the flow by the engine."""
    import asyncio

    from exekra.engine.run import run_flow
    from exekra.flow.document import load_flow

    rows = json.dumps([{"checked": number} for number in range(CELLS)])
    text = FLOW.replace("FILE", json.dumps(path)).replace("START", f"K{FIRST_ROW}").replace("ROWS", rows)
    outcome = asyncio.run(run_flow(load_flow(text), inputs={}, emit=lambda event: None, work_folder=Path(path).parent))
    assert outcome.outputs["count"] == CELLS, outcome


def write_with_openpyxl(path: str) -> None:
    """The peer."""
    import openpyxl

    workbook: Any = openpyxl.load_workbook(path)
    for number in range(CELLS):
        workbook.worksheets[0].cell(FIRST_ROW + number, 11).value = number
    workbook.save(path)


def measure_way(way: str, path: str) -> None:
    """Measure one way in this process, which has loaded what it needs."""
    if way == "activity":
        import exekra.activities.excel
        import exekra.engine.run
        import exekra.flow.document  # noqa: F401  # Only to be loaded.

        measure_here(lambda: write_as_activity(path))
    else:
        import openpyxl  # noqa: F401  # Only to be loaded.

        measure_here(lambda: write_with_openpyxl(path))


def main() -> None:
    """Measure both ways and report."""
    with tempfile.TemporaryDirectory() as folder:
        path, other = Path(folder) / "orders.xlsx", Path(folder) / "copy.xlsx"
        make_workbook(path)
        shutil.copy(path, other)
        ours = medians(__file__, "activity", path, runs=RUNS)
        theirs = medians(__file__, "openpyxl", other, runs=1)
    rows = [
        {"writer": "excel.write_range in a flow", **row(ours, ours)},
        {"writer": "openpyxl", **row(theirs, ours)},
    ]
    report(
        f"Change {CELLS} cells of {ROWS:,} x 10 in place",
        round(ours["seconds"], 3),
        "s",
        GOAL_SECONDS,
        rows,
        notes=[f"Peak of the whole process {ours['peak_mb']:.0f} MB; the goal is {GOAL_MB} MB."],
    )


if __name__ == "__main__":
    if len(sys.argv) == 3:
        measure_way(sys.argv[1], sys.argv[2])
    else:
        main()
