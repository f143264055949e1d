"""The claim: how long `exekra run` of a two-node flow takes, from the command to the end of its process.

The interpreter's bytecode cache is warm, as on any machine where the command ran once.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from measure import report

GOAL = 0.4
RUNS = 15

FLOW = """
format: exekra.flow/1
name: Two nodes
inputs: {who: {type: text, default: world}}
outputs: {said: {type: text}}
variables: {said: {type: text}}
nodes:
  greet: {do: set_variable, with: {variable: said, value: "Hello {who}"}}
  tell: {do: general.log, with: {message: "{said}"}}
edges: [start -> greet -> tell]
"""


def main() -> None:
    exekra = Path(sys.executable).with_name("exekra")
    with tempfile.TemporaryDirectory() as folder:
        flow = Path(folder) / "two.flow.yaml"
        flow.write_text(FLOW)
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(Path(folder) / "bytecode")}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        rows: list[dict[str, Any]] = [
            {"command": "python -c pass", **measured([sys.executable, "-c", "pass"], environment)},
            {"command": "exekra version", **measured([str(exekra), "version"], environment)},
            {"command": "exekra check FLOW", **measured([str(exekra), "check", str(flow)], environment)},
            {"command": "exekra run FLOW", **measured([str(exekra), "run", str(flow)], environment)},
        ]
    report(
        "`exekra run` of a two-node flow, whole process",
        rows[-1]["median s"],
        "s",
        GOAL,
        rows,
        notes=[f"Medians of {RUNS} runs after one that does not count. CPU is the process' own time."],
    )


def measured(command: list[str], environment: dict[str, str]) -> dict[str, float]:
    """The median of whole runs of a command, in seconds."""
    seconds, processor = [], []
    for number in range(RUNS + 1):
        before, began = os.times(), time.perf_counter()
        subprocess.run(command, env=environment, check=True, capture_output=True)
        if number:
            seconds.append(time.perf_counter() - began)
            after = os.times()
            processor.append(
                after.children_user + after.children_system - before.children_user - before.children_system
            )
    return {
        "median s": round(statistics.median(seconds), 3),
        "best s": round(min(seconds), 3),
        "CPU s": round(statistics.median(processor), 3),
    }


if __name__ == "__main__":
    main()
