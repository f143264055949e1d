"""Web pages in a real browser: open one, find elements, act on them, read them, and take files from them."""

from exekra.activities.browser import (
    acting,
    capturing,
    files,
    navigation,
    opening,
    reading,
    scripts,
    tables,
    tabs,
    waiting,
)

CATEGORY = "Browser"

__all__ = [
    "acting",
    "capturing",
    "files",
    "navigation",
    "opening",
    "reading",
    "scripts",
    "tables",
    "tabs",
    "waiting",
]
