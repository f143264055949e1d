"""Claim: a pipeline of table activities takes at most 1.5 times what polars alone takes for it, with 700 MB.

Read CSV of 1,000,000 rows of 10 columns, keep those that are paid, join 20,000 products, sum up each region, sort, and
write CSV: as a flow, and as the same steps written for polars by hand, each result kept as a flow keeps it. Every
measurement has a fresh process, and the files are compared. `bench/tables.py 10000000` measures larger files, as our
flow only: the goal is to be done within 1.5 GB.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from measure import report

ROWS = 1_000_000
PRODUCTS = 20_000
RUNS = 3
GOAL_TIMES, GOAL_MB = 1.5, 700

FLOW = """
format: exekra.flow/1
name: Orders
nodes:
  orders: {do: csv.read, with: {path: orders.csv}}
  products: {do: csv.read, with: {path: products.csv}}
  paid: {do: data.filter, with: {rows: "{orders.rows}", column: paid, operator: equals, value: true}}
  priced: {do: data.join, with: {rows: "{paid.rows}", other: "{products.rows}", on: [sku]}}
  regions:
    do: data.group
    with: {rows: "{priced.rows}", by: [region], compute: {total: {sum: price}, orders: {count: ""}}}
  sorted: {do: data.sort, with: {rows: "{priced.rows}", by: [{column: customer}, {column: price, descending: true}]}}
  write: {do: csv.write, with: {path: sorted.csv, rows: "{sorted.rows}"}}
  write_regions: {do: csv.write, with: {path: regions.csv, rows: "{regions.rows}"}}
edges: [start -> orders -> products -> paid -> priced -> regions -> sorted -> write -> write_regions]
"""


def make_files(folder: Path, rows: int) -> None:
    """Orders as a shop exports them, and its products."""
    import polars as pl

    number = pl.int_range(rows, eager=True).alias("number")
    frame = pl.LazyFrame(number).select(
        order="number",
        reference="ORD-2026-" + pl.col("number").cast(pl.String).str.zfill(8),
        day=pl.date(2026, 1, 1) + pl.duration(days=pl.col("number") % 365),
        customer="Customer " + (pl.col("number") * 7919 % 50_000).cast(pl.String),
        region=pl.col("number").mod(4).replace_strict({0: "North", 1: "East", 2: "South", 3: "West"}),
        sku="SKU-" + (pl.col("number") * 31 % (PRODUCTS + 1000)).cast(pl.String).str.zfill(5),
        quantity=pl.col("number") % 40 + 1,
        price=(pl.col("number") * 37 % 99_991 * 2 + 1).cast(pl.String).str.zfill(3).str.replace("(..)$", ".$1"),
        paid=pl.when(pl.col("number") % 10 != 0).then(pl.lit("true")).otherwise(pl.lit("false")),
        note="Line " + pl.col("number").cast(pl.String) + ", packed by " + (pl.col("number") % 60).cast(pl.String),
    )
    frame.sink_csv(folder / "orders.csv", engine="streaming", maintain_order=True)
    product = pl.int_range(PRODUCTS, eager=True).alias("number")
    pl.DataFrame(product).select(
        sku="SKU-" + pl.col("number").cast(pl.String).str.zfill(5),
        title="Product " + pl.col("number").cast(pl.String),
        weight=pl.col("number") % 977 / 10 + 0.05,
    ).write_csv(folder / "products.csv")


def run_flow_in(folder: Path) -> dict[str, float]:
    """Run the flow by the engine; gives how long each node took."""
    from exekra.engine.run import run_flow
    from exekra.flow.document import load_flow

    began: dict[str, float] = {}
    took: dict[str, float] = {}

    def note(event: Any) -> None:
        node = getattr(event, "node", None)
        if node and type(event).__name__ == "NodeEntered":
            began[node] = time.perf_counter()
        elif node and type(event).__name__ == "NodeLeft":
            took[node] = time.perf_counter() - began[node]

    outcome = asyncio.run(run_flow(load_flow(FLOW), inputs={}, emit=note, work_folder=folder))
    assert outcome.state == "COMPLETED", outcome
    return took


def run_polars_in(folder: Path) -> dict[str, float]:
    """The same by hand: every step's result is kept, as that of a node is."""
    import polars as pl

    orders = pl.read_csv(folder / "orders.csv", try_parse_dates=True)
    products = pl.read_csv(folder / "products.csv")
    paid, others = orders.filter(pl.col("paid")), orders.filter(~pl.col("paid"))
    priced = paid.join(products, on="sku", maintain_order="left_right")
    unmatched = paid.join(products, on="sku", how="anti", maintain_order="left")
    regions = priced.group_by("region", maintain_order=True).agg(total=pl.col("price").sum(), orders=pl.len())
    ordered = priced.sort("customer", "price", descending=[False, True], maintain_order=True)
    ordered.write_csv(folder / "sorted.csv")
    regions.write_csv(folder / "regions.csv")
    assert others.height
    assert unmatched.height
    return {}


