"""Every message that Hub and Runner exchange.

A Runner authenticates before it sends messages (`/api/runner/authenticate`), so no message carries its identity. Every
message about an execution carries the lease: the number of the assignment. Whatever belongs to a revoked assignment is
refused, so only one assignment can report on an execution.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from exekra.flow.debugging import AnyDebugCommand, DebugOptions, StartAt
from exekra.flow.events import AnyEvent
from exekra.sdk.catalogue import CatalogueEntry


class Message(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="type", tag=str.lower):
    """The base of all messages, with their type."""


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """An execution that the Runner has in hand: running, or ended with events not yet acknowledged."""

    execution_id: str
    lease: int


# Runner to Hub


class Hello(Message, frozen=True, kw_only=True, tag="hello"):
    """The first message of a connection.

    The Hub answers Welcome, and for each held execution Acknowledge with what it stored, or Refused if it has revoked
    it. `protocol` is the oldest version that the Runner speaks (all that a Hub of protocol 1 accepts is 1), `newest`
    the newest, and `capabilities` is what it can do (`versions.py`).
    """

    protocol: int
    version: str
    platform: str
    host: str
    catalogue_hash: str
    held: tuple[Held, ...] = ()
    newest: int = 1
    capabilities: tuple[str, ...] = ()
    at: float | None = None


class ReportCatalogue(Message, frozen=True, kw_only=True, tag="catalogue"):
    """What the Runner can do; sent when Welcome asks for it."""

    catalogue_hash: str
    entries: tuple[CatalogueEntry, ...]


class WorkFailure(msgspec.Struct, frozen=True, kw_only=True):
    """Something that a Runner does all the time, and that has failed since it was started.

    `restarts` is how often it was restarted, `failing` whether it keeps failing, `error` the type of its last error,
    `failed_at` when that was by the Runner's clock, in seconds since 1970.
    """

    name: str
    restarts: int
    failing: bool
    error: str
    failed_at: float


class Heartbeat(Message, frozen=True, kw_only=True, tag="heartbeat"):
    """The Runner lives. Percentages are of the whole machine; memory in MB. Every 30 s, and when `problem` changes.

    `at`, here and in Hello, is the Runner's clock when it was sent, in seconds since 1970: it may be wrong. `problem`
    is why the Runner can begin no execution now: it is assigned none until another heartbeat has none.
    """

    cpu_percent: float
    memory_percent: float
    memory_used_mb: float
    disk_percent: float
    held: tuple[Held, ...] = ()
    at: float | None = None
    problem: str | None = None
    failures: tuple[WorkFailure, ...] = ()


class Events(Message, frozen=True, kw_only=True, tag="events"):
    """Events of one execution. The first has the sequence `first`, the others follow without gaps.

    `execution.started` moves the execution to RUNNING, `execution.finished` to its end state.
    """

    execution_id: str
    lease: int
    first: int
    events: tuple[AnyEvent, ...]


class Decline(Message, frozen=True, kw_only=True, tag="decline"):
    """The Runner cannot take the assignment (it is busy, or lacks something): the Hub queues it again."""

    execution_id: str
    lease: int
    reason: str


class RequestDocuments(Message, frozen=True, kw_only=True, tag="request_documents"):
    """The Runner lacks the documents with these content hashes."""

    execution_id: str
    lease: int
    hashes: tuple[str, ...]


class Ask(Message, frozen=True, kw_only=True, tag="ask"):
    """An execution asks the Hub, which replies with Answer. Until then, it is repeated over each new connection.

    `id` counts the questions of this execution under this lease. `body` is any JSON, up to 1 MiB. `seconds` is how long
    the execution still waits; None means without limit.
    """

    execution_id: str
    lease: int
    id: int
    topic: str
    body: msgspec.Raw
    seconds: float | None = None


class EndAsk(Message, frozen=True, kw_only=True, tag="end_ask"):
    """The execution has its answer, or no longer waits: the Hub stops working on it, and removes its answer."""

    execution_id: str
    lease: int
    id: int


RunnerMessage = Hello | ReportCatalogue | Heartbeat | Events | Decline | RequestDocuments | Ask | EndAsk


# Hub to Runner


class FileLimits(msgspec.Struct, frozen=True, kw_only=True):
    """The most bytes of one file, and of all files of one execution."""

    largest_file_bytes: int
    largest_files_bytes: int


class Welcome(Message, frozen=True, kw_only=True, tag="welcome"):
    """The answer to Hello. `send_catalogue` asks for ReportCatalogue. Times in seconds.

    `protocol` is the version that both speak from now on, `capabilities` what the Hub can do (`versions.py`). `files`
    limits the files of executions that the Hub accepts; None means that it accepts none.
    """

    runner_id: str
    runner_name: str
    heartbeat_seconds: float = 30.0
    poll_seconds: float = 5.0
    send_catalogue: bool = False
    protocol: int = 1
    capabilities: tuple[str, ...] = ()
    files: FileLimits | None = None


class FileToFetch(msgspec.Struct, frozen=True, kw_only=True):
    """A file that an execution was given, which the Runner fetches before the execution begins.

    In `Assign.inputs` and `Assign.start_at` an object `{"$file": id}` stands for its path.
    """

    id: str
    name: str
    size: int
    sha256: str


class WorkflowFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file that belongs to a version of a workflow; the Runner lays it beside the workflow.

    `path` is relative, with `/` between its parts. `sha256`, in hexadecimal digits, names its content.
    """

    path: str
    size: int
    sha256: str


