"""One PostgreSQL server of our own: a folder with its data, its password, its socket and its log.

It belongs to one process, which starts it, stops it, and takes it down when it dies itself.
"""

from __future__ import annotations

import asyncio
import ctypes
import math
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote

import asyncpg

from exekra.postgres.account import Account, account_for
from exekra.postgres.errors import PostgresError, explain
from exekra.postgres.programs import Programs, find_programs
from exekra.postgres.running import forget_reused_pid, read_pid_file, running_server

SUPERUSER = "postgres"
APPLICATION = "exekra"
"""The role that owns the Hub's database, and the name of that database."""

SETTINGS: Mapping[str, str] = {
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "max_connections": "100",
    # The disk is assumed to be an SSD: index scans are cheap.
    "random_page_cost": "1.1",
    # The Hub's statements are short: JIT compilation costs more than it saves.
    "jit": "off",
    # Fewer full-page images while the log is busy.
    "checkpoint_timeout": "15min",
    "max_wal_size": "2GB",
    "wal_compression": "on",
    # Executions and events come and go: vacuum early and in small portions.
    "autovacuum_vacuum_scale_factor": "0.05",
    "autovacuum_analyze_scale_factor": "0.05",
    "autovacuum_naptime": "20s",
    # One forgotten open transaction would slow down every queue; none of ours lasts this long.
    "idle_in_transaction_session_timeout": "60s",
    "log_min_duration_statement": "1s",
    "log_line_prefix": "%m [%p] ",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
"""For a small server that shares its machine. `fsync` and `synchronous_commit` stay on: what is committed stays."""

_LONGEST_SOCKET_PATH = 100
"""Bytes; the systems' own limits are 104 (macOS) and 108 (Linux), with the final zero."""

_LOG_BYTES = 10_000_000
_STARTING_SECONDS = 600
_STOPPING_SECONDS = 60
_POLL_SECONDS = 0.01
_WATCH_SECONDS = 0.5


@dataclass(kw_only=True)
class Cluster:
    """A server on the data in `folder / "data"`.

    Args:
        folder: Contains everything that belongs to the server; created if it does not exist.
        programs_folder: Where `postgres` and `initdb` are; None to look for them.
        settings: Server settings, over those in the data folder.

    Attributes:
        process: The running server, or None.
    """

    folder: Path
    programs_folder: Path | None = None
    settings: Mapping[str, str] = field(default_factory=lambda: SETTINGS, repr=False)
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)
    _port: int | None = field(default=None, init=False)
    _password: str = field(default="", init=False, repr=False)

    @property
    def data(self) -> Path:
        """PostgreSQL's own data folder."""
        return self.folder / "data"

    @property
    def log(self) -> Path:
        """The server's log; a new file is started at 10 MB, and the previous one is kept."""
        return self.folder / "postgres.log"

    def url(self, *, database: str = APPLICATION, user: str = APPLICATION) -> str:
        """The address to connect to, including the password: for connecting, never for display."""
        credentials = f"{quote(user)}:{quote(self._password)}"
        if self._port is None:
            folder = quote(str(self.folder.resolve()), safe="")
            return f"postgresql://{credentials}@/{quote(database)}?host={folder}&port=5432"
        return f"postgresql://{credentials}@127.0.0.1:{self._port}/{quote(database)}"

    async def start(self) -> None:
        """Initialise the folder if it is new, stop a server that was left behind, and start.

        Returns when the server accepts connections and the Hub's role and database exist. Must be called on a thread
        that lives as long as the server should: on Linux, the server ends with the thread that started it.

        Raises:
            PostgresError: It cannot be started; the message says why and what to do.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            account = account_for(self.folder)
            if account is not None:
                account.own(self.folder)
            programs = find_programs(self.programs_folder, account)
            self._password = self._read_or_make_password(account)
            access = _FolderAccess.open(self.folder, account)
        except OSError as error:
            raise PostgresError(f"The folder {self.folder} cannot be used: {error.strerror}.") from error
        try:
            await self._stop_forgotten()
            await self._initialise(programs, access)
            self._check_version(programs)
            forget_reused_pid(self.data)
            await self._launch(programs, access)
        finally:
            access.close()
        await self._make_database()

    async def ended(self) -> None:
        """Wait until the server has ended, by itself or by `stop`."""
        await _until(lambda: self._ended, seconds=math.inf, pause=_WATCH_SECONDS)

    async def stop(self) -> None:
        """Let the server finish writing and end; its clients are disconnected."""
        if self.process is None:
            return
        for attempt in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL) if sys.platform != "win32" else ():
            if self.process.poll() is None:
                self.process.send_signal(attempt)
                await _until(lambda: self._ended, seconds=_STOPPING_SECONDS)
        if sys.platform == "win32":
            programs = find_programs(self.programs_folder, None)
            await _finish(programs.path("pg_ctl"), "stop", "-m", "fast", "-D", self.data)
        self.process = None

    @property
    def _ended(self) -> bool:
        return self.process is None or self.process.poll() is not None

    def _read_or_make_password(self, account: Account | None) -> str:
        file = self.folder / "password"
        if not file.exists():
            with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as target:
                target.write(secrets.token_urlsafe(32))
            if account is not None:
                account.own(file)
        return file.read_text(encoding="utf-8").strip()

    async def _stop_forgotten(self) -> None:
        left = running_server(self.data)
        if left is None:
            return
        if sys.platform == "win32":
            left.terminate()
        else:
            left.send_signal(signal.SIGINT)
        if not await _until(lambda: running_server(self.data) is None, seconds=_STOPPING_SECONDS):
            raise PostgresError(
                f"A PostgreSQL server left on {self.data} (process {left.pid}) does not stop. End that process."
            )

    async def _initialise(self, programs: Programs, access: _FolderAccess) -> None:
        if self.data.exists():
            return
        # A data folder appears completely or not at all: an interrupted first start only leaves this one, which is
        # created again.
        unfinished = self.folder / "data.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        locale = ["--locale-provider=builtin", "--locale=C.UTF-8"] if programs.version >= 17 else ["--no-locale"]
        status, said = await _finish(
            programs.path("initdb"),
            f"--pgdata={access.path / unfinished.name}",
            f"--username={SUPERUSER}",
            f"--pwfile={access.path / 'password'}",
            *("--auth=scram-sha-256", "--encoding=UTF8", "--no-instructions", *locale),
            **access.start_arguments,
        )
        if status != 0:
            shutil.rmtree(unfinished, ignore_errors=True)
            raise explain("initialise its data", access.translate(said), self.folder)
        unfinished.rename(self.data)

    def _check_version(self, programs: Programs) -> None:
        try:
            made_by = (self.data / "PG_VERSION").read_text(encoding="utf-8").strip()
        except OSError as error:
            raise PostgresError(
                f"{self.data} is not a PostgreSQL data folder ({error.strerror}: PG_VERSION). "
                "Restore it from a backup, or move it away to start with an empty database."
            ) from error
        if made_by != str(programs.version):
            raise PostgresError(
                f"{self.data} was created by PostgreSQL {made_by}, but the installed one is {programs.version}. "
                f"Name the programs of version {made_by} by EXEKRA_POSTGRES."
            )

    async def _launch(self, programs: Programs, access: _FolderAccess) -> None:
        if _socket_possible(self.folder):
            self._port = None
            address = {"listen_addresses": "", "unix_socket_directories": str(access.path)}
        else:
            # The same one after a crash: the Hub already knows the address.
            self._port = self._port or _free_port()
            address = {"listen_addresses": "127.0.0.1", "port": str(self._port), "unix_socket_directories": ""}
        options = [word for name, value in {**self.settings, **address}.items() for word in ("-c", f"{name}={value}")]
        with self._open_log() as log:
            said_before = log.tell()
            self.process = subprocess.Popen(  # noqa: ASYNC220 - does not wait; asyncio's would belong to one loop
                [programs.path("postgres"), "-D", access.path / "data", *options],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                **access.start_arguments,
            )
        await _until(lambda: self._ended or self._ready, seconds=_STARTING_SECONDS)
        if self._ended or not self._ready:
            await self.stop()
            with self.log.open("rb") as written:
                written.seek(said_before)
                raise explain("start", access.translate(written.read().decode(errors="replace")), self.folder)

    @property
    def _ready(self) -> bool:
        written = read_pid_file(self.data)
        return written is not None and self.process is not None and written.ready and written.pid == self.process.pid

    def _open_log(self) -> IO[bytes]:
        if self.log.exists() and self.log.stat().st_size > _LOG_BYTES:
            self.log.replace(self.log.with_suffix(".log.1"))
        # The log may quote data, so nobody else may read it.
        return os.fdopen(os.open(self.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab")

    async def _make_database(self) -> None:
        connection = await asyncpg.connect(self.url(database="postgres", user=SUPERUSER))
        try:
            if not await connection.fetchval("select 1 from pg_roles where rolname = $1", APPLICATION):
                # A statement of this kind takes no parameters; the password only contains letters, digits, - and _.
                await connection.execute(f"create role {APPLICATION} login password '{self._password}'")
            if not await connection.fetchval("select 1 from pg_database where datname = $1", APPLICATION):
                await connection.execute(f"create database {APPLICATION} owner {APPLICATION}")
        finally:
            await connection.close()


@dataclass(frozen=True, slots=True)
class _FolderAccess:
    """How a program that we start reaches the cluster's folder, and with which arguments it is started."""

    folder: Path
    path: Path
    start_arguments: dict[str, Any]
    opened: int | None = None

    @classmethod
    def open(cls, folder: Path, account: Account | None) -> _FolderAccess:
        base: dict[str, Any] = {"env": _environment()}
        if sys.platform != "win32":
            # Not in our terminal's group: Ctrl-C should only reach it through us, after its clients have finished.
            base |= {"start_new_session": True, "preexec_fn": _end_with_parent()}
        if account is None:
            return cls(folder=folder, path=folder.resolve(), start_arguments=base)
        base |= account.as_user()
        if not sys.platform.startswith("linux"):
            return cls(folder=folder, path=folder.resolve(), start_arguments=base)
        opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        path = Path(f"/proc/self/fd/{opened}")
        return cls(folder=folder, path=path, start_arguments=base | {"pass_fds": [opened]}, opened=opened)

    def translate(self, said: str) -> str:
        """The output of a program, with our own name for the folder."""
        return said.replace(str(self.path), str(self.folder))

    def close(self) -> None:
        if self.opened is not None:
            os.close(self.opened)


