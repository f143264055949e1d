"""How long a test waits for what must happen: so long that no machine is too slow, and only a failure waits it out."""

import os

PATIENCE_SECONDS = float(os.environ.get("EXEKRA_PATIENCE_SECONDS", "120"))
"""Whoever works on a test that fails may set EXEKRA_PATIENCE_SECONDS to hear of it sooner."""
