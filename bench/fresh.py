"""Measure in fresh processes, so that neither caches nor memory of an earlier run count."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path


def peak_mb() -> float:
    """The most memory that this process ever had. (`getrusage` would count its parent's before the fork, too.)"""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    raise SystemExit("This bench reads /proc/self/status, so it needs Linux.")


def measure_here(work: Callable[[], object]) -> None:
    """Measure one call in this process and print it as JSON."""
    before = peak_mb()
    started, worked = time.perf_counter(), time.process_time()
    work()
    seconds, processor = time.perf_counter() - started, time.process_time() - worked
    print(json.dumps({"seconds": seconds, "processor": processor, "peak_mb": peak_mb(), "before_mb": before}))


def medians(script: str, *arguments: object, runs: int) -> dict[str, float]:
    """The median of each figure over several fresh processes that run a script, which calls `measure_here`.

    They keep the bytecode of what they import, as every installation does: to compile the engine of tables takes 0.2 s.
    """
    results = []
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    command = [sys.executable, script, *map(str, arguments)]
    for _ in range(runs):
        done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
        results.append(json.loads(done.stdout))
    return {key: statistics.median(result[key] for result in results) for key in results[0]}


def row(figures: dict[str, float], ours: dict[str, float]) -> dict[str, float]:
    """The figures of one way as a row of the table, compared with ours."""
    return {
        "seconds": round(figures["seconds"], 2),
        "processor s": round(figures["processor"], 2),
        "peak MB": round(figures["peak_mb"]),
        "times ours": round(figures["seconds"] / ours["seconds"], 1),
    }
