"""The messages between the Runner and a child process, as frames on pipes.

A frame is a header (length of the payload, number of events, kind) and a payload of JSON. Events are encoded once, in
the child; the Runner numbers, stores and sends them without reading them.
"""

from __future__ import annotations

import os
import struct
from enum import IntEnum
from typing import Any

import msgspec

from exekra.flow.debugging import AnyDebugCommand, DebugOptions, StartAt
from exekra.protocol.messages import AskFailure
from exekra.runner.link.file_spool import FileSpace
from exekra.sdk.context import WhenAway

HEADER = struct.Struct("<IIB")
"""Length of the payload in bytes, number of events, kind."""


class Kind(IntEnum):
    """The kind of a frame."""

    EVENTS = 0
    """A JSON array of events."""
    FINISHED = 1
    """A JSON array of events, the last of which is `execution.finished`."""
    READY = 2
    """A process has finished its imports; the payload is its `Abilities`."""
    FORKED = 3
    """The zygote created a child; the payload is its process id."""
    NOT_FORKED = 12
    """The system refused the zygote another process; the payload is the number of the error."""
    EXITED = 4
    """A child of the zygote ended; the payload is its `Exited`."""
    JOB = 5
    """Run the execution in the payload, a `Job`."""
    STOP = 6
    """End the execution; no payload."""
    DEBUG = 7
    """A JSON array of commands for a debug session."""
    KEPT = 8
    """A file was put into the execution's `FileSpace`; no payload."""
    ASK = 9
    """The execution asks the Hub; the payload is `Asked`."""
    WITHDRAW = 10
    """The execution no longer waits for an answer; the payload is the question's number."""
    ANSWER = 11
    """The Hub's answer; the payload is `Answered`."""


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that a child needs for one execution.

    `workflows` maps what may be called, as in `Assign`, and "" for the execution's own, to its document.
    `workflow_folders` says, by the same names, where the files are that belong to them. `mark` is put into the
    environment of every process that the execution starts. `commands` are those for a debug session that came before it
    started. `files` is where it may keep files; None if the Hub accepts none. `seconds_used` is how much of its time
    limit has passed already. The rest is as in `Assign`.
    """

    execution_id: str
    mark: str
    workflows: dict[str, msgspec.Raw]
    inputs: dict[str, Any]
    work_folder: str
    temporary_folder: str
    workflow_folders: dict[str, str] = {}
    timeout: float | None = None
    seconds_used: float = 0.0
    start_at: StartAt | None = None
    debug: DebugOptions | None = None
    checkpoint_each: bool = False
    commands: tuple[AnyDebugCommand, ...] = ()
    files: FileSpace | None = None


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """A question to the Hub; `id` counts the questions of this execution. The rest is as in `Context.ask`."""

    id: int
    topic: str
    body: msgspec.Raw
    seconds: float | None
    when_away: WhenAway


class Answered(msgspec.Struct, frozen=True, kw_only=True):
    """The answer to the question with that number, or why there is none."""

    id: int
    body: msgspec.Raw
    failure: AskFailure | None = None


class Abilities(msgspec.Struct, frozen=True, kw_only=True):
    """What this machine can do: the hash of its catalogue, and the catalogue's entries as JSON."""

    catalogue_hash: str
    entries: msgspec.Raw


class Exited(msgspec.Struct, frozen=True, kw_only=True):
    """How a child ended.

    `code` is its exit status, or minus the number of the signal that ended it; `left` is how many processes that it
    started are still alive.
    """

    pid: int
    code: int
    left: int


def frame(kind: Kind, payload: bytes = b"", count: int = 0) -> bytes:
    """Encode one frame."""
    return HEADER.pack(len(payload), count, kind) + payload


def write_all(descriptor: int, data: bytes) -> None:
    """Write all bytes to a blocking descriptor."""
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def read_frame(descriptor: int) -> tuple[Kind, bytes] | None:
    """The next frame from a blocking descriptor; None at the end of the stream, even in the middle of a frame."""
    header = _read_exactly(descriptor, HEADER.size)
    if header is None:
        return None
    length, _count, kind = HEADER.unpack(header)
    payload = _read_exactly(descriptor, length)
    return None if payload is None else (Kind(kind), payload)


def _read_exactly(descriptor: int, length: int) -> bytes | None:
    parts = []
    while length:
        part = os.read(descriptor, min(length, 1 << 20))
        if not part:
            return None
        parts.append(part)
        length -= len(part)
    return b"".join(parts)
