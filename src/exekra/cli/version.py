"""`exekra version`: the installed version."""

from __future__ import annotations

import argparse
import platform
from importlib.metadata import version

SUMMARY = "Show the version."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """There are none."""


def run(arguments: argparse.Namespace) -> int:
    """Print one line: Exekra's version, Python's, and the system."""
    print(f"exekra {version('exekra')} (Python {platform.python_version()}, {platform.system()} {platform.machine()})")
    return 0
