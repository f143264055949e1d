"""The child: waits for one job, runs it with the engine, reports what happens, and ends.

It runs in a process forked from the zygote, or in one spawned in advance (`python -m exekra.runner.children.child`).
"""

from __future__ import annotations

import asyncio
import contextlib
import io
import os
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any, NoReturn

import msgspec

from exekra.engine.run import RunControl, run_flow
from exekra.flow.debugging import AnyDebugCommand
from exekra.flow.document import parse_document
from exekra.flow.events import Event, Log
from exekra.flow.model import FORMAT
from exekra.kit.processes import MARK
from exekra.kit.tracebacks import portable_traceback
from exekra.runner.children.channel import Answered, Job, Kind, frame, read_frame, write_all
from exekra.runner.children.keeping import SpoolingFileKeeper
from exekra.runner.children.outbox import Outbox, frames
from exekra.runner.children.questions import PipedHub
from exekra.runner.host import SYSTEM
from exekra.sdk.errors import ExekraError

_REHEARSAL: dict[str, Any] = {
    "format": FORMAT,
    "name": "Rehearsal",
    "inputs": {"number": {"type": "number"}},
    "variables": {"next": {"type": "number", "default": 0}},
    "nodes": {"count": {"do": "set_variable", "with": {"variable": "next", "value": "{number + 1}"}}},
    "edges": ["start -> count"],
}


def serve(commands: int, events: int) -> NoReturn:
    """Wait for a job on the descriptor `commands`, run it, write its events to `events`, and end this process."""
    loop = asyncio.new_event_loop()
    control = RunControl()
    working = threading.Event()
    outbox = Outbox(lambda data: write_all(events, data))
    hub = PipedHub(outbox.write)
    threading.Thread(target=_obey, args=(commands, working, control, hub), daemon=True, name="commands").start()
    rehearse(loop)
    received = read_frame(commands)
    if received is None:
        os._exit(0)
    job = msgspec.json.decode(received[1], type=Job)
    outbox.begin()
    working.set()
    sys.stdout, sys.stderr = _printed_to(1), _printed_to(2)
    os.environ[MARK] = job.mark
    os.environ["TMPDIR"] = os.environ["TEMP"] = os.environ["TMP"] = tempfile.tempdir = job.temporary_folder
    try:
        os.chdir(job.work_folder)
        # Not asyncio.run: it would wait for threads that a stopped activity has left behind.
        loop.run_until_complete(_run(job, outbox, control, hub))
    except ExekraError as error:
        outbox.fail(error.type, error.message)
    except OSError as error:
        outbox.fail("WorkFolderError", f"The work folder {job.work_folder} cannot be used: {error.strerror}.")
    except BaseException as error:
        outbox.put(Log(at=time.time(), level="debug", message=portable_traceback(error)))
        outbox.fail(
            "InternalError",
            f"An internal error occurred in Exekra ({type(error).__name__}: {error}). Please report this.",
        )
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(Exception):  # An activity may have closed or replaced it.
            stream.flush()
    outbox.close()
    os._exit(0)


def _printed_to(descriptor: int) -> io.TextIOWrapper:
    """A stream for what activities print: it never fails, and the Runner gets each line as UTF-8."""
    buffered = io.BufferedWriter(io.FileIO(descriptor, "w", closefd=False))
    return io.TextIOWrapper(buffered, encoding="utf-8", errors="backslashreplace", line_buffering=True)


def rehearse(loop: asyncio.AbstractEventLoop) -> None:
    """Run a small flow, so that the cost of a first run is paid while nobody waits: caches and, in a forked child, the
    copies of the memory pages that it writes to.
    """
    events: list[Event] = []
    flow = parse_document(_REHEARSAL)
    loop.run_until_complete(run_flow(flow, inputs={"number": 1}, emit=events.append, work_folder=Path()))
    frames(events)


async def _run(job: Job, outbox: Outbox, control: RunControl, hub: PipedHub) -> None:
    flows = {name: parse_document(msgspec.json.decode(document)) for name, document in job.workflows.items()}
    for command in job.commands:
        control.command(command)
    await run_flow(
        flows.pop(""),
        inputs=job.inputs,
        workflows=flows,
        emit=outbox.put,
        control=control,
        execution_id=job.execution_id,
        hub=hub,
        work_folder=Path(job.work_folder),
        workflow_folders={name: Path(folder) for name, folder in job.workflow_folders.items()},
        timeout=job.timeout,
        seconds_used=job.seconds_used,
        start_at=job.start_at,
        debug=job.debug,
        checkpoint_each=job.checkpoint_each,
        files=None if job.files is None else SpoolingFileKeeper(job.files, lambda: outbox.write(frame(Kind.KEPT))),
    )


def _obey(commands: int, working: threading.Event, control: RunControl, hub: PipedHub) -> None:
    """Pass on the Runner's messages; end immediately, with the process group, if the Runner is gone."""
    working.wait()
    while (received := read_frame(commands)) is not None:
        kind, payload = received
        if kind is Kind.STOP:
            control.stop()
        elif kind is Kind.ANSWER:
            hub.hear(msgspec.json.decode(payload, type=Answered))
        else:
            for command in msgspec.json.decode(payload, type=tuple[AnyDebugCommand, ...]):
                control.command(command)
    SYSTEM.end_own_group()


def main() -> None:
    """Serve on standard input and output, hidden from the execution: what it prints goes to standard error."""
    from exekra.runner.children.abilities import abilities  # noqa: PLC0415 - the zygote brings it for forked children

    commands, events = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(2, 1)
    write_all(events, frame(Kind.READY, msgspec.json.encode(abilities())))
    serve(commands, events)


if __name__ == "__main__":
    main()
