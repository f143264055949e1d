"""`exekra up` on a real machine: first start, second start, stop, crash, and what stands in the way."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from exekra.testing.patience import PATIENCE_SECONDS

from .platform import EMAIL, PASSWORD, Platform, generated_password, gone

NewPlatform = Callable[..., Platform]

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals are those of POSIX")


async def sign_in(url: str, email: str, password: str) -> int:
    async with httpx.AsyncClient(base_url=url, timeout=PATIENCE_SECONDS, verify=False) as client:
        return (await client.post("/api/session", json={"email": email, "password": password})).status_code


async def signs_in(platform: Platform) -> bool:
    """Whether the Hub answers, and lets the administrator in."""
    try:
        return await sign_in(platform.url, EMAIL, PASSWORD) == 201
    except httpx.TransportError:
        return False


async def test_first_start_makes_an_administrator_and_the_second_finds_it(new_platform: NewPlatform) -> None:
    first = new_platform(environment={"EXEKRA_ADMIN_EMAIL": "", "EXEKRA_ADMIN_PASSWORD": ""})
    await first.start()
    password = generated_password(first.text)
    assert password is not None
    assert await sign_in(first.url, "admin@localhost", password) == 201
    everything = first.family()
    status, _ = await first.stop()
    assert (status, first.lines[-1]) == (0, "Stopped.")
    assert await gone(everything) == []

    second = new_platform(environment={"EXEKRA_ADMIN_EMAIL": "", "EXEKRA_ADMIN_PASSWORD": ""})
    await second.start()
    assert generated_password(second.text) is None
    assert await sign_in(second.url, "admin@localhost", password) == 201
    assert (await second.stop(signal.SIGTERM))[0] == 0


async def test_the_administrator_may_be_chosen_and_secrets_are_for_the_owner_alone(platform: Platform) -> None:
    await platform.start()
    assert await sign_in(platform.url, EMAIL, PASSWORD) == 201
    assert PASSWORD not in platform.text
    secrets = [file for file in (platform.home / "secrets").rglob("*") if file.is_file()]
    secrets.append(platform.home / "runner" / "machine-secret")
    assert len(secrets) >= 2
    assert {oct(file.stat().st_mode & 0o777) for file in secrets} == {"0o600"}
    arguments = " ".join(" ".join(process.cmdline()) for process in platform.family())
    for file in [*secrets, platform.home / "postgres" / "password"]:
        assert file.read_text().strip() not in arguments


async def test_nothing_is_left_when_it_is_killed(platform: Platform) -> None:
    await platform.start()
    assert platform.process is not None
    everything = platform.family()
    platform.process.kill()
    assert await gone(everything) == []
    await platform.finish()
    await platform.start()


async def test_a_hub_that_crashes_is_started_again(platform: Platform) -> None:
    await platform.start()
    platform.child("hub").kill()
    line = await platform.read_until("The Hub ended unexpectedly")
    assert line == "The Hub ended unexpectedly (signal 9). Restarting it in 1 s."
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not await signs_in(platform):  # noqa: ASYNC110 - a program that starts tells nobody
            await asyncio.sleep(0.1)


async def test_a_database_that_crashes_is_started_again(platform: Platform) -> None:
    await platform.start()
    platform.child("-D").kill()
    await platform.read_until("PostgreSQL ended unexpectedly")
    async with (
        asyncio.timeout(PATIENCE_SECONDS),
        httpx.AsyncClient(base_url=platform.url, timeout=PATIENCE_SECONDS, verify=False) as client,
    ):
        while (await client.get("/api/health")).json()["database"]["status"] != "ok":  # noqa: ASYNC110 - as above
            await asyncio.sleep(0.1)
    assert await sign_in(platform.url, EMAIL, PASSWORD) == 201


async def test_another_database_may_be_used(new_platform: NewPlatform, empty_database_url: str) -> None:
    platform = new_platform(environment={"EXEKRA_DATABASE_URL": empty_database_url})
    await platform.start()
    assert await sign_in(platform.url, EMAIL, PASSWORD) == 201
    assert not (platform.home / "postgres").exists()
    assert "-D" not in " ".join(" ".join(process.cmdline()) for process in platform.family())


async def refused(platform: Platform) -> tuple[int, str]:
    """Start it, expecting that it cannot; its status and its last line."""
    await platform.launch()
    status = await platform.finish()
    assert "Traceback" not in platform.text
    return status, platform.lines[-1]


async def test_a_port_in_use_is_one_sentence(platform: Platform) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", platform.port))
        taken.listen()
        status, said = await refused(platform)
    assert status == 2
    assert said == (
        f"error: The Hub cannot listen on '127.0.0.1' port {platform.port}: address already in use. "
        "Stop the program that uses it, or choose another port with --port."
    )
    assert not (platform.home / "postgres").exists()


async def test_two_on_one_folder_is_one_sentence(platform: Platform, new_platform: NewPlatform) -> None:
    await platform.start()
    assert platform.process is not None
    status, said = await refused(new_platform())
    assert status == 1
    assert said == (
        f"error: Another Exekra (process {platform.process.pid}) uses the data folder {platform.home}. "
        "Stop it, or choose another folder with --home."
    )


async def test_a_broken_data_folder_is_one_sentence(platform: Platform) -> None:
    (platform.home / "postgres" / "data").mkdir(parents=True)
    status, said = await refused(platform)
    assert status == 1
    assert said.startswith(f"error: {platform.home}/postgres/data is not a PostgreSQL data folder")


async def test_a_folder_that_is_a_file_is_one_sentence(platform: Platform) -> None:
    platform.home = platform.home / "file"
    platform.home.write_text("")
    status, said = await refused(platform)
    assert (status, said) == (2, f"error: The data folder {platform.home} cannot be used: File exists.")


async def test_a_database_that_does_not_answer_is_one_sentence(new_platform: NewPlatform) -> None:
    platform = new_platform("--database-url", "postgresql://me:secret@127.0.0.1:1/exekra")
    status, said = await refused(platform)
    assert status == 1
    assert said.startswith("error: No PostgreSQL responds at 127.0.0.1:1/exekra")
    assert "secret" not in platform.text


async def test_a_password_that_cannot_be_used_is_one_sentence(new_platform: NewPlatform) -> None:
    platform = new_platform(environment={"EXEKRA_ADMIN_PASSWORD": "short"})
    status, _ = await refused(platform)
    assert status == 1
    assert "error: The first administrator cannot be created" in platform.text


@pytest.mark.skipif(
    os.name == "nt" or os.geteuid() != 0, reason="only root can mount a disk that is small enough to fill"
)
async def test_a_full_disk_is_one_sentence(home: Path, new_platform: NewPlatform) -> None:
    disk = home / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk], check=False)
    if mounted.returncode != 0:
        pytest.skip("mounting is not allowed here, so there is no small disk to fill")
    try:
        status, said = await refused(new_platform(home=disk))
    finally:
        subprocess.run(["umount", disk], check=True)
    assert status == 2
    assert said.startswith(f"error: The disk that holds {disk} is full")


@pytest.mark.skipif(shutil.which("make") is None, reason="this test runs make, which is not installed")
def test_make_names_its_commands() -> None:
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(["make", "-C", root, "help"], capture_output=True, text=True, check=True)
    assert {"run", "test", "setup", "check", "bench"} <= {
        line.split()[1] for line in done.stdout.splitlines() if " " in line
    }
