"""The claim: how many activity nodes (not control nodes) a second one flow runs, with its events on.

What it costs to bind an activity's inputs, call it and keep its result, beside what every node costs. The loop around
them is not counted as nodes, but its time is. Control nodes are measured by `engine.py`.
"""

from __future__ import annotations

import asyncio
import statistics
import time
from pathlib import Path
from typing import Any

from engine import sender
from exekra.engine.run import run_flow
from exekra.flow.document import load_flow
from measure import report

GOAL = 500_000
RUNS = 5
TURNS = 30_000

HEAD = """
format: exekra.flow/1
name: Bench
inputs: {n: {type: number}, texts: {type: list}}
"""
FLOWS: dict[str, tuple[int, str]] = {
    "a value as it is (text.trim)": (
        4,
        """
nodes:
  loop: {do: for_each, with: {items: "{texts}"}}
  a: {do: text.trim, with: {text: "{item}"}}
  b: {do: text.trim, with: {text: "{a.text}"}}
  c: {do: text.trim, with: {text: "{b.text}"}}
  d: {do: text.trim, with: {text: "{c.text}"}}
edges: [start -> loop, loop.body -> a -> b -> c -> d]
""",
    ),
    "a text with a value in it (text.change_case)": (
        4,
        """
nodes:
  loop: {do: for_each, with: {items: "{texts}"}}
  a: {do: text.change_case, with: {text: "order {item}", to: upper}}
  b: {do: text.change_case, with: {text: "order {item}", to: lower}}
  c: {do: text.change_case, with: {text: "order {item}", to: title}}
  d: {do: text.change_case, with: {text: "order {item}", to: upper}}
edges: [start -> loop, loop.body -> a -> b -> c -> d]
""",
    ),
    "a number that becomes a text (text.trim)": (
        1,
        """
nodes:
  loop: {do: for_each, with: {items: "{range(n)}"}}
  a: {do: text.trim, with: {text: "{item}"}}
edges: [start -> loop, loop.body -> a]
""",
    ),
    "three values, two of them bounded (text.substring)": (
        1,
        """
nodes:
  loop: {do: for_each, with: {items: "{range(n)}"}}
  a: {do: text.substring, with: {text: "order number {item}", start: "{item % 5}", length: 4}}
edges: [start -> loop, loop.body -> a]
""",
    ),
}


def measure(text: str, activities: int) -> dict[str, Any]:
    """The medians of some runs of one flow: nodes by the clock, and by the processor's time alone."""
    flow = load_flow(HEAD + text)
    inputs = {"n": TURNS, "texts": [f"text {number}" for number in range(TURNS)]}
    nodes, rates, processor_rates = activities * TURNS, [], []
    for _ in range(RUNS):
        used = time.process_time()
        outcome = asyncio.run(run_flow(flow, inputs=inputs, emit=sender([]), work_folder=Path()))
        used = time.process_time() - used
        assert outcome.state == "COMPLETED", outcome.failure
        assert outcome.nodes == nodes + 1
        rates.append(nodes / outcome.seconds)
        processor_rates.append(nodes / used)
    return {
        "activity nodes": nodes,
        "nodes/s": round(statistics.median(rates)),
        "best": round(max(rates)),
        "nodes/s of processor time": round(statistics.median(processor_rates)),
    }


def main() -> None:
    rows = [{"activity": name, **measure(text, activities)} for name, (activities, text) in FLOWS.items()]
    report(
        "activity nodes a second in one flow, events on",
        rows[0]["nodes/s"],
        "nodes/s",
        GOAL,
        rows,
        notes=[f"Medians of {RUNS} runs in one process; the time is the whole execution's, its loop included."],
    )


if __name__ == "__main__":
    main()