def measure_here(way: str, folder: Path) -> None:
    """Measure one way in this process and print it as JSON."""
    if way == "flow":
        import exekra.activities.csv
        import exekra.activities.data
        import exekra.engine.run
        import exekra.flow.document  # noqa: F401  # Only to be loaded.
    import polars  # noqa: F401  # Only to be loaded.

    run = run_flow_in if way == "flow" else run_polars_in
    started, worked = time.perf_counter(), time.process_time()
    nodes = run(folder)
    seconds, processor = time.perf_counter() - started, time.process_time() - worked
    print(json.dumps({"seconds": seconds, "processor": processor, "peak_mb": peak_mb(), "nodes": nodes}))


def peak_mb() -> float:
    """The most memory that this process ever had. (`getrusage` would count its parent's before the fork, too.)"""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    raise SystemExit("This bench reads /proc/self/status, so it needs Linux.")


def measure(way: str, folder: Path) -> dict[str, Any]:
    """One run in a fresh process."""
    done = subprocess.run([sys.executable, __file__, way, str(folder)], stdout=subprocess.PIPE, text=True, check=True)
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


def main(rows: int) -> None:
    """Measure both ways in turn and report."""
    large = rows > ROWS
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make_files(folder, rows)
        ours, theirs = [], []
        for _ in range(1 if large else RUNS):
            ours.append(measure("flow", folder))
            if not large:
                written = (folder / "sorted.csv").read_bytes().replace(b"\r\n", b"\n")
                theirs.append(measure("polars", folder))
                assert (folder / "sorted.csv").read_bytes() == written, "The two ways do not write the same."
    table = [_row("as a flow", ours), *([_row("polars alone", theirs)] if theirs else [])]
    nodes = ours[-1]["nodes"]
    notes = ["Seconds of each node: " + ", ".join(f"{node} {seconds:.2f}" for node, seconds in nodes.items()) + "."]
    if large:
        report(
            f"Tables: a pipeline of {rows:,} x 10",
            table[0]["peak MB"],
            "MB",
            1500,
            table,
            notes=notes,
            name="tables_large",
        )
        return
    notes.append(f"The goal for the peak is {GOAL_MB} MB.")
    times = round(table[0]["seconds"] / table[1]["seconds"], 2)
    report(f"Tables: a pipeline of {rows:,} x 10 against polars alone", times, "times", GOAL_TIMES, table, notes=notes)


def _row(way: str, runs: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "way": way,
        "seconds": round(statistics.median(run["seconds"] for run in runs), 2),
        "processor s": round(statistics.median(run["processor"] for run in runs), 2),
        "peak MB": round(max(run["peak_mb"] for run in runs)),
    }


if __name__ == "__main__":
    if len(sys.argv) == 3:
        measure_here(sys.argv[1], Path(sys.argv[2]))
    else:
        main(int(sys.argv[1]) if len(sys.argv) == 2 else ROWS)
