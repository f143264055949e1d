"""The data folder: where Exekra keeps everything on a machine, and which process uses it."""

from __future__ import annotations

import argparse
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from exekra.sdk.errors import ExekraError, SettingsError

LEAST_FREE_BYTES = 200 * 1024 * 1024
"""With less free space than this, Exekra does not start: a database must not run out of space while it works."""


class HomeInUseError(ExekraError):
    """Another Exekra process uses the data folder."""


def add_home_argument(parser: argparse.ArgumentParser) -> None:
    """Add `--home` to a command."""
    parser.add_argument(
        "--home", metavar="FOLDER", help="the data folder (default: EXEKRA_HOME, otherwise .exekra in your home folder)"
    )


def open_home(named: str | None) -> Path:
    """Choose the data folder, create it if it does not exist, and check that it is writable.

    Raises:
        SettingsError: It cannot be used; the message says why.
    """
    home = Path(named or os.environ.get("EXEKRA_HOME") or Path.home() / ".exekra").expanduser().absolute()
    try:
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        probe = home / f"probe-{os.getpid()}"
        probe.write_bytes(b"1")
        probe.unlink()
        free = shutil.disk_usage(home).free
    except OSError as error:
        raise SettingsError(f"The data folder {home} cannot be used: {error.strerror}.") from error
    if free < LEAST_FREE_BYTES:
        raise SettingsError(
            f"The disk that holds {home} is full: {free // 2**20} MB are free, "
            f"{LEAST_FREE_BYTES // 2**20} MB are required."
        )
    return home


@contextmanager
def exclusive(home: Path) -> Iterator[None]:
    """Lock a data folder for this process; the system releases it when the process ends, however it ends.

    Raises:
        HomeInUseError: Another process has locked it.
    """
    lock = FileLock(home / "lock", fallback_to_soft=False)
    holder = home / "holder"
    try:
        lock.acquire(blocking=False)
    except Timeout:
        process = _read(holder)
        raise HomeInUseError(
            f"Another Exekra{f' (process {process})' if process else ''} uses the data folder {home}. "
            "Stop it, or choose another folder with --home."
        ) from None
    try:
        holder.write_text(str(os.getpid()))
        yield
    finally:
        lock.release()


def _read(path: Path) -> str:
    try:
        return path.read_text().strip()
    except OSError:
        return ""
