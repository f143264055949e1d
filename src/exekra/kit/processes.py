"""How the processes that an execution starts are identified, even if they hide."""

from __future__ import annotations

import ctypes

MARK = "EXEKRA_EXECUTION_PROCESS"
"""The environment variable that marks every process that an execution starts."""

_PR_SET_CHILD_SUBREAPER = 36


def adopt_orphans() -> None:
    """Become the parent of every process below this one whose own parent ends (a "subreaper"). Linux only."""
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
