"""The claim: how many nodes a second one flow runs, in a loop of Set Variable and If, with its events on.

The events are encoded as the Runner would send them, so that they are really paid for.
"""

from __future__ import annotations

import asyncio
import resource
import statistics
import sys
from pathlib import Path
from typing import Any

import msgspec

from exekra.engine.run import run_flow
from exekra.flow.document import load_flow
from exekra.flow.events import Event
from measure import report

GOAL = 500_000
RUNS = 5

HEAD = """
format: exekra.flow/1
name: Bench
inputs: {n: {type: number}}
variables: {i: {type: number, default: 0}, even: {type: number, default: 0}, list: {type: list, default: []}}
outputs: {i: {}, even: {}}
"""
LOOP = """
nodes:
  loop: {do: while, with: {condition: "{i < n}"}}
  up: {do: set_variable, with: {variable: i, value: "{i + 1}"}}
  ask: {do: if, with: {condition: "{i % 2 == 0}"}}
  add: {do: set_variable, with: {variable: even, value: "{even + 1}"}}
edges: [start -> loop, loop.body -> up -> ask, ask.then -> add]
"""
FLOWS: dict[str, tuple[str, int]] = {
    "while: set variable, if, set variable": (LOOP, 400_000),
    "for each: set variable, if, set variable": (
        LOOP.replace('while, with: {condition: "{i < n}"}', 'for_each, with: {items: "{range(n)}"}'),
        400_000,
    ),
    "for each: an activity (text.change_case)": (
        """
nodes:
  loop: {do: for_each, with: {items: "{range(n)}"}}
  work: {do: text.change_case, with: {text: "order {item}", to: upper}}
edges: [start -> loop, loop.body -> work]
""",
        50_000,
    ),
    "for each: a try around a set variable": (
        """
nodes:
  loop: {do: for_each, with: {items: "{range(n)}"}}
  attempt: {do: try}
  up: {do: set_variable, with: {variable: i, value: "{i + 1}"}}
edges: [start -> loop, loop.body -> attempt, attempt.try -> up]
""",
        100_000,
    ),
    "for each: add to a list": (
        """
nodes:
  loop: {do: for_each, with: {items: "{range(n)}"}}
  keep: {do: add_to_list, with: {variable: list, value: "{item}"}}
edges: [start -> loop, loop.body -> keep]
""",
        400_000,
    ),
    "a hundred loops in a loop of a thousand": (
        """
nodes:
  outer: {do: for_each, with: {items: "{range(1000)}", item: a}}
  inner: {do: for_each, with: {items: "{range(n)}", item: b}}
  up: {do: set_variable, with: {variable: i, value: "{a + b}"}}
edges: [start -> outer, outer.body -> inner, inner.body -> up]
""",
        100,
    ),
}


def measure(text: str, n: int) -> dict[str, Any]:
    """The median of some runs of one flow."""
    flow = load_flow(HEAD + text)
    rates, events = [], 0
    for _ in range(RUNS):
        sent: list[bytes] = []
        outcome = asyncio.run(run_flow(flow, inputs={"n": n}, emit=sender(sent), work_folder=Path()))
        assert outcome.state == "COMPLETED", outcome.failure
        rates.append(outcome.nodes / outcome.seconds)
        events = len(sent)
    return {
        "nodes": outcome.nodes,
        "nodes/s": round(statistics.median(rates)),
        "best": round(max(rates)),
        "events": events,
    }


def sender(sent: list[bytes]) -> Any:
    """What the Runner does with an event: encode it."""
    encode = msgspec.msgpack.Encoder().encode

    def send(event: Event) -> None:
        sent.append(encode(event))

    return send


def main() -> None:
    rows = []
    for name, (text, n) in FLOWS.items():
        before = peak_megabytes()
        row = measure(text, n)
        rows.append({"loop": name, **row, "MB more": round(peak_megabytes() - before, 1)})
    report(
        "nodes a second in one flow: a loop of set variable and if, events on",
        rows[0]["nodes/s"],
        "nodes/s",
        GOAL,
        rows,
        notes=[f"Medians of {RUNS} runs in one process; the time is the whole execution's."],
    )


def peak_megabytes() -> float:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)


if __name__ == "__main__":
    main()
