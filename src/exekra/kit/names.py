"""File names that are safe on every system that a file may be laid down on."""

from __future__ import annotations

import re
import unicodedata

LONGEST_NAME = 255
"""Bytes of a name in UTF-8, as file systems count."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""Characters that no name needs: some break headers and logs, others turn the direction of text around."""
_NOT_ON_WINDOWS = re.compile(r'[<>:"|?*]')
_DEVICE = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])\s*(?:\.|$)", re.IGNORECASE)


def file_name_problem(name: str) -> str | None:
    """Why a text is not a valid file name, as a sentence; None when it is one."""
    if not name or name in {".", ".."}:
        return "a file needs a name"
    if "/" in name or "\\" in name:
        return "a file name holds no / and no \\"
    if _CONTROL.search(name):
        return "a file name holds no control characters"
    if len(name.encode()) > LONGEST_NAME:
        return f"a file name has at most {LONGEST_NAME} bytes"
    return None


def portable_file_name(name: str) -> str:
    """A valid file name as it can be used on Windows too, on every system the same: `_` for what cannot be in it."""
    clean = _NOT_ON_WINDOWS.sub("_", name).rstrip(" .") or "_"
    return f"_{clean}" if _DEVICE.match(clean) else clean


def safe_file_name(name: str) -> str:
    """The nearest valid file name: what is not allowed becomes `_`, and what is too long is cut before the ending."""
    clean = unicodedata.normalize("NFC", name)
    clean = _CONTROL.sub("_", clean.replace("/", "_").replace("\\", "_")).strip()
    if clean in {"", ".", ".."}:
        return "file"
    stem, dot, ending = clean.rpartition(".")
    if not stem or len(ending.encode()) > 20:
        stem, dot, ending = clean, "", ""
    room = LONGEST_NAME - len(f"{dot}{ending}".encode())
    return stem.encode()[:room].decode(errors="ignore") + dot + ending
