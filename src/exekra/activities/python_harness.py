"""The program that runs a user's code in a process of its own. It imports nothing of Exekra, so that it starts quickly.

It reads a task as a line of JSON from its standard input, runs the code, and leaves the answer as JSON in a file.
When that input ends, its parent is gone, and so it ends too, with everything that it started.
"""

import contextlib
import json
import linecache
import math
import os
import signal
import sys
import threading
import traceback
from collections.abc import Iterable, Mapping
from enum import Enum
from io import IOBase
from typing import NoReturn

FILE_NAME = "<code>"


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
    try:
        text = encode(run(task["code"], {"workflow_folder": task["folder"], **task["inputs"]}))
    except BaseException as error:  # Whatever the code raised is its answer.
        text = json.dumps(describe(error, task["code"]))
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(Exception):
            stream.flush()
    draft = task["answer"] + ".part"
    with open(draft, "w", encoding="utf-8") as file:
        file.write(text)
    os.replace(draft, task["answer"])
    end(0)  # Threads and processes that the code left running must not keep it.


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


def run(code: str, inputs: dict[str, object]) -> object:
    """Run the code and give its `result`."""
    lines = code.splitlines(keepends=True)
    linecache.cache[FILE_NAME] = (len(code), None, lines, FILE_NAME)
    names: dict[str, object] = {"__name__": "__main__", "__file__": FILE_NAME, **inputs}
    exec(compile(code, FILE_NAME, "exec"), names)  # noqa: S102  # To run the user's code is the purpose.
    return names.get("result")


def encode(result: object) -> str:
    """The answer as JSON. Numbers that are not finite become null, which the answer notes.

    Raises:
        TypeError: The result holds something that is not data; says what to do.
    """
    try:
        return json.dumps({"result": result}, allow_nan=False, default=plain)
    except (TypeError, ValueError):
        notes: list[str] = []
        return json.dumps({"result": tidy(result, notes, ()), "notes": notes})


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
        note = "`result` holds numbers that are not finite (nan or inf). Each became null."
        if note not in notes:
            notes.append(note)
        return None
    if id(value) in around:
        raise TypeError("`result` contains itself")
    around = (*around, id(value))
    if isinstance(value, dict):
        return {key_text(key): tidy(item, notes, around) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [tidy(item, notes, around) for item in value]
    return tidy(plain(value), notes, around)


def key_text(key: object) -> str:
    """The name of a field: as JSON has it for what it knows, else as `plain` has it."""
    if isinstance(key, str):
        return key
    if key is None or isinstance(key, bool | int | float):
        return str(json.loads(json.dumps({key: 0}).partition(":")[0][1:]))
    text = plain(key)
    if isinstance(text, str):
        return text
    raise TypeError(
        f"`result` has a {type(key).__name__} for the name of a field; names must be texts, so make a text of it"
    )


def plain(value: object) -> object:
    """What JSON has no form for: dates as text, durations as seconds, objects by their fields, collections as lists."""
    if type(value).__name__ in ("NaTType", "NAType"):  # What pandas has for a value that is missing.
        return None
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
