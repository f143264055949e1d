"""Install what a command needs from the system's package manager, or say which one command to type.

Only the standard library is used here, because this runs before anything is installed.
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "src"))
from exekra.testing import chromium

FONT_FOLDER = Path("/usr/share/fonts")


class SystemPackageError(Exception):
    """Something is missing that may not or cannot be installed from here; says the command to type."""


@dataclass(frozen=True)
class Manager:
    """A package manager.

    Attributes:
        install: The words that go before the packages.
        refresh: How it learns of its packages, where it must be told to.
        needs_root: Whether only the administrator may install.
        asks: Whether it asks questions, so that a person has to type the command.
    """

    install: tuple[str, ...]
    refresh: tuple[str, ...] = ()
    needs_root: bool = True
    asks: bool = False


@dataclass(frozen=True)
class Need:
    """Something a command needs: how to tell whether it is there, and the packages that hold it, by manager."""

    name: str
    is_there: Callable[[], bool]
    packages: Mapping[str, str]


MANAGERS = {
    "apt-get": Manager(
        (
            "env",
            "DEBIAN_FRONTEND=noninteractive",
            "apt-get",
            "install",
            "-y",
            "-qq",
            "-o=Dpkg::Use-Pty=0",
            "--no-install-recommends",
        ),
        ("apt-get", "update", "-qq"),
    ),
    "dnf": Manager(("dnf", "install", "-y", "-q")),
    "zypper": Manager(("zypper", "--non-interactive", "--quiet", "install")),
    "pacman": Manager(("pacman", "-S", "--noconfirm", "--needed"), ("pacman", "-Sy", "--noconfirm")),
    "brew": Manager(("brew", "install", "--quiet"), needs_root=False),
    "winget": Manager(("winget", "install"), needs_root=False, asks=True),
}


def has_program(name: str) -> Callable[[], bool]:
    return lambda: shutil.which(name) is not None


def has_chromium() -> bool:
    try:
        chromium.chromium()
    except chromium.NoBrowserError:
        return False
    return True


def has_fonts() -> bool:
    return not sys.platform.startswith("linux") or any(FONT_FOLDER.glob("**/*.[to]t[fc]"))


def has_atomic_library() -> bool:
    """Whether the Node.js that Playwright brings can start: on Linux it needs this library beside the usual ones."""
    if not sys.platform.startswith("linux"):
        return True
    try:
        ctypes.CDLL("libatomic.so.1")
    except OSError:
        return False
    return True


def has_pip() -> bool:
    return any(importlib.util.find_spec(module) is not None for module in ("ensurepip", "pip"))


NEEDS = {
    need.name: need
    for need in (
        Need("git", has_program("git"), dict.fromkeys(MANAGERS, "git") | {"winget": "Git.Git"}),
        Need("curl", has_program("curl"), dict.fromkeys(MANAGERS, "curl") | {"winget": "cURL.cURL"}),
        Need(
            "Chromium",
            has_chromium,
            dict.fromkeys(MANAGERS, "chromium") | {"brew": "google-chrome", "winget": "Google.Chrome"},
        ),
        Need(
            "fonts",
            has_fonts,
            {
                "apt-get": "fonts-dejavu-core",
                "dnf": "dejavu-sans-fonts",
                "zypper": "dejavu-fonts",
                "pacman": "ttf-dejavu",
            },
        ),
        Need(
            "libatomic",
            has_atomic_library,
            {"apt-get": "libatomic1", "dnf": "libatomic", "zypper": "libatomic1", "pacman": "gcc-libs"},
        ),
        Need(
            "pip",
            has_pip,
            {"apt-get": "python3-venv", "dnf": "python3-pip", "zypper": "python3-pip", "pacman": "python-pip"},
        ),
    )
}


def bring(*names: str) -> None:
    """Make sure that the named needs are there; what is missing is installed where that may be done unasked.

    Raises:
        SystemPackageError: Something is still missing.
    """
    missing = absent(names)
    if not missing:
        return
    name = next((name for name in MANAGERS if shutil.which(name)), None)
    packages = [need.packages[name] for need in missing if name in need.packages] if name else []
    if name is None or not packages:
        raise SystemPackageError(f"{listed(missing)} missing. Install what is missing, and run the same command again.")
    manager = MANAGERS[name]
    elevate = elevation() if manager.needs_root else []
    if elevate is not None and not manager.asks:
        print(f"Installing {' '.join(packages)} with {name} ...", file=sys.stderr)
        if manager.refresh:
            succeeds([*elevate, *manager.refresh])  # Where this fails, an older list may still do.
        succeeds([*elevate, *manager.install, *packages])
        missing = absent(names)
        if not missing:
            return
    sudo = ["sudo"] if manager.needs_root and not is_administrator() else []
    typed = " ".join([*sudo, *manager.install, *packages])
    raise SystemPackageError(f"{listed(missing)} missing. Type `{typed}`, and run the same command again.")


def absent(names: Iterable[str]) -> list[Need]:
    importlib.invalidate_caches()
    return [NEEDS[name] for name in names if not NEEDS[name].is_there()]


def elevation() -> list[str] | None:
    """The words that go before an administrator's command; None where a password would be asked for."""
    if is_administrator():
        return []
    sudo = ["sudo", "--non-interactive"]
    return sudo if shutil.which("sudo") and succeeds([*sudo, "true"], shown=False) else None


def is_administrator() -> bool:
    return os.name != "nt" and os.geteuid() == 0


def listed(needs: Sequence[Need]) -> str:
    names = " and ".join(need.name for need in needs)
    return f"{names} {'is' if len(needs) == 1 and needs[0].name != 'fonts' else 'are'}"


def succeeds(command: list[str], *, shown: bool = True) -> bool:
    output = sys.stderr if shown else subprocess.DEVNULL
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, check=False)
    return done.returncode == 0
