"""`make bench`: run every bench behind a claim, one after the other, and show their figures in one table."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

BENCHES = Path(__file__).resolve().parent.parent / "bench"
LIMIT_SECONDS = 300


def main(names: list[str]) -> int:
    files = [BENCHES / f"{name.removesuffix('.py')}.py" for name in names] or sorted(claims())
    rows = [run(file) for file in files]
    print()
    print(f"{'bench':18} {'measured':>14} {'goal':>14} unit")
    for name, figure in rows:
        print(
            f"{name:18} {figure.get('value', 'failed')!s:>14} {figure.get('goal', '')!s:>14} {figure.get('unit', '')}"
        )
    return 0 if all(figure for _, figure in rows) else 1


def claims() -> list[Path]:
    """The files that can be run; the others are what they share."""
    return [file for file in BENCHES.glob("*.py") if "__main__" in file.read_text(encoding="utf-8")]


def run(file: Path) -> tuple[str, dict[str, object]]:
    """One bench: its table goes to the terminal, its last line (a JSON object) into ours; empty when it failed."""
    print(f"== {file.stem}", flush=True)
    try:
        process = subprocess.run(
            [sys.executable, file], capture_output=True, text=True, check=False, timeout=LIMIT_SECONDS
        )
    except subprocess.TimeoutExpired:
        print(f"gave up after {LIMIT_SECONDS} s", flush=True)
        return file.stem, {}
    *table, last = process.stdout.splitlines() or [""]
    print("\n".join(table), flush=True)
    try:
        figure = json.loads(last)
    except ValueError:
        print(f"{last}\n{process.stderr}", flush=True)
        return file.stem, {}
    return file.stem, figure


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
