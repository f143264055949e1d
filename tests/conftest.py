"""What every test may ask for: `postgres`, `database_url` and `empty_database_url` (see exekra.testing.postgres)."""

import os
from pathlib import Path

from hypothesis import HealthCheck, settings

pytest_plugins = ["exekra.testing.postgres"]

if os.environ.pop("PYTHONDONTWRITEBYTECODE", None):
    # Hundreds of Hubs and Runners are started; compiling their code each time would take half of each start.
    os.environ["PYTHONPYCACHEPREFIX"] = str(Path(__file__).parents[1] / ".venv" / "bytecode")

# No generated example is judged by how slow the machine is.
settings.register_profile("exekra", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("exekra")
