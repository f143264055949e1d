"""`exekra check`: find what is wrong with workflow files without running them."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import msgspec

from exekra.cli.flow_files import problems_of

SUMMARY = "Check workflow files without running them."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The files, and how to tell what was found."""
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="a workflow file (YAML or JSON)")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(arguments: argparse.Namespace) -> int:
    """Print all problems; 0 when there are no errors among them, otherwise 2."""
    found = {path: problems_of(path) for path in arguments.files}
    errors = sum(problem.severity == "error" for problems in found.values() for problem in problems)
    if arguments.json:
        files = [
            {"file": str(path), "problems": [msgspec.to_builtins(problem) for problem in problems]}
            for path, problems in found.items()
        ]
        print(json.dumps({"errors": errors, "files": files}, indent=1, ensure_ascii=False))
    else:
        for path, problems in found.items():
            for problem in problems:
                print(f"{path}: {problem.severity}: {problem.text}")
            if not problems:
                print(f"{path}: no problems", file=sys.stderr)
    return 2 if errors else 0
