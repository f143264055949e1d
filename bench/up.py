"""The claim: a platform that was started before is ready again within 3 seconds, and ends quickly and completely.

Starts `exekra up` once on an empty folder and then several times on the same data; each time until the Hub answers
and its Runner is started, and each time stopped as Ctrl-C does.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from measure import report

SECOND_STARTS = 3
GOAL_SECONDS = 3.0


def start_and_stop(home: Path, port: int) -> tuple[float, float]:
    """Seconds until it is ready, and seconds until it has ended."""
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "exekra.cli.main", "up", "--home", home, "--port", str(port)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={name: value for name, value in os.environ.items() if not name.startswith("EXEKRA_")},
    )
    assert process.stdout is not None
    if not any("Ready in" in line for line in process.stdout):
        raise SystemExit("error: `exekra up` did not become ready; start it by hand to see why.")
    ready = time.perf_counter()
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    return ready - began, time.perf_counter() - ready


def main() -> None:
    home = Path(tempfile.mkdtemp(prefix="exekra-bench-"))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    try:
        first = start_and_stop(home, port)
        later = [start_and_stop(home, port) for _ in range(SECOND_STARTS)]
    finally:
        shutil.rmtree(home, ignore_errors=True)
    median = statistics.median(start for start, _ in later)
    report(
        "a later start of the whole platform, until it is ready",
        round(median, 2),
        "s",
        GOAL_SECONDS,
        [
            {"start": "first", "ready s": first[0], "stopped s": first[1]},
            *({"start": f"later {n}", "ready s": s, "stopped s": e} for n, (s, e) in enumerate(later, start=1)),
        ],
        notes=[f"median to stop: {statistics.median(stop for _, stop in later):.2f} s"],
    )


if __name__ == "__main__":
    main()
