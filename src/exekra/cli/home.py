"""The data folder: where everything that Exekra keeps on a machine lies, and who uses it now."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

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
    with (home / "lock").open("a+") as file:
        if not _try_lock(file):
            file.seek(0)
            holder = file.read().strip()
            raise HomeInUseError(
                f"Another Exekra{f' (process {holder})' if holder else ''} uses the data folder {home}. "
                "Stop it, or choose another folder with --home."
            )
        file.seek(0)
        file.truncate()
        file.write(str(os.getpid()))
        file.flush()
        yield


def _try_lock(file: IO[str]) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt  # noqa: PLC0415 - exists on Windows only

            # A byte far behind the text, so that others may still read who holds it.
            file.seek(4096)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl  # noqa: PLC0415 - does not exist on Windows

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
