"""What is in a folder, and what a file is."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Literal

from annotated_types import Ge, Le

from exekra.activities.disk import READ_ERRORS, FileAccessError, explained, missing
from exekra.activities.file.patterns import matches
from exekra.kit.text import well_formed
from exekra.sdk.activity import activity
from exekra.sdk.context import Context
from exekra.sdk.errors import InputError
from exekra.sdk.table import Table, TableWriter
from exekra.sdk.types import ExistingFile, FilePath, FolderPath, Text

CATEGORY = "File and Folder"
ICON = "folder"

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST, _LAST = datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC)
_COLUMNS = ("path", "name", "folder", "extension", "kind", "size", "modified")


@dataclass(frozen=True, slots=True)
class Listed:
    """What was found.

    Attributes:
        files: A row for each, with path, name, folder, extension (such as .pdf), kind (file or folder), size in bytes,
            and modified (date and time).
        count: The number of rows.
        notes: What was left out, or looked odd.
    """

    files: Table
    count: int
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Existence:
    """Whether it is there.

    Attributes:
        exists: Whether there is a file or folder of that name.
        kind: file, folder, or nothing.
        path: The absolute path.
    """

    exists: bool
    kind: Literal["file", "folder", "nothing"]
    path: str


@dataclass(frozen=True, slots=True)
class Information:
    """What is known of a file or folder.

    Attributes:
        path: The absolute path.
        name: The name, such as report.pdf.
        stem: The name without the extension, such as report.
        extension: The extension with its dot, such as .pdf; empty if there is none.
        folder: The folder it is in.
        kind: file or folder.
        size: The size in bytes; 0 for a folder.
        modified: When its content last changed.
    """

    path: str
    name: str
    stem: str
    extension: str
    folder: str
    kind: Literal["file", "folder"]
    size: int
    modified: datetime


@activity(id="file.list", title="List files", raises=READ_ERRORS, blocking=True)
def list_files(
    context: Context,
    /,
    *,
    folder: FolderPath = ".",
    pattern: Text = "*",
    recursive: bool = False,
    kind: Literal["files", "folders", "all"] = "files",
    order_by: Literal["path", "name", "size", "modified"] = "path",
    descending: bool = False,
    hidden: bool = False,
    limit: Annotated[int, Ge(1), Le(1_000_000)] = 100_000,
) -> Listed:
    """List the files in a folder.

    Links to folders are not followed.

    Args:
        folder: The folder.
        pattern: Which names to take, such as *.pdf or invoice-??.*, without folders; several are separated by
            semicolons. Large and small letters are the same, on every system.
        recursive: Whether the folders within are searched, too.
        kind: Whether to list files, folders, or both.
        order_by: What to sort by.
        descending: Whether to sort from large to small, or from new to old.
        hidden: Whether names that begin with a dot are listed.
        limit: How many may be found; more are an error.
    """
    root = context.path(folder)
    with explained(root):
        if not root.is_dir():
            raise missing(root, context) if not root.exists() else InputError(f"{root} is a file. Name a folder.")
    patterns = [part.strip() for part in pattern.split(";") if part.strip()] or ["*"]
    for part in patterns:
        if "/" in part or "\\" in part:
            raise InputError(
                f"`pattern` is for names, but {part} has a folder in it. Write {_name_in(part)}, and switch "
                "`recursive` on to search the folders within, or name the folder in `folder`."
            )
    found = []
    with explained(root):
        for entry in _walk(context, root, recursive, hidden):
            if not any(matches(entry.name, part) for part in patterns):
                continue
            is_folder = _is_folder(entry)
            if kind != "all" and is_folder != (kind == "folders"):
                continue
            row = _row(entry, is_folder)
            if row is None:
                continue  # It was deleted since.
            found.append(row)
            if len(found) > limit:
                raise InputError(f"{root} has more than {limit:,} of these. Narrow `pattern`, or raise `limit`.")
    position = _COLUMNS.index(order_by)
    found.sort(key=lambda row: (row[position], row[0]), reverse=descending)
    writer = TableWriter(_COLUMNS)
    writer.extend(found)
    return Listed(writer.finish(), len(found), context.notes)


@activity(id="file.exists", title="File exists", icon="file", raises=(FileAccessError,), blocking=True)
def exists(context: Context, /, *, path: FilePath) -> Existence:
    """Check whether a file or folder exists.

    Args:
        path: The file or folder.
    """
    place = context.path(path)
    kind: Literal["file", "folder", "nothing"]
    with explained(place):
        kind = "folder" if place.is_dir() else "file" if place.exists() else "nothing"
    return Existence(kind != "nothing", kind, str(place))


@activity(id="file.info", title="Get file information", icon="file", raises=READ_ERRORS, blocking=True)
def info(context: Context, /, *, path: ExistingFile) -> Information:
    """Get name, size and time of a file or folder.

    Args:
        path: The file or folder.
    """
    place = context.path(path)
    with explained(place):
        known = place.stat()
    is_folder = place.is_dir()
    return Information(
        path=str(place),
        name=place.name,
        stem=place.stem,
        extension=place.suffix,
        folder=str(place.parent),
        kind="folder" if is_folder else "file",
        size=0 if is_folder else known.st_size,
        modified=_time(known.st_mtime),
    )


def _name_in(pattern: str) -> str:
    return pattern.replace("\\", "/").rpartition("/")[2] or "*"


def _walk(context: Context, root: Path, recursive: bool, hidden: bool) -> Iterator[os.DirEntry[str]]:
    open_folders = [str(root)]
    while open_folders:
        context.raise_if_stopped()
        folder = open_folders.pop()
        try:
            entries = list(os.scandir(folder))
        except (FileNotFoundError, NotADirectoryError):
            if folder == str(root):
                raise
            continue  # It was deleted since.
        except PermissionError:
            if folder == str(root):
                raise
            context.warn(f"{well_formed(folder)} cannot be read, so it is left out.")
            continue
        for entry in entries:
            if entry.name.startswith(".") and not hidden:
                continue
            yield entry
            if recursive and entry.is_dir(follow_symlinks=False):
                open_folders.append(entry.path)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # A link that leads in a circle.
        return False


def _row(entry: os.DirEntry[str], is_folder: bool) -> tuple[str, str, str, str, str, int, datetime] | None:
    try:
        known = entry.stat()
    except OSError:  # A link to nothing, or in a circle.
        try:
            known = entry.stat(follow_symlinks=False)
        except FileNotFoundError:
            return None
    path = Path(entry.path)
    kind, size = ("folder", 0) if is_folder else ("file", known.st_size)
    return entry.path, entry.name, str(path.parent), path.suffix, kind, size, _time(known.st_mtime)


def _time(seconds: float) -> datetime:
    """A time of the file system; what no calendar holds becomes the nearest time that one does."""
    try:
        moment = _EPOCH + timedelta(seconds=seconds)
    except OverflowError:
        return _FIRST if seconds < 0 else _LAST
    try:
        return moment.astimezone()
    except (OverflowError, OSError, ValueError):  # Beyond what the system can tell the local time of.
        return moment
