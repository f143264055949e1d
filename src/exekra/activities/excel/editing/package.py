"""A workbook's file: a ZIP of parts, which refer to each other by relationships.

What is not changed is copied as it lies in the file, compressed, with its header. So it stays byte for byte, and a
change costs what is changed.
"""

from __future__ import annotations

import copy
import posixpath
import zipfile
import zlib
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from urllib.parse import unquote

from exekra.activities.excel.editing import markup
from exekra.activities.excel.errors import CannotEditError, NotAWorkbookError, not_a_workbook

PIECE = 1 << 20
"""Bytes that are read or copied at once."""

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SMALL = 1 << 20
"""Parts up to this size are compressed well, larger ones quickly."""

_LARGE = (1 << 31) - (1 << 24)
CONTENT_TYPES = "[Content_Types].xml"

Writer = Callable[[IO[bytes]], None]
"""Writes a part's new content; called when the package is saved."""


@dataclass(frozen=True, slots=True)
class Relationship:
    """What a part refers to.

    Attributes:
        id: Its id within the part.
        kind: The last word of its type, such as `worksheet` or `table`.
        target: The name of the part; for what is outside of the package, the address.
        external: Whether the target is outside of the package.
    """

    id: str
    kind: str
    target: str
    external: bool


class Package:
    """An open package and the changes to it, which `save` writes.

    Args:
        path: The workbook.
        stream: Its open file.
        to_change: Whether it will be changed, which would break a signature.

    Raises:
        NotAWorkbookError: The file is not a ZIP package, or is damaged.
        CannotEditError: It is protected by a password or signed.
    """

    def __init__(self, path: Path, stream: IO[bytes], *, to_change: bool = True) -> None:
        self.path = path
        self._stream = stream
        self._changed: dict[str, bytes] = {}
        self._writers: dict[str, Writer] = {}
        self._removed: set[str] = set()
        start = stream.read(8)
        if start == _OLE:
            raise CannotEditError(
                f"{path} is protected by a password, or is an .xls file under another name. Open it in Excel and save "
                "it as .xlsx without a password."
            )
        with self._damage():
            self._zip = zipfile.ZipFile(stream)
        self._entries: dict[str, zipfile.ZipInfo] = {}
        self._by_lower: dict[str, str] = {}
        for entry in self._zip.infolist():
            name = _part_name(entry.filename)
            if name.lower() in self._by_lower:
                raise not_a_workbook(path, f"it has two parts `{name}`")
            self._entries[name] = entry
            self._by_lower[name.lower()] = name
        if CONTENT_TYPES.lower() not in self._by_lower:
            raise not_a_workbook(path, "it is a ZIP file, but has no list of content types")
        if to_change and any(name.lower().startswith("_xmlsignatures/") for name in self._entries):
            raise CannotEditError(
                f"{path} has a digital signature, which any change would break. Remove the signature in Excel, or "
                "write to another file."
            )

    @contextmanager
    def _damage(self) -> Iterator[None]:
        """Turn what a damaged package raises into our error."""
        try:
            yield
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
            raise not_a_workbook(self.path, error) from None
        except (markup.MarkupError, UnicodeDecodeError) as error:
            raise not_a_workbook(self.path, error) from None

    def names(self) -> list[str]:
        """The names of all parts, as they are after the changes."""
        names = [name for name in self._entries if name not in self._removed]
        return names + [name for name in self._changed if name not in self._entries]

    def name(self, part: str) -> str | None:
        """How the package spells the name of a part; None where it has no such part."""
        if part in self._changed:
            return part
        found = self._by_lower.get(part.lower())
        return None if found is None or found in self._removed else found

    def size(self, part: str) -> int:
        """The bytes of a part, not compressed, as it is in the file."""
        return self._entries[part].file_size if part in self._entries else 0

    def pieces(self, part: str) -> Iterator[bytes]:
        """The content of a part, a megabyte at a time, without what a `Writer` will write."""
        if part in self._changed:
            yield self._changed[part]
            return
        if part not in self._entries:
            raise not_a_workbook(self.path, f"its part `{part}` is missing")
        with self._damage(), self._zip.open(self._entries[part]) as stream:
            while piece := stream.read(PIECE):
                yield piece

    def text(self, part: str) -> str:
        """The XML of a part, with the changes made so far.

        Raises:
            NotAWorkbookError: There is no such part, or it is damaged.
        """
        name = self.name(part)
        if name is None:
            raise not_a_workbook(self.path, f"its part `{part}` is missing")
        if name in self._changed:
            return self._changed[name].decode()
        with self._damage():
            try:
                return markup.decoded(self._zip.read(self._entries[name]))
            except markup.MarkupError as error:
                raise NotAWorkbookError(
                    f"{self.path} cannot be changed: part `{name}` is unusual ({error}). Open it in Excel and save it."
                ) from None

    def replace(self, part: str, content: str) -> None:
        """Set the content of a part; one that is missing is added."""
        self._removed.discard(part)
        self._changed[part] = content.encode()

    def rewrite(self, part: str, writer: Writer) -> None:
        """Let a writer make the content of a part, which may read what it was, when the package is saved."""
        self._writers[part] = writer

    def remove(self, part: str) -> None:
        """Take a part out."""
        self._changed.pop(part, None)
        self._removed.add(part)

    def relationships(self, part: str) -> list[Relationship]:
        """What a part refers to; `""` is the package itself."""
        source = self.name(relationships_name(part))
        if source is None:
            return []
        xml = self.text(source)
        found = []
        with self._damage():
            for element in markup.children(xml):
                values = markup.attributes_of(xml, element)
                external = values.get("TargetMode") == "External"
                target = values.get("Target", "")
                if not external:
                    target = posixpath.normpath(posixpath.join("/", posixpath.dirname(part), unquote(target)))[1:]
                    target = self.name(target) or target
                kind = values.get("Type", "").rpartition("/")[2]
                found.append(Relationship(values.get("Id", ""), kind, target, external))
        return found

    def relate(self, part: str, kind: str, target: str) -> str:
        """Make a part refer to another; gives the new relationship's id.

        Args:
            part: The part that refers.
            kind: The whole type, an address.
            target: The name of the other part.
        """
        source = self.name(relationships_name(part))
        taken = {known.id.lower() for known in self.relationships(part)}
        number = len(taken) + 1
        while f"rid{number}" in taken:
            number += 1
        xml = self.text(source) if source else _NO_RELATIONSHIPS
        whole = markup.root(xml)
        target = posixpath.relpath("/" + target, "/" + posixpath.dirname(part))
        entry = f'<{whole.prefix}Relationship Id="rId{number}" Type="{kind}" Target="{markup.escaped(target)}"/>'
        self.replace(source or relationships_name(part), markup.append_to(xml, whole, entry))
        return f"rId{number}"

    def unrelate(self, part: str, target: str) -> None:
        """Remove all relationships of a part to another."""
        ids = {known.id for known in self.relationships(part) if known.target == target}
        source = self.name(relationships_name(part))
        if source and ids:
            xml = self.text(source)
            for element in reversed(markup.children(xml)):
                if markup.attributes_of(xml, element).get("Id") in ids:
                    xml = xml[: element.start] + xml[element.end :]
            self.replace(source, xml)

    def set_content_type(self, part: str, content_type: str | None) -> None:
        """Say what a part is; None forgets it."""
        types = self._by_lower[CONTENT_TYPES.lower()]
        xml = self.text(types)
        whole = markup.root(xml)
        for element in markup.children(xml, whole):
            if markup.attributes_of(xml, element).get("PartName", "").lower() == f"/{part}".lower():
                xml = xml[: element.start] + xml[element.end :]
                break
        if content_type:
            whole = markup.root(xml)
            name = markup.escaped(part, quote=True)
            entry = f'<{whole.prefix}Override PartName="/{name}" ContentType="{content_type}"/>'
            xml = markup.append_to(xml, whole, entry)
        self.replace(types, xml)

    def copy(self, part: str) -> str:
        """Copy a part under a new name, as what it is; gives the name. What the part refers to is not copied."""
        stem, ending = posixpath.splitext(part)
        new = self.free_name(stem.rstrip("0123456789") + "{}" + ending)
        self._changed[new] = b"".join(self.pieces(part))
        xml = self.text(CONTENT_TYPES)
        for element in markup.children(xml):
            values = markup.attributes_of(xml, element)
            if values.get("PartName", "").lower() == f"/{part}".lower():
                self.set_content_type(new, values.get("ContentType"))
        return new

    def redirect(
        self, part: str, source: str, targets: Mapping[str, str], without: Collection[str] = frozenset()
    ) -> None:
        """Let a part refer to what another one refers to, by the same ids.

        Args:
            part: The part that is to refer.
            source: The part that does.
            targets: What takes the place of a target, by its name.
            without: The kinds of what it does not refer to.
        """
        known = self.name(relationships_name(source))
        if known is None:
            return
        xml = self.text(known)
        found = self.relationships(source)
        for relationship, element in reversed(list(zip(found, markup.children(xml), strict=True))):
            if relationship.kind in without:
                xml = xml[: element.start] + xml[element.end :]
            elif not relationship.external:
                address = "/" + targets.get(relationship.target, relationship.target)
                xml = markup.set_attributes(xml, element, {"Target": address})
        self.replace(relationships_name(part), xml)

    def free_name(self, pattern: str) -> str:
        """The first name of the form `xl/worksheets/sheet{}.xml` that no part has."""
        number = 1
        while self.name(pattern.format(number)):
            number += 1
        return pattern.format(number)

    def save(self, draft: Path, settle: Callable[[], None]) -> None:
        """Write the package with its changes to another file.

        Args:
            draft: The file to make.
            settle: Called when the contents of all writers are known: it may still change small parts.
        """
        written = draft.with_name(f"{draft.name}.parts")
        try:
            with written.open("w+b") as spool:
                with zipfile.ZipFile(spool, "w", zipfile.ZIP_DEFLATED) as parts:
                    for name, writer in self._writers.items():
                        with self._opened(parts, name, self.size(name)) as stream:
                            writer(stream)
                    settle()
                    spooled = {entry.filename: entry for entry in parts.infolist()}
                    end = parts.start_dir
                with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED) as out:
                    for name, entry in self._in_order():
                        if name in spooled:
                            _copy(spool, spooled[name], [*spooled.values()], end, out)
                        elif name in self._changed:
                            with self._opened(out, name, len(self._changed[name])) as stream:
                                stream.write(self._changed[name])
                        elif entry and name not in self._removed:
                            with self._damage():
                                _copy(self._stream, entry, [*self._entries.values()], self._zip.start_dir, out)
        finally:
            written.unlink(missing_ok=True)

    def _in_order(self) -> Iterator[tuple[str, zipfile.ZipInfo | None]]:
        """All parts in the order of the file, the new ones behind."""
        yield from sorted(self._entries.items(), key=lambda item: item[1].header_offset)
        for name in list(self._changed):
            if name not in self._entries:
                yield name, None

    def _opened(self, out: zipfile.ZipFile, name: str, size: int) -> IO[bytes]:
        """A new entry to write to, of about that size."""
        out.compresslevel = 6 if size <= _SMALL else 1
        return out.open(name, "w", force_zip64=size > _LARGE)


