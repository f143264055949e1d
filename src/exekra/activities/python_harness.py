"""The program that runs a user's code in a process of its own. It imports nothing of Exekra, so that it starts quickly.

It reads a task as a line of JSON from its standard input, runs the code, and leaves the answer as JSON in a file. Then
it does what Python does at the end of a program: it waits for threads and runs what is registered with `atexit`.
When its input ends, its parent is gone, and so it ends too, with everything that it started.
"""

import atexit
import contextlib
import json
import linecache
import math
import os
import signal
import sys
import threading
import traceback
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from enum import Enum
from io import IOBase
from typing import NoReturn

FILE_NAME = "<code>"
DECIMAL = os.urandom(16).hex() + ":"
"""What stands before the digits of a decimal, in a text, that no float can hold."""
LISTED: dict[int, tuple[object, list[object]]] = {}


def main() -> None:
    """Run one task."""
    lifeline = os.dup(0)  # Not inherited by what the code starts.
    with open(os.devnull) as nothing:
        os.dup2(nothing.fileno(), 0)
    with os.fdopen(os.dup(lifeline), "rb") as source:
        task = json.loads(source.readline())
    threading.Thread(target=follow, args=(lifeline,), daemon=True).start()
    for stream in (sys.stdout, sys.stderr):
        # What is printed arrives as it is, whatever the locale, and never makes it fail.
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]  # They are files.
    limit(task["memory"], task["processor_seconds"])
    sys.path[:0] = [task["folder"], os.getcwd()]
    names: dict[str, object] = {"__name__": "__main__", "__file__": FILE_NAME, "workflow_folder": task["folder"]}
    names |= task["inputs"]
    error: BaseException | None = None
    try:
        run(task["code"], names)
    except BaseException as raised:  # Whatever the code raised is its answer.
        error = raised
    # If the time is up before the end of what follows, the answer so far counts, and the note says what was ended.
    if threads := [thread.name for thread in threading.enumerate() if is_waited_for(thread)]:
        leave(task["ended"], still_running("thread", threads, "Join it in the code"))
        leave(task["answer"], answer(names, error, task["code"]))
    threading._shutdown()  # type: ignore[attr-defined]  # What Python itself calls at the end.
    leave(
        task["ended"], "What the code registered with `atexit` was still running at the end of the step and was ended."
    )
    leave(task["answer"], answer(names, error, task["code"]))
    atexit._run_exitfuncs()
    leave(task["ended"], still_running("process", processes(), "Wait for it in the code"))
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(Exception):
            stream.flush()
    end(0)


def leave(file: str, text: str) -> None:
    """Write a file so that it is whole at any time."""
    draft = file + ".part"
    with open(draft, "w", encoding="utf-8") as stream:
        stream.write(text)
    os.replace(draft, file)


def is_waited_for(thread: threading.Thread) -> bool:
    """Whether Python waits for this thread at its end."""
    return not thread.daemon and thread is not threading.main_thread()


def still_running(kind: str, names: list[str], advice: str) -> str:
    """What is said of threads or processes that are ended; empty where there is none."""
    if not names:
        return ""
    count = f"1 {kind} was" if len(names) == 1 else f"{len(names)} {kind}{'es' if kind == 'process' else 's'} were"
    listed = ", ".join(sorted(set(names))[:5])
    return f"{count} still running at the end of the step ({listed}) and ended with it. {advice}."


def processes() -> list[str]:
    """The names of the processes that the code started and that still run."""
    with contextlib.suppress(AttributeError, ChildProcessError):  # Windows has no such list; or there is none.
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    found = []
    with contextlib.suppress(Exception):
        import psutil

        for child in psutil.Process().children(recursive=True):
            with contextlib.suppress(psutil.Error):
                # Python's own helpers, which go when their parent does.
                if not any(word in part for part in child.cmdline() for word in ("resource_tracker", "forkserver")):
                    found.append(child.name())
    return found


def follow(lifeline: int) -> None:
    """Wait until the other end of the pipe is closed, and end everything."""
    while os.read(lifeline, 1):
        pass
    end(1)


def end(status: int) -> NoReturn:
    """End this process and, where the system knows groups, all that it started."""
    if hasattr(os, "killpg"):
        os.killpg(0, signal.SIGKILL)
    os._exit(status)


def limit(memory: int, processor_seconds: int | None) -> None:
    """Bound memory in bytes and processor time in seconds, where the system can."""
    try:
        import resource
    except ImportError:  # Windows: the time is bounded from outside, memory is not.
        return
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if processor_seconds:
        # Several threads use several processors at the same time.
        seconds = processor_seconds * (os.cpu_count() or 1)
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))


def run(code: str, names: dict[str, object]) -> None:
    """Run the code with its variables; a byte order mark before it, which pasted code may have, is skipped."""
    code = code.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}")
    lines = code.splitlines(keepends=True)
    linecache.cache[FILE_NAME] = (len(code), None, lines, FILE_NAME)
    exec(compile(code, FILE_NAME, "exec"), names)  # noqa: S102  # To run the user's code is the purpose.


def answer(names: dict[str, object], error: BaseException | None, code: str) -> str:
    """What the code assigned to `result`, or its error, as JSON."""
    if error is None:
        try:
            return encode(names.get("result"))
        except BaseException as raised:  # What has no form may fail in its own ways.
            error = raised
    return json.dumps(describe(error, code))


