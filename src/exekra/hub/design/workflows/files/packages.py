"""A workflow with its files as a ZIP file: the document at the top, its files next to it. The file is not trusted."""

from __future__ import annotations

import posixpath
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from io import RawIOBase
from typing import IO, Any

from exekra.hub.core.errors import Invalid, TooLarge
from exekra.hub.core.settings import Settings
from exekra.hub.design.workflows.file_store import WorkflowFile
from exekra.hub.design.workflows.files.limits import (
    MOST_FILES,
    WORKFLOW_ENDINGS,
    check_path,
    check_size,
    check_total,
)
from exekra.kit.relative_paths import clash, normalised

SIGNATURES = (b"PK\x03\x04", b"PK\x05\x06")
"""What a ZIP file begins with: a member, or the end of an empty one. No text of a workflow contains either."""
SIGNATURE_BYTES = 4
BLOCK_BYTES = 1024 * 1024
_LARGEST_DIRECTORY = 2 * 1024 * 1024
"""Bytes of the list of a ZIP file's members: room for far more than a version may have."""
_END = struct.Struct("<4s4H2LH")
_END_SIGNATURE = b"PK\x05\x06"
_ZIP64_LOCATOR = b"PK\x06\x07"
_ZIP64_LOCATOR_SIZE = 20
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
"""How members may be compressed. With others, one block read can become a gigabyte in memory."""
_DRIVE = re.compile("[A-Za-z]:/")
_LEFT_OUT = {".ds_store", "thumbs.db", "desktop.ini"}
"""What systems put into folders by themselves."""
_LEFT_OUT_FOLDERS = {"__MACOSX", "__pycache__", ".git", ".hg", ".svn"}
_LEFT_OUT_BEGINNINGS = ("._", "~$")
"""Of what macOS notes about a file, and of Office's mark that somebody has it open."""


@dataclass(frozen=True, slots=True)
class Member:
    """A file in a package.

    Attributes:
        path: Relative to the folder of the document.
        size: Bytes, as the package says.
        info: Where it is in the package.
    """

    path: str
    size: int
    info: zipfile.ZipInfo


class Package:
    """A ZIP file that was looked through: its members are few, small enough, and lie where they may.

    Attributes:
        members: The files that belong to the workflow.
    """

    def __init__(self, file: IO[bytes], settings: Settings) -> None:
        """Look a ZIP file through; it reads the list of members, and none of them.

        Raises:
            Invalid: It is no ZIP file, holds no workflow or several, or a member that may not be there.
            TooLarge: It holds too much.
        """
        _check_directory(file)
        try:
            self._zip = zipfile.ZipFile(file)
        except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
            raise _invalid(f"it is damaged ({error})") from None
        found = [(_path(info), info) for info in self._zip.infolist()]
        members = [(path, info) for path, info in found if not path.endswith("/") and not _left_out(path)]
        for path, info in members:
            _check_kind(path, info)
        self._document = _document(members)
        folder = posixpath.dirname(self._document[0])
        self.members = [
            Member(_inside(folder, path), info.file_size, info)
            for path, info in members
            if info is not self._document[1]
        ]
        self._check(settings)

    def _check(self, settings: Settings) -> None:
        if len(self.members) > MOST_FILES:
            raise TooLarge(
                f"The ZIP file holds {len(self.members):,} files; a workflow has at most {MOST_FILES:,}.",
                code="too-many",
            )
        for member in self.members:
            check_path(member.path)
            check_size(member.path, member.size, settings)
        check_total(sum(member.size for member in self.members), settings)
        if (found := clash(member.path for member in self.members)) is not None:
            raise _invalid(f"the files {found[0]!r} and {found[1]!r} cannot lie in one folder on every system")

    def document(self, most: int) -> str:
        """The text of the workflow.

        Raises:
            Invalid: It is damaged, or not UTF-8 text.
            TooLarge: It has more bytes than `most`.
        """
        path, info = self._document
        if info.file_size > most:
            raise TooLarge(f"The workflow {path!r} has {info.file_size:,} bytes; {most:,} are allowed.")
        try:
            return b"".join(self._blocks(path, info)).decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise _invalid(f"the workflow {path!r} is not UTF-8 text (byte {error.start})") from None

    def blocks(self, member: Member) -> Iterator[bytes]:
        """The content of a member, block by block; never more than it announced.

        Raises:
            Invalid: It is damaged, or shorter than announced.
        """
        return self._blocks(member.path, member.info)

    def _blocks(self, path: str, info: zipfile.ZipInfo) -> Iterator[bytes]:
        size = 0
        try:
            with self._zip.open(info) as opened:
                while block := opened.read(BLOCK_BYTES):
                    size += len(block)
                    yield block
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            OSError,
            ValueError,
            NotImplementedError,
            RuntimeError,
        ) as error:
            raise _invalid(f"the file {path!r} in it cannot be read ({error})") from None
        if size < info.file_size:
            raise _invalid(f"the file {path!r} in it has {size:,} bytes instead of {info.file_size:,}")


