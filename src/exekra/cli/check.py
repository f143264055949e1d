"""`exekra check`: find problems in workflow files without running them."""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
import textwrap
from pathlib import Path

import msgspec

from exekra.cli.flow_files import problems_of
from exekra.flow.advice.rules import RULES
from exekra.sdk.errors import SettingsError

SUMMARY = "Check workflow files without running them."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The files, and the output format."""
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help="a workflow file (YAML or JSON)")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--rules", action="store_true", help="list the rules behind the warnings instead")


def run(arguments: argparse.Namespace) -> int:
    """Print all problems; 0 if there are no errors among them, otherwise 2.

    Raises:
        SettingsError: No file is named.
    """
    if arguments.rules:
        _print_rules(as_json=arguments.json)
        return 0
    if not arguments.files:
        raise SettingsError("Name at least one workflow file, such as orders.flow.yaml.")
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


def _print_rules(*, as_json: bool) -> None:
    if as_json:
        print(json.dumps([dataclasses.asdict(rule) for rule in RULES.values()], indent=1, ensure_ascii=False))
        return
    for rule in RULES.values():
        print(f"{rule.code}: {rule.title}.")
        print(textwrap.fill(rule.why, width=100, initial_indent="    ", subsequent_indent="    "))
