"""What all benches share: repeat a measurement, show a table, and report one figure for the claim.

A bench calls `report` last. It prints the table, writes `bench/results/NAME.json`, and ends with one JSON object on
a line of its own, which `make bench` reads.
"""

from __future__ import annotations

import json
import math
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

Run = TypeVar("Run")

RESULTS = Path(__file__).resolve().parent / "results"


def median_seconds(work: Callable[[], object], *, runs: int = 5, warm_up: int = 1) -> float:
    """How long `work` takes: the median of `runs` calls, after `warm_up` calls that do not count."""
    for _ in range(warm_up):
        work()
    return statistics.median(seconds_of(work) for _ in range(runs))


def seconds_of(work: Callable[[], object]) -> float:
    """How long one call takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def median_of(runs: Sequence[Run], *, key: Callable[[Run], float]) -> Run:
    """The run in the middle, by that figure of each."""
    return sorted(runs, key=key)[len(runs) // 2]


def percentile(values: Sequence[float], percent: float) -> float:
    """The value that `percent` of the values do not exceed (nearest rank).

    Raises:
        ValueError: There are no values.
    """
    if not values:
        raise ValueError("There are no values to take a percentile of.")
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)]


def report(
    claim: str,
    value: float,
    unit: str,
    goal: float,
    rows: Sequence[Mapping[str, Any]],
    *,
    name: str | None = None,
    notes: Sequence[str] = (),
) -> None:
    """Print the table, write the result file, print the last line.

    Args:
        claim: What is claimed, in a few words.
        value: The measured figure.
        unit: Its unit.
        goal: The figure that was wanted, in the same unit.
        rows: The table; the keys of the first row are its heading.
        name: The result file's name; the running script's otherwise.
        notes: Sentences below the table.
    """
    name = name or Path(sys.argv[0]).stem
    print_table(rows)
    for note in notes:
        print(note)
    figure = {"claim": claim, "value": value, "unit": unit, "goal": goal}
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{name}.json").write_text(
        json.dumps({**figure, "rows": list(rows), "notes": list(notes), "machine": machine()}, indent=1) + "\n"
    )
    print(json.dumps(figure), flush=True)


def print_table(rows: Sequence[Mapping[str, Any]]) -> None:
    """Print rows as an aligned table."""
    if not rows:
        return
    heading = list(rows[0])
    cells = [[_text(row.get(column, "")) for column in heading] for row in rows]
    widths = [max(len(column), *(len(row[i]) for row in cells)) for i, column in enumerate(heading)]
    for line in [heading, ["-" * width for width in widths], *cells]:
        print("  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip())


def _text(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
    return f"{value:,}" if isinstance(value, int) else str(value)


def machine() -> dict[str, Any]:
    """Where it was measured, as far as it bears on the figures."""
    return {"python": platform.python_version(), "system": platform.system(), "cores": os.cpu_count()}
