"""Finds the browsers of this machine."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import Literal

from exekra.activities.browser.errors import BrowserMissingError

Kind = Literal["any", "chromium", "chrome", "edge", "firefox"]

_NAMES: dict[str, tuple[str, ...]] = {
    "chrome": ("google-chrome", "google-chrome-stable", "chrome"),
    "edge": ("microsoft-edge", "microsoft-edge-stable", "msedge"),
    "chromium": ("chromium", "chromium-browser"),
}
_PLACES: dict[str, tuple[str, ...]] = {
    "chrome": (
        "/opt/google/chrome/chrome",
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        r"{PROGRAMFILES}\Google\Chrome\Application\chrome.exe",
        r"{PROGRAMFILES(X86)}\Google\Chrome\Application\chrome.exe",
        r"{LOCALAPPDATA}\Google\Chrome\Application\chrome.exe",
    ),
    "edge": (
        "/opt/microsoft/msedge/msedge",
        "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
        r"{PROGRAMFILES(X86)}\Microsoft\Edge\Application\msedge.exe",
        r"{PROGRAMFILES}\Microsoft\Edge\Application\msedge.exe",
    ),
    # Debian's own program first: the wrapper on the PATH adds arguments of its own.
    "chromium": ("/usr/lib/chromium/chromium", "/Applications/Chromium.app/Contents/MacOS/Chromium"),
}
_TITLES = {"chrome": "Google Chrome", "edge": "Microsoft Edge", "chromium": "Chromium"}


def program(kind: Kind) -> str | None:
    """The program of a browser; None for Firefox, which the driver brings itself.

    Raises:
        BrowserMissingError: It is not installed.
    """
    if kind == "firefox":
        return None
    kinds = tuple(_NAMES) if kind == "any" else (kind,)
    for one in kinds:
        for place in (*map(_expanded, _PLACES[one]), *map(shutil.which, _NAMES[one])):
            if place and Path(place).is_file():
                return place
    wanted = "Chrome, Edge or Chromium" if kind == "any" else _TITLES[kind]
    raise BrowserMissingError(f"This machine has no {wanted}. {how_to_install()}")


def how_to_install() -> str:
    """What to do on this machine, in a sentence."""
    return {
        "linux": "Install one: `apt-get install chromium` on Debian, or Google Chrome from its own package.",
    }.get(sys.platform, "Install Google Chrome or Microsoft Edge.")


def _expanded(place: str) -> str | None:
    if not place.startswith("{"):
        return place
    variable, _, rest = place[1:].partition("}")
    folder = os.environ.get(variable)
    return folder + rest if folder else None
