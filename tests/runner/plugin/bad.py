"""Activities that do what no activity should: a package of somebody else's, installed beside the product."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from exekra.sdk.activity import activity
from exekra.sdk.context import Context

HIDE = """
import os, signal, sys, time
for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
    signal.signal(number, signal.SIG_IGN)
if os.fork(): os._exit(0)
os.setsid()
if os.fork(): os._exit(0)
for descriptor in range(3, 20):
    try: os.close(descriptor)
    except OSError: pass
with open(sys.argv[1] + ".new", "w") as file:
    file.write(str(os.getpid()))
os.rename(sys.argv[1] + ".new", sys.argv[1])
time.sleep(600)
"""


@dataclass(frozen=True)
class Process:
    """This process.

    Attributes:
        pid: Its id.
        folder: The execution's temporary folder.
        variables: The names of its environment variables.
    """

    pid: int
    folder: str
    variables: list[str]


@activity()
def where(context: Context) -> Process:
    """Tell which process this is.

    Args:
    """
    return Process(pid=os.getpid(), folder=str(context.temporary_folder), variables=sorted(os.environ))


@activity()
async def block(context: Context, *, seconds: float = 600, file: str = "") -> None:
    """Block the whole process, so that it cannot hear a stop.

    Args:
        seconds: For how long.
        file: Where the process id is written first.
    """
    if file:
        Path(file).write_text(str(os.getpid()))
    time.sleep(seconds)


@activity(blocking=True)
def hide(context: Context, *, file: str) -> None:
    """Start a process that leaves family, group and session and ignores signals.

    Args:
        file: Where it writes its process id.
    """
    subprocess.run([sys.executable, "-c", HIDE, file], check=True)
    while not Path(file).exists():
        time.sleep(0.01)


@activity(blocking=True)
def wait_for(context: Context, *, file: str) -> None:
    """Wait until a file is there.

    Args:
        file: The file.
    """
    while not Path(file).exists():
        context.raise_if_stopped()
        time.sleep(0.01)


@activity()
def crash() -> None:
    """Crash the interpreter."""
    ctypes.string_at(0)


@activity()
def leave() -> None:
    """End the process without a word."""
    os._exit(7)


@activity()
def shout(*, text: str, times: int = 1) -> None:
    """Print to both streams.

    Args:
        text: What is printed.
        times: How often.
    """
    for _ in range(times):
        print(text)
    print("mind this", file=sys.stderr)
    subprocess.run([sys.executable, "-c", "print('from below')"], check=True)


@activity()
def chatter(context: Context, *, lines: int, length: int = 100) -> None:
    """Write many lines into the log.

    Args:
        lines: How many.
        length: Characters of each.
    """
    for number in range(lines):
        context.log(f"{number:08d}" + "x" * (length - 8))


@activity(blocking=True)
def note(context: Context, *, file: str, seconds: float = 0) -> None:
    """Append the execution's id to a file.

    Args:
        file: The file.
        seconds: How long it takes.
    """
    with Path(file).open("a") as target:
        target.write(f"{context.execution_id}\n")
    time.sleep(seconds)
