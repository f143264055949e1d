"""`make coverage`: run tests and show what they cover, in all the processes that they start.

It is a command of its own because measuring slows Python down; `make test` does without.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main(arguments: list[str]) -> int:
    """Run the tests with pytest's arguments; the tests' own verdict is the status."""
    with tempfile.TemporaryDirectory(prefix="exekra-coverage-") as folder:
        # What is measured is named by absolute paths: the processes that tests start run in other folders.
        environment = {**os.environ, "COVERAGE_FILE": str(Path(folder) / "data")}
        coverage = [sys.executable, "-m", "coverage"]
        tests = [*coverage, "run", "-m", "pytest", *arguments]
        status = subprocess.run(tests, cwd=ROOT, env=environment, check=False).returncode
        subprocess.run([*coverage, "combine", "--quiet"], cwd=ROOT, env=environment, check=True)
        subprocess.run([*coverage, "report"], cwd=ROOT, env=environment, check=True)
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
