"""The route that shows administrators the state of the system."""

from __future__ import annotations

import asyncio
import platform
import shutil
import time
from datetime import datetime
from ipaddress import ip_address
from pathlib import Path

from fastapi import Request

from exekra.hub.contents.service import Contents
from exekra.hub.core.database import Connection
from exekra.hub.core.hub import CurrentHub, Hub
from exekra.hub.core.migrate import newest_revision
from exekra.hub.core.presence import connected_hubs
from exekra.hub.core.unit_of_work import Look
from exekra.hub.insight.health import store
from exekra.hub.insight.health.api import VERSION
from exekra.hub.insight.health.recommendations import recommend
from exekra.hub.insight.health.schemas import (
    AddressState,
    ClockState,
    DatabaseState,
    Disk,
    HubProcess,
    RetentionState,
    RunnerClock,
    System,
    TableSize,
    WorkInBackground,
    WorkState,
)
from exekra.hub.web.access import slice_router
from exekra.hub.web.answers import error_answers
from exekra.hub.work.dispatch.service import Dispatch

router = slice_router("Hub")
MOST_TABLES = 12


@router.get("/api/system", summary="Get the state of the system", responses=error_answers(401, 403))
async def get_system(hub: CurrentHub, connection: Look, request: Request) -> System:
    """The Hub, PostgreSQL, the disk and the clocks, and what an administrator should do."""
    server = await store.server(connection)
    work = await store.work(connection)
    objects = hub.get(Contents).objects
    here = datetime.now().astimezone()
    offset = here.utcoffset()
    system = System(
        version=VERSION,
        python=platform.python_version(),
        platform=platform.platform(terse=True),
        started_at=hub.started_at,
        uptime_seconds=round((hub.clock.now() - hub.started_at).total_seconds(), 1),
        database=await _database(hub, connection, server),
        disk=await asyncio.to_thread(_disk, hub.settings.home),
        file_disk=await asyncio.to_thread(other_disk, objects.folder, hub.settings.home),
        file_problem=None if objects.problem is None else f"{objects.problem.message} {objects.problem.hint}",
        work=WorkState(
            queued=work.queued,
            underway=work.underway,
            runners_online=work.online,
            runners_busy=work.busy,
            runners_offline=work.offline,
        ),
        hubs=[
            HubProcess(**row.as_dict(), is_this=row.id == hub.get(Dispatch).hub_id)
            for row in await connected_hubs(connection)
        ],
        clock=ClockState(
            now=hub.clock.now(),
            time_zone=here.tzname() or "UTC",
            utc_offset_minutes=round(offset.total_seconds() / 60) if offset else 0,
            database_ahead_seconds=round((server.now - hub.clock.now()).total_seconds(), 2),
        ),
        address=AddressState(
            listens_on=f"{hub.settings.host}:{hub.settings.port}",
            https=request.url.scheme == "https",
            secure_cookies=hub.settings.secure_cookies,
        ),
        retention=await _retention(connection),
        runner_versions=work.versions or [],
        runner_problems=work.problems or [],
        runner_clocks=[
            RunnerClock(name=one.runner_name, behind_seconds=round(one.clock.behind_seconds, 1))
            for one in hub.get(Dispatch).connections.all()
            if one.clock.is_large
        ],
        background=[
            WorkInBackground(
                name=state.name,
                restarts=state.restarts,
                failing=state.failing,
                error=state.error,
                failed_at=state.failed_at,
            )
            for state in hub.supervisor.states()
        ],
        recommendations=[],
    )
    system.recommendations = recommend(
        system,
        durable=server.durable,
        vacuums=server.vacuums,
        reached_from_afar=not _is_this_machine(request.url.hostname),
    )
    return system


async def _retention(connection: Connection) -> RetentionState:
    row = await store.retention(connection)
    return RetentionState(
        began_at=row.began_at,
        ended_at=row.ended_at,
        next_at=row.next_at,
        removed_rows=row.rows,
        problem=row.problem,
    )


async def _database(hub: Hub, connection: Connection, server: store.Server) -> DatabaseState:
    began = time.perf_counter()
    await store.answer(connection)
    latency = (time.perf_counter() - began) * 1000
    tables = await store.tables(connection, most=1000)
    rows = {row.name: row.rows for row in tables}
    pool = hub.database.pool
    return DatabaseState(
        version=server.version,
        size_bytes=server.size_bytes,
        connections_used=server.connections_used,
        connections_most=server.connections_most,
        revision=server.revision,
        latency_ms=round(latency, 2),
        pool_used=pool.get_size() - pool.get_idle_size(),
        pool_most=pool.get_max_size(),
        newest_revision=newest_revision(),
        embedded=(hub.settings.home / "postgres" / "data").is_dir(),
        events=rows.get("execution_event"),
        executions=rows.get("execution"),
        tables=[TableSize(**row.as_dict()) for row in tables[:MOST_TABLES]],
    )


def _disk(folder: Path) -> Disk:
    usage = shutil.disk_usage(folder)
    return Disk(folder=str(folder), total_bytes=usage.total, free_bytes=usage.free)


def other_disk(folder: Path | None, home: Path) -> Disk | None:
    """The disk of the folder of files, if it is another one than that of the data folder."""
    try:
        return None if folder is None or folder.stat().st_dev == home.stat().st_dev else _disk(folder)
    except OSError:
        return None  # The file storage has a problem, which is said elsewhere.


def _is_this_machine(host: str | None) -> bool:
    try:
        return host is None or ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
