"""macOS, and other systems of its kind: processes are spawned, because a fork is not safe beside its frameworks."""

from __future__ import annotations

from exekra.runner.host.posix import Posix


class MacOS(Posix):
    """As `System`."""
