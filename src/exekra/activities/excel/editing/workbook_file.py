"""The file of a workbook that is edited: opened, and replaced whole at the end unless something else changed it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from exekra.activities.disk import explained, replacing, require_file
from exekra.activities.excel.editing.editor import Editor
from exekra.activities.excel.editing.markup import MarkupError
from exekra.activities.excel.editing.package import Package
from exekra.activities.excel.errors import CannotEditError, not_a_workbook
from exekra.sdk.context import Context

_END_BYTES = 1 << 16


@contextmanager
def edited(
    context: Context, path: Path, package_path: Path | None = None, *, recalculate: bool = False
) -> Iterator[Editor]:
    """The workbook to change; it replaces the file at the end, whole or not at all.

    Args:
        context: The step, which is told what is doubtful.
        path: The workbook.
        package_path: Where the content comes from, where that is not the workbook itself.
        recalculate: Whether the results of all formulas are computed.

    Raises:
        CannotEditError: The file changed meanwhile: what another step wrote would be lost.
    """
    source = package_path or path
    require_file(source, context)
    _warn_if_open(context, path)
    with explained(path):
        before = _state(path)
    with explained(path), source.open("rb") as stream:
        try:
            editor = Editor(context, path, Package(path, stream), recalculate)
            yield editor
            with replacing(path) as draft:
                editor.save(draft)
                stream.close()
                if _state(path) != before:
                    raise CannotEditError(
                        f"{path} was changed by another program while this step changed it. Nothing was written: run "
                        "the step again."
                    )
        except (MarkupError, UnicodeDecodeError) as error:  # A part is not what it should be.
            raise not_a_workbook(path, error) from error


def _state(path: Path) -> tuple[int, bytes] | None:
    """A workbook's size and its end, where the checksums of its parts stand; None where there is no file.

    Times and numbers of files change by themselves on network drives.
    """
    try:
        with path.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - _END_BYTES))
            return size, file.read()
    except FileNotFoundError:
        return None


def _warn_if_open(context: Context, path: Path) -> None:
    """Say so where Excel or LibreOffice has the workbook open: both leave a file beside it meanwhile."""
    for name in (f"~${path.name}", f".~lock.{path.name}#"):
        if path.with_name(name).exists():
            context.warn(
                f"{path.name} seems to be open in another program: {name} is beside it. What is saved there replaces "
                "this change."
            )
