"""Temporary folders for servers under test: in memory if there is enough, otherwise on disk."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import psutil

_MEMORY = Path("/dev/shm")  # noqa: S108 - only ever a folder of its own within
_PLENTY_BYTES = 4 << 30


def make_folder(prefix: str) -> Path:
    """Create a folder whose path is short enough for a socket; its name is `prefix`, this process's id, and more.

    The caller removes it. What killed processes left behind in memory is removed here.
    """
    if not _memory_is_plenty():
        return Path(tempfile.mkdtemp(prefix=f"{prefix}{os.getpid()}-"))
    for left in _MEMORY.glob(f"{prefix}[0-9]*-*"):
        if not psutil.pid_exists(int(left.name.removeprefix(prefix).partition("-")[0])):
            shutil.rmtree(left, ignore_errors=True)
    return Path(tempfile.mkdtemp(prefix=f"{prefix}{os.getpid()}-", dir=_MEMORY))


def _memory_is_plenty() -> bool:
    try:
        free = shutil.disk_usage(_MEMORY).free
    except OSError:
        return False
    return os.access(_MEMORY, os.W_OK) and min(free, psutil.virtual_memory().available) >= _PLENTY_BYTES
