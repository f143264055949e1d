"""Run a user's Python in a process of its own, so that it can be bounded, stopped, and never harms the execution."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

from annotated_types import Ge, Le

from exekra.activities.json_text import json_text
from exekra.kit.processes import MARK
from exekra.kit.text import REPLACEMENT
from exekra.sdk.activity import activity
from exekra.sdk.context import Context
from exekra.sdk.errors import ApplicationError, InputError, TimedOutError
from exekra.sdk.types import PythonCode, Seconds

CATEGORY = "Scripting"
ICON = "brand-python"

_LARGEST_RESULT = 50_000_000
_LONGEST_LINE = 20_000
_KILLED, _OUT_OF_TIME = (-getattr(signal, name, sys.maxsize) for name in ("SIGKILL", "SIGXCPU"))
"""How a process ends that was killed, or had used up its processor time; Windows knows no signals."""

_HARNESS = Path(__file__).with_name("python_harness.py")


class PythonCodeError(ApplicationError):
    """The code raised an error, or is not valid Python."""

    retryable = False


class PythonLimitError(ApplicationError):
    """The code needed more memory or processor time than it was allowed, or returned too much."""

    retryable = False


class PythonTimeoutError(TimedOutError):
    """The code took longer than it was allowed."""


class PythonStoppedError(ApplicationError):
    """The process of the code ended before the code did."""


@dataclass(frozen=True, slots=True)
class Ran:
    """What the code left behind.

    Attributes:
        result: The value of its variable `result`; null where it has none.
        seconds: How long it ran.
        notes: What of the result had to be changed, such as numbers that are not finite, and what was still running.
    """

    result: Any
    seconds: float
    notes: list[str] = field(default_factory=list)


@activity(title="Run Python", raises=(PythonCodeError, PythonLimitError, PythonTimeoutError, PythonStoppedError))
async def run(
    context: Context,
    /,
    *,
    code: PythonCode,
    inputs: dict[str, Any] | None = None,
    timeout: Seconds = 60,
    memory_mb: Annotated[int, Ge(64), Le(65_536)] = 512,
) -> Ran:
    """Run Python code.

    The code runs in a process of its own, in the work folder, with the packages of this installation. It finds the
    inputs as variables, and what it assigns to `result` is the result: JSON-like data. What it prints goes into the
    log, line by line. Modules among the files of the workflow can be imported; the variable `workflow_folder` holds
    the path of the folder in which these files lie. As in every Python program, the end waits for threads that are no
    daemons, and what is registered with `atexit` runs, all within the time. At the end of the time, or when the
    execution is stopped, the process and all that it started are killed; the notes name what the code left running.
    The limit of memory holds on Linux.

    Args:
        code: The code. Braces in it are plain braces; values come in by `inputs`.
        inputs: Values by the names that the code knows them by. Tables arrive as lists of objects, dates as text.
        timeout: Seconds that it may run; 0 sets no limit.
        memory_mb: Megabytes of memory that it may use.
    """
    given = json_text(inputs or {})
    for name in inputs or {}:
        if not name.isidentifier():
            raise InputError(f"`{name}` under inputs is not a valid variable name: use letters, digits and _ only.")
    context.temporary_folder.mkdir(parents=True, exist_ok=True)
    started = time.perf_counter()
    with tempfile.TemporaryDirectory(dir=context.temporary_folder, prefix="python-") as folder:
        answer_file, ended_file = Path(folder) / "answer.json", Path(folder) / "ended.txt"
        task = {
            "code": code,
            "inputs": json.loads(given),
            "folder": str(context.workflow_folder),
            "answer": str(answer_file),
            "ended": str(ended_file),
            "memory": memory_mb * 1_048_576,
            "processor_seconds": int(timeout) + 5 if timeout else None,
        }
        async with _process(context.work_folder) as process:
            streams = (process.stdout, process.stderr)
            loggers = [asyncio.create_task(_log_lines(context, stream)) for stream in streams]
            try:
                async with asyncio.timeout(timeout or None):
                    await _hand_over(process, json.dumps(task).encode())
                    await asyncio.gather(process.wait(), *loggers)
            except TimeoutError:
                if not answer_file.exists():
                    raise PythonTimeoutError(
                        f"The code was still running after {timeout:g} s and was ended. Allow more time by `timeout`, "
                        "or process less at a time."
                    ) from None
            finally:
                for logger in loggers:
                    logger.cancel()
        answer = _read_answer(answer_file, process.returncode)
        if ended := ended_file.read_text(encoding="utf-8"):
            context.warn(ended)
    if "error" in answer:
        raise _code_error(answer, memory_mb)
    for note in answer["notes"]:
        context.warn(note)
    return Ran(answer["result"], time.perf_counter() - started, context.notes)


@asynccontextmanager
async def _process(folder: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    """The harness in a session of its own; at the end nothing of that session is left."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-I",
        "-X",
        "utf8",
        "-u",
        str(_HARNESS),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        cwd=folder,
        env=_environment(),
        start_new_session=True,
    )
    try:
        yield process
    finally:
        _kill_all(process)
        with suppress(ProcessLookupError):
            await asyncio.shield(process.wait())


