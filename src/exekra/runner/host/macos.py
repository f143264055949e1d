"""macOS and similar systems: processes are spawned, because a fork is not safe with its frameworks."""

from __future__ import annotations

from exekra.runner.host.posix import Posix


class MacOS(Posix):
    """As `System`."""
