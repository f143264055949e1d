"""The storage of files: a folder, and a real S3 server in a process of its own."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import httpx
import pytest
from at_work import serve
from file_sender import sender
from obstore.store import S3Store
from signed_in import TestClock

from exekra.hub.contents.objects import ObjectMissing, Objects, StorageFull, open_objects
from exekra.hub.contents.service import Contents
from exekra.hub.core.errors import Unavailable
from exekra.hub.core.settings import Settings
from exekra.hub.work.files import store as files_store
from exekra.sdk.errors import SettingsError


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


BUCKET = "exekra-files"


@pytest.fixture(scope="module")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an S3 server with a bucket."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    log = tmp_path_factory.mktemp("s3") / "log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)], stdout=output, stderr=output
        )
        try:
            limit = time.monotonic() + 120
            while True:
                assert server.poll() is None, log.read_text()
                assert time.monotonic() < limit, log.read_text()
                try:
                    httpx.get(address, timeout=5, trust_env=False)
                    break
                except httpx.TransportError:
                    time.sleep(0.05)
            httpx.put(f"{address}/{BUCKET}", trust_env=False).raise_for_status()
            yield address
        finally:
            server.kill()
            server.wait()


@pytest.fixture
def s3_settings(settings: Settings, s3: str) -> Settings:
    return replace(
        settings,
        file_store=f"s3://{BUCKET}/production",
        file_store_endpoint=s3,
        file_store_key="key",
        file_store_secret="secret",
        request_limit_bytes=64 * 1024,
        sweep_seconds=3600.0,
    )


@pytest.fixture(params=["folder", "s3"])
def objects(request: pytest.FixtureRequest, tmp_path: Path) -> Objects:
    wanted = Settings.load({}, database_url="postgresql://nowhere/x", home=tmp_path)
    if request.param == "s3":
        wanted = replace(
            wanted,
            file_store=f"s3://{BUCKET}/unit",
            file_store_endpoint=request.getfixturevalue("s3"),
            file_store_key="key",
            file_store_secret="secret",
        )
    return open_objects(wanted)


async def test_objects_are_kept_read_and_removed(objects: Objects) -> None:
    data = os.urandom(100_000)
    await objects.put("aa/one/chunk", data)
    assert await objects.get("aa/one/chunk", 10, 90_000) == data[10:90_000]
    assert await objects.names("aa/one") == ["aa/one/chunk"]
    await objects.remove(["aa/one/chunk", "aa/one/never there"])
    assert await objects.names("aa/one") == []
    with pytest.raises(ObjectMissing):
        await objects.get("aa/one/chunk", 0, 1)
    objects.problem = StorageFull("It was full.")
    await objects.check(room=1)
    assert objects.problem is None, "it was tried, and works again"
    assert await objects.names("") == []


@pytest.mark.parametrize(("start", "end"), [(0, 200), (100, 200), (150, 200)])
async def test_an_object_that_lost_its_end_counts_as_missing(objects: Objects, start: int, end: int) -> None:
    await objects.put("aa/two/chunk", b"x" * 100)
    with pytest.raises(ObjectMissing):
        await objects.get("aa/two/chunk", start, end)


async def test_a_hub_keeps_files_in_s3(s3_settings: Settings, clock: TestClock, s3: str) -> None:
    async with serve(s3_settings, clock) as work:
        runner = await sender(work)
        data = os.urandom(150_000)
        id = await runner.send("data.bin", data)
        answer = await work.admin.get(
            f"/api/executions/{runner.execution}/files/{id}", headers={"Range": "bytes=60000-140000"}
        )
        assert answer.content == data[60_000:140_001]
        contents = work.hub.get(Contents)
        assert len(await contents.objects.names("")) == 3
        async with work.hub.database.transaction() as connection:
            await files_store.forget(connection, [UUID(id)])
        clock.ahead = clock.ahead.__class__(days=2)
        await contents.remove_unused()
        assert await contents.objects.names("") == []


async def test_a_storage_that_is_away_is_said_and_tried_again(
    s3_settings: Settings, clock: TestClock, caplog: pytest.LogCaptureFixture
) -> None:
    away = replace(s3_settings, file_store_endpoint=f"http://127.0.0.1:{free_port()}")
    objects = open_objects(away)
    with pytest.raises(Unavailable, match="file storage cannot be used"):
        await objects.put("a/b/c", b"x")
    assert objects.problem is not None
    assert "secret" not in caplog.text


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 1 MB."""
    folder = tmp_path / "small"
    folder.mkdir()
    if shutil.which("mount") is None or os.geteuid() != 0:
        pytest.skip("only root can mount a disk that is small enough to fill")
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder], capture_output=True, check=False)
    if done.returncode:
        pytest.skip("mounting is not allowed here, so there is no small disk to fill")
    yield folder
    subprocess.run(["umount", folder], check=True)


async def test_a_full_disk_is_said(small_disk: Path, tmp_path: Path) -> None:
    objects = open_objects(
        Settings.load({}, database_url="postgresql://nowhere/x", home=tmp_path, file_store=str(small_disk))
    )
    with pytest.raises(StorageFull, match="file storage is full"):
        await objects.put("a/b/c", bytes(2 * 1024 * 1024))


def test_a_storage_that_cannot_be_opened_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    place = str(tmp_path / "file" / "inside")
    with pytest.raises(SettingsError, match="cannot be created"):
        open_objects(Settings.load({}, database_url="postgresql://nowhere/x", home=tmp_path, file_store=place))


async def test_a_panic_of_the_client_counts_as_a_storage_that_is_away(tmp_path: Path) -> None:
    # The settings refuse such an address; this stands for a panic that nobody foresaw.
    store = S3Store(BUCKET, endpoint="http://a b", region="x", access_key_id="key", secret_access_key="secret")
    objects = Objects(store, f"s3://{BUCKET}")
    for attempt in (objects.put("a/b", b"x"), objects.get("a/b", 0, 1), objects.remove(["a/b"]), objects.names("a")):
        with pytest.raises(Unavailable, match="file storage cannot be used"):
            await attempt
