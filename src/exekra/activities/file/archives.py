"""ZIP archives; one from outside cannot write beyond its folder, nor fill the disk."""

from __future__ import annotations

import errno
import os
import shutil
import stat
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
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
from exekra.activities.encoding_names import Encoding
from exekra.activities.file.archive_names import ArchiveError, clashes, inner_path, name_of
from exekra.kit.text import quoted, well_formed
from exekra.sdk.activity import activity
from exekra.sdk.context import Context
from exekra.sdk.errors import InputError
from exekra.sdk.types import CredentialRef, FilePath, FolderPath

CATEGORY = "File and Folder"
ICON = "file-zip"

_BLOCK = 1_000_000
_MOST_FILES = 100_000
"""How many files and folders an archive may hold."""
_UNBOUNDED = {zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA}
"""Methods with which one block that is read can become gigabytes in memory."""
_SYMBOLIC_LINK = 0o120000
_AES = 99
_OTHER_METHODS = {9: "Deflate64", 93: "Zstandard", 95: "XZ", 98: "PPMd"}
"""Methods of other programs that cannot be unpacked here."""

_DAMAGED = (zipfile.BadZipFile, struct.error, zlib.error, EOFError, ValueError, OverflowError, NotImplementedError)
"""What the library raises for archives that are not as they should be."""


@dataclass(frozen=True, slots=True)
class Zipped:
    """The archive.

    Attributes:
        path: The archive's absolute path.
        count: The number of files in it.
        size: Its size in bytes.
    """

    path: FilePath
    count: int
    size: int


@dataclass(frozen=True, slots=True)
class Unzipped:
    """What was unpacked.

    Attributes:
        folder: The folder's absolute path.
        files: The absolute paths of the files, sorted.
        count: Their number.
        notes: What was guessed, or looked odd, in the archive.
    """

    folder: str
    files: list[str]
    count: int
    notes: list[str] = field(default_factory=list)


@activity(
    id="file.zip", title="ZIP files", raises=(*READ_ERRORS, *WRITE_ERRORS[1:], FileExistsAlreadyError), blocking=True
)
def zip(
    context: Context, /, *, paths: Annotated[tuple[str, ...], MinLen(1)], to: FilePath, replace: bool = True
) -> Zipped:
    """Put files and folders into a ZIP archive.

    A folder keeps its name and what is in it, empty folders too; links are left out. Times before 1980, which the
    format cannot hold, become 1980, and those after 2107 become 2107.

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
        if not source.is_dir():
            require_file(source, context)
        for found, file in _members(source):
            name = well_formed(found)
            if file == archive_path:
                continue  # The archive to be replaced is in the folder.
            if name != found:
                context.warn(f"{name} has a name that is not UTF-8. In the archive, U+FFFD is in its place.")
            if members.setdefault(name, file) != file:
                raise InputError(f"{file} and {members[name]} would have the same name in the archive. Rename one.")
    with (
        replacing(archive_path) as draft,
        zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED, strict_timestamps=False) as archive,
    ):
        for name, file in members.items():
            context.raise_if_stopped()
            with explained(file):
                archive.write(file, name)
    count = sum(not name.endswith("/") for name in members)
    return Zipped(str(archive_path), count, archive_path.stat().st_size)


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
    name_encoding: Encoding = "auto",
    largest_mb: Annotated[int, Ge(1)] = 2000,
) -> Unzipped:
    """Unpack a ZIP archive into a folder.

    Nothing appears in the folder before all of the archive is unpacked. An archive with a name that leads out of
    the folder, with a link in it, or of more than 100,000 files and folders, is refused. On Windows, `_` stands for
    what cannot be in a name there.

    Args:
        path: The archive.
        to: The folder; it is created if it does not exist.
        replace: Whether files of the same names are replaced; otherwise they are an error.
        password: The archive's password (the classic kind; archives with AES cannot be unpacked).
        name_encoding: How names are stored that do not say it themselves; `auto` takes UTF-8 where it fits, otherwise
            DOS (cp437).
        largest_mb: Megabytes that may come out, so that a forged archive cannot fill the disk.
    """
    archive_path, folder = context.path(path), context.path(to)
    require_file(archive_path, context)
    make_folder(context.temporary_folder)
    with explained(context.temporary_folder):
        draft = Path(tempfile.mkdtemp(prefix="unzip-", dir=context.temporary_folder))
    try:
        with explained(archive_path), _opened(archive_path) as archive:
            members, folders = _checked(context, archive_path, archive.infolist(), name_encoding, largest_mb)
            for name in members:
                _check_target(folder / name, replace)
            _unpack(context, archive_path, archive, members, draft, password, largest_mb * 1_000_000)
        make_folder(folder)
        for name in folders:
            make_folder(folder / name)
        for name in members:
            target = folder / name
            make_folder(target.parent)
            with explained(target):
                shutil.move(draft / name, target)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    files = sorted(str(folder / name) for name in members)
    return Unzipped(str(folder), files, len(files), context.notes)


def _members(source: Path) -> Iterator[tuple[str, Path]]:
    """Files, and empty folders with a slash at the end, by their names in the archive."""
    if source.is_file():
        yield source.name, source
        return
    start = len(str(source.parent)) + len(os.sep) * (source.parent != source.parent.parent)
    with explained(source):
        for folder, folders, files in os.walk(source, onerror=_refuse):
            folders.sort()
            inner = folder[start:].replace(os.sep, "/")
            if not folders and not files and inner:
                yield f"{inner}/", Path(folder)
            for name in sorted(files):
                file = Path(folder, name)
                if file.is_file() and not file.is_symlink():
                    yield f"{inner}/{name}".lstrip("/"), file


def _refuse(error: OSError) -> None:
    """A folder that cannot be read is not left out."""
    raise error


def _opened(archive_path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(archive_path)
    except _DAMAGED as error:
        reason = str(error).strip().rstrip(".") or "it ends too early"
    except OSError as error:
        if error.errno != errno.EINVAL:
            raise
        reason = "it points to where nothing is"
    raise ArchiveError(f"{archive_path} is not a ZIP archive, or it is damaged: {reason}.")


def _checked(
    context: Context,
    archive_path: Path,
    entries: list[zipfile.ZipInfo],
    encoding: str,
    largest_mb: int,
) -> tuple[dict[PurePosixPath, zipfile.ZipInfo], list[PurePosixPath]]:
    """The archive's files by their places, and its folders, once none of them can do harm."""
    members: dict[PurePosixPath, zipfile.ZipInfo] = {}
    folders: list[PurePosixPath] = []
    doubtful: list[str] = []
    for entry in entries:
        name = name_of(entry, encoding, doubtful.append)
        place = inner_path(str(archive_path), name)
        if stat.S_IFMT(entry.external_attr >> 16) == _SYMBOLIC_LINK:
            raise ArchiveError(f"{archive_path} holds the link {quoted(name)}, which could lead anywhere.")
        if name.endswith(("/", "\\")) or not place.parts:
            folders.append(place)
            continue
        if entry.compress_type in _UNBOUNDED:
            raise ArchiveError(
                f"{quoted(name)} in {archive_path} is compressed with bzip2 or LZMA, which could fill the memory. "
                "Pack the archive again with the usual method, Deflate."
            )
        if entry.compress_type == _AES:
            raise ArchiveError(
                f"{quoted(name)} in {archive_path} is encrypted with AES, which cannot be unpacked. "
                "Pack the archive again with the classic encryption, or without."
            )
        if place in members:
            context.warn(f"{archive_path} holds {quoted(str(place))} several times. The last one was taken.")
        members[place] = entry
    if doubtful:
        context.warn(
            f"{archive_path} does not say how its names are stored, and they are not UTF-8. They were read as cp437 "
            f"(DOS), such as {quoted(doubtful[0])}: check them, or choose `name_encoding`."
        )
    both = [*clashes([*members]), *(folder for folder in folders if folder in members)]
    if both:
        raise ArchiveError(f"{archive_path} holds {quoted(str(both[0]))} twice, and this disk cannot hold both.")
    if len(members) + len(folders) > _MOST_FILES:
        raise ArchiveError(
            f"{archive_path} holds {len(members) + len(folders):,} files and folders; {_MOST_FILES:,} are allowed."
        )
    if sum(entry.file_size for entry in members.values()) > largest_mb * 1_000_000:
        raise _too_large(archive_path, largest_mb)
    return members, folders


