"""Finds the Chromium or Chrome of this machine, and its arguments in tests."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

CANDIDATES = (
    "/usr/lib/chromium/chromium",  # Debian's own program, without the wrapper that adds its own arguments
    "/opt/google/chrome/chrome",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
)
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

UNUSED = (
    # Without these two Chromium prepares the lists below its address bar for each window, which nobody sees: about a
    # third of the CPU time of a page of ours.
    "WebUIOmniboxAimPopup",
    "WebUIOmniboxPopup",
    # The last list that Chromium is given counts: these are in Playwright's own, and pages depend on them.
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsFirstBalancedModeAutoEnable",
    "HttpsUpgrades",
    "LensOverlay",
    "MediaRouter",
    "OptimizationHints",
    "PaintHolding",
    "ThirdPartyStoragePartitioning",
)
"""Features of Chromium that tests of pages go without."""
QUIET = (
    "--disable-background-networking",
    "--disable-component-update",
    f"--disable-features={','.join(UNUSED)}",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    # Only this machine: a page that requests another host fails its test.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
)
"""Arguments for a browser that must only talk to this machine."""


class NoBrowserError(Exception):
    """There is no Chromium on this machine; the message says what to do."""


def chromium() -> Path:
    """The browser's program.

    Raises:
        NoBrowserError: None is installed.
    """
    named = os.environ.get("EXEKRA_CHROMIUM")
    found = [named] if named else [*CANDIDATES, *(path for name in NAMES if (path := shutil.which(name)))]
    for candidate in found:
        if Path(candidate).is_file():
            return Path(candidate)
    raise NoBrowserError(
        f"There is no program at {named}, which EXEKRA_CHROMIUM names."
        if named
        else "These tests need Chromium. Debian and Ubuntu: apt-get install chromium. Elsewhere: install Chrome, or "
        "name the program in EXEKRA_CHROMIUM."
    )


def words() -> list[str]:
    """The browser's arguments; the root account on Linux needs one more."""
    root = sys.platform.startswith("linux") and os.geteuid() == 0
    return [*QUIET, "--no-sandbox"] if root else list(QUIET)
