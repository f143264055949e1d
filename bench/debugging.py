"""The claim: a debugger that waits for a breakpoint leaves most of the speed, and a step is answered at once.

The rates with and without a debugger are of the same loop; a step goes from one pause to the next within the process,
without the way to a person.
"""

from __future__ import annotations

import asyncio
import statistics
from itertools import pairwise
from pathlib import Path
from typing import Any

from engine import FLOWS, HEAD, RUNS
from exekra.engine.run import Outcome, RunControl, run_flow
from exekra.flow.debugging import Breakpoint, DebugOptions, StepInto
from exekra.flow.document import load_flow
from exekra.flow.events import DebugPaused, Event
from measure import percentile, report

GOAL = 100_000
STEPS = 5_000
NAME, (LOOP, TURNS) = next(iter(FLOWS.items()))
OPTIONS: dict[str, DebugOptions | None] = {
    "no debugger": None,
    "a debugger, no breakpoint": DebugOptions(),
    "a breakpoint whose condition is never true": DebugOptions(
        breakpoints=(Breakpoint(node="up", condition="i == -1"),)
    ),
}


def run(turns: int, options: DebugOptions | None, emit: Any, control: RunControl | None = None) -> Outcome:
    """One execution of the loop."""
    flow = load_flow(HEAD + LOOP)
    outcome = asyncio.run(
        run_flow(flow, inputs={"n": turns}, emit=emit, work_folder=Path(), control=control, debug=options)
    )
    assert outcome.state == "COMPLETED", outcome.failure
    return outcome


def rate(options: DebugOptions | None) -> int:
    """Nodes a second, the median of some runs."""
    outcomes = [run(TURNS, options, lambda event: None) for _ in range(RUNS)]
    return round(statistics.median(outcome.nodes / outcome.seconds for outcome in outcomes))


def milliseconds_a_step() -> list[float]:
    """The time from one pause to the next, with a step into each node."""
    control, times = RunControl(), list[float]()

    def step(event: Event) -> None:
        if isinstance(event, DebugPaused):
            times.append(event.at)
            control.command(StepInto())

    run(STEPS // 2, DebugOptions(pause_at_start=True), step, control)
    return [1000 * (after - before) for before, after in pairwise(times)]


def main() -> None:
    rows: list[dict[str, Any]] = [{"what": what, "nodes/s": rate(options)} for what, options in OPTIONS.items()]
    steps = milliseconds_a_step()
    report(
        "nodes a second in one flow with a breakpoint whose condition is never true",
        rows[-1]["nodes/s"],
        "nodes/s",
        GOAL,
        rows,
        notes=[
            f"{NAME}; medians of {RUNS} runs.",
            f"{len(steps):,} steps into: p50 {percentile(steps, 50):.2f} ms, p99 {percentile(steps, 99):.2f} ms.",
        ],
    )


if __name__ == "__main__":
    main()