def _check_target(target: Path, replace: bool) -> None:
    with explained(target):
        if target.is_dir():
            raise FileExistsAlreadyError(f"{target} is a folder already. Unzip elsewhere.")
        if not replace and os.path.lexists(target):
            raise FileExistsAlreadyError(f"{target} exists already. Switch `replace` on, or unzip elsewhere.")


def _unpack(
    context: Context,
    archive_path: Path,
    archive: zipfile.ZipFile,
    members: dict[PurePosixPath, zipfile.ZipInfo],
    draft: Path,
    password: str | None,
    left: int,
) -> None:
    allowed = left
    for name, entry in members.items():
        target = draft / name
        make_folder(target.parent)
        try:
            with (
                archive.open(entry, pwd=password.encode(errors="replace") if password else None) as source,
                explained(target),
                target.open("wb") as file,
            ):
                left -= _copy(context, source, file, left)
        except RuntimeError as error:  # What zipfile raises for an absent or a wrong password, and for unknown methods.
            raise _refused(archive_path, entry, error) from None
        except (*_DAMAGED, OSError) as error:
            if isinstance(error, OSError) and error.errno != errno.EINVAL:
                raise
            locked = " Or the password is wrong." if password and entry.flag_bits & 1 else ""
            reason = str(error).strip().rstrip(".") or "it ends too early"
            raise ArchiveError(f"{quoted(str(name))} in {archive_path} cannot be unpacked: {reason}.{locked}") from None
        if left < 0:
            raise _too_large(archive_path, allowed // 1_000_000)


def _refused(archive_path: Path, entry: zipfile.ZipInfo, error: RuntimeError) -> ArchiveError:
    if not isinstance(error, NotImplementedError):
        return ArchiveError(f"{archive_path} has a password, and it is not the one given.")
    method = _OTHER_METHODS.get(entry.compress_type)
    reason = f"it is compressed with {method}" if method else str(error).strip().rstrip(".").lower()
    return ArchiveError(
        f"{quoted(entry.filename)} in {archive_path} cannot be unpacked: {reason}. "
        "Pack the archive again with the usual method, Deflate."
    )


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
