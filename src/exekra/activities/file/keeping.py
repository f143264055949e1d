"""Keeps a file with the execution."""

from __future__ import annotations

from dataclasses import dataclass

from exekra.sdk.activity import activity
from exekra.sdk.context import Context
from exekra.sdk.errors import KeepFileError
from exekra.sdk.types import ExistingFile, Text

CATEGORY = "File and Folder"
ICON = "file"


@dataclass(frozen=True, slots=True)
class Kept:
    """The file that is kept.

    Attributes:
        name: Its name in the list of the execution's files.
        size: Bytes.
    """

    name: str
    size: int


@activity(id="file.keep", title="Keep file", raises=(KeepFileError,), blocking=True)
def keep(context: Context, /, *, path: ExistingFile, name: Text = "") -> Kept:
    """Keep a copy of a file with the execution.

    People see and download it on the execution's page, in the tab Files. Without a Hub the copy is put into the folder
    `kept-files` next to the workflow.

    Args:
        path: The file.
        name: How it is called in the list; the file's own name when this is empty.
    """
    kept = context.keep_file(path, name=name or None)
    return Kept(name=kept.name, size=kept.size)
