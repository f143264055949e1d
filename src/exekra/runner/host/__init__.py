"""The Runner's machine: its processes, its metrics, and what differs between operating systems.

Only this folder knows which operating system this is; everything else asks `SYSTEM`.
"""

from __future__ import annotations

import sys

from exekra.runner.host.system import System

if sys.platform == "linux":
    from exekra.runner.host.linux import Linux as ThisSystem
elif sys.platform == "win32":
    from exekra.runner.host.windows import Windows as ThisSystem
else:
    from exekra.runner.host.macos import MacOS as ThisSystem

SYSTEM: System = ThisSystem()
"""The operating system of this machine."""