def _environment() -> dict[str, str]:
    """Ours, without the variables that would redirect PostgreSQL; in English, because its output is parsed."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_"))}
    return kept | {"LC_ALL": "C"}


def _end_with_parent() -> Callable[[], None] | None:
    """On Linux, a function to run in the new process so that it dies with its parent; nothing elsewhere.

    On other systems, the next start finds and stops what was left behind.
    """
    if not sys.platform.startswith("linux"):
        return None
    prctl = ctypes.CDLL(None).prctl
    set_parent_death_signal = 1  # PR_SET_PDEATHSIG, prctl(2)

    def ask() -> None:
        prctl(set_parent_death_signal, int(signal.SIGINT))

    return ask


def _socket_possible(folder: Path) -> bool:
    return sys.platform != "win32" and len(os.fsencode(folder.resolve() / ".s.PGSQL.5432")) < _LONGEST_SOCKET_PATH


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


async def _finish(*command: str | Path, **arguments: Any) -> tuple[int, str]:
    """Run a short-lived program to its end; returns its status and all of its output."""
    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        **arguments,
    )
    said, _ = await process.communicate()
    return process.returncode or 0, said.decode(errors="replace")


async def _until(condition: Callable[[], bool], *, seconds: float, pause: float = _POLL_SECONDS) -> bool:
    """Wait until a condition is true; False if it is not in time."""
    limit = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > limit:
            return False
        await asyncio.sleep(pause)
    return True
