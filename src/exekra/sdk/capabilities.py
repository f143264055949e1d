"""What a machine can have and an activity may need, by name.

An activity says what it needs (`@activity(needs=("display",))`), or the resource that it uses does. A Runner finds out
what its machine has; an execution goes only where everything is there that its activities need. A package adds
capabilities under the entry point group `exekra.capabilities`: each name is a capability, and what stands behind it is
a function without parameters that gives whether this machine has it.
"""

from __future__ import annotations

import importlib.metadata
import os
import shutil
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

ENTRY_POINTS = "exekra.capabilities"

BROWSER = "browser"
"""A browser of the Chromium family, or Firefox."""

DISPLAY = "display"
"""A desktop on which windows can be shown."""

OFFICE = "office"
"""Microsoft Office, which only Windows has."""

LIBREOFFICE = "libreoffice"
"""LibreOffice."""

_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge", "microsoft-edge", "firefox")
_INSTALLED_BROWSERS = (
    "/Applications/Google Chrome.app",
    "/Applications/Microsoft Edge.app",
    "/Applications/Firefox.app",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
    r"C:\Program Files\Mozilla Firefox\firefox.exe",
)
_INSTALLED_LIBREOFFICE = ("/Applications/LibreOffice.app", r"C:\Program Files\LibreOffice\program\soffice.exe")


def available(needed: Iterable[str]) -> tuple[str, ...]:
    """Those of the needed capabilities that this machine has, sorted. One that nobody can look for is not there."""
    finders = _finders()
    return tuple(sorted(name for name in set(needed) if name in finders and _has(finders[name])))


def _finders() -> Mapping[str, Callable[[], bool]]:
    found: dict[str, Callable[[], bool]] = {
        point.name: lambda point=point: bool(point.load()())  # type: ignore[misc]  # Each keeps its own.
        for point in importlib.metadata.entry_points(group=ENTRY_POINTS)
    }
    own = {BROWSER: _has_browser, DISPLAY: _has_display, OFFICE: _has_office, LIBREOFFICE: _has_libreoffice}
    return found | own


def _has(find: Callable[[], bool]) -> bool:
    try:
        return find()
    except Exception:  # What cannot be looked for is not there.
        return False


def _has_browser() -> bool:
    return any(map(shutil.which, _BROWSERS)) or _exists(_INSTALLED_BROWSERS)


def _has_display() -> bool:
    if sys.platform == "win32":
        return os.environ.get("SESSIONNAME", "Services") != "Services"
    return sys.platform == "darwin" or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _has_office() -> bool:
    if sys.platform == "win32":
        import winreg  # noqa: PLC0415 - Windows only

        winreg.OpenKey(winreg.HKEY_CLASSES_ROOT, r"Excel.Application\CLSID").Close()
        return True
    return False


def _has_libreoffice() -> bool:
    return any(map(shutil.which, ("soffice", "libreoffice"))) or _exists(_INSTALLED_LIBREOFFICE)


def _exists(paths: Iterable[str]) -> bool:
    return any(Path(path).exists() for path in paths)