def _environment() -> dict[str, str]:
    """The environment without this product's own settings, which may hold secrets; the mark of the execution stays."""
    return {name: value for name, value in os.environ.items() if name == MARK or not name.upper().startswith(_OWN)}


_OWN = ("EXEKRA_", "POLARS_OOC_")
"""Also what large tables set for the engine in this process: it would limit the code's own tables."""


def _kill_all(process: asyncio.subprocess.Process) -> None:
    """Kill the process, if it still runs, and what it started."""
    if sys.platform == "win32":
        import psutil

        with suppress(psutil.Error):
            for child in psutil.Process(process.pid).children(recursive=True):
                with suppress(psutil.Error):
                    child.kill()
        with suppress(ProcessLookupError):
            process.kill()
        return
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


async def _hand_over(process: asyncio.subprocess.Process, task: bytes) -> None:
    """Give the task to the harness; its input stays open, because the harness ends when it closes."""
    assert process.stdin is not None
    with suppress(BrokenPipeError, ConnectionResetError):
        process.stdin.write(task + b"\n")
        await process.stdin.drain()


async def _log_lines(context: Context, stream: asyncio.StreamReader | None) -> None:
    """Log what comes, line by line; a line without end is cut.

    Standard error is information, too: most programs write their progress there.
    """
    assert stream is not None
    rest = b""
    while block := await stream.read(65_536):
        *lines, rest = (rest + block).split(b"\n")
        for line in lines:
            _log(context, line)
        if len(rest) > _LONGEST_LINE:
            _log(context, rest)
            rest = b""
    if rest:
        _log(context, rest)


def _log(context: Context, line: bytes) -> None:
    context.log(line[:_LONGEST_LINE].decode(errors="replace").rstrip("\r"))


def _read_answer(file: Path, status: int | None) -> dict[str, Any]:
    try:
        size = file.stat().st_size
    except FileNotFoundError:
        if status == _OUT_OF_TIME:
            raise PythonLimitError("The process of the code was ended: it used too much processor time.") from None
        if status == _KILLED:
            raise PythonLimitError(
                "The process of the code was killed. If the code did not do so itself, the system ended it, most "
                "likely because the memory of the machine was full."
            ) from None
        how = f"by signal {-status}" if status is not None and status < 0 else f"with status {status}"
        raise PythonStoppedError(f"The process of the code ended {how} before the code did.") from None
    if size > _LARGEST_RESULT:
        raise PythonLimitError(
            f"`result` has {size / 1e6:.0f} MB; {_LARGEST_RESULT // 1_000_000} MB are allowed. Write it into a file."
        )
    text = file.read_text(encoding="utf-8")
    is_doubled = False

    def made(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        nonlocal is_doubled
        found = dict(pairs)
        is_doubled = is_doubled or len(found) < len(pairs)
        return found

    answer: dict[str, Any] = json.loads(text, object_pairs_hook=made)
    notes = answer.setdefault("notes", [])
    if is_doubled:
        notes.append("`result` has objects in which several keys have the same text; the last value counts.")
    if (mark := answer.get("decimal")) and text.count(mark) > 1:
        answer["result"] = _with_decimals(answer["result"], mark)
    if "\\ud" in text and _has_half(answer.get("result")):
        notes.append(
            "`result` holds half of a character (a lone surrogate). Wherever it leaves the workflow, it is written as "
            f"{REPLACEMENT}."
        )
    return answer


def _with_decimals(value: Any, mark: str) -> Any:
    """The value with the numbers that the harness had to write as texts."""
    match value:
        case str():
            return Decimal(value.removeprefix(mark)) if value.startswith(mark) else value
        case list():
            return [_with_decimals(item, mark) for item in value]
        case dict():
            return {name: _with_decimals(item, mark) for name, item in value.items()}
    return value


def _has_half(value: Any) -> bool:
    try:
        json.dumps(value, ensure_ascii=False, default=str).encode()
    except UnicodeEncodeError:
        return True
    return False


def _code_error(answer: dict[str, Any], memory_mb: int) -> ApplicationError:
    if answer["error"] == "MemoryError":
        return PythonLimitError(f"The code needed more than {memory_mb} MB of memory. Allow more by `memory_mb`.")
    where = f"line {answer['line']}" if answer.get("line") else "its end"
    source = f" (`{answer['source']}`)" if answer.get("source") else ""
    message = f": {answer['message']}" if answer["message"] else ""
    return PythonCodeError(f"The code failed in {where}{source} with {answer['error']}{message}.")
