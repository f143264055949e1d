"""Wait until a file is there, whole, or gone."""

from __future__ import annotations

import asyncio
import os
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from exekra.activities.file.patterns import is_pattern, matches
from exekra.sdk.activity import activity
from exekra.sdk.context import Context
from exekra.sdk.errors import TimedOutError
from exekra.sdk.types import FilePath, Seconds, When

CATEGORY = "File and Folder"
ICON = "file"

_LOOK_EVERY = 0.2


class FileWaitError(TimedOutError):
    """The file did not come, or did not go, in time."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """What came.

    Attributes:
        path: The file's absolute path; empty where a file was to go.
        seconds: How long it took.
    """

    path: FilePath
    seconds: float


@activity(id="file.wait_for", title="Wait for file", icon="hourglass", raises=(FileWaitError,))
async def wait_for(
    context: Context,
    /,
    *,
    path: FilePath,
    gone: bool = False,
    stable_for: Annotated[Seconds, When(gone=False)] = 1,
    timeout: Seconds = 300,
) -> Arrived:
    """Wait until a file exists and no longer grows, or until it is gone.

    Args:
        path: The file. Its name may be a pattern such as report-*.xlsx; the newest counts.
        gone: Whether to wait until no such file is there.
        stable_for: Seconds for which size and time must not change; 0 accepts it immediately.
        timeout: Seconds to wait.
    """
    wanted = context.path(path)
    started = time.monotonic()
    seen: tuple[Path, int, float] | None = None
    since = started
    while True:
        found = await asyncio.to_thread(_newest, wanted)
        now = time.monotonic()
        if found != seen:
            seen, since = found, now
        if gone and found is None:
            return Arrived("", now - started)
        if not gone and found is not None and now - since >= stable_for:
            return Arrived(str(found[0]), now - started)
        left = timeout - (now - started)
        if left <= 0:
            raise FileWaitError(_reason(wanted, found, gone, timeout))
        until_stable = stable_for - (now - since) if found is not None and not gone else _LOOK_EVERY
        await asyncio.sleep(max(0.001, min(_LOOK_EVERY, left, until_stable)))


def _newest(wanted: Path) -> tuple[Path, int, float] | None:
    """The newest file of that name with its size and time of change."""
    newest: tuple[Path, int, float] | None = None
    for file in _found(wanted):
        try:
            known = file.stat()
        except OSError:
            continue
        if newest is None or known.st_mtime > newest[2]:
            newest = (file, known.st_size, known.st_mtime)
    return newest


def _found(wanted: Path) -> list[Path]:
    if not is_pattern(wanted.name):
        return [wanted]
    with suppress(OSError), os.scandir(wanted.parent) as entries:
        return [Path(entry.path) for entry in entries if matches(entry.name, wanted.name)]
    return []


def _reason(wanted: Path, found: tuple[Path, int, float] | None, gone: bool, timeout: float) -> str:
    if gone:
        return f"{wanted} was still there after {timeout:g} s."
    if found is not None:
        return f"{found[0]} came, but it was still changing after {timeout:g} s ({found[1]:,} bytes so far)."
    folder = "" if wanted.parent.is_dir() else f" The folder {wanted.parent} does not exist."
    return f"{wanted} did not come within {timeout:g} s.{folder}"
