"""Which server is using a data folder, read from `postmaster.pid` and checked against the process itself.

A file alone proves nothing: after a power cut or in a restarted container its number may belong to another program.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import psutil

_TOLERANCE_SECONDS = 10
"""How far the start times reported by the server and by the system may be apart: clocks are set while machines run."""


@dataclass(frozen=True, slots=True)
class PidFile:
    """The contents of `postmaster.pid` (PostgreSQL, `src/include/utils/pidfile.h`)."""

    pid: int
    started: float
    ready: bool


def read_pid_file(data: Path) -> PidFile | None:
    """Read the file in a data folder; None if there is none or the server is still writing it."""
    try:
        lines = (data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        ready = len(lines) > 7 and lines[7].strip() == "ready"
        return PidFile(pid=int(lines[0]), started=float(lines[2]), ready=ready)
    except (FileNotFoundError, IndexError, ValueError):
        return None


def running_server(data: Path) -> psutil.Process | None:
    """The server that runs on a data folder, or None if the file is absent or stale."""
    written = read_pid_file(data)
    if written is None:
        return None
    try:
        process = psutil.Process(written.pid)
        if process.status() == psutil.STATUS_ZOMBIE or not process.name().startswith("postgres"):
            return None
        return process if abs(process.create_time() - written.started) < _TOLERANCE_SECONDS else None
    except psutil.NoSuchProcess:
        return None


def forget_reused_pid(data: Path) -> None:
    """Remove a stale file whose number now belongs to another program, which would keep PostgreSQL from starting.

    A stale file whose number is free is left to PostgreSQL, which looks for survivors in shared memory too.
    """
    written = read_pid_file(data)
    if written is not None and psutil.pid_exists(written.pid) and running_server(data) is None:
        (data / "postmaster.pid").unlink()
