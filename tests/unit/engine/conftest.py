"""Each test of the engine has probes with a state of its own."""

from __future__ import annotations

from collections.abc import Iterator

import engine_probes
import pytest


@pytest.fixture(autouse=True)
def probes() -> Iterator[engine_probes.State]:
    """The state of the probes; threads that still block are released at the end."""
    engine_probes.state.__init__()  # The module's functions hold on to this one object.
    yield engine_probes.state
    engine_probes.state.release.set()
