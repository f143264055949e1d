"""A serving Hub whose schedules fire when the test says so."""

import pytest
from at_work import work

from exekra.hub.work.triggers import firing

__all__ = ["work"]


@pytest.fixture(autouse=True)
def no_firing_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise the Hub and the test would fire the same schedules at the same time."""
    monkeypatch.setattr(firing, "LOOK_SECONDS", 3600.0)
