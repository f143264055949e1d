"""ZIP archives; one from outside cannot write beyond its folder, nor fill the disk."""

from __future__ import annotations

import shutil
import stat
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import IO, Annotated

from annotated_types import Ge, MinLen

from exekra.activities.disk import (
    READ_ERRORS,
    WRITE_ERRORS,
    FileExistsAlreadyError,
    explained,
    make_folder,
    missing,
    replacing,
    require_file,
)
from exekra.sdk.activity import activity
from exekra.sdk.context import Context
from exekra.sdk.errors import BusinessError, InputError
from exekra.sdk.types import CredentialRef, FilePath, FolderPath

CATEGORY = "File and Folder"
ICON = "file-zip"

_BLOCK = 1_000_000
_MOST_FILES = 100_000
_UNBOUNDED = {zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA}
"""Methods with which one block that is read can become gigabytes in memory."""
_SYMBOLIC_LINK = 0o120000


class ArchiveError(BusinessError):
    """The archive is damaged, dangerous, or its password is wrong."""


@dataclass(frozen=True, slots=True)
class Zipped:
    """The archive.

    Attributes:
        path: The archive's absolute path.
        count: The number of files in it.
        size: Its size in bytes.
    """

    path: str
    count: int
    size: int


@dataclass(frozen=True, slots=True)
class Unzipped:
    """What was unpacked.

    Attributes:
        folder: The folder's absolute path.
        files: The absolute paths of the files, sorted.
        count: Their number.
    """

    folder: str
    files: list[str]
    count: int


@activity(
    id="file.zip", title="ZIP files", raises=(*READ_ERRORS, *WRITE_ERRORS[1:], FileExistsAlreadyError), blocking=True
)
def zip(
    context: Context, /, *, paths: Annotated[tuple[str, ...], MinLen(1)], to: FilePath, replace: bool = True
) -> Zipped:
    """Put files and folders into a ZIP archive.

    A folder keeps its name and what is in it; links are left out.

    Args:
        paths: The files and folders.
        to: The archive to make.
        replace: Whether an archive of that name is replaced; otherwise it is an error.
    """
    archive_path = context.path(to)
    if not replace and archive_path.exists():
        raise FileExistsAlreadyError(f"{archive_path} exists already. Choose another name, or switch `replace` on.")
    members: dict[str, Path] = {}
    for path in paths:
        source = context.path(path)
        if not source.exists():
            raise missing(source, context)
        for name, file in _members(source):
            if file == archive_path:
                continue  # The archive to be replaced is in the folder.
            if members.setdefault(name, file) != file:
                raise InputError(f"{file} and {members[name]} would have the same name in the archive. Rename one.")
    with replacing(archive_path) as draft, zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, file in members.items():
            context.raise_if_stopped()
            with explained(file):
                archive.write(file, name)
    return Zipped(str(archive_path), len(members), archive_path.stat().st_size)


@activity(
    id="file.unzip",
    title="Unzip",
    raises=(*READ_ERRORS, *WRITE_ERRORS[1:], ArchiveError, FileExistsAlreadyError),
    blocking=True,
)
def unzip(
    context: Context,
    /,
    *,
    path: FilePath,
    to: FolderPath,
    replace: bool = False,
    password: CredentialRef | None = None,
    largest_mb: Annotated[int, Ge(1)] = 2000,
) -> Unzipped:
    """Unpack a ZIP archive into a folder.

    Nothing appears in the folder before all of the archive is unpacked. An archive with a name that leads out of
    the folder, or with a link in it, is refused.

    Args:
        path: The archive.
        to: The folder; it is created if it does not exist.
        replace: Whether files of the same names are replaced; otherwise they are an error.
        password: The archive's password (the classic kind; archives with AES cannot be unpacked).
        largest_mb: Megabytes that may come out, so that a forged archive cannot fill the disk.
    """
    archive_path, folder = context.path(path), context.path(to)
    require_file(archive_path, context)
    draft = context.temporary_folder / f"unzip-{context.node}"
    shutil.rmtree(draft, ignore_errors=True)
    try:
        with explained(archive_path), zipfile.ZipFile(archive_path) as archive:
            members = _checked(archive_path, archive.infolist(), largest_mb)
            for name in members:
                if not replace and (folder / name).exists():
                    raise FileExistsAlreadyError(
                        f"{folder / name} exists already. Switch `replace` on, or unzip elsewhere."
                    )
            _unpack(context, archive_path, archive, members, draft, password, largest_mb * 1_000_000)
        with explained(folder):
            for name in members:
                target = folder / name
                make_folder(target.parent)
                shutil.move(draft / name, target)
    except zipfile.BadZipFile as error:
        raise ArchiveError(f"{archive_path} is not a ZIP archive, or it is damaged: {error}.") from None
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    files = sorted(str(folder / name) for name in members)
    return Unzipped(str(folder), files, len(files))


