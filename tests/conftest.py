"""What every test may ask for: `postgres`, `database_url` and `empty_database_url` (see exekra.testing.postgres)."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from xdist.remote import Producer
    from xdist.scheduler import LoadScopeScheduling

pytest_plugins = ["exekra.testing.postgres"]

if os.environ.pop("PYTHONDONTWRITEBYTECODE", None):
    # Hundreds of Hubs and Runners are started; compiling their code each time would take half of each start.
    os.environ["PYTHONPYCACHEPREFIX"] = str(Path(__file__).parents[1] / ".venv" / "bytecode")

# No generated example is judged by how slow the machine is.
settings.register_profile("exekra", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("exekra")

SLOW = ("web", "docs", "e2e")
"""The folders whose tests last seconds, the slowest first."""
TOGETHER = ("tests/web/", "tests/docs/", "tests/activities/", "tests/house/", "tests/unit/")
"""The folders of which a worker runs whole files."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Let several workers begin with what lasts long, so that none is left with it when the others have ended."""

    def place(item: pytest.Item) -> int:
        folder = item.path.relative_to(Path(__file__).parent).parts[0]
        return SLOW.index(folder) if folder in SLOW else len(SLOW)

    if hasattr(config, "workerinput"):
        items.sort(key=place)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling:
    """Let one worker run all tests of a file that share a platform, or are so quick that giving out each costs more."""
    from xdist.scheduler import LoadScopeScheduling

    class Scheduling(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return nodeid.partition("::")[0] if nodeid.startswith(TOGETHER) else nodeid

    return Scheduling(config, log)
