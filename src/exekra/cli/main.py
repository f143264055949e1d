"""The command `exekra`: finds the module of the requested command, and turns errors into one sentence and a status.

A command is a module with `SUMMARY`, `add_arguments(parser)` and `run(arguments) -> int`. Only the requested module is
imported, so that `exekra run` starts fast.
"""

from __future__ import annotations

import argparse
import difflib
import errno
import io
import os
import sys
import traceback
from collections.abc import Sequence
from importlib import import_module
from typing import Protocol, cast

from exekra.sdk.errors import DocumentError, ExekraError, SettingsError

COMMANDS = {
    "up": "exekra.cli.up",
    "hub": "exekra.cli.hub",
    "runner": "exekra.cli.runner",
    "run": "exekra.cli.run",
    "check": "exekra.cli.check",
    "activities": "exekra.cli.activities",
    "version": "exekra.cli.version",
}
"""Each command and its module."""

DONE, FAILED, REFUSED, INTERRUPTED = 0, 1, 2, 130
"""Exit statuses: it worked; it failed; the arguments or the file are wrong; Ctrl-C."""


class Command(Protocol):
    """The interface of a command's module."""

    SUMMARY: str

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare the arguments of the command."""
        ...

    def run(self, arguments: argparse.Namespace) -> int:
        """Run the command; returns the exit status."""
        ...


def main(words: Sequence[str] | None = None) -> int:
    """Run one command line, without the program's name; returns the exit status."""
    words = list(sys.argv[1:] if words is None else words)
    debug = os.environ.get("EXEKRA_DEBUG") == "1"
    if words[:1] == ["--debug"]:
        debug = True
        del words[0]
    if isinstance(sys.stdout, io.TextIOWrapper):  # What the terminal or file cannot represent is printed as an escape.
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        return _dispatch(words)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # The reader has closed our output; this keeps the interpreter from failing on it at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except Exception as error:
        # The last resort: whatever happens, the user reads one sentence.
        if debug:
            traceback.print_exc()
        print(f"error: {_sentence(error)}", file=sys.stderr)
        return REFUSED if isinstance(error, DocumentError | SettingsError) else FAILED


def _dispatch(words: list[str]) -> int:
    if not words or words[0] in {"-h", "--help", "help"}:
        _print_overview()
        return DONE if words else REFUSED
    name = {"--version": "version"}.get(words[0], words[0])
    if name not in COMMANDS:
        near = difflib.get_close_matches(name, COMMANDS, n=1)
        hint = f"Did you mean {near[0]}?" if near else "See exekra --help."
        raise SettingsError(f"There is no command named {name!r}. {hint}")
    command = load_command(name)
    parser = argparse.ArgumentParser(prog=f"exekra {name}", description=command.SUMMARY)
    command.add_arguments(parser)
    return command.run(parser.parse_args(words[1:]))


def load_command(name: str) -> Command:
    """Import the module of a command.

    Raises:
        SettingsError: It needs a package that is not installed here.
    """
    try:
        return cast("Command", import_module(COMMANDS[name]))
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] == "exekra":
            raise
        part = {"up": "hub,runner", "hub": "hub", "runner": "runner"}.get(name, "hub,runner")
        raise SettingsError(
            f"`exekra {name}` needs the package {error.name}, which is not installed: pip install 'exekra[{part}]'."
        ) from None


def _print_overview() -> None:
    print("usage: exekra [--debug] COMMAND ...\n\nOn-premise robotic process automation.\n\ncommands:")
    for name in COMMANDS:
        print(f"  {name:12} {load_command(name).SUMMARY}")
    print("\n`exekra COMMAND --help` shows more.")


def _sentence(error: Exception) -> str:
    """The message for the user; an unexpected error says how to get more details."""
    if isinstance(error, ExekraError):
        return error.message
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        return f"The disk is full{f' ({error.filename})' if error.filename else ''}. Free some space."
    if isinstance(error, OSError) and error.strerror:
        return f"{error.strerror}{f': {error.filename}' if error.filename else ''}."
    return f"Unexpected {type(error).__name__}: {error}. `exekra --debug ...` shows where."


if __name__ == "__main__":
    sys.exit(main())
