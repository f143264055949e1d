"""Copy, move, delete and make files and folders."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from exekra.activities.disk import (
    READ_ERRORS,
    WRITE_ERRORS,
    FileExistsAlreadyError,
    FileMissingError,
    explain,
    explained,
    link_or_file,
    make_folder,
    missing,
    replacing,
    require_file,
)
from exekra.sdk.activity import activity
from exekra.sdk.context import Context
from exekra.sdk.errors import InputError
from exekra.sdk.types import ExistingFile, FilePath, FolderPath

CATEGORY = "File and Folder"
ICON = "folder"


@dataclass(frozen=True, slots=True)
class Placed:
    """Where it is now.

    Attributes:
        path: The absolute path.
    """

    path: FilePath


@dataclass(frozen=True, slots=True)
class Deleted:
    """What was deleted.

    Attributes:
        deleted: Whether there was anything to delete.
    """

    deleted: bool


@activity(
    id="file.copy",
    title="Copy",
    icon="copy",
    raises=(*READ_ERRORS, *WRITE_ERRORS[1:], FileExistsAlreadyError),
    blocking=True,
)
def copy(context: Context, /, *, path: ExistingFile, to: FilePath, replace: bool = False) -> Placed:
    """Copy a file, or a folder with all its contents.

    Args:
        path: The file or folder.
        to: The new name; an existing folder, or a name that ends in a slash, is a folder to copy into.
        replace: Whether a file of that name is replaced; otherwise it is an error.
    """
    source = context.path(path)
    target = _target(context, source, to, replace)
    if source.is_dir():
        _not_into_itself(source, target)
        _whole(target, lambda draft: shutil.copytree(source, draft, symlinks=True))
    else:
        require_file(source, context)
        with explained(source):
            source.open("rb").close()  # Otherwise a missing permission here would be reported of the target.
        with replacing(target) as draft:
            shutil.copy2(source, draft)
    return Placed(str(target))


@activity(
    id="file.move",
    title="Move or rename",
    raises=(*READ_ERRORS, *WRITE_ERRORS[1:], FileExistsAlreadyError),
    blocking=True,
)
def move(context: Context, /, *, path: ExistingFile, to: FilePath, replace: bool = False) -> Placed:
    """Move or rename a file or a folder.

    Args:
        path: The file or folder.
        to: The new name; an existing folder, or a name that ends in a slash, is a folder to move into.
        replace: Whether a file of that name is replaced; otherwise it is an error.
    """
    source = link_or_file(context, path)
    target = _target(context, source, to, replace)
    if source == target:
        return Placed(str(target))
    if source.is_dir():
        _not_into_itself(source, target)
    make_folder(target.parent)
    with explained(source):
        try:
            source.replace(target)
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
            _move_to_other_disk(source, target)
    return Placed(str(target))


@activity(id="file.delete", title="Delete file", icon="trash", raises=READ_ERRORS, blocking=True)
def delete(context: Context, /, *, path: FilePath, must_exist: bool = True) -> Deleted:
    """Delete a file.

    Args:
        path: The file.
        must_exist: Whether a missing one is an error.
    """
    file = link_or_file(context, path)
    if file.is_dir() and not file.is_symlink():
        raise InputError(f"{file} is a folder. Use Delete Folder.")
    try:
        with explained(file):
            file.unlink()
    except FileMissingError:
        if must_exist:
            raise
        return Deleted(False)
    return Deleted(True)


@activity(id="file.create_folder", title="Create folder", icon="folder-plus", raises=WRITE_ERRORS, blocking=True)
def create_folder(context: Context, /, *, path: FolderPath) -> Placed:
    """Create a folder, with its parents; an existing folder stays as it is.

    Args:
        path: The folder.
    """
    folder = context.path(path)
    make_folder(folder)
    return Placed(str(folder))


@activity(
    id="file.delete_folder",
    title="Delete folder",
    icon="folder-x",
    raises=(*READ_ERRORS, FileExistsAlreadyError),
    blocking=True,
)
def delete_folder(
    context: Context, /, *, path: FolderPath, with_content: bool = False, must_exist: bool = True
) -> Deleted:
    """Delete a folder.

    The work folder, the user's own folder, the root of a disk, and what holds them cannot be deleted.

    Args:
        path: The folder.
        with_content: Whether all that is in it is deleted, too; otherwise it must be empty.
        must_exist: Whether a missing one is an error.
    """
    folder = context.path(path)
    if not folder.exists():
        if must_exist:
            raise missing(folder, context)
        return Deleted(False)
    if not folder.is_dir():
        raise InputError(f"{folder} is a file. Use Delete File.")
    for kept in (context.work_folder.resolve(), Path.home().resolve()):
        if kept.is_relative_to(folder):
            raise InputError(f"{folder} is, or holds, {kept}, which is never deleted. Name the folder within it.")
    if not with_content and any(folder.iterdir()):
        raise FileExistsAlreadyError(f"{folder} is not empty. Switch `with_content` on to delete what is in it.")
    with explained(folder):
        shutil.rmtree(folder)
    return Deleted(True)


def _target(context: Context, source: Path, to: str, replace: bool) -> Path:
    with explained(source):
        if not os.path.lexists(source):
            raise missing(source, context)
    target = context.path(to)
    with explained(target):
        if to.endswith(("/", "\\")) or (target.is_dir() and target != source and not _is_other_case(source, target)):
            target = target / source.name
        is_taken = target.exists() and target != source and not _is_other_case(source, target)
    if is_taken:
        if source.is_dir() or target.is_dir():
            raise FileExistsAlreadyError(f"{target} exists already. Delete it first, or choose another name.")
        if not replace:
            raise FileExistsAlreadyError(f"{target} exists already. Choose another name, or switch `replace` on.")
    return target


def _is_other_case(source: Path, target: Path) -> bool:
    """Whether both are the same file, named with other large and small letters, on a disk that does not tell them."""
    return str(source).casefold() == str(target).casefold() and target.exists() and source.samefile(target)


def _not_into_itself(source: Path, target: Path) -> None:
    if target.is_relative_to(source):
        raise InputError(f"{source} cannot be put into itself ({target}). Choose a folder outside of it.")


def _move_to_other_disk(source: Path, target: Path) -> None:
    if source.is_dir():
        _whole(target, lambda draft: shutil.copytree(source, draft, symlinks=True))
        shutil.rmtree(source)
    else:
        with replacing(target) as draft:
            shutil.copy2(source, draft)
        source.unlink()


def _whole(target: Path, make: Callable[[Path], object]) -> None:
    """Make a folder under another name first, so that half of it is never taken for all."""
    draft = target.with_name(f".{target.name[:200]}.part")
    make_folder(target.parent)
    with explained(target):
        try:
            make(draft)
            draft.replace(target)
        except shutil.Error as error:
            first = error.args[0][0]
            raise explain(OSError(0, str(first[2])), Path(first[0])) from None
        finally:
            shutil.rmtree(draft, ignore_errors=True)