def encode(result: object) -> str:
    """The answer as JSON, with what had to be changed as notes: numbers that are not finite become null.

    Raises:
        TypeError: The result holds something that is not data; says what to do.
    """
    try:
        return json.dumps({"result": result, "decimal": DECIMAL}, allow_nan=False, default=plain)
    except (TypeError, ValueError):
        notes: list[str] = []
        return json.dumps({"result": tidy(result, notes, ()), "decimal": DECIMAL, "notes": notes})


def tidy(value: object, notes: list[str], around: tuple[int, ...]) -> object:
    """The value as plain data, step by step, where `json` alone refuses it."""
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, int):
        try:
            str(int(value))
        except ValueError:
            raise TypeError("`result` holds a number of thousands of digits; make a text of it") from None
        return int(value)
    if isinstance(value, float):
        if math.isfinite(value):
            return float(value)
        note_once(notes, "`result` holds numbers that are not finite (nan or inf). Each became null.")
        return None
    if id(value) in around:
        raise TypeError("`result` contains itself")
    around = (*around, id(value))
    if isinstance(value, dict):
        made = {key_text(key): tidy(item, notes, around) for key, item in value.items()}
        if len(made) < len(value):
            note_once(notes, "`result` has objects in which several keys have the same text; the last value counts.")
        return made
    if isinstance(value, list | tuple):
        return [tidy(item, notes, around) for item in value]
    return tidy(plain(value), notes, around)


def note_once(notes: list[str], note: str) -> None:
    """Add a note that is not there yet."""
    if note not in notes:
        notes.append(note)


def key_text(key: object) -> str:
    """The name of a field: as JSON has it for what it knows, else as `plain` has it."""
    if isinstance(key, str):
        return key
    if key is None or isinstance(key, bool | int | float):
        return str(json.loads(json.dumps({key: 0}).partition(":")[0][1:]))
    text = str(key) if isinstance(key, Decimal) else plain(key)
    if isinstance(text, str):
        return text
    raise TypeError(
        f"`result` has a {type(key).__name__} for the name of a field; names must be texts, so make a text of it"
    )


def plain(value: object) -> object:
    """What JSON has no form for: dates as text, durations as seconds, objects by their fields, collections as lists."""
    if type(value).__name__ in ("NaTType", "NAType"):  # What pandas has for a value that is missing.
        return None
    if isinstance(value, Decimal):
        if not value.is_finite():
            return math.nan if value.is_nan() else float(value)
        number = float(value)
        return number if math.isfinite(number) and Decimal(repr(number)) == value else f"{DECIMAL}{value}"
    if hasattr(value, "total_seconds"):
        return value.total_seconds()
    if hasattr(value, "isoformat"):
        return value.isoformat()
    if hasattr(value, "to_dicts"):  # A polars frame.
        return value.to_dicts()
    if hasattr(value, "to_dict"):  # A pandas frame or series.
        return value.to_dict("records") if hasattr(value, "columns") else value.to_dict()
    if hasattr(value, "tolist"):  # numpy
        return value.tolist()
    if isinstance(value, type):
        raise TypeError(f"`result` holds the class {value.__name__}, which JSON has no form for")
    if isinstance(value, Enum):
        return value.value
    if hasattr(value, "__dataclass_fields__"):
        return {name: getattr(value, name) for name in value.__dataclass_fields__}
    if hasattr(value, "model_dump"):  # pydantic
        return value.model_dump()
    if isinstance(value, set | frozenset):
        return sorted(value, key=repr)
    if isinstance(value, bytes | bytearray | memoryview):
        raise TypeError("`result` holds bytes; decode them to a text, or write them into a file")
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, Iterator) and not isinstance(value, IOBase):
        # It gives its items once, and may have to be written twice.
        if id(value) not in LISTED:
            LISTED[id(value)] = (value, list(value))
        return LISTED[id(value)][1]
    if isinstance(value, Iterable) and not isinstance(value, IOBase):
        return list(value)
    if hasattr(value, "__float__"):
        return float(value)
    if hasattr(value, "__fspath__"):
        return os.fspath(value)
    if type(value).__module__ in ("uuid", "ipaddress"):
        return str(value)
    raise TypeError(f"`result` holds a {type(value).__name__}, which JSON has no form for")


def describe(error: BaseException, code: str) -> dict[str, object]:
    """The error's name and message, and the deepest line of the user's code that led to it."""
    line = None
    if isinstance(error, SyntaxError) and error.filename == FILE_NAME:
        line, message = error.lineno, str(error.msg)
    elif isinstance(error, SystemExit):
        message = f"the code called exit({error.code!r}); let it run to its end instead"
    else:
        try:
            message = str(error)
        except Exception:  # Its class fails to say what happened.
            message = ""
    for frame in traceback.extract_tb(error.__traceback__):
        if frame.filename == FILE_NAME:
            line = frame.lineno
    lines = code.splitlines()
    source = lines[line - 1].strip() if line and line <= len(lines) else None
    return {
        "error": type(error).__name__,
        "message": message.strip().rstrip(".")[:2000],
        "line": line,
        "source": source[:200] if source else None,
    }


if __name__ == "__main__":
    main()
