"""The command `exekra`: finds the module of the command asked for, and turns errors into one sentence and a status.

A command is a module with `SUMMARY`, `add_arguments(parser)` and `run(arguments) -> int`. Only the module that is
asked for is imported, so that `exekra run` starts fast.
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
"""Each command and the module that carries it out."""

DONE, FAILED, REFUSED, INTERRUPTED = 0, 1, 2, 130
"""Exit statuses: it worked; it failed; the arguments or the file are wrong; Ctrl-C."""


class Command(Protocol):
    """What a command's module offers."""

    SUMMARY: str

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Say which arguments the command takes."""
        ...

    def run(self, arguments: argparse.Namespace) -> int:
        """Carry it out; the exit status."""
        ...


def main(words: Sequence[str] | None = None) -> int:
    """Run one command line, without the program's name; the exit status."""
    words = list(sys.argv[1:] if words is None else words)
    debug = os.environ.get("EXEKRA_DEBUG") == "1"
    if words[:1] == ["--debug"]:
        debug = True
        del words[0]
    if isinstance(sys.stdout, io.TextIOWrapper):  # What a terminal or file cannot hold is printed as an escape.
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        return _dispatch(words)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has seen enough; the interpreter shall not stumble over it while it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except Exception as error:
        # The last border: whatever happens, a person reads one sentence.
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
        raise SettingsError(f"There is no command {name!r}. {hint}")
    command = load_command(name)
    parser = argparse.ArgumentParser(prog=f"exekra {name}", description=command.SUMMARY)
    command.add_arguments(parser)
    return command.run(parser.parse_args(words[1:]))


def load_command(name: str) -> Command:
    """Import the module of a command.

    Raises:
        SettingsError: It needs a package that this installation was made without.
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
    """What a person reads; an error that nobody foresaw says how to see more of it."""
    if isinstance(error, ExekraError):
        return error.message
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        return f"The disk is full{f' ({error.filename})' if error.filename else ''}. Free some space."
    if isinstance(error, OSError) and error.strerror:
        return f"{error.strerror}{f': {error.filename}' if error.filename else ''}."
    return f"Unexpected {type(error).__name__}: {error}. `exekra --debug ...` shows where."


if __name__ == "__main__":
    sys.exit(main())
