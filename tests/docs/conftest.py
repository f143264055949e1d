"""Platforms on which the commands of the pages are tried out."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from exekra.testing.folders import make_folder
from exekra.testing.patience import PATIENCE_SECONDS

from .pages import ROOT
from .transcript import Shell

BIN = Path(sys.executable).parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """A running `exekra up` of a person whose own folder is `person`; `said` is what it said up to "Ready"."""

    person: Path
    port: int
    said: str

    @property
    def password(self) -> str:
        """The first administrator's, which the first start shows."""
        found = re.search(r"password (\S+)  \(only shown this once\)", self.said)
        assert found, self.said
        return found[1]

    def words(self) -> dict[str, str]:
        """What this platform has for the placeholders of a page."""
        return {"4545": str(self.port), "THE-PASSWORD": self.password}


def environment(person: Path) -> dict[str, str]:
    """What the programs of that person see."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("EXEKRA_")}
    path = f"{BIN}{os.pathsep}{clean['PATH']}"
    settings = {"EXEKRA_REQUESTS_PER_MINUTE": "0", "EXEKRA_PASSWORD_ROUNDS": "4"}
    return clean | {"HOME": str(person), "PATH": path, "TZ": "UTC"} | settings


@pytest.fixture(scope="package")
def start_platform() -> Iterator[Callable[..., Platform]]:
    """Starts platforms, each with a folder of its own; they are stopped after the last page."""
    started: list[tuple[subprocess.Popen[bytes], Path]] = []

    def start(*words: str) -> Platform:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port: int = probe.getsockname()[1]
        person = make_folder("exekra-person-")
        said = person / "said.txt"
        with said.open("w") as file:
            process = subprocess.Popen(
                [sys.executable, "-m", "exekra.cli.main", "up", "--port", str(port), *words],
                env=environment(person),
                stdout=file,
                stderr=subprocess.STDOUT,
            )
        started.append((process, person))
        limit = time.monotonic() + PATIENCE_SECONDS
        while not (ready := re.search(r".*^Ready in [^\n]*\n", said.read_text(), re.M | re.S)):
            assert process.poll() is None, f"it ended:\n{said.read_text()}"
            assert time.monotonic() < limit, f"it is not ready:\n{said.read_text()}"
            time.sleep(0.05)
        return Platform(person=person, port=port, said=ready[0])

    yield start
    for process, _ in started:
        process.terminate()
    for process, person in started:
        process.wait(timeout=PATIENCE_SECONDS)
        shutil.rmtree(person, ignore_errors=True)


@pytest.fixture(scope="package")
def platform(start_platform: Callable[..., Platform]) -> Platform:
    """The platform that most pages share."""
    return start_platform()


@pytest.fixture
def new_shell() -> Iterator[Callable[..., Shell]]:
    """Makes shells for people; they are closed at the end."""
    made: list[Shell] = []

    def make(platform: Platform, prelude: str = "", folder: Path = ROOT) -> Shell:
        made.append(Shell(folder, environment(platform.person), prelude))
        return made[-1]

    yield make
    for shell in made:
        shell.close()
