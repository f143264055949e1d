"""Files as activities meet them: paths that may not be there, and files that are replaced whole or not at all.

Every activity that reads or writes a file goes through here, so that the same mishap has the same name and sentence.
"""

from __future__ import annotations

import errno
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from difflib import get_close_matches
from itertools import islice
from pathlib import Path

from exekra.kit.paths import expanded
from exekra.sdk.context import Context
from exekra.sdk.errors import ApplicationError, BusinessError, ExekraError


class FileMissingError(BusinessError):
    """The file or folder does not exist."""


class FileExistsAlreadyError(BusinessError):
    """Something of that name exists already."""


class FileAccessError(ApplicationError):
    """The file cannot be opened: another program holds it, or the permission is missing."""


class DiskFullError(ApplicationError):
    """The disk has no space left."""

    retryable = False


_NO_SPACE = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}  # Windows knows no quota.

_MOST_NAMED = 12
"""How many files an error names."""

READ_ERRORS = (FileMissingError, FileAccessError)
"""What an activity that reads a file may raise."""

WRITE_ERRORS = (FileAccessError, DiskFullError)
"""What an activity that writes a file may raise."""


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn the operating system's errors about `path` into ours."""
    try:
        yield
    except OSError as error:
        raise explain(error, path) from None


def explain(error: OSError, path: Path) -> ExekraError:
    """The sentence for what the operating system refused to do with `path`."""
    if error.errno in _NO_SPACE:
        return DiskFullError(f"The disk is full, so {path} could not be written. Free some space and run again.")
    match error.errno:
        case errno.ENOENT:
            return missing(path)
        case errno.EEXIST | errno.ENOTEMPTY:
            return FileExistsAlreadyError(f"{path} exists already. Choose another name or allow it to be replaced.")
        case errno.EISDIR:
            return FileAccessError(f"{path} is a folder; a file is needed.", retryable=False)
        case errno.ENOTDIR:
            return FileAccessError(f"{path} cannot be reached: a part of the path is a file.", retryable=False)
        case errno.ENAMETOOLONG:
            return FileAccessError(f"The name of {str(path)[:80]}... is too long for this disk.", retryable=False)
        case errno.EACCES | errno.EPERM | errno.EROFS:
            return FileAccessError(
                f"{path} cannot be opened: another program is using it, or this user has no permission. "
                "Close it there or change its permissions."
            )
    return FileAccessError(f"{path} could not be used: {error.strerror or error}.")


def missing(path: Path, context: Context | None = None) -> FileMissingError:
    """The error for a path that is not there; it names the nearest name that is.

    Where files belong to the workflow of `context`, and it looked among them first, these are named instead of what
    others left in the work folder.
    """
    if context is not None and context.workflow_folder != context.work_folder:
        with suppress(ValueError, OSError):  # The path is outside of the work folder.
            return _missing_among_own(path.relative_to(context.work_folder.resolve()), context)
    folder = path.parent
    while not folder.is_dir() and folder != folder.parent:
        folder = folder.parent
    wanted = path.relative_to(folder).parts[0] if path != folder else path.name
    with suppress(OSError):
        names = [entry.name for entry in islice(os.scandir(folder), 10_000)]
        close = get_close_matches(wanted, names, n=1)
        if close:
            return FileMissingError(f"{path} does not exist. Did you mean `{close[0]}` in {folder}?")
        if folder == path.parent and len(names) <= _MOST_NAMED:
            return FileMissingError(f"{path} does not exist. {folder} holds: {', '.join(sorted(names)) or 'nothing'}.")
    if folder != path.parent:
        return FileMissingError(f"{path} does not exist: there is no `{wanted}` in {folder}.")
    return FileMissingError(f"{path} does not exist.")


def _missing_among_own(path: Path, context: Context) -> FileMissingError:
    folder = context.workflow_folder
    own = sorted(file.relative_to(folder).as_posix() for file in islice(folder.rglob("*"), 10_000) if file.is_file())
    message = f"{path.as_posix()} is neither a file of the workflow nor in the work folder {context.work_folder}."
    same_name = [name for name in own if name.rpartition("/")[2] == path.name]
    if close := same_name or get_close_matches(path.as_posix(), own, n=1):
        return FileMissingError(f"{message} Did you mean the workflow's file `{close[0]}`?")
    more = f" and {len(own) - _MOST_NAMED:,} more" if len(own) > _MOST_NAMED else ""
    return FileMissingError(f"{message} The workflow has the files {', '.join(own[:_MOST_NAMED])}{more}.")


def link_or_file(context: Context, text: str) -> Path:
    """The absolute path that `text` names, where a link is the link itself and not what it leads to."""
    place = context.path(text)
    if context.workflow_folder != context.work_folder and place.is_relative_to(context.workflow_folder.resolve()):
        return place
    return Path(os.path.abspath(context.work_folder / expanded(text)))


def require_file(path: Path, context: Context | None = None) -> None:
    """Raise FileMissingError where nothing is, as `missing` words it, and FileAccessError where no plain file is.

    What is neither a file nor a folder, such as a pipe, might never end.
    """
    with explained(path):
        if path.is_file():
            return
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, "Is a directory")
        if not path.exists():
            raise missing(path, context)
    raise FileAccessError(f"{path} is not a plain file, but a pipe, a device or the like.", retryable=False)


def check_free(file: Path, replace: bool) -> None:
    """Raise FileExistsAlreadyError where a file would have to be replaced that must not be."""
    if not replace and file.exists():
        raise FileExistsAlreadyError(f"{file} exists already. Choose another name, or switch `replace` on.")


def make_folder(folder: Path) -> None:
    """Make a folder with those above it; one that is there stays as it is.

    Raises:
        FileAccessError: A file is in the way, or the permission is missing.
        DiskFullError: The disk is full.
    """
    with explained(folder):
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except FileExistsError:
            raise NotADirectoryError(errno.ENOTDIR, "Not a directory") from None


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A path next to `path` to write to; at the end, it replaces `path` in one step.

    Until then, and after any error, `path` stays as it was. Folders that are missing are made.

    Raises:
        FileAccessError: The folder or the file cannot be written.
        DiskFullError: The disk is full.
    """
    draft = path.parent / f".{path.name[:200]}.{secrets.token_hex(4)}.part"
    make_folder(path.parent)
    with explained(path):
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, "Is a directory")
        if path.exists() and not os.access(path, os.W_OK):
            raise PermissionError(errno.EACCES, "Permission denied")
        try:
            yield draft
            if path.exists():
                shutil.copymode(path, draft)
            os.replace(draft, path)
        finally:
            draft.unlink(missing_ok=True)
