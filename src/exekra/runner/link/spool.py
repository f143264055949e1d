"""The events of one execution, kept on disk until the Hub has stored them.

An execution's spool is a series of segment files in one folder, `EXECUTION.LEASE.FIRST.events`: FIRST is the sequence
of the segment's first event. A segment begins with a record about the execution, followed by records of events. A
segment whose events are all acknowledged is deleted. Records are written without waiting for the disk: they survive a
crash of the Runner, and after a crash of the machine an incomplete end is cut off.
"""

from __future__ import annotations

import os
import re
import struct
import zlib
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import msgspec

RECORD = struct.Struct("<IIII?")
"""Length of the payload, checksum of everything else, number of the first event, number of events, whether it ends
here.
"""
SEGMENT_BYTES = 4 * 1024 * 1024
KEPT_IN_MEMORY_BYTES = 1024 * 1024
"""The most payloads of unacknowledged events that are kept in memory."""
_BINARY = getattr(os, "O_BINARY", 0)
_NAME = re.compile(r"(?P<execution>[A-Za-z0-9-]{1,64})\.(?P<lease>\d{1,18})\.(?P<first>\d{1,18})\.events")


UNBEGUN = ".unbegun"
"""Marks the spool `EXECUTION.LEASE` of an execution that has not started."""


class About(msgspec.Struct, frozen=True, kw_only=True):
    """What a segment says about its execution. `seconds_since_1970` is when the Runner took it."""

    execution_id: str
    lease: int
    seconds_since_1970: float


@dataclass(slots=True, kw_only=True)
class Batch:
    """Consecutive events, encoded as one JSON array.

    `payload` is None where it must be read from `segment` at `offset`.
    """

    first: int
    count: int
    length: int
    finished: bool
    segment: Segment | None
    offset: int
    payload: bytes | None

    @property
    def last(self) -> int:
        """The sequence of the last event."""
        return self.first + self.count - 1


class Segment:
    """One file of a spool. Created by `create` or `open`."""

    def __init__(self, path: Path, descriptor: int, size: int) -> None:
        self.path = path
        self.size = size
        self.last = 0
        self._descriptor = descriptor

    @classmethod
    def create(cls, path: Path, about: About) -> Segment:
        """Create a new file.

        Raises:
            OSError: The disk is full or broken; the file does not exist then.
        """
        segment = cls(path, os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC | _BINARY, 0o600), 0)
        try:
            segment.write(0, 0, msgspec.json.encode(about))
        except OSError:
            segment.remove()
            raise
        return segment

    @classmethod
    def open(cls, path: Path) -> tuple[Segment, About | None, list[Batch]]:
        """Read a file that an earlier Runner left, and cut off an incomplete end.

        Its record about the execution is None if not even that was written completely.
        """
        segment = cls(path, os.open(path, os.O_RDWR | _BINARY), 0)
        data = path.read_bytes()
        about: About | None = None
        batches: list[Batch] = []
        while len(data) >= segment.size + RECORD.size:
            length, checksum, first, count, finished = RECORD.unpack_from(data, segment.size)
            offset = segment.size + RECORD.size
            payload = data[offset : offset + length]
            if (
                len(payload) < length
                or _checksum(first, count, finished, payload) != checksum
                or bool(about) != bool(count)
            ):
                break
            if about is None:
                about = msgspec.json.decode(payload, type=About)
            else:
                batches.append(
                    Batch(
                        first=first,
                        count=count,
                        length=length,
                        finished=finished,
                        segment=segment,
                        offset=offset,
                        payload=None,
                    )
                )
                segment.last = first + count - 1
            segment.size = offset + length
        os.ftruncate(segment._descriptor, segment.size)
        return segment, about, batches

    def write(self, first: int, count: int, payload: bytes, finished: bool = False) -> int:
        """Append a record and return the offset of its payload.

        Raises:
            OSError: The disk is full or broken; nothing was appended.
        """
        checksum = _checksum(first, count, finished, payload)
        record = RECORD.pack(len(payload), checksum, first, count, finished) + payload
        os.lseek(self._descriptor, self.size, os.SEEK_SET)
        try:
            written = 0
            while written < len(record):
                written += os.write(self._descriptor, record[written:] if written else record)
        except OSError:
            os.ftruncate(self._descriptor, self.size)
            raise
        offset = self.size + RECORD.size
        self.size += len(record)
        self.last = first + count - 1
        return offset

    def read(self, offset: int, length: int) -> bytes:
        """The payload at that offset."""
        os.lseek(self._descriptor, offset, os.SEEK_SET)
        return os.read(self._descriptor, length)

    def remove(self) -> None:
        """Delete the file."""
        self.close()
        self.path.unlink(missing_ok=True)

    def close(self) -> None:
        """Close the file; it stays on disk."""
        os.close(self._descriptor)


