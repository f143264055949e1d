"""Functions on paths of files. They work on the text alone and take both `/` and `\\` for separators."""

from __future__ import annotations

from exekra.flow.expressions.functions import function
from exekra.flow.expressions.work import Work


def _divide(path: str) -> tuple[str, str]:
    """What stands before the last separator, and after it."""
    cut = max(path.rfind("/"), path.rfind("\\"))
    return path[: max(cut, 0)] or path[: cut + 1], path[cut + 1 :]


@function("path")
def file_name(path: str) -> str:
    """Give a file's name without its folder.

    Examples:
        file_name("C:\\\\out\\\\report.xlsx") == "report.xlsx"
    """
    return _divide(path)[1]


@function("path")
def file_stem(path: str) -> str:
    """Give a file's name without folder and extension.

    Examples:
        file_stem("/out/report.2026.xlsx") == "report.2026"
        file_stem(".profile") == ".profile"
    """
    name = _divide(path)[1]
    return name[: len(name) - len(file_extension(path))]


@function("path")
def file_extension(path: str) -> str:
    """Give a file's extension with its point, or an empty text.

    Examples:
        file_extension("report.xlsx") == ".xlsx"
        file_extension("README") == ""
    """
    name = _divide(path)[1]
    point = name.rfind(".")
    return name[point:] if point > 0 else ""


@function("path")
def folder(path: str) -> str:
    """Give the folder that a file is in; empty for a bare name.

    Examples:
        folder("/out/2026/report.xlsx") == "/out/2026"
        folder("report.xlsx") == ""
    """
    return _divide(path)[0]


@function("path")
def join_path(work: Work, *parts: str) -> str:
    """Join folders and a name with `/`; empty parts are left out.

    Examples:
        join_path("/out", "2026/", "report.xlsx") == "/out/2026/report.xlsx"
    """
    work.make_text(sum(map(len, parts)) + len(parts))
    made = ""
    for part in parts:
        if part and made and not made.endswith(("/", "\\")):
            made += "/"
        made += part.lstrip("/") if made else part
    return made
