"""What `make test` does about system packages that are missing, with package managers and `sudo` that are scripts."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

import system_packages
from system_packages import NEEDS, SystemPackageError, bring

# Installs by writing programs of the packages' names; each call is noted.
MANAGER = """#!/bin/sh
echo "$(basename "$0") $*" >>"{folder}/calls"
for word in "$@"; do
    case "$word" in git|curl) echo "#!/bin/sh" >"{folder}/$word"; chmod +x "{folder}/$word";; esac
done
"""
SUDO = """#!/bin/sh
shift  # --non-interactive
exec "$@"
"""
SUDO_THAT_ASKS = "#!/bin/sh\nexit 1\n"
BROKEN = "#!/bin/sh\nexit 100\n"


class Machine:
    """A machine with nothing on its PATH but the programs given."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def program(self, name: str, text: str) -> None:
        file = self.folder / name
        file.write_text(text.replace("{folder}", str(self.folder)))
        file.chmod(0o755)

    @property
    def calls(self) -> list[str]:
        file = self.folder / "calls"
        return file.read_text().splitlines() if file.exists() else []


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    for name in ("sh", "env", "basename", "chmod", "true"):
        (tmp_path / name).symlink_to(
            Path("/usr/bin") / name if Path("/usr/bin", name).exists() else Path("/bin") / name
        )
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(system_packages, "is_administrator", lambda: False)
    return Machine(tmp_path)


def test_nothing_is_called_when_nothing_is_missing(machine: Machine) -> None:
    machine.program("apt-get", MANAGER)
    machine.program("git", "#!/bin/sh\n")
    bring("git")
    assert machine.calls == []


def test_the_administrator_installs_what_is_missing(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system_packages, "is_administrator", lambda: True)
    machine.program("apt-get", MANAGER)
    bring("git", "curl")
    assert machine.calls == [
        "apt-get update -qq",
        "apt-get install -y -qq -o=Dpkg::Use-Pty=0 --no-install-recommends git curl",
    ]


def test_sudo_installs_where_it_asks_no_password(machine: Machine) -> None:
    machine.program("sudo", SUDO)
    machine.program("dnf", MANAGER)
    bring("git")
    assert machine.calls == ["dnf install -y -q git"]


@pytest.mark.parametrize("sudo", [None, SUDO_THAT_ASKS])
def test_otherwise_one_command_to_type(machine: Machine, sudo: str | None) -> None:
    if sudo:
        machine.program("sudo", sudo)
    machine.program("pacman", MANAGER)
    with pytest.raises(SystemPackageError) as caught:
        bring("git", "curl")
    assert str(caught.value) == (
        "git and curl are missing. Type `sudo pacman -S --noconfirm --needed git curl`, and run the same command again."
    )
    assert machine.calls == []


def test_homebrew_needs_no_administrator(machine: Machine) -> None:
    machine.program("brew", MANAGER)
    bring("git")
    assert machine.calls == ["brew install --quiet git"]


def test_an_installation_that_fails_says_what_to_type(machine: Machine) -> None:
    machine.program("sudo", SUDO)
    machine.program("zypper", BROKEN)
    with pytest.raises(SystemPackageError, match=r"^git is missing\. Type `sudo zypper .* git`"):
        bring("git")


def test_a_system_without_a_known_manager(machine: Machine) -> None:
    with pytest.raises(SystemPackageError, match=r"^curl is missing\. Install what is missing"):
        bring("curl")


@pytest.mark.skipif(os.name == "nt", reason="Windows brings its fonts")
def test_fonts_are_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system_packages, "FONT_FOLDER", tmp_path)
    monkeypatch.setattr(sys, "platform", "linux")
    assert not NEEDS["fonts"].is_there()
    (tmp_path / "truetype").mkdir()
    (tmp_path / "truetype" / "one.ttf").touch()
    assert NEEDS["fonts"].is_there()