class Spool:
    """The unacknowledged events of one execution, in order.

    A full disk does not stop it: from then on, events are kept in memory, and `problem` says so.

    Attributes:
        about: The execution that the events belong to.
        folder: Where the files are.
        last: The sequence of the last event; 0 before the first.
        acknowledged: The sequence up to which the Hub has stored them.
        finished: Whether the last event is `execution.finished`.
        problem: Why the disk is not used, or None.
        waiting_bytes: The bytes of unacknowledged events.
        memory_bytes: The bytes of events that are only in memory, because of the problem.
    """

    def __init__(self, folder: Path, about: About) -> None:
        self.about = about
        self.last = 0
        self.acknowledged = 0
        self.finished = False
        self.problem: OSError | None = None
        self.waiting_bytes = 0
        self.memory_bytes = 0
        self.folder = folder
        self._batches: deque[Batch] = deque()
        self._segments: deque[Segment] = deque()
        self._cached = 0
        self._removed = False

    @classmethod
    def create(cls, folder: Path, about: About) -> Spool:
        """Create the spool of an execution that starts."""
        spool = cls(folder, about)
        spool._next_segment()
        return spool

    @contextmanager
    def unbegun(self) -> Iterator[None]:
        """Until the block ends, the execution has not started: a restarted Runner forgets it, and the Hub
        gives it out again. (On a full disk it is not known, and the execution counts as broken off.)
        """
        marker = self.folder / f"{self.about.execution_id}.{self.about.lease}{UNBEGUN}"
        with suppress(OSError):
            marker.touch()
        try:
            yield
        finally:
            marker.unlink(missing_ok=True)

    @classmethod
    def open(cls, folder: Path, paths: list[Path]) -> Spool | None:
        """The spool in these segments, which are in order; None if they are empty. What follows a gap is lost."""
        spool: Spool | None = None
        for path in paths:
            segment, about, batches = Segment.open(path)
            if about is None:
                segment.remove()
                continue
            if spool is None:
                spool = cls(folder, about)
                spool.last = spool.acknowledged = int(path.name.split(".")[2]) - 1
            for batch in batches:
                if batch.first != spool.last + 1:
                    break
                spool._batches.append(batch)
                spool.waiting_bytes += batch.length
                spool.last = batch.last
                spool.finished = batch.finished
            spool._segments.append(segment)
        return spool

    def append(self, payload: bytes, count: int, *, finished: bool = False) -> None:
        """Number and keep events, given as a JSON array of `count`; a removed spool forgets them immediately."""
        self.finished = self.finished or finished
        if self._removed:
            return
        first = self.last + 1
        batch = Batch(
            first=first, count=count, length=len(payload), finished=finished, segment=None, offset=0, payload=payload
        )
        if self.problem is None:
            self._write(batch, payload)
        if batch.segment is None:
            self.memory_bytes += batch.length
        else:
            self._cached += batch.length
            if self._cached > KEPT_IN_MEMORY_BYTES:
                self._cached -= batch.length
                batch.payload = None
        self._batches.append(batch)
        self.waiting_bytes += batch.length
        self.last = batch.last

    def waiting(self) -> Iterator[Batch]:
        """The batches that are not completely acknowledged, in order."""
        return iter(self._batches)

    def payload(self, batch: Batch) -> bytes:
        """The batch's events as a JSON array."""
        if batch.payload is not None:
            return batch.payload
        assert batch.segment is not None
        return batch.segment.read(batch.offset, batch.length)

    def acknowledge(self, sequence: int) -> None:
        """Forget the events up to that sequence."""
        if self._removed:
            return
        self.acknowledged = max(self.acknowledged, min(sequence, self.last))
        while self._batches and self._batches[0].last <= self.acknowledged:
            batch = self._batches.popleft()
            self.waiting_bytes -= batch.length
            if batch.segment is None:
                self.memory_bytes -= batch.length
            elif batch.payload is not None:
                self._cached -= batch.length
        if self.problem is not None and not self.memory_bytes:
            # The disk must have no gap: continue there in a new segment once nothing is only in memory.
            self.problem = None
            self._next_segment()
        while len(self._segments) > 1 and self._segments[0].last <= self.acknowledged:
            self._segments.popleft().remove()

    def skip_to(self, sequence: int) -> None:
        """The Hub has more events than a crash left here: continue with the number after its last one."""
        self._clear()
        self.last = self.acknowledged = sequence
        self.waiting_bytes = self.memory_bytes = self._cached = 0
        self.problem = None
        self._next_segment()

    @property
    def delivered(self) -> bool:
        """Whether the Hub has stored everything, including the end."""
        return self.finished and self.acknowledged >= self.last

    def remove(self) -> None:
        """Remove everything, from disk too, and ignore what is appended from now on: its execution may not know yet."""
        self._removed = True
        self._clear()

    def close(self) -> None:
        """Close the files; what is on disk stays for the next start, and nothing more is stored."""
        self._removed = True
        while self._segments:
            self._segments.popleft().close()

    def _clear(self) -> None:
        while self._segments:
            self._segments.popleft().remove()
        self._batches.clear()

    def _write(self, batch: Batch, payload: bytes) -> None:
        try:
            if self._segments[-1].size + batch.length > SEGMENT_BYTES and self._segments[-1].last:
                self._open_segment()
            segment = self._segments[-1]
            batch.offset = segment.write(batch.first, batch.count, payload, batch.finished)
            batch.segment = segment
        except OSError as error:
            self.problem = error

    def _next_segment(self) -> None:
        try:
            self._open_segment()
        except OSError as error:
            self.problem = error

    def _open_segment(self) -> None:
        name = f"{self.about.execution_id}.{self.about.lease}.{self.last + 1}.events"
        self._segments.append(Segment.create(self.folder / name, self.about))


def _checksum(first: int, count: int, finished: bool, payload: bytes) -> int:
    return zlib.crc32(payload, zlib.crc32(b"%d %d %d" % (first, count, finished)))


def recover(folder: Path) -> list[Spool]:
    """The spools that an earlier Runner left in the folder. Anything else is deleted, and so are executions that had
    not started.
    """
    unbegun = {path.stem for path in folder.glob(f"*{UNBEGUN}")}
    segments: dict[tuple[str, str], list[tuple[int, Path]]] = {}
    for path in folder.iterdir():
        name = _NAME.fullmatch(path.name)
        if name is None or f"{name['execution']}.{name['lease']}" in unbegun:
            path.unlink()
        else:
            segments.setdefault((name["execution"], name["lease"]), []).append((int(name["first"]), path))
    spools = [Spool.open(folder, [path for _, path in sorted(found)]) for found in segments.values()]
    return [spool for spool in spools if spool is not None]
