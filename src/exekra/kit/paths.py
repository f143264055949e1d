"""Paths as people write them."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path


def expanded(text: str) -> Path:
    """The path of a text, in which `~` is the user's folder.

    `~name` is the folder of another user only where there is such a user: Office's `~$report.xlsx` is a plain name.
    """
    path = Path(text)
    with suppress(RuntimeError):
        return path.expanduser()
    return path
