"""What administrators are told of the system, and what they should do."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from at_work import HubAtWork
from fastapi import FastAPI
from signed_in import MakePerson

from exekra.hub.contents.service import Contents
from exekra.hub.core.migrate import newest_revision
from exekra.hub.insight.health.recommendations import recommend
from exekra.hub.insight.health.schemas import System
from exekra.hub.insight.health.system import other_disk

PATH = "/api/system"


async def test_the_system_is_told_as_it_is(work: HubAtWork) -> None:
    await work.publish()
    await work.runner(carry_out=None)
    await work.register()
    for _ in range(3):
        await work.start()
    await work.until((await work.start())["id"], "QUEUED")
    answer = await work.admin.get(PATH)
    assert answer.status_code == 200, answer.text
    system = answer.json()
    assert system["work"] == {
        "queued": 3,
        "underway": 1,
        "runners_online": 0,
        "runners_busy": 1,
        "runners_offline": 1,
    }
    database = system["database"]
    assert database["revision"] == database["newest_revision"] == newest_revision()
    assert database["size_bytes"] > 1_000_000
    assert 0 < database["connections_used"] <= database["connections_most"]
    assert database["embedded"] is False
    assert "execution" in {table["name"] for table in database["tables"]}
    assert [hub["is_this"] for hub in system["hubs"]] == [True]
    assert system["disk"]["free_bytes"] > 0
    assert abs(system["clock"]["database_ahead_seconds"]) < 5
    assert "password" not in answer.text.replace("Passwords", "")


async def test_only_administrators_see_it(person: MakePerson) -> None:
    assert (await (await person("DEVELOPER")).client.get(PATH)).status_code == 403


async def test_a_file_storage_that_cannot_be_used_is_told(app: FastAPI, admin: httpx.AsyncClient) -> None:
    objects = app.state.hub.get(Contents).objects

    async def state(*, room: int = 1) -> tuple[str, list[str], str | None]:
        await objects.check(room=room)
        health = (await admin.get("/api/health")).json()
        return health["status"], health["reasons"], (await admin.get(PATH)).json()["file_problem"]

    assert await state() == ("ok", [], None)
    status, reasons, problem = await state(room=2**62)
    assert (status, reasons) == ("degraded", ["Its file storage is full."]), "anybody may ask: no folder is named"
    assert problem is not None
    assert problem.startswith(f"The Hub's file storage is full ({objects.folder}). Free some space")
    assert await state() == ("ok", [], None)
    shutil.rmtree(objects.folder)
    status, reasons, _ = await state()
    assert (status, reasons) == ("degraded", ["Its file storage cannot be used."])
    objects.folder.mkdir()
    assert await state() == ("ok", [], None)


async def test_the_disk_of_the_files_is_told_where_it_is_another(tmp_path: Path) -> None:
    other = Path("/dev/shm")
    if not other.is_dir() or other.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("this machine has one disk only")
    assert other_disk(tmp_path, tmp_path) is None
    assert other_disk(None, tmp_path) is None
    found = other_disk(other, tmp_path)
    assert found is not None
    assert found.folder == "/dev/shm"


async def test_a_new_hub_is_told_what_it_lacks(admin: httpx.AsyncClient) -> None:
    texts = [one["text"] for one in (await admin.get(PATH)).json()["recommendations"]]
    assert any("No Runner is registered" in text for text in texts)
    assert any("fsync" in text for text in texts), "the tests' PostgreSQL is set to forget"
    assert any("unencrypted" in text for text in texts), "it was asked as hub.test, by HTTP"


def system(**changes: Any) -> System:
    well: dict[str, Any] = {
        "version": "1.0",
        "python": "3.12",
        "platform": "Linux",
        "started_at": datetime.now(UTC),
        "uptime_seconds": 1.0,
        "database": {
            "version": "18.0",
            "latency_ms": 0.3,
            "size_bytes": 1,
            "connections_used": 10,
            "connections_most": 100,
            "pool_used": 1,
            "pool_most": 10,
            "revision": "1",
            "newest_revision": "1",
            "embedded": True,
            "events": 1,
            "executions": 1,
            "tables": [],
        },
        "disk": {"folder": "/data", "total_bytes": 2**40, "free_bytes": 2**39},
        "file_disk": {"folder": "/files", "total_bytes": 2**40, "free_bytes": 2**39},
        "file_problem": None,
        "work": {"queued": 0, "underway": 0, "runners_online": 1, "runners_busy": 0, "runners_offline": 0},
        "hubs": [],
        "clock": {
            "now": datetime.now(UTC),
            "time_zone": "UTC",
            "utc_offset_minutes": 0,
            "database_ahead_seconds": 0.0,
        },
        "address": {"listens_on": "127.0.0.1:4545", "https": True, "secure_cookies": True},
        "retention": {
            "began_at": None,
            "ended_at": None,
            "next_at": datetime.now(UTC),
            "removed_rows": 0,
            "problem": None,
        },
        "runner_versions": ["1.0"],
        "background": [],
        "runner_clocks": [],
        "runner_problems": [],
        "recommendations": [],
    }
    for path, value in changes.items():
        section, _, name = path.partition("__")
        if name:
            well[section] = well[section] | {name: value}
        else:
            well[section] = value
    return System.model_validate(well)


def told(of: System, **more: bool) -> list[tuple[str, str]]:
    usual = {"durable": True, "vacuums": True, "reached_from_afar": False}
    return [(one.severity, one.text) for one in recommend(of, **(usual | more))]


def test_there_is_nothing_to_do_where_all_is_well() -> None:
    assert told(system()) == []


@pytest.mark.parametrize(
    ("changes", "severity", "says"),
    [
        ({"disk__free_bytes": 2**29}, "error", "Only 0.5 GB"),
        ({"disk__free_bytes": 2**31}, "warning", "Only 2.0 GB"),
        ({"file_disk__free_bytes": 2**29}, "error", "Only 0.5 GB are free on the disk that holds /files"),
        ({"file_problem": "The storage is full."}, "error", "The storage is full."),
        ({"database__connections_used": 90}, "warning", "90 of PostgreSQL's 100 connections"),
        ({"database__latency_ms": 50.0}, "warning", "50 ms"),
        ({"clock__database_ahead_seconds": -60.0}, "warning", "60 s apart"),
        ({"address__secure_cookies": False}, "warning", "EXEKRA_SECURE_COOKIES"),
        ({"work__runners_online": 0}, "warning", "No Runner is registered"),
        ({"work__runners_online": 0, "work__runners_offline": 2}, "error", "All Runners are OFFLINE"),
        (
            {"runner_problems": ["Front desk: No memory."]},
            "error",
            "A Runner cannot start executions. Front desk: No memory.",
        ),
        ({"runner_versions": ["0.9", "1.0"]}, "info", "(0.9)"),
    ],
)
def test_each_trouble_is_told(changes: dict[str, Any], severity: str, says: str) -> None:
    [(found, text)] = told(system(**changes))
    assert found == severity
    assert says in text


def test_errors_come_first() -> None:
    found = told(system(runner_versions=["0.9"], disk__free_bytes=2**31), durable=False, vacuums=False)
    assert [severity for severity, _ in found] == ["error", "warning", "warning", "info"]
    assert [text[:9] for _, text in told(system(address__https=False), reached_from_afar=True)] == ["Passwords"]
