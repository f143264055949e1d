"""Tracebacks that show where in the code an error happened, without the machine's folders."""

from __future__ import annotations

import os
import sys
import traceback

MOST_FRAMES = 20


def portable_traceback(error: BaseException) -> str:
    """The traceback of an exception, its innermost frames only, with files named as packages name them.

    `/opt/somewhere/lib/python3.12/site-packages/shop/orders.py` is shown as `shop/orders.py`.
    """
    formatted = traceback.TracebackException.from_exception(error, limit=-MOST_FRAMES)
    _shorten(formatted, set())
    return "".join(formatted.format())


def _shorten(formatted: traceback.TracebackException, seen: set[int]) -> None:
    if id(formatted) in seen:
        return
    seen.add(id(formatted))
    for frame in formatted.stack:
        frame.filename = _portable(frame.filename)
    if isinstance(getattr(formatted, "filename", None), str):  # A SyntaxError has a file name of its own.
        formatted.filename = _portable(formatted.filename)
    for other in (formatted.__cause__, formatted.__context__, *(formatted.exceptions or ())):
        if other is not None:
            _shorten(other, seen)


def _portable(file: str) -> str:
    if not os.path.isabs(file):
        return file
    folders = sorted((folder for folder in sys.path if os.path.isabs(folder)), key=len, reverse=True)
    for folder in folders:
        if file.startswith(os.path.join(folder, "")):
            return os.path.relpath(file, folder).replace(os.sep, "/")
    return os.path.basename(file)
