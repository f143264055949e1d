"""Finds and ends all processes of an execution, even those that hide.

A process may leave its parent (double fork), its process group and its session (setsid), and ignore every signal that
can be ignored. It is found by any of three traces: its ancestors, its session, or the mark in the environment that it
was started with. Where a zygote adopts orphans (Linux), no process can leave its ancestors at all.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable, Iterable

import psutil

from exekra.kit.processes import MARK
from exekra.runner.host import SYSTEM

Processes = dict[int, psutil.Process]


def descendants(pid: int) -> Processes:
    """The living processes below that one, by process id."""
    try:
        return _living(psutil.Process(pid).children(recursive=True))
    except psutil.NoSuchProcess:
        return {}


def marked(mark: str) -> Processes:
    """The living processes that were started with that mark, or in the session of one (POSIX), except this process."""
    found: Processes = {}
    sessions = set()
    others = []
    for process in psutil.process_iter():
        if process.pid == os.getpid():
            continue
        with contextlib.suppress(psutil.Error, OSError):
            if process.environ().get(MARK) == mark:
                found[process.pid] = process
                sessions.add(SYSTEM.session_of(process.pid))
            else:
                others.append(process)
    sessions -= {None, SYSTEM.session_of(os.getpid())}
    for process in others if sessions else ():
        if SYSTEM.session_of(process.pid) in sessions:
            found[process.pid] = process
    return _living(found.values())


def end_all(find: Callable[[], Processes], *, patience: float = 5.0) -> bool:
    """Kill what `find` finds until it finds nothing. Blocks up to `patience` seconds; False if some were left then.

    All are halted before the first is killed, so that none can start another one meanwhile.
    """
    give_up = time.monotonic() + patience
    while found := find():
        for process in found.values():
            SYSTEM.halt(process)
        for process in found.values():
            with contextlib.suppress(psutil.Error):
                process.kill()
        if time.monotonic() > give_up:
            return False
        psutil.wait_procs(found.values(), timeout=0.05)
    return True


def _living(processes: Iterable[psutil.Process]) -> Processes:
    living: Processes = {}
    for process in processes:
        with contextlib.suppress(psutil.Error):
            if process.status() != psutil.STATUS_ZOMBIE:
                living[process.pid] = process
    return living
