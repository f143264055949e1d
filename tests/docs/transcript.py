"""Carries a page out as a person would: saves its files, types its commands into a shell, and compares the output.

A `console` block has commands after `$ `, continued after `> `, each with its output below. `…` in an output stands
for anything. A command such as `execution=01a1fa90-…` takes the first id of the output before it.
"""

from __future__ import annotations

import os
import re
import selectors
import subprocess
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from exekra.testing.patience import PATIENCE_SECONDS

from .pages import Block

VARYING = (
    (re.compile(r"\b\d\d:\d\d:\d\d\b(?! UTC)"), "12:30:00"),
    (re.compile(r"\d+\.\d+ s\b"), "0.1 s"),
    (re.compile(r'"(at|seconds)":\d+(\.\d+)?(e-\d+)?'), r'"\1":1'),
    (re.compile(r"\b[0-9a-f]{8}-…"), "…"),
    (re.compile(r"\r"), ""),
)
"""What differs from one run to the next, and what all such are taken for."""


class Shell:
    """One shell for one page, so that a variable lives from one command to the next."""

    def __init__(self, folder: Path, environment: Mapping[str, str], prelude: str) -> None:
        self._process = subprocess.Popen(
            ["bash", "--noprofile", "--norc"],
            cwd=folder,
            env=dict(environment),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            bufsize=0,
        )
        self.last = ""
        self.run(prelude)

    def run(self, command: str) -> str:
        """Type a command; what it says until it has ended."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        end = "the-command-has-ended"
        self._process.stdin.write(f"{command}\necho; echo {end}\n".encode())
        said = b""
        limit = time.monotonic() + PATIENCE_SECONDS
        with selectors.DefaultSelector() as ready:
            ready.register(self._process.stdout, selectors.EVENT_READ)
            while not said.endswith(f"\n{end}\n".encode()):
                assert ready.select(limit - time.monotonic()), f"{command!r} does not end:\n{said.decode()}"
                read = os.read(self._process.stdout.fileno(), 65536)
                assert read, f"{command!r} ended the shell:\n{said.decode()}"
                said += read
        self.last = said.decode().removesuffix(f"\n{end}\n").rstrip("\n")
        return self.last

    @property
    def folder(self) -> Path:
        """Where it stands now."""
        return Path(os.readlink(f"/proc/{self._process.pid}/cwd"))

    def close(self) -> None:
        """End it and what it started."""
        self._process.kill()
        self._process.communicate()


def commands(block: str) -> Iterator[tuple[str, str]]:
    """The commands of a console block, each with the output that it shows."""
    for part in re.split(r"^\$ ", block, flags=re.M)[1:]:
        lines = part.splitlines()
        count = 1 + next((n for n, line in enumerate(lines[1:]) if not line.startswith("> ")), len(lines) - 1)
        typed = [lines[0], *(line.removeprefix("> ") for line in lines[1:count])]
        yield "\n".join(typed), "\n".join(lines[count:])


def carry_out(page: list[Block], shell: Shell, words: Mapping[str, str]) -> list[str]:
    """Do what the blocks of a page say, with `words` put for placeholders; every difference to what they show."""
    differences = []
    for block in page:
        text = block.text
        for placeholder, word in words.items():
            text = text.replace(placeholder, word)
        if block.file is not None:
            file = shell.folder / block.file
            with file.open("a" if block.is_addition else "w", encoding="utf-8") as target:
                target.write(text)
        elif block.language == "console":
            for command, shown in commands(text):
                said = shell.run(_filled(command, shell.last))
                if not fits(shown, said):
                    differences.append(f"line {block.line}: $ {command}\n--- shown\n{shown}\n--- said\n{said}\n")
    return differences


def fits(shown: str, said: str) -> bool:
    """Whether an output is what a page shows."""
    pattern = ".*".join(re.escape(part) for part in _levelled(shown).split("…"))
    return re.fullmatch(pattern, _levelled(said), re.S) is not None


def _levelled(text: str) -> str:
    for varying, level in VARYING:
        text = varying.sub(level, text)
    return text.strip()


def _filled(command: str, last: str) -> str:
    name, equals, value = command.partition("=")
    if equals and value.endswith("…") and name.isidentifier():
        found = re.search(r'"id": ?"([0-9a-f-]{36})"', last)
        assert found, f"no id for {command!r} in:\n{last}"
        return f"{name}={found[1]}"
    return command