def _check_directory(file: IO[bytes]) -> None:
    """Refuse a list of members that would fill the memory, before anything reads it.

    Raises:
        Invalid: It is no ZIP file.
        TooLarge: The list is too long.
    """
    size = file.seek(0, 2)
    start = max(0, size - 65_536 - _END.size - _ZIP64_LOCATOR_SIZE)
    file.seek(start)
    tail = file.read()
    place = len(tail) - _END.size
    if tail[place : place + 4] != _END_SIGNATURE or tail[-2:] != b"\0\0":
        place = tail.rfind(_END_SIGNATURE)
    if place < 0 or len(tail) - place < _END.size:
        raise _invalid("it is no ZIP file, or only a part of one")
    directory = _END.unpack_from(tail, place)[5]
    large = tail[max(0, place - _ZIP64_LOCATOR_SIZE) : place].startswith(_ZIP64_LOCATOR)
    if large or directory > _LARGEST_DIRECTORY:
        raise TooLarge(f"The ZIP file holds too many files; a workflow has at most {MOST_FILES:,}.", code="too-many")
    file.seek(0)


def _path(info: zipfile.ZipInfo) -> str:
    """The name of a member as people know it.

    Names are UTF-8 where a flag says so; macOS writes UTF-8 without the flag, old programs of Windows write code page
    437, and `\\` instead of `/`. Others begin every name with `./`. The name of a folder ends in `/`.
    """
    name = info.orig_filename  # `filename` ends where a NUL is.
    if not info.flag_bits & 0x800:
        with suppress(UnicodeError):
            name = name.encode("cp437").decode()
    names = normalised(name.replace("\\", "/")).split("/")
    return "/".join([*(part for part in names[:-1] if part != "."), names[-1]])


def _left_out(path: str) -> bool:
    names = path.split("/")
    return (
        not _LEFT_OUT_FOLDERS.isdisjoint(names)
        or names[-1].lower() in _LEFT_OUT
        or names[-1].startswith(_LEFT_OUT_BEGINNINGS)
    )


def _check_kind(path: str, info: zipfile.ZipInfo) -> None:
    if info.flag_bits & 0x1:
        raise _invalid(f"the file {path!r} in it is encrypted")
    if info.compress_type not in _METHODS:
        raise _invalid(f"the file {path!r} in it is compressed with {_method(info)}; pack it with the usual Deflate")
    mode = info.external_attr >> 16
    if stat.S_IFMT(mode) not in {0, stat.S_IFREG}:
        raise _invalid(f"{path!r} in it is a link or a device; only files are allowed")
    if path.startswith("/") or _DRIVE.match(path) or ".." in path.split("/"):
        raise _invalid(f"the path {path!r} in it leads out of the folder")


def _method(info: zipfile.ZipInfo) -> str:
    known = {zipfile.ZIP_BZIP2: "bzip2", zipfile.ZIP_LZMA: "LZMA", 9: "Deflate64", 93: "Zstandard"}
    return known.get(info.compress_type, f"method {info.compress_type}")


def _document(members: Sequence[tuple[str, zipfile.ZipInfo]]) -> tuple[str, zipfile.ZipInfo]:
    """The workflow in a package: the one in the fewest folders."""
    documents = [member for member in members if member[0].lower().endswith(WORKFLOW_ENDINGS)]
    if not documents:
        raise _invalid("it holds no workflow: a file whose name ends in .flow.yaml or .flow.json")
    least = min(path.count("/") for path, _ in documents)
    first = [member for member in documents if member[0].count("/") == least]
    if len(first) > 1:
        raise _invalid(f"it holds several workflows, {first[0][0]!r} and {first[1][0]!r}; import each by itself")
    return first[0]


def _inside(folder: str, path: str) -> str:
    if folder and not path.startswith(f"{folder}/"):
        raise _invalid(f"the file {path!r} is outside of the workflow's folder {folder!r}")
    return path.removeprefix(f"{folder}/") if folder else path


def _invalid(reason: str) -> Invalid:
    return Invalid(
        f"The ZIP file cannot be imported: {reason}.",
        code="package-invalid",
        where="body",
        hint="Choose an exported ZIP file: the .flow.yaml file, and its files next to it.",
    )


async def package(
    document_name: str,
    document: bytes,
    files: Sequence[WorkflowFile],
    read: Callable[[WorkflowFile], AsyncIterator[bytes]],
    made_at: datetime,
) -> AsyncIterator[bytes]:
    """A ZIP file, block by block: however large the files are, memory stays flat.

    Args:
        document_name: The name of the workflow's file.
        document: Its text.
        files: The files that belong to it.
        read: Reads one of them.
        made_at: The time that all of them get, so that the same version is the same ZIP file.
    """
    output = _Output()
    at = max(made_at, datetime(1980, 1, 1, tzinfo=made_at.tzinfo)).timetuple()[:6]
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(_info(document_name, at), document)
        for file in files:
            info = _info(file.path, at)
            info.file_size = file.size
            with archive.open(info, "w") as entry:
                async for part in read(file):
                    for start in range(0, len(part), BLOCK_BYTES):
                        entry.write(part[start : start + BLOCK_BYTES])
                        yield output.taken()
    yield output.taken()


def _info(path: str, at: tuple[int, ...]) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(path, at)  # type: ignore[arg-type]  # The six numbers of a date and time.
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = (stat.S_IFREG | 0o644) << 16
    return info


class _Output(RawIOBase):
    """Takes what is written, and gives it away."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any, /) -> int:
        self._parts.append(bytes(data))
        return len(data)

    def taken(self) -> bytes:
        """What was written since the last time."""
        taken = b"".join(self._parts)
        self._parts.clear()
        return taken
