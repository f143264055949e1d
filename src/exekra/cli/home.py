"""The data folder: where everything that Exekra keeps on a machine lies, and who uses it now."""

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
"""Below this, starting is refused: a database that runs out of space in the middle of its work helps nobody."""


class HomeInUseError(ExekraError):
    """Another Exekra uses the data folder."""


def add_home_argument(parser: argparse.ArgumentParser) -> None:
    """Add `--home` to a command."""
    parser.add_argument(
        "--home", metavar="FOLDER", help="the data folder (default: EXEKRA_HOME, otherwise .exekra in your own folder)"
    )


def open_home(named: str | None) -> Path:
    """Choose the data folder, make it when it is not there, and check that it can be written.

    Raises:
        SettingsError: It cannot be used; the sentence says why.
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
            f"{LEAST_FREE_BYTES // 2**20} MB are needed."
        )
    return home


@contextmanager
def exclusive(home: Path) -> Iterator[None]:
    """Hold a data folder for this process alone; the system lets go of it when the process ends, however it ends.

    Raises:
        HomeInUseError: Another process holds it.
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
