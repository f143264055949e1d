"""The names in a ZIP archive: in which encoding they are, which of them lead out, and which this system can hold."""

from __future__ import annotations

import os
import zipfile
import zlib
from collections.abc import Callable
from pathlib import PurePosixPath, PureWindowsPath

from exekra.activities.encoding_names import AUTO, codec_of
from exekra.kit.names import portable_file_name, safe_file_name
from exekra.kit.text import quoted
from exekra.sdk.errors import BusinessError

_UTF_8 = 0x800
"""The flag by which an archive says that a name is UTF-8."""

_UNICODE_PATH = 0x7075
"""The extra field in which some programs store a name as UTF-8 once more."""


class ArchiveError(BusinessError):
    """The archive is damaged, dangerous, or its password is wrong."""


def name_of(entry: zipfile.ZipInfo, encoding: str, doubt: Callable[[str], None]) -> str:
    """The name of an entry as it was meant; `doubt` gets a name whose encoding nobody states.

    Args:
        entry: The entry.
        encoding: How names are stored that do not say it; `auto` takes UTF-8 where it fits, otherwise DOS (cp437).
        doubt: What is told of a name that is neither.

    Raises:
        ArchiveError: The name is not in the chosen encoding.
    """
    read = entry.orig_filename
    if entry.flag_bits & _UTF_8:
        return read
    raw = read.encode("cp437")  # As the library decoded it.
    stated = _unicode_path(entry, raw)
    if stated is not None:
        return stated
    if read.isascii():
        return read
    if encoding != AUTO:
        try:
            return raw.decode(codec_of(encoding))
        except UnicodeDecodeError:
            raise ArchiveError(f"The name {quoted(read)} is not {encoding}. Choose another `name_encoding`.") from None
    try:
        return raw.decode()
    except UnicodeDecodeError:
        doubt(read)
        return read


def _unicode_path(entry: zipfile.ZipInfo, raw: bytes) -> str | None:
    """The name in the extra field, if it belongs to this very name."""
    extra = entry.extra
    while len(extra) >= 4:
        kind, size = int.from_bytes(extra[:2], "little"), int.from_bytes(extra[2:4], "little")
        data, extra = extra[4 : 4 + size], extra[4 + size :]
        if kind == _UNICODE_PATH and data[:1] == b"\1" and int.from_bytes(data[1:5], "little") == zlib.crc32(raw):
            try:
                return data[5:].decode()
            except UnicodeDecodeError:
                return None
    return None


def inner_path(archive: str, name: str, *, for_windows: bool = os.name == "nt") -> PurePosixPath:
    """Where an entry belongs within the folder; empty for the folder itself.

    What Windows cannot hold in a name becomes `_` there.

    Raises:
        ArchiveError: The name leads out of the folder.
    """
    path = PurePosixPath(name.replace("\\", "/"))
    if "\x00" in name:
        raise ArchiveError(f"{archive} holds the name {quoted(name)}: a zero byte cannot be in a name.")
    if path.is_absolute() or ".." in path.parts or PureWindowsPath(name).drive:
        raise ArchiveError(f"{archive} holds the name {quoted(name)}, which leads out of the folder.")
    if for_windows:
        return PurePosixPath(*(portable_file_name(safe_file_name(part)) for part in path.parts))
    return path


def clashes(names: list[PurePosixPath], *, without_case: bool = os.name == "nt") -> list[PurePosixPath]:
    """The names that are a folder for others, or the same file as another where the system does not look at case."""
    folders = {parent for name in names for parent in name.parents}
    found = [name for name in names if name in folders]
    if without_case:
        seen = set[str]()
        for name in names:
            folded = str(name).casefold()
            if folded in seen:
                found.append(name)
            seen.add(folded)
    return found
