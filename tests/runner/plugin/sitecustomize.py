"""Lets the system refuse new processes for as long as the file is there that a test names."""

from __future__ import annotations

import errno
import os
import subprocess
from pathlib import Path
from typing import Any

_refusal = os.environ.get("REFUSE_PROCESSES")

if _refusal:
    _file = Path(_refusal)
    _fork, _execute = os.fork, subprocess.Popen._execute_child  # type: ignore[attr-defined]  # private, and asked for

    def _refuse() -> None:
        if _file.exists():
            raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))

    def _refusing_fork() -> int:
        _refuse()
        return _fork()

    def _refusing_execute(*arguments: Any, **more: Any) -> None:
        _refuse()
        _execute(*arguments, **more)

    os.fork = _refusing_fork
    subprocess.Popen._execute_child = _refusing_execute  # type: ignore[attr-defined]  # as above
