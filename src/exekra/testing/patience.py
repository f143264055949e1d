"""How long a test waits for what must happen: long enough for any machine, so only a failure takes it all."""

import os

PATIENCE_SECONDS = float(os.environ.get("EXEKRA_PATIENCE_SECONDS", "120"))
"""While you work on a failing test, set EXEKRA_PATIENCE_SECONDS to see the failure sooner."""
