"""Paths of files inside a folder that may be laid down on any system: one rule for Linux, macOS and Windows."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from exekra.kit.names import portable_name_problem

LONGEST_PATH = 200
"""The most characters of a path, to leave room for the folder that it is put into: Windows allows 260 in total."""


def normalised(path: str) -> str:
    """The path with its letters composed: macOS writes `é` as two characters, others as one."""
    return unicodedata.normalize("NFC", path)


def relative_path_problem(path: str) -> str | None:
    """Why a text is not a valid relative path, as a sentence; None if it is one."""
    if len(path) > LONGEST_PATH:
        return f"a path has at most {LONGEST_PATH} characters"
    if path.startswith("/"):
        return "a path must be relative, and so not begin with /"
    if path.endswith("/"):
        return "a path must name a file, and so not end with /"
    if "//" in path:
        return "a path must not contain //"
    for name in path.split("/"):
        if name == "..":
            return "a path must not lead out of the folder with `..`"
        problem = portable_name_problem(name)
        if problem is not None:
            return problem
    return None


def clash(paths: Iterable[str]) -> tuple[str, str] | None:
    """Two of the paths that cannot both be files of one folder; None where all can.

    Names that differ only in capitals are one file on Windows and macOS, and no file is also a folder.
    """
    files: dict[str, str] = {}
    folders: dict[str, str] = {}
    for path in paths:
        key = normalised(path).casefold()
        other = files.get(key) or folders.get(key)
        if other is not None:
            return other, path
        parts = key.split("/")
        parents = ["/".join(parts[:length]) for length in range(1, len(parts))]
        for parent in parents:
            if parent in files:
                return files[parent], path
            folders.setdefault(parent, path)
        files[key] = path
    return None
