"""What every test may ask for: `postgres`, `database_url` and `empty_database_url` (see exekra.testing.postgres)."""

import os
from pathlib import Path

pytest_plugins = ["exekra.testing.postgres"]

if os.environ.pop("PYTHONDONTWRITEBYTECODE", None):
    # Hundreds of Hubs and Runners are started; compiling their code each time would take half of each start.
    os.environ["PYTHONPYCACHEPREFIX"] = str(Path(__file__).parents[1] / ".venv" / "bytecode")
