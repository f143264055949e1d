"""Metrics of this machine and of an execution's processes."""

from __future__ import annotations

import contextlib
import time
from pathlib import Path

import psutil

from exekra.flow.events import Metric
from exekra.protocol.messages import Heartbeat, Held
from exekra.runner.host.processes import Processes


def heartbeat(home: Path, held: tuple[Held, ...]) -> Heartbeat:
    """The current metrics of the machine; CPU since the previous call."""
    memory = psutil.virtual_memory()
    return Heartbeat(
        cpu_percent=psutil.cpu_percent(),
        memory_percent=memory.percent,
        memory_used_mb=round(memory.used / 1e6, 1),
        disk_percent=psutil.disk_usage(str(home)).percent,
        held=held,
        at=time.time(),
    )


class Meter:
    """Measures a tree of processes periodically.

    Memory is the sum of what is resident, so pages that processes share count for each of them.
    """

    def __init__(self) -> None:
        self._known: Processes = {}
        self._seconds: dict[int, float] = {}
        self._at = time.monotonic()

    def sample(self, found: Processes) -> Metric:
        """Memory now, and CPU since the previous sample (or since the meter was created)."""
        kept = {pid: self._known.get(pid, process) for pid, process in found.items()}
        used = memory = 0.0
        seconds: dict[int, float] = {}
        for pid, process in kept.items():
            with contextlib.suppress(psutil.Error), process.oneshot():
                times = process.cpu_times()
                seconds[pid] = times.user + times.system
                used += max(0.0, seconds[pid] - self._seconds.get(pid, 0.0))
                memory += process.memory_info().rss
        now = time.monotonic()
        elapsed = max(now - self._at, 0.001)
        self._known, self._seconds, self._at = kept, seconds, now
        return Metric(at=time.time(), cpu_percent=round(100 * used / elapsed, 1), memory_mb=round(memory / 1e6, 1))
