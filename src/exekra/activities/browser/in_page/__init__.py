"""Functions that run in the page: JavaScript, each in a file of its own."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def script(name: str) -> str:
    """The text of a function, from the file of that name."""
    return files(__name__).joinpath(f"{name}.js").read_text(encoding="utf-8")