def _copy(
    stream: IO[bytes], entry: zipfile.ZipInfo, entries: list[zipfile.ZipInfo], end: int, out: zipfile.ZipFile
) -> None:
    """Copy an entry as it lies in a file, whose entries end at `end`; `out` learns where it is now."""
    header = 30
    stream.seek(entry.header_offset)
    local = stream.read(header)
    if len(local) < header or local[:4] != b"PK\x03\x04":
        raise zipfile.BadZipFile(f"the header of {entry.filename} is damaged")
    left = header + int.from_bytes(local[26:28], "little") + int.from_bytes(local[28:30], "little")
    left += entry.compress_size
    if entry.flag_bits & 0x08:  # A descriptor follows, of a length that is not said.
        behind = entry.header_offset + left
        left = min([other.header_offset for other in entries if other.header_offset >= behind] + [end])
        left -= entry.header_offset
    copied = copy.copy(entry)
    copied.filename = entry.orig_filename
    place = out.fp
    if place is None:
        raise ValueError("the file is closed")
    copied.header_offset = place.tell()
    stream.seek(entry.header_offset)
    while left:
        piece = stream.read(min(left, PIECE))
        if not piece:
            raise EOFError("it ends too early")
        place.write(piece)
        left -= len(piece)
    out.filelist.append(copied)
    out.NameToInfo[copied.filename] = copied
    out.start_dir = place.tell()


_NO_RELATIONSHIPS = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"/>'
)


def relationships_name(part: str) -> str:
    """The name of the part that holds the relationships of `part`."""
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def _part_name(name: str) -> str:
    return unquote(name.replace("\\", "/").lstrip("/"))
