"""`make check`: format, lint, types, floors and house rules side by side, each with its own verdict line.

With `--web`, those of the web pages beside them.
"""

from __future__ import annotations

import asyncio
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent

CHECKS: dict[str, list[str]] = {
    "types": [str(BIN / "mypy")],
    "floors": [str(BIN / "lint-imports")],
    "house": [sys.executable, "-m", "pytest", "-q", "tests/house"],
    "format": [str(BIN / "ruff"), "format", "--check"],
    "lint": [str(BIN / "ruff"), "check"],
}
WEB = {"web": [sys.executable, str(ROOT / "tools" / "build_web.py"), "check"]}


async def main(arguments: list[str]) -> int:
    """Make the checks; 0 when all pass."""
    checks = CHECKS | (WEB if "--web" in arguments else {})
    verdicts = await asyncio.gather(*(check(name, command) for name, command in checks.items()))
    return 0 if all(verdicts) else 1


async def check(name: str, command: list[str]) -> bool:
    """Run one check and print its verdict; what it says is shown only when it fails."""
    started = time.monotonic()
    process = await asyncio.create_subprocess_exec(
        *command, cwd=ROOT, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    output, _ = await process.communicate()
    passed = process.returncode == 0
    print(f"{'ok  ' if passed else 'FAIL'} {name:8} {time.monotonic() - started:5.1f} s", flush=True)
    if not passed:
        print(output.decode(errors="replace"), flush=True)
    return passed


if __name__ == "__main__":
    sys.exit(asyncio.run(main(sys.argv[1:])))
