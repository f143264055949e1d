"""File names that are safe on every system that a file may be stored on."""

from __future__ import annotations

import re
import unicodedata

LONGEST_NAME = 255
"""The most bytes of a name in UTF-8, as file systems count."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""Characters that no name needs: some break headers and logs, others reverse the direction of text."""
_NOT_ON_WINDOWS = re.compile(r'[<>:"|?*]')
_DEVICE = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])\s*(?:\.|$)", re.IGNORECASE)


def file_name_problem(name: str) -> str | None:
    """Why a text is not a valid file name, as a sentence; None if it is valid."""
    if not name.strip():
        return "a file name must not be empty"
    if name in {".", ".."}:
        return f"`{name}` is the name of a folder"
    if "/" in name or "\\" in name:
        return "a file name must not contain / or \\"
    if _CONTROL.search(name):
        return "a file name must not contain control characters"
    if len(name.encode()) > LONGEST_NAME:
        return f"a file name must have at most {LONGEST_NAME} bytes"
    return None


def portable_name_problem(name: str) -> str | None:
    """Why a text is not a file name that every system can have, as a sentence; None if it is one."""
    problem = file_name_problem(name)
    if problem is not None:
        return problem
    if _NOT_ON_WINDOWS.search(name):
        return 'Windows allows none of < > : " | ? * in a file name'
    if _DEVICE.match(name):
        return f"Windows reserves the name {name.partition('.')[0]}"
    if name != name.strip() or name.endswith("."):
        return "a file name must not begin or end with a space, or end with a full stop"
    return None


def portable_file_name(name: str) -> str:
    """A valid file name as it can be used on Windows too, on every system the same: `_` for what cannot be in it."""
    clean = _NOT_ON_WINDOWS.sub("_", name).rstrip(" .") or "_"
    return safe_file_name(f"_{clean}") if _DEVICE.match(clean) else clean


def safe_file_name(name: str) -> str:
    """The nearest valid file name: forbidden characters become `_`, and a name that is too long is cut before the
    extension.
    """
    clean = unicodedata.normalize("NFC", name)
    clean = _CONTROL.sub("_", clean.replace("/", "_").replace("\\", "_")).strip()
    if clean in {"", ".", ".."}:
        return "file"
    stem, dot, ending = clean.rpartition(".")
    if not stem or len(ending.encode()) > 20:
        stem, dot, ending = clean, "", ""
    room = LONGEST_NAME - len(f"{dot}{ending}".encode())
    return stem.encode()[:room].decode(errors="ignore") + dot + ending
