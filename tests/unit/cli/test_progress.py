"""What the terminal shows of a run that wrote warnings."""

from __future__ import annotations

import io

import pytest

from exekra.cli.progress import Progress
from exekra.flow.events import ExecutionFinished, NodeTotal, NodeTotals


@pytest.mark.parametrize(
    ("warnings", "said"),
    [
        (0, "Completed in 0.50 s"),
        (1, "Completed with 1 warning in 0.50 s"),
        (1200, "Completed with 1,200 warnings in"),
    ],
)
def test_the_summary_counts_the_warnings(warnings: int, said: str) -> None:
    out = io.StringIO()
    progress = Progress(out, live=False)
    for count in (0, warnings):  # Figures replace those that came before.
        progress(NodeTotals(at=0, totals=(NodeTotal("read", 1, 0.1, 0, count, "odd" if count else None),)))
    progress(ExecutionFinished(at=0, state="COMPLETED", seconds=0.5, nodes=1))
    assert said in out.getvalue()
    assert progress.warnings == ([{"node": "read", "count": warnings, "last": "odd"}] if warnings else [])