class Assign(Message, frozen=True, kw_only=True, tag="assign"):
    """Run an execution.

    `workflows` maps what may be called, `NAME` or `NAME@NUMBER` where a version is pinned, and "" for the execution's
    own, to the content hash of its document. `documents` holds, by hash, those that the Hub has not sent over this
    connection before. `files` are those that the execution was given, `workflow_files` those that belong to the
    workflows, by the same names. `start_at` is where to begin instead of at the start. `debug` makes it a debug
    session. With `checkpoint_each` the scope is reported after every node of the outermost body.
    """

    execution_id: str
    lease: int
    workflow: str
    version: int
    workflows: dict[str, str]
    documents: dict[str, dict[str, Any]] = {}
    inputs: dict[str, Any] = {}
    files: tuple[FileToFetch, ...] = ()
    workflow_files: dict[str, tuple[WorkflowFile, ...]] = {}
    timeout: float | None = None
    start_at: StartAt | None = None
    debug: DebugOptions | None = None
    checkpoint_each: bool = False


class Debug(Message, frozen=True, kw_only=True, tag="debug"):
    """Commands for an execution that is a debug session, in order."""

    execution_id: str
    lease: int
    commands: tuple[AnyDebugCommand, ...]


class Documents(Message, frozen=True, kw_only=True, tag="documents"):
    """The answer to RequestDocuments."""

    execution_id: str
    lease: int
    documents: dict[str, dict[str, Any]]


class Stop(Message, frozen=True, kw_only=True, tag="stop"):
    """End the execution: ask the child, and kill its whole process tree after `grace` seconds."""

    execution_id: str
    lease: int
    grace: float = 10.0


class Acknowledge(Message, frozen=True, kw_only=True, tag="acknowledge"):
    """Events up to and including `sequence` are stored; the Runner may remove them."""

    execution_id: str
    lease: int
    sequence: int


class Refused(Message, frozen=True, kw_only=True, tag="refused"):
    """The lease has ended: end the execution immediately and remove everything about it."""

    execution_id: str
    lease: int
    reason: str


class Goodbye(Message, frozen=True, kw_only=True, tag="goodbye"):
    """The Hub closes the connection. If `retry_seconds` is None, do not reconnect with this secret or version."""

    reason: str
    retry_seconds: float | None = None


class AskFailure(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Why a question has no answer. `code` is for programs, such as `unknown-topic` or `hub-away`."""

    code: str
    message: str
    kind: Literal["business", "application"] = "application"
    retryable: bool = False


class Answer(Message, frozen=True, kw_only=True, tag="answer"):
    """The answer to Ask: any JSON up to 1 MiB, or the failure.

    If `remembered` is set, send EndAsk: the Hub keeps the answer until then.
    """

    execution_id: str
    lease: int
    id: int
    body: msgspec.Raw
    failure: AskFailure | None = None
    remembered: bool = False


HubMessage = Welcome | Assign | Debug | Documents | Stop | Acknowledge | Refused | Goodbye | Answer