def _members(source: Path) -> Iterator[tuple[str, Path]]:
    if source.is_file():
        yield source.name, source
        return
    for file in sorted(source.rglob("*")):
        if file.is_file() and not file.is_symlink():
            yield file.relative_to(source.parent).as_posix(), file


def _checked(archive_path: Path, entries: list[zipfile.ZipInfo], largest_mb: int) -> dict[str, zipfile.ZipInfo]:
    """The archive's files by their names, once none of them can do harm."""
    members: dict[str, zipfile.ZipInfo] = {}
    for entry in entries:
        name = PurePosixPath(entry.filename.replace("\\", "/"))
        leads_out = name.is_absolute() or ".." in name.parts or PureWindowsPath(entry.filename).drive
        if leads_out or "\x00" in entry.filename or not name.parts:
            raise ArchiveError(f"{archive_path} holds the name {entry.filename!r}, which leads out of the folder.")
        if stat.S_IFMT(entry.external_attr >> 16) == _SYMBOLIC_LINK:
            raise ArchiveError(f"{archive_path} holds the link {entry.filename!r}, which could lead anywhere.")
        if entry.filename.endswith(("/", "\\")):
            continue
        if entry.compress_type in _UNBOUNDED:
            raise ArchiveError(
                f"{entry.filename!r} in {archive_path} is compressed with bzip2 or LZMA, which could fill the memory. "
                "Pack the archive again with the usual method, Deflate."
            )
        members[str(name)] = entry
    if len(members) > _MOST_FILES:
        raise ArchiveError(f"{archive_path} holds {len(members):,} files; {_MOST_FILES:,} are allowed.")
    if sum(entry.file_size for entry in members.values()) > largest_mb * 1_000_000:
        raise _too_large(archive_path, largest_mb)
    return members


def _unpack(
    context: Context,
    archive_path: Path,
    archive: zipfile.ZipFile,
    members: dict[str, zipfile.ZipInfo],
    draft: Path,
    password: str | None,
    left: int,
) -> None:
    allowed = left
    for name, entry in members.items():
        target = draft / name
        try:
            with archive.open(entry, pwd=password.encode() if password else None) as source:
                target.parent.mkdir(parents=True, exist_ok=True)
                with target.open("wb") as file:
                    left -= _copy(context, source, file, left)
        except RuntimeError:  # What zipfile raises for an absent or a wrong password.
            raise ArchiveError(f"{archive_path} has a password, and it is not the one given.") from None
        except (NotImplementedError, zlib.error, EOFError) as error:
            raise ArchiveError(f"{entry.filename!r} in {archive_path} cannot be unpacked: {error}.") from None
        if left < 0:
            raise _too_large(archive_path, allowed // 1_000_000)


def _copy(context: Context, source: IO[bytes], target: IO[bytes], allowed: int) -> int:
    """Copy until the end, or until a little more than `allowed`; give the number of bytes."""
    size = 0
    while size <= allowed and (block := source.read(_BLOCK)):
        context.raise_if_stopped()
        target.write(block)
        size += len(block)
    return size


def _too_large(archive_path: Path, largest_mb: int) -> ArchiveError:
    return ArchiveError(
        f"More than {largest_mb:,} MB would come out of {archive_path}. Raise `largest_mb` if it is yours."
    )
